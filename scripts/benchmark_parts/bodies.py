"""Jobs as the API describes them, in any number; made from a recorded one."""

import json
from pathlib import Path
from typing import Any

RECORDING = Path(__file__).parents[2] / "tests" / "recordings" / "findOne" / "finished-2023-06-20.json"
UNKNOWN_FIELD = "routedToQueue"  # in the recording, and in no description of the API
PNG = b"\x89PNG\r\n\x1a\n"

# Where a body says how the job stands: observed in find-one, observed elsewhere, and as the vendor documents it.
FIND_ONE, LIST, DOCUMENTED = ("state",), ("status",), ("state", "status")

_recorded: dict[str, Any] = json.loads(RECORDING.read_text("utf-8"))["response"]["json"]


def job(job_id: str, state_in: tuple[str, ...]) -> dict[str, Any]:
    """Describe a finished job.

    Args:
        job_id: Its id.
        state_in: The fields that say how it stands.
    """
    rest = {name: value for name, value in _recorded.items() if name != "state"}
    return {**rest, "id": job_id, **dict.fromkeys(state_in, "finished")}


def page(numbers: range, state_in: tuple[str, ...]) -> bytes:
    """Describe several jobs, as one page of a list.

    Args:
        numbers: Which ones; each has its own id.
        state_in: The fields that say how they stand.
    """
    # As JavaScript prints JSON, which is what the API is written in: no white space.
    jobs = [job(f"{number:08}{_recorded['id'][8:]}", state_in) for number in numbers]
    return json.dumps(jobs, separators=(",", ":")).encode()


def image(kilobytes: int) -> bytes:
    """Give a file that begins like a PNG image.

    Args:
        kilobytes: Its size, in thousands of bytes.
    """
    return PNG.ljust(1000 * kilobytes, b"\0")
