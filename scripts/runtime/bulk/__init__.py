"""From a file of rows to a folder of files, without ever paying twice.

plan = bulk.plan("rows.csv", scope)
print(plan)
for result in plan.run(client, "out"):
    print(result.key, result.state, result.paths, result.error)

From the input to what is left on the disk:

- `_rows`, `_plan`            read and check every row before anything is sent
- `_run`, `_session`          carry out, with threads or tasks, what the engine decides
- `_engine`, `_gate`          decide what may be sent, and when; `_actions` is what they decide about
- `_journal`, `_ledger`       write everything down, before it is done where it costs money
- `_recovery`                 finds the jobs whose answers were lost
- `_poller`, `_watching`      follow many jobs with few requests
- `_files`, `_report`, `_sheet`  save files, and tell what has become of each row
- `_locks`, `_partition`      keep others out, on one machine and on many
- `_command`, `_progress`     are the command line
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
