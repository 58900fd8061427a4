"""`make demo` does the whole job, says what it did, and never loses what may have been paid for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

import demo
import picture
from clients import Clock
from leap_client import Leap
from rig import FAIL, TOKEN, Fault, Sandbox
from spec import SpecError

ROOT = Path(__file__).parent.parent


class Stage:
    """The demo, against the sandbox of the tests and without waiting."""

    def __init__(self, sandbox: Sandbox, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
        self.sandbox = sandbox
        self.clock = clock
        self._capsys = capsys

    @contextmanager
    def connected(self) -> Iterator[Leap]:
        """Give a client of the sandbox."""
        with Leap(self.sandbox.token, base_url=self.sandbox.url) as leap:
            yield leap

    def run(self) -> tuple[int, list[str]]:
        """Run the demo, and give its status and the lines that it printed."""
        status = demo.main()
        return status, self._capsys.readouterr().out.splitlines()


@pytest.fixture
def stage(
    sandbox: Sandbox,
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Stage:
    """The demo with jobs of ten seconds, by a clock that lets nobody wait."""
    sandbox.reset(seconds=10, clock=clock)
    made = Stage(sandbox, clock, capsys)
    monkeypatch.setattr(demo, "connected", made.connected)
    monkeypatch.setattr(demo, "OUT", tmp_path)
    for name in ("PROMPT", "LEAP_API_KEY", "LEAP_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return made


def test_main_job(stage: Stage, tmp_path: Path) -> None:
    """It says what it asked for, how the job went, where the image is, and that the job is gone."""
    status, lines = stage.run()
    (job,) = stage.sandbox.submitted
    assert status == 0
    assert lines == [
        "Prompt: A photo of an astronaut riding a horse",
        f"Job {job.id}: queued -> processing -> finished",
        f"Saved {job.id}-0.png: PNG, 512 x 512 pixels",
        "Listed as number 1 of the finished jobs.",
        "Deleted the job; the image stays here.",
    ]
    assert stage.sandbox.jobs == {}
    Image.open(tmp_path / f"{job.id}-0.png").verify()


def test_prompt(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The prompt goes to the service and to the terminal as it was given, whatever is in it."""
    prompt = """Say "hi" & it's [bold]$HOME[/] \\n über 100 %"""
    monkeypatch.setenv("PROMPT", prompt)
    _, lines = stage.run()
    assert lines[0] == f"Prompt: {prompt}"
    assert stage.sandbox.submitted[0].request["prompt"] == prompt


@pytest.mark.parametrize(("token", "paid"), [(None, ""), ("any", ", and may have been paid for")])
def test_interrupted(stage: Stage, monkeypatch: pytest.MonkeyPatch, token: str | None, paid: str) -> None:
    """Ctrl-C ends it with the job, which may have been paid for unless this is the sandbox, and the usual status."""
    if token:
        monkeypatch.setenv("LEAP_API_KEY", token)

    def interrupt() -> None:
        raise KeyboardInterrupt

    stage.clock.on_nap = interrupt
    status, lines = stage.run()
    assert status == 130
    assert lines[-2:] == ["Stopped.", f"Job {stage.sandbox.submitted[0].id} was submitted{paid}."]


def test_failed_job(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that fails is named, too."""
    monkeypatch.setenv("PROMPT", f"A photo {FAIL}")
    status, lines = stage.run()
    assert status == 1
    assert lines[-2].startswith("JobFailed: ")
    assert stage.sandbox.submitted[0].id in lines[-1]


def test_failed_download(stage: Stage) -> None:
    """The job is named if anything fails after it has ended."""
    stage.sandbox.image_faults.add(Fault.answer(403))
    status, lines = stage.run()
    assert status == 1
    assert lines[-2].startswith("PermissionDeniedError: ")
    assert stage.sandbox.submitted[0].id in lines[-1]


def test_operation_renamed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the document has no operation of a name that is imitated any more, one line says so."""

    def connected() -> Iterator[Leap]:
        raise SpecError("the sandbox imitates the operation 'findOne'")

    monkeypatch.setattr(demo, "connected", connected)
    assert stage.run() == (1, ["SpecError: the sandbox imitates the operation 'findOne'"])


@pytest.mark.parametrize(
    ("token", "url", "says"),
    [
        (TOKEN, "http://127.0.0.1:9", "http://127.0.0.1:9 is the sandbox, and nothing costs money."),
        ("another", "http://127.0.0.1:9", "http://127.0.0.1:9 is the real service, and images cost money."),
        (TOKEN, "https://example.com", "https://example.com is the real service, and images cost money."),
    ],
    ids=["sandbox", "another token", "another host"],
)
def test_it_knows_the_sandbox(
    token: str, url: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the variables that the sandbox prints, it does not talk of money; with any others it does."""
    monkeypatch.setenv("LEAP_API_KEY", token)
    monkeypatch.setenv("LEAP_BASE_URL", url)
    with demo.connected():
        assert capsys.readouterr().out == f"LEAP_API_KEY is set: {says}\n"


def test_nothing_submitted(stage: Stage) -> None:
    """Where no job was submitted, none is named."""
    stage.sandbox.faults.add(Fault.answer(402))
    status, lines = stage.run()
    assert status == 1
    assert len(lines) == 2
    assert lines[-1].startswith("PaymentRequiredError: ")


def test_picture_is_the_screen(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture in README is what the demo prints today; `make picture` draws it anew."""
    for name in ("PROMPT", "LEAP_API_KEY", "LEAP_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    printed = picture.screen(seconds=picture.SECONDS, clock=clock)
    assert picture.drawn(printed) == picture.PICTURE.read_text("utf-8")
    assert f"({picture.PICTURE.relative_to(ROOT)})" in (ROOT / "README.md").read_text("utf-8")
