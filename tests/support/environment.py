"""The environment of processes that tests start."""

import os
from collections.abc import Mapping

# What has a process measure which lines it runs, and write that down at its end.
MEASURED = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")


def unmeasured(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of a process that may be stopped while it writes down its coverage.

    Half a file is not passed over: it can end the measuring of the whole suite with an error.
    """
    return {name: value for name, value in environment.items() if name not in MEASURED}
