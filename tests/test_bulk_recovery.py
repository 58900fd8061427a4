"""What becomes of a request whose answer was lost: never is it sent again if its job might exist."""

import random
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from leap_client import Leap, PublicModel, bulk
from leap_client.bulk._journal import Intent, State
from leap_client.bulk._recovery import Listed, Search
from rig import Fault, Sandbox
from rig.plan import Request
from support.bulk import results, rows_of

MODEL = PublicModel.SDXL
AT = 1_700_000_000.0
OLD = Listed("old", ("A horse", 7), AT - 60, None)
ITS = Listed("its", ("A horse", 7), AT + 0.2, None)
OWN = Listed("own", ("A cow", 1), AT, None)


def intent(**changes: Any) -> Intent:
    """Make an intent for a horse with a seed of the user's."""
    given = {"index": 0, "key": "k", "request": {"prompt": "A horse", "seed": 7}, "at": AT, "epoch": 1, "drawn": False}
    return Intent(**{**given, **changes})


DRAWN = intent(drawn=True)
# The intents, the list, what is otherwise than usual, and what is concluded; usually the clocks agree.
CASES: dict[str, tuple[list[Intent], list[Listed], dict[str, Any], str]] = {
    "its job": ([intent()], [OWN, ITS], {}, "its"),
    "beside an older one": ([intent()], [OLD, OWN, ITS], {}, "its"),
    "none": ([intent()], [OWN], {}, "absent"),
    "only an older one": ([intent()], [OLD, OWN], {}, "absent"),
    "two that it may be": ([intent()], [ITS, OWN, ITS._replace(id="other")], {}, "unknown"),
    "one for two intents": ([intent(), intent(index=1)], [ITS, OWN], {}, "unknown"),
    "none for two intents": ([intent(), intent(index=1)], [OWN], {}, "absent"),
    "a little too old": ([intent()], [ITS._replace(created=AT - 1), OWN], {}, "unknown"),
    "no time at all": ([intent()], [ITS._replace(created=None), OWN], {}, "unknown"),
    "clocks that were never compared": ([intent()], [OLD, OWN], {"ahead": {}}, "unknown"),
    "clocks that were compared in another session": ([intent()], [ITS, OWN], {"ahead": {2: 0.0}}, "unknown"),
    "a clock that was set back since": ([intent(at=AT + 3600)], [ITS, OWN], {"ahead": {1: -3600.0, 2: 0.0}}, "its"),
    "a drawn seed, whatever the clocks say": ([DRAWN], [ITS, OWN], {"ahead": {}}, "its"),
    "another spelling of the prompt": ([DRAWN], [ITS._replace(values=("a horse", 7)), OWN], {}, "unknown"),
    "another seed": ([DRAWN], [ITS._replace(values=("A horse", 8)), OWN], {}, "absent"),
    "a list without a job of the run": ([intent()], [], {}, "unknown"),
    "a list that breaks off": ([intent()], [OWN], {"complete": False}, "unknown"),
    "a list from which something vanished": ([intent()], [OWN], {"before": ["own", "gone"]}, "unknown"),
    "a list that grew": ([intent()], [OWN, OLD], {"before": ["own"]}, "absent"),
    "no answer yet that shows whether the server echoes": ([intent()], [OWN], {"echoes": None}, "unknown"),
    "a server that does not echo": ([intent()], [ITS, OWN], {"echoes": False}, "unknown"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_list_is_read_with_care(case: str) -> None:
    """A job is adopted, or taken not to exist, only where the list leaves no doubt."""
    intents, listed, otherwise, expected = CASES[case]
    state = State(bytearray(3), echoes=otherwise.get("echoes", True), ahead=otherwise.get("ahead", {1: 0.0}))
    state.ids.add("own")
    before = Search([], state, ["prompt", "seed"], "seed", None)
    for key in otherwise.get("before", []):
        before.shown.add(key)
    search = Search(intents, state, ["prompt", "seed"], "seed", before.shown if "before" in otherwise else None)
    for each in listed:
        search.see(each)
    verdicts = [verdict for _, verdict in search.verdicts(complete=otherwise.get("complete", True))]
    found = [each.adopt.id if each.adopt else "absent" if each.absent else "unknown" for each in verdicts]
    assert found == [expected] * len(intents), verdicts


def stopped(plan: bulk.Plan, sandbox: Sandbox, folder: Path) -> None:
    """Run a plan, but for the search for what was lost."""
    with Leap(sandbox.token, base_url=sandbox.url) as leap:
        run = plan.run(leap, folder, settle=3600)
        for result in run:
            assert result.state == "done"
            if run.progress["done"] + run.progress["unknown"] == plan.requests:
                run.stop()
                break
        run.close()


def test_a_clock_that_is_set_back_pays_for_nothing_twice(
    leap: Leap, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run whose machine was an hour ahead finds its jobs when the clock is right again."""
    plan = bulk.plan([{**row, "seed": 7} for row in rows_of(4)], MODEL)
    sandbox.faults.add(Fault.dropped("answer", acts=True), method="POST", times=2)
    with monkeypatch.context() as ahead:
        clock = SimpleNamespace(time=lambda: time.time() + 3600)
        ahead.setattr("leap_client.bulk._journal.time", clock)
        stopped(plan, sandbox, tmp_path)
    done = results(plan, leap, tmp_path, settle=0, unknown="resubmit")
    assert [result.state for result in done] == ["done"] * 2
    assert len(sandbox.submitted) == 4


def test_a_deletion_during_the_search_pays_for_nothing_twice(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """If somebody deletes jobs while the list is searched, a job that slips past is not paid for again."""
    sandbox.reset(page_limit=3)
    old = iter(sandbox.add_jobs(3))
    plan = bulk.plan(rows_of(6), MODEL)

    def choose(request: Request, _: random.Random) -> Fault | None:
        if request.method == "POST":
            return Fault.dropped("answer", acts=True) if len(sandbox.submitted) == 3 else None
        if request.query.get("page") == "3" and (gone := next(old, None)):
            sandbox.service.existing.pop(gone.id)  # the first job of page 3, which is the lost one, moves to page 2
        return None

    sandbox.faults.randomly(choose)
    done = results(plan, leap, tmp_path, settle=0, unknown="resubmit", in_flight=1)
    assert {result.state for result in done} == {"done"}
    assert len(sandbox.submitted) == 6
