"""Time the client beside its peers, and print a table in Markdown.

    benchmark.py                      everything; takes some minutes
    benchmark.py --quick              everything, once, to see whether it works; the figures mean little
    benchmark.py --only sync page     some measures
    benchmark.py --lock               rewrite the locks that the peers are installed from

Each peer runs in an environment of its own below .bench/, made on first use. In every round each peer has its turn, in
another order each time; a ratio compares two peers in the same round, and the table has the median of all rounds. The
server runs on loopback, on a core of its own where there are two. No other file is written.
"""

import argparse
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmark_parts import environments, growth, table
from benchmark_parts.measures import MEASURES, Setting
from benchmark_parts.processes import BENCH, PeerError, cores, server

ROUNDS, QUICK_ROUNDS, GROWTH_ROUNDS = 15, 1, 3
NAMES = (*(measure.name for measure in MEASURES), "growth")
TITLE = "# `leap_client` and its peers"
REMARKS = """\
## What to know

- A ratio below 1 is faster than the first row of its table.
- `leap_client` has everything switched on: retries, validation, deadlines, errors with facts.
- All is plain HTTP on loopback, without TLS and without a distance: new connections cost less than they do elsewhere.
- Garbage is collected before every sample, and collection stays on during it, as in a user's program.
- Every answer is checked once per peer, and every reader of a page for a field that no schema names: all keep it.
- The bodies are those of a recorded job. `leap-python-sdk` refuses them, because they have either `state` or `status`;
  it reads the same bodies with both. It checks them, and returns them as dicts.
- The stock client, and the pydantic model, leave the time of an image a string; `leap_client` reads it. The stock
  generator leaves out the errors 5XX, with a warning.
- `make generate` and the generator's own run are whole processes, ruff included; `generated/` is left alone.
- Under growth, a time is the least of three, and memory what Python objects hold at most, by tracemalloc; each figure
  comes from a process of its own, after a warm-up.

Left out: the clients of OpenAPI Generator, which needs Java and comes from no Python registry."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: What follows the name of the script; by default what it was called with.

    Returns:
        The exit status.
    """
    options = parse_arguments(arguments)
    if options.lock:
        return rewrite_locks(upgrade=options.upgrade)
    try:
        report(options.only, options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS), quick=options.quick)
    except KeyboardInterrupt:
        progress("Stopped.")
        return 130
    return 0


def report(names: Sequence[str], rounds: int, *, quick: bool) -> None:
    """Measure, and print what is found as soon as it is.

    Args:
        names: The measures to take.
        rounds: How many samples of each peer to take.
        quick: Whether to leave out the largest jobs.
    """
    sizes = growth.SIZES[:-1] if quick else growth.SIZES
    machine = describe_machine()
    pythons = dict(make_environments())
    with server() as (url, pinning):
        print(f"{TITLE}\n\n- {machine}; {pinning}\n- rounds: {rounds}; {', '.join(environments.versions())}")
        for name in names:
            try:
                print(f"\n{measured(name, Setting(url, pythons), rounds, sizes)}", flush=True)
            except PeerError as error:
                print(f"\n## {name}\n\nCould not be measured: {error}.", flush=True)
    print(f"\n{REMARKS}")


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=positive, metavar="N", help=f"samples of each peer (default: {ROUNDS})")
    parser.add_argument("--quick", action="store_true", help="one round, and no more than 1,000 jobs")
    parser.add_argument(
        "--only", nargs="+", choices=NAMES, default=NAMES, metavar="NAME", help=f"some of {', '.join(NAMES)}"
    )
    parser.add_argument("--lock", action="store_true", help="rewrite the locks, and measure nothing")
    parser.add_argument("--upgrade", action="store_true", help="with --lock: renew what is not pinned elsewhere")
    return parser.parse_args(arguments)


def positive(text: str) -> int:
    """Read a number of rounds."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def rewrite_locks(*, upgrade: bool) -> int:
    """Rewrite the locks; give the exit status."""
    try:
        environments.lock(*(["--upgrade"] if upgrade else []))
    except PeerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def make_environments() -> Iterator[tuple[str, Path]]:
    """Make the environments; where one cannot be made, say why and go on."""
    BENCH.mkdir(exist_ok=True)
    for name in environments.ENVIRONMENTS:
        progress(f"environment {name}")
        try:
            yield name, environments.make(name)
        except PeerError as error:
            progress(f"environment {name} cannot be made: {error}. Its peers are left out.")


def measured(name: str, setting: Setting, rounds: int, sizes: tuple[int, ...]) -> str:
    """Take a measure; give its table."""
    if name == "growth":
        return table.growth_table(sizes, growth.measure(setting, sizes, min(rounds, GROWTH_ROUNDS), progress))
    measure = next(each for each in MEASURES if each.name == name)
    return table.measure_table(measure, measure.run(setting, rounds, progress))


def describe_machine() -> str:
    """Say what all this runs on, and how busy that is."""
    name = platform.processor() or platform.machine()
    about = Path("/proc/cpuinfo")
    if about.exists():
        lines = about.read_text("utf-8", errors="replace").splitlines()
        name = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), name)
    python = f"{platform.python_implementation()} {platform.python_version()} on {platform.system()}"
    return f"{python}; {name}, cores: {len(cores()) or os.cpu_count()}, load before: {os.getloadavg()[0]:.2f}"


def progress(text: str) -> None:
    """Say on the error output how far it is."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
