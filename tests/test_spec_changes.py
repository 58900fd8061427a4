"""To change the API, edit openapi.yaml and run `make generate`, and add a recording of what is new; nothing else.

Each edit is a file of tests/spec_changes, in the form that `support.edits` describes. By itself, it becomes a package,
which is used and compared. Then all that go together are made in a copy of the checkout, where the commands of the
Makefile are run.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import griffe
import pytest
from ruamel.yaml import YAML

import changes.__main__ as changes
import generate
from changes import python
from changes.change import Change
from changes.surface import surface
from leap_client import PublicModel
from recording import Recording
from rig import Fault, Sandbox
from spec import SpecError, load
from support.edits import EDITS, FOLDER, Edit, breaking_areas, lines, merge
from support.packages import importable, quickly
from support.packages import load as load_package

ROOT = Path(__file__).parent.parent
VENV = Path(sys.prefix)
SITE = Path(sysconfig.get_path("purelib"))
ACCEPTED = {name: edit for name, edit in EDITS.items() if not edit.refused}
USED = {name: edit for name, edit in ACCEPTED.items() if edit.use}
BREAKING = [name for name, edit in ACCEPTED.items() if "python" in breaking_areas(edit.changes)]


# One edit at a time.


class Versions:
    """Versions of the project: a folder each, with the document and the package that it becomes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, Path] = {}
        self._found: dict[str, list[Change]] = {}
        # One side of every comparison is the version of this checkout.
        self._load, self._surface = cache(load), cache(surface)

    def write(self, name: str, edit: Edit) -> Path:
        """Edit the document of this checkout, for a version that has nothing else yet."""
        version = self._folder / (name or "base")
        version.mkdir()
        document = YAML(typ="safe").load(ROOT / "openapi.yaml")
        edit.apply(document)
        (version / "openapi.yaml").write_text(json.dumps(document, indent=1))  # which is YAML, and keeps the order
        return version

    def make(self, name: str) -> Path:
        """Generate the package of an edit; that of this checkout if there is no name. Each is made once."""
        if name not in self._made:
            version = self.write(name, EDITS.get(name, Edit({})))
            with quickly(reference=False):
                generate.render(version / "openapi.yaml", ROOT / "generator-config.yml", version / "generated")
            self._made[name] = version
        return self._made[name]

    def load(self, name: str) -> ModuleType:
        """Import the package of an edit, under a name of its own."""
        own = name.replace("-", "_")
        [package] = self.make(name).glob("generated/*/__init__.py")
        (self._folder / f"{own}_client").symlink_to(package.parent)
        with importable(self._folder):
            return load_package(own)

    def changes(self, name: str) -> list[Change]:
        """Compare an edit with the version of this checkout, each name once."""
        if name not in self._found:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(changes, "load", self._load)
                patch.setattr(python, "surface", self._surface)
                self._found[name] = changes.compare(self.make(""), self.make(name))
        return self._found[name]


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    """Versions to compare, each made when it is first asked for."""
    return Versions(tmp_path_factory.mktemp("versions"))


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_edit_is_classified(versions: Versions, name: str) -> None:
    """What somebody does to the document is told of Python and of the wire, and breaks what it must, and no more."""
    expected = EDITS[name].changes

    found = lines(versions.changes(name))

    assert [line for line in expected if line not in found] == []
    assert breaking_areas(found) == breaking_areas(expected)
    assert bool(found) == bool(expected)


@pytest.fixture(scope="module")
def base(versions: Versions) -> griffe.Object | griffe.Alias:
    """What griffe knows of the package of this checkout."""
    return by_griffe(versions.make(""))


def by_griffe(version: Path) -> griffe.Object | griffe.Alias:
    """Let griffe read the package of a version."""
    [package] = (path.parent for path in version.glob("generated/*/__init__.py"))
    return griffe.load(package.name, search_paths=[package.parent], allow_inspection=False)


@pytest.mark.parametrize("name", BREAKING)
def test_griffe_finds_nothing_more(versions: Versions, base: griffe.Object | griffe.Alias, name: str) -> None:
    """Whatever griffe itself calls a breakage of the package is among what is reported, at the thing of that name."""
    reported = [change.place for change in versions.changes(name) if change.area == "python" and change.is_breaking]

    for breakage in griffe.find_breaking_changes(base, by_griffe(versions.make(name))):
        assert any(breakage.obj.name in re.findall(r"\w+", place) for place in reported), breakage.explain()


