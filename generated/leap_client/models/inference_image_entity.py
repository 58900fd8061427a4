# Generated from openapi.yaml by `make generate`. Do not edit.
"""The model `InferenceImageEntity`."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from attrs import setters as _attrs_setters

from .. import _reading as _read
from ..errors import DecodeError


# Checks are made at construction and when the object is sent; a plain assignment stays as fast as it looks.
@_attrs_define(kw_only=True, on_setattr=_attrs_setters.NO_OP)
class InferenceImageEntity:
    """One image of a job.

    Attributes:
        id (str): ID of the image. Example: 5617d1cf-e4dd-4256-9c97-0548053bc64a.
        uri (str): Address of the image file. Example: https://static.tryleap.ai/image-
            gen-09dc9d6b-66db-4646-9609-06e86cbb8fa1/generated_images/0.png.
        created_at (datetime.datetime): When the image was made. Example: 2023-06-20 07:04:01.634307+00.
    """

    id: str
    uri: str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)
    """What the object holds beside its attributes, by its name in JSON."""

    def to_dict(self) -> dict[str, Any]:
        """Give the object as it is in JSON; what nobody set is left out."""
        _field_dict: dict[str, Any] = {}
        _field_dict.update(self.additional_properties)
        _field_dict["id"] = self.id

        _field_dict["uri"] = self.uri

        created_at = self.created_at.isoformat()
        _field_dict["createdAt"] = created_at

        return _field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the object from parsed JSON.

        Args:
            src_dict: The JSON object; it is left as it is.

        Returns:
            The object, with everything that it holds.

        Raises:
            DecodeError: A required field is missing, or a field has the wrong type.
        """
        if not isinstance(src_dict, Mapping):
            _read.reject(src_dict, "", "an object")
        try:
            return cls._from_json(copy.deepcopy(dict(src_dict)))
        except RecursionError:
            raise DecodeError("", "is nested too deeply") from None

    @classmethod
    def _from_json(cls, _d: Any) -> Self:
        """Read the object by taking parsed JSON apart, which nobody else may need: a copy would cost as much again."""
        if not isinstance(_d, dict):
            _read.reject(_d, "", "an object")
        try:
            id: Any = _d.pop("id")
            if type(id) is not str:
                id = _read.string(id, "id")
            uri: Any = _d.pop("uri")
            if type(uri) is not str:
                uri = _read.string(uri, "uri")
            created_at: Any = _d.pop("createdAt")
            try:
                created_at = datetime.datetime.fromisoformat(created_at)
            except (TypeError, ValueError):
                created_at = _read.moment(created_at, "createdAt")
        except KeyError as _missing:
            raise DecodeError(str(_missing.args[0]), "is missing") from None
        # Made last, since the debugger of whoever looks at an error could not show half of it.
        _self = cls.__new__(cls)
        _self.id = id
        _self.uri = uri
        _self.created_at = created_at
        _self.additional_properties = _d
        return _self

    @property
    def additional_keys(self) -> list[str]:
        """The names of what the object holds beside its attributes."""
        return list(self.additional_properties)

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
