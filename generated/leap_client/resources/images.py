# Generated from openapi.yaml by `make generate`. Do not edit.
"""Image generation jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from ..api.images import delete as _delete
from ..api.images import find_one as _find_one
from ..api.images import generate as _generate
from ..api.images import list_all as _list_all
from ..models.create_inference_dto import CreateInferenceDto
from ..models.inference_entity import InferenceEntity
from ..types import UNSET, Response, Unset

if TYPE_CHECKING:
    from ..client import AsyncLeap, Leap


class Images:
    """Image generation jobs.

    It is the attribute `images` of a client.
    """

    def __init__(self, client: Leap) -> None:
        self._client = client

    def list_all(
        self,
        model_id: str,
        *,
        only_finished: bool | Unset = UNSET,
        page: int | Unset = UNSET,
        page_size: int | Unset = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> list[InferenceEntity]:
        """List all image jobs.

        Fetch one page of the jobs of a model, oldest first. The answer is a bare array: it holds no total and no
        hint of a next page.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            only_finished: Whether to leave out the jobs that are not finished. The server returns all jobs when it is
                false or left out.
            page: Number of the page to fetch. Whether the server counts from 0 or from 1 is not known. At
                least 0.
            page_size: Number of jobs on a page. The server's default is not known. At least 1.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The jobs on the page; empty when there are none.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return _list_all.sync(
            model_id,
            client=self._client,
            only_finished=only_finished,
            page=page,
            page_size=page_size,
            timeout=timeout,
        )

    def list_all_detailed(
        self,
        model_id: str,
        *,
        only_finished: bool | Unset = UNSET,
        page: int | Unset = UNSET,
        page_size: int | Unset = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> Response[list[InferenceEntity]]:
        """List all image jobs.

        Fetch one page of the jobs of a model, oldest first. The answer is a bare array: it holds no total and no
        hint of a next page.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            only_finished: Whether to leave out the jobs that are not finished. The server returns all jobs when it is
                false or left out.
            page: Number of the page to fetch. Whether the server counts from 0 or from 1 is not known. At
                least 0.
            page_size: Number of jobs on a page. The server's default is not known. At least 1.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The answer, with status, headers and time, and in `parsed`: The jobs on the page; empty when there are none.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return _list_all.sync_detailed(
            model_id,
            client=self._client,
            only_finished=only_finished,
            page=page,
            page_size=page_size,
            timeout=timeout,
        )

    def generate(
        self,
        model_id: str,
        *,
        prompt: str,
        negative_prompt: str | Unset = UNSET,
        steps: int | Unset = UNSET,
        width: int | Unset = UNSET,
        height: int | Unset = UNSET,
        number_of_images: int | Unset = UNSET,
        prompt_strength: float | Unset = UNSET,
        seed: int | Unset = UNSET,
        webhook_url: str | Unset = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> InferenceEntity:
        """Generate an image.

        Submit a job that turns a text into images. The answer comes at once, with the job still queued; one image
        takes about 4 to 20 seconds, more with more `steps` and a larger `numberOfImages`. To get the images, wait
        for the job or give a `webhookUrl`. Every accepted call is paid for.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            prompt: What the image should show. Not empty.
            negative_prompt: What the image should not show. May be empty.
            steps: Number of steps the model takes. Fewer are faster, more give finer detail. At least 1.
            width: Width of the image in pixels. SDXL works best at 1024 by 1024, the other models at 512 by
                512. A multiple of 8, at least 8.
            height: Height of the image in pixels. SDXL works best at 1024 by 1024, the other models at 512 by
                512. A multiple of 8, at least 8.
            number_of_images: Number of images to make. 1 to 4.
            prompt_strength: How closely the image follows the prompt; the higher, the closer. 0 to 30.
            seed: Start value of the random numbers. The same seed with the same request gives the same image;
                leave it out to get another image from every call.
            webhook_url: Address that gets a POST when the job has finished or failed. Not empty.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The job was accepted and is queued.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return _generate.sync(
            model_id,
            client=self._client,
            body=CreateInferenceDto(
                prompt=prompt,
                negative_prompt=negative_prompt,
                steps=steps,
                width=width,
                height=height,
                number_of_images=number_of_images,
                prompt_strength=prompt_strength,
                seed=seed,
                webhook_url=webhook_url,
            ),
            timeout=timeout,
        )

    def generate_detailed(
        self,
        model_id: str,
        *,
        prompt: str,
        negative_prompt: str | Unset = UNSET,
        steps: int | Unset = UNSET,
        width: int | Unset = UNSET,
        height: int | Unset = UNSET,
        number_of_images: int | Unset = UNSET,
        prompt_strength: float | Unset = UNSET,
        seed: int | Unset = UNSET,
        webhook_url: str | Unset = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> Response[InferenceEntity]:
        """Generate an image.

        Submit a job that turns a text into images. The answer comes at once, with the job still queued; one image
        takes about 4 to 20 seconds, more with more `steps` and a larger `numberOfImages`. To get the images, wait
        for the job or give a `webhookUrl`. Every accepted call is paid for.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            prompt: What the image should show. Not empty.
            negative_prompt: What the image should not show. May be empty.
            steps: Number of steps the model takes. Fewer are faster, more give finer detail. At least 1.
            width: Width of the image in pixels. SDXL works best at 1024 by 1024, the other models at 512 by
                512. A multiple of 8, at least 8.
            height: Height of the image in pixels. SDXL works best at 1024 by 1024, the other models at 512 by
                512. A multiple of 8, at least 8.
            number_of_images: Number of images to make. 1 to 4.
            prompt_strength: How closely the image follows the prompt; the higher, the closer. 0 to 30.
            seed: Start value of the random numbers. The same seed with the same request gives the same image;
                leave it out to get another image from every call.
            webhook_url: Address that gets a POST when the job has finished or failed. Not empty.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The answer, with status, headers and time, and in `parsed`: The job was accepted and is queued.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return _generate.sync_detailed(
            model_id,
            client=self._client,
            body=CreateInferenceDto(
                prompt=prompt,
                negative_prompt=negative_prompt,
                steps=steps,
                width=width,
                height=height,
                number_of_images=number_of_images,
                prompt_strength=prompt_strength,
                seed=seed,
                webhook_url=webhook_url,
            ),
            timeout=timeout,
        )

    def find_one(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> InferenceEntity:
        """Get a single image job.

        Fetch one job, with the addresses of the images that are ready.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id: ID of the job, as the answer to its submission gave it. Not empty.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The job.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return _find_one.sync(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
        )

    def find_one_detailed(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> Response[InferenceEntity]:
        """Get a single image job.

        Fetch one job, with the addresses of the images that are ready.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id: ID of the job, as the answer to its submission gave it. Not empty.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The answer, with status, headers and time, and in `parsed`: The job.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return _find_one.sync_detailed(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
        )

    def delete(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> None:
        """Delete an image job.

        Delete a job and all of its images.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id: ID of the job, as the answer to its submission gave it. Not empty.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The job is deleted. The body, if there is one, means nothing.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        _delete.sync(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
        )

    def delete_detailed(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> Response[None]:
        """Delete an image job.

        Delete a job and all of its images.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id: ID of the job, as the answer to its submission gave it. Not empty.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The answer, with status, headers and time. The job is deleted. The body, if there is one, means nothing.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return _delete.sync_detailed(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
        )


class AsyncImages:
    """Image generation jobs.

    It is the attribute `images` of a client.
    """

    def __init__(self, client: AsyncLeap) -> None:
        self._client = client

    async def list_all(
        self,
        model_id: str,
        *,
        only_finished: bool | Unset = UNSET,
        page: int | Unset = UNSET,
        page_size: int | Unset = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> list[InferenceEntity]:
        """List all image jobs.

        Fetch one page of the jobs of a model, oldest first. The answer is a bare array: it holds no total and no
        hint of a next page.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            only_finished: Whether to leave out the jobs that are not finished. The server returns all jobs when it is
                false or left out.
            page: Number of the page to fetch. Whether the server counts from 0 or from 1 is not known. At
                least 0.
            page_size: Number of jobs on a page. The server's default is not known. At least 1.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The jobs on the page; empty when there are none.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return await _list_all.asyncio(
            model_id,
            client=self._client,
            only_finished=only_finished,
            page=page,
            page_size=page_size,
            timeout=timeout,
        )

    async def list_all_detailed(
        self,
        model_id: str,
        *,
        only_finished: bool | Unset = UNSET,
        page: int | Unset = UNSET,
        page_size: int | Unset = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> Response[list[InferenceEntity]]:
        """List all image jobs.

        Fetch one page of the jobs of a model, oldest first. The answer is a bare array: it holds no total and no
        hint of a next page.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            only_finished: Whether to leave out the jobs that are not finished. The server returns all jobs when it is
                false or left out.
            page: Number of the page to fetch. Whether the server counts from 0 or from 1 is not known. At
                least 0.
            page_size: Number of jobs on a page. The server's default is not known. At least 1.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The answer, with status, headers and time, and in `parsed`: The jobs on the page; empty when there are none.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return await _list_all.asyncio_detailed(
            model_id,
            client=self._client,
            only_finished=only_finished,
            page=page,
            page_size=page_size,
            timeout=timeout,
        )

    async def generate(
        self,
        model_id: str,
        *,
        prompt: str,
        negative_prompt: str | Unset = UNSET,
        steps: int | Unset = UNSET,
        width: int | Unset = UNSET,
        height: int | Unset = UNSET,
        number_of_images: int | Unset = UNSET,
        prompt_strength: float | Unset = UNSET,
        seed: int | Unset = UNSET,
        webhook_url: str | Unset = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> InferenceEntity:
        """Generate an image.

        Submit a job that turns a text into images. The answer comes at once, with the job still queued; one image
        takes about 4 to 20 seconds, more with more `steps` and a larger `numberOfImages`. To get the images, wait
        for the job or give a `webhookUrl`. Every accepted call is paid for.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            prompt: What the image should show. Not empty.
            negative_prompt: What the image should not show. May be empty.
            steps: Number of steps the model takes. Fewer are faster, more give finer detail. At least 1.
            width: Width of the image in pixels. SDXL works best at 1024 by 1024, the other models at 512 by
                512. A multiple of 8, at least 8.
            height: Height of the image in pixels. SDXL works best at 1024 by 1024, the other models at 512 by
                512. A multiple of 8, at least 8.
            number_of_images: Number of images to make. 1 to 4.
            prompt_strength: How closely the image follows the prompt; the higher, the closer. 0 to 30.
            seed: Start value of the random numbers. The same seed with the same request gives the same image;
                leave it out to get another image from every call.
            webhook_url: Address that gets a POST when the job has finished or failed. Not empty.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The job was accepted and is queued.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return await _generate.asyncio(
            model_id,
            client=self._client,
            body=CreateInferenceDto(
                prompt=prompt,
                negative_prompt=negative_prompt,
                steps=steps,
                width=width,
                height=height,
                number_of_images=number_of_images,
                prompt_strength=prompt_strength,
                seed=seed,
                webhook_url=webhook_url,
            ),
            timeout=timeout,
        )

    async def generate_detailed(
        self,
        model_id: str,
        *,
        prompt: str,
        negative_prompt: str | Unset = UNSET,
        steps: int | Unset = UNSET,
        width: int | Unset = UNSET,
        height: int | Unset = UNSET,
        number_of_images: int | Unset = UNSET,
        prompt_strength: float | Unset = UNSET,
        seed: int | Unset = UNSET,
        webhook_url: str | Unset = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> Response[InferenceEntity]:
        """Generate an image.

        Submit a job that turns a text into images. The answer comes at once, with the job still queued; one image
        takes about 4 to 20 seconds, more with more `steps` and a larger `numberOfImages`. To get the images, wait
        for the job or give a `webhookUrl`. Every accepted call is paid for.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            prompt: What the image should show. Not empty.
            negative_prompt: What the image should not show. May be empty.
            steps: Number of steps the model takes. Fewer are faster, more give finer detail. At least 1.
            width: Width of the image in pixels. SDXL works best at 1024 by 1024, the other models at 512 by
                512. A multiple of 8, at least 8.
            height: Height of the image in pixels. SDXL works best at 1024 by 1024, the other models at 512 by
                512. A multiple of 8, at least 8.
            number_of_images: Number of images to make. 1 to 4.
            prompt_strength: How closely the image follows the prompt; the higher, the closer. 0 to 30.
            seed: Start value of the random numbers. The same seed with the same request gives the same image;
                leave it out to get another image from every call.
            webhook_url: Address that gets a POST when the job has finished or failed. Not empty.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The answer, with status, headers and time, and in `parsed`: The job was accepted and is queued.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return await _generate.asyncio_detailed(
            model_id,
            client=self._client,
            body=CreateInferenceDto(
                prompt=prompt,
                negative_prompt=negative_prompt,
                steps=steps,
                width=width,
                height=height,
                number_of_images=number_of_images,
                prompt_strength=prompt_strength,
                seed=seed,
                webhook_url=webhook_url,
            ),
            timeout=timeout,
        )

    async def find_one(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> InferenceEntity:
        """Get a single image job.

        Fetch one job, with the addresses of the images that are ready.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id: ID of the job, as the answer to its submission gave it. Not empty.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The job.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return await _find_one.asyncio(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
        )

    async def find_one_detailed(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> Response[InferenceEntity]:
        """Get a single image job.

        Fetch one job, with the addresses of the images that are ready.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id: ID of the job, as the answer to its submission gave it. Not empty.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The answer, with status, headers and time, and in `parsed`: The job.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            DecodeError: The answer cannot be read.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return await _find_one.asyncio_detailed(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
        )

    async def delete(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> None:
        """Delete an image job.

        Delete a job and all of its images.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id: ID of the job, as the answer to its submission gave it. Not empty.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The job is deleted. The body, if there is one, means nothing.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        await _delete.asyncio(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
        )

    async def delete_detailed(
        self,
        model_id: str,
        inference_id: str,
        *,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> Response[None]:
        """Delete an image job.

        Delete a job and all of its images.

        Args:
            model_id: ID of the model that makes the images, a public model or one of your own. Not empty.
            inference_id: ID of the job, as the answer to its submission gave it. Not empty.
            timeout: Seconds that the whole answer of one attempt may take, more than 0; the client's limits by default.

        Returns:
            The answer, with status, headers and time. The job is deleted. The body, if there is one, means nothing.

        Raises:
            ApiError: The server refused the request or failed on it; the class tells how.
            ConnectionFailed: No answer came.
            RequestTimeout: No complete answer came in time.
            ValueError: An argument cannot be right.
            TypeError: An argument is of the wrong type.
        """

        return await _delete.asyncio_detailed(
            model_id,
            inference_id,
            client=self._client,
            timeout=timeout,
        )
