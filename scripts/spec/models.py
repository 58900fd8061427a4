"""The arguments and the classes that openapi-python-client makes of the schemas of a document."""

from collections.abc import Iterable, Mapping
from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.properties import ModelProperty, Property
from openapi_python_client.parser.properties.list_property import ListProperty

from . import model as m
from .document import Document
from .names import PREFIX
from .words import checks, limits_in_words, limits_of, plain


class Models:
    """The models of a document, `built` from the `props` of the generator; both by name."""

    def __init__(self, document: Document, parsed: GeneratorData) -> None:
        self._document = document
        self._sent: set[str] = set()
        self.props: dict[str, ModelProperty] = {model.class_info.name: model for model in parsed.models}
        for collection in parsed.endpoint_collections_by_tag.values():
            for body in (body for endpoint in collection.endpoints for body in endpoint.bodies):
                self._note_sent(body.prop)
        self.built: dict[str, m.Model] = {name: self._model(prop) for name, prop in self.props.items()}

    def _note_sent(self, prop: Any) -> None:
        """Note the models that a request is made of."""
        inner = inner_of(prop)
        if isinstance(prop, ModelProperty):
            name = prop.class_info.name
            inner = [] if name in self._sent else properties_of(self.props[name])
            self._sent.add(name)
        for each in inner:
            self._note_sent(each)

    def _model(self, prop: ModelProperty) -> m.Model:
        raw = prop.data.model_dump(mode="json", by_alias=True, exclude_unset=True)
        name = prop.class_info.name
        schemas, sent = self._document.properties(raw), name in self._sent
        fields = tuple(
            argument(each, "body", self._document.resolve(schemas.get(plain(each.name), {})), sent=sent)
            for each in properties_of(prop)
        )
        by_name = {field.wire_name: field for field in fields}
        first_of = tuple(
            m.FirstOf(
                name=identifier(made),
                type=union_of(by_name[each].type for each in rule["of"]),
                description=rule["description"],
                sources=tuple(by_name[each] for each in rule["of"]),
            )
            for made, rule in raw.get("x-first-of", {}).items()
        )
        download = self._download(name, by_name, raw["x-download"]) if "x-download" in raw else None
        return m.Model(name, fields, first_of, download, sent, raw, prop)

    def _download(self, name: str, fields: Mapping[str, m.Argument], rule: dict[str, Any]) -> m.Download:
        items, key = fields[rule["items"]], fields[rule["key"]]
        variants = getattr(items.prop, "inner_properties", [items.prop])
        inner = next((each.inner_property for each in variants if isinstance(each, ListProperty)), None)
        if not isinstance(inner, ModelProperty):
            steps = ("components", "schemas", name, "x-download")
            raise self._document.error(steps, f"`{rule['items']}` is no list of objects")
        by_name = {plain(prop.name): str(prop.python_name) for prop in properties_of(self.props[inner.class_info.name])}
        return m.Download(
            name=identifier(rule["method"]),
            read=identifier(rule["read"]) if "read" in rule else "",
            model=name,
            items=items.name,
            items_optional=not (items.required and isinstance(items.prop, ListProperty)),
            item_model=inner.class_info.name,
            uri=by_name[rule["uri"]],
            key=key.name,
            item_key=by_name[rule["key"]],
        )


def argument(
    prop: Property, place: str, schema: Mapping[str, Any], description: str = "", *, sent: bool = True
) -> m.Argument:
    """Describe a property as an argument; what is only received is not checked."""
    limits = limits_of(schema)
    default = prop.default.python_code.as_unembedded_code() if prop.default else "" if prop.required else "UNSET"
    nullable = not {"Any", "None"}.isdisjoint(type_of(prop).split(" | "))
    or_none = " | None" if sent and not (prop.required or nullable) else ""
    is_deprecated = schema.get("deprecated") is True
    return m.Argument(
        name=str(prop.python_name),
        wire_name=plain(prop.name),
        place=place,
        type=type_of(prop),
        annotation=prop.get_type_string().as_unembedded_code() + or_none,
        default=default,
        required=prop.required,
        nullable=nullable,
        description=" ".join(f"{'Deprecated. ' * is_deprecated}{description or plain(prop.description)}".split()),
        is_deprecated=is_deprecated,
        limits=limits,
        limits_in_words=limits_in_words(limits),
        checks=checks(type_of(prop) + or_none, limits) if sent else "",
        prop=prop,
        schema=schema,
        examples=() if schema.get("example") is None else (schema["example"],),
        is_read_only=schema.get("readOnly") is True,
    )


def identifier(text: str) -> str:
    """Make a name in Python of a name in the document."""
    return str(strings.PythonIdentifier(text, PREFIX))


def properties_of(model: ModelProperty) -> list[Property]:
    """List the properties of a model, the required ones first."""
    return [*(model.required_properties or []), *(model.optional_properties or [])]


def inner_of(prop: Property) -> list[Property]:
    """List what a union may be, or what a list holds."""
    return [*getattr(prop, "inner_properties", []), *filter(None, [getattr(prop, "inner_property", None)])]


def type_of(prop: Property) -> str:
    """Return the type of a value that is there."""
    return prop.get_type_string(no_optional=True).as_unembedded_code()


def union_of(types: Iterable[str]) -> str:
    """Return the type of a value that is of one of some types."""
    return " | ".join(dict.fromkeys(types))
