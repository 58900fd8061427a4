"""`make docs`: what it installs is pinned, what it makes needs no network, and without npm it says so."""

import json
import shutil
import subprocess
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "scripts" / "docs"


def test_the_lock_names_no_host() -> None:
    """The lock file works with any package registry: it holds names, versions and hashes, and no address."""
    assert "://" not in (DOCS / "package-lock.json").read_text()


def test_the_lock_is_complete() -> None:
    """The lock file has an exact version and a hash for everything in it, and for all that is asked for."""
    wanted = json.loads((DOCS / "package.json").read_text())["devDependencies"]
    locked = json.loads((DOCS / "package-lock.json").read_text())["packages"]
    assert locked.pop("")["devDependencies"] == wanted
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all(package["integrity"].startswith("sha512-") for package in locked.values())


def test_nothing_calls_home() -> None:
    """The tool and the page report nothing to anybody, and the page forbids itself to load anything."""
    assert YAML(typ="safe").load(DOCS / "redocly.yaml")["telemetry"] == "off"
    policy = (DOCS / "page.hbs").read_text().partition('Content-Security-Policy" content="')[2].partition('"')[0]
    allowed = dict(directive.split(" ", 1) for directive in policy.split("; "))
    assert allowed.pop("default-src") == "'none'"
    assert set(" ".join(allowed.values()).split()) <= {"'unsafe-inline'", "data:"}


def test_without_npm_it_says_so(tmp_path: Path) -> None:
    """On a machine without npm the command ends with one line that says what is missing, and what for."""
    make = shutil.which("make")
    assert make
    command = [make, "docs", f"VENV={tmp_path / 'venv'}"]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stderr.startswith("npm is needed for this command, and for no other.")
