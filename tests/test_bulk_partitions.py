"""A bulk run on several machines: each row is paid for once, whatever dies, stops or is run twice."""

import gc
import json
import os
import pickle
import signal
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from leap_client import Leap, PublicModel, bulk, errors
from leap_client.bulk._journal import whole_lines
from readme import Readme
from rig import Fault, Sandbox, truncated
from support.bulk import ROOT, rows_of
from support.environment import MEASURED, unmeasured
from support.partition import LEASE, hasty_successors

MODEL = PublicModel.SDXL


class Machine:
    """Starts processes that run a partition of a plan in one directory."""

    def __init__(self, sandbox: Sandbox, plan: bulk.Plan, folder: Path) -> None:
        self.out = folder / "out"
        self._plan = folder / "plan"
        self._plan.write_bytes(pickle.dumps(plan))
        client = {"token": sandbox.token, "base_url": sandbox.url}
        self._options = {"client_options": client, "settle": 0, "unknown": "resubmit", "in_flight": 4}

    def start(self, index: int = 0, of: int = 1) -> "subprocess.Popen[str]":
        """Start one."""
        script = ROOT / "tests" / "support" / "partition.py"
        arguments = [str(self._plan), str(index), str(of), str(self.out), json.dumps(self._options)]
        environment = {**unmeasured(), "PYTHONPATH": str(ROOT / "generated")}
        command = [sys.executable, str(script), *arguments]
        return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE)


def prompts(sandbox: Sandbox) -> Counter[str]:
    """Count how often each prompt was paid for."""
    return Counter(job.request["prompt"] for job in sandbox.submitted)


def test_partitions_share_the_rows(sandbox: Sandbox, tmp_path: Path) -> None:
    """The partitions of a plan have each row once among them, and `collect` joins what they leave."""
    plan = bulk.plan([*rows_of(20), *({"key": f"same-{n}", "prompt": "A horse", "seed": 7} for n in range(4))], MODEL)
    client = {"token": sandbox.token, "base_url": sandbox.url}
    parts = [bulk.run_partition(plan, index, 3, tmp_path, client) for index in range(3)]
    assert sum(part["requests"] for part in parts) == 24
    summary = bulk.collect(tmp_path)
    assert (summary["done"], summary["missing"]) == (24, [])
    assert len(list(tmp_path.glob("*/job.json"))) == 24
    assert len({(job.request["prompt"], job.request["seed"]) for job in sandbox.submitted}) == 21
    assert "24" in (tmp_path / "index.html").read_text()


def test_partitions_are_done_once(sandbox: Sandbox, tmp_path: Path) -> None:
    """A partition that is run again submits nothing, in its own process or in another."""
    plan = bulk.plan(rows_of(6), MODEL)
    machine = Machine(sandbox, plan, tmp_path)
    client = {"token": sandbox.token, "base_url": sandbox.url}
    for _ in range(2):
        assert bulk.run_partition(plan, 0, 1, machine.out, client)["done"] == 6
    with machine.start() as process:
        assert process.wait() == 0
    assert len(sandbox.submitted) == 6


def test_another_number_of_partitions_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    """A directory that was begun in some number of partitions is not gone on with in another."""
    plan = bulk.plan(rows_of(2), MODEL)
    client = {"token": sandbox.token, "base_url": sandbox.url}
    bulk.run_partition(plan, 0, 2, tmp_path, client)
    with pytest.raises(ValueError, match="2 partitions"):
        bulk.run_partition(plan, 0, 3, tmp_path, client)


@pytest.mark.parametrize("partitioned", [True, False], ids=["partitions first", "partitions last"])
def test_a_directory_is_run_in_partitions_or_without(sandbox: Sandbox, tmp_path: Path, *, partitioned: bool) -> None:
    """A directory that was begun in one way is refused in the other, and can still be gone on with in the first."""
    plan = bulk.plan(rows_of(2), MODEL)
    client: dict[str, Any] = {"token": sandbox.token, "base_url": sandbox.url}

    def run(*, in_partitions: bool) -> None:
        if in_partitions:
            bulk.run_partition(plan, 0, 1, tmp_path, client)
            return
        with Leap(**client) as leap:
            list(plan.run(leap, tmp_path))

    run(in_partitions=partitioned)
    with pytest.raises(bulk.JournalError, match="partitions"):
        run(in_partitions=not partitioned)
    run(in_partitions=partitioned)
    assert len(sandbox.submitted) == 2


