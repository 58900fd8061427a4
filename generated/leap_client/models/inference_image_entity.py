# Generated from openapi.yaml by `make generate`. Do not edit.
"""The model `InferenceImageEntity`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _attrs_define
from attrs import setters as _attrs_setters

from .. import _model, _open_model


# Checks are made at construction and when the object is sent; a plain assignment stays as fast as it looks.
@_attrs_define(kw_only=True, eq=False, repr=False, getstate_setstate=False, on_setattr=_attrs_setters.NO_OP)
class InferenceImageEntity(_open_model.OpenModel[Any]):
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

    _names: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "uri": "uri",
        "created_at": "createdAt",
    }
    _address: ClassVar[str] = "uri"

    @classmethod
    def _from_json(cls, _json: Any) -> Self:
        _self = _model.new(cls)
        _self._json = _json
        try:
            if type(id := _json["id"]) is not str:
                return _self._tolerate()
            if type(uri := _json["uri"]) is not str:
                return _self._tolerate()
            _self.id = id
            _self.uri = uri
            _self.created_at = _model.moment(_json["createdAt"])
        except _model.ODD:
            return _self._tolerate()
        return _self
