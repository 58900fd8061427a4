"""`iter_all` finds every job once, however the server counts its pages and whatever happens to the list meanwhile."""

import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients import KINDS, Clock, opened
from leap_client import UNSET, Leap, PublicModel
from leap_client.errors import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    DecodeError,
    ServerError,
)
from rig import FAIL, Fault, Sandbox

MODEL = PublicModel.STABLE_DIFFUSION_1_5
BODY = {
    "status": "finished",
    "prompt": "A photo of an astronaut riding a horse",
    "negativePrompt": "",
    "seed": 1,
    "width": 512,
    "height": 512,
    "numberOfImages": 1,
    "steps": 50,
    "createdAt": "2023-02-10T08:17:39.30755+00:00",
    "promptStrength": 7,
    "images": [],
    "modelId": str(MODEL),
}

# What page 0 is: the first page, or how a server that counts from 1 answers it; and how many requests beyond one a page
# it may take to be sure of having found every job.
FIRST = {"page 0": 2, "400": 3, "404": 3, "500": 4, "empty": 4, "clamped": 3}


@dataclass
class Pages:
    """A server in memory with a list in pages.

    Args:
        lengths: How many jobs there are on each page. Only the last one fills up before another begins.
        first: What page 0 is; one of `FIRST`.
        added: How many jobs come right after each of the first answers.
        default: Jobs on a page when the request does not say.
        least: Fewest jobs on a full page, whatever the request says.
        limit: Most jobs on a page, whatever the request says.
        ignores_page: Whether every page is the first one.
        refused: A page that is refused although it exists.
    """

    lengths: list[int]
    first: str = "page 0"
    added: list[int] = field(default_factory=list)
    default: int = 20
    least: int = 1
    limit: int = 1000
    ignores_page: bool = False
    refused: int | None = None

    def __post_init__(self) -> None:
        numbers = count()
        self.pages = [list(islice(numbers, length)) for length in self.lengths]
        self.asked: list[int] = []
        self.there: list[int] = []

    @property
    def jobs(self) -> list[int]:
        """All jobs, oldest first."""
        return [job for page in self.pages for job in page]

    def add(self, number: int, size: int) -> None:
        """Add jobs at the end."""
        for job in range(len(self.jobs), len(self.jobs) + number):
            if not self.pages or len(self.pages[-1]) >= size:
                self.pages.append([])
            self.pages[-1].append(job)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, and then let jobs come."""
        page, size = int(request.url.params["page"]), int(request.url.params.get("pageSize", self.default))
        self.asked.append(page)
        self.there.append(len(self.jobs))
        response = self._page(page)
        self.add(self.added.pop(0) if self.added else 0, max(self.least, min(size, self.limit)))
        return response

    def _page(self, page: int) -> httpx.Response:
        if page == 0 and self.first.isdecimal():
            return httpx.Response(int(self.first), json={"statusCode": int(self.first), "message": "no such page"})
        if page == self.refused:
            return httpx.Response(400)
        index = page if self.first == "page 0" else page - 1
        if self.ignores_page or (index < 0 and self.first == "clamped"):
            index = 0
        jobs = self.pages[index] if 0 <= index < len(self.pages) else []
        return httpx.Response(200, json=[{**BODY, "id": f"{job:026}"} for job in jobs])


class Walker:
    """Walks through the lists of one server after another, with one client."""

    leap: Leap
    server: Pages

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Let the server of the moment answer."""
        return self.server.answer(request)

    def walk(self, server: Pages, **options: Any) -> Iterator[int]:
        """Walk through the list of a server, and give the jobs as numbers."""
        self.server = server
        return (int(job.id) for job in self.leap.images.iter_all(MODEL, **options))


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.__name__)
def walker(request: pytest.FixtureRequest) -> Iterator[Walker]:
    """What walks, with either client."""
    walker = Walker()
    with opened(request.param, "token", transport=httpx.MockTransport(walker.answer), max_retries=0) as walker.leap:
        yield walker


