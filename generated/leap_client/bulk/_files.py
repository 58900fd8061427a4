# Generated from openapi.yaml by `make generate`. Do not edit.
"""What a run leaves on the disk for each job."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from ._journal import Intent

PART = ".part"
SIDECAR = "job.json"


def begin(directory: Path, intent: Intent) -> Path:
    """Make an empty folder in which the files of a job can arrive."""
    part = directory / intent.key / PART
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    return part


def finish(directory: Path, intent: Intent, job: Any, arrived: list[Path]) -> list[Path]:
    """Give the files of a job their places, and describe them in a sidecar."""
    folder = directory / intent.key
    paths = []
    for number, path in enumerate(arrived):
        paths.append(path.replace(folder / f"{number}{path.suffix}"))
    shutil.rmtree(folder / PART, ignore_errors=True)
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
