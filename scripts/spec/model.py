"""What the templates read: a document with the names and the types that it gets in Python."""

from collections.abc import Mapping
from typing import Any

import attrs
from openapi_python_client import strings
from openapi_python_client.parser.bodies import Body
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty, Property

from .document import Document, Operation, Wait


@attrs.frozen
class Argument:
    """An argument of a call, or a field of a model."""

    name: str
    wire_name: str
    place: str  # "path", "query", "header", "cookie" or "body"
    type: str  # of a value that is there
    annotation: str  # the type, with what stands for nothing
    default: str  # code; empty if there is none
    required: bool
    nullable: bool  # whether None is a value of it, and does not just leave it out as UNSET does
    description: str
    is_deprecated: bool
    limits: Mapping[str, Any]
    limits_in_words: str
    checks: str  # the client-side validation, as arguments of a call
    prop: Property
    schema: Mapping[str, Any]
    examples: tuple[Any, ...] = ()
    named: str = ""  # the class of the named examples, if there are any
    is_read_only: bool = False  # whether only the server gives it
    style: str = ""  # what joins the items of a list or object, where that is not the usual way

    @property
    def declaration(self) -> str:
        """The argument as it stands in a signature."""
        return f"{self.name}: {self.annotation}{f' = {self.default}' if self.default else ''}"

    @property
    def written(self) -> str:
        """What the runtime is told to write in a query, a header or a cookie."""
        style = f", {self.style!r}" if self.style else ""
        return f'("{strings.in_double_quote_literal(self.wire_name)}", {self.name}{style})'

    @property
    def json_schema(self) -> Mapping[str, Any]:
        """What JSON Schema says of it beside its type."""
        deprecated = {"deprecated": True} if self.is_deprecated else {}
        return {**({"description": self.description} if self.description else {}), **deprecated, **self.limits}

    @property
    def docstring(self) -> str:
        """What a docstring says of it."""
        said = (
            self.description,
            self.limits_in_words,
            f"If left out: {self.prop.default.raw_value} is sent." if self.prop.default else "",
        )
        kind = self.type if self.required else f"{self.type}, optional"
        return f"{self.name} ({kind}): {' '.join(part for part in said if part)}"


@attrs.frozen
class RequestBody:
    """What a call sends, if that is one argument `body`; `variants` are told apart by type."""

    type: str
    declaration: str
    required: bool
    description: str
    variants: tuple[Body, ...]
    files: tuple[str, ...]  # the properties that are files


@attrs.frozen
class Success:
    """What a successful response is parsed into; `condition` is the code that recognises it."""

    type: str
    suffix: str
    condition: str
    source: str
    prop: Property


@attrs.frozen
class FollowMethod:
    """A method that begins a job and waits for it, polling `target` with the arguments `values`."""

    name: str
    target: "Call"
    values: tuple[str, ...]


@attrs.frozen
class Subject:
    """An object that knows the path arguments of a call, each in one of its attributes."""

    model: str
    arguments: tuple[Argument, ...]
    attributes: tuple[str, ...]


@attrs.frozen
class PagesMethod:
    """A method that walks all pages of a call: its arguments, and which of them choose the page and its size."""

    name: str
    arguments: tuple[Argument, ...]
    filters: tuple[Argument, ...]
    page: str
    size: str
    first: int
    key: str
    item: str


@attrs.frozen
class Call:
    """An operation as it is called in Python; `wire` is what the document says of it."""

    name: str
    tag: str
    wire: Operation
    endpoint: Endpoint
    summary: str
    path_code: str
    path_arguments: tuple[Argument, ...]
    body_arguments: tuple[Argument, ...]  # the fields of the body, where they can be arguments themselves
    other_arguments: tuple[Argument, ...]
    body: RequestBody | None
    body_model: str  # the model of `body_arguments`; empty if there are none
    return_type: str
    success_description: str
    successes: tuple[Success, ...]
    wait: Wait | None  # in the names of Python
    follow: FollowMethod | None
    pages: PagesMethod | None
    subject: Subject | None

    @property
    def is_signed(self) -> bool:
        """Whether the caller has to prove who they are."""
        return any(self.wire.security)

    @property
    def is_deprecated(self) -> bool:
        """Whether it should not be used any more."""
        return self.wire.raw.get("deprecated") is True

    @property
    def is_uniform(self) -> bool:
        """Whether all successes are parsed alike."""
        return len({(each.type, each.source) for each in self.successes}) == 1

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """All arguments of the method, in its order, but for an undivided body."""
        return (*self.path_arguments, *self.body_arguments, *self.other_arguments)

    @property
    def checked_arguments(self) -> tuple[Argument, ...]:
        """The arguments that are validated before the request is made.

        A string in the path needs no check of its own: what makes no segment of a path is refused anyway.
        """
        segments = [
            each for each in self.path_arguments if each.type == "str" and not each.limits.keys() - {"minLength"}
        ]
        arguments = (*self.path_arguments, *self.other_arguments)
        return tuple(each for each in arguments if each.checks and each not in segments)


