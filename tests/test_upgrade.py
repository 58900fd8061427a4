"""An upgrade of the generator passes over no override whose original changed."""

from pathlib import Path

import pytest

import upstream

INSTALLED = upstream.checksums(upstream.TEMPLATES, upstream.find_originals())


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of two overrides beside one of their originals, compared and recorded."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder, text in ((ours, "ours"), (theirs, "theirs")):
        for name in ("errors.py.jinja", "macros/model.jinja"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    (theirs / "helpers.jinja").write_text("not overridden")
    (ours / upstream.RECORD).touch()
    upstream.accept(ours, theirs)
    return ours, theirs


def pending(ours: Path, theirs: Path) -> dict[str, str]:
    """Tell what waits to be compared."""
    return upstream.pending(upstream.read_record(ours), upstream.checksums(ours, theirs))


def test_every_override_was_compared_with_its_original() -> None:
    """Each override was compared with the very original that is installed."""
    waiting = upstream.pending(upstream.read_record(upstream.TEMPLATES), INSTALLED)
    assert waiting == {}, (
        f"carry over what changed in the originals of these templates, which are in {upstream.find_originals()}; "
        f"then run `make generate ARGS=--accept-upstream`"
    )


@pytest.mark.parametrize("name", INSTALLED)
def test_an_override_differs_from_its_original(name: str) -> None:
    """No override is a mere copy."""
    assert (upstream.TEMPLATES / name).read_bytes() != (upstream.find_originals() / name).read_bytes()


def test_what_changed_is_named(folders: tuple[Path, Path]) -> None:
    """An original that changed, is gone or is new is named as such; one that nothing overrides does not matter."""
    ours, theirs = folders
    assert pending(ours, theirs) == {}
    (theirs / "macros/model.jinja").write_text("changed")
    (theirs / "errors.py.jinja").unlink()
    (theirs / "helpers.jinja").write_text("changed")
    for folder in folders:
        (folder / "webhooks.py.jinja").write_text(folder.name)
    assert pending(ours, theirs) == {
        "errors.py.jinja": "gone",
        "macros/model.jinja": "changed",
        "webhooks.py.jinja": "new",
    }


def test_accepting_records_the_comparison(folders: tuple[Path, Path]) -> None:
    """What was accepted waits no longer, until it changes again."""
    ours, theirs = folders
    (theirs / "errors.py.jinja").write_text("changed")
    assert upstream.accept(ours, theirs) == {"errors.py.jinja": "changed"}
    assert upstream.accept(ours, theirs) == pending(ours, theirs) == {}
    (theirs / "errors.py.jinja").write_text("changed again")
    assert pending(ours, theirs) == {"errors.py.jinja": "changed"}


def test_the_record_is_in_its_own_form(tmp_path: Path) -> None:
    """Accepting writes the record of this checkout byte for byte."""
    ours = tmp_path / "templates"
    for name in INSTALLED:
        (ours / name).parent.mkdir(parents=True, exist_ok=True)
        (ours / name).write_text("ours")
    (ours / upstream.RECORD).touch()
    upstream.accept(ours)
    assert (ours / upstream.RECORD).read_bytes() == (upstream.TEMPLATES / upstream.RECORD).read_bytes()
