"""What is timed: each measure, the peers in it, and the figures to reach."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmark_parts.environments import HOMES, stock_command
from benchmark_parts.peers import ASYNC, IMPORTS, JOB, OURS, OURS_AIOHTTP, PAGE, STOCK, SYNC
from benchmark_parts.processes import BENCH, PeerError, run, running

RENDER = """
import sys, pathlib, generate
generate.render(generate.ROOT / "openapi.yaml", generate.ROOT / "generator-config.yml", pathlib.Path(sys.argv[1]))
"""
FIRST_ANSWER = "import sys; from benchmark_parts.peers import first_answer; first_answer(*sys.argv[1:])"

Take = Callable[[], float]


@dataclass(frozen=True)
class Setting:
    """Where the server is, and the Python of each environment that could be made."""

    url: str
    pythons: Mapping[str, Path]

    def python(self, peer: str) -> Path:
        """Give the Python that has a peer.

        Raises:
            PeerError: There is none.
        """
        if HOMES[peer] not in self.pythons:
            raise PeerError("its environment could not be made")
        return self.pythons[HOMES[peer]]


@dataclass
class Times:
    """What a measure took: seconds by peer, one for each round, and why a peer has none."""

    of: dict[str, list[float]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """Something to time.

    Args:
        name: What it is called on the command line.
        title: What is timed.
        peers: Whom; the first one is the baseline.
        limits: What is to be reached: ratios to the baseline, or seconds if there is no other peer.
        prepare: Makes a peer ready, and gives a function that takes one sample.
    """

    name: str
    title: str
    peers: tuple[str, ...]
    limits: Mapping[str, float]
    prepare: Callable[[Setting, str], AbstractContextManager[Take]]

    def run(self, setting: Setting, rounds: int, report: Callable[[str], None]) -> Times:
        """Time all peers.

        Args:
            setting: Where.
            rounds: How often.
            report: Is told how far it is.
        """
        times, takes = Times(), {}
        with ExitStack() as ready:
            for peer in self.peers:
                try:
                    takes[peer] = ready.enter_context(self.prepare(setting, peer))
                    takes[peer]()  # files are read from the disk once, and modules compiled once
                except PeerError as error:
                    times.missing[peer] = str(error)
                    takes.pop(peer, None)
            times.of = interleave(takes, rounds, lambda turn: report(f"{self.name}: round {turn} of {rounds}"))
        return times


def interleave(takes: Mapping[str, Take], rounds: int, report: Callable[[int], None]) -> dict[str, list[float]]:
    """Take the samples of all peers in turn, so that whatever slows the machine down slows all of them down.

    Args:
        takes: Takes a sample of each peer.
        rounds: How many samples of each to take.
        report: Is told the number of the round.
    """
    peers = list(takes)
    times: dict[str, list[float]] = {peer: [] for peer in peers}
    for turn in range(rounds):
        report(turn + 1)
        # Rotated, and backwards every other time, so that no peer is always first, or always after the same one.
        first = turn % max(len(peers), 1)
        order = peers[first:] + peers[:first]
        for peer in reversed(order) if turn % 2 else order:
            times[peer].append(takes[peer]())
    return times


@contextmanager
def import_anew(setting: Setting, peer: str) -> Iterator[Take]:
    """Import in a fresh process, which measures itself: starting Python is nobody's merit."""
    code = f"import time\nstarted = time.perf_counter()\n{IMPORTS[peer]}\nprint(time.perf_counter() - started)"
    python = setting.python(peer)
    yield lambda: float(run(python, "-I", "-c", code)[1])


@contextmanager
def answer_anew(setting: Setting, peer: str) -> Iterator[Take]:
    """Start a process, and wait for its first answer."""
    command = (setting.python(peer), "-E", "-s", "-W", "ignore", "-c", FIRST_ANSWER, peer, setting.url)

    def take() -> float:
        begun = perf_counter()
        with running(*command) as process:
            if process.read() != JOB:
                raise PeerError("got another job")
            return perf_counter() - begun

    yield take


def in_worker(name: str) -> Callable[[Setting, str], AbstractContextManager[Take]]:
    """Make a preparation that keeps a process for each peer, with its connections open."""

    @contextmanager
    def prepare(setting: Setting, peer: str) -> Iterator[Take]:
        module = ("-E", "-s", "-W", "ignore", "-m", "benchmark_parts.worker")
        with running(setting.python(peer), *module, name, peer, setting.url) as process:
            process.read()
            yield lambda: float(process.ask())

    return prepare


@contextmanager
def generate_anew(_setting: Setting, peer: str) -> Iterator[Take]:
    """Render the package into a new folder; both generators run ruff on it."""

    def take() -> float:
        with TemporaryDirectory(dir=BENCH) as folder:
            target = Path(folder, "package")
            return run(*(stock_command(target) if peer == STOCK else (sys.executable, "-c", RENDER, target)))[0]

    yield take


@contextmanager
def vendor_anew(_setting: Setting, _peer: str) -> Iterator[Take]:
    """Copy the package to where there is no copy."""

    def take() -> float:
        with TemporaryDirectory(dir=BENCH) as folder:
            return run(sys.executable, "vendor.py", Path(folder, "leap_client"))[0]

    yield take


MEASURES = (
    Measure("import", "Import, in a fresh process", tuple(IMPORTS), {OURS: 1.08}, import_anew),
    Measure("first", "From the start of a process to the first answer", tuple(SYNC), {OURS: 1.10}, answer_anew),
    Measure("sync", "find-one, one call after the other", tuple(SYNC), {OURS: 0.90}, in_worker("sync")),
    Measure(
        "async",
        "500 find-ones, 100 in flight",
        tuple(ASYNC),
        {OURS: 0.95, OURS_AIOHTTP: 0.18},
        in_worker("async"),
    ),
    Measure("page", "A page of 1,000 jobs, from bytes to objects", tuple(PAGE), {OURS: 1.9}, in_worker("page")),
    Measure("generate", "`make generate`, and the generator's own run", (STOCK, OURS), {OURS: 2}, generate_anew),
    Measure("vendoring", "A new copy by `scripts/vendor.py`", (OURS,), {OURS: 1}, vendor_anew),
)
