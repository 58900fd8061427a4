"""`download` saves whole images under safe names, whatever their servers and the connections to them do."""

import asyncio
import functools
import gzip
import resource
import ssl
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx_aiohttp import AiohttpTransport
from PIL import Image

from callers import client
from clients import KINDS, Clock, opened
from leap_client import AsyncLeap, Leap, PublicModel
from leap_client.errors import (
    ApiError,
    AuthenticationError,
    ConnectionFailed,
    DecodeError,
    JobFailed,
    LeapError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeout,
    ServerError,
)
from leap_client.models import InferenceEntity, InferenceImageEntity, JobState
from rig import Fault, Sandbox

MODEL = PublicModel.STABLE_DIFFUSION_1_5


def picture(kind: str) -> bytes:
    """Paint a small image of a kind."""
    file = BytesIO()
    Image.linear_gradient("L").resize((8, 8)).save(file, kind)
    return file.getvalue()


PNG = picture("PNG")
KINDS_OF_IMAGE = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "WEBP": ".webp"}


def image_at(uri: str, name: str = "5617d1cf") -> InferenceImageEntity:
    """Make an image at an address."""
    return InferenceImageEntity(id=name, uri=uri, created_at=datetime(2023, 6, 20, 7, 4, 1, tzinfo=UTC))


def job_with(*uris: str, name: str = "a047df00") -> InferenceEntity:
    """Make a job that has images at some addresses."""
    images = [image_at(uri).to_dict() for uri in uris]
    return InferenceEntity.from_dict({"id": name, "modelId": MODEL, "images": images})


@dataclass
class Scene:
    """A job that has finished, and all that have to do with it.

    Args:
        leap: Who wants its images.
        sandbox: Where they are.
        folder: Where they shall be.
    """

    leap: Leap
    sandbox: Sandbox
    folder: Path

    def __post_init__(self) -> None:
        self.job = self.made()
        self.stem = f"{self.job.id}-0"

    def made(self, **request: Any) -> InferenceEntity:
        """Make a job that has finished."""
        job = self.sandbox.add_jobs(model_id=MODEL, **{"width": 8, "height": 8, **request})[0]
        return self.leap.images.find_one(MODEL, job.id)

    def download(self, **options: Any) -> bytes:
        """Save the only image of the job, and give what there is in the folder, which is that image."""
        (path,) = self.leap.images.download(self.job, self.folder, **options)
        assert path.parent == self.folder
        assert self.saved == [path.name]
        return path.read_bytes()

    @property
    def content(self) -> bytes:
        """What the image is at its origin."""
        with client() as http:
            return http.get(self.job.images[0].uri).content

    @property
    def saved(self) -> list[str]:
        """The files in the folder, the hidden ones too."""
        return sorted(path.name for path in self.folder.iterdir()) if self.folder.exists() else []

    @property
    def requests(self) -> int:
        """How many requests the origin of the images got."""
        return len(self.sandbox.image_requests)


