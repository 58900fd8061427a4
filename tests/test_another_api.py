"""With another API's document, configuration and recordings in place of ours, the workshop makes another package.

Nothing else is edited. What is about our API, as README.md lists it, is removed.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parent.parent
ANOTHER = Path(__file__).parent / "another_api"
LEAPS_OWN = ("scripts/demo.py", "scripts/record.py", "scripts/picture.py", "scripts/benchmark")
KEPT_TESTS = ("conftest.py", "contract.py", "test_contract.py")
PACKAGE, VARIABLES = "render_farm_client", "RENDER_FARM"


class Workshop:
    """A copy of the checkout in which the render farm is in the place of our API."""

    def __init__(self, root: Path) -> None:
        self.root = root
        unwanted = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / "scripts", root / "scripts", ignore=unwanted)
        shutil.copytree(ROOT / "generated", root / "generated", ignore=unwanted)
        for name in ("LICENSE", "pyproject.toml", "CHANGELOG.md", "README.md"):
            shutil.copy(ROOT / name, root)
        for name in LEAPS_OWN:
            path = root / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        (root / "tests").mkdir()
        for name in KEPT_TESTS:
            shutil.copy(ROOT / "tests" / name, root / "tests")
        shutil.copytree(ANOTHER / "recordings", root / "tests" / "recordings")
        for name in ("openapi.yaml", "generator-config.yml"):
            shutil.copy(ANOTHER / name, root)

    @property
    def environment(self) -> dict[str, str]:
        """The environment: the copy's own code before the checkout's, and no settings of either API."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LEAP_", VARIABLES, "GIT_"))}
        bare = sysconfig.get_path("purelib")
        return {**kept, "PYTHONPATH": os.pathsep.join([str(self.root / "generated"), str(self.root / "scripts"), bare])}

    def run(self, *command: str) -> str:
        """Run Python in the copy, without the paths of this checkout; it must succeed."""
        result = subprocess.run(
            [sys.executable, "-S", *command],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout + result.stderr


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The copy, with its package generated."""
    workshop = Workshop(tmp_path_factory.mktemp("another"))
    workshop.run("scripts/generate.py")
    return workshop


def test_readme_lists_what_is_removed() -> None:
    """What is about our API alone is named where the README tells how to take the workshop for another."""
    section = (ROOT / "README.md").read_text("utf-8").partition("### Using the workshop for another API")[2]
    lines = section.partition("\n## ")[0]
    assert [name for name in LEAPS_OWN if name not in lines] == []
    assert [name for name in KEPT_TESTS if name not in lines] == []


def test_generate_replaces_the_package(workshop: Workshop) -> None:
    """The package is named after the document, nothing in it is called after our API, and it is up to date."""
    generated = workshop.root / "generated"
    assert [path.parent.name for path in generated.glob("*/client.py")] == [PACKAGE]
    ours = re.compile(r"\bleap\b|leap_|Leap\w*Error|LEAP|inference", re.IGNORECASE)
    files = [path for path in generated.rglob("*") if path.suffix in {".py", ".md", ".toml"}]
    assert [path for path in files if ours.search(path.read_text("utf-8"))] == []
    assert "up to date" in workshop.run("scripts/generate.py", "--check")


def test_lint(workshop: Workshop) -> None:
    """The document passes its check, and all that is kept and generated passes ruff."""
    assert "openapi.yaml: OK" in workshop.run("-m", "spec")
    workshop.run("-m", "ruff", "check", "--no-cache")
    workshop.run("-m", "ruff", "format", "--no-cache", "--check", "scripts", "tests")


@pytest.mark.xfail(
    strict=True, reason="a required enum of an answer is read by a lookup that mypy takes for any Enum: models/shot.py"
)
def test_types(workshop: Workshop) -> None:
    """Everything that is kept and generated passes mypy as the settings have it."""
    workshop.run("-m", "mypy")


def test_contract(workshop: Workshop) -> None:
    """The contract tests find the package, its client and its models from the document."""
    said = workshop.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_contract.py")
    assert re.search(r"\d{2,} passed", said)
    assert "skipped" not in said


@pytest.fixture
def served(workshop: Workshop) -> Iterator[dict[str, str]]:
    """A sandbox of the render farm: what it says to export."""
    command = [sys.executable, "-S", "-m", "sandbox"]
    with subprocess.Popen(
        command, cwd=workshop.root, env=workshop.environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        exported: dict[str, str] = {}
        for line in process.stdout:
            exported.update(re.findall("export (.*)=(.*)", line))
            if line.startswith("Every operation"):
                break
        yield exported
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


def test_sandbox(served: dict[str, str]) -> None:
    """The sandbox answers with the document's examples, to whoever has the token, and can be told to fail."""
    url, key = served[f"{VARIABLES}_BASE_URL"], served[f"{VARIABLES}_API_KEY"]
    with httpx.Client(base_url=url, trust_env=False, headers={"X-Farm-Key": key}) as http:
        shot = http.get("/scenes/harbour/shots/t-41")
        assert (shot.status_code, shot.json()["phase"], shot.json()["camera"]) == (200, "waiting", "crane")
        assert http.post("/scenes/harbour/shots", json={"camera": "crane"}).status_code == 202
        assert http.post("/scenes/harbour/shots", json={"prompt": "A horse"}).status_code == 400
        assert http.get("/textures").json() == [{"slug": "oak"}]
        assert http.get("/textures", headers={"X-Farm-Key": "another"}).status_code == 401
        origin = url.removesuffix("/v2")
        assert http.post(f"{origin}/_sandbox/fail?status=503").status_code == 204
        assert http.get("/textures").status_code == 503


def test_vendor(workshop: Workshop, tmp_path: Path) -> None:
    """The package can be vendored, and the copy checked."""
    target = str(tmp_path / "studio" / "farm")
    workshop.run("scripts/vendor.py", target)
    assert "up to date" in workshop.run("scripts/vendor.py", "--check", target)
    assert f"# {PACKAGE}, vendored" in (tmp_path / "studio" / "farm" / "VENDORED.md").read_text("utf-8")


@pytest.mark.git
def test_changes(workshop: Workshop) -> None:
    """What a later edit of the document changes for users is told in the names of that API."""
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "Begin")):
        subprocess.run([*git, *command], cwd=workshop.root, env=workshop.environment, check=True)
    assert "no changes since HEAD" in workshop.run("scripts/changes", "HEAD")
    document = workshop.root / "openapi.yaml"
    before = document.read_text("utf-8")
    document.write_text(
        before.replace("        samples: {", "        shutter: {type: number}\n        samples: {"), "utf-8"
    )
    said = workshop.run("scripts/changes", "HEAD")
    document.write_text(before, "utf-8")
    assert "shutter" in said
    assert "0 breaking" in said


def test_build(workshop: Workshop, tmp_path: Path) -> None:
    """A wheel and an sdist of the package can be built."""
    workshop.run("-m", "build", "--no-isolation", "--outdir", str(tmp_path), "generated")
    assert {path.name for path in tmp_path.iterdir()} == {
        "render_farm_client-2.4.0-py3-none-any.whl",
        "render_farm_client-2.4.0.tar.gz",
    }
