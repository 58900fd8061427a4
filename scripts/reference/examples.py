"""The examples of the reference.

They are generated without imports and unformatted: `finished` adds the imports, and ruff formats the code.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser.errors import PropertyError
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty

from spec.bulk import Bulk
from spec.model import Api, Argument, Call, Resource
from spec.samples import sample

from .docstrings import Function

BLOCK = re.compile(r"^```(pyi|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Modules, and names with their modules, that an example may need.
STANDARD = {"asyncio": "", "datetime": "", "httpx": "", "json": "", "pytest": "", "BytesIO": "io", "UUID": "uuid"}


class Examples:
    """Generates calls of the methods of a package."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._client = strings.PythonIdentifier(api.client_name, "field_")

    def of(self, resource: Resource, function: Function, call: Call | None) -> str:
        """Generate the example of a method: one call, on a job submitted first if it needs one."""
        setup, job = self._job(resource, {each.name for each in function.arguments})
        samples = (self._arguments(call, optional=call.name == function.name) if call else {}) | job
        codes: list[str] = []
        for each in function.arguments:
            code = samples.get(each.name)
            if code is None and each.required:
                model = next((name for name in self._api.models if name in each.type), None)
                setup, code = (self._finished(resource, model), "job") if model else (setup, '"out"')
            if code:
                codes.append(f"{each.name}={code}" if each.by_keyword else code)
        text = f"{self._client}.{resource.name}.{function.name}({', '.join(codes)})"
        if function.returns.startswith(("list[", "Iterator[")):
            text = f"for each in {text}:\n    print(each)"
        elif function.returns != "None":
            text = f"print({text})"
        return f"job = {setup}\n{text}" if setup else text

    def call(self, call: Call, method: str = "") -> str:
        """Generate a call with the required arguments."""
        positional = [each.name for each in call.path_arguments]
        arguments = self._arguments(call, optional=False).items()
        codes = [code if name in positional else f"{name}={code}" for name, code in arguments]
        return f"{self._client}.{call.tag}.{method or call.name}({', '.join(codes)})"

    def first(self) -> tuple[str, str] | None:
        """Generate the first example's call, and the method that saves its result, if there is one."""
        for resource in self._api.resources:
            for download in resource.downloads:
                if any(each.follow and each.return_type == download.model for each in resource.operations):
                    return self._finished(resource, download.model), f"{self._client}.{resource.name}.{download.name}"
        subject = self.stand_in()
        return (self.call(subject), "") if subject else None

    def stand_in(self) -> Call | None:
        """Choose the operation for the test examples: one that returns a model, and preferably a GET."""
        answering = [each for each in self._api.operations.values() if each.return_type in self._api.models]
        return min(answering, key=lambda each: each.wire.method != "get", default=None)

    def scope(self, bulk: Bulk) -> str:
        """Generate the scope of a bulk run."""
        return self._arguments(bulk.submit, optional=False)[bulk.scope.name]

    def row(self, bulk: Bulk) -> str:
        """Generate a row of a bulk run."""
        given = self._arguments(bulk.submit, optional=False).items()
        return "{" + ", ".join(f"{name!r}: {code}" for name, code in given if name != bulk.scope.name) + "}"

    def sent_by_server(self, model: str) -> str:
        """Generate the JSON of a model."""
        return repr(sample(self._api.document, self._api.models[model].raw))

    def _job(self, resource: Resource, names: set[str]) -> tuple[str, dict[str, str]]:
        """Generate the call that submits a job, if some arguments identify one, with the values of those."""
        for call in resource.operations:
            if follow := call.follow:
                pairs = zip(follow.target.path_arguments, follow.values, strict=True)
                named = {each.name: value for each, value in pairs if value.startswith("job.")}
                return (self.call(call), named) if names & named.keys() else ("", {})
        return "", {}

    def _finished(self, resource: Resource, model: str) -> str:
        """Generate a call that returns a model; for a job, one that waits for it."""
        answering = [each for each in resource.operations if each.return_type == model]
        for call in answering:
            if call.follow:
                return self.call(call, call.follow.name)
        return self.call(min(answering, key=lambda each: each.wire.method != "get"))

    def _arguments(self, call: Call, *, optional: bool) -> dict[str, str]:
        """Generate the arguments of a call: the required ones, or all that the document has examples of."""
        given = {each.name: self._argument(call, each, optional=optional) for each in call.arguments}
        if call.body and call.body.required and not call.body_arguments and call.wire.request_body:
            schema = next(iter(call.wire.request_body.content.values())).get("schema", {})
            given["body"] = code_of(call.body.variants[0].prop, sample(self._api.document, schema))
        return {name: code for name, code in given.items() if code}

    def _argument(self, call: Call, argument: Argument, *, optional: bool) -> str:
        for values in self._api.named_values:
            if values.class_name == argument.named:
                return f"{argument.named}.{values.members[0].name}"
        # The service must not send anything to an address that is only an example.
        address = f"$request.body#/{argument.wire_name}" in str(call.wire.raw.get("callbacks", {}))
        if not argument.required and (not optional or not argument.examples or address):
            return ""
        value = argument.examples[0] if argument.examples else sample(self._api.document, argument.schema)
        return code_of(argument.prop, json.loads(json.dumps(value, default=str)))