@pytest.fixture(autouse=True)
def _certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the certificates once and not for every download, which would take longer than the rest."""
    monkeypatch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))


@pytest.fixture
def scene(leap: Leap, sandbox: Sandbox, clock: Clock, tmp_path: Path) -> Scene:
    """A job with one image, and a folder that is still to be made; the clock lets no retry wait."""
    assert sandbox.options.clock is clock
    return Scene(leap, sandbox, tmp_path / "new" / "folder")


def nothing_saved(scene: Scene, error: type[LeapError], match: str = "", **options: Any) -> LeapError:
    """Try in vain to save the image, and give the error."""
    with pytest.raises(error, match=match or None) as caught:
        scene.download(**options)
    assert type(caught.value) is error
    assert scene.saved == []
    return caught.value


# Names.


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_order_and_names(scene: Scene, count: int) -> None:
    """The images come in the order of their numbers, under the id of the job and that number."""
    job = scene.made(numberOfImages=count)
    paths = scene.leap.images.download(job, scene.folder)
    assert [path.name for path in paths] == [f"{job.id}-{number}.png" for number in range(count)]
    assert [request.path[-5] for request in scene.sandbox.image_requests] == [str(number) for number in range(count)]
    assert len({path.read_bytes() for path in paths}) == count


def test_one_image(scene: Scene) -> None:
    """An image by itself is saved under its own id."""
    image = scene.made(numberOfImages=3).images[1]
    assert scene.leap.images.download(image, str(scene.folder)) == [scene.folder / f"{image.id}.png"]


def test_read(scene: Scene) -> None:
    """`read` gives the files themselves, in the order of their numbers, and writes nothing."""
    job = scene.made(numberOfImages=3)
    files = scene.leap.images.read(job)
    assert files == [path.read_bytes() for path in scene.leap.images.download(job, scene.folder)]
    for file in files:
        with Image.open(BytesIO(file)) as image:
            assert image.size == (8, 8)
    assert scene.leap.images.read(scene.job.images[0]) == [scene.content]
    assert len(scene.saved) == 3


def test_read_makes_the_checks_of_download(scene: Scene) -> None:
    """What `download` refuses to save, `read` refuses to give, with the job on the error; cut files are resumed."""
    for fault, error in (
        (Fault.answer(404), NotFoundError),
        (Fault.html(), DecodeError),
    ):
        scene.sandbox.image_faults.add(fault)
        with pytest.raises(error) as caught:
            scene.leap.images.read(scene.job)
        assert caught.value.job is scene.job
    with pytest.raises(DecodeError, match="is larger than max_bytes, 20 bytes"):
        scene.leap.images.read(scene.job, max_bytes=20)
    with pytest.raises(LeapError, match="use `wait` first"):
        scene.leap.images.read(scene.leap.images.generate(MODEL, prompt="A photo"))
    scene.sandbox.image_faults.add(Fault.cut_after(40))
    assert scene.leap.images.read(scene.job, timeout=None) == [scene.content]


def test_failed_job(scene: Scene) -> None:
    """A job that failed has no images; that is said, and no folder is made."""
    job = scene.made(prompt="[fail]")
    with pytest.raises(JobFailed, match=f"job {job.id} failed") as caught:
        scene.leap.images.download(job, scene.folder)
    assert caught.value.job is job
    assert not scene.folder.exists()


def test_unfinished_job(scene: Scene) -> None:
    """A job that has not finished has no images yet; the error says its state, and what to call."""
    scene.sandbox.reset(seconds=1000)
    job = scene.leap.images.generate(MODEL, prompt="A photo")
    with pytest.raises(LeapError, match=f"job {job.id} is queued, .*; use `wait` first") as caught:
        scene.leap.images.download(job, scene.folder)
    assert caught.value.job is job
    assert not scene.folder.exists()


def test_finished_job_without_images(scene: Scene) -> None:
    """Where the service says that a job without images has finished, there is nothing to save."""
    job = job_with()
    job.state = JobState.FINISHED
    assert scene.leap.images.download(job, scene.folder) == []


@pytest.mark.parametrize(("kind", "extension"), KINDS_OF_IMAGE.items())
def test_extension(scene: Scene, kind: str, extension: str) -> None:
    """The extension is that of what the file is, whatever its address and its media type say."""
    scene.sandbox.image_faults.add(Fault.answer(200, headers={"content-type": "image/png"}, body=picture(kind)))
    assert scene.download() == picture(kind)
    assert scene.saved == [f"{scene.stem}{extension}"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_kinds_of_the_service(scene: Scene, kind: str) -> None:
    """The images of the service are saved byte by byte."""
    scene.sandbox.options.image_format = kind  # type: ignore[assignment]  # one of its literals
    assert scene.download() == scene.content


def test_existing_file(scene: Scene) -> None:
    """A file of the same name is replaced, others are left alone."""
    scene.folder.mkdir(parents=True)
    (scene.folder / f"{scene.stem}.png").write_bytes(b"old")
    (scene.folder / f"{scene.stem}.jpg").write_bytes(b"other")
    (path,) = scene.leap.images.download(scene.job, scene.folder)
    assert path.read_bytes() == scene.content
    assert (scene.folder / f"{scene.stem}.jpg").read_bytes() == b"other"


def test_folder_is_a_file(scene: Scene) -> None:
    """A folder that cannot be is an OSError."""
    scene.folder.parent.mkdir()
    scene.folder.write_bytes(b"")
    with pytest.raises(FileExistsError):
        scene.leap.images.download(scene.job, scene.folder)


HOSTILE = {
    "parent": "../../x",
    "absolute": "/etc/passwd",
    "drive": "C:\\x",
    "NUL": "x\0y",
    "hidden": ".bashrc",
    "dots": "..",
    "empty": "",
    "newline": "x\ny",
    "very long": "x" * 5000,
    "very wide": "é" * 300,
    "surrogate": "\udcff",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_hostile_id(kind: type[Leap | AsyncLeap], tmp_path: Path, name: str) -> None:
    """An id cannot lead out of the folder, hide a file, or make one take the place of another."""
    folder = tmp_path / "a" / "b"
    with opened(kind, "token", transport=httpx.MockTransport(lambda _: httpx.Response(200, content=PNG))) as leap:
        paths = leap.images.download(job_with("http://h/0.png", "http://h/1.png", name=name), folder)
        paths += leap.images.download(job_with("http://h/0.png", name=f"{name}!"), folder)
        paths += leap.images.download(image_at("http://h/0.png", name), folder)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {*paths}
    assert len(set(paths)) == 4
    assert not any(path.name.startswith(".") for path in paths)
    assert all(path.parent == folder for path in paths)


NO_WEB_ADDRESS = {
    "relative": "../../x",
    "absolute path": "/etc/passwd",
    "file": "file:///etc/passwd",
    "FTP": "ftp://127.0.0.1/x.png",
    "data": "data:image/png;base64,iVBORw0KGgo=",
    "script": "javascript:alert(1)",
    "no host": "http:///x.png",
    "empty": "",
    "NUL": "http://127.0.0.1/\0",
    "no port": "http://127.0.0.1:99999/x.png",
    "half an IPv6 address": "http://[::1/x.png",
    "empty label": "http://a..b/x.png",
    "very long": "http://127.0.0.1/" + "x" * 70_000,
    "surrogate": "http://127.0.0.1/\udcff",
}


@pytest.mark.parametrize("uri", NO_WEB_ADDRESS.values(), ids=NO_WEB_ADDRESS)
def test_hostile_address(scene: Scene, uri: str) -> None:
    """An address that is none of the web is refused in short, and nothing is asked of anybody for it."""
    scene.job.images[:] = [image_at(uri)]
    error = nothing_saved(scene, DecodeError, "none of http or https")
    assert len(str(error)) < 300
    assert scene.requests == 0


# Connections.


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
@pytest.mark.parametrize("ranges", [True, False])
def test_cut(scene: Scene, framing: Any, ranges: bool) -> None:  # noqa: FBT001 - pytest passes it
    """Wherever a connection is cut, the image is whole in the end, and only the rest is fetched where that can be."""
    scene.sandbox.options.ranges = ranges
    content = scene.content
    for size in range(0, len(content), 10):
        scene.sandbox.image_faults.add(Fault.cut_after(size, framing=framing))
        assert scene.download() == content
        again = scene.sandbox.image_requests[-1]
        assert again.headers.get("range") == (f"bytes={size}-" if size and ranges else None)
        assert again.status == (206 if size and ranges else 200)


def test_every_connection_cut(scene: Scene) -> None:
    """A server that cuts every connection after ten bytes, but sends the rest when asked, is asked for every rest."""
    content = scene.content
    scene.sandbox.image_faults.add(Fault.cut_after(10), times=None)
    assert scene.download() == content
    assert scene.requests == 1 + len(range(0, len(content), 10))


def test_every_connection_cut_at_the_same_place(scene: Scene) -> None:
    """A server that begins anew every time, and is cut every time, is given up after the usual two retries."""
    scene.sandbox.options.ranges = False
    scene.sandbox.image_faults.add(Fault.cut_after(10), times=None)
    nothing_saved(scene, ConnectionFailed)
    assert scene.requests == 3


@pytest.mark.parametrize("fault", [Fault.dropped(), Fault.dropped(reset=True), Fault.cut_after(0)])
def test_no_answer(scene: Scene, fault: Fault) -> None:
    """A server that does not answer is given up after the usual two retries; one that answers the third time is not."""
    scene.sandbox.image_faults.add(fault, times=3)
    nothing_saved(scene, ConnectionFailed)
    scene.sandbox.image_faults.add(fault, times=2)
    assert scene.download() == scene.content


def test_no_retries(scene: Scene) -> None:
    """A client that may not retry does not, even if the server could send the rest."""
    scene.sandbox.image_faults.add(Fault.cut_after(10))
    scene.leap = scene.leap.with_options(max_retries=0)
    nothing_saved(scene, ConnectionFailed)
    assert scene.requests == 1


@pytest.mark.parametrize("framing", ["chunked", "close"])
@pytest.mark.parametrize("kind", KINDS_OF_IMAGE)
def test_no_length(scene: Scene, framing: Any, kind: str) -> None:
    """An image of which the server does not say how large it is is saved whole."""
    answer = Fault.answer(200, body=picture(kind))
    scene.sandbox.image_faults.add(replace(answer, framing=framing))
    assert scene.download() == picture(kind)


def test_bytes_after_the_image(scene: Scene) -> None:
    """Where the server says where the file ends, whatever is behind the image belongs to the file."""
    content = picture("JPEG") + b"more"
    scene.sandbox.image_faults.add(replace(Fault.answer(200, body=content), framing="chunked"))
    assert scene.download() == content


@pytest.mark.parametrize("kind", KINDS_OF_IMAGE)
def test_no_length_and_cut(scene: Scene, kind: str) -> None:
    """Half an image is not taken for a whole one because the server did not say how large it is."""
    answer = Fault.answer(200, body=picture(kind))
    for size in range(0, len(answer.body), 10):
        scene.sandbox.image_faults.clear()
        scene.sandbox.image_faults.add(replace(answer, framing="close", cut=size), times=None)
        nothing_saved(scene, ConnectionFailed, "before all of the file had come")


@pytest.mark.parametrize("kind", KINDS_OF_IMAGE)
def test_length_too_short(scene: Scene, kind: str) -> None:
    """Half an image is not taken for a whole one because the server said that it is no larger, and the next may be."""
    content = picture(kind)
    for size in (12, len(content) // 2, len(content) - 1):
        scene.sandbox.image_faults.clear()
        scene.sandbox.image_faults.add(Fault.answer(200, body=content[:size]), times=None)
        nothing_saved(scene, ConnectionFailed, "before all of the file had come")
    scene.sandbox.image_faults.clear()
    scene.sandbox.image_faults.add(Fault.answer(200, body=content[:-1]), Fault.answer(200, body=content))
    assert scene.download() == content


def test_preview_in_half_an_image(scene: Scene) -> None:
    """The end of a preview, among the metadata of a JPEG image, is not taken for its own."""
    whole, preview = picture("JPEG"), picture("JPEG")
    metadata = b"\xff\xe1" + (len(preview) + 2).to_bytes(2, "big") + preview
    content = whole[:2] + metadata + whole[2:]
    scene.sandbox.image_faults.add(*(Fault.answer(200, body=content[:size]) for size in (len(metadata) + 2, -2)))
    scene.sandbox.image_faults.add(Fault.answer(200, body=content))
    assert scene.download() == content


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit to set")
def test_full_disk(scene: Scene) -> None:
    """A file that cannot be written is an OSError, and leaves nothing behind."""
    size = 100_000
    scene.sandbox.image_faults.add(Fault.answer(200, body=PNG[:8] + bytes(size)), times=None)
    job = scene.made()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            scene.leap.images.download(job, scene.folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert scene.saved == []


def test_interrupted(scene: Scene, clock: Clock) -> None:
    """Ctrl-C in the middle leaves neither half an image nor a hidden file."""
    halves = []

    def interrupt() -> None:
        halves.extend(scene.saved)
        raise KeyboardInterrupt

    clock.on_nap = interrupt
    scene.sandbox.image_faults.add(Fault.half())
    with pytest.raises(KeyboardInterrupt):
        scene.download()
    assert len(halves) == 1
    assert scene.saved == []


def test_cancelled(sandbox: Sandbox, tmp_path: Path) -> None:
    """A cancelled task leaves neither half an image nor a hidden file."""
    sandbox.image_faults.add(Fault.silent())

    async def main() -> None:
        async with AsyncLeap(sandbox.token, base_url=sandbox.url) as leap:
            job = await leap.images.find_one(MODEL, sandbox.add_jobs(model_id=MODEL)[0].id)
            task = asyncio.create_task(leap.images.download(job, tmp_path))
            await asyncio.to_thread(sandbox.until, lambda: len(sandbox.image_requests) == 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
    assert list(tmp_path.iterdir()) == []


def test_other_transport(sandbox: Sandbox, tmp_path: Path) -> None:
    """What another library says of a lost connection is understood, too."""
    sandbox.image_faults.add(Fault.cut_after(20))

    async def main() -> list[Path]:
        async with AsyncLeap(sandbox.token, base_url=sandbox.url, transport=AiohttpTransport()) as leap:
            job = await leap.images.find_one(MODEL, sandbox.add_jobs(model_id=MODEL)[0].id)
            return await leap.images.download(job, tmp_path)

    assert asyncio.run(main()) == [*tmp_path.iterdir()]
    assert [request.status for request in sandbox.image_requests] == [200, 206]


@pytest.mark.parametrize("fault", [Fault.silent(), Fault.dripping(0.02)], ids=["silent", "dripping"])
def test_timeout(scene: Scene, monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    """A server that takes too long is given up, even if something comes all the time."""
    monkeypatch.undo()  # the time of the server is real
    scene.sandbox.image_faults.add(fault, times=None)
    nothing_saved(scene, RequestTimeout, "did not send .* within 0.2 s", timeout=0.2)


# Answers.

REFUSALS = {
    "401": (Fault.answer(401), AuthenticationError, 1),
    "403": (Fault.answer(403), PermissionDeniedError, 1),
    "404": (Fault.answer(404, body=b"<Code>NoSuchKey</Code>"), NotFoundError, 1),
    "204": (Fault.answer(204, body=b""), ApiError, 1),
    "304": (Fault.answer(304, body=b""), ApiError, 1),
    "416": (Fault.answer(416), ApiError, 1),
    "429": (Fault.answer(429), RateLimitError, 3),
    "500": (Fault.answer(500), ServerError, 3),
    "503": (Fault.answer(503), ServerError, 3),
    "endless": (replace(Fault.answer(404, body=b"x" * 1000), framing="close", endless=True), NotFoundError, 1),
}


@pytest.mark.parametrize(("fault", "error", "requests"), REFUSALS.values(), ids=REFUSALS)
def test_refused(scene: Scene, fault: Fault, error: type[ApiError], requests: int) -> None:
    """A refusal is the error of its status, with what the server said; what may pass is tried three times."""
    scene.sandbox.image_faults.add(fault, times=None)
    caught = nothing_saved(scene, error)
    assert isinstance(caught, ApiError)
    assert caught.status_code == fault.status
    assert scene.requests == requests


def test_refused_once(scene: Scene, clock: Clock) -> None:
    """A refusal that passes is no error, and the server's wish to be left alone is granted."""
    content = scene.content
    scene.sandbox.image_faults.add(Fault.answer(503, retry_after=7), Fault.cut_after(30), Fault.answer(502))
    assert scene.download() == content
    assert clock.naps[0] == 7
    assert scene.sandbox.image_requests[-1].headers["range"] == "bytes=30-"


