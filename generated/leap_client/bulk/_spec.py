# Generated from openapi.yaml by `make generate`. Do not edit.
"""What bulk runs know of the document."""

from ..client import AsyncLeap, Leap
from ..models import CreateInferenceDto
from ._rules import Field, Rules

RULES = Rules(
    client=Leap,
    async_client=AsyncLeap,
    body=CreateInferenceDto,
    fields=(
        Field("prompt", "prompt", "string"),
        Field("negative_prompt", "negativePrompt", "string"),
        Field("steps", "steps", "integer"),
        Field("width", "width", "integer"),
        Field("height", "height", "integer"),
        Field("number_of_images", "numberOfImages", "integer"),
        Field("prompt_strength", "promptStrength", "number"),
        Field("seed", "seed", "integer"),
        Field("webhook_url", "webhookUrl", "string"),
        Field("enhance_prompt", "enhancePrompt", "boolean"),
        Field("restore_faces", "restoreFaces", "boolean"),
        Field("upscale_by", "upscaleBy", "string"),
        Field("sampler", "sampler", "string"),
    ),
    scope_flag="model",
    scope_names={
        "SDXL": "26a1a203-3a46-42cb-8cfa-f4de075907d8",
        "STABLE_DIFFUSION_2_1": "ee88d150-4259-4b77-9d0f-090abe29f650",
        "STABLE_DIFFUSION_1_5": "8b1b897c-d66d-45a6-b8d7-8e32421d02cf",
        "REALISTIC_VISION_4_0": "37d42ae9-5f5f-4399-b60b-014d35e762a5",
        "REALISTIC_VISION_2_0": "eab32df0-de26-4b83-a908-a83f3015e971",
        "OPENJOURNEY_4": "1e7737d7-545e-469f-857f-e4b46eaa151d",
        "OPENJOURNEY_2": "d66b1686-5e5d-43b2-a2e7-d295d679917c",
        "OPENJOURNEY_1": "7575ea52-3d4f-400f-9ded-09f7b1b1a5b8",
        "MODERN_DISNEY": "8ead1e66-5722-4ff6-a13f-b5212f575321",
        "FUTURE_DIFFUSION": "1285ded4-b11b-4993-a491-d87cdfe6310c",
    },
    resource="images",
    submit="generate",
    find="find_one",
    list="list_all",
    page="page",
    size="page_size",
    first_page=0,
    files="images",
    uri="uri",
    state="current_state",
    success=("finished",),
    failure=("failed",),
    key="id",
    key_wire="id",
    created="created_at",
    recognised=(
        "prompt",
        "seed",
    ),
    drawn="seed",
    draw_from=1,
    draw_to=2147483647,
    counted="number_of_images",
    document="94bfefa117e6925f",
)
