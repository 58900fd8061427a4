"""The sandbox keeps its promises, seen from outside: by plain HTTP over real sockets."""

import io
import re
import signal
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from jsonschema import Draft4Validator
from PIL import Image
from ruamel.yaml import YAML

from callers import Caller, client
from clients import Clock
from rig import FAIL, Fault, Sandbox
from sandbox.images import picture
from sandbox.service import DOCUMENT as SERVICE_DOCUMENT

COMMAND = [sys.executable, "-W", "error", "-m", "sandbox"]

CONNECTION_LOST = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)

MILLISECONDS = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
SHORTEST = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,5}[1-9])?\+00:00"
POSTGRESQL = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00"


@pytest.fixture
def clock(sandbox: Sandbox) -> Clock:
    """The clock of a sandbox whose jobs take ten seconds."""
    clock = Clock()
    sandbox.reset(seconds=10, clock=clock)
    return clock


# The bodies have the observed oddities.


def test_submission(caller: Caller) -> None:
    """The answer to a submission has `status`, not `state`, and is queued even when the job takes no time."""
    job = caller.submit()
    assert job["status"] == "queued"
    assert "state" not in job
    assert job["images"] == []


def test_find_one(caller: Caller, sandbox: Sandbox) -> None:
    """Find-one has `state`, not `status`, all that is always there, and the fields that no document mentions."""
    undocumented = {"weightsId", "workspaceId", "upscalingOption", "sampler", "isDeleted", "routedToQueue"}
    job = caller.make()
    assert job.keys() >= {"state", *sandbox.facts.required, *undocumented}
    assert "status" not in job


def test_list(caller: Caller) -> None:
    """A list is a bare array, oldest first, and its items have `status`, not `state`."""
    submitted = [caller.submit()["id"] for _ in range(3)]
    jobs = caller.page().json()
    assert [job["id"] for job in jobs] == submitted
    assert {job["status"] for job in jobs} == {"finished"}
    assert not any("state" in job for job in jobs)


def test_echo(caller: Caller, sandbox: Sandbox) -> None:
    """What a submission says comes back in all bodies."""
    sizes = {"width": 64, "height": 128, "numberOfImages": 2, "steps": 7, "promptStrength": 7.5, "seed": 3340821524}
    texts = {"prompt": "Ein Foto: «grün» 🚀", "negativePrompt": ""}
    wishes = {name: value for name, value in {**texts, **sizes}.items() if name in sandbox.facts.fields}
    job = caller.submit(**wishes, webhookUrl="http://127.0.0.1:9/")
    for body in (job, caller.find(job["id"]), caller.page().json()[0]):
        assert {name: body[name] for name in wishes} == wishes
        assert "webhookUrl" not in body


def test_timestamps(caller: Caller) -> None:
    """One moment is spelt in four ways, and with less precision in the answer to a submission."""
    answers = [caller.submit() for _ in range(4)]
    for answer, item in zip(answers, caller.page().json(), strict=True):
        job = caller.find(answer["id"])
        assert re.fullmatch(MILLISECONDS, answer["createdAt"])
        assert re.fullmatch(SHORTEST, item["createdAt"])
        assert re.fullmatch(MILLISECONDS, item["images"][0]["createdAt"])
        assert re.fullmatch(POSTGRESQL, job["images"][0]["createdAt"])
        assert job["createdAt"] == item["createdAt"]
        lost = datetime.fromisoformat(item["createdAt"]) - datetime.fromisoformat(answer["createdAt"])
        assert 0 <= lost.microseconds < 1000


def test_short_fractions(caller: Caller, sandbox: Sandbox) -> None:
    """Some timestamps have five fractional digits or fewer."""
    sandbox.add_jobs(20)
    stamps = [job["createdAt"] for job in caller.page().json()]
    assert min(map(len, stamps)) < len("2023-02-10T08:17:39.307551+00:00")


