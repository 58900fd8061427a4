"""The arguments of the examples, as code."""

import json
from collections.abc import Mapping
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
from spec.samples import properties, sample


class Code(NamedTuple):
    """A piece of code, and what it needs to be imported: `module`, or `module:name`."""

    text: str
    needs: frozenset[str] = frozenset()


class Samples:
    """Writes the arguments for the examples of a package."""

    def __init__(self, api: Api, package: str) -> None:
        self._api = api
        self._package = package

    def arguments(self, call: Call, *, optional: bool) -> dict[str, Code]:
        """Give the arguments of a call, by name: those that must be given, or all that the document has examples of."""
        given = {each.name: self._code_of(call, each, optional=optional) for each in call.arguments}
        if call.body and call.body.required and not call.body_arguments and call.wire.request_body:
            schema = next(iter(call.wire.request_body.content.values())).get("schema", {})
            given["body"] = self.code(call.body.variants[0].prop, sample(self._api.document, schema))
        return {name: code for name, code in given.items() if code}

    def _code_of(self, call: Call, argument: Argument, *, optional: bool) -> Code | None:
        if argument.place == "body":
            schema = dict(properties(self._api.document, self._api.models[call.body_model].raw))[argument.wire_name]
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
        value = json.loads(json.dumps(given[0], default=str)) if given else sample(self._api.document, schema)
        return self.code(argument.prop, value)

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
