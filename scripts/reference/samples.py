"""Values for the examples: those that a document gives, else the plainest that its schemas allow.

A value comes in two forms: as the server would send it, and as the code of an argument.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from openapi_python_client import strings
from openapi_python_client.parser.errors import PropertyError
from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty

from spec.model import Api, Argument, Call

DEEPEST = 6
GIVEN = ("example", "default", "const")
OF_TYPE: dict[str, Any] = {"string": "...", "integer": 1, "number": 1.5, "boolean": True}
OF_FORMAT = {
    "date": "2024-01-31",
    "date-time": "2024-01-31T12:00:00Z",
    "uri": "https://example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


class Code(NamedTuple):
    """A piece of code, and what it needs to be imported: `module`, or `module:name`."""

    text: str
    needs: frozenset[str] = frozenset()


class Samples:
    """Makes the values for the examples of a package."""

    def __init__(self, api: Api, package: str) -> None:
        self._api = api
        self._package = package

    def sent(self, schema: Mapping[str, Any], depth: int = 0) -> Any:
        """Give a value of a schema as the server would send it: of an object, what is always there."""
        schema = self._api.document.resolve(schema)
        given = [schema[key] for key in GIVEN if key in schema] + schema.get("enum", [])
        choices = [*schema.get("oneOf", []), *schema.get("anyOf", [])]
        kind = schema.get("type", "object" if "properties" in schema or "allOf" in schema else "string")
        if isinstance(kind, list):  # the generator notes a nullable type so
            kind = next((each for each in kind if each != "null"), "null")
        if given:
            # YAML makes a date of what JSON has as a string.
            value = json.loads(json.dumps(given[0], default=str))
        elif choices:
            value = self.sent(choices[0], depth + 1)
        elif kind == "object":
            firsts = {rule["of"][0] for rule in schema.get("x-first-of", {}).values()}
            always = ({*schema.get("required", [])} | firsts) if depth < DEEPEST else set()
            properties = self._properties(schema)
            value = {name: self.sent(each, depth + 1) for name, each in properties if name in always}
        elif kind == "array":
            value = [self.sent(schema.get("items", {}), depth + 1)] if depth < DEEPEST else []
        else:
            value = OF_FORMAT.get(schema.get("format", ""), schema.get("minimum", OF_TYPE.get(kind)))
        return value

    def _properties(self, schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield the properties of a schema, those of its parts first."""
        for part in schema.get("allOf", []):
            yield from self._properties(self._api.document.resolve(part))
        yield from schema.get("properties", {}).items()

    def arguments(self, call: Call, *, optional: bool) -> dict[str, Code]:
        """Give the arguments of a call, by name: those that must be given, or all that the document has examples of."""
        given = {each.name: self._code_of(call, each, optional=optional) for each in call.arguments}
        if call.body and call.body.required and not call.body_arguments and call.wire.request_body:
            schema = next(iter(call.wire.request_body.content.values())).get("schema", {})
            given["body"] = self.code(call.body.variants[0].prop, self.sent(schema))
        return {name: code for name, code in given.items() if code}

    def _code_of(self, call: Call, argument: Argument, *, optional: bool) -> Code | None:
        if argument.place == "body":
            schema = dict(self._properties(self._api.models[call.body_model].raw))[argument.wire_name]
            parameter: Mapping[str, Any] = {"schema": schema}
        else:
            [parameter] = [
                each.raw
                for each in call.wire.parameters
                if (each.place, each.name) == (argument.place, argument.wire_name)
            ]
        schema = self._api.document.resolve(parameter.get("schema", {}))
        examples = [parameter.get("example"), *(each.get("value") for each in parameter.get("examples", {}).values())]
        given = [value for value in [*examples, schema.get("example")] if value is not None]
        # An example must not make the service send something to an address that is only an example.
        address = f"$request.body#/{argument.wire_name}" in str(call.wire.raw.get("callbacks", {}))
        if not argument.required and (not optional or not given or address):
            return None
        class_name = strings.ClassName(str(parameter.get("x-examples-class", "")), "")
        for values in self._api.named_values:
            if values.class_name == class_name:
                name = f"{self._package}:{class_name}"
                return Code(f"{class_name}.{values.members[0].name}", frozenset({name}))
        return self.code(argument.prop, json.loads(json.dumps(given[0], default=str)) if given else self.sent(schema))

    def code(self, prop: PropertyProtocol, value: Any) -> Code:
        """Give the code of a value, by the type of the argument that it is for."""
        converted = prop.convert_value(value)
        name = (
            f"{self._package}.models:{prop.class_info.name}" if isinstance(prop, EnumProperty | ModelProperty) else ""
        )
        if isinstance(prop, StringProperty):
            code = Code(f'"{strings.in_double_quote_literal(str(value))}"')
        elif isinstance(prop, FileProperty):
            code = Code('File(BytesIO(b"..."))', frozenset({"io:BytesIO", f"{self._package}.types:File"}))
        elif isinstance(prop, ListProperty):
            items = [self.code(prop.inner_property, item) for item in value]
            needs = frozenset(need for item in items for need in item.needs)
            code = Code(f"[{', '.join(item.text for item in items)}]", needs)
        elif isinstance(prop, ModelProperty):
            code = Code(f"{prop.class_info.name}.from_dict({value!r})", frozenset({name}))
        elif isinstance(prop, UnionProperty):
            fitting = [each for each in prop.inner_properties if _fits(each, value)]
            code = self.code(fitting[0], value) if fitting else Code(repr(value))
        elif converted is None or isinstance(converted, PropertyError) or isinstance(value, int):
            code = Code(repr(value))
        else:
            text = converted.python_code.as_unembedded_code()
            needed = {"datetime": "datetime", "UUID": "uuid:UUID"}
            code = Code(
                text, frozenset(need for mark, need in {**needed, "": name}.items() if need and text.startswith(mark))
            )
        return code


def _fits(prop: PropertyProtocol, value: Any) -> bool:
    """Tell whether a value is one of a type of a union."""
    if isinstance(value, dict):
        return isinstance(prop, ModelProperty)
    return not isinstance(prop.convert_value(value), PropertyError)
