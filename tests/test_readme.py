"""The two READMEs and the changelog: their examples run, their links lead somewhere, what they name is there."""

import json
import logging
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

import generate
import leap_client
from contract import DOCUMENT
from leap_client import _waiting
from leap_client.errors import DecodeError, LeapError
from readme import Block, Readme
from rig import Sandbox
from spec import load
from spec.extensions import KINDS

ROOT = Path(__file__).parent.parent
README = Readme.of(ROOT)
REFERENCE = Readme.of(ROOT / "generated")


BLOCKS = [
    pytest.param(block, id=f"{readme.path.relative_to(ROOT)}:{block.line}")
    for readme in (README, REFERENCE)
    for block in readme.python()
]


# What the blocks do.


@pytest.fixture
def surroundings(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The sandbox in the place of the service, an empty folder to work in, and short waits."""
    sandbox.reset(before_first="empty")  # so that a walk through pages, which begins at 0, is not refused
    monkeypatch.setenv("LEAP_BASE_URL", sandbox.url)
    monkeypatch.setenv("LEAP_API_KEY", sandbox.token)
    monkeypatch.chdir(tmp_path)
    Path("prompts.csv").write_text("prompt\nA photo of an astronaut riding a horse\nA lighthouse at dawn\n")
    monkeypatch.setattr(_waiting, "FIRST_INTERVAL", 0.01)
    logger = logging.getLogger("leap_client")
    level = logger.level
    yield
    logger.setLevel(level)


@pytest.fixture
def raised(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of all errors of the package, also of those that an example catches."""
    kinds: list[str] = []

    def note(self: LeapError, *args: object) -> None:
        # Within the models, this is how a field that is not there is told; what leaves them ends the example.
        if not isinstance(self, DecodeError):
            kinds.append(type(self).__name__)
        super(LeapError, self).__init__(*args)

    monkeypatch.setattr(LeapError, "__init__", note)
    return kinds


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_runs(block: Block, sandbox: Sandbox, raised: list[str]) -> None:
    """Copied into a file and run against the sandbox, an example does what it says, and ends in none of its excepts."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(block.text, f"line {block.line}", "exec"), names)  # noqa: S102 - the point
    tests = [value for name, value in names.items() if name.startswith("test_")]
    assert raised == []
    assert sandbox.requests or tests or ".images." not in block.text
    for test in tests:
        test()


def test_every_block_type_checks(tmp_path: Path) -> None:
    """Every example passes `mypy --strict`, as it stands."""
    write(tmp_path, README, REFERENCE)
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_block_is_formatted(tmp_path: Path) -> None:
    """Every example is formatted, its imports are sorted and its names defined, as ruff wants it."""
    write(tmp_path, README, REFERENCE)
    assert complaints_of_ruff(tmp_path) == ""


def write(folder: Path, *readmes: Readme) -> None:
    """Write the blocks of Python of READMEs into a folder, each into a file that is called after its place."""
    for readme in readmes:
        for block in readme.python():
            name = "reference" if readme.path.parent.name == "generated" else "readme"
            (folder / f"{name}_{block.line}.py").write_text(block.text)


def complaints_of_ruff(folder: Path) -> str:
    """What ruff finds wrong with the files of a folder."""
    said = ""
    for command in (["format", "--check", "--line-length=100"], ["check", "--select=I,F"]):
        full = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "."]
        done = subprocess.run(full, cwd=folder, capture_output=True, text=True, check=False)
        said += done.stdout if done.returncode else ""
    return said


# What holds the files together.


@pytest.mark.parametrize("readme", [README, REFERENCE], ids=["README.md", "generated/README.md"])
def test_every_link_leads_somewhere(readme: Readme) -> None:
    """Every link within a README leads to a heading that exists, by GitHub's rules, or to a file that exists."""
    for link in readme.links:
        file, _, anchor = link.partition("#")
        if ":" in file:
            continue  # an address elsewhere; tests have no network
        target = readme.path.parent / file if file else readme.path
        assert target.exists(), link
        if anchor:
            assert anchor in {section.anchor for section in Readme(target).sections}, link


def test_every_command_exists() -> None:
    """Every `make` command in the README is one that `make help` lists."""
    targets = set(re.findall(r"^([a-z0-9-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z0-9-]+)", README.path.read_text("utf-8"), re.MULTILINE))
    assert named
    assert named <= targets


def test_the_version_is_the_same_everywhere() -> None:
    """The top version of the changelog, the spec, the project file and the package agree."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[?(\d\S*?)\]?(?: |$)", changelog, re.MULTILINE)
    project = tomllib.loads((ROOT / "generated/pyproject.toml").read_text())["project"]
    assert versions[0] == DOCUMENT.raw["info"]["version"] == project["version"] == leap_client.__version__


# What holds for any other API.


@pytest.mark.parametrize("document", sorted((ROOT / "tests/documents").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_reference_of_another_api(document: Path, tmp_path: Path) -> None:
    """The templates make a whole reference of any document: its links lead somewhere, and its examples are Python."""
    generate.render(document, None, tmp_path / "generated")
    readme = Readme.of(tmp_path / "generated")
    (tmp_path / "blocks").mkdir()
    write(tmp_path / "blocks", readme)
    assert complaints_of_ruff(tmp_path / "blocks") == ""
    assert len(readme.python()) > 3
    anchors = {section.anchor for section in readme.sections}
    assert {link.removeprefix("#") for link in readme.links if link.startswith("#")} <= anchors
    assert "leap" not in readme.path.read_text("utf-8").lower()


TEXTS = [
    *("```\n# A heading\n```", "| a | cell |", "<script>alert(1)</script>", "# a heading", "- a list", "1. a list"),
    *("> a quotation", "`` ` ``", "~~~", "<!-- a comment", "[a link](#nowhere", "**"),
]


def test_a_text_of_the_document_stays_a_text(tmp_path: Path) -> None:
    """Whatever a document says of its parts, the reference has the same sections, tables and examples."""
    made = []
    for name, texts in (("plain", ["words"]), ("hostile", TEXTS)):
        spec = tmp_path / f"{name}.json"
        spec.write_text(json.dumps(with_texts(load(ROOT / "openapi.yaml").raw, cycle(texts))))
        generate.render(spec, ROOT / "generator-config.yml", tmp_path / name)
        made.append(Readme.of(tmp_path / name))
    plain, hostile = made
    assert hostile.blocks == plain.blocks
    for here, there in zip(hostile.sections, plain.sections, strict=True):
        assert (here.title, here.level) == (there.title, there.level)
        assert [len(table) for table in here.tables] == [len(table) for table in there.tables]
    assert not re.search("<(script|!-- a)", hostile.path.read_text("utf-8"))


def with_texts(node: Any, texts: Iterator[str]) -> Any:
    """Copy a document with other texts in the place of every description and summary."""
    if isinstance(node, dict):
        told = {key for key in ("description", "summary") if isinstance(node.get(key), str)}
        return {key: next(texts) if key in told else with_texts(value, texts) for key, value in node.items()}
    return [with_texts(value, texts) for value in node] if isinstance(node, list) else node


def test_the_document_explains_the_extensions() -> None:
    """The header of openapi.yaml explains the extensions that the check knows, and no others."""
    header = (ROOT / "openapi.yaml").read_text("utf-8").partition("\nopenapi:")[0]
    assert set(re.findall("^#   (x-[a-z-]+) ", header, re.MULTILINE)) == KINDS.keys()
