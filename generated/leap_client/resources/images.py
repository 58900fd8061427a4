# Generated from openapi.yaml by `make generate`. Do not edit.
"""Image generation jobs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, overload

import httpx

from .. import _checks as _check
from .. import _images, _paging, _resource, _saving, _waiting
from .. import models as _models
from ..models.inference_entity import InferenceEntity
from ..models.inference_image_entity import InferenceImageEntity
from ..types import UNSET, Response, Unset


def _images_of_inference_entity(source: InferenceEntity | InferenceImageEntity) -> list[_images.Source]:
    """Find the images of the given job, or one alone."""
    _check.of_type(
        "of the class InferenceEntity or InferenceImageEntity", _models.InferenceEntity, _models.InferenceImageEntity
    )(source, "source")
    if not isinstance(source, _models.InferenceEntity):
        stem = _images.stem_of(source, lambda item: item.id)
        return _images.single(source, lambda item: item.uri, stem)
    stem = _images.stem_of(source, lambda item: item.id)
    found = _images.sources(source.images, lambda item: item.uri, stem)
    if not found:
        _saving.check_finished(
            f"job {stem}",
            source.current_state,
            ("finished",),
            ("failed",),
            "wait",
            source,
        )
    return found


def _model_id_and_inference_id_of(
    model_id: str | InferenceEntity,
    inference_id: str | None,
) -> tuple[str, str]:
    """Return the ids that a method was given, or those of the object that it was given."""
    if isinstance(model_id, _models.InferenceEntity):
        _check.absent(
            "InferenceEntity",
            inference_id=inference_id,
        )
        return model_id.model_id, model_id.id
    return model_id, _check.present("InferenceEntity", "inference_id", inference_id)


class Images(_resource.Resource):
    """Image generation jobs.

    It is the attribute `images` of a client.
    """

    def __init__(self, client: _client.Leap) -> None:
        self._client = client

    def list_all(
        self,
        model_id: str,
        *,
        only_finished: bool | Unset | None = UNSET,
        page: int | Unset | None = UNSET,
        page_size: int | Unset | None = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> list[InferenceEntity]:
        """List all image jobs.

        Fetch one page of the jobs of a model, oldest first. The answer is a bare array: it holds no total and no
        hint of a next page.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            only_finished (bool, optional): Whether to list only the jobs that are finished. If left out, all
                jobs are listed.
            page (int, optional): Number of the page to fetch. Whether the server counts from 0 or from 1 is not
                known. At least 0.
            page_size (int, optional): Number of jobs on a page. At least 1.
            timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may
                take, more than 0; None for no limit. If left out: the limits of the client.
            extra_headers (Mapping[str, str] | None, optional): Headers to add, or to send in the place of
                others; not the token. If left out: none.
            extra_query (Mapping[str, Any] | None, optional): Parameters of the query to add, or to send in the
                place of others, by their names there. If left out: none.
            extra_body (Mapping[str, Any] | None, optional): Properties of the JSON body to add, or to send in
                the place of others, by their names there. If left out: none.

        Returns:
            The jobs on the page; empty when there are none.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imageslist_all
        """

        return _api.list_all.sync(
            model_id,
            client=self._client,
            only_finished=only_finished,
            page=page,
            page_size=page_size,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    def list_all_detailed(
        self,
        model_id: str,
        *,
        only_finished: bool | Unset | None = UNSET,
        page: int | Unset | None = UNSET,
        page_size: int | Unset | None = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[list[InferenceEntity]]:
        """Call `list_all` and return the whole response; the object is its attribute `parsed`."""

        return _api.list_all.sync_detailed(
            model_id,
            client=self._client,
            only_finished=only_finished,
            page=page,
            page_size=page_size,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    def iter_all(
        self,
        model_id: str,
        *,
        only_finished: bool | Unset | None = UNSET,
        page_size: int | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Iterator[InferenceEntity]:
        """Walk through all pages of `list_all`, fetching each when it is needed.

        It is right whether the server counts its pages from 0 or from 1, and ends where the pages bring nothing new.
        Deleting on the way is safe with this client, if each deletion is done before the next item is asked for. What
        others delete meanwhile moves the rest to earlier pages, and may hide some of it.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            only_finished (bool, optional): Whether to list only the jobs that are finished. If left out, all
                jobs are listed.
            page_size (int, optional): Number of jobs on a page. At least 1.
            extra_headers (Mapping[str, str] | None, optional): Headers to add, or to send in the place of
                others; not the token. If left out: none.
            extra_query (Mapping[str, Any] | None, optional): Parameters of the query to add, or to send in the
                place of others, by their names there. If left out: none.
            extra_body (Mapping[str, Any] | None, optional): Properties of the JSON body to add, or to send in
                the place of others, by their names there. If left out: none.

        Yields:
            Each item once, in the order of the server.

        Raises:
            LeapError: A page could not be fetched.

        Reference: README.md#imagesiter_all
        """
        _plan: _paging.PageWalker[InferenceEntity] = _paging.PageWalker(
            lambda _item: _item.id,
            0,
            page_size or None,
            self._client._change_count,
            filtered=only_finished not in (UNSET, None),
        )
        return _paging.walk(
            lambda _page: self.list_all(
                model_id,
                page=_page,
                only_finished=only_finished,
                page_size=page_size,
                extra_headers=extra_headers,
                extra_query=extra_query,
                extra_body=extra_body,
            ),
            _plan,
        )

    def generate(
        self,
        model_id: str,
        *,
        prompt: str,
        negative_prompt: str | Unset | None = UNSET,
        steps: int | Unset | None = UNSET,
        width: int | Unset | None = UNSET,
        height: int | Unset | None = UNSET,
        number_of_images: int | Unset | None = UNSET,
        prompt_strength: float | Unset | None = UNSET,
        seed: int | Unset | None = UNSET,
        webhook_url: str | Unset | None = UNSET,
        enhance_prompt: bool | Unset | None = UNSET,
        restore_faces: bool | Unset | None = UNSET,
        upscale_by: str | Unset | None = UNSET,
        sampler: str | Unset | None = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> InferenceEntity:
        """Generate an image.

        Submit a job that turns a text into images. The answer comes at once, with the job still queued; one image
        takes about 4 to 20 seconds, more with more `steps` and a larger `numberOfImages`. To get the images, wait
        for the job or give a `webhookUrl`. Every accepted call is paid for.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            prompt (str): What the image should show. Not empty.
            negative_prompt (str, optional): What the image should not show. May be empty.
            steps (int, optional): Number of steps the model takes. Fewer are faster, more give finer detail. At
                least 1.
            width (int, optional): Width of the image in pixels. SDXL works best at 1024 by 1024, the other
                models at 512 by 512. A multiple of 8, at least 8.
            height (int, optional): Height of the image in pixels. SDXL works best at 1024 by 1024, the other
                models at 512 by 512. A multiple of 8, at least 8.
            number_of_images (int, optional): Number of images to make. 1 to 4.
            prompt_strength (float, optional): How closely the image follows the prompt; the higher, the closer.
                0 to 30.
            seed (int, optional): Start value of the random numbers. The same seed with the same request gives
                the same image. If left out, the server picks one, so that every call gives another image.
            webhook_url (str, optional): Address that gets a POST when the job has finished or failed. If left
                out, nobody is told. Not empty.
            enhance_prompt (bool, optional): Whether to let the service improve the prompt. Undocumented; seen
                in applications.
            restore_faces (bool, optional): Whether to correct faces. Undocumented; seen in applications.
            upscale_by (str, optional): How much to enlarge the images; `x1` and `x2` were seen. Undocumented;
                seen in applications. Not empty.
            sampler (str, optional): Sampler of the model; `ddim` was seen. Undocumented; seen in applications.
                Not empty.
            timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may
                take, more than 0; None for no limit. If left out: the limits of the client.
            extra_headers (Mapping[str, str] | None, optional): Headers to add, or to send in the place of
                others; not the token. If left out: none.
            extra_query (Mapping[str, Any] | None, optional): Parameters of the query to add, or to send in the
                place of others, by their names there. If left out: none.
            extra_body (Mapping[str, Any] | None, optional): Properties of the JSON body to add, or to send in
                the place of others, by their names there. If left out: none.

        Returns:
            The job was accepted and is queued.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imagesgenerate
        """

        return _api.generate.sync(
            model_id,
            client=self._client,
            body=_models.CreateInferenceDto(
                prompt=prompt,
                negative_prompt=negative_prompt,
                steps=steps,
                width=width,
                height=height,
                number_of_images=number_of_images,
                prompt_strength=prompt_strength,
                seed=seed,
                webhook_url=webhook_url,
                enhance_prompt=enhance_prompt,
                restore_faces=restore_faces,
                upscale_by=upscale_by,
                sampler=sampler,
            ),
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    def generate_detailed(
        self,
        model_id: str,
        *,
        prompt: str,
        negative_prompt: str | Unset | None = UNSET,
        steps: int | Unset | None = UNSET,
        width: int | Unset | None = UNSET,
        height: int | Unset | None = UNSET,
        number_of_images: int | Unset | None = UNSET,
        prompt_strength: float | Unset | None = UNSET,
        seed: int | Unset | None = UNSET,
        webhook_url: str | Unset | None = UNSET,
        enhance_prompt: bool | Unset | None = UNSET,
        restore_faces: bool | Unset | None = UNSET,
        upscale_by: str | Unset | None = UNSET,
        sampler: str | Unset | None = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[InferenceEntity]:
        """Call `generate` and return the whole response; the object is its attribute `parsed`."""

        return _api.generate.sync_detailed(
            model_id,
            client=self._client,
            body=_models.CreateInferenceDto(
                prompt=prompt,
                negative_prompt=negative_prompt,
                steps=steps,
                width=width,
                height=height,
                number_of_images=number_of_images,
                prompt_strength=prompt_strength,
                seed=seed,
                webhook_url=webhook_url,
                enhance_prompt=enhance_prompt,
                restore_faces=restore_faces,
                upscale_by=upscale_by,
                sampler=sampler,
            ),
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    def generate_and_wait(
        self,
        model_id: str,
        *,
        prompt: str,
        negative_prompt: str | Unset | None = UNSET,
        steps: int | Unset | None = UNSET,
        width: int | Unset | None = UNSET,
        height: int | Unset | None = UNSET,
        number_of_images: int | Unset | None = UNSET,
        prompt_strength: float | Unset | None = UNSET,
        seed: int | Unset | None = UNSET,
        webhook_url: str | Unset | None = UNSET,
        enhance_prompt: bool | Unset | None = UNSET,
        restore_faces: bool | Unset | None = UNSET,
        upscale_by: str | Unset | None = UNSET,
        sampler: str | Unset | None = UNSET,
        timeout: float | None = 300.0,
        interval: float | None = None,
        on_update: Callable[[InferenceEntity], None] | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> InferenceEntity:
        """Generate an image, and wait until the job has ended.

        `on_update` is called with the submitted job before the first pause: what it keeps is there whatever happens.
        Whatever goes wrong once the job is submitted, the exception has the job in its attribute `job`, Ctrl-C too.
        Where an asynchronous call is cancelled, that is the `asyncio.CancelledError`. Look for it in the `__cause__` of
        the `TimeoutError` of `asyncio.timeout` and `asyncio.wait_for`, in the `__context__` of that of
        `anyio.fail_after`, and in the `__context__` of the `KeyboardInterrupt` of `asyncio.run`;
        `anyio.move_on_after` raises nothing.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            prompt (str): What the image should show. Not empty.
            negative_prompt (str, optional): What the image should not show. May be empty.
            steps (int, optional): Number of steps the model takes. Fewer are faster, more give finer detail. At
                least 1.
            width (int, optional): Width of the image in pixels. SDXL works best at 1024 by 1024, the other
                models at 512 by 512. A multiple of 8, at least 8.
            height (int, optional): Height of the image in pixels. SDXL works best at 1024 by 1024, the other
                models at 512 by 512. A multiple of 8, at least 8.
            number_of_images (int, optional): Number of images to make. 1 to 4.
            prompt_strength (float, optional): How closely the image follows the prompt; the higher, the closer.
                0 to 30.
            seed (int, optional): Start value of the random numbers. The same seed with the same request gives
                the same image. If left out, the server picks one, so that every call gives another image.
            webhook_url (str, optional): Address that gets a POST when the job has finished or failed. If left
                out, nobody is told. Not empty.
            enhance_prompt (bool, optional): Whether to let the service improve the prompt. Undocumented; seen
                in applications.
            restore_faces (bool, optional): Whether to correct faces. Undocumented; seen in applications.
            upscale_by (str, optional): How much to enlarge the images; `x1` and `x2` were seen. Undocumented;
                seen in applications. Not empty.
            sampler (str, optional): Sampler of the model; `ddim` was seen. Undocumented; seen in applications.
                Not empty.
            timeout (float | None, optional): Seconds from the submission to the last poll, from 0 up; None for no limit.
                If left out: 300.
            interval (float, optional): Seconds between two polls, give or take some jitter. If left out: about one
                second, slowly growing.
            on_update (Callable[[InferenceEntity], None] | None, optional): Is called with the job whenever it has
                changed; not asynchronous. If left out: nothing is called.
            extra_headers (Mapping[str, str] | None, optional): Headers to add, or to send in the place of
                others; not the token. If left out: none.
            extra_query (Mapping[str, Any] | None, optional): Parameters of the query to add, or to send in the
                place of others, by their names there. If left out: none.
            extra_body (Mapping[str, Any] | None, optional): Properties of the JSON body to add, or to send in
                the place of others, by their names there. If left out: none.

        Returns:
            The finished job.

        Raises:
            JobFailed: The job failed.
            JobTimeout: The job did not end in time.
            LeapError: The submission failed, or a poll failed permanently.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imagesgenerate_and_wait
        """
        _waiting.check(timeout, interval, on_update, awaited=False)
        with _waiting.submitting(
            "the job may exist all the same, and be paid for; `iter_all` shows the jobs that there are"
        ):
            job = self.generate(
                model_id,
                prompt=prompt,
                negative_prompt=negative_prompt,
                steps=steps,
                width=width,
                height=height,
                number_of_images=number_of_images,
                prompt_strength=prompt_strength,
                seed=seed,
                webhook_url=webhook_url,
                enhance_prompt=enhance_prompt,
                restore_faces=restore_faces,
                upscale_by=upscale_by,
                sampler=sampler,
                extra_headers=extra_headers,
                extra_query=extra_query,
                extra_body=extra_body,
            )
        with _waiting.holding(job, lambda: f"job {job.id} (model {model_id})"):
            _waiting.update(on_update, job)
            return _waiting.wait(
                self._poller_of_find_one(model_id, job.id, timeout, interval, job, submitted=True), on_update
            )

    @overload
    def find_one(
        self,
        job: InferenceEntity,
        /,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> InferenceEntity: ...

    @overload
    def find_one(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> InferenceEntity: ...

    def find_one(
        self,
        model_id: str | InferenceEntity,
        inference_id: str | None = None,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> InferenceEntity:
        """Get a single image job.

        Fetch one job, with the addresses of the images that are ready.

        It takes `model_id` and `inference_id`, or an object of the class InferenceEntity alone.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id (str): ID of the job, as the answer to its submission gave it. Not empty.
            timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may
                take, more than 0; None for no limit. If left out: the limits of the client.
            extra_headers (Mapping[str, str] | None, optional): Headers to add, or to send in the place of
                others; not the token. If left out: none.
            extra_query (Mapping[str, Any] | None, optional): Parameters of the query to add, or to send in the
                place of others, by their names there. If left out: none.
            extra_body (Mapping[str, Any] | None, optional): Properties of the JSON body to add, or to send in
                the place of others, by their names there. If left out: none.

        Returns:
            The job.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imagesfind_one
        """
        model_id, inference_id = _model_id_and_inference_id_of(
            model_id,
            inference_id,
        )

        return _api.find_one.sync(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    @overload
    def find_one_detailed(
        self,
        job: InferenceEntity,
        /,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[InferenceEntity]: ...

    @overload
    def find_one_detailed(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[InferenceEntity]: ...

    def find_one_detailed(
        self,
        model_id: str | InferenceEntity,
        inference_id: str | None = None,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[InferenceEntity]:
        """Call `find_one` and return the whole response; the object is its attribute `parsed`."""
        model_id, inference_id = _model_id_and_inference_id_of(
            model_id,
            inference_id,
        )

        return _api.find_one.sync_detailed(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    @overload
    def wait(
        self,
        job: InferenceEntity,
        /,
        *,
        timeout: float | None = 300.0,
        interval: float | None = None,
        on_update: Callable[[InferenceEntity], None] | None = None,
    ) -> InferenceEntity: ...

    @overload
    def wait(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | None = 300.0,
        interval: float | None = None,
        on_update: Callable[[InferenceEntity], None] | None = None,
    ) -> InferenceEntity: ...

    def wait(
        self,
        model_id: str | InferenceEntity,
        inference_id: str | None = None,
        *,
        timeout: float | None = 300.0,
        interval: float | None = None,
        on_update: Callable[[InferenceEntity], None] | None = None,
    ) -> InferenceEntity:
        """Poll `find_one` at growing intervals until the job has ended.

        It takes `model_id` and `inference_id`, or an object of the class InferenceEntity alone.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id (str): ID of the job, as the answer to its submission gave it. Not empty.
            timeout (float | None, optional): Seconds after which the last poll is made, from 0 up; None for no limit.
                If left out: 300.
            interval (float, optional): Seconds between two polls, give or take some jitter. If left out: about one
                second, slowly growing.
            on_update (Callable[[InferenceEntity], None] | None, optional): Is called with the job whenever it has
                changed; not asynchronous. If left out: nothing is called.

        Returns:
            The finished job.

        Raises:
            JobFailed: The job failed; it is in the attribute `job`.
            JobTimeout: The job did not end in time; the attribute `job` is how it was last seen.
            ApiError: The server refused to show the job. A transient error does not end the wait.

        Reference: README.md#imageswait
        """
        _waiting.check(timeout, interval, on_update, awaited=False)
        job = model_id if isinstance(model_id, _models.InferenceEntity) else None
        model_id, inference_id = _model_id_and_inference_id_of(
            model_id,
            inference_id,
        )
        return _waiting.wait(self._poller_of_find_one(model_id, inference_id, timeout, interval, job), on_update)

    @overload
    def watch(
        self, job: InferenceEntity, /, *, timeout: float | None = 300.0, interval: float | None = None
    ) -> Iterator[InferenceEntity]: ...

    @overload
    def watch(
        self, model_id: str, inference_id: str, *, timeout: float | None = 300.0, interval: float | None = None
    ) -> Iterator[InferenceEntity]: ...

    def watch(
        self,
        model_id: str | InferenceEntity,
        inference_id: str | None = None,
        *,
        timeout: float | None = 300.0,
        interval: float | None = None,
    ) -> Iterator[InferenceEntity]:
        """Poll `find_one` as `wait` does, and yield the job whenever it has changed.

        It takes `model_id` and `inference_id`, or an object of the class InferenceEntity alone.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id (str): ID of the job, as the answer to its submission gave it. Not empty.
            timeout (float | None, optional): Seconds after which the last poll is made, from 0 up; None for no limit.
                If left out: 300.
            interval (float, optional): Seconds between two polls, give or take some jitter. If left out: about one
                second, slowly growing.

        Yields:
            The job as it is first seen, and at each change until it has ended.

        Raises:
            JobFailed: The job failed; it is in the attribute `job`, and was yielded before.
            JobTimeout: The job did not end in time; the attribute `job` is how it was last seen.
            ApiError: The server refused to show the job. A transient error does not end the iteration.

        Reference: README.md#imageswatch
        """
        _waiting.check(timeout, interval)
        job = model_id if isinstance(model_id, _models.InferenceEntity) else None
        model_id, inference_id = _model_id_and_inference_id_of(
            model_id,
            inference_id,
        )
        return _waiting.watch(self._poller_of_find_one(model_id, inference_id, timeout, interval, job))

    def _poller_of_find_one(
        self,
        model_id: str,
        inference_id: str,
        timeout: float | None,
        interval: float | None,
        job: InferenceEntity | None,
        *,
        submitted: bool = False,
    ) -> _waiting.JobPoller[InferenceEntity]:
        # Polling again is what a wait does anyway.
        client = self._client.with_options(max_retries=0)
        return _waiting.JobPoller(
            lambda _limits: _api.find_one.sync(model_id, inference_id, client=client, timeout=_limits),
            f"job {inference_id} (model {model_id})",
            "wait",
            lambda _job: _job.current_state,
            ("finished",),
            ("failed",),
            timeout=timeout,
            interval=interval,
            job=job,
            submitted=submitted,
        )

    @overload
    def delete(
        self,
        _item: InferenceEntity,
        /,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> None: ...

    @overload
    def delete(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> None: ...

    def delete(
        self,
        model_id: str | InferenceEntity,
        inference_id: str | None = None,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> None:
        """Delete an image job.

        Delete a job and all of its images.

        It takes `model_id` and `inference_id`, or an object of the class InferenceEntity alone.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id (str): ID of the job, as the answer to its submission gave it. Not empty.
            timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may
                take, more than 0; None for no limit. If left out: the limits of the client.
            extra_headers (Mapping[str, str] | None, optional): Headers to add, or to send in the place of
                others; not the token. If left out: none.
            extra_query (Mapping[str, Any] | None, optional): Parameters of the query to add, or to send in the
                place of others, by their names there. If left out: none.
            extra_body (Mapping[str, Any] | None, optional): Properties of the JSON body to add, or to send in
                the place of others, by their names there. If left out: none.

        Returns:
            The job is deleted. The body, if there is one, means nothing.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imagesdelete
        """
        model_id, inference_id = _model_id_and_inference_id_of(
            model_id,
            inference_id,
        )

        _api.delete.sync(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    @overload
    def delete_detailed(
        self,
        _item: InferenceEntity,
        /,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[None]: ...

    @overload
    def delete_detailed(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[None]: ...

    def delete_detailed(
        self,
        model_id: str | InferenceEntity,
        inference_id: str | None = None,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[None]:
        """Call `delete` and return the whole response; the object is its attribute `parsed`."""
        model_id, inference_id = _model_id_and_inference_id_of(
            model_id,
            inference_id,
        )

        return _api.delete.sync_detailed(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    def download(
        self,
        source: InferenceEntity | InferenceImageEntity,
        directory: str | PathLike[str],
        *,
        max_bytes: int = 64 * 1024 * 1024,
        timeout: float | None = 300.0,
    ) -> list[Path]:
        """Save the images of the given job, or one of them.

        An image is there whole or not at all. Its name is made of `id` and the number of the image, its
        extension of what the file is. The token is not sent. If one image cannot be saved, the others still are.

        Args:
            source (InferenceEntity | InferenceImageEntity): The job, or one of its images. It is also in the attribute
                `job` of an error.
            directory (str | os.PathLike[str]): Where to save; it is made if it is not there. Files of the same names
                are replaced.
            max_bytes (int, optional): Size of file in bytes above which nothing is saved. If left out: 64 MiB.
            timeout (float | None, optional): Seconds that one image may take; None for no limit. If left out: 300.

        Returns:
            The paths of the files, in the order of the images' numbers.

        Raises:
            JobFailed: The job failed, so it has no images.
            LeapError: The job has not finished, so it has no images yet.
            DecodeError: An address is no web address, or what is there is no image or too large.
            ApiError: The server of an image refused it.
            ConnectionFailed: The server of an image did not answer.
            RequestTimeout: An image did not come in time.
            OSError: A file cannot be written.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imagesdownload
        """
        images = _saving.Images(self._client, source, _images_of_inference_entity, max_bytes, timeout)
        return images.save(Path(directory))

    def read(
        self,
        source: InferenceEntity | InferenceImageEntity,
        *,
        max_bytes: int = 64 * 1024 * 1024,
        timeout: float | None = 300.0,
    ) -> list[bytes]:
        """Read the images of the given job, or one of them, into memory.

        It makes the same checks as `download`.

        Args:
            source (InferenceEntity | InferenceImageEntity): The job, or one of its images. It is also in the attribute
                `job` of an error.
            max_bytes (int, optional): Size of file in bytes above which nothing is read. If left out: 64 MiB.
            timeout (float | None, optional): Seconds that one image may take; None for no limit. If left out: 300.

        Returns:
            The files, in the order of the images' numbers.

        Raises:
            JobFailed: The job failed, so it has no images.
            LeapError: The job has not finished, so it has no images yet.
            DecodeError: An address is no web address, or what is there is no image or too large.
            ApiError: The server of an image refused it.
            ConnectionFailed: The server of an image did not answer.
            RequestTimeout: An image did not come in time.
            OSError: A file cannot be written.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imagesread
        """
        images = _saving.Images(self._client, source, _images_of_inference_entity, max_bytes, timeout)
        return images.read()


class AsyncImages(_resource.Resource):
    """Image generation jobs.

    It is the attribute `images` of a client.
    """

    def __init__(self, client: _client.AsyncLeap) -> None:
        self._client = client

    async def list_all(
        self,
        model_id: str,
        *,
        only_finished: bool | Unset | None = UNSET,
        page: int | Unset | None = UNSET,
        page_size: int | Unset | None = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> list[InferenceEntity]:
        """List all image jobs.

        Fetch one page of the jobs of a model, oldest first. The answer is a bare array: it holds no total and no
        hint of a next page.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            only_finished (bool, optional): Whether to list only the jobs that are finished. If left out, all
                jobs are listed.
            page (int, optional): Number of the page to fetch. Whether the server counts from 0 or from 1 is not
                known. At least 0.
            page_size (int, optional): Number of jobs on a page. At least 1.
            timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may
                take, more than 0; None for no limit. If left out: the limits of the client.
            extra_headers (Mapping[str, str] | None, optional): Headers to add, or to send in the place of
                others; not the token. If left out: none.
            extra_query (Mapping[str, Any] | None, optional): Parameters of the query to add, or to send in the
                place of others, by their names there. If left out: none.
            extra_body (Mapping[str, Any] | None, optional): Properties of the JSON body to add, or to send in
                the place of others, by their names there. If left out: none.

        Returns:
            The jobs on the page; empty when there are none.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imageslist_all
        """

        return await _api.list_all.asyncio(
            model_id,
            client=self._client,
            only_finished=only_finished,
            page=page,
            page_size=page_size,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    async def list_all_detailed(
        self,
        model_id: str,
        *,
        only_finished: bool | Unset | None = UNSET,
        page: int | Unset | None = UNSET,
        page_size: int | Unset | None = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[list[InferenceEntity]]:
        """Call `list_all` and return the whole response; the object is its attribute `parsed`."""

        return await _api.list_all.asyncio_detailed(
            model_id,
            client=self._client,
            only_finished=only_finished,
            page=page,
            page_size=page_size,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    def iter_all(
        self,
        model_id: str,
        *,
        only_finished: bool | Unset | None = UNSET,
        page_size: int | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> AsyncIterator[InferenceEntity]:
        """Walk through all pages of `list_all`, fetching each when it is needed.

        It is right whether the server counts its pages from 0 or from 1, and ends where the pages bring nothing new.
        Deleting on the way is safe with this client, if each deletion is done before the next item is asked for. What
        others delete meanwhile moves the rest to earlier pages, and may hide some of it.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            only_finished (bool, optional): Whether to list only the jobs that are finished. If left out, all
                jobs are listed.
            page_size (int, optional): Number of jobs on a page. At least 1.
            extra_headers (Mapping[str, str] | None, optional): Headers to add, or to send in the place of
                others; not the token. If left out: none.
            extra_query (Mapping[str, Any] | None, optional): Parameters of the query to add, or to send in the
                place of others, by their names there. If left out: none.
            extra_body (Mapping[str, Any] | None, optional): Properties of the JSON body to add, or to send in
                the place of others, by their names there. If left out: none.

        Yields:
            Each item once, in the order of the server.

        Raises:
            LeapError: A page could not be fetched.

        Reference: README.md#imagesiter_all
        """
        _plan: _paging.PageWalker[InferenceEntity] = _paging.PageWalker(
            lambda _item: _item.id,
            0,
            page_size or None,
            self._client._change_count,
            filtered=only_finished not in (UNSET, None),
        )
        return _paging.walk_async(
            lambda _page: self.list_all(
                model_id,
                page=_page,
                only_finished=only_finished,
                page_size=page_size,
                extra_headers=extra_headers,
                extra_query=extra_query,
                extra_body=extra_body,
            ),
            _plan,
        )

    async def generate(
        self,
        model_id: str,
        *,
        prompt: str,
        negative_prompt: str | Unset | None = UNSET,
        steps: int | Unset | None = UNSET,
        width: int | Unset | None = UNSET,
        height: int | Unset | None = UNSET,
        number_of_images: int | Unset | None = UNSET,
        prompt_strength: float | Unset | None = UNSET,
        seed: int | Unset | None = UNSET,
        webhook_url: str | Unset | None = UNSET,
        enhance_prompt: bool | Unset | None = UNSET,
        restore_faces: bool | Unset | None = UNSET,
        upscale_by: str | Unset | None = UNSET,
        sampler: str | Unset | None = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> InferenceEntity:
        """Generate an image.

        Submit a job that turns a text into images. The answer comes at once, with the job still queued; one image
        takes about 4 to 20 seconds, more with more `steps` and a larger `numberOfImages`. To get the images, wait
        for the job or give a `webhookUrl`. Every accepted call is paid for.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            prompt (str): What the image should show. Not empty.
            negative_prompt (str, optional): What the image should not show. May be empty.
            steps (int, optional): Number of steps the model takes. Fewer are faster, more give finer detail. At
                least 1.
            width (int, optional): Width of the image in pixels. SDXL works best at 1024 by 1024, the other
                models at 512 by 512. A multiple of 8, at least 8.
            height (int, optional): Height of the image in pixels. SDXL works best at 1024 by 1024, the other
                models at 512 by 512. A multiple of 8, at least 8.
            number_of_images (int, optional): Number of images to make. 1 to 4.
            prompt_strength (float, optional): How closely the image follows the prompt; the higher, the closer.
                0 to 30.
            seed (int, optional): Start value of the random numbers. The same seed with the same request gives
                the same image. If left out, the server picks one, so that every call gives another image.
            webhook_url (str, optional): Address that gets a POST when the job has finished or failed. If left
                out, nobody is told. Not empty.
            enhance_prompt (bool, optional): Whether to let the service improve the prompt. Undocumented; seen
                in applications.
            restore_faces (bool, optional): Whether to correct faces. Undocumented; seen in applications.
            upscale_by (str, optional): How much to enlarge the images; `x1` and `x2` were seen. Undocumented;
                seen in applications. Not empty.
            sampler (str, optional): Sampler of the model; `ddim` was seen. Undocumented; seen in applications.
                Not empty.
            timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may
                take, more than 0; None for no limit. If left out: the limits of the client.
            extra_headers (Mapping[str, str] | None, optional): Headers to add, or to send in the place of
                others; not the token. If left out: none.
            extra_query (Mapping[str, Any] | None, optional): Parameters of the query to add, or to send in the
                place of others, by their names there. If left out: none.
            extra_body (Mapping[str, Any] | None, optional): Properties of the JSON body to add, or to send in
                the place of others, by their names there. If left out: none.

        Returns:
            The job was accepted and is queued.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imagesgenerate
        """

        return await _api.generate.asyncio(
            model_id,
            client=self._client,
            body=_models.CreateInferenceDto(
                prompt=prompt,
                negative_prompt=negative_prompt,
                steps=steps,
                width=width,
                height=height,
                number_of_images=number_of_images,
                prompt_strength=prompt_strength,
                seed=seed,
                webhook_url=webhook_url,
                enhance_prompt=enhance_prompt,
                restore_faces=restore_faces,
                upscale_by=upscale_by,
                sampler=sampler,
            ),
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    async def generate_detailed(
        self,
        model_id: str,
        *,
        prompt: str,
        negative_prompt: str | Unset | None = UNSET,
        steps: int | Unset | None = UNSET,
        width: int | Unset | None = UNSET,
        height: int | Unset | None = UNSET,
        number_of_images: int | Unset | None = UNSET,
        prompt_strength: float | Unset | None = UNSET,
        seed: int | Unset | None = UNSET,
        webhook_url: str | Unset | None = UNSET,
        enhance_prompt: bool | Unset | None = UNSET,
        restore_faces: bool | Unset | None = UNSET,
        upscale_by: str | Unset | None = UNSET,
        sampler: str | Unset | None = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[InferenceEntity]:
        """Call `generate` and return the whole response; the object is its attribute `parsed`."""

        return await _api.generate.asyncio_detailed(
            model_id,
            client=self._client,
            body=_models.CreateInferenceDto(
                prompt=prompt,
                negative_prompt=negative_prompt,
                steps=steps,
                width=width,
                height=height,
                number_of_images=number_of_images,
                prompt_strength=prompt_strength,
                seed=seed,
                webhook_url=webhook_url,
                enhance_prompt=enhance_prompt,
                restore_faces=restore_faces,
                upscale_by=upscale_by,
                sampler=sampler,
            ),
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    async def generate_and_wait(
        self,
        model_id: str,
        *,
        prompt: str,
        negative_prompt: str | Unset | None = UNSET,
        steps: int | Unset | None = UNSET,
        width: int | Unset | None = UNSET,
        height: int | Unset | None = UNSET,
        number_of_images: int | Unset | None = UNSET,
        prompt_strength: float | Unset | None = UNSET,
        seed: int | Unset | None = UNSET,
        webhook_url: str | Unset | None = UNSET,
        enhance_prompt: bool | Unset | None = UNSET,
        restore_faces: bool | Unset | None = UNSET,
        upscale_by: str | Unset | None = UNSET,
        sampler: str | Unset | None = UNSET,
        timeout: float | None = 300.0,
        interval: float | None = None,
        on_update: Callable[[InferenceEntity], object] | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> InferenceEntity:
        """Generate an image, and wait until the job has ended.

        `on_update` is called with the submitted job before the first pause: what it keeps is there whatever happens.
        Whatever goes wrong once the job is submitted, the exception has the job in its attribute `job`, Ctrl-C too.
        Where an asynchronous call is cancelled, that is the `asyncio.CancelledError`. Look for it in the `__cause__` of
        the `TimeoutError` of `asyncio.timeout` and `asyncio.wait_for`, in the `__context__` of that of
        `anyio.fail_after`, and in the `__context__` of the `KeyboardInterrupt` of `asyncio.run`;
        `anyio.move_on_after` raises nothing.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            prompt (str): What the image should show. Not empty.
            negative_prompt (str, optional): What the image should not show. May be empty.
            steps (int, optional): Number of steps the model takes. Fewer are faster, more give finer detail. At
                least 1.
            width (int, optional): Width of the image in pixels. SDXL works best at 1024 by 1024, the other
                models at 512 by 512. A multiple of 8, at least 8.
            height (int, optional): Height of the image in pixels. SDXL works best at 1024 by 1024, the other
                models at 512 by 512. A multiple of 8, at least 8.
            number_of_images (int, optional): Number of images to make. 1 to 4.
            prompt_strength (float, optional): How closely the image follows the prompt; the higher, the closer.
                0 to 30.
            seed (int, optional): Start value of the random numbers. The same seed with the same request gives
                the same image. If left out, the server picks one, so that every call gives another image.
            webhook_url (str, optional): Address that gets a POST when the job has finished or failed. If left
                out, nobody is told. Not empty.
            enhance_prompt (bool, optional): Whether to let the service improve the prompt. Undocumented; seen
                in applications.
            restore_faces (bool, optional): Whether to correct faces. Undocumented; seen in applications.
            upscale_by (str, optional): How much to enlarge the images; `x1` and `x2` were seen. Undocumented;
                seen in applications. Not empty.
            sampler (str, optional): Sampler of the model; `ddim` was seen. Undocumented; seen in applications.
                Not empty.
            timeout (float | None, optional): Seconds from the submission to the last poll, from 0 up; None for no limit.
                If left out: 300.
            interval (float, optional): Seconds between two polls, give or take some jitter. If left out: about one
                second, slowly growing.
            on_update (Callable[[InferenceEntity], object] | None, optional): Is called with the job whenever it has
                changed; may be asynchronous. If left out: nothing is called.
            extra_headers (Mapping[str, str] | None, optional): Headers to add, or to send in the place of
                others; not the token. If left out: none.
            extra_query (Mapping[str, Any] | None, optional): Parameters of the query to add, or to send in the
                place of others, by their names there. If left out: none.
            extra_body (Mapping[str, Any] | None, optional): Properties of the JSON body to add, or to send in
                the place of others, by their names there. If left out: none.

        Returns:
            The finished job.

        Raises:
            JobFailed: The job failed.
            JobTimeout: The job did not end in time.
            LeapError: The submission failed, or a poll failed permanently.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imagesgenerate_and_wait
        """
        _waiting.check(timeout, interval, on_update, awaited=True)
        with _waiting.submitting(
            "the job may exist all the same, and be paid for; `iter_all` shows the jobs that there are"
        ):
            job = await self.generate(
                model_id,
                prompt=prompt,
                negative_prompt=negative_prompt,
                steps=steps,
                width=width,
                height=height,
                number_of_images=number_of_images,
                prompt_strength=prompt_strength,
                seed=seed,
                webhook_url=webhook_url,
                enhance_prompt=enhance_prompt,
                restore_faces=restore_faces,
                upscale_by=upscale_by,
                sampler=sampler,
                extra_headers=extra_headers,
                extra_query=extra_query,
                extra_body=extra_body,
            )
        with _waiting.holding(job, lambda: f"job {job.id} (model {model_id})"):
            await _waiting.update_async(on_update, job)
            return await _waiting.wait_async(
                self._poller_of_find_one(model_id, job.id, timeout, interval, job, submitted=True), on_update
            )

    @overload
    async def find_one(
        self,
        job: InferenceEntity,
        /,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> InferenceEntity: ...

    @overload
    async def find_one(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> InferenceEntity: ...

    async def find_one(
        self,
        model_id: str | InferenceEntity,
        inference_id: str | None = None,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> InferenceEntity:
        """Get a single image job.

        Fetch one job, with the addresses of the images that are ready.

        It takes `model_id` and `inference_id`, or an object of the class InferenceEntity alone.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id (str): ID of the job, as the answer to its submission gave it. Not empty.
            timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may
                take, more than 0; None for no limit. If left out: the limits of the client.
            extra_headers (Mapping[str, str] | None, optional): Headers to add, or to send in the place of
                others; not the token. If left out: none.
            extra_query (Mapping[str, Any] | None, optional): Parameters of the query to add, or to send in the
                place of others, by their names there. If left out: none.
            extra_body (Mapping[str, Any] | None, optional): Properties of the JSON body to add, or to send in
                the place of others, by their names there. If left out: none.

        Returns:
            The job.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imagesfind_one
        """
        model_id, inference_id = _model_id_and_inference_id_of(
            model_id,
            inference_id,
        )

        return await _api.find_one.asyncio(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    @overload
    async def find_one_detailed(
        self,
        job: InferenceEntity,
        /,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[InferenceEntity]: ...

    @overload
    async def find_one_detailed(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[InferenceEntity]: ...

    async def find_one_detailed(
        self,
        model_id: str | InferenceEntity,
        inference_id: str | None = None,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[InferenceEntity]:
        """Call `find_one` and return the whole response; the object is its attribute `parsed`."""
        model_id, inference_id = _model_id_and_inference_id_of(
            model_id,
            inference_id,
        )

        return await _api.find_one.asyncio_detailed(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    @overload
    async def wait(
        self,
        job: InferenceEntity,
        /,
        *,
        timeout: float | None = 300.0,
        interval: float | None = None,
        on_update: Callable[[InferenceEntity], object] | None = None,
    ) -> InferenceEntity: ...

    @overload
    async def wait(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | None = 300.0,
        interval: float | None = None,
        on_update: Callable[[InferenceEntity], object] | None = None,
    ) -> InferenceEntity: ...

    async def wait(
        self,
        model_id: str | InferenceEntity,
        inference_id: str | None = None,
        *,
        timeout: float | None = 300.0,
        interval: float | None = None,
        on_update: Callable[[InferenceEntity], object] | None = None,
    ) -> InferenceEntity:
        """Poll `find_one` at growing intervals until the job has ended.

        It takes `model_id` and `inference_id`, or an object of the class InferenceEntity alone.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id (str): ID of the job, as the answer to its submission gave it. Not empty.
            timeout (float | None, optional): Seconds after which the last poll is made, from 0 up; None for no limit.
                If left out: 300.
            interval (float, optional): Seconds between two polls, give or take some jitter. If left out: about one
                second, slowly growing.
            on_update (Callable[[InferenceEntity], object] | None, optional): Is called with the job whenever it has
                changed; may be asynchronous. If left out: nothing is called.

        Returns:
            The finished job.

        Raises:
            JobFailed: The job failed; it is in the attribute `job`.
            JobTimeout: The job did not end in time; the attribute `job` is how it was last seen.
            ApiError: The server refused to show the job. A transient error does not end the wait.

        Reference: README.md#imageswait
        """
        _waiting.check(timeout, interval, on_update, awaited=True)
        job = model_id if isinstance(model_id, _models.InferenceEntity) else None
        model_id, inference_id = _model_id_and_inference_id_of(
            model_id,
            inference_id,
        )
        return await _waiting.wait_async(
            self._poller_of_find_one(model_id, inference_id, timeout, interval, job), on_update
        )

    @overload
    def watch(
        self, job: InferenceEntity, /, *, timeout: float | None = 300.0, interval: float | None = None
    ) -> AsyncIterator[InferenceEntity]: ...

    @overload
    def watch(
        self, model_id: str, inference_id: str, *, timeout: float | None = 300.0, interval: float | None = None
    ) -> AsyncIterator[InferenceEntity]: ...

    def watch(
        self,
        model_id: str | InferenceEntity,
        inference_id: str | None = None,
        *,
        timeout: float | None = 300.0,
        interval: float | None = None,
    ) -> AsyncIterator[InferenceEntity]:
        """Poll `find_one` as `wait` does, and yield the job whenever it has changed.

        It takes `model_id` and `inference_id`, or an object of the class InferenceEntity alone.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id (str): ID of the job, as the answer to its submission gave it. Not empty.
            timeout (float | None, optional): Seconds after which the last poll is made, from 0 up; None for no limit.
                If left out: 300.
            interval (float, optional): Seconds between two polls, give or take some jitter. If left out: about one
                second, slowly growing.

        Yields:
            The job as it is first seen, and at each change until it has ended.

        Raises:
            JobFailed: The job failed; it is in the attribute `job`, and was yielded before.
            JobTimeout: The job did not end in time; the attribute `job` is how it was last seen.
            ApiError: The server refused to show the job. A transient error does not end the iteration.

        Reference: README.md#imageswatch
        """
        _waiting.check(timeout, interval)
        job = model_id if isinstance(model_id, _models.InferenceEntity) else None
        model_id, inference_id = _model_id_and_inference_id_of(
            model_id,
            inference_id,
        )
        return _waiting.watch_async(self._poller_of_find_one(model_id, inference_id, timeout, interval, job))

    def _poller_of_find_one(
        self,
        model_id: str,
        inference_id: str,
        timeout: float | None,
        interval: float | None,
        job: InferenceEntity | None,
        *,
        submitted: bool = False,
    ) -> _waiting.JobPoller[InferenceEntity]:
        # Polling again is what a wait does anyway.
        client = self._client.with_options(max_retries=0)
        return _waiting.JobPoller(
            lambda _limits: _api.find_one.asyncio(model_id, inference_id, client=client, timeout=_limits),
            f"job {inference_id} (model {model_id})",
            "wait",
            lambda _job: _job.current_state,
            ("finished",),
            ("failed",),
            timeout=timeout,
            interval=interval,
            job=job,
            submitted=submitted,
        )

    @overload
    async def delete(
        self,
        _item: InferenceEntity,
        /,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> None: ...

    @overload
    async def delete(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> None: ...

    async def delete(
        self,
        model_id: str | InferenceEntity,
        inference_id: str | None = None,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> None:
        """Delete an image job.

        Delete a job and all of its images.

        It takes `model_id` and `inference_id`, or an object of the class InferenceEntity alone.

        Args:
            model_id (str): ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id (str): ID of the job, as the answer to its submission gave it. Not empty.
            timeout (float | httpx.Timeout | None, optional): Seconds that the whole answer of one attempt may
                take, more than 0; None for no limit. If left out: the limits of the client.
            extra_headers (Mapping[str, str] | None, optional): Headers to add, or to send in the place of
                others; not the token. If left out: none.
            extra_query (Mapping[str, Any] | None, optional): Parameters of the query to add, or to send in the
                place of others, by their names there. If left out: none.
            extra_body (Mapping[str, Any] | None, optional): Properties of the JSON body to add, or to send in
                the place of others, by their names there. If left out: none.

        Returns:
            The job is deleted. The body, if there is one, means nothing.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imagesdelete
        """
        model_id, inference_id = _model_id_and_inference_id_of(
            model_id,
            inference_id,
        )

        await _api.delete.asyncio(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    @overload
    async def delete_detailed(
        self,
        _item: InferenceEntity,
        /,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[None]: ...

    @overload
    async def delete_detailed(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[None]: ...

    async def delete_detailed(
        self,
        model_id: str | InferenceEntity,
        inference_id: str | None = None,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
    ) -> Response[None]:
        """Call `delete` and return the whole response; the object is its attribute `parsed`."""
        model_id, inference_id = _model_id_and_inference_id_of(
            model_id,
            inference_id,
        )

        return await _api.delete.asyncio_detailed(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
        )

    async def download(
        self,
        source: InferenceEntity | InferenceImageEntity,
        directory: str | PathLike[str],
        *,
        max_bytes: int = 64 * 1024 * 1024,
        timeout: float | None = 300.0,
    ) -> list[Path]:
        """Save the images of the given job, or one of them.

        An image is there whole or not at all. Its name is made of `id` and the number of the image, its
        extension of what the file is. The token is not sent. If one image cannot be saved, the others still are.

        Args:
            source (InferenceEntity | InferenceImageEntity): The job, or one of its images. It is also in the attribute
                `job` of an error.
            directory (str | os.PathLike[str]): Where to save; it is made if it is not there. Files of the same names
                are replaced.
            max_bytes (int, optional): Size of file in bytes above which nothing is saved. If left out: 64 MiB.
            timeout (float | None, optional): Seconds that one image may take; None for no limit. If left out: 300.

        Returns:
            The paths of the files, in the order of the images' numbers.

        Raises:
            JobFailed: The job failed, so it has no images.
            LeapError: The job has not finished, so it has no images yet.
            DecodeError: An address is no web address, or what is there is no image or too large.
            ApiError: The server of an image refused it.
            ConnectionFailed: The server of an image did not answer.
            RequestTimeout: An image did not come in time.
            OSError: A file cannot be written.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imagesdownload
        """
        images = _saving.Images(self._client, source, _images_of_inference_entity, max_bytes, timeout)
        return await images.save_async(Path(directory))

    async def read(
        self,
        source: InferenceEntity | InferenceImageEntity,
        *,
        max_bytes: int = 64 * 1024 * 1024,
        timeout: float | None = 300.0,
    ) -> list[bytes]:
        """Read the images of the given job, or one of them, into memory.

        It makes the same checks as `download`.

        Args:
            source (InferenceEntity | InferenceImageEntity): The job, or one of its images. It is also in the attribute
                `job` of an error.
            max_bytes (int, optional): Size of file in bytes above which nothing is read. If left out: 64 MiB.
            timeout (float | None, optional): Seconds that one image may take; None for no limit. If left out: 300.

        Returns:
            The files, in the order of the images' numbers.

        Raises:
            JobFailed: The job failed, so it has no images.
            LeapError: The job has not finished, so it has no images yet.
            DecodeError: An address is no web address, or what is there is no image or too large.
            ApiError: The server of an image refused it.
            ConnectionFailed: The server of an image did not answer.
            RequestTimeout: An image did not come in time.
            OSError: A file cannot be written.
            ValueError: An argument is invalid.
            TypeError: An argument is of the wrong type.

        Reference: README.md#imagesread
        """
        images = _saving.Images(self._client, source, _images_of_inference_entity, max_bytes, timeout)
        return await images.read_async()


# Imported last, because both import this.
from .. import client as _client
from ..api import images as _api
