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

from .environment import unmeasured

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
            "TERM": "xterm",
            "COLUMNS": "200",
        }
        self._rows = folder / "rows.jsonl"
        self.out = folder / "out"

    def _write(self, rows: list[dict[str, Any]]) -> None:
        self._rows.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")

    def start(
        self,
        rows: list[dict[str, Any]],
        *options: str,
        most_bytes: int | None = None,
        stderr: int = subprocess.PIPE,
    ) -> "subprocess.Popen[str]":
        """Start it, with a limit on the size of the files that it writes."""
        self._write(rows)
        command = [sys.executable, "-m", "leap_client", "bulk", str(self._rows), str(self.out), "--model", "SDXL"]
        limit = () if most_bytes is None else ("prlimit", f"--fsize={most_bytes}")
        return subprocess.Popen(
            [*limit, *command, *options],
            env=self._environment if most_bytes is None else unmeasured(self._environment),
            text=True,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )

    def run(
        self, rows: list[dict[str, Any]], *options: str, most_bytes: int | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run it to its end."""
        with self.start(rows, *options, most_bytes=most_bytes) as process:
            out, said = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, said)

    def killed(self, rows: list[dict[str, Any]], kills: int, longest: float = 0.6, **options: Any) -> int:
        """Run it again and again, each time until it is killed, and then to its end; tell how often it was."""
        self._write(rows)
        script = str(ROOT / "tests" / "support" / "killed.py")
        arguments = [str(self._rows), str(self.out), str(kills), str(longest), json.dumps(options)]
        done = subprocess.run([sys.executable, script, *arguments], env=self._environment, check=True, stdout=-1)
        return int(done.stdout)

    def saved(self) -> set[str]:
        """Return the keys of the rows whose files are saved as their sidecars describe them."""
        return {
            path.parent.name
            for path in self.out.glob("*/job.json")
            if all((path.parent / file["name"]).is_file() for file in json.loads(path.read_text())["files"])
        }
