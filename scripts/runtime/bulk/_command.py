"""The command `bulk`: a plan and its run on the command line."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any, Self

from ..errors import ApiError, ServiceError
from ._errors import BulkError, InputError
from ._plan import Plan, plan
from ._run import Options, Run
from ._spec import RULES

DONE, BAD_INPUT, SOME_FAILED, SOME_UNKNOWN, CAP_REACHED, REFUSED, INTERRUPTED = 0, 2, 3, 4, 5, 6, 130
STATUS_TEXT = """\
exit status: 0 all done, 2 bad input, 3 some rows failed, 4 the fate of some rows is unknown, 5 the cap was reached,
6 the server refuses the account, 130 interrupted. Run the same command again to go on: no row is paid for twice.
"""
REFUSALS = {401, 402, 403}
# Seconds between two lines of progress where there is no terminal.
PLAIN_INTERVAL = 10.0
TERMINAL_INTERVAL = 0.5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and give its exit status."""
    options = parser().parse_args(arguments)
    try:
        return bulk(options)
    except InputError as error:
        return fail(str(error), BAD_INPUT)
    except (OSError, ValueError) as error:
        if isinstance(error, ServiceError):
            return fail(str(error), SOME_FAILED)
        return fail(str(error), BAD_INPUT)
    except BulkError as error:
        return fail(str(error), BAD_INPUT)
    except ServiceError as error:
        return fail(str(error), REFUSED if isinstance(error, ApiError) and error.status_code in REFUSALS else BAD_INPUT)


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
    made.add_argument("--dry-run", action="store_true", help="check every row, say what it is, and send nothing")
    made.add_argument("--price", metavar="X", help="price of an image, to tell the cost")
    made.add_argument("--budget", metavar="X", help="most that may be spent in this directory; needs --price")
    made.add_argument("--max-images", type=int, metavar="N", help="most images that may be paid for in this directory")
    made.add_argument("--in-flight", type=int, default=50, metavar="N", help="jobs unfinished at a time (default: 50)")
    made.add_argument("--per-minute", type=int, metavar="N", help="most requests in any minute, downloads included")
    made.add_argument("--retry-failed", action="store_true", help="try rows again that failed in an earlier run")
    made.add_argument(
        "--unknown",
        choices=("hold", "resubmit"),
        default="hold",
        help="what to do with a row whose answer was lost and whose job the list does not show (default: hold)",
    )
    made.add_argument(
        "--settle", type=float, default=30.0, metavar="S", help="seconds until the list shows a job (default: 30)"
    )
    made.add_argument("--json", action="store_true", help="print results and summary as JSON lines, and no progress")
    return made


def bulk(options: argparse.Namespace) -> int:
    """Plan, and run unless told otherwise."""
    planned = plan(options.rows, RULES.scope_names.get(options.scope, options.scope), price=options.price)
    carried_out = Options(
        in_flight=options.in_flight,
        per_minute=options.per_minute,
        max_images=options.max_images,
        budget=options.budget,
        retry_failed=options.retry_failed,
        unknown=options.unknown,
        settle=options.settle,
    )
    carried_out.limits(planned.price)
    if not options.json or options.dry_run:
        print(json.dumps(facts(planned)) if options.json else planned)
    if options.dry_run:
        return DONE
    with RULES.client() as client:
        run: Run = planned.run(client, options.out, **vars(carried_out))
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
    """Carry out a run, show how it goes, and give the exit status."""
    interrupted = Interruption(run)
    error: ServiceError | OSError | None = None
    with interrupted, Display(run, planned, quiet=options.json) as display:
        try:
            for result in run:
                if options.json:
                    paths = [str(path) for path in result.paths]
                    line = {"key": result.key, "state": result.state, "paths": paths, "error": result.error}
                    print(json.dumps({**line, "job": result.job}), flush=True)
                elif result.state != "done":
                    display.say(f"{result.state}: {result.key}: {result.error}")
        except BulkError:
            raise
        except (ServiceError, OSError) as raised:
            error = raised
    conclude(run.summary, options, error)
    return status(run.summary, interrupted=interrupted.happened)