def test_nothing_changed(versions: Versions) -> None:
    """A version beside itself has no changes."""
    assert changes.compare(versions.make(""), versions.make("")) == []


@pytest.mark.parametrize("name", USED)
def test_an_edit_is_what_the_package_does(versions: Versions, name: str) -> None:
    """The new package does what the edit says, against a service that does so, too."""
    package, model = versions.load(name), PublicModel.SDXL
    with (
        Sandbox(document=versions.make(name) / "openapi.yaml") as sandbox,
        package.Leap(sandbox.token, base_url=sandbox.url) as leap,
    ):
        job = leap.images.generate_and_wait(model, prompt="A horse")
        known = {"package": package, "leap": leap, "job": job, "MODEL": model, "sandbox": sandbox}
        exec(USED[name].use, {**known, "Fault": Fault, "pytest": pytest})  # noqa: S102 - code of this repository


@pytest.mark.parametrize("name", [name for name in EDITS if name not in ACCEPTED])
def test_an_edit_that_cannot_be_is_refused(versions: Versions, name: str) -> None:
    """What the package could not do is refused, with the line and a remedy, and no package is made."""
    version = versions.write(name, EDITS[name])
    target = version / "generated"
    with pytest.raises(SpecError) as refusal:
        generate.render(version / "openapi.yaml", ROOT / "generator-config.yml", target)
    assert re.subn(r"^openapi.yaml:\d+:", "openapi.yaml:", str(refusal.value)) == (EDITS[name].refused, 1)
    assert not target.exists()


# All edits at once.


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

    def edit(self, edits: Iterable[Edit]) -> None:
        """Edit the document, and keep its comments."""
        yaml = YAML()
        yaml.width = 120
        document = yaml.load(self.document)
        for edit in edits:
            edit.apply(document)
        yaml.dump(document, self.document)

    def run(self, *command: str) -> str:
        """Run a command; it must succeed."""
        result = self.attempt(*command)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def attempt(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command without a key, without what a make around the tests was told, and without much time."""
        environment = {name: os.environ[name] for name in ("HOME", "PATH", "TMPDIR") if name in os.environ}
        return subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False, timeout=600
        )

    def pytest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run tests of the copy."""
        return self.attempt(".venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy in which all changes are made and the package is generated anew, with no recording yet."""
    copy = Copy(tmp_path_factory.mktemp("checkout"))
    copy.edit([*USED.values(), EDITS["version-raised"]])
    copy.run("make", "-s", "generate")
    return copy


def test_a_missing_recording_is_asked_for(changed: Copy) -> None:
    """An operation without a recording fails one test, which says which file to add and what to put in."""
    result = changed.pytest("tests/test_contract.py", "-k", "operation_has_recordings or documented_status")
    assert result.returncode == 1
    assert "tests/recordings/uploadPicture/ has no answer 201. Add a file such as 201.json there" in result.stdout
    assert "method POST, url https://images.leap.example/api/v1/images/models/{modelId}/pictures" in result.stdout


@pytest.fixture(scope="module")
def complete(changed: Copy) -> Copy:
    """The same copy with recordings of what the document says now, and with a section of the changelog."""
    recordings = changed.root / "tests" / "recordings"
    shutil.copytree(FOLDER / "recordings", recordings, dirs_exist_ok=True)
    for path in recordings.glob("*/*.json"):
        recording = Recording.read(path)
        answer: Any = recording.response.get("json")
        for job in answer if isinstance(answer, list) else [answer]:
            for edit in USED.values() if isinstance(job, dict) and "prompt" in job else ():
                merge(job, edit.recorded)
        recording.write(path)
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


def test_changes_are_in_the_reference(complete: Copy) -> None:
    """What is new, and what may be dropped, stands in the reference."""
    reference = (complete.root / "generated" / "README.md").read_text("utf-8").splitlines()
    assert [line for edit in USED.values() for line in edit.reference if line not in reference] == []


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
