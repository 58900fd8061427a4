"""What pydantic asks of models: how they are validated, serialised and described. Loaded only if it asks."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from contextvars import ContextVar
from functools import partial, reduce
from operator import or_
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import PydanticSchemaGenerationError
from pydantic_core import core_schema

from . import _checks
from ._fields import Field, fields_of
from ._model import Model
from ._open_model import OpenModel
from ._schemas import FIELDS
from .types import Unset

# A model that is being described is referred to where it comes again.
_begun: ContextVar[frozenset[type]] = ContextVar("begun", default=frozenset())


def schema(model: type[Model], handler: Any) -> core_schema.CoreSchema:
    """Describe to pydantic how a model is validated, serialised and described.

    An object of the model is taken as it is. A mapping is read as the client reads an answer; where pydantic is strict,
    and where the model is one to be sent, every fault is told.

    Args:
        model: The model.
        handler: What makes the schemas of other types.

    Returns:
        The schema.
    """
    ref = f"{model.__module__}.{model.__qualname__}:{id(model)}"
    if model in _begun.get():
        return core_schema.definition_reference_schema(ref)
    outer = _begun.set(_begun.get() | {model})
    try:
        described = _described(model, handler)
    finally:
        _begun.reset(outer)

    def reading(*, strict: bool) -> core_schema.CoreSchema:
        # What is wrapped only describes the JSON, and validates nothing.
        return core_schema.no_info_wrap_validator_function(partial(_read, model, strict), described)

    return core_schema.lax_or_strict_schema(
        lax_schema=reading(strict=model._is_sent),  # noqa: SLF001 - models keep it for this module
        strict_schema=reading(strict=True),
        serialization=core_schema.plain_serializer_function_ser_schema(_written),
        ref=ref,
    )


def _read(model: type[Model], strict: bool, value: Any, _described: object) -> Model:  # noqa: FBT001 - pydantic gives the rest
    if isinstance(value, model):
        return value
    if not isinstance(value, Mapping):
        raise ValueError(f"should be a JSON object, or an object of the class {model.__name__}")  # noqa: TRY004 - pydantic collects these
    if strict and not issubclass(model, OpenModel):
        for key in value.keys() - {field.key for field in fields_of(model).values()}:
            raise ValueError(f"{key} is no field of {model.__name__}")
    made = model.from_dict(value, strict=strict)
    if model._is_sent:  # noqa: SLF001 - as above
        try:
            _checks.validate(made)
        except TypeError as error:
            raise ValueError(str(error)) from error
    return made


def _written(value: Any) -> Any:
    return value.to_dict() if isinstance(value, Model) else value


def _described(model: type[Model], handler: Any) -> core_schema.CoreSchema:
    """Describe the JSON of a model, with what the document says of each field."""
    hints = get_type_hints(model)
    said = FIELDS[model.__name__]
    fields = {
        field.key: core_schema.typed_dict_field(
            _schema_of(_values(hints[name], field), handler),
            required=not field.nothing,
            metadata={"pydantic_js_updates": said[field.key]},
        )
        for name, field in fields_of(model).items()
    }
    summary = (inspect.getdoc(model) or "").partition("\n\n")[0]
    return core_schema.typed_dict_schema(
        fields,
        extra_behavior="allow" if issubclass(model, OpenModel) else "forbid",
        metadata={"pydantic_js_updates": {"title": model.__name__, "description": " ".join(summary.split())}},
    )


def _schema_of(annotation: Any, handler: Any) -> core_schema.CoreSchema:
    try:
        made: core_schema.CoreSchema = handler.generate_schema(annotation)
    except PydanticSchemaGenerationError:  # a file is no JSON
        return core_schema.any_schema()
    return made


def _values(annotation: Any, field: Field) -> Any:
    """Take what stands for nothing out of an annotation."""
    if get_origin(annotation) not in {Union, UnionType}:
        return annotation
    nothing = {Unset, NoneType} if None in field.nothing else {Unset}
    return reduce(or_, [each for each in get_args(annotation) if each not in nothing])
