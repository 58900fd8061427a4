# Generated from openapi.yaml by `make generate`. Do not edit.
"""The objects that requests and answers are made of."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .create_inference_dto import CreateInferenceDto as CreateInferenceDto
    from .inference_entity import InferenceEntity as InferenceEntity
    from .inference_image_entity import InferenceImageEntity as InferenceImageEntity
    from .job_state import JobState as JobState
    from .public_model import PublicModel as PublicModel
    from .upscaling_option import UpscalingOption as UpscalingOption

__all__ = (
    "CreateInferenceDto",
    "InferenceEntity",
    "InferenceImageEntity",
    "JobState",
    "PublicModel",
    "UpscalingOption",
)
_HOMES = {
    "CreateInferenceDto": ".create_inference_dto",
    "InferenceEntity": ".inference_entity",
    "InferenceImageEntity": ".inference_image_entity",
    "JobState": ".job_state",
    "UpscalingOption": ".upscaling_option",
    "PublicModel": ".public_model",
}


def __getattr__(name: str) -> Any:
    """Load a model when it is first asked for, since few programs need them all."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(_HOMES[name], __name__)
    # What is called like its home is the module itself. A global now, so the next look-up does not come here.
    value = globals()[name] = module if _HOMES[name] == f".{name}" else getattr(module, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
