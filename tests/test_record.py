"""`make record` writes what a server answers, and never a token."""

import gzip
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import record
from contract import OPENAPI, Case
from leap_client.resources.images import Images
from recording import Recording, content
from redaction import credentials, redact
from rig import Fault, Sandbox

SIGNED = (
    "https://images.example.com/7f/0.png?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20230210&X-Amz-Signature=0a1b2c3d4e5f"
)
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


def test_a_round_records_the_life_of_a_job(live: Sandbox, tmp_path: Path) -> None:
    """A round writes a recording of each operation on a job that fits openapi.yaml, and leaves no job behind."""
    assert run(tmp_path, "--yes") == 0
    cases = [Case(path) for path in tmp_path.rglob("*.json")]
    assert {case.operation_id for case in cases} == {"generate", "findOne", "listAll", "delete"}
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
    began = datetime.now(UTC)
    run(tmp_path, "--yes")
    recording = Recording.read(tmp_path / "findOne" / "recorded-200.json")
    days = {f"{moment:%Y-%m-%d}" for moment in (began, datetime.now(UTC))}
    assert recording.provenance in [{"kind": "observed", "source": f"HTTP{live.url[4:]}, {day}"} for day in days]
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
    assert done.stderr == "No API token. Set LEAP_API_KEY to the API key of a Leap workspace.\n"


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
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_token_is_never_written(
    live: Sandbox, leak: str, encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An answer with the token or a credential is not kept, in whatever encoding; the others are, and were paid for."""
    text = leak.format(token=live.token)
    body = f'{{"echo": "{text}"}}'.encode(encoding)
    live.faults.add(Fault(status=200, headers={"content-type": "application/json"}, body=body), method="GET", path=LIST)
    assert run(tmp_path, "--yes") == 1
    output = capsys.readouterr()
    assert "The answer to listAll was not written. It holds " in output.err
    assert text not in output.out + output.err
    assert {"generate/recorded-201", "findOne/recorded-200"} <= set(written(tmp_path))
    assert not any("listAll" in case for case in written(tmp_path))
    assert not live.jobs


def test_an_answer_that_is_not_utf_8_is_recorded(live: Sandbox, tmp_path: Path) -> None:
    """A body that is no text is recorded byte for byte, and loses none of the answers before it."""
    body = b'{"prompt": "caf\xe9"}'
    live.faults.add(Fault(status=200, headers={"content-type": "application/json"}, body=body), method="GET", path=LIST)
    assert run(tmp_path, "--yes") == 1
    assert content(Recording.read(tmp_path / "listAll" / "recorded-200.json").response) == body
    assert {"generate/recorded-201", "findOne/recorded-200"} <= set(written(tmp_path))
    assert not live.jobs


def test_an_interrupted_round_keeps_its_answers(live: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ctrl-C in the middle of a round loses no answer that is paid for, and deletes the job."""

    def interrupted(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Images, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, "--yes")
    assert "generate/recorded-201" in written(tmp_path)
    assert not live.jobs


def test_a_signed_address_is_recorded_without_its_secret(live: Sandbox, tmp_path: Path) -> None:
    """An answer with secrets in its addresses is recorded, readable, and without them."""
    job = {"images": [{"uri": f"{SIGNED}&width=512"}], "webhookUrl": "https://example.com/hook?s=hunter"}
    live.faults.add(Fault.json([job]), method="GET", path=LIST)
    run(tmp_path, "--yes")
    text = (tmp_path / "listAll" / "recorded-200.json").read_text("utf-8")
    assert "https://images.example.com/7f/0.png?X-Amz-Credential=REDACTED&X-Amz-Signature=REDACTED&width=512" in text
    assert '"webhookUrl": "https://example.com/hook?s=REDACTED"' in text


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
        "AKIAIOSFODNN7EXAMPLE",
        "https://name:word@example.com",
        "https://example.com/0.png?Signature=abc",
        SIGNED,
    ],
)
def test_credentials_are_found(text: str) -> None:
    """A token is found however it is spelled, and so are other credentials; what is found is not shown."""
    [found] = credentials(f"line 1\n{text}", 'a to"ken/1')
    assert text not in found


@pytest.mark.parametrize(
    ("address", "redacted"),
    [
        pytest.param("https://h/0.png?sig=a%2Fb%3D&w=512", "https://h/0.png?sig=REDACTED&w=512", id="name"),
        pytest.param("https://h/0.png?w=512&X-Amz-Date=1", "https://h/0.png?w=512&X-Amz-Date=REDACTED", id="signed"),
        pytest.param("https://h/0.png?v=0123456789abcdef", "https://h/0.png?v=REDACTED", id="value"),
        pytest.param("/0.png?access_token=abc", "/0.png?access_token=REDACTED", id="relative"),
        pytest.param("https://h/#id_token=abc", "https://h/#id_token=REDACTED", id="fragment"),
        pytest.param("https://me:word@h/0.png", "https://REDACTED@h/0.png", id="password"),
        pytest.param("https://h/ASIAIOSFODNN7EXAMPLE/0", "https://h/REDACTED/0", id="cloud-key"),
        pytest.param("<img src='https://h/0?key=a'>", "<img src='https://h/0?key=REDACTED'>", id="page"),
        pytest.param(r'"https://h/0?a=1\u0026sig=b"', r'"https://h/0?a=1\u0026sig=REDACTED"', id="escaped"),
        pytest.param("https://h/a047df00-8bdd-4d57?page=2&name=horse", None, id="harmless"),
    ],
)
def test_a_secret_in_an_address_is_redacted(address: str, redacted: str | None) -> None:
    """A secret in an address is found by the name of its parameter or by its shape; the rest of the address stays."""
    redacted = redacted or address
    assert redact({"images": [{"uri": address, "steps": 5}]}) == {"images": [{"uri": redacted, "steps": 5}]}
    assert redact(redacted) == redacted
    assert not list(credentials(redacted))


def test_a_webhook_keeps_no_secret() -> None:
    """The address of a webhook keeps no value of its query, and no part of its path that a machine made."""
    address = "https://hooks.example.com/services/XJ4kq8Zw0pLm2Rt7/jobs?name=plain"
    redacted = "https://hooks.example.com/services/REDACTED/jobs?name=REDACTED"
    assert redact({"webhookUrl": address, "uri": address}) == {"webhookUrl": redacted, "uri": address}


def test_words_are_no_credentials() -> None:
    """A prompt may be about anything."""
    assert not list(credentials("A standard bearer with a cookie, a photo of an astronaut riding a horse", ""))


def test_a_file_that_is_no_recording_is_named(tmp_path: Path) -> None:
    """A file that lacks a part, has one too many or is not JSON is refused by its name."""
    for text in ('{"request": {}}', '{"provenance": {}, "request": {}, "response": {}, "more": 1}', "["):
        (tmp_path / "broken.json").write_text(text)
        with pytest.raises(ValueError, match=r"broken\.json is not a recording"):
            Recording.read(tmp_path / "broken.json")
