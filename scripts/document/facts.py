"""What a document says of servers, security, parameters and limits."""

import builtins
import copy
import re
from typing import Any, NamedTuple

from openapi_python_client import strings
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty, Property

from .loading import DocumentError, is_error, mappings_in, operations_of, server_url

LIMITS = (
    "multipleOf",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
)

# The formats that can be checked before a request is sent, and the type that each is one of.
FORMATS = {"int32": "integer", "int64": "integer", "uri": "string"}


class Security(NamedTuple):
    """How requests prove who sends them: the header, what precedes the token in it, and the token's variable."""

    header: str
    prefix: str
    env: str
    description: str


class Facts:
    """What the document says, by itself.

    Args:
        raw: The document as plain dicts and lists.
        prefix: What the generator puts before names that are no Python identifiers.
    """

    def __init__(self, raw: dict[str, Any], prefix: str = "field_") -> None:
        self.raw = raw
        self.prefix = prefix
        self.title: str = raw["info"]["title"]
        self.client_name = strings.ClassName(self.title, prefix)
        if hasattr(builtins, f"{self.client_name}Error"):
            raise DocumentError(
                f"info/title: the errors of {self.title!r} would be called like Python's own; take another"
            )
        self.env_prefix = strings.snake_case(self.title).upper()
        server = (raw.get("servers") or [{}])[0]
        self.server_url: str = server_url(server)
        self.server_env: str = server.get("x-env", f"{self.env_prefix}_BASE_URL")
        self.security = self._security()
        self.models: dict[str, ModelProperty] = {}

    def for_parser(self) -> dict[str, Any]:
        """Give the document reduced to what becomes code.

        Errors are raised, not parsed into models, so their bodies are left out; an unknown media type in one of them
        is then no reason to fail.

        Returns:
            A copy of the document.
        """
        document: dict[str, Any] = copy.deepcopy(self.raw)
        for operation in operations_of(document):
            for status, response in operation.get("responses", {}).items():
                if is_error(str(status), operation["responses"]):
                    operation["responses"][status] = {"description": self.resolve(response).get("description", "")}
        normalise_schemas(document)
        return document

    def resolve(self, node: Any) -> Any:
        """Follow a `$ref` within the document, if the node is one.

        Args:
            node: Any part of the document.

        Returns:
            The part that is meant.

        Raises:
            DocumentError: The reference leads nowhere.
        """
        seen: list[str] = []
        while isinstance(node, dict) and "$ref" in node:
            ref = node["$ref"]
            if ref in seen:
                raise DocumentError(f"$ref {ref!r} leads back to itself")
            seen.append(ref)
            node = self._look_up(ref)
        return node

    def _look_up(self, ref: str) -> Any:
        node: Any = self.raw
        for part in ref.removeprefix("#/").split("/"):
            try:
                node = node[part.replace("~1", "/").replace("~0", "~")]
            except (KeyError, TypeError, IndexError):
                raise DocumentError(f"$ref {ref!r} names nothing in the document") from None
        return node

    def operation(self, endpoint: Endpoint) -> dict[str, Any]:
        """Find the raw operation of an endpoint.

        Args:
            endpoint: What the generator made of the operation.

        Returns:
            The operation object, path-level parameters included.
        """
        braces = re.compile(r"{[^}]*}")
        for path, item in self.raw["paths"].items():
            operation = item.get(endpoint.method)
            if operation is None or braces.sub("{}", path) != braces.sub("{}", endpoint.path.get_untrusted_value()):
                continue
            parameters = [*operation.get("parameters", []), *item.get("parameters", [])]
            return {**operation, "parameters": [self.resolve(each) for each in parameters]}
        raise DocumentError(f"no operation {endpoint.method.upper()} {endpoint.path.get_untrusted_value()}")

    def parameter(self, endpoint: Endpoint, prop: Property) -> dict[str, Any]:
        """Find the raw parameter behind an argument of an endpoint.

        Args:
            endpoint: The endpoint.
            prop: The argument.

        Returns:
            The parameter object; empty if there is none.
        """
        for parameter in self.operation(endpoint)["parameters"]:
            if prop.name == parameter["name"]:
                return dict(parameter)
        return {}

    def parameter_schema(self, endpoint: Endpoint, prop: Property) -> dict[str, Any]:
        """Give the raw schema of an argument of an endpoint."""
        return dict(self.resolve(self.parameter(endpoint, prop).get("schema", {})))

    def property_schema(self, model: ModelProperty, prop: Property) -> dict[str, Any]:
        """Give the raw schema of a property of a model, its own or an inherited one."""
        dumped = model.data.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return dict(self.resolve(self._find_property(dumped, prop.name.get_untrusted_value())))

    def parameter_limits(self, endpoint: Endpoint, prop: Property) -> dict[str, Any]:
        """Give the constraints on an argument of an endpoint; see `limits`."""
        return self.limits(self.parameter_schema(endpoint, prop))

    def property_limits(self, model: ModelProperty, prop: Property) -> dict[str, Any]:
        """Give the constraints on a property of a model; see `limits`."""
        return self.limits(self.property_schema(model, prop))

    def _find_property(self, schema: dict[str, Any], name: str) -> dict[str, Any]:
        if name in schema.get("properties", {}):
            return dict(schema["properties"][name])
        for part in schema.get("allOf", []):
            if found := self._find_property(self.resolve(part), name):
                return found
        return {}

    def limits(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Give the constraints of a schema that can be checked before a request is sent.

        Args:
            schema: The schema, or a reference to one.

        Returns:
            The value of each constraint by its keyword, exclusive bounds as numbers.
        """
        schema = self.resolve(schema)
        found = {key: schema[key] for key in LIMITS if schema.get(key) is not None}
        if not _compiles(found.get("pattern", "")):
            del found["pattern"]
        if schema.get("format") in FORMATS and schema.get("type") == FORMATS[schema["format"]]:
            found["format"] = schema["format"]
        for key, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if found.get(key) is True:
                found[key] = found.pop(inclusive)
            elif found.get(key) is False:
                del found[key]
        return {key: int(v) if isinstance(v, float) and v.is_integer() else v for key, v in found.items()}

    def error_message_names(self) -> list[str]:
        """Name the properties of error bodies that may hold the message for people, the likeliest first."""
        named = {
            schema["x-error-message"]
            for schema in mappings_in(self.raw)
            if isinstance(schema.get("x-error-message"), str) and "properties" in schema
        }
        return sorted(named) or ["message", "detail", "title", "error"]

    def media_types(self, operation: dict[str, Any]) -> list[str]:
        """List the media types in which an operation's successes come."""
        found: dict[str, None] = {}
        for status, response in operation.get("responses", {}).items():
            if not is_error(str(status), operation["responses"]):
                found.update(dict.fromkeys(self.resolve(response).get("content", {})))
        return list(found)

    def is_error(self, endpoint: Endpoint, status: str) -> bool:
        """Tell whether a documented response of an endpoint is one of error."""
        return is_error(status, self.operation(endpoint)["responses"])

    def path(self, endpoint: Endpoint) -> str:
        """Give the path of an endpoint as the document has it."""
        braces = re.compile(r"{[^}]*}")
        wanted = braces.sub("{}", endpoint.path.get_untrusted_value())
        return next(str(path) for path in self.raw["paths"] if braces.sub("{}", path) == wanted)

    def _security(self) -> Security | None:
        schemes = self.raw.get("components", {}).get("securitySchemes", {})
        used = {
            name
            for operation in operations_of(self.raw)
            for requirement in operation.get("security", self.raw.get("security", []))
            for name in requirement
        }
        for name in sorted(used):
            scheme = self.resolve(schemes.get(name, {}))
            env = scheme.get("x-env", f"{self.env_prefix}_API_KEY")
            kind = (scheme.get("type"), str(scheme.get("scheme", scheme.get("in", ""))).lower())
            if kind == ("http", "bearer"):
                return Security("Authorization", "Bearer ", env, scheme.get("description", "Bearer token."))
            if kind == ("apiKey", "header"):
                return Security(scheme["name"], "", env, scheme.get("description", "API key."))
        if used:
            raise DocumentError(
                f"components/securitySchemes: none of {', '.join(sorted(used))} is a kind that the client can send; "
                "use http bearer or apiKey in a header"
            )
        return None


def _compiles(pattern: str) -> bool:
    """Tell whether Python knows a pattern, which OpenAPI writes in JavaScript's dialect."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def normalise_schemas(document: dict[str, Any]) -> None:
    """Put into the generator's terms what it does not understand by itself."""
    for schema in list(mappings_in(document)):
        if isinstance(reads_as := schema.get("x-reads-as"), str):
            schema["format"] = reads_as
        if schema.get("nullable") is True and isinstance(schema.get("enum"), list):
            # As it stands, the generator would make an enum for each way to combine "null" and the values.
            values = {**schema, "enum": [value for value in schema["enum"] if value is not None]}
            values.pop("nullable")
            kept: dict[str, Any] = {key: schema[key] for key in ("description", "example") if key in schema}
            schema.clear()
            schema.update(kept, oneOf=[{"type": "null"}, values])