def conclude(summary: dict[str, Any], options: argparse.Namespace, error: BaseException | None) -> None:
    """Say how a run has ended, and how to go on."""
    if options.json:
        print(json.dumps({"summary": {name: value for name, value in summary.items() if name != "unknown_rows"}}))
        return
    counts = {name: summary[name] for name in ("done", "failed", "unknown", "running")}
    print(f"{summary['requests']} rows: " + ", ".join(f"{count} {name}" for name, count in counts.items() if count))
    if summary["cost"] is not None:
        print(f"spent: {summary['cost']}")
    if error is not None:
        print(f"error: {error}", file=sys.stderr)
    if summary["done"] + summary["failed"] < summary["requests"]:
        print("To go on, run the same command again. No row is paid for twice.", file=sys.stderr)
    if summary["failed"]:
        print(
            f"To try the failed rows again, add --retry-failed; they are in {options.out}/failed.jsonl.",
            file=sys.stderr,
        )


def status(summary: dict[str, Any], *, interrupted: bool) -> int:
    """Return the exit status of a summary; the most urgent one, if several fit."""
    if interrupted:
        return INTERRUPTED
    stopped = {"refused": REFUSED, "cap": CAP_REACHED}.get(summary["stopped"])
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
    """Lets the first Ctrl-C stop the submitting, and the second one everything.

    Args:
        run: What to stop.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.happened = False

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self.happened:
            raise KeyboardInterrupt
        self.happened = True
        self._run.stop()
        print("\nNothing more is submitted; waiting for what is in flight. Ctrl-C again ends at once.", file=sys.stderr)

    def __enter__(self) -> None:
        self._before = signal.signal(signal.SIGINT, self._handle)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        signal.signal(signal.SIGINT, self._before)
        return kind is KeyboardInterrupt


class Display:
    """Shows progress: one line that changes on a terminal, a line now and then elsewhere.

    Args:
        run: What goes on.
        planned: Its plan.
        quiet: Whether to show nothing.
    """

    def __init__(self, run: Run, planned: Plan, *, quiet: bool) -> None:
        self._run = run
        self._plan = planned
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._began = time.monotonic()
        self._shown = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._repeat, daemon=True)

    def __enter__(self) -> Self:
        if not self._quiet:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if not self._quiet:
            self._thread.join()
            self._clear()

    def say(self, line: str) -> None:
        """Print a line above the progress."""
        self._clear()
        print(line, file=sys.stderr)

    def _clear(self) -> None:
        if self._terminal and self._shown:
            sys.stderr.write("\r" + " " * len(self._shown) + "\r")
            self._shown = ""

    def _repeat(self) -> None:
        before: int | None = None
        while not self._stop.wait(TERMINAL_INTERVAL if self._terminal else PLAIN_INTERVAL):
            progress = self._run.progress
            if progress:
                before = progress["done"] if before is None else before
                self._show(progress, before)

    def _show(self, progress: dict[str, int], before: int) -> None:
        minutes = max(time.monotonic() - self._began, 1.0) / 60
        rate = (progress["done"] - before) / minutes
        left = progress["requests"] - progress["done"] - progress["failed"]
        parts = [f"{progress[name]} {name}" for name in ("done", "running", "failed", "unknown")]
        parts.append(f"{rate:.0f} a minute")
        if rate:
            parts.append(f"{left / rate:.0f} min left")
        if self._plan.price is not None:
            parts.append(f"spent {self._plan.price * progress['files']}")
        line = ", ".join(parts)
        if self._terminal:
            sys.stderr.write("\r" + line.ljust(len(self._shown)))
            sys.stderr.flush()
            self._shown = line
        else:
            print(line, file=sys.stderr, flush=True)
