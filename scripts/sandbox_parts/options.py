"""How the sandbox behaves where more than one behaviour is possible, and what makes tests quick."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass
class Options:
    """Everything that a test can choose.

    Args:
        seconds: How long a job takes; two numbers for anything between them, drawn for every job.
        seed: Where the random numbers start: ids, seeds, durations.
        clock: What time it is, in seconds since any moment.
        post_status: Status of the answer to a submission.
        fail: Whether all jobs fail, and not only those whose prompt contains `[fail]`.
        billing_limit: How many jobs may be submitted before a submission costs too much.
        page_base: Number of the first page.
        page_ignored: Whether every page is the first one.
        before_first: What a page before the first one is: an `error`, `empty`, or the `first` page.
        page_size: Jobs on a page when the request does not say; None for all of them.
        page_limit: Most jobs on a page, whatever the request says.
        delete_body: What a deletion answers: `nothing`, a `text`, or the `id` in an object.
        upscaling: The `upscalingOption` of jobs; None for bodies without it.
        image_format: What the image files are, by Pillow's name; their addresses say PNG all the same.
        ranges: Whether the image origin can send a part of a file.
        webhook_shape: How a delivery looks: the `flat` job, `succeeded` and job, `state` and job, or `rotating`.
    """

    seconds: float | tuple[float, float] = 0.0
    seed: int = 0
    clock: Callable[[], float] = time.monotonic
    post_status: Literal[200, 201] = 201
    fail: bool = False
    billing_limit: int | None = None
    page_base: Literal[0, 1] = 1
    page_ignored: bool = False
    before_first: Literal["error", "empty", "first"] = "error"
    page_size: int | None = 20
    page_limit: int | None = None
    delete_body: Literal["nothing", "text", "id"] = "nothing"
    upscaling: str | None = "x1"
    image_format: Literal["PNG", "JPEG", "WEBP"] = "PNG"
    ranges: bool = True
    webhook_shape: Literal["flat", "succeeded", "state", "rotating"] = "flat"

    def duration(self, dice: random.Random) -> float:
        """Draw how long a job takes.

        Args:
            dice: Where the random numbers come from.
        """
        return dice.uniform(*self.seconds) if isinstance(self.seconds, tuple) else self.seconds
