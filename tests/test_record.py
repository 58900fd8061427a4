"""`make record` writes what a server answers, and never a token."""

import gzip
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import record
from contract import OPENAPI, OPERATIONS, Case
from recording import Recording, credentials
from rig import Fault, Sandbox

LIST = "*/inferences"  # the path of listAll, which goes on to no job's id


@pytest.fixture
def live(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The server that the environment names, and a key for it."""
    monkeypatch.setenv("LEAP_BASE_URL", sandbox.url)
    monkeypatch.setenv("LEAP_API_KEY", sandbox.token)
    return sandbox


def run(directory: Path, *arguments: str) -> int:
    """Run the command, with the recordings elsewhere."""
    return record.main([*arguments, "--directory", str(directory)])


def written(directory: Path) -> list[str]:
    """List the recordings."""
    return sorted(str(Case(path)) for path in directory.rglob("*.json"))


def test_a_round_records_every_operation(live: Sandbox, tmp_path: Path) -> None:
    """A round writes a recording of each operation that fits openapi.yaml, and leaves no job behind."""
    assert run(tmp_path, "--yes") == 0
    cases = [Case(path) for path in tmp_path.rglob("*.json")]
    assert {case.operation_id for case in cases} == set(OPERATIONS)
    for case in cases:
        OPENAPI.validate_request(case.request)
        OPENAPI.validate_response(case.request, case.response)
    assert len(live.submitted) == 1
    assert not live.jobs


def test_a_recording_tells_its_server_and_its_day(
    live: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The provenance names server and day, while the request is to the server that openapi.yaml names."""
    monkeypatch.setenv("LEAP_BASE_URL", live.url.replace("http", "HTTP"))
    run(tmp_path, "--yes")
    recording = Recording.read(tmp_path / "findOne" / "recorded-200.json")
    assert recording.provenance == {"kind": "observed", "source": f"HTTP{live.url[4:]}, {datetime.now(UTC):%Y-%m-%d}"}
    assert recording.request["url"].startswith(f"{record.SERVER}/api/")


def test_a_round_replaces_an_earlier_one(live: Sandbox, tmp_path: Path) -> None:
    """Recordings of an earlier round are replaced, and other recordings stay."""
    Recording({}, {}, {"status": 404}).write(tmp_path / "findOne" / "recorded-404.json")
    run(tmp_path, "--yes")
    first = (tmp_path / "findOne" / "recorded-200.json").read_text("utf-8")
    run(tmp_path, "--yes")
    assert live.submitted[1].id in (tmp_path / "findOne" / "recorded-200.json").read_text("utf-8") != first
    assert (tmp_path / "findOne" / "recorded-404.json").exists()


def test_without_a_key_it_says_what_to_set() -> None:
    """Without a key the command ends with status 1 and the name of the variable to set."""
    environment = {name: value for name, value in os.environ.items() if name != "LEAP_API_KEY"}
    done = subprocess.run(
        [sys.executable, record.__file__, "--yes"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "There is no key to record with. Set LEAP_API_KEY to the API key of a Leap workspace.\n"


def test_without_consent_nothing_is_sent(live: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --yes the command says what it would send and what of it costs money, and sends nothing."""
    assert run(tmp_path) == 1
    output = capsys.readouterr()
    assert live.url in output.out
    assert "this is paid for" in output.out
    assert "make record CONFIRM=yes" in output.err
    assert not live.requests
    assert not written(tmp_path)


@pytest.mark.usefixtures("live")
def test_a_key_that_cannot_be_sent_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key that fits into no header is refused without being shown."""
    monkeypatch.setenv("LEAP_API_KEY", "two words")
    assert run(tmp_path, "--yes") == 1
    errors = capsys.readouterr().err
    assert "LEAP_API_KEY" in errors
    assert "two words" not in errors


@pytest.mark.parametrize("leak", ["{token}", "Authorization: Basic Zm9v"])
def test_a_token_is_never_written(live: Sandbox, leak: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If any answer holds the token or a credential, the round is not kept, and the leak is not shown."""
    text = leak.format(token=live.token)
    live.faults.add(Fault.json({"echo": text}), method="GET", path=LIST)
    assert run(tmp_path, "--yes") == 1
    output = capsys.readouterr()
    assert "in the recording of listAll" in output.err
    assert text not in output.out + output.err
    assert not written(tmp_path)
    assert not live.jobs


def test_errors_are_recorded_and_the_job_is_deleted(live: Sandbox, tmp_path: Path) -> None:
    """An error ends the round and is recorded, the call is not repeated, and the job is deleted none the less."""
    live.faults.add(Fault.answer(500), method="GET", path=LIST)
    assert run(tmp_path, "--yes") == 1
    assert "listAll/recorded-500" in written(tmp_path)
    assert not live.jobs
    assert len([request for request in live.requests if request.fault]) == 1


def test_a_refused_key_is_recorded(
    live: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer to a wrong key is a recording, too, and ends the round with the client's own words."""
    monkeypatch.setenv("LEAP_API_KEY", "wrong")
    assert run(tmp_path, "--yes") == 1
    assert "answered 401" in capsys.readouterr().err
    assert written(tmp_path) == ["generate/recorded-401"]
    assert not live.submitted


def test_an_answer_that_the_client_cannot_read_is_recorded(live: Sandbox, tmp_path: Path) -> None:
    """An answer of a new form, which the client cannot read yet, is what is most worth a recording."""
    live.faults.add(Fault.json({"job": "elsewhere"}, status=201), method="POST")
    assert run(tmp_path, "--yes") == 1
    assert Recording.read(tmp_path / "generate" / "recorded-201.json").response["json"] == {"job": "elsewhere"}


def test_a_compressed_answer_is_recorded_readable(live: Sandbox, tmp_path: Path) -> None:
    """A body that came compressed is recorded as the JSON that it is, and replays without being decompressed."""
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    live.faults.add(Fault(status=200, headers=headers, body=gzip.compress(b"[]")), method="GET", path=LIST)
    assert run(tmp_path, "--yes") == 0
    response = {"status": 200, "headers": {"content-type": "application/json"}, "json": []}
    assert Recording.read(tmp_path / "listAll" / "recorded-200.json").response == response


@pytest.mark.parametrize(
    "text",
    [
        'a to"ken/1',
        r"a to\"ken/1",
        "a%20to%22ken%2F1",
        '"authorization": "anything"',
        '"Set-Cookie": "anything"',
        "bearer 0123456789abcdef",
        "eyJhbGciOiJIUzI1NiJ9.e30",
    ],
)
def test_credentials_are_found(text: str) -> None:
    """A token is found however it is spelled, and so are other credentials; what is found is not shown."""
    [found] = credentials(f"line 1\n{text}", 'a to"ken/1')
    assert text not in found


def test_words_are_no_credentials() -> None:
    """A prompt may be about anything."""
    assert not list(credentials("A standard bearer with a cookie, a photo of an astronaut riding a horse", ""))


def test_a_file_that_is_no_recording_is_named(tmp_path: Path) -> None:
    """A file that lacks a part, has one too many or is no JSON is refused by its name."""
    for text in ('{"request": {}}', '{"provenance": {}, "request": {}, "response": {}, "more": 1}', "["):
        (tmp_path / "broken.json").write_text(text)
        with pytest.raises(ValueError, match=r"broken\.json is no recording"):
            Recording.read(tmp_path / "broken.json")
