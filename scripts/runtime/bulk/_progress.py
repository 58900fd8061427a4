"""How a run goes, for whoever watches the command: a bar on a terminal if rich is installed, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from decimal import Decimal
from typing import Protocol, Self

try:
    from rich.console import Console
    from rich.live import Live
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text
except ImportError:
    RICH = False
else:
    RICH = True

from ._actions import Result

# Seconds between two plain lines, and over how many the pace is told.
INTERVAL = 10.0
WINDOW = 60.0
MINUTES, HOURS = 100, 48


class Watched(Protocol):
    """A run, as far as it is watched."""

    @property
    def progress(self) -> dict[str, int]:
        """How many rows became what."""
        ...


class Figures:
    """The figures of a run.

    Args:
        run: What goes on.
        price: The price of an image; None if it is not known.
    """

    def __init__(self, run: Watched, price: Decimal | None) -> None:
        self._run = run
        self._price = price
        self._began = time.monotonic()
        self._ended: deque[tuple[float, int]] = deque()

    def add(self, result: Result) -> None:
        """Record the end of a row."""
        self._ended.append((time.monotonic(), len(result.paths)))

    def counts(self) -> tuple[int, int]:
        """Return how many rows have ended, and how many there are; 0 and 0 before the start."""
        progress = self._run.progress
        return (progress["done"] + progress["failed"], progress["requests"]) if progress else (0, 0)

    def __str__(self) -> str:
        progress = self._run.progress
        if not progress:
            return "reading the journal"
        ended, rows = self.counts()
        per_image, per_row = self._pace()
        parts = [f"{progress['done']:,} of {rows:,} done"]
        parts += [f"{progress[name]:,} {name}" for name in ("running", "failed", "unknown") if progress[name]]
        parts.append(f"{per_image:,.0f} images a minute")
        if per_row and ended < rows:
            parts.append(f"{_duration((rows - ended) / per_row)} left")
        if self._price is not None:
            parts.append(f"{self._price * progress['paid_files']:,} spent")
        return ", ".join(parts)

    def _pace(self) -> tuple[float, float]:
        """Return how many images, and how many rows, have ended in a minute."""
        now = time.monotonic()
        while self._ended and self._ended[0][0] < now - WINDOW:
            self._ended.popleft()
        minutes = max(min(now - self._began, WINDOW), 1.0) / 60
        ended = list(self._ended)
        return sum(images for _, images in ended) / minutes, len(ended) / minutes


def _duration(minutes: float) -> str:
    if minutes < MINUTES:
        return f"{max(1, minutes):.0f} min"
    return f"{minutes / 60:.0f} h" if minutes < 60 * HOURS else f"{minutes / 60 / 24:.0f} days"


class Lines:
    """Prints a line now and then.

    Args:
        figures: What to print.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._repeat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def say(self, line: str) -> None:
        """Print another line."""
        print(line, file=sys.stderr, flush=True)

    def _repeat(self) -> None:
        while not self._stop.wait(INTERVAL):
            self.say(str(self._figures))


class Bar:
    """Shows a bar with a line below it, which change while other lines go by above.

    Args:
        figures: What to show.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._live = Live(console=Console(stderr=True), get_renderable=self._render, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def say(self, line: str) -> None:
        """Print a line above it."""
        self._live.console.print(Text(line))

    def _render(self) -> Table:
        ended, rows = self._figures.counts()
        lines = Table.grid(expand=True)
        lines.add_row(ProgressBar(total=max(rows, 1), completed=ended))
        lines.add_row(Text(str(self._figures), overflow="ellipsis", no_wrap=True))
        return lines


def display(figures: Figures) -> Bar | Lines:
    """Choose how to show how a run goes."""
    return Bar(figures) if RICH and sys.stderr.isatty() else Lines(figures)
