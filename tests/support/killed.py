"""Run a plan in one process after another, and kill each at a random moment; the last one may finish.

Usage: killed.py ROWS DIRECTORY KILLS LONGEST OPTIONS

Each process is a copy of this one, so that it takes no time to start. OPTIONS are JSON.
"""

import json
import os
import random
import signal
import sys
import time
from typing import Any

from leap_client import Leap, PublicModel, bulk


def main() -> int:
    """Run the command line."""
    rows, directory, kills, longest, text = sys.argv[1:]
    dice = random.Random(kills)  # noqa: S311 - dice, not secrets
    killed = 0
    while killed < int(kills):
        child = os.fork()
        if not child:
            run(rows, directory, json.loads(text))
            os._exit(0)
        time.sleep(dice.uniform(0.02, float(longest)))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += 1
        if not os.WIFSIGNALED(status):
            break  # it was faster: there is nothing left to do
    run(rows, directory, json.loads(text))
    sys.stdout.write(f"{killed}\n")
    return 0


def run(rows: str, directory: str, options: dict[str, Any]) -> None:
    """Go on until nothing is left to do."""
    with Leap() as leap:
        for _ in bulk.plan(rows, PublicModel.SDXL).run(leap, directory, **options):
            pass


if __name__ == "__main__":
    sys.exit(main())
