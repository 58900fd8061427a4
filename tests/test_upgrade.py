"""scripts/upgrade_generator.py: it raises one version, shows what changed upstream, and records what was compared."""

import re
import shutil
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

import upgrade_generator
from upgrade_generator import UpgradeError

ROOT = Path(__file__).parent.parent
VERSION = re.findall(r'"openapi-python-client==(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"))[0]
STEPS = ["make lock", "make .venv/.ready", "make generate"]


class Fake:
    """A checkout with two overrides, beside the generator's own templates, and what stands in for its commands.

    Args:
        folder: Where to make it.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.originals = folder / "originals"
        self.commands: list[str] = []
        self.failing = ""
        self.installs: dict[str, str | None] = {}
        self.templates = self.root / "scripts" / "templates"
        self.templates.mkdir(parents=True)
        self.originals.mkdir()
        for name in ("pyproject.toml", "requirements.txt"):
            shutil.copy2(ROOT / name, self.root)
        for name in ("errors.py.jinja", "model.py.jinja"):
            (self.templates / name).write_text("ours")
            (self.originals / name).write_text(f"the first line of {name}\nthe last line\n")
        (self.originals / "helpers.jinja").write_text("not overridden")
        self.record = self.templates / "upstream.sha256"
        self.record.write_text(self.checksums())

    def checksums(self) -> str:
        """Give what `sha256sum` says of the originals of the overrides."""
        names = sorted({path.name for path in self.templates.glob("*.jinja")})
        found = [path for path in map(self.originals.joinpath, names) if path.exists()]
        return "".join(f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in found)

    def run(self, command: Sequence[str]) -> bool:
        """Pretend to run a command; to install means to put other originals in their place."""
        self.commands.append(" ".join(word for word in command if not word.startswith("--")))
        if self.commands[-1] == self.failing:
            return False
        if self.commands[-1] == "make lock":
            (self.root / "requirements.txt").write_text("locked")
        if self.commands[-1] == "make .venv/.ready":
            for name, text in self.installs.items():
                (self.originals / name).unlink(missing_ok=True)
                if text is not None:
                    (self.originals / name).write_text(text)
        return True

    def upgrade(self, version: str = "9.8.7") -> None:
        """Upgrade to a version."""
        upgrade_generator.upgrade(self.root, self.originals, version, self.run)

    def accept(self, *names: str) -> None:
        """Accept originals."""
        upgrade_generator.accept(self.root, self.originals, names)

    def pins(self) -> dict[str, tuple[bytes, float]]:
        """Give what the files with the versions hold, and when they were written."""
        files = [self.root / name for name in ("pyproject.toml", "requirements.txt")]
        return {file.name: (file.read_bytes(), file.stat().st_mtime) for file in files}


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    """A checkout to upgrade."""
    return Fake(tmp_path)


def test_an_upgrade_changes_one_version(fake: Fake) -> None:
    """Nothing in pyproject.toml changes but the version of the generator, which is then locked and installed."""
    before = (fake.root / "pyproject.toml").read_text("utf-8")

    fake.upgrade("9.8.7rc1")

    after = (fake.root / "pyproject.toml").read_text("utf-8")
    assert after == before.replace(f"openapi-python-client=={VERSION}", "openapi-python-client==9.8.7rc1")
    assert after != before
    assert fake.commands == STEPS


def test_an_upgrade_that_changes_no_original_says_so(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    """Where only templates changed that nothing overrides, there is nothing to compare."""
    fake.installs = {"helpers.jinja": "changed", "added.jinja": "new"}

    fake.upgrade()

    said = f"openapi-python-client {VERSION} -> 9.8.7\nNo original of an override changed.\n"
    assert capsys.readouterr().out == said
    assert fake.record.read_text() == fake.checksums()


def test_an_upgrade_shows_how_originals_changed(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    """Each original that changed is named and shown as a diff, with the command that records it as compared."""
    fake.installs = {"model.py.jinja": "the first line of model.py.jinja\nanother line\nthe last line\n"}

    fake.upgrade()

    assert (
        capsys.readouterr().out
        == f"""\
openapi-python-client {VERSION} -> 9.8.7
Of the originals that overrides were written for, 1 changed:
  changed: model.py.jinja

--- before/model.py.jinja
+++ after/model.py.jinja
@@ -1,2 +1,3 @@
 the first line of model.py.jinja
+another line
 the last line

Carry over what matters, run `make generate`, then record what you have compared:
  make upgrade-generator ACCEPT="model.py.jinja"
"""
    )


def test_an_original_can_come_and_go(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    """An override without an original any more is told of, and a template of ours that became an override."""
    (fake.templates / "webhooks.py.jinja").write_text("ours")
    fake.installs = {"errors.py.jinja": None, "webhooks.py.jinja": "theirs"}

    fake.upgrade()

    said = capsys.readouterr().out
    assert "  gone:    errors.py.jinja\n  new:     webhooks.py.jinja\n" in said
    assert "-the last line\n" in said
    assert "+theirs\n" in said


def test_a_change_from_before_the_upgrade_is_not_passed_over(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    """An original that nobody had compared after the last upgrade is still to be compared after the next one."""
    (fake.originals / "model.py.jinja").write_text("changed\n")
    fake.installs = {"model.py.jinja": "changed\nagain\n"}

    fake.upgrade()

    said = capsys.readouterr().out
    assert "model.py.jinja had changed before, since its override was written; what follows is the rest.\n" in said
    assert "+again\n" in said


@pytest.mark.parametrize("step", STEPS[:2])
def test_an_upgrade_that_cannot_be_installed_changes_nothing(fake: Fake, step: str) -> None:
    """If a version cannot be locked or installed, both files are as they were, down to the time that make looks at."""
    before = fake.pins()
    fake.failing = step

    with pytest.raises(UpgradeError, match=rf"`{step}` failed\. .*\. The versions are as they were\."):
        fake.upgrade()

    assert fake.pins() == before
    assert fake.commands[-1] == step


def test_an_upgrade_that_the_templates_do_not_survive_stays(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    """If our templates fail with the new version, it stays, so that they can be adapted to it."""
    fake.installs = {"model.py.jinja": "changed"}
    fake.failing = "make generate"

    with pytest.raises(UpgradeError, match=r"`make generate` failed\. Adapt our templates"):
        fake.upgrade()

    assert "changed: model.py.jinja" in capsys.readouterr().out
    assert "openapi-python-client==9.8.7" in (fake.root / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("version", "problem"),
    [
        pytest.param("", "There is no version to raise the generator to", id="none"),
        pytest.param("latest", "'latest' is no version", id="word"),
        pytest.param(">=1.0", "'>=1.0' is no version", id="range"),
        pytest.param('1.0" # "', "is no version", id="code"),
    ],
)
def test_a_version_must_be_exact(fake: Fake, version: str, problem: str) -> None:
    """Without an exact version nothing happens, and the message shows how to give one."""
    before = fake.pins()
    with pytest.raises(UpgradeError, match=re.escape(problem)) as caught:
        fake.upgrade(version)
    assert str(caught.value).endswith(". Name one: make upgrade-generator VERSION=0.30.0")
    assert (fake.pins(), fake.commands) == (before, [])


def test_the_version_must_be_found(fake: Fake) -> None:
    """If pyproject.toml does not ask for the generator as expected, nothing is run, and the message says what is."""
    (fake.root / "pyproject.toml").write_text('dev = ["openapi-python-client>=0.29"]')
    with pytest.raises(UpgradeError, match=r'one line "openapi-python-client==\.\.\.", and has 0'):
        fake.upgrade()
    assert fake.commands == []


def test_accepting_records_what_was_compared_and_no_more(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    """The checksum of an accepted original is recorded; that of another one that changed is still the old one."""
    old = fake.record.read_text().splitlines()
    for name in ("errors.py.jinja", "model.py.jinja"):
        (fake.originals / name).write_text("changed")

    fake.accept("model.py.jinja")

    assert fake.record.read_text().splitlines() == [old[0], fake.checksums().splitlines()[1]]
    assert (
        capsys.readouterr().out == "scripts/templates/upstream.sha256 is written. Still to compare: errors.py.jinja\n"
    )
    fake.accept("errors.py.jinja")
    assert fake.record.read_text() == fake.checksums()
    assert capsys.readouterr().out == "scripts/templates/upstream.sha256 is written. Still to compare: none\n"


def test_accepting_that_an_original_came_or_went(fake: Fake) -> None:
    """An original that is gone leaves the record, and one that is new enters it."""
    (fake.templates / "webhooks.py.jinja").write_text("ours")
    (fake.originals / "webhooks.py.jinja").write_text("theirs")
    (fake.originals / "errors.py.jinja").unlink()

    fake.accept("errors.py.jinja", "webhooks.py.jinja")

    assert fake.record.read_text() == fake.checksums()


@pytest.mark.parametrize("name", ["errors.py.jinja", "helpers.jinja", "nothing.jinja"])
def test_only_what_waits_can_be_accepted(fake: Fake, name: str) -> None:
    """A name for which nothing waits is refused with those for which something does, and nothing is recorded."""
    (fake.originals / "model.py.jinja").write_text("changed")
    before = fake.record.read_text()

    with pytest.raises(UpgradeError, match=f"{name} waits for no comparison. These do: model.py.jinja"):
        fake.accept("model.py.jinja", name)

    assert fake.record.read_text() == before


def test_the_record_of_this_checkout_is_in_its_own_form(tmp_path: Path) -> None:
    """Accepting one original changes one line of the real record."""
    record = tmp_path / "scripts" / "templates" / "upstream.sha256"
    shutil.copytree(ROOT / "scripts" / "templates", record.parent)
    lines = record.read_text().splitlines()
    broken = [line if line.split()[1] != "model.py.jinja" else f"{'0' * 64}  model.py.jinja" for line in lines]
    record.write_text("".join(f"{line}\n" for line in broken))

    upgrade_generator.accept(tmp_path, upgrade_generator.find_originals(), ["model.py.jinja"])

    assert record.read_text().splitlines() == lines


def test_a_command_that_does_not_work_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be done is an error on one line and a status of failure."""
    assert upgrade_generator.main([]) == 1
    assert upgrade_generator.main(["--accept", "nothing.jinja"]) == 1
    errors = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in errors] == ["error:", "error:"]
