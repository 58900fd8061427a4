# Generated from openapi.yaml by `make generate`. Do not edit.
"""What a run leaves on the disk for each job."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from .._download import Download
from .._images import Source, sources
from ..errors import LeapError
from ._actions import Save, Saved

SIDECAR = "job.json"
MAX_BYTES = 64 * 1024 * 1024
TIMEOUT = 300.0


class Downloads:
    """The downloads of one job; a file that cannot be saved does not prevent the others from being saved.

    Args:
        directory: The directory of the run.
        save: The job, and what is saved of it.
        files: The attribute of a job that lists its files.
        uri: The attribute of a file that tells where it is.
        max_retries: How many attempts in a row may bring nothing new.
    """

    def __init__(self, directory: Path, save: Save, files: str, uri: str, max_retries: int) -> None:
        self._folder = directory / save.intent.key
        self._save = save
        self._max_retries = max_retries
        self.requests = 0
        self._paths = dict(save.saved)
        self._error = save.error
        numbered = sources(getattr(save.job, files), lambda file: getattr(file, uri), save.intent.key)
        plain = [Source(each.uri, each.name.rpartition("-")[2]) for each in numbered]
        now = plain[save.first : save.first + save.files]
        self.sources = [each for each in now if each.name not in save.saved]

    def prepare(self, source: Source) -> Download:
        """Make the download of a file, to be fetched within `of_one`.

        Raises:
            DecodeError: Its address cannot be read.
        """
        return Download(source, self._folder, max_bytes=MAX_BYTES, max_retries=self._max_retries, timeout=TIMEOUT)

    @contextmanager
    def of_one(self) -> Iterator[None]:
        """Remember the error of one file, if it is the first."""
        try:
            yield
        except LeapError as error:
            self._error = self._error or error

    def saved(self, source: Source, path: Path) -> None:
        """Record that a file is saved."""
        self._paths[source.name] = path

    def finish(self) -> Saved:
        """Describe the files that are saved in a sidecar."""
        paths = in_order(self._paths)
        described = [{"name": path.name, "bytes": path.stat().st_size, "sha256": _sha256(path)} for path in paths]
        intent, job = self._save.intent, _as_json(self._save.job)
        sidecar = {"key": intent.key, "request": intent.request, "job": job, "files": described}
        self._folder.mkdir(parents=True, exist_ok=True)
        write(self._folder / SIDECAR, json.dumps(sidecar, indent=2, ensure_ascii=False) + "\n")
        return Saved(self._paths, self._error, self.requests)


def in_order(paths: Mapping[str, Path]) -> list[Path]:
    """Return files in the order of their numbers."""
    return [path for _, path in sorted(paths.items(), key=lambda each: int(each[0]))]


class Counted(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Counts the requests for files, redirected ones too."""

    def __init__(self, transport: Any, downloads: Downloads) -> None:
        self._transport, self._downloads = transport, downloads

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._downloads.requests += 1
        response: httpx.Response = self._transport.handle_request(request)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._downloads.requests += 1
        response: httpx.Response = await self._transport.handle_async_request(request)
        return response


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _as_json(job: Any) -> Any:
    """Return a job as JSON, as much of it as can be read."""
    try:
        return job.to_dict()
    except (AttributeError, ValueError):
        return repr(job)


def write(path: Path, text: str) -> None:
    """Put a text file in its place, whole or not at all, and on the disk."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