@pytest.mark.parametrize(
    "fault", [Fault.html(), Fault.json({}), Fault.answer(200, body=b"GIF88a")], ids=["HTML", "JSON", "GIF?"]
)
def test_no_image(scene: Scene, fault: Fault) -> None:
    """What is no image is refused, and the error says where it is and how it begins."""
    scene.sandbox.image_faults.add(fault)
    error = nothing_saved(scene, DecodeError, "is no PNG, JPEG, GIF or WebP image")
    assert scene.job.images[0].uri.removeprefix("http://").partition(":")[0] in str(error)
    assert repr(fault.body[:12]) in str(error)


TOO_LARGE = {
    "said by the server": Fault.answer(200, body=PNG),
    "not said": replace(Fault.answer(200, body=PNG), framing="close"),
    "in chunks": replace(Fault.answer(200, body=PNG), framing="chunked"),
    "without end": Fault.unending(),
    "said, not sent": replace(Fault.answer(200, body=PNG), claim=10**12, cut=0),
}


@pytest.mark.parametrize("fault", TOO_LARGE.values(), ids=TOO_LARGE)
def test_too_large(scene: Scene, fault: Fault) -> None:
    """A file over the limit is refused, whether its server says how large it is or not; one of that size is not."""
    scene.sandbox.image_faults.add(fault)
    nothing_saved(scene, DecodeError, f"is larger than max_bytes, {len(PNG) - 1} bytes", max_bytes=len(PNG) - 1)
    assert scene.requests == 1
    scene.sandbox.image_faults.add(Fault.answer(200, body=PNG))
    assert scene.download(max_bytes=len(PNG)) == PNG


