"""The commands and what they install are as the Makefile and pyproject.toml promise."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.txt").read_text("utf-8")


def make(*arguments: str) -> str:
    """Run make as from a terminal: without what a make around the tests would hand down."""
    inherited = {"MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS"}
    environment = {key: value for key, value in os.environ.items() if key not in inherited}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def test_help_lists_every_command() -> None:
    """`make` alone lists each command of the Makefile with what it does."""
    phony = " ".join(re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    listed = re.findall(r"^make (\S+) +\S.*$", make(), re.MULTILINE)
    assert sorted(listed) == sorted(phony.split())


@pytest.mark.parametrize(
    "prompt",
    ['it\'s a "dog"', "$5 and $HOME and $(HOME) and $$", "`date`; echo #1 \\ 100%", "two\nlines", ""],
    ids=["quotes", "dollars", "shell", "lines", "empty"],
)
def test_the_prompt_arrives_as_it_was_typed(prompt: str) -> None:
    """Neither make nor the shell reads anything into the prompt of `make demo`."""
    # The demo is replaced by a command that prints what would reach it; .venv is left as it is.
    said = make("demo", f"PROMPT={prompt}", "RUN=printenv PROMPT #", "--assume-old=.venv/.ready")
    assert said == f"{prompt}\n"


def test_every_interpreter_has_its_own_venv() -> None:
    """A command with another interpreter uses a .venv of that interpreter, and leaves the one of the default alone."""
    for python, venv in (
        ("python3", ".venv"),
        ("python3.99", ".venv-python3.99"),
        ("/opt/python3.99", ".venv-python3.99"),
    ):
        said = make("--dry-run", "test", f"PYTHON={python}", f"--assume-old={venv}/.ready")
        assert said.startswith(f"{venv}/bin/python -m pytest")


def test_packages_that_cannot_be_had_are_told(tmp_path: Path) -> None:
    """Without a network, the first command says what to check, and the next one tries again."""
    pip_fails = (
        'case "$*" in "-m venv "*) mkdir -p .venv-fake/bin; cp "$0" .venv-fake/bin/python;; "-m pip "*) exit 1;; esac'
    )
    for name, text in (("requirements.txt", ""), ("fake", f"#!/bin/sh\n{pip_fails}\n")):
        (tmp_path / name).write_text(text)
    (tmp_path / "fake").chmod(0o755)
    command = ["make", "-f", str(ROOT / "Makefile"), "demo", f"PYTHON={tmp_path}/fake"]
    for _ in range(2):
        done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
        assert done.returncode == 2
        assert "The packages were not installed. Is the network there, " in done.stderr
    assert not (tmp_path / ".venv-fake/.ready").exists()


def test_the_matrix_takes_what_it_finds(tmp_path: Path) -> None:
    """`make matrix` runs the tests with each interpreter of the list that works, and passes over the others."""
    (tmp_path / "python-of-a-test").symlink_to(sys.executable)
    recipe = f"PYTHONS=no-such-python {tmp_path}/python-of-a-test", "MAKE=echo make"
    assert make("matrix", *recipe) == f"== {tmp_path}/python-of-a-test\nmake test PYTHON={tmp_path}/python-of-a-test\n"


def test_the_lock_names_no_host() -> None:
    """requirements.txt works with any package index: it holds names, versions and hashes, and no address."""
    assert "://" not in LOCK
    assert not re.findall(r"^\s*-(?!-hash=sha256:)", LOCK, re.MULTILINE)


def test_every_direct_dependency_is_pinned_and_locked() -> None:
    """Each version in pyproject.toml is exact, and the one in requirements.txt."""
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]["dev"]
    locked = set(re.findall(r"^([a-z0-9-]+==[^ \n]+)", LOCK, re.MULTILINE))
    assert {re.sub("[._]", "-", name) + version for name, version in map(_split, dependencies)} <= locked


def _split(requirement: str) -> tuple[str, str]:
    name, equals, version = requirement.partition("==")
    return name.lower(), equals + version
