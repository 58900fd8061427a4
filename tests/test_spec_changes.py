"""To change the API, edit openapi.yaml and run `make generate`, and add a recording of what is new; nothing else.

All edits of `CHANGES` are made at once in a copy of the checkout, where the commands of the Makefile are run then.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sandbox import Sandbox
from spec import SpecError

ROOT = Path(__file__).parent.parent
CHANGES = Path(__file__).parent / "spec_changes"
VENV = Path(sys.prefix)
SITE = Path(sysconfig.get_path("purelib"))


class Copy:
    """A copy of the checkout, with an environment that imports the copy's own code."""

    def __init__(self, root: Path) -> None:
        """Copy what git would have, and link to the packages that are installed."""
        self.root = root
        self.document = root / "openapi.yaml"
        # Files of the coverage come and go, which a copy does not outlive.
        passing = (".*_cache", "__pycache__", ".coverage*", ".hypothesis")
        unwanted = shutil.ignore_patterns(*passing, ".venv*", ".git", "out", "dist")
        shutil.copytree(ROOT, root, dirs_exist_ok=True, ignore=unwanted)
        environment = root / ".venv"
        site = environment / SITE.relative_to(VENV)
        site.mkdir(parents=True)
        for path in SITE.iterdir():
            if path.name != "__pycache__":
                (site / path.name).symlink_to(path)
        (environment / "bin").mkdir()
        (environment / "bin" / "python").symlink_to(Path(sys.executable).resolve())
        (environment / "bin" / "ruff").symlink_to(VENV / "bin" / "ruff")
        shutil.copy(VENV / "pyvenv.cfg", environment)
        (environment / ".ready").touch()

    def edit(self, changes: dict[str, Any]) -> None:
        """Merge changes into the document: objects by their keys, lists by what they add."""
        yaml = YAML()
        yaml.width = 120
        document = yaml.load(self.document)
        merge(document, changes)
        yaml.dump(document, self.document)

    def run(self, *command: str) -> str:
        """Run a command; it must succeed."""
        result = self.attempt(*command)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def attempt(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command without a key, without what a make around the tests hands down, and without much time."""
        unwanted = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "LEAP_API_KEY", "LEAP_BASE_URL", "PYTHONPATH", "VIRTUAL_ENV"}
        environment = {name: value for name, value in os.environ.items() if name not in unwanted}
        return subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False, timeout=600
        )

    def pytest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run tests of the copy."""
        return self.attempt(".venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)


def merge(old: Any, new: Any) -> None:
    """Merge what a change adds into a part of the document."""
    for key, value in new.items():
        if isinstance(value, dict) and key in old:
            merge(old[key], value)
        elif isinstance(value, list) and key in old:
            old[key].extend(value)
        else:
            old[key] = value


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy in which all changes are made and the package is generated anew, with no recording yet."""
    copy = Copy(tmp_path_factory.mktemp("checkout"))
    for change in sorted(CHANGES.glob("*.yaml")):
        copy.edit(YAML(typ="safe").load(change))
    copy.run("make", "-s", "generate")
    return copy


def test_a_missing_recording_is_asked_for(changed: Copy) -> None:
    """An operation without a recording fails one test, which says which file to add and what to put in."""
    result = changed.pytest("tests/test_contract.py", "-k", "operation_has_recordings or documented_status")
    assert result.returncode == 1
    assert "tests/recordings/uploadPicture/ has no answer 201. Add a file such as 201.json there" in result.stdout
    assert "method POST, url https://api.tryleap.ai/api/v1/styles/{styleId}/pictures" in result.stdout


@pytest.fixture(scope="module")
def complete(changed: Copy) -> Copy:
    """The same copy with the recordings of the new operation, and with a section of the changelog."""
    for recording in CHANGES.glob("recordings/*/*.json"):
        target = changed.root / "tests" / recording.relative_to(CHANGES)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(recording, target)
    changelog = changed.root / "CHANGELOG.md"
    heading = f"## [9.0.0] - {datetime.now(UTC):%Y-%m-%d}\n\n### Added\n\n- What the document adds.\n\n"
    before, mark, after = changelog.read_text("utf-8").partition("## [")
    changelog.write_text(before + heading + mark + after, "utf-8")
    return changed


def test_changes_leave_the_checks_green(complete: Copy) -> None:
    """Another tag, operation, field, state, parameter, file or version needs no other edit for the checks to pass."""
    # Of `make lint` and `make types`, what reads the document or what is made from it.
    for tool in (("ruff", "check", "generated"), ("spec",), ("mypy", "generated")):
        complete.run(".venv/bin/python", "-m", *tool)
    complete.run("make", "-s", "check-drift")
    assert "Deleted the job" in complete.run("make", "-s", "demo")


def test_changes_leave_the_tests_green(complete: Copy) -> None:
    """Nor does it for the tests that take the operations from the document."""
    files = ("contract", "demo", "record", "reference", "spec")
    # That no document makes the check crash is no question of this one.
    result = complete.pytest(*(f"tests/test_{name}.py" for name in files), "-k", "not crash")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("name", ["generate", "findOne"])
def test_a_renamed_operation_is_named_by_what_still_has_the_old_name(tmp_path: Path, name: str) -> None:
    """The sandbox says in one line which operation it imitates that is not there any more."""
    document = json.loads(json.dumps(YAML(typ="safe").load(ROOT / "openapi.yaml"), default=str))
    renamed = json.dumps(document).replace(f'"operationId": "{name}"', '"operationId": "renamed"')
    (tmp_path / "openapi.yaml").write_text(renamed, "utf-8")
    with pytest.raises(SpecError, match=rf"'{name}', but openapi.yaml has only .*renamed.*sandbox/facts.py"):
        Sandbox(document=tmp_path / "openapi.yaml")