def test_drawn_seed(caller: Caller) -> None:
    """A seed that the service draws is beyond 32 bits with a sign."""
    assert caller.submit()["seed"] >= 2**31


@pytest.mark.parametrize("order", [[0], [0, 1], [0, 2, 1], [0, 3, 2, 1]], ids=len)
def test_image_order(caller: Caller, order: list[int]) -> None:
    """Images do not come in the order of their indices."""
    images = caller.make(numberOfImages=len(order))["images"]
    assert [int(Path(image["uri"]).stem) for image in images] == order


def test_determinism(sandbox: Sandbox) -> None:
    """The same seed draws the same ids, seeds and durations; another one draws others."""

    def draw(seed: int) -> set[str | float]:
        sandbox.reset(seed=seed, seconds=(4, 20), clock=Clock())
        (job,) = sandbox.add_jobs()
        return {job.id, *job.image_ids, job.request["seed"], job.ends}

    assert draw(1) == draw(1)
    assert not draw(1) & draw(2)


# A job passes its states by a clock that a test can set.


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, "queued"), (4.9, "queued"), (5, "processing"), (9.9, "processing"), (10, "finished")]
)
def test_success(caller: Caller, clock: Clock, seconds: float, state: str) -> None:
    """A job is queued, then processed, then finished; only then it has images."""
    job_id = caller.submit()["id"]
    clock.now += seconds
    job = caller.find(job_id)
    assert job["state"] == state
    assert bool(job["images"]) == (state == "finished")


@pytest.mark.parametrize(("option", "prompt"), [({"fail": True}, "A photo"), ({}, f"A {FAIL} photo")])
def test_failure(caller: Caller, sandbox: Sandbox, option: dict[str, bool], prompt: str) -> None:
    """A job fails when all shall or when its prompt says so, and never has images."""
    sandbox.reset(**option)
    job = caller.make(prompt=prompt)
    assert job["state"] == "failed"
    assert job["images"] == []


def test_durations(sandbox: Sandbox) -> None:
    """Durations are spread over the whole interval, and a job tells its own."""
    sandbox.reset(seconds=(4, 20), clock=Clock())
    durations = [job.ends - job.starts for job in sandbox.add_jobs(200)]
    assert 4 <= min(durations) < 5
    assert 19 < max(durations) <= 20


def test_real_clock(caller: Caller, sandbox: Sandbox) -> None:
    """Without a clock of the test's own, time passes."""
    sandbox.reset(seconds=0.01)
    job_id = caller.submit()["id"]
    while caller.find(job_id)["state"] != "finished":
        pass


# Lists are paged in every way that the service may have.


def test_page_before_the_first_refused(caller: Caller) -> None:
    """A page before the first one is an error unless told otherwise."""
    response = caller.page(page=0)
    assert response.status_code == 400
    assert response.json()["message"] == ["page must not be less than 1"]


def test_only_finished(caller: Caller, sandbox: Sandbox, clock: Clock) -> None:
    """Finished jobs alone are listed on request, without failed and unfinished ones."""
    (finished,) = sandbox.add_jobs()
    sandbox.add_jobs(prompt=FAIL)
    clock.now += 10
    sandbox.add_jobs()
    assert caller.ids(onlyFinished="true") == [finished.id]
    assert len(caller.ids(onlyFinished="false")) == 3


def test_models(caller: Caller, sandbox: Sandbox) -> None:
    """A job belongs to the model that it was submitted to."""
    other = Caller(caller.http, sandbox.facts.models[1])
    job_id = caller.submit()["id"]
    assert (caller.ids(), other.ids()) == ([job_id], [])
    assert other.get(job_id).status_code == other.delete(job_id).status_code == 404


def test_spending(caller: Caller, sandbox: Sandbox) -> None:
    """What was submitted stays paid for, deleted or not; what was refused, or made without a submission, does not."""
    sandbox.add_jobs()
    caller.post(numberOfImages=5)
    caller.delete(caller.submit(numberOfImages=3)["id"])
    caller.submit()
    assert (len(sandbox.submitted), sandbox.paid_images) == (2, 4)


