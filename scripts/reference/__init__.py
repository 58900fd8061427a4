"""The reference of a rendered package, generated/README.md, from its docstrings and the document.

Texts of the document are escaped, types are links to their models, and examples are complete. Nothing here knows a
particular API.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.properties import EnumProperty

from spec.model import Api, Call, Resource

from .docstrings import Entry, Function, Package
from .examples import Examples, finished


def write(folder: Path, environment: Environment, api: Api, parsed: GeneratorData) -> None:
    """Write the reference of a package that was rendered into a folder."""
    reference = Reference(folder, str(environment.globals["package_name"]), api, parsed)
    page = environment.get_template("reference.md.jinja").render(reference=reference)
    (folder / "README.md").write_text(finished(page, reference.origins), "utf-8")


class Method(NamedTuple):
    """A method of the facade, and the operation that it is or is built on."""

    resource: Resource
    function: Function
    call: Call | None

    @property
    def title(self) -> str:
        """The title of its section."""
        return f"{self.resource.name}.{self.function.name}"

    @property
    def is_operation(self) -> bool:
        """Whether it is an operation, and not a helper."""
        return self.call is not None and self.call.name == self.function.name


class Reference:
    """The context of the reference's templates."""

    def __init__(self, folder: Path, name: str, api: Api, parsed: GeneratorData) -> None:
        self._api = api
        self.package = Package(name, folder)
        self.examples = Examples(api)
        self.errors = self.package.errors()
        self.enums = [enum for enum in parsed.enums if isinstance(enum, EnumProperty)]
        named = [values.class_name for values in api.named_values]
        models = [*api.models, *(str(enum.class_info.name) for enum in self.enums)]
        self.linked = {*models, *named, "Response"}
        self.origins = {
            **dict.fromkeys(self.errors, f"{name}.errors"),
            **dict.fromkeys((api.client_name, f"Async{api.client_name}", "bulk", "webhooks", *named), name),
            **dict.fromkeys(models, f"{name}.models"),
            "File": f"{name}.types",
        }
        methods = [method for resource in api.resources for method in self._methods(resource)]
        self.operations = [method for method in methods if method.is_operation]
        self.helpers = [method for method in methods if not method.is_operation]

    def _methods(self, resource: Resource) -> Iterator[Method]:
        functions = self.package.functions(f"resources.{resource.name}.{resource.class_name}")
        calls = {each.follow.name: each for each in resource.operations if each.follow}
        calls |= {each.pages.name: each for each in resource.operations if each.pages}
        waits = [(each, each.wait) for each in resource.operations if each.wait]
        calls |= {name: each for each, wait in waits for name in (wait.method, wait.watch)}
        calls |= {each.name: each for each in resource.operations}
        for name, function in functions.items():
            if not (name.endswith("_detailed") and name.removesuffix("_detailed") in functions):
                yield Method(resource, function, calls.get(name))

    def text(self, text: object) -> str:
        """Escape a text of the document as one paragraph; code spans are kept, HTML and fences are not."""
        spans = re.split(r"(`[^`]+`)", " ".join(str(text or "").split()))
        spans[::2] = [span.replace("<", "&lt;").replace("`", "\\`").replace("~~~", "\\~~~") for span in spans[::2]]
        return re.sub(r"^(\d*)([#>|]|[+*.)-](?= |$))", r"\1\\\2", "".join(spans))

    def cell(self, *texts: object) -> str:
        """Escape texts of the document for a table cell; see `text`."""
        return " ".join(self.text(text) for text in texts if text).replace("|", "\\|")

    def code(self, text: object) -> str:
        """Format a name or a value of the document as a code span, for a table cell too."""
        plain = " ".join(str(text).split()).replace("|", "\\|")
        return f"`` {plain} ``" if "`" in plain else f"`{plain}`"

    def codes(self, texts: list[str]) -> str:
        """Format names as code spans."""
        return ", ".join(self.code(text) for text in texts) or "none"

    def type_of(self, type_string: str) -> str:
        """Format a type for a table cell, with links to the models in it."""
        parts = []
        for part in re.split(r" \| (?![^\[]*\])", type_string):
            name = next((name for name in re.findall(r"\w+", part) if name in self.linked), None)
            parts.append(f"[`{part}`](#{name.lower()})" if name else f"`{part}`")
        return " or ".join(parts).replace(" | ", " \\| ")

    def error(self, name: str) -> str:
        """Format the name of an exception, linked if it is one of the package."""
        return f"[`{name}`](#errors)" if name in self.origins else f"`{name}`"

    def place(self, call: Call | None, argument: Entry) -> str:
        """Describe where an argument is sent."""
        found = [each for each in call.arguments if each.name == argument.name] if call else []
        if found:
            return f"{found[0].place} {self.code(found[0].wire_name)}"
        if argument.name.startswith("extra_"):
            return argument.name.removeprefix("extra_")
        return "body" if call and call.body and argument.name == "body" else "not sent"

    def attributes_of_errors(self) -> list[tuple[Entry, list[str]]]:
        """List the attributes of errors and the classes that have them, without repetition."""
        found: dict[tuple[str, str], tuple[Entry, list[str]]] = {}
        for name in self.errors:
            for entry in self.package.attributes(f"errors.{name}"):
                found.setdefault((entry.name, entry.text), (entry, []))[1].append(name)
        return list(found.values())

    def outcome(self, call: Call, status: str) -> str:
        """Describe what a documented response leads to."""
        if call.wire.responses[status].is_error:
            exact = next((name for name, statuses in self.errors.items() if status in statuses), None)
            if exact or status[0] == "5":
                return f"raises {self.error(exact or 'ServerError')}"
            return f"raises {self.error('ApiError')}, or its subclass for the status"
        kind = next((each.type for each in call.successes if each.suffix == status.lower()), "None")
        return f"returns {self.type_of(kind)}"

    def error_bodies(self) -> list[dict[str, Any]]:
        """List the schemas of error bodies, without repetition."""
        found: dict[str, dict[str, Any]] = {}
        for response in (each for call in self._api.operations.values() for each in call.wire.responses.values()):
            for content in response.content.values() if response.is_error else ():
                schema = self._api.document.resolve(content.get("schema", {}))
                shape = {name: self.json_type(each) for name, each in schema.get("properties", {}).items()}
                if shape:
                    found.setdefault(repr(shape), schema)
        return list(found.values())

    def users_of(self, enum: EnumProperty) -> list[str]:
        """List the attributes of an enum type, as links to their models."""
        return [
            f"[`{name}.{field.name}`](#{name.lower()})"
            for name, model in self._api.models.items()
            for field in model.fields
            if re.search(rf"\b{enum.class_info.name}\b", field.type)
        ]

    def json_type(self, schema: dict[str, Any]) -> str:
        """Describe the JSON type of a raw schema."""
        schema = self._api.document.resolve(schema)
        choices = [*schema.get("oneOf", []), *schema.get("anyOf", [])]
        if choices:
            return " or ".join(self.json_type(choice) for choice in choices)
        if schema.get("type") == "array":
            return f"array of {self.json_type(schema.get('items', {}))}"
        return str(schema.get("type", "any"))