# Redirects, and the token.


def test_redirect(scene: Scene) -> None:
    """Redirects are followed, relative ones and to other hosts, and no host but the API's is sent the token."""
    sandbox, content = scene.sandbox, scene.content
    elsewhere = f"{sandbox.elsewhere.url}/a/b"
    sandbox.image_faults.add(Fault.redirect(elsewhere, status=301))
    sandbox.elsewhere.faults.add(Fault.redirect("../c?d=e", status=302), Fault.redirect(scene.job.images[0].uri))
    assert scene.download() == content
    assert [request.target for request in sandbox.elsewhere.requests] == ["/a/b", "/c?d=e"]
    for request in [*sandbox.image_requests, *sandbox.elsewhere.requests]:
        assert sandbox.token not in str(request.headers)


def test_image_at_the_api(scene: Scene) -> None:
    """Not even the API's own host is sent the token, should an image be there."""
    scene.job.images[0].uri = f"{scene.sandbox.url}/0.png"
    nothing_saved(scene, NotFoundError)
    assert "authorization" not in scene.sandbox.requests[-1].headers


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x.png",
        "data:image/png;base64,iVBORw0KGgo=",
        "http://[::1",
        "http://a..b/",
    ],
)
def test_redirect_out_of_the_web(scene: Scene, location: str) -> None:
    """A redirect to anything but http and https is refused."""
    scene.sandbox.image_faults.add(Fault.redirect(location))
    nothing_saved(scene, DecodeError, "none of http or https")
    assert scene.requests == 1


