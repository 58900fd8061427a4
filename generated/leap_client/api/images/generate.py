# Generated from openapi.yaml by `make generate`. Do not edit.
"""Generate an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ... import _checks as _check
from ... import _reading as _read
from ...models.create_inference_dto import CreateInferenceDto
from ...models.inference_entity import InferenceEntity
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    from ...client import AsyncLeap, Leap


def _get_kwargs(
    model_id: str,
    *,
    body: CreateInferenceDto,
) -> dict[str, Any]:
    """Build the request of the operation, in the terms of httpx."""
    _check.validate(body)
    headers: dict[str, Any] = {"Accept": "application/json"}

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": f"/api/v1/images/models/{_check.path_segment(model_id, 'model_id')}/inferences",
        "headers": headers,
    }
    _kwargs["json"] = body.to_dict()
    headers["Content-Type"] = "application/json"

    return _kwargs


def _parse_response(response: httpx.Response) -> InferenceEntity:
    """Read a success."""
    parsed: InferenceEntity = _read.answer(InferenceEntity, response.json(), "generate")
    return parsed


def sync_detailed(
    model_id: str,
    *,
    client: Leap,
    body: CreateInferenceDto,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
) -> Response[InferenceEntity]:
    """Generate an image.

    Submit a job that turns a text into images. The answer comes at once, with the job still queued; one image
    takes about 4 to 20 seconds, more with more `steps` and a larger `numberOfImages`. To get the images, wait
    for the job or give a `webhookUrl`. Every accepted call is paid for.

    Args:
        model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
        client: The client to send with.
        body (CreateInferenceDto): What to generate.
        timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may take,
            more than 0; None for no limit. If left out: the limits of the client.

    Returns:
        The answer, with status, headers and time, and in `parsed`: The job was accepted and is queued.

    Raises:
        ApiError: The server refused the request or failed on it; the class tells how.
        ConnectionFailed: No answer came.
        RequestTimeout: No complete answer came in time.
        DecodeError: The answer cannot be read.
        ValueError: An argument cannot be right.
        TypeError: An argument is of the wrong type.

    Reference: README.md#imagesgenerate
    """
    return client.call(
        _get_kwargs(
            model_id,
            body=body,
        ),
        _parse_response,
        timeout,
    )


def sync(
    model_id: str,
    *,
    client: Leap,
    body: CreateInferenceDto,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
) -> InferenceEntity:
    """Generate an image.

    Submit a job that turns a text into images. The answer comes at once, with the job still queued; one image
    takes about 4 to 20 seconds, more with more `steps` and a larger `numberOfImages`. To get the images, wait
    for the job or give a `webhookUrl`. Every accepted call is paid for.

    Args:
        model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
        client: The client to send with.
        body (CreateInferenceDto): What to generate.
        timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may take,
            more than 0; None for no limit. If left out: the limits of the client.

    Returns:
        The job was accepted and is queued.

    Raises:
        ApiError: The server refused the request or failed on it; the class tells how.
        ConnectionFailed: No answer came.
        RequestTimeout: No complete answer came in time.
        DecodeError: The answer cannot be read.
        ValueError: An argument cannot be right.
        TypeError: An argument is of the wrong type.

    Reference: README.md#imagesgenerate
    """
    return (
        client.call(
            _get_kwargs(
                model_id,
                body=body,
            ),
            _parse_response,
            timeout,
        )
    ).parsed


async def asyncio_detailed(
    model_id: str,
    *,
    client: AsyncLeap,
    body: CreateInferenceDto,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
) -> Response[InferenceEntity]:
    """Generate an image.

    Submit a job that turns a text into images. The answer comes at once, with the job still queued; one image
    takes about 4 to 20 seconds, more with more `steps` and a larger `numberOfImages`. To get the images, wait
    for the job or give a `webhookUrl`. Every accepted call is paid for.

    Args:
        model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
        client: The client to send with.
        body (CreateInferenceDto): What to generate.
        timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may take,
            more than 0; None for no limit. If left out: the limits of the client.

    Returns:
        The answer, with status, headers and time, and in `parsed`: The job was accepted and is queued.

    Raises:
        ApiError: The server refused the request or failed on it; the class tells how.
        ConnectionFailed: No answer came.
        RequestTimeout: No complete answer came in time.
        DecodeError: The answer cannot be read.
        ValueError: An argument cannot be right.
        TypeError: An argument is of the wrong type.

    Reference: README.md#imagesgenerate
    """
    return await client.call(
        _get_kwargs(
            model_id,
            body=body,
        ),
        _parse_response,
        timeout,
    )


async def asyncio(
    model_id: str,
    *,
    client: AsyncLeap,
    body: CreateInferenceDto,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
) -> InferenceEntity:
    """Generate an image.

    Submit a job that turns a text into images. The answer comes at once, with the job still queued; one image
    takes about 4 to 20 seconds, more with more `steps` and a larger `numberOfImages`. To get the images, wait
    for the job or give a `webhookUrl`. Every accepted call is paid for.

    Args:
        model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
        client: The client to send with.
        body (CreateInferenceDto): What to generate.
        timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may take,
            more than 0; None for no limit. If left out: the limits of the client.

    Returns:
        The job was accepted and is queued.

    Raises:
        ApiError: The server refused the request or failed on it; the class tells how.
        ConnectionFailed: No answer came.
        RequestTimeout: No complete answer came in time.
        DecodeError: The answer cannot be read.
        ValueError: An argument cannot be right.
        TypeError: An argument is of the wrong type.

    Reference: README.md#imagesgenerate
    """
    return (
        await client.call(
            _get_kwargs(
                model_id,
                body=body,
            ),
            _parse_response,
            timeout,
        )
    ).parsed
