"""The benchmark asks every peer for the same work, and does its arithmetic right. Nothing here is timed."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

import pytest

from benchmark import peers
from benchmark.__main__ import interleave, spread
from benchmark.bulk import simulate
from benchmark.server import CERTIFICATE
from benchmark.waiting import wait

STOCK = {peers.STOCK}  # made by the benchmark itself


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the benchmark's server."""
    command = [sys.executable, "-m", "benchmark.server"]
    with (
        pytest.MonkeyPatch.context() as patch,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child,
    ):
        patch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert child.stdout
        yield f"http://localhost:{child.stdout.readline().split()[0]}"


def test_every_peer_has_its_turn_in_every_round() -> None:
    """The order is any, and a sample stays with its peer."""
    turns: list[str] = []

    def take(peer: str) -> float:
        turns.append(peer)
        return len(turns)

    samples = interleave({peer: partial(take, peer) for peer in "abc"}, 5)
    assert [sorted(turns[start : start + 3]) for start in range(0, 15, 3)] == [["a", "b", "c"]] * 5
    assert samples == {peer: [turn + 1.0 for turn in range(15) if turns[turn] == peer] for peer in "abc"}


def test_the_spread_is_the_median_and_the_quartiles() -> None:
    """One bad round moves neither, and one round is enough to print."""
    assert spread([5.0, 1.0, 2.0, 3.0, 400.0]) == "3.00 (2.00 to 5.00)"
    assert spread([0.5]) == "0.50 (0.50 to 0.50)"


def fresh(code: str) -> str:
    """Run code in a process of its own, because peers leave their connections to its end; give what it prints."""
    read_id = "read_id = lambda job: getattr(job, 'id', None) or job['id']"
    command = [sys.executable, "-W", "ignore", "-c", f"from benchmark.peers import *; {read_id}; {code}"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


@pytest.mark.parametrize("peer", sorted({*peers.SYNC} - STOCK))
def test_a_synchronous_peer_gets_the_job_and_the_page(url: str, peer: str) -> None:
    """It reads what it asked for."""
    code = f"ask = partial(asking, {peer!r}, {url!r}); print(read_id(ask()()), len(ask('list_all')()))"
    assert fresh(f"from functools import partial; {code}") == f"{peers.JOB} 1000\n"


@pytest.mark.parametrize("peer", sorted({*peers.ASYNC} - STOCK))
def test_an_asynchronous_peer_gets_the_job(url: str, peer: str) -> None:
    """It reads what it asked for."""
    code = f"import asyncio; runner = asyncio.Runner(); ask = runner.run(asking_async({peer!r}, {url!r}))"
    assert fresh(f"{code}; print(read_id(runner.run(ask())))") == f"{peers.JOB}\n"


@pytest.mark.parametrize("peer", sorted({*peers.MEASURES["read"][1]} - STOCK))
def test_a_reader_reads_the_whole_page(url: str, peer: str) -> None:
    """It gives all jobs."""
    assert fresh(f"print(len(reading({peer!r}, {url!r})()))") == "1000\n"


def test_a_wait_takes_no_time_and_some_requests() -> None:
    """The clock is fake: the figures are the same on any machine."""
    delay, requests = wait(10)
    assert 0 <= delay < 2
    assert 5 < requests < 20


def test_a_bulk_run_is_simulated_to_its_end() -> None:
    """Every row is done, by a clock that does not wait."""
    assert simulate(20, 5).startswith("| 20 | 5 | ")
