"""The benchmark does its arithmetic right, and asks every peer for the same work. Nothing here is timed."""

import asyncio
import re
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import httpx
import pytest

import benchmark
from benchmark_parts import bodies, jobs, processes, server, table, worker
from benchmark_parts.environments import ENVIRONMENTS, HOMES, LOCKS, versions
from benchmark_parts.growth import Growth
from benchmark_parts.measures import MEASURES, Measure, Setting, Times, in_worker, interleave
from benchmark_parts.peers import ASYNC, HTTPX, JOB, OURS, PAGE, STOCK, SYNC, VENDOR
from benchmark_parts.processes import PeerError, running

LOCK = (LOCKS.parents[2] / "requirements.txt").read_text("utf-8")
ELSEWHERE = {STOCK, VENDOR}  # their packages cannot be imported beside ours
MEASURE = Measure("name", "Title", (HTTPX, OURS), {OURS: 0.9}, lambda *_: nullcontext(lambda: 1.0))


@pytest.fixture(scope="module", autouse=True)
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Let the benchmark write somewhere else than in the checkout."""
    folder = tmp_path_factory.mktemp("bench")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "BENCH", folder)
        yield folder


@pytest.fixture(scope="module")
def url(bench: Path) -> Iterator[str]:
    """The address of the benchmark's server."""
    assert bench.exists()
    with running(sys.executable, "-m", "benchmark_parts.server") as process:
        yield f"http://127.0.0.1:{process.read()}"


# Arithmetic.


def test_ratios_compare_within_a_round() -> None:
    """A slow round slows both peers, and leaves their ratio as it is."""
    assert table.ratios([2.0, 20.0], [1.0, 10.0]) == [2.0, 2.0]


def test_the_spread_is_the_median_and_the_quartiles() -> None:
    """One bad round moves neither."""
    assert table.spread([5.0, 1.0, 2.0, 3.0, 400.0]) == (2.0, 3.0, 5.0)
    assert str(table.spread([0.5])) == "0.50 (0.50 to 0.50)"


@pytest.mark.parametrize(
    ("value", "said"), [(0.9, "met"), (0.904, "met"), (0.906, "**not met**")], ids=["equal", "rounded", "above"]
)
def test_a_figure_is_judged_as_it_is_printed(value: float, said: str) -> None:
    """What reads 0.90 meets 0.90."""
    assert table.verdict(value, 0.9) == said


@pytest.mark.parametrize(
    ("totals", "said"),
    [([5, 50, 500, 5000], "linear"), ([90, 95, 100, 105], "flat"), ([5, 60, 2000, 190_000], "faster")],
    ids=["linear", "flat", "square"],
)
def test_growth_is_told_apart(totals: list[float], said: str) -> None:
    """What a job costs at most sizes tells a line from a square, and the whole tells a line from nothing."""
    assert table.trend((10, 100, 1_000, 10_000), totals) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1.234, "1.23 s"), (0.0417, "41.7 ms"), (0.9996, "1,000 ms"), (0.000_004_56, "4.56 µs")],
    ids=["s", "ms", "rounded", "us"],
)
def test_times_are_printed_in_a_unit_that_suits_them(seconds: float, said: str) -> None:
    """Three digits are enough."""
    assert table.duration(seconds) == said


def test_a_figure_stands_beside_what_was_to_be_reached() -> None:
    """A table has the ratio of every peer, and a verdict where there is a figure to reach."""
    said = table.measure_table(MEASURE, Times({HTTPX: [0.01, 0.02], OURS: [0.008, 0.016]}))
    assert said.splitlines()[-2:] == [
        "| httpx | 1 | 15.0 ms |  |  |",
        "| leap_client | 0.80 (0.80 to 0.80) | 12.0 ms | 0.90 | met |",
    ]


def test_growth_has_a_line_for_time_and_one_for_memory() -> None:
    """Both say how they grow, and how they should."""
    grown = [Growth("iter_all", [0.01, 0.1], [2000, 9000])]
    assert table.growth_table((10, 100), grown).splitlines()[-2:] == [
        "| iter_all, time for a job | 1.00 ms | 1.00 ms | linear | linear | met |",
        "| iter_all, memory in all | 2.00 kB | 9.00 kB | linear | flat | **not met** |",
    ]


# Rounds.


def test_every_peer_has_its_turn_in_every_round() -> None:
    """The order is another one each time."""
    turns: list[str] = []

    def take(peer: str) -> float:
        turns.append(peer)
        return len(turns)

    times = interleave({peer: lambda peer=peer: take(peer) for peer in "abc"}, 3, lambda _: None)  # type: ignore[misc] # mypy sees no default
    assert "".join(turns) == "abcacbcab"
    assert times == {"a": [1, 4, 8], "b": [2, 6, 9], "c": [3, 5, 7]}


def test_a_peer_that_cannot_be_installed_is_a_line_that_says_so(url: str) -> None:
    """The others are measured all the same."""
    measure = next(each for each in MEASURES if each.name == "sync")
    times = measure.run(Setting(url, {}), 1, lambda _: None)
    assert not times.of
    assert table.measure_table(measure, times).count("its environment could not be made") == len(SYNC)