# Jobs can be deleted, once.


@pytest.mark.parametrize(
    ("body", "content"), [("nothing", ""), ("text", '"Inference deleted"'), ("id", '{"id": "ID"}')]
)
def test_delete(caller: Caller, sandbox: Sandbox, body: str, content: str) -> None:
    """A deleted job is gone, whatever the body of the answer; to delete it again is a 404."""
    sandbox.reset(delete_body=body)
    job_id = caller.submit()["id"]
    response = caller.delete(job_id)
    assert response.status_code == 200
    assert response.text.strip() == content.replace("ID", job_id)
    assert caller.delete(job_id).status_code == caller.get(job_id).status_code == 404
    assert sandbox.jobs == {}
    assert [job.id for job in sandbox.submitted] == [job_id]


def test_delete_images(caller: Caller, stranger: httpx.Client) -> None:
    """The images of a deleted job are deleted, too."""
    job = caller.make(width=64, height=64)
    uri = job["images"][0]["uri"]
    assert stranger.get(uri).status_code == 200
    caller.delete(job["id"])
    assert stranger.get(uri).status_code == 404


# What is refused is refused in the API's own error shape.


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "'prompt' is a required property"),
        ({"prompt": "x", "width": 1023}, "width: 1023 is not a multiple of 8"),
        ({"prompt": "x", "numberOfImages": 5}, "numberOfImages: 5 is greater than the maximum of 4"),
        ({"prompt": "x", "promptStrength": 31}, "promptStrength: 31 is greater than the maximum of 30"),
        ({"prompt": "x", "steps": "50"}, "steps: '50' is not of type 'integer'"),
        ({"prompt": "x", "nimages": 2}, "Additional properties are not allowed ('nimages' was unexpected)"),
        ([], "[] is not of type 'object'"),
    ],
    ids=str,
)
def test_bad_body(caller: Caller, sandbox: Sandbox, body: object, message: str) -> None:
    """A body that openapi.yaml does not allow is refused with the reason, and makes no job."""
    response = caller.http.post(caller.path, json=body)
    assert response.json() == {"statusCode": 400, "message": [message], "error": "Bad Request"}
    assert response.status_code == 400
    assert sandbox.submitted == []


def test_bad_body_in_many_ways(caller: Caller) -> None:
    """All that is wrong with a body is said at once."""
    messages = caller.post(prompt="", width=9, height=0).json()["message"]
    assert {message.partition(":")[0] for message in messages} == {"prompt", "width", "height"}


@pytest.mark.parametrize("content", [b"{", b"", b"\xff"], ids=["broken", "empty", "not UTF-8"])
def test_no_json(caller: Caller, sandbox: Sandbox, content: bytes) -> None:
    """A body that is no JSON is refused."""
    response = caller.http.post(caller.path, content=content, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert sandbox.submitted == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"page": "x"}, "page: 'x' is not of type 'integer'"),
        ({"pageSize": "0"}, "pageSize: 0 is less than the minimum of 1"),
        ({"onlyFinished": "maybe"}, "onlyFinished: 'maybe' is not of type 'boolean'"),
        ({"page_size": "7"}, "Extra query parameter(s) page_size not in spec"),
    ],
    ids=str,
)
def test_bad_query(caller: Caller, query: dict[str, str], message: str) -> None:
    """A query that openapi.yaml does not allow is refused with the reason."""
    response = caller.page(**query)
    assert response.status_code == 400
    assert response.json()["message"] == [message]


@pytest.mark.parametrize("authorization", [None, "Bearer nobody", "Basic nobody", "Bearer"])
def test_wrong_token(caller: Caller, stranger: httpx.Client, authorization: str | None) -> None:
    """Nobody gets in without the token."""
    headers = {} if authorization is None else {"authorization": authorization}
    response = stranger.get(caller.path, headers=headers)
    assert response.status_code == 401
    assert response.json() == {"statusCode": 401, "message": "Unauthorized"}


