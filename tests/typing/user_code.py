"""Code as users write it, with the types that must be inferred; type checkers read it, and nothing runs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, assert_type

import httpx

from leap_client import UNSET, AsyncLeap, Leap, PublicModel, Response, bulk, errors, webhooks
from leap_client.api.images import find_one, list_all
from leap_client.models import CreateInferenceDto, InferenceEntity, InferenceImageEntity, JobState


def jobs(leap: Leap, rows: list[dict[str, int | None]]) -> None:
    """Every call of a synchronous client, with ids, with a job, and with what a table has."""
    job = leap.images.generate_and_wait(PublicModel.SDXL, prompt="A photo", seed=None, width=UNSET)
    assert_type(job, InferenceEntity)
    assert_type(leap.images.generate("my-model", prompt="A photo", steps=rows[0]["steps"]), InferenceEntity)
    assert_type(leap.images.wait(job), InferenceEntity)
    assert_type(leap.images.wait(job.model_id, job.id, timeout=None), InferenceEntity)
    assert_type(leap.images.watch(job), Iterator[InferenceEntity])
    assert_type(leap.images.find_one(job, extra_headers={"X-Trace": "1"}, extra_query=None), InferenceEntity)
    assert_type(leap.images.find_one(job), InferenceEntity)
    assert_type(leap.images.find_one_detailed(job), Response[InferenceEntity])
    assert_type(leap.images.find_one_detailed(PublicModel.SDXL, job.id).headers, httpx.Headers)
    assert_type(leap.images.list_all(PublicModel.SDXL, page=None), list[InferenceEntity])
    assert_type(leap.images.iter_all(PublicModel.SDXL), Iterator[InferenceEntity])
    assert_type(leap.images.download(job, "out"), list[Path])
    assert_type(leap.images.read(job.images[0]), list[bytes])
    leap.images.delete(job)


async def async_jobs(leap: AsyncLeap) -> None:
    """The same with an asynchronous client."""
    job = await leap.images.generate(PublicModel.SDXL, prompt="A photo")
    assert_type(job, InferenceEntity)
    assert_type(await leap.images.wait(job), InferenceEntity)
    assert_type(await leap.images.find_one(PublicModel.SDXL, job.id), InferenceEntity)
    assert_type(leap.images.iter_all(PublicModel.SDXL), AsyncIterator[InferenceEntity])
    assert_type(await leap.images.read(job, timeout=None), list[bytes])
    assert_type([each.id async for each in leap.images.watch(job)], list[str])
    assert_type([each.id async for each in leap.images.iter_all(PublicModel.SDXL)], list[str])


def fields(job: InferenceEntity) -> None:
    """The fields of a job; that states are open keeps a checker from taking the known ones for all there are."""
    assert_type(job.current_state, JobState | str)
    assert_type(job.created_at, dt.datetime)
    assert_type(job.images, list[InferenceImageEntity])
    assert_type(job.seed, int)
    assert_type(job.additional_properties, dict[str, Any])
    assert_type(InferenceEntity.from_json(job.to_json()), InferenceEntity)
    assert_type(InferenceEntity.from_dict(job.to_dict(), strict=True), InferenceEntity)
    assert_type(webhooks.parse(b""), InferenceEntity)


def below(leap: Leap) -> None:
    """The functions below the methods."""
    assert_type(find_one.sync("m", "j", client=leap), InferenceEntity)
    assert_type(list_all.sync_detailed("m", client=leap).parsed, list[InferenceEntity])
    assert_type(CreateInferenceDto(prompt="A photo", seed=None, width=8).prompt, str)


def failures(leap: Leap) -> None:
    """What errors hold."""
    try:
        leap.images.find_one("m", "j")
    except errors.RateLimitError as error:
        assert_type(error.retry_after, float | None)
    except errors.ApiError as error:
        assert_type(error.status_code, int)
        assert_type(error.request_id, str | None)
    except errors.LeapError as error:
        assert_type(error.job, Any)


def many(leap: Leap) -> None:
    """A bulk run."""
    for result in bulk.plan("prompts.csv", PublicModel.SDXL).run(leap, "out", in_flight=20):
        assert_type(result.paths, list[Path])


async def async_many(leap: AsyncLeap) -> None:
    """The same with an asynchronous client."""
    async for result in bulk.plan("prompts.csv", PublicModel.SDXL).run(leap, "out"):
        assert_type(result.state, str)


def refused(leap: Leap, job: InferenceEntity) -> None:
    """What a checker must find; were one of these accepted, the comment on it would be superfluous and reported."""
    leap.images.wait(job, job.id)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    leap.images.find_one(PublicModel.SDXL)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    leap.images.generate(PublicModel.SDXL)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    leap.images.generate(PublicModel.SDXL, prompt="A photo", width="8")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    leap.images.generate(PublicModel.SDXL, prompt="A photo", widht=8)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
