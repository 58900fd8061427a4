# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the document says of the fields of models, as JSON Schema; pydantic describes them by it."""

from typing import Any

FIELDS: dict[str, dict[str, dict[str, Any]]] = {
    "CreateInferenceDto": {
        "prompt": {"description": "What the image should show.", "minLength": 1},
        "negativePrompt": {"description": "What the image should not show. May be empty."},
        "steps": {
            "description": "Number of steps the model takes. Fewer are faster, more give finer detail.",
            "minimum": 1,
        },
        "width": {
            "description": "Width of the image in pixels. SDXL works best at 1024 by 1024, the other models at 512 by 512.",
            "multipleOf": 8,
            "minimum": 8,
        },
        "height": {
            "description": "Height of the image in pixels. SDXL works best at 1024 by 1024, the other models at 512 by 512.",
            "multipleOf": 8,
            "minimum": 8,
        },
        "numberOfImages": {"description": "Number of images to make.", "minimum": 1, "maximum": 4},
        "promptStrength": {
            "description": "How closely the image follows the prompt; the higher, the closer.",
            "minimum": 0,
            "maximum": 30,
        },
        "seed": {
            "description": "Start value of the random numbers. The same seed with the same request gives the same image. If left out, the server picks one, so that every call gives another image.",
            "format": "int64",
        },
        "webhookUrl": {
            "description": "Address that gets a POST when the job has finished or failed. If left out, nobody is told.",
            "minLength": 1,
            "format": "uri",
        },
        "enhancePrompt": {
            "description": "Whether to let the service improve the prompt. Undocumented; seen in applications."
        },
        "restoreFaces": {"description": "Whether to correct faces. Undocumented; seen in applications."},
        "upscaleBy": {
            "description": "How much to enlarge the images; `x1` and `x2` were seen. Undocumented; seen in applications.",
            "minLength": 1,
        },
        "sampler": {
            "description": "Sampler of the model; `ddim` was seen. Undocumented; seen in applications.",
            "minLength": 1,
        },
    },
    "InferenceEntity": {
        "id": {"description": "ID of the job."},
        "createdAt": {"description": "When the job was submitted."},
        "prompt": {"description": "What the image should show."},
        "negativePrompt": {"description": "What the image should not show. May be empty."},
        "seed": {
            "description": "Start value of the random numbers; the server picks one if the request had none.",
            "format": "int64",
        },
        "width": {"description": "Width of the images in pixels."},
        "height": {"description": "Height of the images in pixels."},
        "promptStrength": {"description": "How closely the image follows the prompt; the higher, the closer."},
        "numberOfImages": {"description": "Number of images asked for."},
        "steps": {"description": "Number of steps the model takes."},
        "images": {"description": "The images that are ready, in no particular order."},
        "modelId": {"description": "ID of the model that makes the images."},
        "state": {"description": "Where the job stands, in the answer to find-one. Prefer `current_state`."},
        "status": {
            "description": "Where the job stands, in the answers to generate and list-all. Prefer `current_state`."
        },
        "upscalingOption": {"description": "How much the images are enlarged."},
    },
    "InferenceImageEntity": {
        "id": {"description": "ID of the image."},
        "uri": {"description": "Address of the image file.", "format": "uri"},
        "createdAt": {"description": "When the image was made."},
    },
}