def test_redirect_in_circles(scene: Scene) -> None:
    """Redirects without end are followed five times."""
    scene.sandbox.image_faults.add(Fault.redirect(scene.job.images[0].uri), times=None)
    nothing_saved(scene, DecodeError, "redirects more than 5 times")
    assert scene.requests == 6


def test_redirect_fails_later(scene: Scene) -> None:
    """After a lost connection it begins at the address of the image, since a redirect may hold for a moment only."""
    content = scene.content
    scene.sandbox.image_faults.add(Fault.redirect("/gone?signature=1"), Fault.cut_after(5))
    assert scene.download() == content
    paths = [request.path for request in scene.sandbox.image_requests]
    assert paths[-3:] == [paths[0], "/gone", paths[0]]


def test_redirect_to_plain_http(tmp_path: Path) -> None:
    """A redirect from https to http is refused, since anybody on the way could exchange the image."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": "http://h/1.png"})

    with (
        Leap("token", transport=httpx.MockTransport(answer)) as leap,
        pytest.raises(DecodeError, match="https to http"),
    ):
        leap.images.download(job_with("https://h/0.png"), tmp_path)
    assert asked == ["https://h/0.png"]


# Servers that are odd about parts of a file.


class Cut(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose connection is lost."""

    def __init__(self, content: bytes = PNG[:20]) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        raise httpx.ReadError("lost")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


