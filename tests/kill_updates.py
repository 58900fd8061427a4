"""Kill updates of a vendored copy, and tell what each one left; test_vendor.py runs it.

Usage: kill_updates.py COUNT DEST PROJECT PROJECT
       kill_updates.py each-step DEST PROJECT PROJECT [--without-exchange]

The copy changes to and fro between what the two projects hold. Every update is a process of its own, forked from this
one, which is why this is not part of the tests themselves: theirs has threads.
"""

import argparse
import importlib.util
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

# The audit events of everything that changes the file system, beside opening a file to write to it.
STEPS = {"ctypes.dlsym", "os.mkdir", "os.remove", "os.rename", "os.rmdir"}
Tree = dict[str, bytes]


class Copy:
    """A copy between updates to one version and to the other."""

    def __init__(self, dest: Path, projects: list[Path]) -> None:
        self.dest = dest
        self.versions: list[tuple[ModuleType, Tree]] = []
        for project in projects:
            vendor = load(project / "scripts" / "vendor.py")
            # Most of the time would go to waiting for the disk, which is of use after a power cut only, and for git,
            # which only reads. Without them more of the kills come while something changes.
            vendor.folders.sync = lambda _: None
            vendor.git = lambda *_, **__: ""  # type: ignore[attr-defined] # mypy knows no attributes of such a module
            started = time.perf_counter()
            vendor.main([str(dest)])
            self.seconds = time.perf_counter() - started
            self.versions.insert(0, (vendor, read_tree(dest)))

    def start_update(self, *, die_before: int | None = None, exchange: bool = True) -> int:
        """Fork a process that updates the copy to the version that it does not hold.

        Args:
            die_before: The step before which the process is to kill itself.
            exchange: Whether the system is to seem able to let folders trade places.

        Returns:
            The process.
        """
        process = os.fork()
        if process:
            return process
        try:
            vendor = self.versions[1][0]
            if not exchange:
                vendor.folders.exchange = lambda *_: False
            if die_before is not None:
                die_before_step(die_before)
            vendor.main([str(self.dest)])
        finally:
            os._exit(0)  # what it did is judged by what it left

    def outcome(self) -> str:
        """Tell which version the copy holds now, and turn to the other one."""
        importable = [path.name for path in self.dest.parent.iterdir() if path.name.isidentifier()]
        if importable != [self.dest.name]:
            return f"{importable} beside each other" if importable else "gone"
        there = read_tree(self.dest)
        (_, before), (_, after) = self.versions
        if there == after:
            self.versions.reverse()
            return "new"
        return "old" if there == before else "broken"


def main() -> int:
    """Print one word for each process that was killed, as a JSON list: `old`, `new`, `gone`, or worse."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count")
    parser.add_argument("dest", type=Path)
    parser.add_argument("projects", type=Path, nargs=2)
    parser.add_argument("--without-exchange", action="store_true")
    options = parser.parse_args()
    answer = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    copy = Copy(options.dest, options.projects)
    if options.count == "each-step":
        outcomes = list(kill_at_each_step(copy, exchange=not options.without_exchange))
    else:
        outcomes = list(kill_at_random(copy, int(options.count)))
    os.write(answer, json.dumps(outcomes).encode())
    return 0


def kill_at_random(copy: Copy, count: int) -> Iterator[str]:
    """Kill updates from outside, each after a random time, until so many were killed or one did harm."""
    while count:
        process = copy.start_update()
        # Not a wait for something: any length is right, and an update that was faster does not count.
        seconds = random.uniform(0, copy.seconds)  # noqa: S311 - dice, not secrets
        time.sleep(seconds)
        os.kill(process, signal.SIGKILL)
        killed, outcome = was_killed(process), copy.outcome()
        if not killed:
            copy.seconds = seconds  # the machine may have been busy when the length of an update was measured
        if killed or outcome != "new":
            yield outcome
        if outcome not in {"old", "new"}:
            return
        count -= killed


def kill_at_each_step(copy: Copy, *, exchange: bool) -> Iterator[str]:
    """Kill an update before its first step, the next one before its second, and so on until one comes to its end."""
    step = 0
    while was_killed(copy.start_update(die_before=step, exchange=exchange)):
        outcome = copy.outcome()
        was_killed(copy.start_update())
        healed = copy.outcome() == "new" and [*copy.dest.parent.iterdir()] == [copy.dest]
        yield outcome if healed else f"{outcome}, and the next run does not mend it"
        step += 1


def die_before_step(step: int) -> None:
    """Let this process kill itself before it changes the file system for the so many-th time, counted from 0."""

    def count(event: str, details: tuple[Any, ...]) -> None:
        nonlocal step
        if event in STEPS or (event == "open" and details[2] & os.O_CREAT):
            step -= 1
            if step == -1:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def was_killed(process: int) -> bool:
    """Wait for the end of a process, and tell whether it was killed."""
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def read_tree(folder: Path) -> Tree:
    """Read all files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def load(script: Path) -> ModuleType:
    """Import a script of a project."""
    spec = importlib.util.spec_from_file_location("vendor", script)
    assert spec
    assert spec.loader
    if str(script.parent) not in sys.path:
        sys.path.append(str(script.parent))  # where a script finds its neighbours
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