@pytest.mark.parametrize("timeout", [None, httpx.Timeout(30, write=None)], ids=["none", "none to write"])
def test_a_partition_without_a_timeout_needs_a_lease(
    sandbox: Sandbox, tmp_path: Path, timeout: httpx.Timeout | None
) -> None:
    """A request that may take for ever might outlive any lease but one that the caller answers for."""
    plan = bulk.plan(rows_of(2), MODEL)
    client = {"token": sandbox.token, "base_url": sandbox.url, "timeout": timeout}
    with pytest.raises(ValueError, match="lease"):
        bulk.run_partition(plan, 0, 1, tmp_path, client)
    assert not sandbox.requests
    assert bulk.run_partition(plan, 0, 1, tmp_path, client, lease=60)["done"] == 2


def test_a_long_journal_costs_no_claim(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A partition can be gone on with, though reading its journal and its rows takes longer than its lease."""
    plan, lease = bulk.plan(rows_of(6000), MODEL), 5
    client = {"token": sandbox.token, "base_url": sandbox.url}
    sandbox.reset(billing_limit=0)
    with pytest.raises(errors.ApiError):
        bulk.run_partition(plan, 0, 1, tmp_path, client)
    with (tmp_path / ".parts" / "0-of-1" / "journal.jsonl").open("a") as journal:
        for row in list(plan.rows())[:-1]:
            line = {"e": 1, "row": row.index, "key": row.key, "request": row.request}
            journal.write(json.dumps({"t": "intend", **line, "drawn": None, "at": 0}) + "\n")
            journal.write(json.dumps({"t": "failed", **line, "id": None, "files": [], "error": "it failed"}) + "\n")
    now, rows = [0.0], bulk.Plan.rows

    def slow(items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            now[0] += 0.001
            yield item

    monkeypatch.setattr("leap_client.bulk._locks.boot_time", lambda: now[0])
    monkeypatch.setattr("leap_client.bulk._journal.whole_lines", lambda path: slow(whole_lines(path)))
    monkeypatch.setattr(bulk.Plan, "rows", lambda plan: slow(rows(plan)))
    sandbox.options.billing_limit = None
    sandbox.faults.add(Fault.dropped("answer", acts=True), method="POST")  # so that all journals are read again
    summary = bulk.run_partition(plan, 0, 1, tmp_path, client, lease=lease, settle=0)
    assert (summary["done"], summary["failed"]) == (1, 5999)
    assert now[0] > 4 * lease


def test_a_killed_partition_is_taken_over(sandbox: Sandbox, tmp_path: Path) -> None:
    """The successor of a runner that was killed waits out its lease, and pays for nothing again."""
    sandbox.reset(seconds=0.3, billing_limit=2)
    plan = bulk.plan(rows_of(12), MODEL)
    machine = Machine(sandbox, plan, tmp_path)
    with pytest.raises(errors.ApiError):
        bulk.run_partition(plan, 0, 1, machine.out, {"token": sandbox.token, "base_url": sandbox.url})
    assert bulk.collect(machine.out)["stopped"] == "refused"
    sandbox.options.billing_limit = None
    with machine.start() as first:
        assert sandbox.until(lambda: len(sandbox.submitted) >= 6)
        first.kill()
    # What it left before is not its end.
    assert bulk.collect(machine.out)["missing"] == [0]
    with machine.start() as second:
        assert second.wait() == 0
    assert set(prompts(sandbox).values()) == {1}
    assert bulk.collect(machine.out)["done"] == 12


def test_a_stopped_partition_that_wakes_sends_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    """A runner that stood still for longer than its lease sends nothing more: there is one job for each row."""
    # Until it stands still no job ends, so that it is not about to submit another one.
    sandbox.reset(seconds=3600)
    machine = Machine(sandbox, bulk.plan(rows_of(12), MODEL), tmp_path)
    with machine.start() as first:
        assert sandbox.until(lambda: len(sandbox.submitted) == 4)
        first.send_signal(signal.SIGSTOP)
        sandbox.options.seconds = 0
        for job in sandbox.jobs.values():
            job.ends = job.starts
        try:
            with machine.start() as second:
                assert second.wait() == 0
        finally:
            first.send_signal(signal.SIGCONT)
        said, _ = first.communicate()
    assert first.returncode == 1
    assert "another" in said
    assert set(prompts(sandbox).values()) == {1}
    assert bulk.collect(machine.out)["done"] == 12


def test_a_partition_without_an_answer_learns_from_the_others(sandbox: Sandbox, tmp_path: Path) -> None:
    """A request that was lost before the first answer is held until another partition has shown what to expect."""
    plan = bulk.plan(rows_of(6), MODEL)
    client = {"token": sandbox.token, "base_url": sandbox.url}
    options: dict[str, Any] = {"settle": 0, "unknown": "resubmit"}
    sandbox.faults.add(Fault.dropped("answer"), method="POST", times=None)
    for _ in range(2):
        first = bulk.run_partition(plan, 0, 2, tmp_path, client, **options)
        assert (first["unknown"], first["done"]) == (first["requests"], 0)
    sandbox.faults.clear()
    bulk.run_partition(plan, 1, 2, tmp_path, client, **options)
    assert bulk.run_partition(plan, 0, 2, tmp_path, client, **options)["done"] == first["requests"]
    assert set(prompts(sandbox).values()) == {1}
    assert bulk.collect(tmp_path)["done"] == 6


def test_a_partition_does_not_trust_a_list_without_the_jobs_of_the_others(sandbox: Sandbox, tmp_path: Path) -> None:
    """What the list does not show is held as long as it does not show the jobs of the other partitions, either."""
    plan = bulk.plan(rows_of(6), MODEL)
    client = {"token": sandbox.token, "base_url": sandbox.url}
    options: dict[str, Any] = {"settle": 0, "unknown": "resubmit"}
    bulk.run_partition(plan, 1, 2, tmp_path, client, **options)
    sandbox.options.shown = truncated(1)
    sandbox.faults.add(Fault.dropped("answer", acts=True), method="POST", times=None)
    for _ in range(2):
        first = bulk.run_partition(plan, 0, 2, tmp_path, client, **options)
        assert (first["unknown"], first["done"]) == (first["requests"], 0)
    assert set(prompts(sandbox).values()) == {1}


@pytest.fixture(scope="module")
def cluster(running_sandbox: Sandbox) -> Iterator[Any]:
    """Workers of Dask, each a process of its own."""
    dask = pytest.importorskip("distributed")
    options: dict[str, Any] = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with pytest.MonkeyPatch.context() as environment:
        # It logs every death, here and in its processes; the environment is what all of them read.
        environment.setenv("DASK_LOGGING__DISTRIBUTED", "critical")
        environment.setenv("LEAP_API_KEY", running_sandbox.token)
        environment.setenv("LEAP_BASE_URL", running_sandbox.url)
        for name in MEASURED:
            environment.delenv(name, raising=False)
        with dask.LocalCluster(**options, host="127.0.0.1") as workers, dask.Client(workers) as client:
            yield client
        with warnings.catch_warnings(action="ignore"):
            gc.collect()  # what it leaves open would be the fault of whatever test comes next


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_dask_workers_may_die(cluster: Any, sandbox: Sandbox, tmp_path: Path) -> None:
    """Whenever workers of Dask die, no row is paid for twice, and each is done, or held until a rerun finishes it."""
    sandbox.reset(seconds=0.3)
    plan = bulk.plan(rows_of(24), MODEL)
    client = {"token": sandbox.token, "base_url": sandbox.url}
    options = {"lease": LEASE, "settle": 0, "unknown": "resubmit", "in_flight": 4}
    work = (plan, tmp_path, client, options)
    parts = cluster.map(_partition, range(4), [work] * 4, pure=False)
    assert sandbox.until(lambda: len(sandbox.submitted) >= 4)
    for _ in range(2):
        kill_a_worker(cluster)
        # A partition that died before its first answer is held until an answer to another one tells what to expect.
        assert sum(part["done"] + part["unknown"] for part in cluster.gather(parts)) == 24
    again = cluster.map(_partition, range(4), [work] * 4, pure=False)
    assert sum(part["done"] for part in cluster.gather(again)) == 24
    assert set(prompts(sandbox).values()) == {1}
    assert bulk.collect(tmp_path)["done"] == 24


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_recipe_for_dask_works(cluster: Any, sandbox: Sandbox, tmp_path: Path) -> None:
    """What the README shows for Dask runs a plan on a cluster."""
    (recipe,) = (block.text for block in Readme(ROOT / "README.md").blocks if "from distributed" in block.text)
    # The number first, which may well be in what takes the place of the others.
    for shown, real in (("16", "2"), ("scheduler:8786", cluster.scheduler.address), ("/shared/out", str(tmp_path))):
        assert shown in recipe
        recipe = recipe.replace(shown, real)
    exec(recipe, {"bulk": bulk, "plan": bulk.plan(rows_of(8), MODEL), "print": lambda _: None})  # noqa: S102 - our own
    assert set(prompts(sandbox).values()) == {1}
    assert bulk.collect(tmp_path)["done"] == 8


def _partition(index: int, work: Any) -> dict[str, Any]:
    plan, directory, client, options = work
    with hasty_successors():
        return bulk.run_partition(plan, index, 4, directory, client, **options)


def kill_a_worker(cluster: Any) -> None:
    """Kill one of the workers; its nanny starts another."""
    process = next(iter(cluster.run(os.getpid).values()))
    os.kill(process, signal.SIGKILL)
