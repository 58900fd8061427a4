"""Values for the examples: those that a document gives, else the plainest that its schemas allow.

A value comes in two forms: as the server would send it, and as the code of an argument.
"""

import json
import re
from collections.abc import Iterator
from functools import singledispatchmethod
from typing import Any, NamedTuple

from openapi_python_client import strings
from openapi_python_client.parser.errors import PropertyError
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import EnumProperty, ModelProperty, Property
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty

from document import Document

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
    """Makes the values for the examples of one package.

    Args:
        document: The document of the package.
        package: The name of the package.
    """

    def __init__(self, document: Document, package: str) -> None:
        self._document = document
        self._package = package

    def sent(self, schema: dict[str, Any], depth: int = 0) -> Any:
        """Give a value of a schema as the server would send it: of an object, what is always there."""
        schema = self._document.resolve(schema)
        given = [schema[key] for key in GIVEN if key in schema] + schema.get("enum", [])
        choices = [*schema.get("oneOf", []), *schema.get("anyOf", [])]
        kind = schema.get("type", "object" if "properties" in schema or "allOf" in schema else "string")
        if given:
            # YAML makes a date of what JSON has as a string.
            value = json.loads(json.dumps(given[0], default=str))
        elif choices:
            value = self.sent(choices[0], depth + 1)
        elif kind == "object":
            value = self._object(schema, depth)
        elif kind == "array":
            value = [self.sent(schema.get("items", {}), depth + 1)] if depth < DEEPEST else []
        else:
            value = OF_FORMAT.get(schema.get("format", ""), schema.get("minimum", OF_TYPE.get(kind)))
        return value

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        schema = self._document.resolve(schema)
        made: dict[str, Any] = {}
        for part in schema.get("allOf", []):
            made |= self._object(part, depth)
        firsts = [rule["of"][0] for rule in schema.get("x-first-of", {}).values()]
        always = {*schema.get("required", []), *firsts} if depth < DEEPEST else set()
        properties = schema.get("properties", {}).items()
        return made | {name: self.sent(each, depth + 1) for name, each in properties if name in always}

    def arguments(self, endpoint: Endpoint, *, optional: bool) -> dict[str, Code]:
        """Give the arguments of a call, by name.

        Args:
            endpoint: What is called.
            optional: Whether to give those too that may be left out and that the document has examples of.
        """
        given = {str(prop.python_name): self._parameter(endpoint, prop) for prop in endpoint.path_parameters}
        if fields := self._document.flat_body(endpoint):
            given |= self._fields(endpoint, fields, optional=optional)
        elif self._document.body_required(endpoint):
            body = self._document.resolve(self._document.operation(endpoint)["requestBody"])
            schema = next(iter(body["content"].values())).get("schema", {})
            given["body"] = self.code(endpoint.bodies[0].prop, self.sent(schema))
        for prop in [*endpoint.query_parameters, *endpoint.header_parameters, *endpoint.cookie_parameters]:
            keys = {*self._document.parameter(endpoint, prop), *self._document.parameter_schema(endpoint, prop)}
            if prop.required or (optional and {"example", "examples"} & keys):
                given[str(prop.python_name)] = self._parameter(endpoint, prop)
        return given

    def _fields(self, endpoint: Endpoint, model: ModelProperty, *, optional: bool) -> Iterator[tuple[str, Code]]:
        """Yield the fields of a body that are arguments themselves."""
        # An example must not make the service send something to an address that is only an example.
        callbacks = str(self._document.operation(endpoint).get("callbacks", {}))
        addresses = re.findall(r"\$request\.body#/(\w+)", callbacks)
        for prop in [*(model.required_properties or []), *(model.optional_properties or [])]:
            schema = self._document.property_schema(model, prop)
            wanted = optional and "example" in schema and prop.name.get_untrusted_value() not in addresses
            if prop.required or wanted:
                yield str(prop.python_name), self.code(prop, self.sent(schema))

    def _parameter(self, endpoint: Endpoint, prop: Property) -> Code:
        parameter = self._document.parameter(endpoint, prop)
        class_name = strings.ClassName(str(parameter.get("x-examples-class", "")), self._document.prefix)
        for values in self._document.named_values:
            if values.class_name == class_name:
                member = strings.PythonIdentifier(values.members[0].name, self._document.prefix).upper()
                return Code(f"{class_name}.{member}", frozenset({f"{self._package}:{class_name}"}))
        given = [parameter.get("example"), *(each.get("value") for each in parameter.get("examples", {}).values())]
        values_given = [value for value in given if value is not None]
        return self.code(prop, values_given[0] if values_given else self.sent(parameter.get("schema", {})))

    @singledispatchmethod
    def code(self, prop: PropertyProtocol, value: Any) -> Code:
        """Give the code of a value, by the type of the argument that it is for."""
        converted = prop.convert_value(value)
        if converted is None or isinstance(converted, PropertyError):
            return Code(repr(value))
        text = repr(value) if isinstance(value, int) else converted.python_code.as_unembedded_code().replace("'", '"')
        needs = {"datetime": "datetime", "UUID": "uuid:UUID"}
        return Code(text, frozenset(name for mark, name in needs.items() if text.startswith(mark)))

    @code.register
    def _(self, _prop: StringProperty, value: Any) -> Code:
        return Code(f'"{strings.in_double_quote_literal(str(value))}"')

    @code.register
    def _(self, _prop: FileProperty, _value: Any) -> Code:
        return Code('File(BytesIO(b"..."))', frozenset({"io:BytesIO", f"{self._package}.types:File"}))

    @code.register
    def _(self, prop: EnumProperty, value: Any) -> Code:
        converted = prop.convert_value(value)
        name = f"{self._package}.models:{prop.class_info.name}"
        if converted is None or isinstance(converted, PropertyError):
            return Code(repr(value))
        return Code(converted.python_code.as_unembedded_code(), frozenset({name}))

    @code.register
    def _(self, prop: ListProperty, value: Any) -> Code:
        items = [self.code(prop.inner_property, item) for item in value]
        return Code(f"[{', '.join(item.text for item in items)}]", items[0].needs if items else frozenset())

    @code.register
    def _(self, prop: ModelProperty, value: Any) -> Code:
        name = prop.class_info.name
        return Code(f"{name}.from_dict({value!r})", frozenset({f"{self._package}.models:{name}"}))

    @code.register
    def _(self, prop: UnionProperty, value: Any) -> Code:
        for inner in prop.inner_properties:
            if isinstance(value, dict) and isinstance(inner, ModelProperty):
                return self.code(inner, value)
            if not isinstance(value, dict) and not isinstance(inner.convert_value(value), PropertyError):
                return self.code(inner, value)
        return Code(repr(value))