def full(jobs: int, size: int) -> list[int]:
    """Tell how many of some jobs there are on each page, if all but the last page are full."""
    return [size] * (jobs // size) + [jobs % size] * (jobs % size > 0)


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("size", [1, 7, 100])
@pytest.mark.parametrize("jobs", [1, 6, 7, 8, 14, 100, 101, 250])
def test_static_list(walker: Walker, first: str, size: int, jobs: int) -> None:
    """Of a list that stays as it is, each job comes once and in order, by one request a page and a few more."""
    server = Pages(full(jobs, size), first)
    assert list(walker.walk(server, page_size=size)) == list(range(jobs))
    assert len(server.asked) <= len(server.pages) + FIRST[first]


@pytest.mark.parametrize("first", [first for first in FIRST if first != "500"])
def test_no_jobs(walker: Walker, first: str) -> None:
    """A list without a job ends without one, after at most three requests."""
    server = Pages([], first)
    assert list(walker.walk(server)) == []
    assert len(server.asked) <= 3


def test_failing_server(walker: Walker) -> None:
    """A server that fails on page 0, and has no job on page 1 either, may be down: its error is raised."""
    with pytest.raises(ServerError):
        list(walker.walk(Pages([], "500")))


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("jobs", [1, 19, 20, 21, 40, 250])
def test_size_unknown(walker: Walker, first: str, jobs: int) -> None:
    """Without a size of page it takes one request more at most, to learn what a full page is."""
    server = Pages(full(jobs, 20), first)
    assert list(walker.walk(server)) == list(range(jobs))
    assert len(server.asked) <= len(server.pages) + FIRST[first] + 1


@pytest.mark.parametrize("size", [1, 7, 100])
@pytest.mark.parametrize("jobs", [0, 1, 7, 30])
def test_page_ignored(walker: Walker, size: int, jobs: int) -> None:
    """A server that does not know `page` is asked four times at most, and its jobs come once."""
    server = Pages(full(jobs, size), ignores_page=True)
    assert list(walker.walk(server, page_size=size)) == list(range(min(jobs, size)))
    assert len(server.asked) <= 4


def test_page_and_size_ignored(walker: Walker) -> None:
    """A server that answers the whole list every time is asked four times at most."""
    server = Pages([250], ignores_page=True)
    assert list(walker.walk(server, page_size=7)) == list(range(250))
    assert len(server.asked) <= 4


def test_empty_page_of_a_filtered_list(walker: Walker) -> None:
    """A page that is empty because the server left its jobs out does not end a filtered walk."""
    server = Pages([3, 0, 2, 0, 3])
    assert list(walker.walk(server, only_finished=True, page_size=3)) == list(range(8))


def test_same_job_twice_on_a_page(walker: Walker) -> None:
    """A job that is twice on one page comes once."""
    server = Pages([3])
    server.pages = [[0, 1, 1]]
    assert list(walker.walk(server, page_size=3)) == [0, 1]


def test_jobs_pushed_to_the_next_page(walker: Walker) -> None:
    """Jobs that reappear on the next page, because others came before them, come once."""
    server = Pages([4, 4, 4])
    server.pages = [[0, 1, 2, 3], [2, 3, 4, 5], [5, 6]]
    assert list(walker.walk(server, page_size=4)) == list(range(7))


def test_slow_consumer(walker: Walker) -> None:
    """Jobs that fill up the last page, and more, while the consumer is busy with it, all come and in order."""
    server = Pages([7, 3])
    found = []
    for job in walker.walk(server, page_size=7):
        found.append(job)
        if job == 9:
            server.add(20, 7)
    assert found == list(range(30))


def test_slow_consumer_of_larger_pages(walker: Walker) -> None:
    """The same holds on a server whose pages are larger than was asked for."""
    server = Pages([20, 12], least=20)
    found = []
    for job in walker.walk(server, page_size=7):
        found.append(job)
        if job == 31:
            server.add(20, 20)
    assert found == list(range(52))


def test_first_jobs_appear(walker: Walker) -> None:
    """A list that was empty, and has more than a page when it is looked at again, is walked through from its start."""
    assert list(walker.walk(Pages([], added=[10]), page_size=7)) == list(range(10))


@st.composite
def growing(draw: st.DrawFn) -> tuple[Pages, int]:
    """Draw a server, its list with short pages and with jobs to come, and a size of page to ask for."""
    size, limit = draw(st.sampled_from([1, 7, 100])), draw(st.sampled_from([3, 1000]))
    most = min(size, limit)
    first = draw(st.sampled_from(sorted(FIRST)))
    # A list without a job, on a server that fails on page 0, cannot be told from a server that is down.
    lengths = draw(st.lists(st.integers(1, most), min_size=first == "500", max_size=6))
    added = draw(st.lists(st.integers(0, 2 * min(most, 10)), max_size=12))
    return Pages(lengths, first, added, limit=limit), size


@given(growing())
def test_growing_list(walker: Walker, drawn: tuple[Pages, int]) -> None:
    """Of a list with short pages that grows, each job comes once and in order, all but those of the last moment."""
    server, size = drawn
    found = list(walker.walk(server, page_size=size))
    assert found == server.jobs[: len(found)]
    assert len(found) >= server.there[-2:][0]
    assert len(server.asked) <= 2 * len(server.pages) + 2 * 12 + 5


@given(st.integers(1, 60), st.lists(st.integers(0, 30), max_size=12), st.sampled_from(sorted(FIRST)))
def test_growing_list_of_unknown_size(walker: Walker, jobs: int, added: list[int], first: str) -> None:
    """The same holds when the server chooses the size of its pages."""
    server = Pages(full(jobs, 7), first, added, default=7)
    found = list(walker.walk(server))
    assert found == server.jobs[: len(found)]
    assert len(found) >= server.there[-2:][0]


@given(st.integers(0, 10), st.lists(st.integers(0, 3), max_size=12), st.sampled_from([1, 7, 100]))
def test_growing_list_with_page_ignored(walker: Walker, jobs: int, added: list[int], size: int) -> None:
    """A list that grows and ignores `page` comes as far as it can be had, each job once."""
    server = Pages(full(jobs, size), added=added, ignores_page=True)
    found = list(walker.walk(server, page_size=size))
    assert found == list(range(len(found)))
    assert len(found) >= min(jobs, size)


def test_endless_growth(walker: Walker) -> None:
    """A list that gets a job with every answer is not followed for ever."""
    server = Pages([3], added=[1] * 100)
    assert len(list(walker.walk(server, page_size=100))) < 10


def test_lazy(walker: Walker) -> None:
    """Pages are fetched when they are needed: the first jobs take one request, the next ones one more."""
    server = Pages(full(30, 10))
    jobs = walker.walk(server, page_size=10)
    assert server.asked == []
    assert list(islice(jobs, 10)) == list(range(10))
    assert server.asked == [0]
    assert next(jobs) == 10
    assert server.asked == [0, 1]


def test_memory(walker: Walker) -> None:
    """The jobs of a few pages at most are held at any time, however long the list is."""
    walker.server = Pages(full(300, 10))
    seen: list[weakref.ref[Any]] = []
    for job in walker.leap.images.iter_all(MODEL, page_size=10):
        seen.append(weakref.ref(job))
        assert sum(each() is not None for each in seen) <= 30
    assert len(seen) == 300


@pytest.mark.parametrize("status", [401, 402, 403, 408, 409, 429])
def test_refused(walker: Walker, status: int) -> None:
    """A refusal that has nothing to do with the page is raised, not taken to mean that there is no page 0."""
    server = Pages([3])
    server.first = str(status)
    with pytest.raises(ApiError) as caught:
        list(walker.walk(server))
    assert caught.value.status_code == status
    assert server.asked == [0]


def test_refused_later(walker: Walker) -> None:
    """A refusal of any other page is raised after the jobs that came before it: the list may have gone on."""
    jobs = walker.walk(Pages([3, 3], refused=1), page_size=3)
    assert list(islice(jobs, 3)) == [0, 1, 2]
    with pytest.raises(BadRequestError):
        next(jobs)


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("before_first", ["error", "empty", "first"])
@pytest.mark.parametrize("size", [1, 7, 100, None])
def test_over_sockets(leap: Leap, sandbox: Sandbox, base: int, before_first: str, size: int | None) -> None:
    """What holds in memory holds over sockets, with a job added while the walk is under way."""
    sandbox.reset(page_base=base, before_first=before_first, page_size=5)
    jobs = [job.id for job in sandbox.add_jobs(12, model_id=MODEL)]
    found = []
    for job in leap.images.iter_all(MODEL, page_size=size or UNSET):
        found.append(job.id)
        if len(found) == 8:
            jobs += [job.id for job in sandbox.add_jobs(7, model_id=MODEL)]
    assert found == jobs


def test_page_ignored_over_sockets(leap: Leap, sandbox: Sandbox) -> None:
    """A service that does not know `page` is walked through once."""
    sandbox.reset(page_ignored=True)
    jobs = [job.id for job in sandbox.add_jobs(12, model_id=MODEL)]
    assert [job.id for job in leap.images.iter_all(MODEL)] == jobs


def test_only_finished(leap: Leap, sandbox: Sandbox) -> None:
    """The filter goes along with every page."""
    failed = sandbox.add_jobs(3, model_id=MODEL, prompt=FAIL)
    finished = sandbox.add_jobs(3, model_id=MODEL)
    assert len(failed) == 3
    jobs = leap.images.iter_all(MODEL, only_finished=True, page_size=2)
    assert [job.id for job in jobs] == [job.id for job in finished]
    assert {request.query["onlyFinished"] for request in sandbox.requests} == {"true"}


def test_retried(leap: Leap, sandbox: Sandbox, clock: Clock) -> None:
    """A page that could not be had is asked for again, like any other request that costs nothing."""
    sandbox.add_jobs(3, model_id=MODEL)
    sandbox.faults.add(Fault.answer(503), Fault.dropped())
    assert len(list(leap.images.iter_all(MODEL))) == 3
    assert len(clock.naps) == 2


def test_first_page_fails_for_a_moment(leap: Leap, sandbox: Sandbox) -> None:
    """A page 0 that failed is not given up before it has failed again, since the server may count from 0."""
    sandbox.reset(page_base=0)
    jobs = [job.id for job in sandbox.add_jobs(3, model_id=MODEL)]
    sandbox.faults.add(Fault.answer(500))
    hasty = leap.with_options(max_retries=0)
    assert [job.id for job in hasty.images.iter_all(MODEL, page_size=1)] == jobs


def test_page_fails_when_fetched_again(leap: Leap, sandbox: Sandbox) -> None:
    """A failure to fetch a page again is raised as any other, since jobs may have been added to it."""
    sandbox.reset(page_base=0, page_size=2)
    sandbox.add_jobs(3, model_id=MODEL)
    sandbox.faults.add(Fault.late(0), Fault.late(0), Fault.answer(500))
    jobs = leap.with_options(max_retries=0).images.iter_all(MODEL)
    assert len(list(islice(jobs, 2))) == 2
    with pytest.raises(ServerError):
        next(jobs)


def test_wrong_token(leap: Leap, sandbox: Sandbox) -> None:
    """A token that is not known is told at once, and not tried on another page."""
    with pytest.raises(AuthenticationError):
        next(iter(leap.with_options(token="another-token").images.iter_all(MODEL)))
    assert len(sandbox.requests) == 1


def test_unreadable_page(leap: Leap, sandbox: Sandbox) -> None:
    """A page that cannot be read ends the walk with the reason; no job is left out in silence."""
    sandbox.faults.add(Fault.json({"jobs": []}))
    with pytest.raises(DecodeError, match="should be an array"):
        list(leap.images.iter_all(MODEL))


def test_impossible_arguments(leap: Leap, sandbox: Sandbox) -> None:
    """Arguments that cannot be right are refused before anything is sent."""
    with pytest.raises(ValueError, match="page_size must be at least 1"):
        next(iter(leap.images.iter_all(MODEL, page_size=0)))
    with pytest.raises(ValueError, match="white space"):
        next(iter(leap.images.iter_all(f"{MODEL}\t")))
    assert sandbox.requests == []


# Deleting on the way.


@pytest.mark.parametrize("size", [None, 1, 3, 100])
@pytest.mark.parametrize("every", [1, 2, 3])
@pytest.mark.parametrize("base", [0, 1])
def test_deleting_on_the_way(leap: Leap, sandbox: Sandbox, base: int, every: int, size: int | None) -> None:
    """`for job in iter_all(): delete(job.id)` meets every job once, whichever of them it deletes."""
    sandbox.reset(page_base=base)
    jobs = [job.id for job in sandbox.add_jobs(23, model_id=MODEL)]
    met: list[str] = []
    for job in leap.images.iter_all(MODEL, page_size=UNSET if size is None else size):
        if len(met) % every == 0:
            leap.images.delete(MODEL, job.id)
        met.append(job.id)
    assert met == jobs
    assert [job.id for job in leap.images.iter_all(MODEL)] == [each for n, each in enumerate(jobs) if n % every]


def test_deleting_by_a_copy(leap: Leap, sandbox: Sandbox) -> None:
    """A copy of the client deletes as safely."""
    jobs = [job.id for job in sandbox.add_jobs(10, model_id=MODEL)]
    other = leap.with_options(max_retries=0)
    met: list[str] = []
    for job in leap.images.iter_all(MODEL, page_size=2):
        other.images.delete(MODEL, job.id)
        met.append(job.id)
    assert met == jobs


def test_not_deleting_costs_nothing(leap: Leap, sandbox: Sandbox) -> None:
    """Who only reads fetches no page again."""
    sandbox.add_jobs(40, model_id=MODEL)
    assert len(list(leap.images.iter_all(MODEL, page_size=10))) == 40
    assert len(sandbox.requests) <= 6
