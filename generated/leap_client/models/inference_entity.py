# Generated from openapi.yaml by `make generate`. Do not edit.
"""The model `InferenceEntity`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _attrs_define
from attrs import setters as _attrs_setters

from .. import _fields, _model, _open_model
from ..models.job_state import JobState
from ..models.upscaling_option import UpscalingOption
from ..types import UNSET, Unset

_VALUES_OF_JOB_STATE = _fields.values_of(JobState)
_VALUES_OF_UPSCALING_OPTION = _fields.values_of(UpscalingOption)


# Checks are made at construction and when the object is sent; a plain assignment stays as fast as it looks.
@_attrs_define(kw_only=True, eq=False, repr=False, getstate_setstate=False, on_setattr=_attrs_setters.NO_OP)
class InferenceEntity(_open_model.OpenModel[Any]):
    """An image generation job.

    Attributes:
        id (str): ID of the job. Example: a047df00-8bdd-4d57-a9bd-6eebef36ecaa.
        created_at (datetime.datetime): When the job was submitted. Example: 2023-02-10T08:08:25.842Z.
        prompt (str): What the image should show. Example: A photo of an astronaut riding a horse.
        negative_prompt (str): What the image should not show. May be empty. Example: asymmetric, watermarks.
        seed (int): Start value of the random numbers; the server picks one if the request had none. Example:
            4523184.
        width (int): Width of the images in pixels. Example: 512.
        height (int): Height of the images in pixels. Example: 512.
        prompt_strength (float): How closely the image follows the prompt; the higher, the closer. Example: 7.
        number_of_images (int): Number of images asked for. Example: 1.
        steps (int): Number of steps the model takes. Example: 50.
        images (list[InferenceImageEntity]): The images that are ready, in no particular order.
        model_id (str): ID of the model that makes the images. Example: 26a1a203-3a46-42cb-8cfa-f4de075907d8.
        state (JobState | str | Unset): Where the job stands, in the answer to find-one. Prefer `current_state`.
            Example: finished.
        status (JobState | str | Unset): Where the job stands, in the answers to generate and list-all. Prefer
            `current_state`. Example: queued.
        upscaling_option (UpscalingOption | str | Unset): How much the images are enlarged. Example: x1.
    """

    id: str
    created_at: datetime.datetime
    prompt: str
    negative_prompt: str
    seed: int
    width: int
    height: int
    prompt_strength: float
    number_of_images: int
    steps: int
    images: list[InferenceImageEntity]
    model_id: str
    state: JobState | str | Unset = UNSET
    status: JobState | str | Unset = UNSET
    upscaling_option: UpscalingOption | str | Unset = UNSET

    _names: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "created_at": "createdAt",
        "prompt": "prompt",
        "negative_prompt": "negativePrompt",
        "seed": "seed",
        "width": "width",
        "height": "height",
        "prompt_strength": "promptStrength",
        "number_of_images": "numberOfImages",
        "steps": "steps",
        "images": "images",
        "model_id": "modelId",
        "state": "state",
        "status": "status",
        "upscaling_option": "upscalingOption",
    }
    _leading: ClassVar[tuple[str, ...]] = ("current_state", "id", "prompt", "images")
    _first_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "current_state": (
            "state",
            "status",
        ),
    }

    @property
    def current_state(self) -> JobState | str:
        """Where the job stands, whichever of `state` and `status` the server sent.

        Raises:
            DecodeError: None of state, status can be read.
            ValueError: The object was made without state and without status.
        """
        first: JobState | str = self._first("current_state")
        return first

    @classmethod
    def _from_json(cls, _json: Any) -> Self:
        _self = _model.new(cls)
        _self._json = _json
        try:
            if type(id := _json["id"]) is not str:
                return _self._tolerate()
            if type(prompt := _json["prompt"]) is not str:
                return _self._tolerate()
            if type(negative_prompt := _json["negativePrompt"]) is not str:
                return _self._tolerate()
            if type(seed := _json["seed"]) is not int:
                return _self._tolerate()
            if type(width := _json["width"]) is not int:
                return _self._tolerate()
            if type(height := _json["height"]) is not int:
                return _self._tolerate()
            if type(prompt_strength := _json["promptStrength"]) is not float and type(prompt_strength) is not int:
                return _self._tolerate()
            if type(number_of_images := _json["numberOfImages"]) is not int:
                return _self._tolerate()
            if type(steps := _json["steps"]) is not int:
                return _self._tolerate()
            if type(images := _json["images"]) is not list:
                return _self._tolerate()
            if type(model_id := _json["modelId"]) is not str:
                return _self._tolerate()
            _self.id = id
            _self.created_at = _model.moment(_json["createdAt"])
            _self.prompt = prompt
            _self.negative_prompt = negative_prompt
            _self.seed = seed
            _self.width = width
            _self.height = height
            _self.prompt_strength = prompt_strength
            _self.number_of_images = number_of_images
            _self.steps = steps
            _self.images = [InferenceImageEntity._from_json(_item) for _item in images]
            _self.model_id = model_id
            _self.state = _VALUES_OF_JOB_STATE[_json.get("state", UNSET)]
            _self.status = _VALUES_OF_JOB_STATE[_json.get("status", UNSET)]
            _self.upscaling_option = _VALUES_OF_UPSCALING_OPTION[_json.get("upscalingOption", UNSET)]
            if _self.state is UNSET and _self.status is UNSET:
                return _self._tolerate()
        except _model.ODD:
            return _self._tolerate()
        return _self


# Imported last, because models may refer to each other in circles.
from ..models.inference_image_entity import InferenceImageEntity
