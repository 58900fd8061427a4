# Generated from openapi.yaml by `make generate`. Do not edit.
"""The named values `PublicModel`."""

from enum import StrEnum


class PublicModel(StrEnum):
    """The values of `modelId` that have names.

    Each member is a string, and is accepted wherever such a value is.
    """

    SDXL = "26a1a203-3a46-42cb-8cfa-f4de075907d8"
    """SDXL"""
    STABLE_DIFFUSION_2_1 = "ee88d150-4259-4b77-9d0f-090abe29f650"
    """Stable Diffusion 2.1"""
    STABLE_DIFFUSION_1_5 = "8b1b897c-d66d-45a6-b8d7-8e32421d02cf"
    """Stable Diffusion 1.5"""
    REALISTIC_VISION_4_0 = "37d42ae9-5f5f-4399-b60b-014d35e762a5"
    """Realistic Vision v4.0"""
    REALISTIC_VISION_2_0 = "eab32df0-de26-4b83-a908-a83f3015e971"
    """Realistic Vision v2.0"""
    OPENJOURNEY_4 = "1e7737d7-545e-469f-857f-e4b46eaa151d"
    """OpenJourney v4"""
    OPENJOURNEY_2 = "d66b1686-5e5d-43b2-a2e7-d295d679917c"
    """OpenJourney v2"""
    OPENJOURNEY_1 = "7575ea52-3d4f-400f-9ded-09f7b1b1a5b8"
    """OpenJourney v1; put `mdjrny-v4 style` into the prompt"""
    MODERN_DISNEY = "8ead1e66-5722-4ff6-a13f-b5212f575321"
    """Modern Disney; put `modern disney style` into the prompt"""
    FUTURE_DIFFUSION = "1285ded4-b11b-4993-a491-d87cdfe6310c"
    """Future Diffusion; put `future style` into the prompt"""
