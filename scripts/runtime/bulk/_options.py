"""How a run is carried out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

MOST_PARALLEL = 64
# Requests that are under way beside those of jobs: pages of the list, and downloads.
SPARE = 8


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a run is carried out.

    Args:
        in_flight: How many jobs may be unfinished at a time.
        per_minute: How many requests may be sent in any minute, downloads included; at least 2, since the address of a
            file may lead to another one. None for any number.
        max_images: How many files may be paid for in this directory, over all runs; None for any number. With it or a
            budget, a row that does not say how many files it wants asks for one.
        budget: The same as an amount of money; the plan must know the price.
        retry_failed: Whether rows that failed in an earlier run are tried again.
        unknown: What to do with a row whose answer was lost, and whose job the list does not show: `hold` it, or
            `resubmit` it if the list shows every other job of the run.
        settle: Seconds that a job may take to appear on the list after its request; one that is not found by its id for
            as long has failed.
        job_timeout: Seconds after which a job is not waited for any more; the next run goes on with it.
    """

    in_flight: int = 50
    per_minute: int | None = None
    max_images: int | None = None
    budget: float | str | Decimal | None = None
    retry_failed: bool = False
    unknown: Literal["hold", "resubmit"] = "hold"
    settle: float = 30.0
    job_timeout: float = 3600.0

    def __post_init__(self) -> None:
        for name, least in (("in_flight", 1), ("per_minute", 2), ("max_images", 0)):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
                raise ValueError(f"{name} must be a whole number from {least} up, got {value!r}")
        for name in ("settle", "job_timeout"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must be a number of seconds from 0 up, got {getattr(self, name)!r}")
        if self.unknown not in {"hold", "resubmit"}:
            raise ValueError(f"unknown must be hold or resubmit, got {self.unknown!r}")

    def cap(self, price: Decimal | None) -> int | None:
        """Return how many files may be paid for; None for any number.

        Raises:
            ValueError: There is a budget, and no price.
        """
        if self.budget is None:
            return self.max_images
        if not price:
            raise ValueError("a budget needs the price of a file: plan(..., price=...)")
        affordable = int(amount("budget", self.budget) / price)
        return affordable if self.max_images is None else min(affordable, self.max_images)

    @property
    def parallel(self) -> int:
        """How many requests may be under way at a time."""
        return min(self.in_flight + SPARE, MOST_PARALLEL)


def amount(name: str, value: float | str | Decimal) -> Decimal:
    """Read an amount of money.

    Raises:
        ValueError: It is none.
    """
    try:
        read = Decimal(str(value))
    except InvalidOperation:
        read = Decimal("NaN")
    if not read.is_finite() or read < 0:
        raise ValueError(f"{name} must be an amount from 0 up, got {value!r}")
    return read