def part(start: int, stop: int | None = None, **headers: str) -> httpx.Response:
    """Answer with a part of the image."""
    content = PNG[start:stop]
    span = {"content-range": f"bytes {start}-{start + len(content) - 1}/{len(PNG)}"}
    return httpx.Response(206, headers={"etag": '"1"', **span, **headers}, content=content)


# After a lost connection: the answer to the request for the rest, and what is asked for after that.
ODD = {
    "the rest": (part(20), []),
    "all of it": (httpx.Response(200, headers={"etag": '"1"'}, content=PNG), []),
    "all of it as a part": (part(0), []),
    "the rest, in two": (part(20, 40), ["bytes=40-"]),
    "the rest, in two, unnamed": (part(20, 40, etag=""), ["bytes=40-"]),
    "another part": (part(30), [None]),
    "another version": (part(20, etag='"2"'), [None]),
    "some part": (httpx.Response(206, headers={"etag": '"1"'}, content=PNG[20:]), [None]),
    "nothing": (httpx.Response(416, headers={"content-range": f"bytes */{len(PNG)}"}), [None]),
}


@dataclass
class Origin:
    """A server in memory: gives its answers in turn, and then the rest of the file."""

    answers: list[httpx.Response]

    def __post_init__(self) -> None:
        self.ranges: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        wanted = request.headers.get("range")
        self.ranges.append(wanted)
        if self.answers:
            return self.answers.pop(0)
        return part(int(wanted[6:-1]), etag=request.headers["if-range"]) if wanted else httpx.Response(200, content=PNG)

    def download(self, kind: type[Leap | AsyncLeap], folder: Path) -> bytes:
        """Save the image, and give it."""
        with opened(kind, "token", transport=httpx.MockTransport(self)) as leap:
            (path,) = leap.images.download(job_with("http://h/0.png"), folder)
        assert [path] == list(folder.iterdir())
        return path.read_bytes()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, clock: Clock) -> Any:
    """The class of a client, under the clock."""
    assert clock.naps == []
    return request.param


