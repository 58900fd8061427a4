"""Bulk runs: every row gets its images, no row is paid for twice, and what is wrong is said before anything is sent."""

import asyncio
import csv
import json
import os
import pty
import random
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from leap_client import AsyncLeap, Leap, PublicModel, bulk, errors
from leap_client.bulk import _engine, _gate
from leap_client.bulk._actions import Submit
from leap_client.bulk._engine import Engine
from leap_client.bulk._gate import Gate
from leap_client.bulk._session import Session
from rig import FAIL, Fault, Sandbox, delayed, hidden, truncated
from rig.plan import Request
from support.bulk import Command, results, rows_of

MODEL = PublicModel.SDXL
Kind = Any


@pytest.fixture
def command(sandbox: Sandbox, tmp_path: Path) -> Command:
    """The command `python -m leap_client bulk` on this sandbox, in a folder of its own."""
    return Command(sandbox, tmp_path)


def end_jobs(sandbox: Sandbox) -> None:
    """Let all jobs that there are have ended."""
    for job in sandbox.jobs.values():
        job.ends = job.starts


# From rows to images.


def test_every_row_gets_its_images_and_a_sidecar(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """Each row has its images under its key, with a sidecar that says what was sent and what each file is."""
    rows = [{"key": f"row-{n}", "prompt": f"A horse, {n}", "number_of_images": 1 + n % 3} for n in range(9)]
    done = results(bulk.plan(rows, MODEL), leap, tmp_path, in_flight=4)
    assert {result.key: (result.state, len(result.paths)) for result in done} == {
        f"row-{n}": ("done", 1 + n % 3) for n in range(9)
    }
    sidecar = json.loads((tmp_path / "row-2" / "job.json").read_text())
    assert sidecar["request"]["prompt"] == "A horse, 2"
    assert [file["name"] for file in sidecar["files"]] == ["0.png", "1.png", "2.png"]
    for file in sidecar["files"]:
        assert sha256((tmp_path / "row-2" / file["name"]).read_bytes()).hexdigest() == file["sha256"]
    assert len(sandbox.submitted) == 9
    assert json.loads((tmp_path / "summary.json").read_text())["done"] == 9


def test_equal_rows_are_jobs_of_their_own(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """The same prompt and seed twice, beside an identical old job, makes two new jobs, though an answer is lost."""
    (old,) = sandbox.add_jobs(prompt="A horse", seed=7)
    old.created -= timedelta(minutes=1)
    sandbox.faults.add(Fault.dropped("answer", acts=True), method="POST")
    plan = bulk.plan([{"prompt": "A horse", "seed": 7}] * 2, MODEL)
    done = results(plan, leap, tmp_path, settle=0)
    assert plan.duplicates == 1
    assert len(sandbox.submitted) == 2
    assert len({result.job for result in done} - {old.id}) == 2
    assert len({result.key for result in done}) == 2


def test_drawn_seeds_are_unique(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """No two jobs of a run have the same prompt and seed, though only one row gives a seed."""
    rows: list[dict[str, Any]] = [{"prompt": "A horse"} for _ in range(30)]
    results(bulk.plan([*rows, {"prompt": "A horse", "seed": 1}], MODEL), leap, tmp_path)
    seeds = [job.request["seed"] for job in sandbox.submitted]
    assert len(set(seeds)) == 31


def test_a_failed_row_stops_no_other(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """A job that fails is told of, with its row in a file that can be the input of another run."""
    rows = [{"prompt": FAIL if n == 2 else f"A horse, {n}"} for n in range(5)]
    done = results(bulk.plan(rows, MODEL), leap, tmp_path)
    assert Counter(result.state for result in done) == {"done": 4, "failed": 1}
    again = bulk.plan(tmp_path / "failed.jsonl", MODEL)
    assert again.requests == 1
    assert len(sandbox.submitted) == 5


def test_failed_rows_are_tried_again_on_demand(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """What has failed stays so until it is to be tried again."""
    plan = bulk.plan([{"prompt": f"A horse, {n}"} for n in range(3)], MODEL)
    sandbox.reset(fail=True)
    assert {result.state for result in results(plan, leap, tmp_path)} == {"failed"}
    sandbox.options.fail = False
    assert results(plan, leap, tmp_path) == []
    assert {result.state for result in results(plan, leap, tmp_path, retry_failed=True)} == {"done"}
    assert len(sandbox.submitted) == 6


def test_a_dead_address_is_renewed(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """Where the address of an image is dead, the job is asked for a new one."""
    sandbox.image_faults.add(Fault.answer(403), times=1)
    (done,) = results(bulk.plan([{"prompt": "A horse"}], MODEL), leap, tmp_path)
    assert done.state == "done"
    assert len(sandbox.submitted) == 1


def test_a_finished_job_is_saved_later_without_paying_again(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """If the images of a finished job cannot be had, its row is no input to be paid for again; a retry fetches them."""
    plan = bulk.plan([{"prompt": "A horse"}], MODEL)
    sandbox.image_faults.add(Fault.answer(404), times=None)
    (failed,) = results(plan, leap, tmp_path)
    assert failed.state == "failed"
    assert failed.job is not None
    assert (tmp_path / "failed.jsonl").read_text() == ""
    (unsaved,) = json.loads((tmp_path / "summary.json").read_text())["unsaved_rows"]
    assert (unsaved["key"], unsaved["job"], unsaved["error"]) == (failed.key, failed.job, failed.error)
    sandbox.image_faults.clear()
    (done,) = results(plan, leap, tmp_path, retry_failed=True)
    assert (done.state, done.job) == ("done", failed.job)
    assert len(sandbox.submitted) == 1


def test_what_is_saved_later_is_never_out_of_sight(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """If a run is killed while it fetches the images of an earlier job again, the summary still names that job."""
    plan = bulk.plan([{"prompt": "A horse"}], MODEL)
    sandbox.image_faults.add(Fault.answer(404), times=None)
    (failed,) = results(plan, leap, tmp_path)
    Session(plan, tmp_path, bulk.Options(retry_failed=True), None).close()
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert (summary["failed"], summary["running"]) == (0, 1)
    assert [row["job"] for row in summary["unknown_rows"]] == [failed.job]


def test_a_job_that_is_not_found_yet_is_waited_for(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """A job that the server does not know for a moment is paid for: it is asked about again."""
    sandbox.reset(seconds=0.5)
    sandbox.faults.add(Fault.answer(404), method="GET", times=3)
    (done,) = results(bulk.plan([{"prompt": "A horse"}], MODEL), leap, tmp_path)
    assert done.state == "done"
    assert not sandbox.faults.left
    assert len(sandbox.submitted) == 1


def test_a_job_that_is_gone_has_failed(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """A job that the server has not known for as long as new ones may take to appear is not waited for any more."""
    sandbox.faults.add(Fault.answer(404), method="GET", times=None)
    (failed,) = results(bulk.plan([{"prompt": "A horse"}], MODEL), leap, tmp_path, settle=0.5)
    assert (failed.state, failed.error) == ("failed", "the job does not exist any more")
    assert failed.job == sandbox.submitted[0].id


def test_one_unreadable_address_keeps_no_other_image_from_being_saved(
    leap: Leap, sandbox: Sandbox, tmp_path: Path
) -> None:
    """The images whose addresses can be read are saved, and the row fails with the one that cannot."""

    def choose(request: Request, _: random.Random) -> Fault | None:
        job = sandbox.jobs.get(request.path.rpartition("/")[2])
        if job is None:
            return None
        body = sandbox.service.describe(job)
        body["images"][1]["uri"] = 7
        return Fault.json(body)

    sandbox.faults.randomly(choose)
    (failed,) = results(bulk.plan([{"key": "a", "prompt": "A horse", "number_of_images": 3}], MODEL), leap, tmp_path)
    assert failed.state == "failed"
    assert "2 of 3 files were saved" in failed.error
    assert "uri" in failed.error
    assert sorted(failed.paths) == sorted((tmp_path / "a").glob("*.png"))
    assert len(failed.paths) == len(json.loads((tmp_path / "a" / "job.json").read_text())["files"]) == 2


# What is paid.


@pytest.mark.parametrize("in_flight", [1, 10, 100])
def test_a_cap_is_never_exceeded(leap: Leap, sandbox: Sandbox, tmp_path: Path, in_flight: int) -> None:
    """No more images are paid for than the cap allows, in one run or in several, however many jobs are in flight."""
    plan = bulk.plan([{"prompt": f"A horse, {n}", "number_of_images": 1 + n % 2} for n in range(30)], MODEL, price=2)
    for _ in range(2):
        results(plan, leap, tmp_path, in_flight=in_flight, budget=25)
        assert 11 <= sandbox.paid_images <= 12


def test_a_refused_account_stops_the_run(command: Command, sandbox: Sandbox) -> None:
    """At the billing limit nothing more is submitted than was on its way; the command says so by its status."""
    sandbox.reset(billing_limit=10)
    assert command.run(rows_of(25), "--in-flight", "5").returncode == 6
    posts = [request for request in sandbox.requests if request.method == "POST"]
    assert len(posts) <= 10 + 5
    assert len(sandbox.submitted) == 10
    sandbox.options.billing_limit = None
    assert command.run(rows_of(25)).returncode == 0
    assert len(sandbox.submitted) == 25


def test_the_first_request_goes_alone(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """Until an answer has shown whether the server echoes, no more than one answer can be lost at a time."""
    seen: list[int] = []

    def choose(request: Request, _: random.Random) -> Fault | None:
        if request.method == "POST":
            seen.append(len(sandbox.submitted))
        return Fault.late(0.2) if len(seen) == 1 else None

    sandbox.faults.randomly(choose)
    results(bulk.plan(rows_of(6), MODEL), leap, tmp_path)
    assert seen[:2] == [0, 1]


def test_many_failures_in_a_row_stop_the_run(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """A server that fails on everything is not sent everything."""
    sandbox.faults.add(Fault.answer(400), method="POST", times=None)
    with pytest.raises(errors.BadRequestError):
        results(bulk.plan(rows_of(100), MODEL), leap, tmp_path, in_flight=2)
    assert 20 <= len(sandbox.requests) <= 25


# What is wrong with the input.

BAD_FILES = {
    "unknown column.csv": ("prompt,sed\nA horse,1\n", [("line 1, column sed", "did you mean seed?")]),
    "no number.csv": ("prompt,steps\nA,1\nB,many\n", [("line 3, column steps", "must be an integer, got 'many'")]),
    "several.csv": (
        'prompt,width,seed\n"two\nlines",12,1\n,8,\nC,8,x\n',
        [
            ("line 2, column width", "multiple of 8"),
            ("line 4, column prompt", "missing"),
            ("line 5, column seed", "'x'"),
        ],
    ),
    "several in a row.csv": (
        "prompt,width,seed\n,12,x\n",
        [
            ("line 2, column width", "multiple of 8"),
            ("line 2, column seed", "'x'"),
            ("line 2, column prompt", "missing"),
        ],
    ),
    "no prompts.csv": (
        "text,seed\nA,1\nB,x\n",
        [
            ("line 1, column text", "no such field; the fields are key, prompt"),
            ("line 1, column prompt", "missing"),
            ("line 3, column seed", "'x'"),
        ],
    ),
    "quote.csv": ('prompt\nA\n"B\n', [("line 3", "is not CSV")]),
    "ragged.csv": ("prompt,seed\nA\n", [("line 2", "has 1 cells")]),
    "same key.csv": ("key,prompt\na,A\nA,B\n", [("line 3, column key", "earlier row")]),
    "bad keys.csv": (
        "key,prompt\n../a,A\n..,B\na/b,C\nCON,D\nindex.html,E\nA,F\na,G\nö,H\n",
        [
            ("line 2, column key", "letters, digits"),
            ("line 3, column key", "letters, digits"),
            ("line 4, column key", "letters, digits"),
            ("line 5, column key", "cannot be the name of a folder"),
            ("line 6, column key", "cannot be the name of a folder"),
            ("line 8, column key", "earlier row"),
            ("line 9, column key", "letters, digits"),
        ],
    ),
    "no JSON.jsonl": ('{"prompt": "A"}\n{"prompt": \n', [("line 2", "is not JSON")]),
    "no object.jsonl": ('["A"]\n', [("line 1", "must be a JSON object")]),
    "wrong type.jsonl": ('{"prompt": 7}\n', [("line 1, column prompt", "must be a string, got 7")]),
    "both names.jsonl": (
        '{"prompt": "A", "promptStrength": 1, "prompt_strength": 2}\n',
        [("line 1, column prompt_strength", "given twice")],
    ),
    "lone surrogate.jsonl": ('{"prompt": "\\ud800"}\n', [("line 1, column prompt", "UTF-8")]),
}


def test_what_spreadsheets_write_is_read(sandbox: Sandbox, tmp_path: Path) -> None:
    """A byte order mark, quotes, line breaks, empty cells and long prompts are read as they are meant."""
    prompt = 'A "horse",\r\nat dusk, ünïcode 🐎 ' + "x" * 100_000
    with (tmp_path / "rows.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["prompt", "seed", "_note"], [prompt, "", "a"], ["A cow", " 7 ", ""]])
    with Leap(sandbox.token, base_url=sandbox.url) as leap:
        results(bulk.plan(tmp_path / "rows.csv", MODEL), leap, tmp_path)
    sent = {job.request["prompt"]: job.request["seed"] for job in sandbox.submitted}
    assert sent.keys() == {prompt, "A cow"}
    assert sent["A cow"] == 7


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_row_stops_before_anything_is_sent(name: str, tmp_path: Path) -> None:
    """Every bad row is named with its line, its column and what is wrong, all at once."""
    content, expected = BAD_FILES[name]
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(bulk.InputError) as caught:
        bulk.plan(path, MODEL)
    assert len(caught.value.rows) == len(expected)
    for row, (where, what) in zip(caught.value.rows, expected, strict=True):
        assert f"{name}, {where}: " in str(row)
        assert what in row.reason


def test_the_command_refuses_bad_input_without_a_request(command: Command, sandbox: Sandbox) -> None:
    """The command ends with status 2, having sent nothing."""
    done = command.run([{"prompt": "A"}, {"prompt": ""}, {"seed": 1}])
    assert done.returncode == 2
    assert "line 2, column prompt" in done.stderr
    assert "line 3, column prompt" in done.stderr
    assert not sandbox.requests


def test_the_command_refuses_a_directory_that_cannot_be(command: Command, sandbox: Sandbox) -> None:
    """If the directory cannot be made, the command ends with status 2: nothing was sent."""
    command.out.write_text("a file")
    done = command.run(rows_of(2))
    assert done.returncode == 2
    assert str(command.out) in done.stderr
    assert not sandbox.requests


# What the sandbox does, what is asked for, the status, what is said, and what is not.
ENDS: dict[str, tuple[dict[str, Any], list[str], int, str, str]] = {
    "all done": ({}, [], 0, "30 done", "To go on"),
    "the cap": ({}, ["--max-images", "4"], 5, "raise --max-images or --budget", "run the same command again"),
    "all jobs fail": ({"fail": True}, [], 3, "20 jobs in a row have failed", "unknown"),
    "the account": ({"billing_limit": 3}, [], 6, "run the same command again", "raise --max-images"),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_command_says_how_it_ended(command: Command, sandbox: Sandbox, end: str) -> None:
    """The status and the last words of the command tell why it ended, and how to go on."""
    options, arguments, status, said, unsaid = ENDS[end]
    sandbox.reset(**options)
    done = command.run(rows_of(30), "--in-flight", "2", *arguments)
    assert done.returncode == status
    assert said in done.stderr
    assert unsaid not in done.stderr


def test_the_command_says_that_a_row_has_failed(command: Command, sandbox: Sandbox) -> None:
    """If a row failed, the status says so, and trying again pays for that row alone."""
    rows = [{**row, "prompt": FAIL} if n == 1 else row for n, row in enumerate(rows_of(3))]
    done = command.run(rows)
    assert done.returncode == 3
    assert "add --retry-failed" in done.stderr
    assert command.run(rows, "--retry-failed").returncode == 3
    assert len(sandbox.submitted) == 4


def test_the_command_knows_names_however_they_are_spelt(command: Command, sandbox: Sandbox) -> None:
    """The name of a public model stands for its id, in capitals or not."""
    assert command.run(rows_of(1), "--model", "Stable-Diffusion 2.1").returncode == 0
    assert PublicModel.STABLE_DIFFUSION_2_1 in sandbox.requests[0].path


def test_a_dry_run_sends_nothing(command: Command, sandbox: Sandbox) -> None:
    """A dry run tells what it would be, and what it would cost."""
    done = command.run(rows_of(3), "--dry-run", "--price", "0.01")
    assert done.returncode == 0
    assert "3 requests" in done.stdout
    assert "0.03" in done.stdout
    facts = json.loads(command.run(rows_of(3), "--dry-run", "--price", "0.01", "--json").stdout)
    assert facts == {"requests": 3, "files": 3, "duplicates": 0, "cost": "0.03"}
    assert not sandbox.requests


def test_a_terminal_shows_how_the_run_goes(command: Command, sandbox: Sandbox) -> None:
    """With the extra `progress`, a terminal shows what is done, the pace, the time left and what is spent."""
    sandbox.reset(seconds=3600)
    terminal, other_end = pty.openpty()
    shown = b""
    with command.start(rows_of(6), "--price", "0.01", "--in-flight", "3", stderr=other_end) as process:
        os.close(other_end)
        assert sandbox.until(lambda: len(sandbox.submitted) == 3)
        end_jobs(sandbox)
        # The others go on until all of it was there to be seen.
        while not all(figure in shown for figure in (b"of 6 done", b"running", b"images a minute", b"left", b"spent")):
            shown += os.read(terminal, 4096)
        sandbox.options.seconds = 0
        end_jobs(sandbox)
        with suppress(OSError):  # nobody writes to it any more
            while os.read(terminal, 4096):
                pass
    os.close(terminal)
    assert process.returncode == 0


# Going on.


def test_another_input_is_refused(leap: Leap, tmp_path: Path) -> None:
    """A directory belongs to one input."""
    results(bulk.plan(rows_of(2), MODEL), leap, tmp_path)
    with pytest.raises(bulk.JournalError, match="another input"):
        results(bulk.plan(rows_of(3), MODEL), leap, tmp_path)


def test_a_second_runner_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    """Two processes cannot run in one directory at a time."""
    plan = bulk.plan(rows_of(2), MODEL)
    with Leap(sandbox.token, base_url=sandbox.url) as leap:
        first = plan.run(leap, tmp_path)
        next(first)
        with pytest.raises(bulk.JournalError, match="another process"):
            next(plan.run(leap, tmp_path))
        list(first)


def test_a_consumer_may_leave(sandbox: Sandbox, tmp_path: Path) -> None:
    """Whoever leaves the loop loses no job: the next run goes on with those that were submitted."""
    plan = bulk.plan(rows_of(20), MODEL)
    with Leap(sandbox.token, base_url=sandbox.url) as leap:
        run = plan.run(leap, tmp_path, in_flight=5)
        next(run)
        run.close()
        results(plan, leap, tmp_path)
    assert len(sandbox.submitted) == 20


@pytest.mark.parametrize("moment", range(1, 8))
def test_a_cancelled_run_forgets_no_job(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Whichever write to the disk a task is cancelled at, each job is on the journal once, and the run can go on."""
    plan, writes = bulk.plan(rows_of(8), MODEL), iter(range(1, 1000))

    async def cancelled() -> None:
        loop = asyncio.get_running_loop()

        def fsync(_: int) -> None:
            if next(writes) == moment:
                loop.call_soon_threadsafe(task.cancel)
            time.sleep(0.05)

        async def drive() -> None:
            async for result in run:
                assert result.state == "done"

        monkeypatch.setattr("os.fsync", fsync)
        async with AsyncLeap(sandbox.token, base_url=sandbox.url) as leap:
            run = plan.run(leap, tmp_path, in_flight=4)
            task = asyncio.create_task(drive())
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(cancelled())
    lines = (tmp_path / "journal.jsonl").read_text().splitlines()
    assert len(set(lines)) == len(lines)
    jobs = [line["id"] for line in map(json.loads, lines) if line["t"] == "job"]
    assert sorted(jobs) == sorted(job.id for job in sandbox.submitted)
    with Leap(sandbox.token, base_url=sandbox.url) as leap:
        assert {result.state for result in plan.run(leap, tmp_path)} == {"done"}
    assert len(sandbox.submitted) == 8


@pytest.mark.parametrize("moment", [1, 2, 5])
def test_an_interrupt_ends_a_run(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """An interrupt between any two instructions of the run ends it, and leaves the directory to the next one."""
    plan, taken, take = bulk.plan(rows_of(8), MODEL), iter(range(1, 1000)), Engine.take

    def interrupted(*arguments: Any) -> None:
        take(*arguments)
        if next(taken) == moment:
            raise KeyboardInterrupt

    def drive() -> None:
        with Leap(sandbox.token, base_url=sandbox.url) as leap, suppress(KeyboardInterrupt):
            list(plan.run(leap, tmp_path, in_flight=4))

    with monkeypatch.context() as patched:
        patched.setattr(Engine, "take", interrupted)
        driver = threading.Thread(target=drive, daemon=True)
        driver.start()
        driver.join(60)
    assert not driver.is_alive()
    with Leap(sandbox.token, base_url=sandbox.url) as leap:
        assert {result.state for result in plan.run(leap, tmp_path)} == {"done"}
    assert len(sandbox.submitted) == 8


def test_a_journal_cut_at_every_byte_resumes(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a crash cuts the journal, the run goes on with what is left: nothing of it is submitted again."""
    plan, path = bulk.plan(rows_of(3), MODEL), tmp_path / "journal.jsonl"
    sandbox.faults.add(Fault.dropped("answer"), method="POST", times=1)
    with Leap(sandbox.token, base_url=sandbox.url) as leap:
        results(plan, leap, tmp_path, settle=0, in_flight=2)
    # There are some thousand cuts, and neither the disk nor the report is the question.
    monkeypatch.setattr("os.fsync", lambda _: None)
    monkeypatch.setattr("leap_client.bulk._report.write", lambda *_: {})
    whole = path.read_bytes()
    for size in range(len(whole) + 1):
        path.write_bytes(whole[:size])
        left = [json.loads(line) for line in whole[:size].split(b"\n")[:-1]]
        session = Session(plan, tmp_path, bulk.Options(), None)
        submitted = {action.intent.index for action in session.engine.actions() if isinstance(action, Submit)}
        session.close()
        ends = {line["row"]: line["t"] for line in left if line["t"] != "run"}
        rows_left = {row for row in range(3) if ends.get(row, "void") == "void"}
        assert submitted <= rows_left
        assert bool(submitted) == bool(rows_left)
        for line in path.read_bytes().splitlines():
            json.loads(line)


def test_a_damaged_journal_is_refused(leap: Leap, tmp_path: Path) -> None:
    """What is broken in the middle is no torn tail, and nothing is guessed about it."""
    plan = bulk.plan(rows_of(2), MODEL)
    results(plan, leap, tmp_path)
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b'"intend"', b'"inten', 1))
    with pytest.raises(bulk.JournalError, match="damaged"):
        results(plan, leap, tmp_path)


# Lost answers.

LOST = {
    "connection lost": Fault.dropped("answer", acts=True),
    "server error": Fault.answer(503, acts=True),
    "no JSON": Fault.invalid_json(acts=True),
}


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("unknown", ["hold", "resubmit"])
def test_the_job_of_a_lost_answer_is_found(
    leap: Leap, sandbox: Sandbox, tmp_path: Path, lost: str, unknown: str
) -> None:
    """A job whose answer was lost is found on the list and not paid for again."""
    sandbox.faults.add(LOST[lost], method="POST", times=2)
    done = results(bulk.plan(rows_of(6), MODEL), leap, tmp_path, settle=0, unknown=unknown)
    assert [result.state for result in done] == ["done"] * 6
    assert len(sandbox.submitted) == 6


def test_a_lost_request_is_held(command: Command, sandbox: Sandbox) -> None:
    """If the list does not show the job of a lost answer, its row is held, and the status says so."""
    sandbox.faults.add(Fault.dropped("answer"), method="POST", times=1)
    done = command.run(rows_of(4), "--settle", "0", "--json")
    assert done.returncode == 4
    states = Counter(json.loads(line).get("state") for line in done.stdout.splitlines())
    assert (states["done"], states["unknown"]) == (3, 1)
    assert len(sandbox.submitted) == 3


def test_a_lost_request_is_submitted_again_on_demand(command: Command, sandbox: Sandbox) -> None:
    """With `resubmit` it is sent again, once the list has shown every other job of the run."""
    sandbox.faults.add(Fault.dropped("answer"), method="POST", times=1)
    assert command.run(rows_of(4), "--settle", "0", "--unknown", "resubmit").returncode == 0
    assert len(sandbox.submitted) == 4


def test_the_command_says_that_rows_are_unknown(command: Command, sandbox: Sandbox) -> None:
    """If the list does not show all jobs of the run, the status says so, and the summary says why of each row."""
    sandbox.reset(shown=truncated(2))
    sandbox.faults.add(Fault.dropped("answer", acts=True), method="POST", times=4)
    done = command.run(rows_of(12), "--settle", "0", "--unknown", "resubmit")
    assert done.returncode == 4
    assert "It is not known whether the unknown rows were paid for" in done.stderr
    unknown = json.loads((command.out / "summary.json").read_text())["unknown_rows"]
    assert unknown
    assert {row["error"] for row in unknown} == {"the list does not show its job, nor all other jobs of the run"}
    assert len(sandbox.submitted) == 12


UNRELIABLE = {"hides": hidden(0.5), "truncates": truncated(2), "delays": delayed(3600)}


@pytest.mark.parametrize("shown", UNRELIABLE)
@pytest.mark.parametrize("unknown", ["hold", "resubmit"])
def test_an_unreliable_list_leads_to_no_second_payment(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: str, unknown: str
) -> None:
    """Where the list does not show all jobs of the run, what it does not show is held and not paid for twice."""
    monkeypatch.setattr("leap_client.bulk._poller.PATIENCE", 0.1)
    sandbox.reset(shown=UNRELIABLE[shown])
    sandbox.faults.add(Fault.dropped("answer", acts=True), method="POST", times=4)
    plan = bulk.plan(rows_of(12), MODEL)
    with Leap(sandbox.token, base_url=sandbox.url) as leap:
        for _ in range(2):
            done = results(plan, leap, tmp_path, settle=0, unknown=unknown)
            assert "unknown" in {result.state for result in done}
            assert len(sandbox.submitted) == 12


def test_equal_rows_with_lost_answers_are_not_confused(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """Two equal rows whose answers are both lost are unknown: which job is whose cannot be told."""
    sandbox.faults.add(Fault.dropped("answer", acts=True), method="POST", times=2)
    plan = bulk.plan([{"prompt": "A horse", "seed": 7}] * 2, MODEL)
    unknown = results(plan, leap, tmp_path, settle=0, unknown="resubmit")
    assert [result.state for result in unknown] == ["unknown"] * 2
    assert len(sandbox.submitted) == 2


def test_a_lost_answer_to_the_second_attempt_is_made_good(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """A drawn seed tells the job of a row apart, however often the row had to be submitted before."""
    sandbox.faults.add(Fault.answer(429, retry_after=0), Fault.dropped("answer", acts=True), method="POST")
    done = results(bulk.plan(rows_of(1), MODEL), leap, tmp_path, settle=0)
    assert [result.state for result in done] == ["done"]
    assert len(sandbox.submitted) == 1


# Pace.


def test_too_many_requests_pause_the_whole_run(
    leap: Leap, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Once a run knows of a 429 no submission is begun before the time that the server asked for, and it says so."""
    monkeypatch.setattr(_engine, "LONG_PAUSE", 1)
    seen: list[float] = []
    known: list[float] = []
    pause = Gate.pause

    def noted(gate: Gate, now: float, seconds: float | None) -> None:
        known.append(now)
        pause(gate, now, seconds)

    monkeypatch.setattr(Gate, "pause", noted)

    def choose(request: Request, _: random.Random) -> Fault | None:
        if request.method != "POST":
            return None
        seen.append(sandbox.options.clock())
        return Fault.answer(429, retry_after=2) if len(seen) == 4 else None

    sandbox.faults.randomly(choose)
    done = results(bulk.plan(rows_of(20), MODEL), leap, tmp_path, in_flight=6)
    assert {result.state for result in done} == {"done"}
    assert len(known) == 1
    under_way = [moment for moment in seen if known[0] <= moment < known[0] + 2]
    assert len(under_way) <= 5
    assert len(sandbox.submitted) == 20
    (said,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert said.startswith("paused for 2 s: POST ")
    assert "429 Too Many Requests" in said


def test_a_server_that_cannot_be_reached_is_told(
    leap: Leap, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A run that cannot connect says why it waits, and ends with the reason after 20 attempts; nothing was paid for."""
    monkeypatch.setattr(_gate, "LONGEST_BACKOFF", 0.01)
    monkeypatch.setattr(_gate, "FIRST_BACKOFF", 0.01)
    monkeypatch.setattr(_engine, "LONG_PAUSE", 0)
    with sandbox.down(), pytest.raises(errors.ConnectionFailed):
        results(bulk.plan(rows_of(30), MODEL), leap, tmp_path, in_flight=2)
    said = [record.getMessage() for record in caplog.records if record.getMessage().startswith("paused for ")]
    assert 2 < len(said) <= 20
    assert "could not connect" in said[0]
    assert json.loads((tmp_path / "summary.json").read_text())["paid_files"] == 0


def test_no_window_has_more_requests_than_allowed(
    leap: Leap, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `per_minute`, no minute has more requests than that, for whatever they ask; a minute is short here."""
    minute, allowed = 0.3, 3
    monkeypatch.setattr("leap_client.bulk._gate.WINDOW", minute)
    arrived: list[float] = []

    def choose(_: Request, __: random.Random) -> Fault | None:
        arrived.append(time.monotonic())
        return None

    sandbox.faults.randomly(choose)
    sandbox.image_faults.randomly(choose)
    rows = [{**row, "number_of_images": allowed + 1} for row in rows_of(3)]
    done = results(bulk.plan(rows, MODEL), leap, tmp_path, in_flight=4, per_minute=allowed)
    assert [(result.state, len(result.paths)) for result in done] == [("done", allowed + 1)] * 3
    assert len(arrived) >= 15
    arrived.sort()
    for first, beyond in zip(arrived, arrived[allowed:], strict=False):
        assert beyond - first >= minute


# Death.


@pytest.mark.parametrize("unknown", ["hold", "resubmit"])
def test_a_killed_run_goes_on_without_paying_twice(
    command: Command, sandbox: Sandbox, unknown: str, *, full: bool
) -> None:
    """However often the process is killed, every row gets its images, and none is submitted twice."""
    sandbox.reset(seconds=(0.0, 0.3))
    sandbox.faults.randomly(some_faults)
    prompts, kills = (2000, 100) if full else (80, 10)
    rows = rows_of(prompts)
    # With so few in flight no machine is through with the rows before it has been killed often enough.
    killed = command.killed(rows, kills, in_flight=10, settle=1, unknown=unknown)
    sandbox.faults.clear()
    status = command.run(rows, "--in-flight", "20", "--settle", "1", "--unknown", unknown).returncode
    submitted = Counter(job.request["prompt"] for job in sandbox.submitted)
    assert killed >= kills / 2
    assert set(submitted.values()) == {1}
    saved = command.saved()
    summary = json.loads((command.out / "summary.json").read_text())
    held = {row["key"] for row in summary["unknown_rows"]}
    if unknown == "resubmit":
        assert (status, summary["unknown_rows"]) == (0, [])
        assert len(submitted) == prompts
        assert saved == {row["key"] for row in rows}
    else:
        assert saved | held == {row["key"] for row in rows}
        assert status == (4 if held else 0)


def some_faults(request: Request, dice: random.Random) -> Fault | None:
    """Let one request in ten go wrong, in a way that may lose the answer but not the job."""
    lost = [Fault.dropped("answer", acts=True), Fault.answer(503, acts=True), Fault.answer(429, retry_after=0)]
    passing = [Fault.answer(503), Fault.dropped("answer"), Fault.answer(429, retry_after=0)]
    return dice.choice(lost if request.method == "POST" else passing) if dice.random() < 0.1 else None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_ctrl_c_waits_for_what_is_in_flight(command: Command, sandbox: Sandbox, number: signal.Signals) -> None:
    """Ctrl-C stops the submitting, lets what is in flight end, and says how to go on; SIGTERM does the same."""
    sandbox.reset(seconds=0.5)
    process = command.start(rows_of(200), "--in-flight", "5")
    assert sandbox.until(lambda: len(sandbox.submitted) >= 5)
    process.send_signal(number)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "run the same command again" in said
    assert len(sandbox.submitted) < 200
    assert len(command.saved()) == len(sandbox.submitted)


def test_ctrl_c_twice_ends_at_once(command: Command, sandbox: Sandbox) -> None:
    """The second Ctrl-C waits for nothing, leaves a terminal as it was, and the next run finds the jobs again."""
    sandbox.reset(seconds=3600)
    terminal, other_end = pty.openpty()
    shown = b""
    with command.start(rows_of(5), "--in-flight", "3", stderr=other_end) as process:
        os.close(other_end)
        assert sandbox.until(lambda: len(sandbox.submitted) >= 3)
        process.send_signal(signal.SIGINT)
        while b"again ends at once" not in shown:
            shown += os.read(terminal, 4096)
        process.send_signal(signal.SIGINT)
        with suppress(OSError):  # nobody writes to it any more
            while data := os.read(terminal, 4096):
                shown += data
        assert process.wait() == 130
    os.close(terminal)
    assert 0 <= shown.rfind(b"\x1b[?25l") < shown.rfind(b"\x1b[?25h")
    sandbox.options.seconds = 0
    end_jobs(sandbox)
    assert command.run(rows_of(5), "--settle", "0").returncode == 0
    assert len(sandbox.submitted) == 5


def test_a_reader_may_leave(command: Command, sandbox: Sandbox) -> None:
    """If nobody reads the results any more, nothing more is submitted, and what is paid for is saved."""
    sandbox.reset(seconds=0.2)
    with command.start(rows_of(200), "--in-flight", "5", "--json") as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (130, "")
    assert len(command.saved()) == len(sandbox.submitted) < 200


def test_a_full_disk_loses_no_job(command: Command, sandbox: Sandbox) -> None:
    """If the journal cannot be written, the run ends, and the next one pays for nothing again."""
    rows = [{**row, "prompt": row["prompt"] + " " + "x" * 1000} for row in rows_of(30)]
    full = command.run(rows, "--in-flight", "4", "--json", most_bytes=45_000)
    assert full.returncode == 4
    assert "File too large" in json.loads(full.stdout.splitlines()[-1])["summary"]["error"]
    assert 0 < len(sandbox.submitted) < 30
    assert command.run(rows, "--settle", "0").returncode == 0
    assert {*Counter(job.request["prompt"] for job in sandbox.submitted).values()} == {1}
    assert len(sandbox.submitted) == 30
