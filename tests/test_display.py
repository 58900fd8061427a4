"""What the objects of the package look like: in one line, in several, in a notebook, and to whoever explores them."""

import json
import pydoc
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openapi_python_client.strings import snake_case

import leap_client
from contract import DOCUMENT
from leap_client import AsyncLeap, Leap
from leap_client.models import CreateInferenceDto, InferenceEntity, InferenceImageEntity, JobState

RECORDINGS = Path(__file__).parent / "recordings"
HOSTILE = "</td><script>alert(1)</script>\x1b[31m"
JOB: dict[str, Any] = json.loads((RECORDINGS / "findOne" / "three-images.json").read_text("utf-8"))["response"]["json"]


class Page(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.text += data

    def images(self) -> list[dict[str, str | None]]:
        """The attributes of the images."""
        return [attributes for tag, attributes in self.tags if tag == "img"]


def page(job: InferenceEntity) -> Page:
    """Show a job as a notebook does."""
    return Page(job._repr_html_())


def test_one_line_tells_what_matters_first() -> None:
    """`repr` is one short line: the state, the id, the prompt and how many images, and nothing that was not sent."""
    said = repr(InferenceEntity.from_dict(JOB))
    begins = f"InferenceEntity(current_state='finished', id='{JOB['id']}', prompt='{JOB['prompt']}', images=[3 items]"
    assert said.startswith(begins)
    assert len(said) <= 250
    assert "UNSET" not in said
    assert "\n" not in said


def test_one_line_stays_short_whatever_comes() -> None:
    """A text of any length, with any characters, leaves `repr` one line."""
    said = repr(InferenceEntity.from_dict({**JOB, "prompt": "A photo\n\x1b[31m" * 1000}))
    assert len(said) <= 250
    assert said.isprintable()


def test_several_lines_tell_everything() -> None:
    """`print` shows every field that came, each image with its address, and fields that no document names."""
    said = str(InferenceEntity.from_dict(JOB))
    flat = " ".join(said.split())
    for value in (JOB["id"], JOB["prompt"], JOB["seed"], "finished", *(image["uri"] for image in JOB["images"])):
        assert str(value) in flat
    assert all(key in flat for key in JOB.keys() - InferenceEntity._names.values())  # noqa: SLF001 - the documented ones
    assert "UNSET" not in said


def test_text_does_nothing_to_a_terminal() -> None:
    """Control characters in what the server sent are spelt out; the lines of a prompt stay lines."""
    said = str(InferenceEntity.from_dict({**JOB, "prompt": "A photo\n\x1b[31mof"}))
    assert all(line.isprintable() for line in said.splitlines())
    assert "\\x1b[31mof" in said


def test_body_shows_what_is_set() -> None:
    """What is to be sent is shown with what is set in it."""
    assert repr(CreateInferenceDto(prompt="A photo", seed=None, steps=5)) == (
        "CreateInferenceDto(prompt='A photo', steps=5)"
    )
    assert str(CreateInferenceDto(prompt="A photo")).splitlines() == ["CreateInferenceDto", "  prompt  A photo"]


def test_notebook_shows_the_images_and_the_prompt() -> None:
    """A notebook shows each image by its address, once it comes into view, and the prompt."""
    shown = page(InferenceEntity.from_dict(JOB))
    assert [image["src"] for image in shown.images()] == [image["uri"] for image in JOB["images"]]
    assert {image["loading"] for image in shown.images()} == {"lazy"}
    assert JOB["prompt"] in shown.text
    [first, *_] = InferenceEntity.from_dict(JOB).images
    assert len(Page(first._repr_html_()).images()) == 1


def test_notebook_runs_nothing_that_came() -> None:
    """Whatever the server sent is text in a notebook, and no address but a web address is fetched."""
    images = [
        {**JOB["images"][0], "uri": uri}
        for uri in (f'https://example.com/"{HOSTILE}', "javascript:alert(1)", "https://[")
    ]
    clean = {tag for tag, _ in page(InferenceEntity.from_dict(JOB)).tags}
    shown = page(InferenceEntity.from_dict({**JOB, "prompt": HOSTILE, HOSTILE: HOSTILE, "images": images}))
    assert {tag for tag, _ in shown.tags} == clean
    assert [image["src"] for image in shown.images()] == [images[0]["uri"]]


BODIES: dict[str, Any] = {
    **{f"no {left_out}": {key: value for key, value in JOB.items() if key != left_out} for left_out in JOB},
    "nothing": {},
    "no images": {**JOB, "images": [1, {}]},
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_unreadable_job_can_be_looked_at(body: dict[str, Any]) -> None:
    """A job with a field that is missing is shown in all ways, with the reason where the field would be."""
    job = InferenceEntity.from_dict(body)
    required = DOCUMENT.raw["components"]["schemas"]["InferenceEntity"]["required"]
    for said in (repr(job), str(job), page(job).text):
        for name in (snake_case(key) for key in required if key not in body):
            assert re.search(rf"{name}\W*<unreadable: is missing>", said)


def test_job_that_was_made_without_fields_can_be_looked_at() -> None:
    """An object that has lost a field is shown without it."""
    job = InferenceEntity.from_dict(JOB)
    job.state = JobState.FAILED
    del job.prompt
    assert repr(job).startswith(f"InferenceEntity(current_state='failed', id='{JOB['id']}'")
    image = InferenceImageEntity(id="5617d1cf", uri="https://example.com/0.png", created_at=job.created_at)
    del image.id, image.uri, image.created_at
    job.images = [image, *job.images]
    assert all(field in str(job) for field in ("failed", JOB["images"][0]["uri"]))


@pytest.mark.parametrize("client", [Leap("any"), AsyncLeap("any")], ids=["sync", "async"])
def test_client_can_be_explored(client: Leap | AsyncLeap) -> None:
    """`dir` has the public names alone, `repr` of a part names its methods, and `help` describes each of them."""
    assert dir(leap_client) == sorted(leap_client.__all__)
    tags = {snake_case(operation.tag) for operation in DOCUMENT.operations}
    assert {*dir(client)} - {"close", "aclose"} == {"base_url", "max_retries", "timeout", "with_options", *tags}
    methods = {"generate", "generate_and_wait", "wait", "find_one", "list_all", "iter_all", "delete", "download"}
    assert methods <= set(dir(client.images))
    assert not [name for name in dir(client.images) if name.startswith("_")]
    assert all(name in repr(client.images) for name in methods)
    assert "any" not in repr(client.images)
    described = pydoc.plain(pydoc.render_doc(client.images))
    for name in methods:
        summary = (getattr(client.images, name).__doc__ or "").splitlines()[0]
        assert summary in described