@pytest.mark.parametrize(("answer", "ranges"), ODD.values(), ids=ODD)
def test_odd_answer(kind: Any, tmp_path: Path, answer: httpx.Response, ranges: list[str | None]) -> None:
    """What a server sends in the place of the rest is never put behind the beginning of another file."""
    cut = httpx.Response(200, headers={"etag": '"1"'}, stream=Cut())
    origin = Origin([cut, httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)])
    assert origin.download(kind, tmp_path) == PNG
    assert origin.ranges == [None, "bytes=20-", *ranges]


def test_no_progress(kind: Any, tmp_path: Path) -> None:
    """A server that promises the rest, but begins anew every time, is given up after the usual two retries."""
    origin = Origin([httpx.Response(200, headers={"etag": '"1"'}, stream=Cut()) for _ in range(9)])
    with pytest.raises(ConnectionFailed):
        origin.download(kind, tmp_path)
    assert origin.ranges == [None, "bytes=20-", "bytes=20-"]


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        pytest.param({"etag": '"1"'}, "bytes=20-", id="ETag"),
        pytest.param({"last-modified": "Tue, 20 Jun 2023 07:04:01 GMT"}, "bytes=20-", id="Last-Modified"),
        pytest.param({"etag": 'W/"1"'}, None, id="weak ETag"),
        pytest.param({}, None, id="neither"),
    ],
)
def test_version(kind: Any, tmp_path: Path, headers: dict[str, str], wanted: str | None) -> None:
    """The rest is asked for only where the server can tell the same file from another one."""
    origin = Origin([httpx.Response(200, headers=headers, stream=Cut())])
    assert origin.download(kind, tmp_path) == PNG
    assert origin.ranges == [None, wanted]


