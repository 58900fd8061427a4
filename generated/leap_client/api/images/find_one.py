# Generated from openapi.yaml by `make generate`. Do not edit.
"""Get a single image job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from ... import _checks as _check
from ... import _reading as _read
from ... import client as _client  # as a module, because it imports this one
from ...models.inference_entity import InferenceEntity
from ...models.public_model import PublicModel
from ...types import UNSET, Response, Unset


def _get_kwargs(
    model_id: str,
    inference_id: str,
) -> dict[str, Any]:
    """Build the request of the operation, in the terms of httpx."""
    _check.no_name_of(PublicModel, model_id, "model_id")
    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": f"/api/v1/images/models/{_check.path_segment(model_id, 'model_id')}/inferences/{_check.path_segment(inference_id, 'inference_id')}",
        "headers": {
            "Accept": "application/json",
        },
    }
    return _kwargs


def _parse_response(response: httpx.Response) -> InferenceEntity:
    """Read a success."""
    parsed: InferenceEntity = _read.answer(InferenceEntity, response, "find_one")
    return parsed


def sync_detailed(
    model_id: str,
    inference_id: str,
    *,
    client: _client.Leap,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> Response[InferenceEntity]:
    """Call the operation as `Leap.images.find_one_detailed` does, which describes it."""
    return client._call(
        _get_kwargs(
            model_id,
            inference_id,
        ),
        _parse_response,
        timeout=timeout,
        extra_headers=extra_headers,
        extra_query=extra_query,
        extra_body=extra_body,
    )


def sync(
    model_id: str,
    inference_id: str,
    *,
    client: _client.Leap,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> InferenceEntity:
    """Call the operation as `Leap.images.find_one` does, which describes it."""
    return (
        client._call(
            _get_kwargs(
                model_id,
                inference_id,
            ),
            _parse_response,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )
    ).parsed


async def asyncio_detailed(
    model_id: str,
    inference_id: str,
    *,
    client: _client.AsyncLeap,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> Response[InferenceEntity]:
    """Call the operation as `AsyncLeap.images.find_one_detailed` does, which describes it."""
    return await client._call(
        _get_kwargs(
            model_id,
            inference_id,
        ),
        _parse_response,
        timeout=timeout,
        extra_headers=extra_headers,
        extra_query=extra_query,
        extra_body=extra_body,
    )


async def asyncio(
    model_id: str,
    inference_id: str,
    *,
    client: _client.AsyncLeap,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> InferenceEntity:
    """Call the operation as `AsyncLeap.images.find_one` does, which describes it."""
    return (
        await client._call(
            _get_kwargs(
                model_id,
                inference_id,
            ),
            _parse_response,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )
    ).parsed
