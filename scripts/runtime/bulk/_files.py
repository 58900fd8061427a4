"""What a run leaves on the disk for each job."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from .._download import Download
from .._images import Source, sources
from ._journal import Intent

SIDECAR = "job.json"
MAX_BYTES = 64 * 1024 * 1024
TIMEOUT = 300.0


def downloads(directory: Path, intent: Intent, files: list[Any], uri: str, max_retries: int) -> list[Download]:
    """Prepare to save the files of a job under their numbers.

    Args:
        directory: The directory of the run.
        intent: What the job was made by.
        files: The files as the job lists them.
        uri: Their attribute that tells where they are.
        max_retries: How many attempts in a row may bring nothing new.
    """
    folder = directory / intent.key
    numbered = sources(files, lambda file: getattr(file, uri), intent.key)
    plain = [Source(each.uri, each.name.rpartition("-")[2]) for each in numbered]
    return [Download(each, folder, max_bytes=MAX_BYTES, max_retries=max_retries, timeout=TIMEOUT) for each in plain]


def describe(directory: Path, intent: Intent, job: Any, paths: list[Path]) -> list[Path]:
    """Describe the files of a job in a sidecar."""
    folder = directory / intent.key
    described = [{"name": path.name, "bytes": path.stat().st_size, "sha256": _sha256(path)} for path in paths]
    sidecar = {"key": intent.key, "request": intent.request, "job": _as_json(job), "files": described}
    write(folder / SIDECAR, json.dumps(sidecar, indent=2, ensure_ascii=False) + "\n")
    return paths


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _as_json(job: Any) -> Any:
    """Give a job as JSON, as much of it as can be read."""
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
