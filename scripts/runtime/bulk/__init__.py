"""From a file of prompts to a folder of images, without ever paying twice.

plan = bulk.plan("prompts.csv", model)
print(plan)
for result in plan.run(client, "out"):
    print(result.key, result.state, result.paths, result.error)
"""

from ._actions import Result
from ._errors import BadRow, BulkError, ClaimLost, InputError, JournalError
from ._options import Options
from ._partition import collect, run_partition
from ._plan import Plan, plan
from ._run import AsyncRun, Run

__all__ = [
    "AsyncRun",
    "BadRow",
    "BulkError",
    "ClaimLost",
    "InputError",
    "JournalError",
    "Options",
    "Plan",
    "Result",
    "Run",
    "collect",
    "plan",
    "run_partition",
]