def test_malformed_token(caller: Caller, stranger: httpx.Client) -> None:
    """A token that cannot be one gets the empty 520 that users report."""
    response = stranger.get(caller.path, headers={"authorization": "Bearer {key}"})
    assert (response.status_code, response.content) == (520, b"")


@pytest.mark.parametrize("method", ["post", "page"])
def test_unknown_model(caller: Caller, method: str) -> None:
    """A model that does not exist is a 404."""
    response = getattr(Caller(caller.http, "no-model"), method)()
    assert response.status_code == 404
    assert response.json() == {"statusCode": 404, "message": "Model not found", "error": "Not Found"}


@pytest.mark.parametrize("method", ["get", "delete"])
@pytest.mark.parametrize("job_id", ["no-job", "a%2Fb", "%C3%BC", "%20", ".."])
def test_unknown_job(caller: Caller, method: str, job_id: str) -> None:
    """A job that does not exist is a 404, whatever characters its id has."""
    response = getattr(caller, method)(job_id)
    assert response.status_code == response.json()["statusCode"] == 404


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("PUT", None)])
def test_unknown_route(caller: Caller, method: str, path: str | None) -> None:
    """What openapi.yaml does not mention is a 404 that says so."""
    response = caller.http.request(method, path or caller.path)
    assert response.status_code == 404
    assert response.json()["message"] == f"Cannot {method} {path or caller.path}"


def test_error_shape(caller: Caller, stranger: httpx.Client, sandbox: Sandbox) -> None:
    """Every kind of refusal has the shape that openapi.yaml gives to errors."""
    sandbox.reset(billing_limit=0)
    refused = sandbox.facts.operations["generate"].responses["4XX"]
    schema = refused.content["application/json"]["schema"]
    for response in (
        caller.post(),
        caller.post(width=9),
        caller.http.post(caller.path, content=b"{", headers={"content-type": "application/json"}),
        caller.http.post(caller.path, content=b"prompt", headers={"content-type": "text/plain"}),
        caller.page(page=0),
        caller.get("no-job"),
        caller.http.get("/nowhere"),
        stranger.get(caller.path),
    ):
        assert response.is_client_error
        assert response.headers["content-type"] == "application/json"
        Draft4Validator(schema).validate(response.json())


# The image origin serves real files and is no part of the API.


@pytest.mark.parametrize("size", [(8, 8), (64, 128), (1024, 512)])
def test_picture(caller: Caller, stranger: httpx.Client, size: tuple[int, int]) -> None:
    """An image is a picture of the size that was asked for."""
    job = caller.make(width=size[0], height=size[1], prompt="Ein Foto: «grün» 🚀 " * 9)
    response = stranger.get(job["images"][0]["uri"])
    assert response.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(response.content)) as image:
        image.load()
        assert (image.format, image.size) == ("PNG", size)


def test_pictures_differ(caller: Caller, stranger: httpx.Client) -> None:
    """The same seed paints the same pictures; the images of a job differ, and so do those of other seeds."""
    jobs = [caller.make(width=64, height=64, numberOfImages=2, seed=seed) for seed in (1, 1, 2)]
    first, same, other = ([stranger.get(image["uri"]).content for image in job["images"]] for job in jobs)
    assert first == same
    assert len({*first, *other}) == 4


def test_image_log(stranger: httpx.Client, sandbox: Sandbox, uri: str) -> None:
    """The image origin is another host than the API, and logs whether it was sent a token."""
    stranger.get(uri)
    stranger.get(uri, headers={"authorization": f"Bearer {sandbox.token}"})
    assert not uri.startswith(sandbox.url)
    assert ["authorization" in request.headers for request in sandbox.image_requests] == [False, True]


