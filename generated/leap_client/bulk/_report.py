# Generated from openapi.yaml by `make generate`. Do not edit.
"""What is left for people when a run ends: a summary, the failed rows, and the contact sheet."""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from . import _files
from ._journal import whole_lines
from ._sheet import Sheet

MOST_LISTED = 1000
SUMMARY = "summary.json"
ENDS = {"done", "failed"}


def write(
    folder: Path,
    journals: list[Path],
    summary: dict[str, Any],
    reasons: Mapping[str, str],
    sheet: Sheet | None,
) -> dict[str, Any]:
    """Write everything into a folder.

    Args:
        folder: The folder.
        journals: The journals of the run.
        summary: What is known of the run as a whole.
        reasons: Why rows are unknown, by their keys.
        sheet: The contact sheet; None for a partition, whose rows `collect` shows.

    Returns:
        The summary with the rows that are unknown, and those of which files are missing: the first thousand of each.
    """
    unknown: list[dict[str, Any]] = []
    unsaved: list[dict[str, Any]] = []
    part = folder / f".failed.{os.getpid()}.part"
    with part.open("w", encoding="utf-8", newline="\n") as failed:
        for line in outcomes(journals):
            about = {"key": line["key"], "job": line.get("id"), "request": line["request"]}
            if line["t"] == "failed" and not line.get("unsaved"):
                remark = {"_error": line["error"], "_job": line.get("id")}
                failed.write(json.dumps({"key": line["key"], **line["request"], **remark}) + "\n")
            elif line["t"] == "failed":
                # Its job has finished and is paid for: whoever makes it an input would pay again.
                _list(unsaved, {**about, "error": line["error"]})
            elif line["t"] != "done":
                _list(unknown, {**about, "error": reasons.get(line["key"], "")})
            if sheet is not None:
                sheet.add(line)
    part.replace(folder / "failed.jsonl")
    if sheet is not None:
        sheet.close()
    full = {**summary, "unknown_rows": unknown, "unsaved_rows": unsaved}
    _files.write(folder / SUMMARY, json.dumps(full, indent=2, ensure_ascii=False) + "\n")
    return full


def _list(rows: list[dict[str, Any]], row: dict[str, Any]) -> None:
    if len(rows) < MOST_LISTED:
        rows.append(row)


def outcomes(journals: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Yield the last line about each row that was begun: `done`, `failed`, or the `intend` that is still open."""
    for path in journals:
        last = _last_ends(path)
        open_intents: dict[int, dict[str, Any]] = {}
        unsaved: dict[int, dict[str, Any]] = {}
        for number, line in enumerate(_current(path), 1):
            kind, row = line["t"], line.get("row", -1)
            if kind == "intend":
                open_intents[row] = line
            elif kind == "job" and row in open_intents:
                open_intents[row]["id"] = line["id"]
            elif kind == "again" and row in unsaved:
                open_intents[row] = unsaved.pop(row)
            elif kind in {"void", *ENDS}:
                intent = open_intents.pop(row, None)
                if intent is not None and line.get("unsaved"):
                    unsaved[row] = intent
            if kind in ENDS and last[row] == number:
                yield line
        yield from open_intents.values()


def _current(path: Path) -> Iterator[dict[str, Any]]:
    """Read the lines of a journal but those of runners that had been replaced."""
    epoch = 0
    for line, _ in whole_lines(path):
        if line["e"] >= epoch:
            epoch = line["e"]
            yield line


def _last_ends(path: Path) -> array[int]:
    """Return for each row which line is the last one that ends it; 0 if none does for good."""
    last = array("Q")
    for number, line in enumerate(_current(path), 1):
        if line["t"] == "run" and not last:
            last = array("Q", bytes(8 * line["rows"]))
        elif line["t"] in ENDS:
            last[line["row"]] = number
        elif line["t"] in {"again", "intend"}:
            last[line["row"]] = 0
    return last
