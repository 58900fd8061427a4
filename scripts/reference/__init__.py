"""The reference of a rendered package, generated/README.md: what its docstrings and the document say, as Markdown.

People read it and copy from it: texts of the document must stay texts, types are links to their models, and examples
are complete. Nothing here knows a particular API.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment
from openapi_python_client import strings
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint, EndpointCollection
from openapi_python_client.parser.properties import EnumProperty

from document import Document

from .docstrings import Entry, Function, Package
from .examples import Examples, formatted


def write(folder: Path, environment: Environment, document: Document, parsed: GeneratorData) -> None:
    """Write the reference of a package that was rendered into a folder."""
    reference = Reference(folder, environment.globals["package_name"], document, parsed)
    page = environment.get_template("reference.md.jinja").render(reference=reference)
    (folder / "README.md").write_text(formatted(page), "utf-8")


class Method(NamedTuple):
    """A method of the facade, the operation that it is made of, and where its arguments are sent."""

    tag: str
    function: Function
    endpoint: Endpoint | None
    places: dict[str, str]

    @property
    def title(self) -> str:
        """What its section is called."""
        return f"{self.tag}.{self.function.name}"

    @property
    def is_operation(self) -> bool:
        """Whether it is an operation itself, and no helper."""
        return self.endpoint is not None and self.endpoint.name == self.function.name


class Answer(NamedTuple):
    """A documented response: its status, what it means, what is in it, and what comes of it."""

    status: str
    description: str
    media_types: list[str]
    returned: str
    raised: dict[str, str]


class Reference:
    """What the templates of the reference ask beside what those of the code do."""

    def __init__(self, folder: Path, name: Any, document: Document, parsed: GeneratorData) -> None:
        self.package = Package(name, folder)
        self.examples = Examples(document, parsed, self.package, name)
        self.errors = list(self.package.errors())
        self.enums = [enum for enum in parsed.enums if isinstance(enum, EnumProperty)]
        named = {*document.models, *(enum.class_info.name for enum in self.enums)}
        self._linked = named | {values.class_name for values in document.named_values} | {"Response"}
        self._document = document
        collections = parsed.endpoint_collections_by_tag.items()
        methods = [method for tag, collection in collections for method in self._methods(tag, collection)]
        self.operations = [method for method in methods if method.is_operation]
        self.helpers = [method for method in methods if not method.is_operation]

    # Texts.

    def text(self, text: object) -> str:
        """Put a text of the document into one paragraph; code spans are kept, HTML and fences mean nothing in it."""
        spans = re.split(r"(`[^`]+`)", _plain(text))
        spans[::2] = [span.replace("<", "&lt;").replace("`", "\\`").replace("~~~", "\\~~~") for span in spans[::2]]
        return re.sub(r"^(\d*)([#>|]|[+*.)-](?= |$))", r"\1\\\2", "".join(spans))

    def cell(self, text: object) -> str:
        """Put a text of the document into a cell of a table; see `text`."""
        return self.text(text).replace("|", "\\|")

    def code(self, text: object) -> str:
        """Put a name or a value of the document into a code span that may stand in a cell."""
        plain = _plain(text).replace("|", "\\|")
        return f"`` {plain} ``" if "`" in plain else f"`{plain}`"

    def type_of(self, type_string: str) -> str:
        """Put a type into a cell, with links to the models in it."""
        parts = []
        for part in re.split(r" \| (?![^\[]*\])", type_string):
            name = next((name for name in re.findall(r"\w+", part) if name in self._linked), None)
            parts.append(f"[`{part}`](#{name.lower()})" if name else f"`{part}`")
        return " or ".join(parts).replace(" | ", " \\| ")

    # The package.

    def _methods(self, tag: Any, collection: EndpointCollection) -> Iterator[Method]:
        functions = self.package.functions(f"resources.{tag}.{strings.ClassName(tag, self._document.prefix)}")
        for name, function in functions.items():
            if name.endswith("_detailed") and name.removesuffix("_detailed") in functions:
                continue
            places = [(endpoint, self._places(endpoint)) for endpoint in collection.endpoints]
            given = {each.name for each in function.arguments} - {"timeout"}
            endpoint, known = max(
                places, key=lambda each: (each[0].name == name, len(given & each[1].keys()), -len(each[1]))
            )
            yield Method(str(tag), function, endpoint if given & known.keys() or endpoint.name == name else None, known)

    def _places(self, endpoint: Endpoint) -> dict[str, str]:
        body = self._document.flat_body(endpoint)
        fields = [*(body.required_properties or []), *(body.optional_properties or [])] if body else []
        properties = {
            "path": endpoint.path_parameters,
            "body": fields,
            "query": endpoint.query_parameters,
            "header": endpoint.header_parameters,
            "cookie": endpoint.cookie_parameters,
        }
        whole = {"body": "body"} if endpoint.bodies and not body else {}
        named = ((str(prop.python_name), place, prop.name) for place, props in properties.items() for prop in props)
        return whole | {argument: f"{place} {self.code(name)}" for argument, place, name in named}

    def example(self, method: Method) -> str:
        """Write the example of a method."""
        return self.examples.of(method.tag, method.function, method.endpoint)

    def attributes_of_errors(self) -> list[tuple[Entry, list[str]]]:
        """List the attributes of errors with the classes that have them, those that mean the same once."""
        found: dict[tuple[str, str], tuple[Entry, list[str]]] = {}
        for error in self.errors:
            for entry in error.attributes:
                found.setdefault((entry.name, entry.text), (entry, []))[1].append(error.name)
        return list(found.values())

    # The document.

    def answers(self, endpoint: Endpoint) -> Iterator[Answer]:
        """Yield the documented responses of an endpoint."""
        types = {each.status_code.pattern: self._document.response_type(each) for each in endpoint.responses}
        for key, raw in self._document.operation(endpoint)["responses"].items():
            response, status = self._document.resolve(raw), str(key)
            returned = types.get(status if status == "default" else status.upper(), "None")
            raised = self._raised(status) if self._document.is_error(endpoint, status) else {}
            yield Answer(status, response.get("description", ""), list(response.get("content", {})), returned, raised)

    def _raised(self, status: str) -> dict[str, str]:
        """Tell what is raised for a status, a range such as `4XX`, or `default`: classes and their statuses."""
        by_name = {error.name: error.statuses for error in self.errors if error.statuses}
        if status.isdecimal():
            exact = [name for name, statuses in by_name.items() if status in statuses.split(", ")]
            general = "ServerError" if int(status) >= HTTPStatus.INTERNAL_SERVER_ERROR else "ApiError"
            return {exact[0] if exact else general: status}
        if status[0] in {"3", "5"}:
            return {"ServerError": "5XX"} if status[0] == "5" else {"ApiError": status}
        return {**by_name, "ApiError": "any other 4XX"} | ({"ServerError": "5XX"} if status == "default" else {})

    def security_of(self, endpoint: Endpoint) -> list[str]:
        """Name the security schemes that an endpoint asks for, any of which will do."""
        security = self._document.operation(endpoint).get("security", self._document.raw.get("security", []))
        return [" and ".join(requirement) for requirement in security if requirement]

    def error_bodies(self) -> list[dict[str, Any]]:
        """List the schemas of the bodies of errors, those of one shape once."""
        found: dict[str, dict[str, Any]] = {}
        for endpoint in (method.endpoint for method in self.operations if method.endpoint):
            for status, response in self._document.operation(endpoint)["responses"].items():
                if not self._document.is_error(endpoint, str(status)):
                    continue
                for content in self._document.resolve(response).get("content", {}).values():
                    schema = self._document.resolve(content.get("schema", {}))
                    shape = {name: self.json_type(each) for name, each in schema.get("properties", {}).items()}
                    if shape:
                        found.setdefault(repr(shape), schema)
        return list(found.values())

    def users_of(self, enum: EnumProperty) -> list[str]:
        """Name the attributes that hold a value of an enum, as links to their models."""
        name = enum.class_info.name
        return [
            f"[`{owner}.{prop.python_name}`](#{owner.lower()})"
            for owner, model in self._document.models.items()
            for prop in [*(model.required_properties or []), *(model.optional_properties or [])]
            if re.search(rf"\b{name}\b", prop.get_type_string().as_unembedded_code())
        ]

    def json_type(self, schema: dict[str, Any]) -> str:
        """Name the type of a raw schema as a reader of JSON would."""
        schema = self._document.resolve(schema)
        choices = [*schema.get("oneOf", []), *schema.get("anyOf", [])]
        if choices:
            return " or ".join(self.json_type(choice) for choice in choices)
        if schema.get("type") == "array":
            return f"array of {self.json_type(schema.get('items', {}))}"
        return str(schema.get("type", "any"))


def _plain(text: object) -> str:
    """Give a text of the document, of which the generator keeps some in objects apart from code, in one line."""
    plain = text.get_untrusted_value() if hasattr(text, "get_untrusted_value") else text
    return " ".join(str(plain or "").split())