def test_image_head(stranger: httpx.Client, uri: str) -> None:
    """The size of a file can be had without the file."""
    assert stranger.head(uri).headers["content-length"] == str(len(stranger.get(uri).content))


@pytest.mark.parametrize("path", ["/", "/image-gen-none/generated_images/0.png"])
def test_unknown_image(stranger: httpx.Client, sandbox: Sandbox, path: str) -> None:
    """What is not there is a 404."""
    assert stranger.get(sandbox.images.url + path).status_code == 404


def test_unfinished_image(stranger: httpx.Client, sandbox: Sandbox, clock: Clock) -> None:
    """There is no image before the job has finished, and none beyond the last."""
    (job,) = sandbox.add_jobs(width=64, height=64)
    folder = f"{sandbox.images.url}/image-gen-{job.id}/generated_images"
    assert stranger.get(f"{folder}/0.png").status_code == 404
    clock.now += 10
    assert stranger.get(f"{folder}/0.png").status_code == 200
    assert stranger.get(f"{folder}/1.png").status_code == 404


def test_picture_says_what_it_is() -> None:
    """A prompt in a script that the font lacks is not written at all; where it is written, the picture differs."""
    first, second, without = (picture(prompt, "1", (256, 256)) for prompt in ("A horse", "A cow", "\u99ac"))
    assert len({first, second, without}) == 3
    assert picture("\u725b", "1", (256, 256)) == without


# The end of a job is delivered.


@pytest.mark.parametrize("prompt", ["A photo", FAIL])
@pytest.mark.parametrize("shape", ["flat", "succeeded", "state"])
def test_webhook(caller: Caller, sandbox: Sandbox, receiver: str, shape: str, prompt: str) -> None:
    """A delivery is a POST without a token, in each of three shapes, for success and failure."""
    sandbox.reset(webhook_shape=shape)
    job = caller.make(webhookUrl=receiver, prompt=prompt)
    assert sandbox.until(lambda: len(sandbox.deliveries) == 1)
    request, delivery = sandbox.elsewhere.requests[0], sandbox.deliveries[0]
    assert (request.method, request.target) == ("POST", "/hook?secret=s3")
    assert request.headers["content-type"] == "application/json"
    assert "authorization" not in request.headers
    assert request.json() == delivery.body
    assert (delivery.job_id, delivery.shape, delivery.url, delivery.status) == (job["id"], shape, receiver, 200)
    assert (
        delivery.body
        == {
            "flat": job,
            "succeeded": {"succeeded": prompt != FAIL, "result": job},
            "state": {"id": job["id"], "state": job["state"], "result": job},
        }[shape]
    )


