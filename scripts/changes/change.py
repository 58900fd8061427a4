"""One change, as it is reported."""

import json
from typing import Any, Literal, NamedTuple

Area = Literal["python", "wire"]
LONGEST_SHOWN = 60


class Change(NamedTuple):
    """Something that is not as it was: for whom, whether it can break what worked, where, and what."""

    area: Area
    is_breaking: bool
    place: str
    what: str

    def __str__(self) -> str:
        mark = "breaking" if self.is_breaking else "compatible"
        return " ".join(f"{self.area:<6} {mark:<10} {self.place}: {self.what}".splitlines())


def breaking(area: Area, place: str, what: str) -> Change:
    """Describe a change that can make something fail."""
    return Change(area, is_breaking=True, place=place, what=what)


def compatible(area: Area, place: str, what: str) -> Change:
    """Describe a change that nobody needs to mind."""
    return Change(area, is_breaking=False, place=place, what=what)


def shown(value: Any) -> str:
    """Write a value of the document as JSON, on one line that is not too long; None is `nothing`."""
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."
