"""The command `bulk` in a process of its own, and the shapes that its tests share."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from clients import Blocking
from leap_client import Leap, bulk
from rig import Sandbox

ROOT = Path(__file__).parent.parent.parent


def rows_of(count: int) -> list[dict[str, Any]]:
    """Make rows with keys and prompts of their own."""
    return [{"key": f"k{n:04}", "prompt": f"A horse, {n}"} for n in range(count)]


def results(plan: bulk.Plan, leap: Leap, directory: Path, **options: Any) -> list[bulk.Result]:
    """Run a plan with a client of either kind, and give all results."""
    if isinstance(leap, Blocking):
        asynchronous = plan.run(leap.inner, directory, **options)
        return list(leap.blocking(asynchronous))
    return list(plan.run(leap, directory, **options))


class Command:
    """The command on a sandbox: each call is a process, and all work in the same folder."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self._environment = {
            **os.environ,
            "LEAP_API_KEY": sandbox.token,
            "LEAP_BASE_URL": sandbox.url,
            "PYTHONPATH": str(ROOT / "generated"),
        }
        self._rows = folder / "rows.jsonl"
        self.out = folder / "out"

    def start(self, rows: list[dict[str, Any]], *options: str) -> "subprocess.Popen[str]":
        """Start it."""
        self._rows.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        command = [sys.executable, "-m", "leap_client", "bulk", str(self._rows), str(self.out), "--model", "SDXL"]
        return subprocess.Popen(
            [*command, *options],
            env=self._environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, rows: list[dict[str, Any]], *options: str) -> "subprocess.CompletedProcess[str]":
        """Run it to its end."""
        with self.start(rows, *options) as process:
            out, said = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, said)

    def kill_after(self, rows: list[dict[str, Any]], seconds: float, *options: str) -> None:
        """Kill it after a time, unless it ends before."""
        with self.start(rows, *options) as process:
            try:
                process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()

    def saved(self) -> set[str]:
        """Return the keys of the rows whose files are saved as their sidecars describe them."""
        return {
            path.parent.name
            for path in self.out.glob("*/job.json")
            if all((path.parent / file["name"]).is_file() for file in json.loads(path.read_text())["files"])
        }
