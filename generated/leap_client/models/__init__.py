# Generated from openapi.yaml by `make generate`. Do not edit.
"""The objects that requests and answers are made of."""

from .create_inference_dto import CreateInferenceDto
from .inference_entity import InferenceEntity
from .inference_image_entity import InferenceImageEntity
from .job_state import JobState
from .public_model import PublicModel
from .upscaling_option import UpscalingOption

__all__ = (
    "CreateInferenceDto",
    "InferenceEntity",
    "InferenceImageEntity",
    "JobState",
    "PublicModel",
    "UpscalingOption",
)
