"""The versions of the generator's own templates that our overrides were written for.

An override does not follow when its original changes, so scripts/templates/upstream.sha256 holds the checksum of each
original as it was last compared, and a test fails if one of them differs.
"""

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent / "templates"
RECORD = "upstream.sha256"


def find_originals() -> Path:
    """Find where the generator's own templates are installed."""
    return Path(str(files("openapi_python_client"))) / "templates"


def checksums(templates: Path, originals: Path) -> dict[str, str]:
    """Return the checksum of each original that has an override, by name."""
    names = (path.relative_to(templates).as_posix() for path in sorted(templates.rglob("*.jinja")))
    found = ((name, originals / name) for name in names)
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found if path.exists()}


def read_record(templates: Path) -> dict[str, str]:
    """Read the checksums of the originals that the overrides were last compared with."""
    lines = (line.split() for line in (templates / RECORD).read_text("utf-8").splitlines())
    return {name: checksum for checksum, name in lines}


def pending(recorded: Mapping[str, str], current: Mapping[str, str]) -> dict[str, str]:
    """Name the overrides that must be compared, since their original is `changed`, `new`, or `gone`."""
    words = dict.fromkeys(recorded.keys() - current.keys(), "gone")
    words |= dict.fromkeys(current.keys() - recorded.keys(), "new")
    words |= {name: "changed" for name in recorded.keys() & current.keys() if recorded[name] != current[name]}
    return dict(sorted(words.items()))


def accept(templates: Path = TEMPLATES, originals: Path | None = None) -> dict[str, str]:
    """Record that every override was compared with its original as it is now; give what was `pending`."""
    current = checksums(templates, originals or find_originals())
    waiting = pending(read_record(templates), current)
    (templates / RECORD).write_text("".join(f"{current[name]}  {name}\n" for name in sorted(current)), "utf-8")
    return waiting
