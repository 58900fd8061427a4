"""What is released says what it is: its licence, its interpreters, and what it was made from."""

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

import leap_client

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build what `make build` builds, in a folder of its own."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), "generated"]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    [path] = folder.glob("*.whl")
    return path


def test_wheel_and_sdist_carry_the_licence(wheel: Path) -> None:
    """Whoever has the wheel or the sdist has the licence."""
    licence = (ROOT / "LICENSE").read_bytes()
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("/licenses/LICENSE")]
        assert archive.read(name) == licence
    [sdist] = wheel.parent.glob("*.tar.gz")
    with tarfile.open(sdist) as sources:
        [member] = [each for each in sources.getmembers() if each.name.endswith("/LICENSE")]
        file = sources.extractfile(member)
        assert file is not None
        assert file.read() == licence


def test_metadata_names_the_interpreters(wheel: Path) -> None:
    """The metadata names the supported versions of Python and the licence, and no address that does not exist."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("/METADATA")]
        metadata = HeaderParser().parsestr(archive.read(name).decode())
    classifiers = metadata.get_all("Classifier", [])
    versions = [
        each.rpartition(" ")[2] for each in classifiers if each.startswith("Programming Language :: Python :: 3.")
    ]
    assert versions == ["3.11", "3.12", "3.13", "3.14"]
    assert metadata["Requires-Python"] == ">=3.11"
    assert (metadata["License-Expression"], metadata["License-File"]) == ("MIT", "LICENSE")
    assert (metadata["Project-URL"], metadata["Home-page"]) == (None, None)
    assert metadata["Version"] == leap_client.__version__


def test_package_says_what_it_was_made_from(wheel: Path) -> None:
    """`__build__` has the checksum of openapi.yaml as it is now, the pinned generator, and no date."""
    build = leap_client.__build__
    assert build["document"] == hashlib.sha256((ROOT / "openapi.yaml").read_bytes()).hexdigest()
    assert build["generator"].replace(" ", "==") in (ROOT / "pyproject.toml").read_text("utf-8")
    assert len(build["templates"]) == 64
    with zipfile.ZipFile(wheel) as archive:
        assert all(checksum in archive.read("leap_client/_build.py").decode() for checksum in build.values())
        assert "leap_client/py.typed" in archive.namelist()