def test_shorter_than_before(kind: Any, tmp_path: Path) -> None:
    """Nothing is left of a longer file that was lost on the way."""
    origin = Origin([httpx.Response(200, stream=Cut(PNG + b"more")), httpx.Response(200, content=PNG)])
    assert origin.download(kind, tmp_path) == PNG


def test_compressed(kind: Any, tmp_path: Path) -> None:
    """A file that is compressed on the way, though nobody asked for it, is saved as it is, and never in parts."""
    headers, content = {"content-encoding": "gzip", "etag": '"1"'}, gzip.compress(PNG, compresslevel=0)
    answers = [httpx.Response(200, headers=headers, stream=Cut(content[:40]))]
    origin = Origin([*answers, httpx.Response(200, headers=headers, content=content)])
    assert origin.download(kind, tmp_path) == PNG
    assert origin.ranges == [None, None]


def test_limits(tmp_path: Path) -> None:
    """No wait for the server may take longer than all that is left of the time for the image, or than a minute."""
    limits: list[dict[str, float]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        limits.append(request.extensions["timeout"])
        return httpx.Response(200, content=PNG)

    with Leap("token", transport=httpx.MockTransport(answer)) as leap:
        for timeout in (3, 300):
            leap.images.download(job_with("http://h/0.png"), tmp_path, timeout=timeout)
    assert 0 < max(limits[0].values()) <= 3
    assert max(limits[1].values()) == 60


def test_image_that_cannot_be_had_keeps_no_other_from_being_saved(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """The other images are saved all the same; the error is that of the first, and has the job."""
    job = leap.images.generate(MODEL, prompt="A photo", number_of_images=4)
    job = leap.images.find_one(MODEL, job.id)
    sandbox.image_faults.add(Fault.answer(403), path="*/1.png", times=None)
    sandbox.image_faults.add(Fault.html(), path="*/2.png", times=None)
    with pytest.raises(PermissionDeniedError) as caught:
        leap.images.download(job, tmp_path)
    assert caught.value.job is job
    assert {path.name for path in tmp_path.iterdir()} == {f"{job.id}-0.png", f"{job.id}-3.png"}


def test_refusal_of_another_server_names_it_and_gives_no_wrong_advice(
    leap: Leap, sandbox: Sandbox, tmp_path: Path
) -> None:
    """An error of the server of an image says which server it is, and nothing of the token that was not sent there."""
    job = leap.images.generate(MODEL, prompt="A photo")
    job = leap.images.find_one(MODEL, job.id)
    sandbox.image_faults.add(Fault.answer(401, body=b""))
    with pytest.raises(AuthenticationError, match=r"^GET 127\.0\.0\.1/.*/0\.png answered 401 Unauthorized$"):
        leap.images.download(job, tmp_path)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        pytest.param({"max_bytes": 0}, ValueError, id="no bytes"),
        pytest.param({"max_bytes": None}, TypeError, id="bytes None"),
        pytest.param({"max_bytes": 0.5e6}, TypeError, id="bytes in a fraction"),
        pytest.param({"timeout": -1}, ValueError, id="negative time"),
    ],
)
def test_limits_are_checked_first(leap: Leap, sandbox: Sandbox, tmp_path: Path, options: Any, error: Any) -> None:
    """A limit that cannot be right is told by its name, and nothing is fetched."""
    with pytest.raises(error, match=f"^{next(iter(options))} must be "):
        leap.images.download(image_at(sandbox.images.url), tmp_path, **options)
    assert sandbox.image_requests == []


@pytest.mark.parametrize("source", ["a047df00", None, [image_at("http://localhost/0.png")]], ids=["id", "None", "list"])
def test_source_is_checked_first(leap: Leap, sandbox: Sandbox, tmp_path: Path, source: Any) -> None:
    """What is neither a job nor an image is refused by a sentence that says what to give."""
    message = "^source must be of the class InferenceEntity or InferenceImageEntity, got "
    with pytest.raises(TypeError, match=message):
        leap.images.download(source, tmp_path)
    with pytest.raises(TypeError, match=message):
        leap.images.read(source)
    assert sandbox.requests == []
