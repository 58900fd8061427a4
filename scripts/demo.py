"""Generate an image end to end: submit a job, wait for it, save the image, list the job, delete it.

Usage: demo.py

Without a key this runs against the sandbox, for free; with LEAP_API_KEY set, against the real service. The variable
PROMPT sets the prompt.
"""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from rich.console import Console
from rich.markup import escape

from leap_client import Leap, PublicModel
from leap_client.errors import LeapError
from leap_client.models import InferenceEntity
from sandbox import TOKEN, Options, Sandbox
from sandbox.webhooks import is_loopback
from spec import SpecError

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out"
MODEL = PublicModel.STABLE_DIFFUSION_1_5
SIZE = 512
OPTIONS: dict[str, Any] = {"seconds": (3, 5)}
PROMPT = "A photo of an astronaut riding a horse"
console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    """Run the demo and return the exit status."""
    job = None
    try:
        with connected() as leap:
            job = generate(leap, os.environ.get("PROMPT") or PROMPT)
            save(leap, job)
            list_and_delete(leap, job)
    except KeyboardInterrupt as stop:
        console.print("Stopped.")
        tell_of(getattr(stop, "job", job))
        return 130
    except (LeapError, OSError, SpecError, ValueError) as error:
        console.print(f"[red]{type(error).__name__}:[/] {escape(str(error))}")
        tell_of(getattr(error, "job", None) or job)
        return 1
    return 0


@contextmanager
def connected() -> Iterator[Leap]:
    """Yield a client of the real service if there is a key for it, otherwise of a sandbox, and print which."""
    if os.environ.get("LEAP_API_KEY"):
        with Leap() as leap:
            costs = "the sandbox, and nothing costs" if costs_nothing() else "the real service, and images cost"
            console.print(f"LEAP_API_KEY is set: {leap.base_url} is {costs} money.")
            yield leap
        return
    options = Options(**OPTIONS, seed=secrets.randbits(32))  # for another image every time, in a file of its own
    with Sandbox(options=options) as sandbox, Leap(sandbox.token, base_url=sandbox.url) as leap:
        console.print(f"No LEAP_API_KEY: this is the sandbox at {sandbox.url}, and nothing costs money.")
        yield leap


def generate(leap: Leap, prompt: str) -> InferenceEntity:
    """Submit a job and show its state until it has ended."""
    console.print(f"Prompt: {escape(prompt)}")
    states: dict[str, None] = {}
    with console.status("submitting") as status:

        def show(job: InferenceEntity) -> None:
            states[job.current_state] = None
            status.update(f"Job {job.id}: {' -> '.join(states)}")

        job = leap.images.generate_and_wait(MODEL, prompt=prompt, width=SIZE, height=SIZE, on_update=show)
    console.print(f"Job {job.id}: {' -> '.join(states)}")
    return job


def save(leap: Leap, job: InferenceEntity) -> None:
    """Save the images of a job, and print their paths and sizes."""
    for path in leap.images.download(job, OUT):
        with Image.open(path) as image:
            kind = f"{image.format}, {image.width} x {image.height} pixels"
        console.print(f"Saved [bold]{escape(shown(path))}[/]: {kind}")


def shown(path: Path) -> str:
    """Return a path relative to the current directory if it is below it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def list_and_delete(leap: Leap, job: InferenceEntity) -> None:
    """Find the job in the list, and delete it."""
    finished = leap.images.iter_all(MODEL, only_finished=True)
    number = next((number for number, each in enumerate(finished, start=1) if each.id == job.id), None)
    console.print(
        "The list does not have it." if number is None else f"Listed as number {number} of the finished jobs."
    )
    leap.images.delete(MODEL, job.id)
    console.print("Deleted the job; the image stays here.")


def tell_of(job: InferenceEntity | None) -> None:
    """Print the job that was submitted, if any: it may have been paid for."""
    if job is not None:
        console.print(f"Job {job.id} was submitted{'' if costs_nothing() else ', and may have been paid for'}.")


def costs_nothing() -> bool:
    """Return whether the environment leads to a sandbox, or to nothing, so that the demo starts one."""
    token, url = os.environ.get("LEAP_API_KEY"), os.environ.get("LEAP_BASE_URL", "")
    return not token or (token == TOKEN and is_loopback(url))


if __name__ == "__main__":
    sys.exit(main())
