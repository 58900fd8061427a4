"""Record one round with the live API: submit a small job, fetch it, list jobs, delete it.

    LEAP_API_KEY=... python scripts/record.py --yes

writes every answer, errors included, to `tests/recordings/<operationId>/recorded-<status>.json`, replacing that of an
earlier round. Secrets in addresses are redacted, and an answer with any other secret is not written.
LEAP_BASE_URL names another server. The job is paid for, so without `--yes` nothing is sent.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from vcr import VCR
from vcr.request import Request

from leap_client import Leap
from leap_client.errors import DecodeError, JobFailed, JobTimeout, LeapError
from leap_client.models import InferenceEntity, PublicModel
from recording import DIRECTORY, DOCUMENT, Persister, Recording, content
from redaction import credentials

SERVER = DOCUMENT.server_url
MODEL = PublicModel.STABLE_DIFFUSION_1_5
PROMPT = "A photo of an astronaut riding a horse"
SIZE, STEPS, PAGE_SIZE = 512, 10, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    options = parse_arguments(arguments)
    token = os.environ.get("LEAP_API_KEY")
    if not token:
        return failed("No API token. Set LEAP_API_KEY to the API key of a Leap workspace.")
    try:
        leap = Leap(token, max_retries=0)
    except (LeapError, ValueError) as error:
        return failed(f"LEAP_API_KEY or LEAP_BASE_URL cannot be used: {error}.")
    print(plan(leap.base_url))
    if not options.yes:
        return failed("Nothing was sent. To send it: make record CONFIRM=yes")
    with leap, TemporaryDirectory() as folder:
        try:
            problems = [f"The round ended early: {error}" for error in play(leap, Path(folder))]
            problems += [] if any(Path(folder).rglob("*.json")) else ["No answer was recorded."]
        finally:  # whatever ends the round, the answers before it are paid for
            refused = list(keep(Path(folder), options.directory, token))
    # What ended the round may quote the very answer that is refused.
    return failed(*(refused or problems)) if problems or refused else 0


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Record one round with the live API, which costs a small image.")
    parser.add_argument("--yes", action="store_true", help="send it; without this, only say what would be sent")
    parser.add_argument(
        "--directory", type=Path, default=DIRECTORY, help="where the recordings are (default: tests/recordings)"
    )
    return parser.parse_args(arguments)


def failed(*lines: str) -> int:
    """Print what went wrong and return the exit status."""
    print(*lines, sep="\n  ", file=sys.stderr)
    return 1


def plan(base_url: str) -> str:
    """Describe what a round sends."""
    return f"""\
One round with {base_url}:
  generate  1 image of {SIZE} x {SIZE} in {STEPS} steps from model {MODEL}: this is paid for
  findOne   once the job has ended
  listAll   the first {PAGE_SIZE} jobs of the model, whoever in the workspace made them: read what you commit
  delete    the job of this round, and no other"""


def play(leap: Leap, folder: Path) -> list[LeapError]:
    """Make the calls and record their answers in a folder, by a client that does not retry.

    Returns what ended the round early, if anything did, else what the document does not say of the answers.
    """
    tape = Tape(leap.base_url, folder)
    answers: list[InferenceEntity] = []
    try:
        with tape.recording("generate"):
            job = leap.images.generate(MODEL, prompt=PROMPT, width=SIZE, height=SIZE, number_of_images=1, steps=STEPS)
        answers.append(job)
        print(f"Submitted job {job.id}")
        try:
            with suppress(JobFailed, JobTimeout):  # such a job's body is worth as much as another's
                leap.images.wait(MODEL, job.id)
            with tape.recording("findOne"):
                answers.append(leap.images.find_one(MODEL, job.id))
            with tape.recording("listAll"):
                answers += leap.images.list_all(MODEL, page_size=PAGE_SIZE)
        finally:
            with tape.recording("delete"):
                leap.images.delete(MODEL, job.id)
    except LeapError as error:
        return [error]
    return list(deviations(answers))


def deviations(answers: Iterable[InferenceEntity]) -> Iterator[LeapError]:
    """Read the answers once more, strictly: a recording must not hide what a client tolerates."""
    for answer in answers:
        try:
            InferenceEntity.from_dict(answer.to_dict(), strict=True)
        except DecodeError as error:
            yield error


class Tape:
    """Records calls to a server by vcrpy, each to a file of its own in a folder."""

    def __init__(self, base_url: str, folder: Path) -> None:
        spelled_by_httpx = str(httpx.URL(base_url)).rstrip("/")

        def at_documented_server(request: Request) -> Request:
            # The provenance names the server; a replay asks the one of openapi.yaml.
            request.uri = SERVER + request.uri.removeprefix(spelled_by_httpx)
            return request

        self._source = f"{base_url}, {datetime.now(UTC):%Y-%m-%d}"
        self._folder = folder
        self._vcr = VCR(before_record_request=at_documented_server, decode_compressed_response=True)
        self._vcr.register_persister(Persister)

    @contextmanager
    def recording(self, operation_id: str) -> Iterator[None]:
        """Record the one call that is made in the block, even if the client cannot read the answer."""
        with self._vcr.use_cassette(self._folder / operation_id / "recorded.json") as cassette:
            try:
                yield
            finally:
                if len(cassette):
                    cassette.get_metadata("kind", "observed")
                    cassette.get_metadata("source", self._source)


def keep(folder: Path, directory: Path, token: str) -> Iterator[str]:
    """Put the recordings where they belong, except those with a secret in them, and say which those are."""
    for path in sorted(folder.rglob("*.json")):
        recording = Recording.read(path)
        # UTF-16 has a zero byte between the letters that would be looked for.
        binary = content(recording.response) if "base64" in recording.response else b""
        texts = (path.read_text("utf-8"), binary.replace(b"\0", b"").decode("latin-1"))
        leaks = [leak for text in texts for leak in credentials(text, token)]
        if leaks:
            yield f"The answer to {path.parent.name} was not written. It holds {'; '.join(leaks)}."
            continue
        kept = directory / path.parent.name / f"recorded-{recording.response['status']}.json"
        recording.write(kept)
        print(f"Recorded {kept}")


if __name__ == "__main__":
    sys.exit(main())
