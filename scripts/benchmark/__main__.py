"""Time the client beside its peers, and print a table in Markdown. Takes some minutes; nothing else should run.

All peers come from the development lock, but the stock generator's client, which is made on the spot. In every round
each peer has its turn, in any order; a ratio compares a peer with the first one in the same round.
"""

import argparse
import asyncio
import gc
import logging
import os
import platform
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import mean, median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import certifi

from benchmark.bulk import print_bulk
from benchmark.peers import IMPORTS, MEASURES, asking, asking_async, batch, reading, sample
from benchmark.server import CERTIFICATE, ROOT
from benchmark.waiting import wait

NAMES = (*MEASURES, "wait", "bulk")
PYTHON = (sys.executable, "-W", "ignore")
GENERATE = (*PYTHON, "-m", "openapi_python_client", "generate", "--path", str(ROOT / "openapi.yaml"))
GENERATOR = (*GENERATE, "--meta", "none", "--overwrite", "--output-path")
TIME_IMPORT = "from time import perf_counter; start = perf_counter(); import {}; print(perf_counter() - start)"
TIME_FIRST = "from benchmark.peers import *; asking({!r}, {!r})(); print(perf_counter())"  # same clock in all processes
LIBRARIES = ("httpx", "urllib3", "aiohttp", "pydantic", "openapi-python-client")
HEAD = """
| | ours (quartiles) | to reach | peers | 1 is |
| --- | ---: | ---: | --- | --- |"""
REMARKS = """
A ratio is the median of those of all rounds. Everything of ours is switched on: retries, deadlines, checks, redaction.
The wait goes by a fake clock. Left out: OpenAPI Generator's clients, which need Java, and the vendor's
SDK, which requires other versions than the lock."""

Take = Callable[[], float]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="benchmark", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round, to see whether all works")
    parser.add_argument("--rounds", type=int, default=11, metavar="N", help="samples of each peer (default: 11)")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, metavar="NAME", help=", ".join(NAMES))
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # it is a file
    logging.disable()  # connections are left to the end of the process
    rounds = 1 if options.quick else max(options.rounds, 1)
    print(f"{machine()}, rounds: {rounds}, load before: {os.getloadavg()[0]:.2f}\n{HEAD}")
    with TemporaryDirectory() as folder, server(Path(folder)) as urls, asyncio.Runner() as runner:
        for name in options.only:
            if name == "wait":
                delays, requests = zip(*(wait(tenths / 10) for tenths in range(40, 201)), strict=True)
                ours = f"{mean(delays):.2f} s late, {mean(requests):.1f} requests"
                print(f"| waiting for jobs of 4 to 20 s | {ours} | 0.5 s by 13 requests | | |")
            elif name == "bulk":
                print_bulk(quick=options.quick)
            else:
                print_measure(name, partial(ready, name, urls, runner), rounds)
    print(f"\nLoad after: {os.getloadavg()[0]:.2f}.{REMARKS}")


def machine() -> str:
    """Say what all this runs on, and what is measured."""
    about = Path("/proc/cpuinfo").read_text("utf-8") if sys.platform == "linux" else ""
    name = about.partition("model name\t: ")[2].partition("\n")[0] or platform.machine()
    versions = ", ".join(f"{library} {version(library)}" for library in LIBRARIES)
    return f"{name}, cores: {os.cpu_count()}, Python {platform.python_version()}, {versions}"


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, str]]:
    """Run the server, and the block without any proxy or key of the user's; yield its addresses, that with TLS last."""
    bundle = folder / "certificates.pem"  # as long as what programs load elsewhere
    bundle.write_text(Path(certifi.where()).read_text("utf-8") + CERTIFICATE.read_text("utf-8"), "utf-8")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    os.environ.clear()
    os.environ.update({"PATH": path, "HOME": str(folder), "SSL_CERT_FILE": str(bundle)})
    os.chdir(folder)
    sys.path.append(str(folder))
    run((*GENERATOR, "stock_client"))
    pipe = subprocess.PIPE
    with subprocess.Popen([*PYTHON, "-m", "benchmark.server"], stdin=pipe, stdout=pipe, text=True) as child:
        if sys.platform == "linux":  # the server has a core of its own, where there are two
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        assert child.stdout  # noqa: S101 - it is a pipe
        plain, tls = child.stdout.readline().split()
        yield f"http://localhost:{plain}", f"https://localhost:{tls}"


def ready(name: str, urls: tuple[str, str], runner: asyncio.Runner, peer: str) -> Take:
    """Make a peer ready; give what takes a sample of it."""
    if name == "import":
        return lambda: float(run((*PYTHON, "-c", TIME_IMPORT.format(IMPORTS[peer]))))
    if name == "first":
        return lambda: -perf_counter() + float(run((*PYTHON, "-c", TIME_FIRST.format(peer, urls[1]))))
    if name == "async":
        ask = runner.run(asking_async(peer, urls[0]))
        return lambda: runner.run(batch(ask))
    call = reading(peer, urls[0]) if name == "read" else asking(peer, urls[0], name)
    return lambda: sample(call)


def run(command: tuple[str, ...]) -> str:
    """Run a process to its end; give what it printed."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def interleave(takes: Mapping[str, Take], rounds: int) -> dict[str, list[float]]:
    """Take the samples of all peers in turn, so that whatever slows the machine down slows all of them down."""
    samples: dict[str, list[float]] = {peer: [] for peer in takes}
    for _ in range(rounds):
        for peer in random.sample([*takes], len(takes)):  # so that no peer is always after the same one
            samples[peer].append(takes[peer]())
    return samples


def print_measure(name: str, prepare: Callable[[str], Take], rounds: int) -> None:
    """Time the peers of a measure; print a row of the table for each way of ours, with the ratios to the first peer."""
    title, peers, reach = MEASURES[name]
    takes, left_out = {}, []
    for peer in peers:
        try:
            takes[peer] = prepare(peer)
            takes[peer]()  # files are read, and modules compiled, once
            takes[peer]()
        except Exception as error:  # noqa: BLE001 - whatever a peer has, the others are measured
            takes.pop(peer, None)
            left_out.append(f"{peer} left out: {error!r}")
    gc.freeze()  # what one peer keeps does not slow down another's collections
    samples = interleave(takes, rounds)
    unit = samples[peers[0]]
    ratios = {peer: [one / other for one, other in zip(each, unit, strict=True)] for peer, each in samples.items()}
    others = [f"{peer} {median(ratios[peer]):.2f}" for peer in peers[1:] if peer in ratios and peer not in reach]
    base = f"{peers[0]}, {1000 * median(unit):,.3g} ms"
    for peer, goal in reach.items():
        ours = spread(ratios[peer]) if peer in ratios else "-"
        way = f", {peer}" if len(reach) > 1 else ""
        print(f"| {title}{way} | {ours} | {goal:.2f} | {'; '.join(others + left_out)} | {base} |")


def spread(values: Sequence[float]) -> str:
    """Print the median and the quartiles around it."""
    low, middle, high = quantiles(values if len(values) > 1 else [*values] * 2, n=4, method="inclusive")
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


if __name__ == "__main__":
    main()
