# Generated from openapi.yaml by `make generate`. Do not edit.
"""A run on several machines: each runs a partition of the rows, and a function joins what they left."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from os import PathLike
from pathlib import Path
from secrets import randbits
from typing import Any

import httpx

from . import _report
from ._options import Options
from ._plan import Plan
from ._run import Run
from ._session import JOURNAL, PARTS, SECRET_BITS, Part, refuse_other_kind
from ._sheet import Sheet

SHARED = "run.json"
# What clocks and disks may differ by, in seconds.
MARGIN = 15.0
COUNTS = ("requests", "done", "failed", "running", "unknown", "paid_files")


def run_partition(  # noqa: PLR0913  # a function that any engine can map takes plain arguments
    plan: Plan,
    index: int,
    of: int,
    directory: str | PathLike[str],
    client_options: Mapping[str, Any] | None = None,
    *,
    lease: float | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Run one partition of a plan, wherever that is; all partitions share the directory.

    It may be called again at any time, by whatever runs jobs on many machines and repeats those that failed: what is
    done stays done. A call that takes over from one that has died waits until nothing of it can still be under way.

    Args:
        plan: The plan; it can be pickled.
        index: Which partition, from 0.
        of: Of how many.
        directory: A directory that all machines share.
        client_options: What the client is made with.
        lease: Seconds after which a runner that shows no life is taken to be dead; more than a request may take. If
            left out: the longest that a request of the client may take, and 15; a client without a timeout needs it.
        **options: See `Options`. Caps and rates are those of one partition.

    Returns:
        The summary of the partition.

    Raises:
        BulkError: The partition belongs to another run, another runner has taken over, or many jobs in a row failed.
        ApiError: The server refuses the account.
    """
    if not 0 <= index < of:
        raise ValueError(f"index must be from 0 up and below {of}, got {index}")
    base = Path(directory)
    refuse_other_kind(base, partitioned=True)
    folder = base / PARTS / f"{index}-of-{of}"
    with plan.rules.client(**(client_options or {})) as client:
        length = _lease(client.timeout) if lease is None else lease
        part = Part(index, of, folder, length, _shared_secret(base, of))
        run = Run(plan, client, base, Options(**options), part)
        for _ in run:
            pass
    return {"index": index, "of": of, **run.summary}


def _lease(timeout: httpx.Timeout) -> float:
    """Return the longest that a request may take, with a margin.

    Raises:
        ValueError: It may take for ever.
    """
    limits = [timeout.pool, timeout.connect, timeout.write, timeout.read]
    known = [limit for limit in limits if limit is not None]
    if len(known) < len(limits):
        raise ValueError(
            "a client without a timeout needs lease=..., the seconds after which its runner is taken for dead"
        )
    return sum(known) + MARGIN


def _shared_secret(base: Path, of: int) -> int:
    """Return what the draw of all partitions depends on: the first one to come draws it."""
    path = base / PARTS / SHARED
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        secret = f"{randbits(SECRET_BITS):x}"
        mine = path.with_name(f"{SHARED}.{secret}")
        mine.write_text(json.dumps({"secret": secret, "of": of}), "utf-8")
        try:
            os.link(mine, path)  # unlike a rename, it fails where another was faster
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    shared = json.loads(path.read_text("utf-8"))
    if shared["of"] != of:
        raise ValueError(
            f"{base} is run in {shared['of']} partitions; go on with that number, or use another directory"
        )
    return int(shared["secret"], 16)


def collect(directory: str | PathLike[str]) -> dict[str, Any]:
    """Join what the partitions of a run have left: `summary.json`, `failed.jsonl` and `index.html` in the directory.

    Args:
        directory: The directory that they shared.

    Returns:
        The summary. It names the partitions that have not come to their end under `missing`.
    """
    base = Path(directory)
    shared = json.loads((base / PARTS / SHARED).read_text("utf-8"))
    folders = [base / PARTS / f"{index}-of-{shared['of']}" for index in range(shared["of"])]
    totals: Counter[str] = Counter()
    missing, costs, stopped = [], [], []
    reasons: dict[str, str] = {}
    for index, folder in enumerate(folders):
        try:
            summary = json.loads((folder / _report.SUMMARY).read_text("utf-8"))
        except FileNotFoundError:
            missing.append(index)
            continue
        reasons.update({row["key"]: row["error"] for row in summary["unknown_rows"]})
        totals.update({name: summary[name] for name in COUNTS})
        stopped += [summary["stopped"]] if summary["stopped"] else []
        costs += [Decimal(summary["cost"])] if summary["cost"] else []
    joined = {name: totals[name] for name in COUNTS}
    extra = {"missing": missing, "stopped": ", ".join(sorted(set(stopped))), "cost": str(sum(costs)) if costs else None}
    journals = [folder / JOURNAL for folder in folders if (folder / JOURNAL).exists()]
    return _report.write(base, journals, {**joined, **extra}, reasons, Sheet(base, base.name))
