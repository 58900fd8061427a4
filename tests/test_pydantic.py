"""The models are at home in pydantic and FastAPI, and in JSON."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Body, FastAPI
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from leap_client.errors import DecodeError
from leap_client.models import CreateInferenceDto, InferenceEntity
from readme import Readme

ROOT = Path(__file__).parent.parent
RECORDINGS = ROOT / "tests" / "recordings"
JOB: dict[str, Any] = json.loads((RECORDINGS / "findOne" / "three-images.json").read_text("utf-8"))["response"]["json"]
BODIES = {
    path.stem: json.loads(path.read_text("utf-8"))["response"]["json"]
    for path in sorted((RECORDINGS / "findOne").glob("*.json"))
    if "id" in json.loads(path.read_text("utf-8"))["response"].get("json", {})
}


class Record(BaseModel):
    """What an application keeps of a request."""

    job: InferenceEntity
    others: list[InferenceEntity] = []
    wanted: CreateInferenceDto | None = None


def test_model_is_a_field() -> None:
    """An object is taken as it is, a JSON object is read, and both are written as the JSON that the service uses."""
    job = InferenceEntity.from_dict(JOB)
    record = Record(job=job, others=[JOB], wanted={"prompt": "A photo", "numberOfImages": 2})  # type: ignore[list-item, arg-type]  # pydantic reads them
    assert record.job is job
    assert record.others == [job]
    assert record.wanted == CreateInferenceDto(prompt="A photo", number_of_images=2)
    assert record.model_dump(mode="json") == {
        "job": JOB,
        "others": [JOB],
        "wanted": {"prompt": "A photo", "numberOfImages": 2},
    }
    assert Record.model_validate_json(record.model_dump_json()) == record


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_type_adapter_reads_and_writes_every_recorded_job(body: dict[str, Any]) -> None:
    """Every recorded job passes through pydantic unchanged, strict or not, and fits the JSON Schema."""
    adapter = TypeAdapter(InferenceEntity)
    for strict in (False, True):
        job = adapter.validate_json(json.dumps(body), strict=strict)
        assert adapter.dump_python(job) == body
    Draft202012Validator(adapter.json_schema()).validate(body)


def test_job_that_is_not_as_documented_is_refused_where_pydantic_is_strict() -> None:
    """A job with an unreadable field passes through pydantic like any other, and strict validation names each fault."""
    body = {key: value for key, value in JOB.items() if key != "width"} | {"seed": "x"}
    adapter = TypeAdapter(InferenceEntity)
    job = adapter.validate_python(body)
    assert adapter.dump_python(job) == body
    with pytest.raises(ValidationError, match=r"width is missing; seed should be an integer|seed .*; width is missing"):
        adapter.validate_python(body, strict=True)
    for nothing in (None, 5, "job", [JOB]):
        with pytest.raises(ValidationError, match="should be a JSON object"):
            adapter.validate_python(nothing)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"prompt": ""}, "prompt must not be empty"),
        ({"width": 1023}, "width must be a multiple of 8, got 1023"),
        ({"width": "512"}, "width should be an integer"),
        ({"widht": 512}, "widht is no field of CreateInferenceDto"),
    ],
    ids=str,
)
def test_what_is_to_be_sent_is_checked(change: dict[str, Any], said: str) -> None:
    """A request that the client would refuse is no valid field: it could only be paid for in vain."""
    with pytest.raises(ValidationError, match=said):
        TypeAdapter(CreateInferenceDto).validate_python({"prompt": "A photo", **change})
    assert list(
        Draft202012Validator(TypeAdapter(CreateInferenceDto).json_schema()).iter_errors({"prompt": "A", **change})
    )


def test_json_schema_says_what_the_document_says() -> None:
    """Descriptions, constraints and what is required are those of the document; states stay open."""
    schema = Record.model_json_schema()["$defs"]
    body, job = schema["CreateInferenceDto"], schema["InferenceEntity"]
    assert (body["required"], body["additionalProperties"]) == (["prompt"], False)
    assert body["properties"]["width"]["multipleOf"] == 8
    assert body["properties"]["prompt"]["description"] == "What the image should show."
    assert job["description"] == "An image generation job."
    assert "state" not in job["required"]
    assert job["properties"]["images"]["items"] == {"$ref": "#/$defs/InferenceImageEntity"}
    Draft202012Validator(Record.model_json_schema()).validate({"job": {**JOB, "state": "paused"}})


# FastAPI.


def receiver() -> FastAPI:
    """Make the receiver of README, as it stands there."""
    [block] = [block for block in Readme.of(ROOT).python() if "FastAPI()" in block.text]
    names: dict[str, Any] = {}
    exec(compile(block.text, "README.md", "exec"), names)  # noqa: S102 - the point
    app: FastAPI = names["app"]
    return app


@pytest.mark.anyio
@pytest.mark.parametrize(
    "body",
    [JOB, {"succeeded": True, "result": JOB}, {"id": JOB["id"], "state": "finished", "result": JOB}],
    ids=["flat", "succeeded", "state"],
)
async def test_webhook_is_a_typed_body(
    body: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The endpoint in README takes the job itself, whichever of its three shapes comes, and no stranger's."""
    monkeypatch.setenv("WEBHOOK_SECRET", "s3cret")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=receiver()), base_url="http://app") as http:
        assert (await http.post("/hook?secret=s3cret", json=body)).status_code == 204
        assert (await http.post("/hook?secret=other", json=body)).status_code == 403
        assert (await http.post("/hook", json=[])).status_code == 403
        assert (await http.post("/hook?secret=s3cret", json=[])).status_code == 422
    assert capsys.readouterr().out == f"{JOB['id']} finished\n"


