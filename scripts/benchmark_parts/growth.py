"""The same job in ten sizes: whether time and memory keep in step with it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from benchmark_parts.measures import Setting
from benchmark_parts.peers import OURS
from benchmark_parts.processes import run

SIZES = (10, 100, 1_000, 10_000)
# What is counted, and whether memory is to stay where it is however much of that there is.
WORK = {"list_all": ("job", False), "iter_all": ("job", True), "generate": ("job", False), "download": ("kB", True)}


class Growth(NamedTuple):
    """What a job took in each size."""

    name: str
    seconds: list[float]
    memory: list[float]


def measure(setting: Setting, sizes: Sequence[int], rounds: int, report: Callable[[str], None]) -> list[Growth]:
    """Do each job in each size, every time in a process of its own.

    Args:
        setting: Where.
        sizes: The sizes.
        rounds: How often to time each; the least counts.
        report: Is told how far it is.
    """
    grown = []
    for name in WORK:
        seconds, memory = [], []
        for size in sizes:
            report(f"growth: {name}, {size:,} {WORK[name][0]}")
            command = (setting.python(OURS), "-E", "-s", "-m", "benchmark_parts.jobs", name, str(size), setting.url)
            # There is nothing to compare it with in the same round, so only the least is free of what else ran.
            seconds.append(min(float(run(*command)[1]) for _ in range(rounds)))
            # Counting memory takes time, so it has a run of its own.
            memory.append(float(run(*command, "--memory")[1]))
        grown.append(Growth(name, seconds, memory))
    return grown
