"""The programs of the reference, one for each method; all of them run as they stand.

They are written without care for their layout: ruff sorts their imports and formats them, as it does with all code.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent
from typing import Any, NamedTuple

from openapi_python_client import strings
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty

from document import Document

from .docstrings import Function, Package
from .samples import Code, Samples

BLOCK = re.compile(r"^```(py|pyi|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Job(NamedTuple):
    """A job that an example begins: what makes it, and the arguments by which other methods name it."""

    endpoint: Endpoint
    method: str
    arguments: dict[str, str]


class Examples:
    """Writes the examples for one package.

    Args:
        document: The document of the package.
        parsed: What the generator made of it.
        package: The package.
        name: Its name.
    """

    def __init__(self, document: Document, parsed: GeneratorData, package: Package, name: str) -> None:
        self._document = document
        self._collections = parsed.endpoint_collections_by_tag
        self._package = package
        self._name = name
        self._samples = Samples(document, name)
        self._client = strings.PythonIdentifier(document.client_name, document.prefix)

    def program(self, body: str, needs: Iterable[str], *, asynchronous: bool = False) -> str:
        """Write a program: its imports, a client, and what is done with it."""
        client, prefix = self._document.client_name, "Async" if asynchronous else ""
        lines = self.imports([f"{self._name}:{prefix}{client}", *needs, *(["asyncio"] if asynchronous else [])])
        opened = f"with {prefix}{client}() as {self._client}:\n{indent(body, '    ')}\n"
        if not asynchronous:
            return f"{lines}\n{opened}"
        main = indent(f"async {opened}", "    ")
        return f"{lines}\nasync def main() -> None:\n{main}\nasyncio.run(main())\n"

    def imports(self, needs: Iterable[str]) -> str:
        """Write the imports of a program: of `module`, or of `module:name`."""
        names = (need.partition(":") for need in sorted(set(needs)))
        return "\n".join(f"from {module} import {name}" if name else f"import {module}" for module, _, name in names)

    def of(self, tag: str, function: Function, endpoint: Endpoint | None) -> str:
        """Write the example of a method: one call, on a job of its own where it is about one."""
        setup, arguments, needs = self._arguments(tag, function, endpoint)
        call = f"{self._client}.{tag}.{function.name}({', '.join(arguments)})"
        if function.returns.startswith(("list[", "Iterator[")):
            done = f"for each in {call}:\n    print(each)"
        else:
            done = call if function.returns == "None" else f"print({call})"
        return self.program(f"{setup}{done}", needs)

    def _arguments(self, tag: str, function: Function, endpoint: Endpoint | None) -> tuple[str, list[str], set[str]]:
        is_operation = endpoint is not None and endpoint.name == function.name
        samples = self._samples.arguments(endpoint, optional=is_operation) if endpoint else {}
        job = self._job(tag)
        named = job.arguments if job and {each.name for each in function.arguments} & job.arguments.keys() else {}
        codes: list[str] = []
        setup, needs = self.call(tag, job.endpoint) if job and named else ("", set())
        for each in function.arguments:
            code = Code(named[each.name]) if each.name in named else samples.get(each.name)
            if code is None and each.required:
                code = Code('"out"')
                if model := next((name for name in self._document.models if name in each.type), None):
                    code, (setup, needs) = Code("job"), self._finished(tag, model, job)
            if code:
                codes.append(f"{each.name}={code.text}" if each.by_keyword else code.text)
                needs |= code.needs
        return f"job = {setup}\n" if setup else "", codes, needs

    def call(self, tag: str, endpoint: Endpoint, method: str = "") -> tuple[str, set[str]]:
        """Write a call with what must be given; give it with what it needs."""
        arguments = self._samples.arguments(endpoint, optional=False)
        positional = {prop.python_name for prop in endpoint.path_parameters}
        codes = [code.text if name in positional else f"{name}={code.text}" for name, code in arguments.items()]
        needs = {need for code in arguments.values() for need in code.needs}
        return f"{self._client}.{tag}.{method or endpoint.name}({', '.join(codes)})", needs

    def _finished(self, tag: str, model: str, job: Job | None) -> tuple[str, set[str]]:
        """Write the call that answers a model; of a job, one that waits for its end."""
        if job and self._document.return_type(job.endpoint) == model:
            return self.call(tag, job.endpoint, job.method)
        return self.call(tag, self._answering(tag, model))

    def _answering(self, tag: Any, model: str) -> Endpoint:
        found = [each for each in self._collections[tag].endpoints if self._document.return_type(each) == model]
        return min(found, key=lambda each: each.method != "get")

    def _job(self, tag: Any) -> Job | None:
        for endpoint in self._collections[tag].endpoints:
            for follower in self._document.followers(endpoint, self._collections[tag]):
                method = strings.PythonIdentifier(follower.rule["method"], self._document.prefix)
                named = {name: code for name, code in follower.arguments.items() if code.startswith("job.")}
                return Job(endpoint, f"{endpoint.name}_and_{method}", named)
        return None

    def first(self) -> tuple[str, str, set[str]] | None:
        """Choose the call of the first example, with its tag and its needs: one that leads to files, else any."""
        for tag, collection in self._collections.items():
            if self._document.downloads(collection) and (job := self._job(tag)):
                return (tag, *self.call(tag, job.endpoint, job.method))
        subject = self.stand_in()
        return (subject[0], *self.call(*subject)) if subject else None

    def stand_in(self) -> tuple[str, Endpoint] | None:
        """Choose the operation for the examples of tests: one that answers a model, and changes nothing if possible."""
        answering = [
            (str(tag), endpoint)
            for tag, collection in self._collections.items()
            for endpoint in collection.endpoints
            if self._document.return_type(endpoint) in self._document.models
        ]
        return min(answering, key=lambda each: each[1].method != "get", default=None)

    def sent_by_server(self, model: ModelProperty) -> str:
        """Write an example of what a model is read from."""
        return repr(self._samples.sent(model.data.model_dump(mode="json", by_alias=True, exclude_unset=True)))


def formatted(page: str) -> str:
    """Tidy a page: leave one blank line between its parts, sort the imports of its examples, and format them."""
    page = re.sub(r"\n{3,}", "\n\n", page).rstrip("\n") + "\n"
    with TemporaryDirectory() as folder:
        for number, block in enumerate(BLOCK.finditer(page)):
            Path(folder, f"{number}.{block[1].removesuffix('thon')}").write_text(block[2], "utf-8")
        ruff = [sys.executable, "-m", "ruff"]
        options = ["--isolated", "--no-cache", "--quiet", "--line-length=100", folder]
        for command in (["check", "--fix", "--select=I"], ["format"]):
            subprocess.run([*ruff, *command, *options], check=True)
        texts = {path.stem: path.read_text("utf-8") for path in Path(folder).iterdir()}
    numbers = iter(range(len(texts)))
    return BLOCK.sub(lambda block: f"```{block[1]}\n{texts[str(next(numbers))]}```", page)
