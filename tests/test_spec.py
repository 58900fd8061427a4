"""The check of openapi.yaml lets nothing through that would mislead the generator, the tests or a reader."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from spec import Document, check
from spec.__main__ import main

SPEC = Path(__file__).parent.parent / "openapi.yaml"
CASES = sorted((Path(__file__).parent / "spec_errors").glob("*.yaml"))
ALL_RIGHT = (Path(__file__).parent / "spec_errors" / "nothing-wrong.yaml").read_text("utf-8")


def test_the_spec_passes(capsys: pytest.CaptureFixture[str]) -> None:
    """openapi.yaml is good, which takes one line to say, unless there are notes on it."""
    status = main([])
    printed = capsys.readouterr()
    notes = printed.err.splitlines()
    assert all(": note: " in note for note in notes)
    assert re.fullmatch("" if notes else r"openapi\.yaml: OK, .*\n", printed.out)
    assert status == 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_mistake_is_reported(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exactly the findings that a document announces on top are printed, each with line, place, problem and remedy."""
    mark = "# expect: "
    lines = case.read_text("utf-8").splitlines()
    expected = [line.removeprefix(mark) for line in lines if line.startswith(mark)]
    status = main([str(case)])
    printed = capsys.readouterr().err.splitlines()
    assert [line.removeprefix(f"{case}:").lstrip() for line in printed] == expected
    assert status == (0 if all(": note: " in line for line in expected) else 1)


def test_a_file_that_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong file name ends in a message, not in a traceback."""
    missing = tmp_path / "missing.yaml"
    assert main([str(missing)]) == 1
    assert capsys.readouterr().err == f"{missing}: No such file or directory; name a file that can be read\n"


def test_a_file_that_is_no_text_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not UTF-8 ends in a message, not in a traceback."""
    picture = tmp_path / "picture.yaml"
    picture.write_bytes(b"\x89PNG")
    assert main([str(picture)]) == 1
    assert f"{picture}: not YAML: not UTF-8" in capsys.readouterr().err


def _places(value: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in items:
        yield (*steps, step)
        yield from _places(child, (*steps, step))


DOCUMENT = YAML(typ="safe").load(ALL_RIGHT)
WRONG: list[object] = [None, True, 5, "", "x", [], [5], [None], [{}], {}, {"x": 5}, {"$ref": "#/nowhere"}, {"$ref": 5}]


@settings(deadline=None)
@given(st.sampled_from(list(_places(DOCUMENT))), st.sampled_from(WRONG))
def test_no_document_makes_the_check_crash(steps: tuple[Any, ...], wrong: object) -> None:
    """Whatever stands in whatever place of a document, the check ends in findings that have a line."""
    document = copy.deepcopy(DOCUMENT)
    parent = document
    for step in steps[:-1]:
        parent = parent[step]
    parent[steps[-1]] = wrong
    read = Document(json.dumps(document))
    assert all(read.line(finding.steps) == 1 for finding in check(read))
