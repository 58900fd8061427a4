# Generated from openapi.yaml by `make generate`. Do not edit.
"""The model `CreateInferenceDto`."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from attrs import setters as _attrs_setters

from .. import _checks as _check
from .. import _reading as _read
from ..errors import DecodeError
from ..types import UNSET, Unset


# Checks are made at construction and when the object is sent; a plain assignment stays as fast as it looks.
@_attrs_define(kw_only=True, on_setattr=_attrs_setters.NO_OP)
class CreateInferenceDto:
    """What to generate.

    Attributes:
        prompt (str): What the image should show. Example: A photo of an astronaut riding a horse.
        negative_prompt (str | Unset): What the image should not show. May be empty. Example: asymmetric,
            watermarks.
        steps (int | Unset): Number of steps the model takes. Fewer are faster, more give finer detail. Example: 50.
        width (int | Unset): Width of the image in pixels. SDXL works best at 1024 by 1024, the other models at 512
            by 512. Example: 1024.
        height (int | Unset): Height of the image in pixels. SDXL works best at 1024 by 1024, the other models at
            512 by 512. Example: 1024.
        number_of_images (int | Unset): Number of images to make. Example: 1.
        prompt_strength (float | Unset): How closely the image follows the prompt; the higher, the closer. Example:
            7.
        seed (int | Unset): Start value of the random numbers. The same seed with the same request gives the same
            image. If left out, the server picks one, so that every call gives another image. Example: 4523184.
        webhook_url (str | Unset): Address that gets a POST when the job has finished or failed. If left out, nobody
            is told. Example: https://example.com/hooks/leap?secret=change-me.
        enhance_prompt (bool | Unset): Whether to let the service improve the prompt. Undocumented; seen in
            applications. Example: True.
        restore_faces (bool | Unset): Whether to correct faces. Undocumented; seen in applications. Example: True.
        upscale_by (str | Unset): How much to enlarge the images; `x1` and `x2` were seen. Undocumented; seen in
            applications. Example: x2.
        sampler (str | Unset): Sampler of the model; `ddim` was seen. Undocumented; seen in applications. Example:
            ddim.
    """

    prompt: str = _attrs_field(
        validator=_check.validator(
            _check.of_type("a string", str),
            _check.longer_or_equal(1),
        )
    )
    negative_prompt: str | Unset = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("a string", str),
        ),
    )
    steps: int | Unset = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("an integer", int),
            _check.at_least(1),
        ),
    )
    width: int | Unset = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("an integer", int),
            _check.multiple_of(8),
            _check.at_least(8),
        ),
    )
    height: int | Unset = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("an integer", int),
            _check.multiple_of(8),
            _check.at_least(8),
        ),
    )
    number_of_images: int | Unset = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("an integer", int),
            _check.at_least(1),
            _check.at_most(4),
        ),
    )
    prompt_strength: float | Unset = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("a number", int, float),
            _check.at_least(0),
            _check.at_most(30),
        ),
    )
    seed: int | Unset = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("an integer", int),
            _check.in_format("int64"),
        ),
    )
    webhook_url: str | Unset = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("a string", str),
            _check.longer_or_equal(1),
            _check.in_format("uri"),
        ),
    )
    enhance_prompt: bool | Unset = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("True or False", bool),
        ),
    )
    restore_faces: bool | Unset = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("True or False", bool),
        ),
    )
    upscale_by: str | Unset = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("a string", str),
            _check.longer_or_equal(1),
        ),
    )
    sampler: str | Unset = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("a string", str),
            _check.longer_or_equal(1),
        ),
    )

    def to_dict(self) -> dict[str, Any]:
        """Give the object as it is in JSON; what nobody set is left out."""
        _field_dict: dict[str, Any] = {}
        _field_dict["prompt"] = self.prompt

        if self.negative_prompt is not UNSET:
            _field_dict["negativePrompt"] = self.negative_prompt

        if self.steps is not UNSET:
            _field_dict["steps"] = self.steps

        if self.width is not UNSET:
            _field_dict["width"] = self.width

        if self.height is not UNSET:
            _field_dict["height"] = self.height

        if self.number_of_images is not UNSET:
            _field_dict["numberOfImages"] = self.number_of_images

        if self.prompt_strength is not UNSET:
            _field_dict["promptStrength"] = self.prompt_strength

        if self.seed is not UNSET:
            _field_dict["seed"] = self.seed

        if self.webhook_url is not UNSET:
            _field_dict["webhookUrl"] = self.webhook_url

        if self.enhance_prompt is not UNSET:
            _field_dict["enhancePrompt"] = self.enhance_prompt

        if self.restore_faces is not UNSET:
            _field_dict["restoreFaces"] = self.restore_faces

        if self.upscale_by is not UNSET:
            _field_dict["upscaleBy"] = self.upscale_by

        if self.sampler is not UNSET:
            _field_dict["sampler"] = self.sampler

        return _field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the object from parsed JSON.

        Args:
            src_dict: The JSON object; it is left as it is.

        Returns:
            The object.

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
            prompt: Any = _d.pop("prompt")
            if type(prompt) is not str:
                prompt = _read.string(prompt, "prompt")
            negative_prompt: Any = _d.pop("negativePrompt", UNSET)
            if type(negative_prompt) is not str and negative_prompt is not UNSET:
                negative_prompt = UNSET if negative_prompt is None else _read.string(negative_prompt, "negativePrompt")
            steps: Any = _d.pop("steps", UNSET)
            if type(steps) is not int and steps is not UNSET:
                steps = UNSET if steps is None else _read.integer(steps, "steps")
            width: Any = _d.pop("width", UNSET)
            if type(width) is not int and width is not UNSET:
                width = UNSET if width is None else _read.integer(width, "width")
            height: Any = _d.pop("height", UNSET)
            if type(height) is not int and height is not UNSET:
                height = UNSET if height is None else _read.integer(height, "height")
            number_of_images: Any = _d.pop("numberOfImages", UNSET)
            if type(number_of_images) is not int and number_of_images is not UNSET:
                number_of_images = (
                    UNSET if number_of_images is None else _read.integer(number_of_images, "numberOfImages")
                )
            prompt_strength: Any = _d.pop("promptStrength", UNSET)
            if type(prompt_strength) is not float and type(prompt_strength) is not int and prompt_strength is not UNSET:
                prompt_strength = UNSET if prompt_strength is None else _read.number(prompt_strength, "promptStrength")
            seed: Any = _d.pop("seed", UNSET)
            if type(seed) is not int and seed is not UNSET:
                seed = UNSET if seed is None else _read.integer(seed, "seed")
            webhook_url: Any = _d.pop("webhookUrl", UNSET)
            if type(webhook_url) is not str and webhook_url is not UNSET:
                webhook_url = UNSET if webhook_url is None else _read.string(webhook_url, "webhookUrl")
            enhance_prompt: Any = _d.pop("enhancePrompt", UNSET)
            if type(enhance_prompt) is not bool and enhance_prompt is not UNSET:
                enhance_prompt = UNSET if enhance_prompt is None else _read.boolean(enhance_prompt, "enhancePrompt")
            restore_faces: Any = _d.pop("restoreFaces", UNSET)
            if type(restore_faces) is not bool and restore_faces is not UNSET:
                restore_faces = UNSET if restore_faces is None else _read.boolean(restore_faces, "restoreFaces")
            upscale_by: Any = _d.pop("upscaleBy", UNSET)
            if type(upscale_by) is not str and upscale_by is not UNSET:
                upscale_by = UNSET if upscale_by is None else _read.string(upscale_by, "upscaleBy")
            sampler: Any = _d.pop("sampler", UNSET)
            if type(sampler) is not str and sampler is not UNSET:
                sampler = UNSET if sampler is None else _read.string(sampler, "sampler")
        except KeyError as _missing:
            raise DecodeError(str(_missing.args[0]), "is missing") from None
        # Made last, since the debugger of whoever looks at an error could not show half of it.
        _self = cls.__new__(cls)
        _self.prompt = prompt
        _self.negative_prompt = negative_prompt
        _self.steps = steps
        _self.width = width
        _self.height = height
        _self.number_of_images = number_of_images
        _self.prompt_strength = prompt_strength
        _self.seed = seed
        _self.webhook_url = webhook_url
        _self.enhance_prompt = enhance_prompt
        _self.restore_faces = restore_faces
        _self.upscale_by = upscale_by
        _self.sampler = sampler
        return _self
