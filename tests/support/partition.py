"""Run one partition of a plan; tests kill and stop this process.

Usage: partition.py PLAN INDEX OF DIRECTORY OPTIONS

PLAN is a file with a pickled plan, OPTIONS are JSON.
"""

import json
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from leap_client import bulk
from leap_client.bulk import _locks

# So long that no busy machine keeps a runner from showing in time that it is alive.
LEASE = 120
# How much faster the time passes for whoever waits out the lease of a runner that is dead for certain.
HASTE = 60


@contextmanager
def hasty_successors() -> Iterator[None]:
    """Let nobody wait as long as a lease is."""
    wait_out, boot_time = _locks.Claim._wait_out, _locks.boot_time  # noqa: SLF001 - what makes tests wait

    def hasty(claim: _locks.Claim, epoch: int) -> None:
        began = boot_time()
        with patch.object(_locks, "boot_time", lambda: began + HASTE * (boot_time() - began)):
            wait_out(claim, epoch)

    with patch.object(_locks.Claim, "_wait_out", hasty):
        yield


def main() -> int:
    """Run the command line."""
    path, index, of, directory, options = sys.argv[1:]
    plan = pickle.loads(Path(path).read_bytes())  # noqa: S301 - our own
    try:
        with hasty_successors():
            bulk.run_partition(plan, int(index), int(of), directory, lease=LEASE, **json.loads(options))
    except bulk.ClaimLost as error:
        sys.stdout.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
