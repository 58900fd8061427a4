# Generated from openapi.yaml by `make generate`. Do not edit.
"""Generate an image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from ... import _checks as _check
from ... import _model
from ... import _reading as _read
from ... import client as _client  # as a module, because it imports this one
from ...models.create_inference_dto import CreateInferenceDto
from ...models.inference_entity import InferenceEntity
from ...models.public_model import PublicModel
from ...types import UNSET, Response, Unset


def _get_kwargs(
    model_id: str,
    *,
    body: CreateInferenceDto,
) -> dict[str, Any]:
    """Build the request of the operation, in the terms of httpx."""
    _check.no_name_of(PublicModel, model_id, "model_id")
    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": f"/api/v1/images/models/{_check.path_segment(model_id, 'model_id')}/inferences",
        "headers": {
            "Accept": "application/json",
        },
    }
    _check.validate(body)
    _kwargs["json"] = _model.written(body)
    _kwargs["headers"]["Content-Type"] = "application/json"
    return _kwargs


def _parse_response(response: httpx.Response) -> InferenceEntity:
    """Read a success."""
    parsed: InferenceEntity = _read.answer(InferenceEntity, response, "generate")
    return parsed


def sync_detailed(
    model_id: str,
    *,
    client: _client.Leap,
    body: CreateInferenceDto,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> Response[InferenceEntity]:
    """Call the operation as `Leap.images.generate_detailed` does, which describes it."""
    return client._call(
        _get_kwargs(
            model_id,
            body=body,
        ),
        _parse_response,
        timeout=timeout,
        extra_headers=extra_headers,
        extra_query=extra_query,
        extra_body=extra_body,
    )


def sync(
    model_id: str,
    *,
    client: _client.Leap,
    body: CreateInferenceDto,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> InferenceEntity:
    """Call the operation as `Leap.images.generate` does, which describes it."""
    return (
        client._call(
            _get_kwargs(
                model_id,
                body=body,
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
    *,
    client: _client.AsyncLeap,
    body: CreateInferenceDto,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> Response[InferenceEntity]:
    """Call the operation as `AsyncLeap.images.generate_detailed` does, which describes it."""
    return await client._call(
        _get_kwargs(
            model_id,
            body=body,
        ),
        _parse_response,
        timeout=timeout,
        extra_headers=extra_headers,
        extra_query=extra_query,
        extra_body=extra_body,
    )


async def asyncio(
    model_id: str,
    *,
    client: _client.AsyncLeap,
    body: CreateInferenceDto,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> InferenceEntity:
    """Call the operation as `AsyncLeap.images.generate` does, which describes it."""
    return (
        await client._call(
            _get_kwargs(
                model_id,
                body=body,
            ),
            _parse_response,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )
    ).parsed
