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
from typing import NamedTuple

from openapi_python_client import strings

from spec.model import Api, Call, Resource
from spec.samples import sample

from .docstrings import Function
from .samples import Code, Samples

BLOCK = re.compile(r"^```(pyi|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Program(NamedTuple):
    """What stands in an example: code, and what it needs to be imported."""

    text: str
    needs: frozenset[str]


class Examples:
    """Writes the examples for a package."""

    def __init__(self, api: Api, package: str) -> None:
        self._api = api
        self._name = package
        self._samples = Samples(api, package)
        self._client = strings.PythonIdentifier(api.client_name, "field_")

    def program(self, body: str, needs: Iterable[str], *, asynchronous: bool = False) -> str:
        """Write a program: its imports, a client, and what is done with it."""
        client, prefix = self._api.client_name, "Async" if asynchronous else ""
        lines = self.imports([f"{self._name}:{prefix}{client}", *needs, *(["asyncio"] if asynchronous else [])])
        opened = f"with {prefix}{client}() as {self._client}:\n{indent(body, '    ')}\n"
        if not asynchronous:
            return f"{lines}\n{opened}"
        return f"{lines}\nasync def main() -> None:\n{indent(f'async {opened}', '    ')}\nasyncio.run(main())\n"

    def imports(self, needs: Iterable[str]) -> str:
        """Write the imports of a program: of `module`, or of `module:name`."""
        names = (need.partition(":") for need in sorted(set(needs)))
        return "\n".join(f"from {module} import {name}" if name else f"import {module}" for module, _, name in names)

    def of(self, resource: Resource, function: Function, call: Call | None) -> str:
        """Write the example of a method: one call, on a job of its own where it is about one."""
        # A body that cannot be divided is an argument of the method that waits for its job too.
        call = call or next(
            (each for each in resource.operations if each.follow and each.follow.name == function.name), None
        )
        samples = self._samples.arguments(call, optional=call.name == function.name) if call else {}
        setup = Program("", frozenset())
        codes: list[str] = []
        needs: set[str] = set()
        if named := self._job(resource, {each.name for each in function.arguments}):
            setup, known = named
            samples |= known
        for each in function.arguments:
            code = samples.get(each.name)
            if code is None and each.required:
                code = Code('"out"')
                if model := next((name for name in self._api.models if name in each.type), ""):
                    setup, code = self._finished(resource, model), Code("job")
            if code:
                codes.append(f"{each.name}={code.text}" if each.by_keyword else code.text)
                needs |= code.needs
        text = f"{self._client}.{resource.name}.{function.name}({', '.join(codes)})"
        if function.returns.startswith(("list[", "Iterator[")):
            text = f"for each in {text}:\n    print(each)"
        elif function.returns != "None":
            text = f"print({text})"
        return self.program(f"job = {setup.text}\n{text}" if setup.text else text, needs | setup.needs)

    def call(self, call: Call, method: str = "") -> Program:
        """Write a call with what must be given."""
        arguments = self._samples.arguments(call, optional=False)
        positional = [each.name for each in call.path_arguments]
        codes = [arguments[name].text for name in positional]
        codes += [f"{name}={code.text}" for name, code in arguments.items() if name not in positional]
        needs = frozenset(need for code in arguments.values() for need in code.needs)
        return Program(f"{self._client}.{call.tag}.{method or call.name}({', '.join(codes)})", needs)

    def _job(self, resource: Resource, names: set[str]) -> tuple[Program, dict[str, Code]] | None:
        """Write the call that begins a job, if some arguments name one, with the values of those arguments."""
        for call in resource.operations:
            for target in resource.operations:
                if call.follow and target.wait == call.follow.wait:
                    pairs = zip(target.path_arguments, call.follow.values, strict=True)
                    named = {each.name: Code(value) for each, value in pairs if value.startswith("job.")}
                    return (self.call(call), named) if names & named.keys() else None
        return None

    def _finished(self, resource: Resource, model: str) -> Program:
        """Write the call that answers a model; of a job, one that waits for its end."""
        answering = [each for each in resource.operations if each.return_type == model]
        for call in answering:
            if call.follow:
                return self.call(call, call.follow.name)
        return self.call(min(answering, key=lambda each: each.wire.method != "get"))

    def first(self) -> tuple[Program, str] | None:
        """Write the call of the first example, with the method that saves what comes of it, if there is one."""
        for resource in self._api.resources:
            for download in resource.downloads:
                if any(each.follow and each.return_type == download.model for each in resource.operations):
                    return self._finished(resource, download.model), f"{self._client}.{resource.name}.{download.name}"
        subject = self.stand_in()
        return (self.call(subject), "") if subject else None

    def stand_in(self) -> Call | None:
        """Choose the operation for the examples of tests: one that answers a model, and changes nothing if possible."""
        answering = [each for each in self._api.operations.values() if each.return_type in self._api.models]
        return min(answering, key=lambda each: each.wire.method != "get", default=None)

    def sent_by_server(self, model: str) -> str:
        """Write an example of what a model is read from."""
        return repr(sample(self._api.document, self._api.models[model].raw))


def tidied(page: str) -> str:
    """Leave one blank line between the parts of a page, sort the imports of its examples, and format them."""
    page = re.sub(r"\n{3,}", "\n\n", page).rstrip("\n") + "\n"
    with TemporaryDirectory() as folder:
        for number, block in enumerate(BLOCK.finditer(page)):
            Path(folder, f"{number}.{block[1].removesuffix('thon')}").write_text(block[2], "utf-8")
        options = ["--isolated", "--no-cache", "--quiet", "--line-length=100", folder]
        for command in (["check", "--fix", "--select=I"], ["format"]):
            subprocess.run([sys.executable, "-m", "ruff", *command, *options], check=True)
        texts = {path.stem: path.read_text("utf-8") for path in Path(folder).iterdir()}
    numbers = iter(range(len(texts)))
    return BLOCK.sub(lambda block: f"```{block[1]}\n{texts[str(next(numbers))]}```", page)
