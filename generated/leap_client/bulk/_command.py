# Generated from openapi.yaml by `make generate`. Do not edit.
"""The command `bulk`: a plan and its run on the command line."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import fields
from types import FrameType
from typing import Any

from ..errors import LeapError
from ._actions import CAP, FAILURES, FAILURES_IN_A_ROW, REFUSED, Result
from ._options import Options
from ._plan import Plan, plan
from ._progress import Figures, display
from ._run import Run
from ._spec import RULES

DONE, BAD_INPUT, SOME_FAILED, SOME_UNKNOWN, CAP_REACHED, ACCOUNT_REFUSED, INTERRUPTED = 0, 2, 3, 4, 5, 6, 130
STATUS_TEXT = """\
exit status: 0 all done, 2 the run could not start, 3 some rows failed or were not begun, 4 some are still running, or
it is unknown whether they were paid for, 5 the cap was reached, 6 the server refuses the account, 130 interrupted. Run
the same command again to go on: no row is paid for twice.
"""
AGAIN = "To go on, run the same command again. No row is paid for twice."
SHOW_CURSOR = b"\x1b[?25h"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return its exit status."""
    options = parser().parse_args(arguments)
    try:
        return bulk(options)
    except (LeapError, OSError, ValueError) as error:
        return fail(str(error), BAD_INPUT)
    except KeyboardInterrupt:
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    made = argparse.ArgumentParser(
        prog=f"python -m {str(__package__).partition('.')[0]} bulk",
        description="Submit a job for every row of a file, wait for all of them, and save what they made.",
        epilog=STATUS_TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = ", ".join(RULES.scope_names)
    known = f"; one of {names}, or an id" if names else ""
    made.add_argument("rows", help="a .csv or .jsonl file whose columns are fields of a request, and perhaps `key`")
    made.add_argument("out", help="directory for the files, the journal and index.html")
    made.add_argument(f"--{RULES.scope_flag}", dest="scope", required=True, help=f"what to submit to{known}")
    made.add_argument("--dry-run", action="store_true", help="check every row, print a summary, and send nothing")
    made.add_argument("--price", metavar="X", help="price per image, used to show the cost")
    made.add_argument("--budget", metavar="X", help="most that may be spent in this directory; needs --price")
    made.add_argument("--max-images", type=int, metavar="N", help="most images that may be paid for in this directory")
    made.add_argument(
        "--in-flight", type=int, default=50, metavar="N", help="most jobs unfinished at once (default: 50)"
    )
    made.add_argument("--per-minute", type=int, metavar="N", help="most requests in any minute, downloads included")
    made.add_argument("--retry-failed", action="store_true", help="try rows again that failed in an earlier run")
    made.add_argument(
        "--unknown",
        choices=("hold", "resubmit"),
        default="hold",
        help="what to do with a row whose answer was lost and whose job the list does not show (default: hold)",
    )
    made.add_argument(
        "--settle",
        type=float,
        default=30.0,
        metavar="S",
        help="seconds to allow for a new job to appear in the list (default: 30)",
    )
    made.add_argument("--json", action="store_true", help="print results and summary as JSON lines, and no progress")
    return made


def bulk(options: argparse.Namespace) -> int:
    """Plan, and run unless told otherwise."""
    planned = plan(options.rows, RULES.scope_named(options.scope) or options.scope, price=options.price)
    given = {each.name: getattr(options, each.name) for each in fields(Options) if hasattr(options, each.name)}
    Options(**given).cap(planned.price)  # says what is wrong with them before anything is printed
    if not options.json or options.dry_run:
        print(json.dumps(facts(planned)) if options.json else planned)
    if options.dry_run:
        return DONE
    with RULES.client() as client:
        run: Run = planned.run(client, options.out, **given)
        return follow(run, planned, options)


def facts(planned: Plan) -> dict[str, Any]:
    """Return what a plan says as JSON."""
    return {
        "requests": planned.requests,
        "files": planned.files,
        "duplicates": planned.duplicates,
        "cost": None if planned.cost is None else str(planned.cost),
    }


def follow(run: Run, planned: Plan, options: argparse.Namespace) -> int:
    """Carry out a run, show how it goes, and return the exit status."""
    figures = Figures(run, planned.price)
    interruption = Interruption(run)
    error: LeapError | OSError | None = None
    with interruption, nullcontext() if options.json else display(figures) as shown:
        try:
            for result in run:
                figures.add(result)
                if shown is None:
                    interruption.print(as_json(result))
                elif result.state != "done":
                    shown.say(f"{result.state}: {result.key}: {result.error}")
        except (LeapError, OSError) as raised:
            error = raised
    if not run.progress:
        return fail(str(error), BAD_INPUT)
    if not run.summary:
        return fail(f"{error}\n{AGAIN}", SOME_UNKNOWN)
    if options.json:
        listed = {name: value for name, value in run.summary.items() if not name.endswith("_rows")}
        interruption.print(json.dumps({"summary": {**listed, "error": listed["error"] or str(error or "")}}))
    else:
        conclude(run.summary, options.out, error)
    return status(run.summary, interrupted=interruption.happened)


def as_json(result: Result) -> str:
    """Return a line of output."""
    paths = [str(path) for path in result.paths]
    line = {"key": result.key, "state": result.state, "paths": paths, "error": result.error, "job": result.job}
    return json.dumps(line)


def conclude(summary: dict[str, Any], out: str, error: BaseException | None) -> None:
    """Say how a run has ended, and how to go on."""
    counts = {name: summary[name] for name in ("done", "failed", "unknown", "running")}
    ended = sum(counts.values())
    counts["not begun"] = summary["requests"] - ended
    said = [
        f"{summary['requests']:,} rows: " + ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    ]
    if summary["cost"] is not None:
        said.append(f"spent: {summary['cost']}")
    said.append(f"see {out}/index.html")
    if error is not None:
        said.append(f"error: {error}")
    if summary["stopped"] == FAILURES:
        said.append(f"Stopped after {FAILURES_IN_A_ROW} failures in a row; see {out}/failed.jsonl.")
    if summary["unknown"]:
        said.append(
            f"It is not known whether the unknown rows were paid for; {out}/summary.json says why. --unknown resubmit "
            "sends those again that certainly made no job."
        )
    if summary["failed"]:
        said.append(f"To try the failed rows again, add --retry-failed; they are in {out}/failed.jsonl.")
    if summary["unsaved_rows"]:
        said.append(f"Some of them are paid for and lack files only; they are in {out}/summary.json instead.")
    if summary["stopped"] == CAP:
        said.append("The cap was reached. To go on, raise --max-images or --budget.")
    elif summary["done"] + summary["failed"] < summary["requests"]:
        said.append(AGAIN)
    print("\n".join(said), file=sys.stderr)


def status(summary: dict[str, Any], *, interrupted: bool) -> int:
    """Return the exit status of a summary; the most urgent one, if several fit."""
    if interrupted:
        return INTERRUPTED
    stopped = {REFUSED: ACCOUNT_REFUSED, CAP: CAP_REACHED}.get(summary["stopped"])
    if stopped is not None:
        return stopped
    if summary["unknown"] or summary["running"]:
        return SOME_UNKNOWN
    return SOME_FAILED if summary["failed"] or summary["done"] < summary["requests"] else DONE


def fail(message: str, code: int) -> int:
    """Print an error."""
    print(f"error: {message}", file=sys.stderr)
    return code


class Interruption:
    """Lets the first Ctrl-C, or SIGTERM, stop the submitting, and the second one everything.

    Args:
        run: What to stop.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._before: dict[int, Any] = {}
        self.happened = False

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self.happened:
            # The journal is ready for this at any moment.
            if sys.stderr.isatty():
                os.write(2, SHOW_CURSOR)  # the bar hides it
            os.write(2, f"\nEnded at once. {AGAIN}\n".encode())
            os._exit(INTERRUPTED)
        self.stop()
        os.write(2, b"\nNothing more is submitted; waiting for what is in flight. Ctrl-C again ends at once.\n")

    def stop(self) -> None:
        """Submit nothing more."""
        self.happened = True
        self._run.stop()

    def print(self, line: str) -> None:
        """Print a line for another program; if that is gone, submit nothing more."""
        try:
            print(line, flush=True)
        except BrokenPipeError:
            # What is in flight is paid for, so it is saved before the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.stop()

    def __enter__(self) -> None:
        self._before = {each: signal.signal(each, self._handle) for each in (signal.SIGINT, signal.SIGTERM)}

    def __exit__(self, *_: object) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)