@pytest.mark.parametrize("shape", ["flat", "succeeded", "state"])
def test_webhook_in_the_document(caller: Caller, sandbox: Sandbox, receiver: str, shape: str) -> None:
    """A delivery is what openapi.yaml says of the callback."""
    sandbox.reset(webhook_shape=shape)
    caller.submit(webhookUrl=receiver)
    assert sandbox.until(lambda: len(sandbox.deliveries) == 1)
    document = sandbox.facts.document.raw
    callbacks = document["paths"]["/api/v1/images/models/{modelId}/inferences"]["post"]["callbacks"]
    operation = callbacks["jobEnded"]["{$request.body#/webhookUrl}"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    Draft4Validator({**schema, "components": document["components"]}).validate(sandbox.deliveries[0].body)


def test_webhook_rotation(caller: Caller, sandbox: Sandbox, receiver: str) -> None:
    """All three shapes can take turns."""
    sandbox.reset(webhook_shape="rotating")
    for _ in range(3):
        caller.submit(webhookUrl=receiver)
    assert sandbox.until(lambda: len(sandbox.deliveries) == 3)
    assert {delivery.shape for delivery in sandbox.deliveries} == {"flat", "succeeded", "state"}


def test_webhook_time(caller: Caller, sandbox: Sandbox, clock: Clock, receiver: str) -> None:
    """A delivery comes when the clock says that the job has ended, and once."""
    first, second = (caller.submit(webhookUrl=receiver)["id"] for _ in range(2))
    clock.now += 10
    assert sandbox.until(lambda: len(sandbox.deliveries) == 2)
    third = caller.submit(webhookUrl=receiver)["id"]
    clock.now += 10
    assert sandbox.until(lambda: len(sandbox.deliveries) >= 3)
    assert {delivery.job_id for delivery in sandbox.deliveries} == {first, second, third}
    assert len(sandbox.elsewhere.requests) == 3


def test_webhook_by_itself(caller: Caller, sandbox: Sandbox, receiver: str) -> None:
    """A delivery comes by itself when the clock runs by itself."""
    sandbox.reset(seconds=0.05)
    caller.submit(webhookUrl=receiver)
    assert sandbox.until(lambda: len(sandbox.deliveries) == 1)


def test_webhook_of_a_deleted_job(caller: Caller, sandbox: Sandbox, clock: Clock, receiver: str) -> None:
    """A job that is deleted before its end is not announced."""
    deleted, kept = (caller.submit(webhookUrl=receiver)["id"] for _ in range(2))
    caller.delete(deleted)
    clock.now += 10
    assert sandbox.until(lambda: len(sandbox.deliveries) == 1)
    assert sandbox.deliveries[0].job_id == kept


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "http://10.0.0.1/", "http://127.0.0.1.example.com/", "http://example.com@10.0.0.1/"),
        *("https://127.0.0.1/", "ftp://127.0.0.1/", "http://[::1", "nonsense"),
    ],
)
def test_webhook_to_another_machine(caller: Caller, sandbox: Sandbox, url: str) -> None:
    """Nothing is delivered to another machine, and the log says why."""
    caller.submit(webhookUrl=url)
    assert sandbox.until(lambda: len(sandbox.deliveries) == 1)
    assert sandbox.deliveries[0].status is None
    assert "loopback" in str(sandbox.deliveries[0].error)


def test_webhook_failures(caller: Caller, sandbox: Sandbox, receiver: str) -> None:
    """The log says what the receiver answered or how it failed, and the next delivery is not affected."""

    def deliver(url: str) -> tuple[int | None, str | None]:
        count = len(sandbox.deliveries) + 1
        caller.submit(webhookUrl=url)
        assert sandbox.until(lambda: len(sandbox.deliveries) == count)
        return sandbox.deliveries[-1].status, sandbox.deliveries[-1].error

    sandbox.elsewhere.faults.add(Fault.answer(500), Fault.dropped())
    assert deliver(receiver) == (500, None)
    assert deliver(receiver) == (None, "RemoteProtocolError: Server disconnected without sending a response.")
    assert deliver("http://127.0.0.1:99999/")[0] is None
    assert deliver(receiver) == (200, None)


# Without Python, too, requests can be made to fail.


def test_failing_on_request(caller: Caller, stranger: httpx.Client) -> None:
    """Whoever asks for it gets the next requests answered with a status, in the order in which it was asked for."""
    stranger.post("/_sandbox/fail", params={"status": 503, "times": 2}).raise_for_status()
    stranger.post("/_sandbox/fail", params={"status": 429, "method": "post", "retry_after": 2}).raise_for_status()
    assert [caller.page().status_code for _ in range(3)] == [503, 503, 200]
    refused = caller.post()
    assert (refused.status_code, refused.headers["retry-after"], refused.json()["statusCode"]) == (429, "2", 429)
    assert caller.post().is_success


@pytest.mark.parametrize(
    "query", [{"status": 200}, {"status": "x"}, {"stat": 503}, {"status": 503, "times": 0}], ids=str
)
def test_failing_on_a_wrong_request(caller: Caller, stranger: httpx.Client, query: dict[str, Any]) -> None:
    """A wrong wish is refused with what can be wished for, and nothing fails."""
    assert stranger.post("/_sandbox/fail", params=query).status_code == 400
    assert caller.page().is_success


