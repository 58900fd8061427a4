# Generated from openapi.yaml by `make generate`. Do not edit.
"""List all image jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ... import _checks as _check
from ... import _reading as _read
from ...models.inference_entity import InferenceEntity
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    from ...client import AsyncLeap, Leap

_ONLY_FINISHED_CHECKS = (_check.of_type("True or False", bool),)
_PAGE_CHECKS = (
    _check.of_type("an integer", int),
    _check.at_least(0),
)
_PAGE_SIZE_CHECKS = (
    _check.of_type("an integer", int),
    _check.at_least(1),
)


def _get_kwargs(
    model_id: str,
    *,
    only_finished: bool | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> dict[str, Any]:
    """Build the request of the operation, in the terms of httpx."""
    _check.check(only_finished, "only_finished", *_ONLY_FINISHED_CHECKS)
    _check.check(page, "page", *_PAGE_CHECKS)
    _check.check(page_size, "page_size", *_PAGE_SIZE_CHECKS)
    headers: dict[str, Any] = {"Accept": "application/json"}

    params: dict[str, Any] = {}

    params["onlyFinished"] = only_finished

    params["page"] = page

    params["pageSize"] = page_size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}
    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": f"/api/v1/images/models/{_check.path_segment(model_id, 'model_id')}/inferences",
        "params": params,
        "headers": headers,
    }
    return _kwargs


def _parse_response(response: httpx.Response) -> list[InferenceEntity]:
    """Read a success."""
    parsed: list[InferenceEntity] = _read.answer(list[InferenceEntity], response.json(), "list_all")
    return parsed


def sync_detailed(
    model_id: str,
    *,
    client: Leap,
    only_finished: bool | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
) -> Response[list[InferenceEntity]]:
    """List all image jobs.

    Fetch one page of the jobs of a model, oldest first. The answer is a bare array: it holds no total and no
    hint of a next page.

    Args:
        model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
        client: The client to send with.
        only_finished (bool, optional): Whether to leave out the jobs that are not finished. If left out:
            all jobs.
        page (int, optional): Number of the page to fetch. Whether the server counts from 0 or from 1 is not
            known. At least 0. If left out: the server's choice, not known.
        page_size (int, optional): Number of jobs on a page. At least 1. If left out: the server's choice,
            not known.
        timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may take,
            more than 0; None for no limit. If left out: the limits of the client.

    Returns:
        The answer, with status, headers and time, and in `parsed`: The jobs on the page; empty when there are none.

    Raises:
        ApiError: The server refused the request or failed on it; the class tells how.
        ConnectionFailed: No answer came.
        RequestTimeout: No complete answer came in time.
        DecodeError: The answer cannot be read.
        ValueError: An argument cannot be right.
        TypeError: An argument is of the wrong type.

    Reference: README.md#imageslist_all
    """
    return client.call(
        _get_kwargs(
            model_id,
            only_finished=only_finished,
            page=page,
            page_size=page_size,
        ),
        _parse_response,
        timeout,
    )


def sync(
    model_id: str,
    *,
    client: Leap,
    only_finished: bool | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
) -> list[InferenceEntity]:
    """List all image jobs.

    Fetch one page of the jobs of a model, oldest first. The answer is a bare array: it holds no total and no
    hint of a next page.

    Args:
        model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
        client: The client to send with.
        only_finished (bool, optional): Whether to leave out the jobs that are not finished. If left out:
            all jobs.
        page (int, optional): Number of the page to fetch. Whether the server counts from 0 or from 1 is not
            known. At least 0. If left out: the server's choice, not known.
        page_size (int, optional): Number of jobs on a page. At least 1. If left out: the server's choice,
            not known.
        timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may take,
            more than 0; None for no limit. If left out: the limits of the client.

    Returns:
        The jobs on the page; empty when there are none.

    Raises:
        ApiError: The server refused the request or failed on it; the class tells how.
        ConnectionFailed: No answer came.
        RequestTimeout: No complete answer came in time.
        DecodeError: The answer cannot be read.
        ValueError: An argument cannot be right.
        TypeError: An argument is of the wrong type.

    Reference: README.md#imageslist_all
    """
    return (
        client.call(
            _get_kwargs(
                model_id,
                only_finished=only_finished,
                page=page,
                page_size=page_size,
            ),
            _parse_response,
            timeout,
        )
    ).parsed


async def asyncio_detailed(
    model_id: str,
    *,
    client: AsyncLeap,
    only_finished: bool | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
) -> Response[list[InferenceEntity]]:
    """List all image jobs.

    Fetch one page of the jobs of a model, oldest first. The answer is a bare array: it holds no total and no
    hint of a next page.

    Args:
        model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
        client: The client to send with.
        only_finished (bool, optional): Whether to leave out the jobs that are not finished. If left out:
            all jobs.
        page (int, optional): Number of the page to fetch. Whether the server counts from 0 or from 1 is not
            known. At least 0. If left out: the server's choice, not known.
        page_size (int, optional): Number of jobs on a page. At least 1. If left out: the server's choice,
            not known.
        timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may take,
            more than 0; None for no limit. If left out: the limits of the client.

    Returns:
        The answer, with status, headers and time, and in `parsed`: The jobs on the page; empty when there are none.

    Raises:
        ApiError: The server refused the request or failed on it; the class tells how.
        ConnectionFailed: No answer came.
        RequestTimeout: No complete answer came in time.
        DecodeError: The answer cannot be read.
        ValueError: An argument cannot be right.
        TypeError: An argument is of the wrong type.

    Reference: README.md#imageslist_all
    """
    return await client.call(
        _get_kwargs(
            model_id,
            only_finished=only_finished,
            page=page,
            page_size=page_size,
        ),
        _parse_response,
        timeout,
    )


async def asyncio(
    model_id: str,
    *,
    client: AsyncLeap,
    only_finished: bool | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Unset = UNSET,
    timeout: float | httpx.Timeout | Unset | None = UNSET,
) -> list[InferenceEntity]:
    """List all image jobs.

    Fetch one page of the jobs of a model, oldest first. The answer is a bare array: it holds no total and no
    hint of a next page.

    Args:
        model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
        client: The client to send with.
        only_finished (bool, optional): Whether to leave out the jobs that are not finished. If left out:
            all jobs.
        page (int, optional): Number of the page to fetch. Whether the server counts from 0 or from 1 is not
            known. At least 0. If left out: the server's choice, not known.
        page_size (int, optional): Number of jobs on a page. At least 1. If left out: the server's choice,
            not known.
        timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may take,
            more than 0; None for no limit. If left out: the limits of the client.

    Returns:
        The jobs on the page; empty when there are none.

    Raises:
        ApiError: The server refused the request or failed on it; the class tells how.
        ConnectionFailed: No answer came.
        RequestTimeout: No complete answer came in time.
        DecodeError: The answer cannot be read.
        ValueError: An argument cannot be right.
        TypeError: An argument is of the wrong type.

    Reference: README.md#imageslist_all
    """
    return (
        await client.call(
            _get_kwargs(
                model_id,
                only_finished=only_finished,
                page=page,
                page_size=page_size,
            ),
            _parse_response,
            timeout,
        )
    ).parsed
