"""What the templates of the reference ask beside what those of the code do.

The reference is Markdown that people read and copy from: texts of the document must stay texts, types are links to
their models, and calls are complete. Nothing here knows a particular API.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, NamedTuple

from openapi_python_client import strings
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.strings import PythonIdentifier

from document import Document, Follower
from samples import Code, Samples

WIDTH = 100
# What errors.py.jinja raises for which status.
RAISED = {
    "BadRequestError": (400, 422),
    "AuthenticationError": (401,),
    "PaymentRequiredError": (402,),
    "PermissionDeniedError": (403,),
    "NotFoundError": (404,),
    "RateLimitError": (429,),
}


class Answer(NamedTuple):
    """A documented response: its status, what it means, what is in it, and the headers that it may have."""

    status: str
    description: str
    media_types: list[str]
    headers: list[str]
    is_error: bool


class Reference:
    """The questions that only the reference asks.

    Args:
        document: The document.
        parsed: What the generator made of it.
        package: The name of the package.
    """

    def __init__(self, document: Document, parsed: GeneratorData, package: str) -> None:
        self._document = document
        self._package = package
        self._samples = Samples(document, package)
        self._collections = parsed.endpoint_collections_by_tag
        self.enums = [enum for enum in parsed.enums if isinstance(enum, EnumProperty)]
        named = {*document.models, *(enum.class_info.name for enum in self.enums)}
        self._linked = named | {values.class_name for values in document.named_values}

    # Texts.

    def text(self, text: object) -> str:
        """Put a text of the document into one paragraph in which it means no more than it says.

        Args:
            text: The text, in Markdown or not.

        Returns:
            The paragraph: code spans and links are kept, HTML and fences are shown rather than obeyed.
        """
        plain = text.get_untrusted_value() if hasattr(text, "get_untrusted_value") else str(text or "")
        spans = re.split(r"(`[^`]+`)", " ".join(plain.split()))
        spans[::2] = [span.replace("<", "&lt;").replace("`", "\\`").replace("~~~", "\\~~~") for span in spans[::2]]
        return re.sub(r"^(\d*)([#>|]|[+*.)-](?= |$))", r"\1\\\2", "".join(spans))

    def cell(self, text: object) -> str:
        """Put a text of the document into a cell of a table; see `text`."""
        return self.text(text).replace("|", "\\|")

    def code(self, text: object) -> str:
        """Put a name or a value of the document into a code span that may stand in a cell."""
        plain = text.get_untrusted_value() if hasattr(text, "get_untrusted_value") else str(text)
        plain = " ".join(plain.split()).replace("|", "\\|")
        return f"`` {plain} ``" if "`" in plain else f"`{plain}`"

    def type_of(self, type_string: str) -> str:
        """Put a type into a cell, with links to the models in it."""
        parts = []
        for part in type_string.split(" | "):
            name = next((name for name in re.findall(r"\w+", part) if name in self._linked), None)
            parts.append(f"[`{part}`](#{name.lower()})" if name else f"`{part}`")
        return " or ".join(parts)

    # Calls.

    def call(
        self, function: str, arguments: Iterable[Code | str], *, indent: int, before: str = "", after: str = ""
    ) -> str:
        """Lay out a call: in one line if it fits, else with a line for each argument.

        Args:
            function: What is called.
            arguments: Its arguments.
            indent: How far the lines are indented, the first one by the template.
            before: What stands before the call in its line.
            after: What stands behind it.

        Returns:
            The code.
        """
        texts = [argument.text if isinstance(argument, Code) else argument for argument in arguments]
        line = f"{before}{function}({', '.join(texts)}){after}"
        if indent + len(line) <= WIDTH:
            return line
        space = " " * indent
        return "\n".join([f"{before}{function}(", *(f"{space}    {text}," for text in texts), f"{space}){after}"])

    def arguments(self, endpoint: Endpoint, *, optional: bool = True, without: str = "") -> list[Code]:
        """Give the arguments of an example.

        Args:
            endpoint: What is called.
            optional: Whether to give those too that may be left out and that the document has examples of.
            without: Name of an argument to leave out in any case.

        Returns:
            The arguments as they stand in a call.
        """
        arguments = self._samples.arguments(endpoint, optional=optional)
        return [each for each in arguments if not each.text.startswith(f"{without or None}=")]

    def imports(self, *names: str, arguments: Iterable[Code] = ()) -> str:
        """Write the imports of an example.

        Args:
            *names: What it needs: `module`, or `module:name`; a module that begins with a dot is in the package.
            arguments: The arguments in it, which may need more.

        Returns:
            The lines, sorted and in groups as ruff wants them.
        """
        wanted: dict[str, set[str]] = {}
        for name in (*names, *(need for argument in arguments for need in argument.needs)):
            module, _, inner = name.partition(":")
            module = f"{self._package}{module.rstrip('.')}" if module.startswith(".") else module
            wanted.setdefault(module, set()).update({inner} - {""})
        lines = [
            f"from {module} import {', '.join(sorted(inner))}" if inner else f"import {module}"
            for module, inner in wanted.items()
        ]
        ours = [line for line in lines if line.split()[1].partition(".")[0] not in sys.stdlib_module_names]
        groups = (sorted(set(lines) - set(ours)), sorted(ours))
        return "\n\n".join(
            "\n".join(sorted(group, key=lambda line: line.startswith("from "))) for group in groups if group
        )

    def literal(self, value: Any, before: str = "", depth: int = 0) -> str:
        """Write a value of the types of JSON as Python code: in one line if it fits, else with a line for each part.

        Args:
            value: The value.
            before: What stands before it in its line.
            depth: How many values are around it.

        Returns:
            The code, with what stands before it.
        """
        line = before + _in_one_line(value)
        if not isinstance(value, (dict, list)) or 4 * depth + len(line) < WIDTH:
            return line
        named = value.items() if isinstance(value, dict) else ((None, each) for each in value)
        parts = [self.literal(each, "" if key is None else f"{_in_one_line(key)}: ", depth + 1) for key, each in named]
        opened, closed = "{}" if isinstance(value, dict) else "[]"
        space = " " * 4 * depth
        return "\n".join([f"{before}{opened}", *(f"{space}    {part}," for part in parts), f"{space}{closed}"])

    def stand_in(self) -> tuple[PythonIdentifier, Endpoint] | None:
        """Choose the operation for the examples of tests: one that answers a model, and changes nothing if possible."""
        answering = [
            (tag, endpoint)
            for tag, collection in self._collections.items()
            for endpoint in collection.endpoints
            if self._document.return_type(endpoint) in self._document.models
        ]
        return min(answering, key=lambda each: each[1].method != "get", default=None)

    def first_job(self) -> tuple[PythonIdentifier, Endpoint, Follower, ModelProperty] | None:
        """Choose the operation for the very first example: one that begins a job which leads to files."""
        for tag, collection in self._collections.items():
            for model in self._document.downloads(collection):
                for endpoint in collection.endpoints:
                    for follower in self._document.followers(endpoint, collection):
                        if self._document.return_type(follower.endpoint) == model.class_info.name:
                            return tag, endpoint, follower, model
        return None

    def answering(self, tag: PythonIdentifier, model: ModelProperty) -> Endpoint:
        """Find an operation of a tag that answers a model, one that changes nothing if possible."""
        name = model.class_info.name
        found = [each for each in self._collections[tag].endpoints if self._document.return_type(each) == name]
        return min(found, key=lambda each: each.method != "get")

    # Facts.

    def answers(self, endpoint: Endpoint) -> Iterator[Answer]:
        """Yield the documented responses of an endpoint."""
        for status, raw in self._document.operation(endpoint)["responses"].items():
            response = self._document.resolve(raw)
            yield Answer(
                str(status),
                response.get("description", ""),
                list(response.get("content", {})),
                list(response.get("headers", {})),
                self._document.is_error(endpoint, str(status)),
            )

    def returned(self, endpoint: Endpoint, status: str) -> str:
        """Give the type that a documented success is parsed into; none for what the generator is about to refuse."""
        types = {each.status_code.pattern: self._document.response_type(each) for each in endpoint.responses}
        return types.get(status if status == "default" else status.upper(), "None")

    def security_of(self, endpoint: Endpoint) -> list[str]:
        """Name the security schemes that an endpoint asks for, any of which will do."""
        security = self._document.operation(endpoint).get("security", self._document.raw.get("security", []))
        return [" and ".join(requirement) for requirement in security if requirement]

    def request_types(self, endpoint: Endpoint) -> list[str]:
        """List the media types in which an endpoint's body can be sent."""
        return [body.content_type.get_untrusted_value() for body in endpoint.bodies]

    def raised(self, status: str) -> dict[str, str]:
        """Tell what is raised for a documented status.

        Args:
            status: The status: a number, a range such as `4XX`, or `default`.

        Returns:
            The classes, each with the statuses that it is for; `ApiError` and `ServerError` come last, for all others.
        """
        if status.isdecimal():
            return {_raised(int(status)): status}
        known = {name: ", ".join(map(str, codes)) for name, codes in RAISED.items()}
        others = {"ServerError": "5XX"}
        if status[0] in {"3", "5"}:
            return others if status[0] == "5" else {"ApiError": status}
        return {**known, "ApiError": "any other 4XX"} | (others if status == "default" else {})

    def error_bodies(self) -> list[dict[str, Any]]:
        """List the schemas of the bodies of errors, those of one shape once."""
        found: dict[str, dict[str, Any]] = {}
        for endpoint in (each for collection in self._collections.values() for each in collection.endpoints):
            for status, response in self._document.operation(endpoint)["responses"].items():
                if not self._document.is_error(endpoint, str(status)):
                    continue
                for content in self._document.resolve(response).get("content", {}).values():
                    schema = self._document.resolve(content.get("schema", {}))
                    shape = {name: self.json_type(each) for name, each in schema.get("properties", {}).items()}
                    if shape:
                        found.setdefault(repr(shape), schema)
        return list(found.values())

    def sent_by_server(self, model: ModelProperty) -> Any:
        """Give an example of what a model is read from."""
        return self._samples.sent(model.data.model_dump(mode="json", by_alias=True, exclude_unset=True))

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


def _raised(status: int) -> str:
    known = [name for name, statuses in RAISED.items() if status in statuses]
    others = "ServerError" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "ApiError"
    return known[0] if known else others


def _in_one_line(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_in_one_line(key)}: {_in_one_line(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_in_one_line, value))}]"
    return f'"{strings.in_double_quote_literal(value)}"' if isinstance(value, str) else repr(value)