def test_without_a_baseline_there_are_times_and_no_ratios() -> None:
    """What can be said is said."""
    said = table.measure_table(MEASURE, Times({OURS: [0.008]}, {HTTPX: "is not there"}))
    assert said.splitlines()[-2:] == ["| httpx |  |  |  | is not there |", "| leap_client |  | 8.00 ms |  |  |"]


# Peers.


def test_every_figure_to_reach_is_about_a_peer_that_is_measured() -> None:
    """No figure is forgotten because a peer was renamed, and every peer has an environment with a lock."""
    for measure in MEASURES:
        assert measure.limits.keys() <= set(measure.peers)
        assert {ENVIRONMENTS[HOMES[peer]].lock for peer in measure.peers} <= {path.stem for path in LOCKS.glob("*.txt")}


@pytest.mark.parametrize("peer", sorted(SYNC.keys() - ELSEWHERE))
def test_a_synchronous_peer_gets_the_job(url: str, peer: str) -> None:
    """Its adapter gives the id of the job that it asked for."""
    with SYNC[peer](url) as ask:
        assert ask() == JOB


@pytest.mark.parametrize("peer", sorted(ASYNC.keys() - ELSEWHERE))
def test_an_asynchronous_peer_gets_the_job(url: str, peer: str) -> None:
    """Its adapter gives the id of the job that it asked for."""

    async def run() -> None:
        async with ASYNC[peer](url) as ask:
            assert await ask() == JOB

    asyncio.run(run())


@pytest.mark.parametrize("peer", sorted(PAGE.keys() - ELSEWHERE))
def test_a_reader_reads_the_whole_page(peer: str) -> None:
    """Its adapter gives all jobs, with the field that no schema names."""
    with PAGE[peer](bodies.page(range(3), bodies.LIST)) as read:
        assert [worker.keeps_unknown_fields(job) for job in read()] == [True, True, True]


def test_a_worker_takes_a_sample_when_it_is_told_to(url: str) -> None:
    """The benchmark and its workers understand each other."""
    with in_worker("sync")(Setting(url, {"httpx": Path(sys.executable)}), HTTPX) as take:
        assert take() > 0


def test_a_worker_that_fails_says_why(url: str) -> None:
    """What is wrong with a peer gets into the table."""
    command = (sys.executable, "-m", "benchmark_parts.worker", "sync", "nobody", url)
    with running(*command) as process, pytest.raises(PeerError, match="KeyError: 'nobody'"):
        process.read()


@pytest.mark.parametrize("name", jobs.WORK)
def test_the_work_that_grows_is_all_done(url: str, name: str) -> None:
    """So many jobs are asked for, so many are there."""
    with jobs.WORK[name](url) as work:
        assert work(25) == 25


# The server.


@pytest.mark.parametrize(
    ("query", "numbers"),
    [("", range(7)), ("page=1&pageSize=3", range(3, 6)), ("page=2&pageSize=3", range(6, 7)), ("page=9&pageSize=3", ())],
    ids=["all", "middle", "last", "none"],
)
def test_the_server_knows_its_pages(query: str, numbers: range) -> None:
    """Pages are counted from 0, and end with the jobs."""
    assert list(server.on_page(7, query)) == list(numbers)


def test_the_server_answers_the_other_operations(url: str) -> None:
    """Submissions are accepted, deletions done, and what is not in the API not found."""
    path = f"{url}/api/v1/images/models/documented-1/inferences"
    with httpx.Client() as client:
        assert client.post(path, json={"prompt": "A"}).status_code == 201
        assert client.delete(f"{path}/{JOB}").status_code == 200
        assert client.get(f"{url}/elsewhere").status_code == 404
        assert client.get(f"{path}/{JOB}").json().keys() >= {"state", "status"}
        assert client.get(f"{url}/images/2/0.png").content == bodies.image(2)


# The locks, and the command line.


@pytest.mark.parametrize("path", sorted(LOCKS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_lock_holds_versions_and_hashes_and_no_address(path: Path) -> None:
    """It works with any registry; what requirements.txt pins too has the same version, but for the vendor's SDK."""
    text = path.read_text("utf-8")
    assert "://" not in text
    assert not re.findall(r"^\s*-(?!-hash=sha256:)", text, re.MULTILINE)
    pins = re.findall(r"^\S+==\S+", text, re.MULTILINE)
    assert pins
    assert path.stem == "vendor" or set(pins) <= set(re.findall(r"^\S+==\S+", LOCK, re.MULTILINE))


def test_the_versions_of_all_peers_are_named() -> None:
    """A figure without a version cannot be checked."""
    named = {each.split(" ")[0] for each in versions()}
    assert named >= {"openapi-python-client", "httpx", "urllib3", "aiohttp", "httpx-aiohttp", "leap-python-sdk"}


@pytest.mark.parametrize("arguments", [["--rounds", "0"], ["--only", "nothing"]], ids=["no round", "no such measure"])
def test_the_command_line_refuses_what_cannot_be_meant(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """It says so before anything is installed."""
    with pytest.raises(SystemExit) as ended:
        benchmark.main(arguments)
    assert ended.value.code == 2
    assert arguments[1] in capsys.readouterr().err
