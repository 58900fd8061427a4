"""The log tells what is done, and nothing of what it is done with."""

import logging
import os
import re
import subprocess
import sys

import pytest

import engines
from clients import Clock
from leap_client import Leap, PublicModel
from leap_client.errors import ConnectionFailed, LeapError
from rig import Fault, Sandbox

running_leap = engines.running_leap

MODEL = PublicModel.SDXL
JOBS = f"/api/v1/images/models/{MODEL}/inferences"

Lines = list[tuple[int, str]]


def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """Return the level and the text of what our logger was told."""
    return [(record.levelno, record.getMessage()) for record in caplog.records if record.name == "leap_client"]


@pytest.fixture
def caplog(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log, with everything in it."""
    caplog.set_level(logging.DEBUG, logger="leap_client")
    return caplog


def test_call_is_told_at_info(leap: Leap, sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """Each call is told at INFO, in one line: method, path, status and time, whether it succeeded or not."""
    caplog.set_level(logging.INFO, logger="leap_client")
    leap.images.generate(MODEL, prompt="A photo of an astronaut")
    leap.images.list_all(MODEL, only_finished=True, page=1)
    sandbox.faults.add(Fault.answer(404))
    with pytest.raises(LeapError):
        leap.images.find_one(MODEL, "a\nb")
    (first, second, third) = lines(caplog)
    assert (first[0], second[0], third[0]) == (logging.INFO,) * 3
    assert re.fullmatch(rf"POST {JOBS} answered 201 in \d+\.\d{{3}} s", first[1])
    assert re.fullmatch(rf"GET {JOBS} answered 200 in \d+\.\d{{3}} s", second[1])
    assert re.fullmatch(rf"GET {JOBS}/a%0Ab answered 404 in \d+\.\d{{3}} s", third[1])


LOST = "(RemoteProtocolError|ReadError)"
REASONS = {
    "503": (Fault.answer(503), "503"),
    "429": (Fault.answer(429), "429"),
    "closed": (Fault.dropped(), LOST),
    "half a body": (Fault.half(), LOST),
}


@pytest.mark.parametrize("case", REASONS)
def test_retry_is_told_at_info(
    leap: Leap, sandbox: Sandbox, clock: Clock, caplog: pytest.LogCaptureFixture, case: str
) -> None:
    """Each retry is told at INFO, with the reason and the delay; that the call begins at DEBUG, once."""
    fault, reason = REASONS[case]
    sandbox.faults.add(fault, fault)
    leap.images.list_all(MODEL)
    (begin, first, second, end) = lines(caplog)
    assert begin == (logging.DEBUG, f"GET {JOBS} is sent to {sandbox.url.removeprefix('http://')}")
    for (level, text), nap in zip((first, second), clock.naps, strict=True):
        assert level == logging.INFO
        assert re.fullmatch(rf"GET {JOBS}: {reason}, next attempt in {nap:.2f} s", text)
    assert end[0] == logging.INFO


@pytest.mark.usefixtures("clock")
def test_end_without_an_answer_is_told(leap: Leap, sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """A call that ends without an answer is told at INFO, after its retries."""
    with sandbox.down():
        engines.look_around(leap)
        with pytest.raises(ConnectionFailed):
            leap.images.list_all(MODEL)
    levels, texts = zip(*lines(caplog), strict=True)
    assert levels == (logging.DEBUG, logging.INFO, logging.INFO, logging.INFO)
    assert texts[3].startswith(f"GET {JOBS} could not connect: ")


@pytest.mark.usefixtures("clock")
def test_nobody_hears_of_it_unless_they_listen(leap: Leap, sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    """A program that has not set up logging sees nothing of the client, retries included."""
    assert logging.getLogger("leap_client").handlers == []
    sandbox.faults.add(Fault.answer(503))
    leap.images.list_all(MODEL)
    assert capfd.readouterr() == ("", "")


USE = """
import logging, sys
from leap_client import Leap, PublicModel
if "basicConfig" in sys.argv: logging.basicConfig()
with Leap() as leap: leap.images.list_all(PublicModel.SDXL, page_size=7)
"""
LIST = f"GET /api/v1/images/models/{PublicModel.SDXL}/inferences"
SENT, ANSWERED = ("DEBUG", f"{LIST} is sent to 127.0.0.1:"), ("INFO", f"{LIST} answered 200 in ")


@pytest.mark.parametrize("handlers", ["", "basicConfig"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", []),
        ("info", [ANSWERED]),
        ("DEBUG", [SENT, ANSWERED]),
        ("loud", [("LEAP_LOG is 'loud', so nothing is logged; set it to info or debug",)]),
    ],
)
def test_environment_asks_for_the_log(
    sandbox: Sandbox, value: str, expected: list[tuple[str, ...]], handlers: str
) -> None:
    """`LEAP_LOG` has every request written to stderr, each once, without token, query or body."""
    environment = {**os.environ, "LEAP_LOG": value, "LEAP_API_KEY": sandbox.token, "LEAP_BASE_URL": sandbox.url}
    command = [sys.executable, "-c", USE, handlers]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    written = done.stderr.splitlines()
    assert [all(word in line for word in words) for line, words in zip(written, expected, strict=True)] == [True] * len(
        expected
    )
    assert sandbox.token not in done.stderr
    assert "page" not in done.stderr
