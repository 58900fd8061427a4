# Generated from openapi.yaml by `make generate`. Do not edit.
"""List all image jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from ... import _checks as _check
from ... import _encoding as _encode
from ... import _reading as _read
from ... import client as _client  # as a module, because it imports this one
from ...models.inference_entity import InferenceEntity
from ...models.public_model import PublicModel
from ...types import UNSET, Response, Unset

_ONLY_FINISHED_CHECKS = (_check.of_type("True or False", bool, type(None)),)
_PAGE_CHECKS = (
    _check.of_type("an integer", int, type(None)),
    _check.at_least(0),
)
_PAGE_SIZE_CHECKS = (
    _check.of_type("an integer", int, type(None)),
    _check.at_least(1),
)


def _get_kwargs(
    model_id: str,
    *,
    only_finished: bool | Unset | None = UNSET,
    page: int | Unset | None = UNSET,
    page_size: int | Unset | None = UNSET,
) -> dict[str, Any]:
    """Build the request of the operation, in the terms of httpx."""
    if only_finished is None:
        only_finished = UNSET
    if page is None:
        page = UNSET
    if page_size is None:
        page_size = UNSET
    _check.no_name_of(PublicModel, model_id, "model_id")
    _check.check(only_finished, "only_finished", *_ONLY_FINISHED_CHECKS)
    _check.check(page, "page", *_PAGE_CHECKS)
    _check.check(page_size, "page_size", *_PAGE_SIZE_CHECKS)
    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": f"/api/v1/images/models/{_check.path_segment(model_id, 'model_id')}/inferences",
        "params": _encode.query(
            ("onlyFinished", only_finished),
            ("page", page),
            ("pageSize", page_size),
        ),
        "headers": {
            "Accept": "application/json",
        },
    }
    return _kwargs


def _parse_response(response: httpx.Response) -> list[InferenceEntity]:
    """Read a success."""
    parsed: list[InferenceEntity] = _read.answer(list[InferenceEntity], response, "list_all")
    return parsed


def sync_detailed(
    model_id: str,
    *,
    client: _client.Leap,
    only_finished: bool | Unset | None = UNSET,
    page: int | Unset | None = UNSET,
    page_size: int | Unset | None = UNSET,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> Response[list[InferenceEntity]]:
    """Call the operation as `Leap.images.list_all_detailed` does, which describes it."""
    return client._call(
        _get_kwargs(
            model_id,
            only_finished=only_finished,
            page=page,
            page_size=page_size,
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
    only_finished: bool | Unset | None = UNSET,
    page: int | Unset | None = UNSET,
    page_size: int | Unset | None = UNSET,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> list[InferenceEntity]:
    """Call the operation as `Leap.images.list_all` does, which describes it."""
    return (
        client._call(
            _get_kwargs(
                model_id,
                only_finished=only_finished,
                page=page,
                page_size=page_size,
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
    only_finished: bool | Unset | None = UNSET,
    page: int | Unset | None = UNSET,
    page_size: int | Unset | None = UNSET,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> Response[list[InferenceEntity]]:
    """Call the operation as `AsyncLeap.images.list_all_detailed` does, which describes it."""
    return await client._call(
        _get_kwargs(
            model_id,
            only_finished=only_finished,
            page=page,
            page_size=page_size,
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
    only_finished: bool | Unset | None = UNSET,
    page: int | Unset | None = UNSET,
    page_size: int | Unset | None = UNSET,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> list[InferenceEntity]:
    """Call the operation as `AsyncLeap.images.list_all` does, which describes it."""
    return (
        await client._call(
            _get_kwargs(
                model_id,
                only_finished=only_finished,
                page=page,
                page_size=page_size,
            ),
            _parse_response,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )
    ).parsed