# Many may call at once.


def test_threads(caller: Caller, sandbox: Sandbox) -> None:
    """Many threads at once lose no request and no job."""
    threads = [threading.Thread(target=lambda: [caller.make() for _ in range(20)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({job.id for job in sandbox.submitted}) == len(sandbox.submitted) == 160
    assert [request.status for request in sandbox.requests].count(200) == 160


# Sandboxes start and stop, many times and at the same time.


@pytest.fixture
def extended(tmp_path: Path) -> Path:
    """A document with operations that nothing imitates."""
    document = YAML(typ="safe").load(SERVICE_DOCUMENT)
    picture = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "example": "p1"}}}
    for path, answer in {
        "/pictures": {"description": "All.", "content": {"application/json": {"schema": picture}}},
        "/nothing": {"description": "Nothing."},
    }.items():
        operation = {"operationId": f"get{path[1:]}", "security": [{"bearer": []}], "responses": {"200": answer}}
        document["paths"][path] = {"get": operation}
    copy = tmp_path / "openapi.yaml"
    YAML().dump(document, copy)
    return copy


def test_what_nothing_imitates(extended: Path) -> None:
    """An operation that is new in the document is answered with its example there, and all others as ever."""
    with Sandbox(document=extended) as sandbox, client(base_url=sandbox.url) as http:
        http.headers["authorization"] = f"Bearer {sandbox.token}"
        assert http.get("/pictures").json() == {"id": "p1"}
        assert (http.get("/nothing").status_code, http.get("/nothing").content) == (200, b"")
        assert Caller(http, sandbox.facts.models[0]).make()["state"] == "finished"


def test_several_at_once() -> None:
    """Sandboxes know nothing of each other."""
    with Sandbox() as one, Sandbox() as two, client() as http:
        one.faults.add(Fault.answer(500))
        one.add_jobs()
        path, headers = Caller(http, one.facts.models[0]).path, {"authorization": f"Bearer {one.token}"}
        other, failure, own = (http.get(url + path, headers=headers) for url in (two.url, one.url, one.url))
        assert (other.json(), failure.status_code, len(own.json())) == ([], 500, 1)
        assert (len(one.requests), len(two.requests)) == (2, 1)


def test_no_thread_is_left() -> None:
    """A sandbox leaves no thread behind."""
    before = set(threading.enumerate())
    for _ in range(3):
        with Sandbox() as sandbox:
            sandbox.add_jobs()
    assert set(threading.enumerate()) <= before


def test_taken_port(sandbox: Sandbox) -> None:
    """A port that is in use is not shared: the sandbox fails to start, and says so where it was started."""
    with pytest.raises(OSError, match="in use"), Sandbox(port=urlsplit(sandbox.url).port or 0):
        pass


# The command line is enough to use the sandbox.


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command(caller: Caller, stranger: httpx.Client, number: signal.Signals) -> None:
    """The command prints what to export, serves, and ends quietly at Ctrl-C, without a single warning."""
    command = [*COMMAND, "--seconds", "0", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines: list[tuple[str, str]] = []
        while len(lines) < 2:
            lines += re.findall("export (.*)=(.*)", process.stdout.readline())
        exported = dict(lines)
        headers = {"authorization": f"Bearer {exported['LEAP_API_KEY']}"}
        assert stranger.get(exported["LEAP_BASE_URL"] + caller.path, headers=headers).json() == []
        process.send_signal(number)
        _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (0, "")


def test_command_with_a_taken_port(sandbox: Sandbox) -> None:
    """A port that is in use is an error in one line."""
    port = str(urlsplit(sandbox.url).port)
    result = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr == f"error: port {port} cannot be used: Address already in use\n"


def test_command_help() -> None:
    """The command explains itself."""
    result = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=True)
    for words in ("--port N", "--seconds MIN MAX", "/_sandbox/fail?status=503&times=2"):
        assert words in result.stdout