def code_of(prop: PropertyProtocol, value: Any) -> str:
    """Generate the code of a value of a type."""
    if isinstance(prop, FileProperty):
        return 'File(BytesIO(b"..."))'
    if isinstance(prop, ListProperty):
        return f"[{', '.join(code_of(prop.inner_property, item) for item in value)}]"
    if isinstance(prop, ModelProperty):
        return f"{prop.class_info.name}.from_dict({value!r})"
    if isinstance(prop, UnionProperty):
        fitting = (each for each in prop.inner_properties if fits(each, value))
        return next((code_of(each, value) for each in fitting), repr(value))
    converted = prop.convert_value(value)
    if isinstance(prop, StringProperty) or isinstance(value, int) or not converted or not fits(prop, value):
        return repr(value)
    return str(converted.python_code.as_unembedded_code())  # type: ignore[union-attr] # no error, since it fits


def fits(prop: PropertyProtocol, value: Any) -> bool:
    """Return whether a value is of a type."""
    if isinstance(value, dict):
        return isinstance(prop, ModelProperty)
    return not isinstance(prop.convert_value(value), PropertyError)


def finished(page: str, origins: Mapping[str, str]) -> str:
    """Normalise the blank lines of a page, add the imports of its examples from the `origins`, and format them."""
    page = re.sub(r"\n{3,}", "\n\n", page).rstrip("\n") + "\n"
    with TemporaryDirectory() as folder:
        for number, block in enumerate(BLOCK.finditer(page)):
            text = block[2] if block[1] == "pyi" else imports(block[2], STANDARD | dict(origins)) + block[2]
            Path(folder, f"{number}.{block[1].removesuffix('thon')}").write_text(text, "utf-8")
        options = ["--isolated", "--no-cache", "--quiet", "--line-length=100", folder]
        for command in (["check", "--fix", "--select=I"], ["format"]):
            subprocess.run([sys.executable, "-m", "ruff", *command, *options], check=True)
        texts = {path.stem: path.read_text("utf-8") for path in Path(folder).iterdir()}
    numbers = iter(range(len(texts)))
    return BLOCK.sub(lambda block: f"```{block[1]}\n{texts[str(next(numbers))]}```", page)


def imports(code: str, origins: Mapping[str, str]) -> str:
    """Generate the imports of the names that a piece of code uses."""
    names = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    lines = {name: f"from {origins[name]} import {name}" if origins[name] else f"import {name}" for name in origins}
    return "".join(f"{lines[name]}\n" for name in sorted(names & lines.keys())) + "\n"
