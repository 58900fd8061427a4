# Generated from openapi.yaml by `make generate`. Do not edit.
"""The model `InferenceEntity`."""

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
from ..models.job_state import JobState
from ..models.upscaling_option import UpscalingOption
from ..types import UNSET, Unset


# Checks are made at construction and when the object is sent; a plain assignment stays as fast as it looks.
@_attrs_define(kw_only=True, on_setattr=_attrs_setters.NO_OP)
class InferenceEntity:
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
        state (JobState | Unset): Where the job stands, in the answer to find-one. Prefer `current_state`. Example:
            finished.
        status (JobState | Unset): Where the job stands, in the answers to generate and list-all. Prefer
            `current_state`. Example: queued.
        upscaling_option (UpscalingOption | Unset): How much the images are enlarged. Example: x1.
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
    state: JobState | Unset = UNSET
    status: JobState | Unset = UNSET
    upscaling_option: UpscalingOption | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)
    """What the object holds beside its attributes, by its name in JSON."""

    @property
    def current_state(self) -> JobState:
        """Where the job stands, whichever of `state` and `status` the server sent.

        Raises:
            ValueError: The object was made without state and without status.
        """
        if not isinstance(self.state, Unset):
            return self.state
        if not isinstance(self.status, Unset):
            return self.status
        raise ValueError("none of state, status is set")

    def to_dict(self) -> dict[str, Any]:
        """Give the object as it is in JSON; what nobody set is left out."""
        _field_dict: dict[str, Any] = {}
        _field_dict.update(self.additional_properties)
        _field_dict["id"] = self.id

        created_at = self.created_at.isoformat()
        _field_dict["createdAt"] = created_at

        _field_dict["prompt"] = self.prompt

        _field_dict["negativePrompt"] = self.negative_prompt

        _field_dict["seed"] = self.seed

        _field_dict["width"] = self.width

        _field_dict["height"] = self.height

        _field_dict["promptStrength"] = self.prompt_strength

        _field_dict["numberOfImages"] = self.number_of_images

        _field_dict["steps"] = self.steps

        images = []
        for images_item_data in self.images:
            images_item = images_item_data.to_dict()
            images.append(images_item)

        _field_dict["images"] = images

        _field_dict["modelId"] = self.model_id

        state: str | Unset = UNSET
        if not isinstance(self.state, Unset):
            state = str(self.state)
        if state is not UNSET:
            _field_dict["state"] = state

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = str(self.status)
        if status is not UNSET:
            _field_dict["status"] = status

        upscaling_option: str | Unset = UNSET
        if not isinstance(self.upscaling_option, Unset):
            upscaling_option = str(self.upscaling_option)
        if upscaling_option is not UNSET:
            _field_dict["upscalingOption"] = upscaling_option

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
            created_at: Any = _d.pop("createdAt")
            try:
                created_at = datetime.datetime.fromisoformat(created_at)
            except (TypeError, ValueError):
                created_at = _read.moment(created_at, "createdAt")
            prompt: Any = _d.pop("prompt")
            if type(prompt) is not str:
                prompt = _read.string(prompt, "prompt")
            negative_prompt: Any = _d.pop("negativePrompt")
            if type(negative_prompt) is not str:
                negative_prompt = _read.string(negative_prompt, "negativePrompt")
            seed: Any = _d.pop("seed")
            if type(seed) is not int:
                seed = _read.integer(seed, "seed")
            width: Any = _d.pop("width")
            if type(width) is not int:
                width = _read.integer(width, "width")
            height: Any = _d.pop("height")
            if type(height) is not int:
                height = _read.integer(height, "height")
            prompt_strength: Any = _d.pop("promptStrength")
            if type(prompt_strength) is not float and type(prompt_strength) is not int:
                prompt_strength = _read.number(prompt_strength, "promptStrength")
            number_of_images: Any = _d.pop("numberOfImages")
            if type(number_of_images) is not int:
                number_of_images = _read.integer(number_of_images, "numberOfImages")
            steps: Any = _d.pop("steps")
            if type(steps) is not int:
                steps = _read.integer(steps, "steps")
            images: Any = _d.pop("images")
            if type(images) is not list:
                images = _read.array(images, "images")
            _images: list[Any] = []
            try:
                for _item in images:
                    _images.append(InferenceImageEntity._from_json(_item))
            except DecodeError as _error:
                _error.within(f"images[{len(_images)}]")
                raise
            images = _images
            model_id: Any = _d.pop("modelId")
            if type(model_id) is not str:
                model_id = _read.string(model_id, "modelId")
            state: Any = _d.pop("state", UNSET)
            if state is None:
                state = UNSET
            elif state is not UNSET:
                try:
                    state = JobState._value2member_map_.get(state) or JobState(state)
                except (TypeError, ValueError):
                    _read.reject(state, "state", "a string")
            status: Any = _d.pop("status", UNSET)
            if status is None:
                status = UNSET
            elif status is not UNSET:
                try:
                    status = JobState._value2member_map_.get(status) or JobState(status)
                except (TypeError, ValueError):
                    _read.reject(status, "status", "a string")
            upscaling_option: Any = _d.pop("upscalingOption", UNSET)
            if upscaling_option is None:
                upscaling_option = UNSET
            elif upscaling_option is not UNSET:
                try:
                    upscaling_option = UpscalingOption._value2member_map_.get(upscaling_option) or UpscalingOption(
                        upscaling_option
                    )
                except (TypeError, ValueError):
                    _read.reject(upscaling_option, "upscalingOption", "a string")
        except KeyError as _missing:
            raise DecodeError(str(_missing.args[0]), "is missing") from None
        if state is UNSET and status is UNSET:
            raise DecodeError("", "has none of state, status")
        # Made last, since the debugger of whoever looks at an error could not show half of it.
        _self = cls.__new__(cls)
        _self.id = id
        _self.created_at = created_at
        _self.prompt = prompt
        _self.negative_prompt = negative_prompt
        _self.seed = seed
        _self.width = width
        _self.height = height
        _self.prompt_strength = prompt_strength
        _self.number_of_images = number_of_images
        _self.steps = steps
        _self.images = images
        _self.model_id = model_id
        _self.state = state
        _self.status = status
        _self.upscaling_option = upscaling_option
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


# Imported last, because models may refer to each other in circles.
from ..models.inference_image_entity import InferenceImageEntity
