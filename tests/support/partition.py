"""Run one partition of a plan; tests kill and stop this process.

Usage: partition.py PLAN INDEX OF DIRECTORY OPTIONS

PLAN is a file with a pickled plan, OPTIONS are JSON.
"""

import json
import pickle
import sys
from pathlib import Path

from leap_client import bulk


def main() -> int:
    """Run the command line."""
    path, index, of, directory, options = sys.argv[1:]
    plan = pickle.loads(Path(path).read_bytes())  # noqa: S301 - our own
    try:
        bulk.run_partition(plan, int(index), int(of), directory, **json.loads(options))
    except bulk.ClaimLost as error:
        sys.stdout.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
