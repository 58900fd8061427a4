# Generated from openapi.yaml by `make generate`. Do not edit.
"""The model `CreateInferenceDto`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from attrs import setters as _attrs_setters

from .. import _checks as _check
from .. import _model
from ..types import UNSET, Unset


# Checks are made at construction and when the object is sent; a plain assignment stays as fast as it looks.
@_attrs_define(kw_only=True, eq=False, repr=False, getstate_setstate=False, on_setattr=_attrs_setters.NO_OP)
class CreateInferenceDto(_model.Model):
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
    negative_prompt: str | Unset | None = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("a string", str, type(None)),
        ),
    )
    steps: int | Unset | None = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("an integer", int, type(None)),
            _check.at_least(1),
        ),
    )
    width: int | Unset | None = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("an integer", int, type(None)),
            _check.multiple_of(8),
            _check.at_least(8),
        ),
    )
    height: int | Unset | None = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("an integer", int, type(None)),
            _check.multiple_of(8),
            _check.at_least(8),
        ),
    )
    number_of_images: int | Unset | None = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("an integer", int, type(None)),
            _check.at_least(1),
            _check.at_most(4),
        ),
    )
    prompt_strength: float | Unset | None = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("a number", int, float, type(None)),
            _check.at_least(0),
            _check.at_most(30),
        ),
    )
    seed: int | Unset | None = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("an integer", int, type(None)),
            _check.in_format("int64"),
        ),
    )
    webhook_url: str | Unset | None = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("a string", str, type(None)),
            _check.longer_or_equal(1),
            _check.in_format("uri"),
        ),
    )
    enhance_prompt: bool | Unset | None = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("True or False", bool, type(None)),
        ),
    )
    restore_faces: bool | Unset | None = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("True or False", bool, type(None)),
        ),
    )
    upscale_by: str | Unset | None = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("a string", str, type(None)),
            _check.longer_or_equal(1),
        ),
    )
    sampler: str | Unset | None = _attrs_field(
        default=UNSET,
        validator=_check.validator(
            _check.of_type("a string", str, type(None)),
            _check.longer_or_equal(1),
        ),
    )

    _names: ClassVar[Mapping[str, str]] = {
        "prompt": "prompt",
        "negative_prompt": "negativePrompt",
        "steps": "steps",
        "width": "width",
        "height": "height",
        "number_of_images": "numberOfImages",
        "prompt_strength": "promptStrength",
        "seed": "seed",
        "webhook_url": "webhookUrl",
        "enhance_prompt": "enhancePrompt",
        "restore_faces": "restoreFaces",
        "upscale_by": "upscaleBy",
        "sampler": "sampler",
    }
    _is_sent: ClassVar[bool] = True