@attrs.frozen
class Download:
    """A method that saves the files of a model: the attributes that hold them, their addresses and their names.

    The method `read` reads them into memory; empty if there is to be none.
    """

    name: str
    read: str
    model: str
    items: str
    items_optional: bool
    item_model: str
    uri: str
    key: str
    item_key: str


@attrs.frozen
class FirstOf:
    """A property of a model that is made of others."""

    name: str
    type: str
    description: str
    sources: tuple[Argument, ...]


@attrs.frozen
class Model:
    """A class of what is sent or received."""

    name: str
    fields: tuple[Argument, ...]
    first_of: tuple[FirstOf, ...]
    download: Download | None
    is_sent: bool
    raw: Mapping[str, Any]
    prop: ModelProperty

    @property
    def by_wire_name(self) -> Mapping[str, Argument]:
        """The fields by their names in the document."""
        return {field.wire_name: field for field in self.fields}


@attrs.frozen
class Resource:
    """The calls of a tag."""

    name: str
    class_name: str
    description: str
    operations: tuple[Call, ...]
    downloads: tuple[Download, ...]
    imports: tuple[str, ...]
    model_imports: tuple[str, ...]  # what only type checkers need

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The objects that its calls take in the place of ids."""
        found = [call.subject for call in self.operations if call.subject]
        return tuple({(each.model, *(ids.name for ids in each.arguments)): each for each in found}.values())


@attrs.frozen
class Verdict:
    """A boolean beside a wrapped job that tells how it ended, the fields of its state, and what they would say."""

    name: str
    states: tuple[str, ...]
    success: str
    failure: str


@attrs.frozen
class CallbackFunction:
    """A function that reads what the service sends.

    `unwrap` is the property that it may be wrapped in, `envelope` has the properties that are documented beside it.
    """

    name: str
    description: str
    model: Model
    unwrap: str
    envelope: tuple[str, ...]
    verdict: Verdict | None


@attrs.frozen
class NamedValue:
    """One of the named examples of a parameter."""

    name: str
    value: str
    summary: str


@attrs.frozen
class NamedValues:
    """The named examples of a parameter, as the members of an enum."""

    class_name: str
    module_name: str
    description: str
    members: tuple[NamedValue, ...]


@attrs.frozen
class Security:
    """How requests prove who sends them: the header, what precedes the token in it, and the token's variable."""

    header: str
    prefix: str
    env: str
    description: str


@attrs.frozen
class Api:
    """Everything that templates ask about a document."""

    client_name: str
    server_env: str
    log_env: str
    paths_begin: tuple[str, ...]
    security: Security | None
    resources: tuple[Resource, ...]
    models: Mapping[str, Model]
    named_values: tuple[NamedValues, ...]
    callbacks: tuple[CallbackFunction, ...]
    document: Document

    @property
    def operations(self) -> Mapping[tuple[str, str], Call]:
        """All calls by their tag and name."""
        return {(call.tag, call.name): call for resource in self.resources for call in resource.operations}

    def leading(self, model: Model) -> tuple[str, ...]:
        """Name the attributes that tell most of an object: how it stands, its id, what was asked for, its files."""
        calls = [call for call in self.operations.values() if call.return_type == model.name]
        asked = {each.wire_name for call in calls for each in call.body_arguments if each.required}
        names = [each.name for each in model.first_of]
        names += [model.download.key] if model.download else []
        names += [each.name for each in model.fields if each.wire_name in asked]
        names += [model.download.items] if model.download else []
        return tuple(dict.fromkeys(names))

    def address_in(self, model: Model) -> str:
        """Name the attribute that holds the address of a file, if a model has one; empty if not."""
        downloads = (each.download for each in self.models.values() if each.download)
        return next((each.uri for each in downloads if each.item_model == model.name), "")
