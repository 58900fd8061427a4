# Generated from openapi.yaml by `make generate`. Do not edit.
"""Get a single image job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ... import _checks as _check
from ... import _reading as _read
from ...models.inference_entity import InferenceEntity
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    from ...client import AsyncLeap, Leap


def _get_kwargs(
    model_id: str,
    inference_id: str,
) -> dict[str, Any]:
    """Build the request of the operation, in the terms of httpx."""
    headers: dict[str, Any] = {"Accept": "application/json"}

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": f"/api/v1/images/models/{_check.path_segment(model_id, 'model_id')}/inferences/{_check.path_segment(inference_id, 'inference_id')}",
        "headers": headers,
    }
    return _kwargs


def _parse_response(response: httpx.Response) -> InferenceEntity:
    """Read a success."""
    parsed: InferenceEntity = _read.answer(InferenceEntity, response.json(), "find_one")
    return parsed


def sync_detailed(
    model_id: str,
    inference_id: str,
    *,
    client: Leap,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
) -> Response[InferenceEntity]:
    """Get a single image job.

    Fetch one job, with the addresses of the images that are ready.

    Args:
        model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
        inference_id (str): ID of the job, as the answer to its submission gave it. Not empty.
        client: The client to send with.
        timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may take,
            more than 0; None for no limit. If left out: the limits of the client.

    Returns:
        The answer, with status, headers and time, and in `parsed`: The job.

    Raises:
        ApiError: The server refused the request or failed on it; the class tells how.
        ConnectionFailed: No answer came.
        RequestTimeout: No complete answer came in time.
        DecodeError: The answer cannot be read.
        ValueError: An argument cannot be right.
        TypeError: An argument is of the wrong type.

    Reference: README.md#imagesfind_one
    """
    return client.call(
        _get_kwargs(
            model_id,
            inference_id,
        ),
        _parse_response,
        timeout,
    )


def sync(
    model_id: str,
    inference_id: str,
    *,
    client: Leap,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
) -> InferenceEntity:
    """Get a single image job.

    Fetch one job, with the addresses of the images that are ready.

    Args:
        model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
        inference_id (str): ID of the job, as the answer to its submission gave it. Not empty.
        client: The client to send with.
        timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may take,
            more than 0; None for no limit. If left out: the limits of the client.

    Returns:
        The job.

    Raises:
        ApiError: The server refused the request or failed on it; the class tells how.
        ConnectionFailed: No answer came.
        RequestTimeout: No complete answer came in time.
        DecodeError: The answer cannot be read.
        ValueError: An argument cannot be right.
        TypeError: An argument is of the wrong type.

    Reference: README.md#imagesfind_one
    """
    return (
        client.call(
            _get_kwargs(
                model_id,
                inference_id,
            ),
            _parse_response,
            timeout,
        )
    ).parsed


async def asyncio_detailed(
    model_id: str,
    inference_id: str,
    *,
    client: AsyncLeap,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
) -> Response[InferenceEntity]:
    """Get a single image job.

    Fetch one job, with the addresses of the images that are ready.

    Args:
        model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
        inference_id (str): ID of the job, as the answer to its submission gave it. Not empty.
        client: The client to send with.
        timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may take,
            more than 0; None for no limit. If left out: the limits of the client.

    Returns:
        The answer, with status, headers and time, and in `parsed`: The job.

    Raises:
        ApiError: The server refused the request or failed on it; the class tells how.
        ConnectionFailed: No answer came.
        RequestTimeout: No complete answer came in time.
        DecodeError: The answer cannot be read.
        ValueError: An argument cannot be right.
        TypeError: An argument is of the wrong type.

    Reference: README.md#imagesfind_one
    """
    return await client.call(
        _get_kwargs(
            model_id,
            inference_id,
        ),
        _parse_response,
        timeout,
    )


async def asyncio(
    model_id: str,
    inference_id: str,
    *,
    client: AsyncLeap,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
) -> InferenceEntity:
    """Get a single image job.

    Fetch one job, with the addresses of the images that are ready.

    Args:
        model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
        inference_id (str): ID of the job, as the answer to its submission gave it. Not empty.
        client: The client to send with.
        timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may take,
            more than 0; None for no limit. If left out: the limits of the client.

    Returns:
        The job.

    Raises:
        ApiError: The server refused the request or failed on it; the class tells how.
        ConnectionFailed: No answer came.
        RequestTimeout: No complete answer came in time.
        DecodeError: The answer cannot be read.
        ValueError: An argument cannot be right.
        TypeError: An argument is of the wrong type.

    Reference: README.md#imagesfind_one
    """
    return (
        await client.call(
            _get_kwargs(
                model_id,
                inference_id,
            ),
            _parse_response,
            timeout,
        )
    ).parsed
