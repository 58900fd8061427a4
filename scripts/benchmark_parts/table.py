"""From seconds to ratios, from ratios to verdicts, and from there to Markdown."""

from collections.abc import Iterable, Iterator, Sequence
from math import floor, log10
from statistics import median, quantiles
from typing import NamedTuple

from benchmark_parts.growth import WORK, Growth
from benchmark_parts.measures import Measure, Times

# Two figures within this factor count as the same; sizes differ by ten, so what grows too fast differs by more.
SAME = 1.5
MET, NOT_MET = "met", "**not met**"


class Spread(NamedTuple):
    """The middle of several values, and the quartiles around it."""

    low: float
    middle: float
    high: float

    def __str__(self) -> str:
        return f"{self.middle:.2f} ({self.low:.2f} to {self.high:.2f})"


def spread(values: Sequence[float]) -> Spread:
    """Sum values up.

    Args:
        values: At least one.
    """
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    return Spread(*quantiles(values, n=4, method="inclusive"))


def ratios(times: Sequence[float], baseline: Sequence[float]) -> list[float]:
    """Compare two peers, round by round.

    Args:
        times: The seconds of one.
        baseline: The seconds of the other in the same rounds.
    """
    return [own / other for own, other in zip(times, baseline, strict=True)]


def verdict(value: float, limit: float) -> str:
    """Say whether a figure is reached, as precisely as it is printed.

    Args:
        value: The figure.
        limit: What it may be at most.
    """
    return MET if round(value, 2) <= limit else NOT_MET


def trend(sizes: Sequence[int], totals: Sequence[float]) -> str:
    """Say how something grows: `flat`, `linear`, or `faster`.

    Args:
        sizes: How much there was to do, each time ten times as much.
        totals: What it took.
    """
    if totals[-1] <= SAME * totals[-2]:
        return "flat"
    costs = [total / size for size, total in zip(sizes, totals, strict=True)]
    return "linear" if costs[-1] <= SAME * min(costs) else "faster"


def duration(seconds: float) -> str:
    """Print a time in a unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{digits(seconds / size)} {unit}"
    return f"{digits(seconds / 1e-6)} µs"


def volume(count: float) -> str:
    """Print a number of bytes, in kB."""
    return f"{digits(count / 1000)} kB"


def digits(value: float) -> str:
    """Print a positive number with the three digits that mean something; those before the point are always there."""
    return f"{value:,.{max(0, 2 - floor(log10(value)))}f}"


def markdown(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Print a table; all columns but the first are aligned to the right."""
    names = list(header)
    lines = [names, ["---", *["---:"] * (len(names) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def measure_table(measure: Measure, times: Times) -> str:
    """Print what a measure found."""
    alone = len(measure.peers) == 1
    header = ["", "time", "to reach", ""] if alone else ["", "ratio (quartiles)", "time", "to reach", ""]
    rows = (alone_rows if alone else peer_rows)(measure, times)
    return f"## {measure.title}\n\n{markdown(header, rows)}"


def alone_rows(measure: Measure, times: Times) -> Iterator[list[str]]:
    """Print the seconds of each peer, and whether they are few enough."""
    for peer in measure.peers:
        if peer in times.missing:
            yield [peer, "", "", times.missing[peer]]
        else:
            middle, limit = median(times.of[peer]), measure.limits[peer]
            yield [peer, duration(middle), f"{limit:.2f} s", verdict(middle, limit)]


def peer_rows(measure: Measure, times: Times) -> Iterator[list[str]]:
    """Print the ratio of each peer to the first one, and whether it is low enough."""
    baseline = times.of.get(measure.peers[0])
    for peer in measure.peers:
        if peer in times.missing:
            yield [peer, "", "", "", times.missing[peer]]
            continue
        row = [peer, "", duration(median(times.of[peer])), "", ""]
        if baseline:
            ratio = spread(ratios(times.of[peer], baseline))
            row[1] = "1" if peer == measure.peers[0] else str(ratio)
            if limit := measure.limits.get(peer):
                row[3:] = [f"{limit:.2f}", verdict(ratio.middle, limit)]
        yield row


def growth_table(sizes: Sequence[int], grown: Iterable[Growth]) -> str:
    """Print what each size took, for one job of it."""
    header = ["jobs, or kB of a download", *(f"{size:,}" for size in sizes), "grows", "to reach", ""]
    rows = [row for growth in grown for row in growth_rows(sizes, growth)]
    return f"## Growth\n\n{markdown(header, rows)}"


def growth_rows(sizes: Sequence[int], growth: Growth) -> Iterator[list[str]]:
    """Print the time and the memory of one kind of job: for one of it, or in all where that is to stay the same."""
    unit, stays = WORK[growth.name]
    times = [duration(total / size) for size, total in zip(sizes, growth.seconds, strict=True)]
    yield [f"{growth.name}, time for a {unit}", *times, *growth_verdict(trend(sizes, growth.seconds), "linear")]
    divisors, share, wanted = ([1] * len(sizes), "in all", "flat") if stays else (sizes, f"for a {unit}", "linear")
    memory = [volume(total / divisor) for divisor, total in zip(divisors, growth.memory, strict=True)]
    yield [f"{growth.name}, memory {share}", *memory, *growth_verdict(trend(sizes, growth.memory), wanted)]


def growth_verdict(found: str, wanted: str) -> list[str]:
    """Say how something grows, how it should, and whether it does."""
    return [found, wanted, MET if found in {"flat", wanted} else NOT_MET]
