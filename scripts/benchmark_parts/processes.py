"""Processes of the benchmark: each runs in the environment of one peer, and talks to loopback only."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
BENCH = ROOT / ".bench"
TIMEOUT = 300
# Neither a proxy nor a key of the user's may get to a peer, so only this is handed down.
HANDED_DOWN = ("HOME", "LANG", "PATH")


class PeerError(Exception):
    """A peer cannot be measured; the message says why."""


def environment() -> dict[str, str]:
    """Give the environment variables of a process; the tools of this project come first in PATH."""
    handed_down = {name: os.environ[name] for name in HANDED_DOWN if name in os.environ}
    path = os.pathsep.join([str(Path(sys.executable).parent), handed_down.get("PATH", os.defpath)])
    return {**handed_down, "PATH": path, "TMPDIR": str(BENCH)}


def run(*command: str | Path) -> tuple[float, str]:
    """Run a process to its end.

    Args:
        *command: The command.

    Returns:
        The seconds that it took, and what it printed.

    Raises:
        PeerError: It failed.
    """
    started = perf_counter()
    try:
        done = subprocess.run(
            command, cwd=SCRIPTS, env=environment(), capture_output=True, text=True, check=False, timeout=TIMEOUT
        )
    except subprocess.TimeoutExpired:
        raise PeerError(f"took more than {TIMEOUT} s") from None
    elapsed = perf_counter() - started
    if done.returncode:
        raise PeerError(last_line(done.stderr))
    return elapsed, done.stdout


class Process:
    """A process that answers a line with a line.

    Args:
        child: The process.
        complaints: Where its errors go.
    """

    def __init__(self, child: subprocess.Popen[str], complaints: IO[str]) -> None:
        self._child = child
        self._complaints = complaints

    def read(self) -> str:
        """Wait for a line.

        Raises:
            PeerError: The process has ended.
        """
        assert self._child.stdout  # noqa: S101 - it is a pipe
        if line := self._child.stdout.readline():
            return line.strip()
        self._complaints.seek(0)
        raise PeerError(last_line(self._complaints.read()))

    def ask(self) -> str:
        """Send a line, and wait for another."""
        assert self._child.stdin  # noqa: S101 - it is a pipe
        with suppress(BrokenPipeError):  # then there is no line to come either
            print(file=self._child.stdin, flush=True)
        return self.read()


@contextmanager
def running(*command: str | Path) -> Iterator[Process]:
    """Start a process, and end it with the block.

    Args:
        *command: The command.
    """
    with (
        tempfile.TemporaryFile("w+", dir=BENCH) as complaints,
        subprocess.Popen(
            command,
            cwd=SCRIPTS,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        ) as child,
    ):
        try:
            yield Process(child, complaints)
        finally:
            child.kill()


def last_line(text: str) -> str:
    """Give the line of an error output that says what went wrong."""
    return (text.strip().splitlines() or ["ended without a word"])[-1]


def cores() -> list[int]:
    """Name the cores that this process may use, where that can be asked."""
    return sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []


def pin(core: int) -> None:
    """Keep this process, and those that it starts from now on, on one core."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {core})


@contextmanager
def server() -> Iterator[tuple[str, str]]:
    """Run the server on one core, and all that follows on another, if there are two.

    Yields:
        The server's address, and which core is whose.
    """
    free = cores()
    spare = len(free) > 1
    if spare:
        pin(free[0])
    with running(sys.executable, "-E", "-s", "-m", "benchmark_parts.server") as process:
        url = f"http://127.0.0.1:{process.read()}"
        if spare:
            pin(free[-1])
        yield url, f"server on core {free[0]}, peers on core {free[-1]}" if spare else "server and peers on any core"