@pytest.mark.anyio
async def test_endpoint_takes_and_gives_models() -> None:
    """A request is refused as the client would, a job is answered as the service would, and both are documented."""
    app = FastAPI()

    @app.post("/jobs")
    def submit(body: Annotated[CreateInferenceDto, Body()]) -> InferenceEntity:
        return InferenceEntity.from_dict({**JOB, "prompt": body.prompt})

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://app") as http:
        assert (await http.post("/jobs", json={"prompt": "A dog"})).json() == {**JOB, "prompt": "A dog"}
        refused = await http.post("/jobs", json={"prompt": "A dog", "width": 3})
        assert (refused.status_code, "width must be a multiple of 8" in refused.text) == (422, True)
        described = (await http.get("/openapi.json")).json()["components"]["schemas"]
    assert {"CreateInferenceDto", "InferenceEntity", "InferenceImageEntity"} <= described.keys()


@pytest.fixture
def anyio_backend() -> str:
    """The client needs asyncio."""
    return "asyncio"


def test_pydantic_is_not_needed() -> None:
    """The package does not import pydantic, nor anything that few need, before somebody asks for it."""
    rare = [
        "pydantic",
        "pydantic_core",
        "leap_client._pydantic",
        "leap_client._display",
        "leap_client._schemas",
    ]
    code = (
        f"import leap_client.models, leap_client.client, sys; print([name for name in {rare} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# JSON.


def test_json_text_comes_back() -> None:
    """`to_json` gives text that `from_json` reads into the same object, from a string or from bytes."""
    job = InferenceEntity.from_json(json.dumps(JOB))
    for text in (job.to_json(), job.to_json(indent=2), job.to_json().encode()):
        assert InferenceEntity.from_json(text, strict=True) == job
    assert json.loads(job.to_json()) == JOB
    assert "\n" not in job.to_json()
    assert "Ä" in InferenceEntity.from_dict({**JOB, "prompt": "Ä"}).to_json()


@pytest.mark.parametrize(
    "text", ["", "{", b"\xff", "[" * 100_000, "[]", "5"], ids=["empty", "cut", "no text", "deep", "list", "number"]
)
def test_what_is_no_json_is_said(text: str | bytes) -> None:
    """What is no JSON, and what is no object, is a DecodeError like any other body that cannot be read."""
    with pytest.raises(DecodeError, match=r"^the body (is not JSON|should be an object)"):
        InferenceEntity.from_json(text)
