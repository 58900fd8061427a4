"""How operations and models become code."""

import re
from collections.abc import Iterable
from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser.bodies import Body
from openapi_python_client.parser.openapi import Endpoint, EndpointCollection
from openapi_python_client.parser.properties import ModelProperty, Property
from openapi_python_client.parser.responses import Response

from .facts import Facts
from .loading import DocumentError


class Signatures(Facts):
    """How operations and models become code: their arguments, their types, and what they import."""

    def properties_named(self, model: ModelProperty, names: list[str]) -> list[Property]:
        """Find the properties of a model that bear some names in JSON, in the order of the names.

        Raises:
            DocumentError: One of them is no property of the model.
        """
        by_name = {prop.name.get_untrusted_value(): prop for prop in properties_of(model)}
        for name in names:
            if name not in by_name:
                raise DocumentError(
                    f"{model.class_info.name}: an extension names the property {name!r}, which it does not have"
                )
        return [by_name[name] for name in names]

    def type_of_first(self, model: ModelProperty, names: list[str]) -> str:
        """Give the type of whichever of some properties is present."""
        return union_of(type_of(prop) for prop in self.properties_named(model, names))

    def successes(self, endpoint: Endpoint) -> list[Response]:
        """List the responses of an endpoint that are none of error."""
        return [each for each in endpoint.responses if not self.is_error(endpoint, each.status_code.pattern)]

    def response_type(self, response: Response) -> str:
        """Give the type of what a response is parsed into."""
        return "None" if response.source["attribute"] == "None" else type_of(response.prop)

    def return_type(self, endpoint: Endpoint) -> str:
        """Give the type of what an endpoint's successes are parsed into."""
        return union_of(self.response_type(each) for each in self.successes(endpoint)) or "None"

    def is_uniform(self, endpoint: Endpoint) -> bool:
        """Tell whether all successes of an endpoint are parsed alike."""
        return len({self.response_type(each) for each in self.successes(endpoint)}) == 1

    def status_condition(self, response: Response) -> str:
        """Give the code of the condition that an answer is a certain response."""
        low, high = response.status_code.range or (0, 999)
        return f"response.status_code == {low}" if low == high else f"{low} <= response.status_code <= {high}"

    def path_code(self, endpoint: Endpoint) -> str:
        """Give the code of an endpoint's path, its parameters escaped and filled in."""
        names = {prop.python_name for prop in endpoint.path_parameters}
        parts = re.split(r"{([^}]*)}", endpoint.path.get_untrusted_value())
        code = [
            f'{{_check.path_segment({part}, "{part}")}}' if index % 2 and part in names else _in_f_string(part)
            for index, part in enumerate(parts)
        ]
        return f"f'{''.join(code)}'" if names else f'"{strings.in_double_quote_literal("".join(parts))}"'

    def bodies_by_type(self, endpoint: Endpoint) -> list[Body]:
        """List the bodies of an endpoint that its argument tells apart; of those of one type, the first is sent."""
        return list({type_of(body.prop): body for body in reversed(endpoint.bodies)}.values())[::-1]

    def body_required(self, endpoint: Endpoint) -> bool:
        """Tell whether an endpoint must be given a body."""
        return bool(endpoint.bodies) and all(body.prop.required for body in endpoint.bodies)

    def flat_body(self, endpoint: Endpoint) -> ModelProperty | None:
        """Give the model of an endpoint's body if its properties can be the arguments of the call themselves."""
        if len(endpoint.bodies) != 1 or not isinstance(endpoint.bodies[0].prop, ModelProperty):
            return None
        model = endpoint.bodies[0].prop
        arguments = {prop.python_name for prop in endpoint.list_all_parameters()} - {"body"}
        fields = {prop.python_name for prop in properties_of(model)}
        if not model.required or not fields or fields & (arguments | {"self", "timeout", "on_update"}):
            return None
        return model

    def has_argument(self, endpoint: Endpoint, name: str) -> bool:
        """Tell whether the API itself has an argument of that name."""
        return any(prop.python_name == name for prop in endpoint.list_all_parameters())

    def sent_models(self, collections: Iterable[EndpointCollection]) -> set[str]:
        """Name the models that requests are made of, directly or within others."""
        found: set[str] = set()
        todo: list[Any] = [body.prop for each in collections for end in each.endpoints for body in end.bodies]
        while todo:
            prop = todo.pop()
            todo += [prop.inner_property] if hasattr(prop, "inner_property") else []
            todo += getattr(prop, "inner_properties", [])
            if isinstance(prop, ModelProperty) and prop.class_info.name not in found:
                found.add(prop.class_info.name)
                todo += properties_of(self.models[prop.class_info.name])
        return found

    def named(self, properties: list[Property], name: str) -> Property:
        """Find the argument of a name in a list.

        Raises:
            DocumentError: There is none.
        """
        for prop in properties:
            if prop.name == name:
                return prop
        raise DocumentError(f"there is no parameter {name!r} among {[str(each.python_name) for each in properties]}")

    def without(self, properties: list[Property], names: list[str]) -> list[Property]:
        """Give a list of arguments without those of some names."""
        return [prop for prop in properties if prop.name.get_untrusted_value() not in names]

    def item_key(self, endpoint: Endpoint, key: str) -> str:
        """Name the attribute that tells the items of an endpoint's list apart."""
        model = self.models[self.return_type(endpoint).removeprefix("list[").removesuffix("]")]
        return str(self.properties_named(model, [key])[0].python_name)

    def property_names(self, model: str) -> list[str]:
        """List the names that the properties of a model have in JSON."""
        return [prop.name.get_untrusted_value() for prop in properties_of(self.models[model])]


def properties_of(model: ModelProperty) -> list[Property]:
    """List the properties of a model, the required ones first."""
    return [*(model.required_properties or []), *(model.optional_properties or [])]


def type_of(prop: Property) -> str:
    """Give the type of a value that is there."""
    return prop.get_type_string(no_optional=True).as_unembedded_code()


def union_of(types: Iterable[str]) -> str:
    """Give the type of a value that is of one of some types."""
    return " | ".join(dict.fromkeys(types))


def _in_f_string(text: str) -> str:
    """Escape text for an f-string in single quotes."""
    return strings.in_f_string_literal(text).replace("'", "\\'")
