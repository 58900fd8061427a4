"""With another API's document, configuration and recordings in place of Leap's, every command works for that API.

Nothing else is edited: what tests/leap.txt lists is left out as long as the package is not Leap's.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from sandbox import Examples

ROOT = Path(__file__).parent.parent
ANOTHER = Path(__file__).parent / "another_api"
PACKAGE, VARIABLES = "render_farm_client", "RENDER_FARM"
# Files that come and go while other tests run.
PASSING = (".*_cache", "__pycache__", ".coverage*", ".hypothesis")
ABOUT_LEAP = (ROOT / "tests" / "leap.txt").read_text("utf-8").split()


class Workshop:
    """A copy of the checkout in which the render farm is in the place of Leap.

    Args:
        root: An empty folder for it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        left = shutil.ignore_patterns(".git", ".venv*", "dist", "out", *PASSING)
        shutil.copytree(ROOT, root, ignore=left, dirs_exist_ok=True)
        shutil.rmtree(root / "tests" / "recordings")
        shutil.copytree(ANOTHER / "recordings", root / "tests" / "recordings")
        for name in ("openapi.yaml", "generator-config.yml"):
            shutil.copy(ANOTHER / name, root)
        # The paths in it are relative, so that it runs the code of the copy.
        (root / ".venv").symlink_to(sys.prefix)
        # Nothing of what a make around the tests was told, of the settings of an API, or of the coverage of ours.
        self.environment = {name: os.environ[name] for name in ("HOME", "PATH", "TMPDIR") if name in os.environ}
        # Most of what mypy reads is the same in every copy.
        self.environment["MYPY_CACHE_DIR"] = str(ROOT / ".mypy_cache" / "another")

    def command(self, *arguments: str) -> list[str]:
        """Spell a call of make that does not set up .venv."""
        return ["make", "--assume-old=.venv/.ready", *arguments]

    def make(self, *arguments: str) -> str:
        """Run make; it must succeed. Returns what it says."""
        done = subprocess.run(
            self.command(*arguments), cwd=self.root, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The copy, with its package generated."""
    workshop = Workshop(tmp_path_factory.mktemp("another"))
    workshop.make("generate")
    return workshop


def test_what_is_about_leap_is_there() -> None:
    """The list of what is about Leap names files and folders of this repository, in order, and itself."""
    assert [name for name in ABOUT_LEAP if not (ROOT / name).exists()] == []
    assert sorted({*ABOUT_LEAP, "tests/leap.txt"}) == ABOUT_LEAP


def test_generate(workshop: Workshop) -> None:
    """The package is named after the document, and nothing in it after Leap."""
    generated = workshop.root / "generated"
    assert [path.parent.name for path in generated.glob("*/client.py")] == [PACKAGE]
    leaps = re.compile(r"\bleap\b|leap_|leap\w*error|inference|prompt", re.IGNORECASE)
    files = [path for path in generated.rglob("*") if path.suffix in {".py", ".md", ".toml"}]
    assert [path for path in files if leaps.search(path.read_text("utf-8"))] == []


def test_lint(workshop: Workshop) -> None:
    """The code passes ruff, and the document its check."""
    assert "openapi.yaml: OK" in workshop.make("lint")


def test_types(workshop: Workshop) -> None:
    """The package, the scripts and the tests that are not about Leap pass both type checkers."""
    said = workshop.make("types")
    assert "Success: no issues found" in said
    assert "0 errors, 0 warnings" in said


def test_contract(workshop: Workshop) -> None:
    """The contract tests find the package, its client and its models from the document."""
    said = workshop.make("test", "ARGS=--quiet tests/test_contract.py")
    assert re.search(r"\d{3} passed in", said)


@pytest.fixture
def served(workshop: Workshop) -> Iterator[dict[str, str]]:
    """A sandbox of the render farm: what it says to export."""
    command = workshop.command("sandbox")
    with subprocess.Popen(
        command, cwd=workshop.root, env=workshop.environment, stdout=subprocess.PIPE, text=True, process_group=0
    ) as process:
        assert process.stdout
        exported: dict[str, str] = {}
        for line in process.stdout:
            exported.update(re.findall("export (.*)=(.*)", line))
            if line.startswith("Every operation"):
                break
        yield exported
        os.killpg(process.pid, signal.SIGINT)


def test_sandbox(served: dict[str, str]) -> None:
    """The sandbox answers with the document's examples, to whoever has the token, and can be told to fail."""
    url, key = served[f"{VARIABLES}_BASE_URL"], served[f"{VARIABLES}_API_KEY"]
    with httpx.Client(base_url=url, trust_env=False, timeout=60, headers={"X-Farm-Key": key}) as http:
        shot = http.get("/scenes/harbour/shots/t-41")
        assert (shot.status_code, shot.json()["phase"], shot.json()["camera"]) == (200, "waiting", "crane")
        assert http.post("/scenes/harbour/shots", json={"camera": "crane"}).status_code == 202
        assert http.post("/scenes/harbour/shots", json={"prompt": "A horse"}).status_code == 400
        assert http.get("/textures").json() == [{"slug": "oak"}]
        assert http.get("/textures", headers={"X-Farm-Key": "another"}).status_code == 401
        assert http.post(f"{url.removesuffix('/v2')}/_sandbox/fail?status=503").status_code == 204
        assert http.get("/textures").status_code == 503


SCHEMES = {
    "bearer": ({"type": "http", "scheme": "Bearer"}, "Authorization", "Bearer "),
    "basic": ({"type": "http", "scheme": "basic"}, "Authorization", "Basic "),
    "key": ({"type": "apiKey", "in": "header", "name": "X-Key"}, "X-Key", ""),
    "oauth2": ({"type": "oauth2", "flows": {}}, "Authorization", "Bearer "),
    "openid": ({"type": "openIdConnect", "openIdConnectUrl": "https://id.example.com"}, "Authorization", "Bearer "),
}


@pytest.mark.parametrize(("scheme", "header", "prefix"), SCHEMES.values(), ids=SCHEMES)
def test_sandbox_takes_its_token_by_any_scheme(
    scheme: dict[str, Any], header: str, prefix: str, tmp_path: Path
) -> None:
    """The one token of the sandbox goes where the document wants a token, and nothing is asked of anybody else."""
    document = YAML(typ="safe").load(ANOTHER / "openapi.yaml")
    document["components"]["securitySchemes"]["farmKey"] = scheme
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    with Examples(document=tmp_path / "openapi.json") as sandbox:
        offers = [{header: prefix + sandbox.token}, {header: f"{prefix}another"}, {}]
        answers = [httpx.get(f"{sandbox.url}/textures", headers=each, trust_env=False) for each in offers]
    assert [answer.status_code for answer in answers] == [200, 401, 401]


def test_vendor(workshop: Workshop, tmp_path: Path) -> None:
    """The package can be vendored, and the copy checked."""
    target = tmp_path / "studio" / "farm"
    workshop.make("vendor", f"DEST={target}")
    assert "up to date" in workshop.make("vendor", f"DEST={target}", "CHECK=1")
    assert f"# {PACKAGE}, vendored" in (target / "VENDORED.md").read_text("utf-8")


@pytest.mark.git
def test_changes(workshop: Workshop) -> None:
    """What a later edit of the document changes for users is told in the names of that API."""
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "Begin")):
        subprocess.run([*git, *command], cwd=workshop.root, env=workshop.environment, check=True)
    document = workshop.root / "openapi.yaml"
    before = document.read_text("utf-8")
    document.write_text(
        before.replace("        samples: {", "        shutter: {type: number}\n        samples: {"), "utf-8"
    )
    said = workshop.make("changes", "BASE=HEAD")
    document.write_text(before, "utf-8")
    assert "shutter" in said
    assert "0 breaking" in said


def test_build(workshop: Workshop) -> None:
    """A wheel and an sdist of the package can be built."""
    workshop.make("build")
    assert {path.name for path in (workshop.root / "dist").iterdir()} == {
        "render_farm_client-2.4.0-py3-none-any.whl",
        "render_farm_client-2.4.0.tar.gz",
    }
