"""A vendored copy works in its new home, tells what happened to it, and is never half a copy."""

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path

import pytest

from kill_updates import load, read_tree
from rig import Sandbox
from support.environment import unmeasured

ROOT = Path(__file__).parent.parent
SOURCES = (
    "LICENSE",
    "generated",
    "openapi.yaml",
    "pyproject.toml",
    "scripts/vendor.py",
    "scripts/folders.py",
    "scripts/revisions.py",
)
PAPERS = {"LICENSE", "README.md", "VENDORED.md", "SHA256SUMS", ".gitattributes"}
# Where the packages are that the client needs; Python run with -S adds nothing to them.
INSTALLED = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}


class Project:
    """A checkout of this project that a test can change, and its scripts/vendor.py."""

    def __init__(self, root: Path) -> None:
        for source in SOURCES:
            target = root / source
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
            else:
                shutil.copy(ROOT / source, target)
        self.root = root
        self.package = root / "generated" / "leap_client"
        self._script = load(root / "scripts" / "vendor.py")

    def vendor(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Run the script, and give its exit status, what it printed, and what it printed as errors."""
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as errors:
            status = self._script.main([str(argument) for argument in arguments])
        return status, out.getvalue(), errors.getvalue()

    def make(self, dest: Path) -> Path:
        """Make or update a copy."""
        status, _, errors = self.vendor(dest)
        assert (status, errors) == (0, "")
        return dest

    def check(self, dest: Path) -> dict[str, str]:
        """Give what the script says of each file of a copy; the exit status and the form of it all are checked."""
        status, out, errors = self.vendor("--check", dest)
        lines = re.findall(r"^  (edited|missing|left over|outdated): +(\S+)$", errors, re.MULTILINE)
        assert status == (1 if lines else 0)
        assert out == ("" if lines else f"{dest} is up to date.\n")
        return {path: word for word, path in lines}

    def release(self) -> None:
        """Make a new version: one file changed, one vanished, one new."""
        append(self.package / "__init__.py", '__version__ = "9.9.9"\n')
        (self.package / "py.typed").unlink()
        (self.package / "added.py").write_text("ADDED = True\n")
        about = self.root / "generated" / "pyproject.toml"
        about.write_text(re.sub("(?m)^version = .*", 'version = "9.9.9"', about.read_text()))


def append(file: Path, text: str = "# changed\n") -> None:
    """Change a file at its end, or make it."""
    with file.open("a") as stream:
        stream.write(text)


def everything(folder: Path) -> dict[str, bytes | str]:
    """Give all that is below a folder, by path there: what files hold, where links lead to, and what else there is."""
    return {str(path.relative_to(folder)): content(path) for path in folder.rglob("*")}


def content(path: Path) -> bytes | str:
    """Give what a file holds, where a link leads to, or what else it is."""
    if path.is_symlink():
        return f"link to {path.readlink()}"
    return path.read_bytes() if path.is_file() else "folder" if path.is_dir() else "something else"


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody, without the settings of whoever runs the tests."""
    identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", *identity, *arguments]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit_all(folder: Path) -> str:
    """Commit all that is in a folder to a repository of its own, and give the commit."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "All of it")
    return git(folder, "rev-parse", "HEAD")


def python(code: str, *paths: Path, sent: bytes = b"", **variables: str) -> bytes:
    """Run code that can import what is in some folders and the packages the client needs, and nothing else of ours."""
    search = os.pathsep.join([*map(str, paths), *INSTALLED])
    command = [sys.executable, "-S", "-W", "error", "-c", code]
    env = {"PYTHONPATH": search, **variables}
    done = subprocess.run(command, env=env, input=sent, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A checkout to vendor from."""
    return Project(tmp_path / "project")


@pytest.fixture
def copy(project: Project, tmp_path: Path) -> Path:
    """A copy as it was made."""
    return project.make(tmp_path / "host" / "acme" / "_vendor" / "leap_client")


# What a copy is.


def test_a_copy_is_the_package_and_its_papers(project: Project, copy: Path) -> None:
    """A copy holds the package, each file ended by a newline, its papers and nothing else."""
    package = {path: held and held.rstrip() + b"\n" for path, held in read_tree(project.package).items()}

    there = read_tree(copy)

    assert there.keys() == package.keys() | PAPERS
    assert package.items() <= there.items()
    assert there["LICENSE"] == (ROOT / "LICENSE").read_bytes()
    assert [*copy.parent.iterdir()] == [copy]


def test_the_note_says_what_it_is(project: Project, copy: Path) -> None:
    """VENDORED.md names version, generator, hash of the spec and what is printed, and tells how to update."""
    about = tomllib.loads((project.root / "generated" / "pyproject.toml").read_text())["project"]
    generator = re.search(r"openapi-python-client==[\d.]+", (ROOT / "pyproject.toml").read_text())
    assert generator

    note = (copy / "VENDORED.md").read_text()

    assert f"- Version: leap-client {about['version']}\n" in note
    assert f"- Generator: {generator[0]}\n" in note
    assert f"- SHA-256 of openapi.yaml: {hashlib.sha256((ROOT / 'openapi.yaml').read_bytes()).hexdigest()}\n" in note
    assert project.vendor("--force", copy)[1].partition("\n")[2].strip() in note
    assert "Do not edit" in note
    assert "make vendor DEST=<this folder>" in note
    assert "To uninstall it" in note
    assert str(project.root) not in note


def test_the_needs_are_printed(project: Project, tmp_path: Path) -> None:
    """The requirements to add to the host's own are printed as generated/pyproject.toml has them, extras included."""
    about = project.root / "generated" / "pyproject.toml"
    about.write_text(about.read_text().replace("dependencies = [", 'dependencies = ["made-up>=7", ', 1))
    written = tomllib.loads(about.read_text())["project"]

    _, out, _ = project.vendor(tmp_path / "leap_client")

    for requirement in chain(written["dependencies"], *written["optional-dependencies"].values()):
        assert f"\n    {requirement}\n" in out
    assert written["requires-python"] in out
    assert "To check types, also:\n\n    types-python-dateutil\n" in out


def commit_of(project: Project, dest: Path) -> str:
    """Vendor, and give what the note says about the commit."""
    line = re.search("^- Commit: (.+)$", (project.make(dest) / "VENDORED.md").read_text(), re.MULTILINE)
    assert line
    return line[1]


@pytest.mark.git
def test_the_note_names_the_commit(project: Project, tmp_path: Path) -> None:
    """VENDORED.md names the commit that is checked out."""
    commit = commit_all(project.root)

    assert commit_of(project, tmp_path / "leap_client") == commit


@pytest.mark.parametrize("change", ["generated/leap_client/client.py", "generated/leap_client/new.py", "openapi.yaml"])
@pytest.mark.git
def test_the_note_tells_of_changes(project: Project, tmp_path: Path, change: str) -> None:
    """VENDORED.md says so if what was copied is not what was committed."""
    commit = commit_all(project.root)
    append(project.root / change)

    assert commit_of(project, tmp_path / "leap_client") == f"{commit}, with changes that were not committed"


@pytest.mark.parametrize("around", ["nothing", pytest.param("a repository that ignores it", marks=pytest.mark.git)])
def test_the_note_tells_of_no_checkout(project: Project, tmp_path: Path, around: str) -> None:
    """VENDORED.md says so if the files are in no git checkout, and does not name the commit of something else."""
    if around != "nothing":
        (tmp_path / ".gitignore").write_text("project\n")
        commit_all(tmp_path)

    assert commit_of(project, tmp_path / "leap_client") == "unknown, since the files were not in a git checkout"


@pytest.mark.git
def test_the_note_is_not_misled_by_a_hook(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """VENDORED.md names the project's commit also when a git hook of the host runs the script."""
    commit = commit_all(project.root)
    host = tmp_path / "host"
    host.mkdir()
    assert commit_all(host) != commit
    monkeypatch.setenv("GIT_DIR", str(host / ".git"))

    assert commit_of(project, host / "leap_client") == commit


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum is a tool of GNU, macOS has it under another name")
def test_sha256sum_alone_checks_a_copy(copy: Path) -> None:
    """`sha256sum -c SHA256SUMS` covers every other file, passes on a copy, and fails on an edited one."""
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]

    intact = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    append(copy / "models" / "__init__.py")
    edited = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)

    assert intact.returncode == 0, intact
    assert {line.removesuffix(": OK") for line in intact.stdout.splitlines()} == read_tree(copy).keys() - {"SHA256SUMS"}
    assert edited.returncode == 1
    assert "models/__init__.py: FAILED\n" in edited.stdout


@pytest.mark.parametrize("parts", [("acme", "_vendor"), ("acme",)], ids=["packages", "namespace in a package"])
@pytest.mark.parametrize("layout", [".", "src"])
def test_the_reference_is_right_in_its_place(project: Project, tmp_path: Path, layout: str, parts: list[str]) -> None:
    """README.md of a copy imports it by the name of its place, and the lines of VENDORED.md are those of its path."""
    copy = tmp_path / "host" / layout / "acme" / "_vendor" / "leap_client"
    copy.mkdir(parents=True)
    append(tmp_path / "host" / "pyproject.toml")
    for end in range(1, len(parts) + 1):
        append(tmp_path.joinpath("host", layout, *parts[:end], "__init__.py"), "")
    project.make(copy)

    reference, note = ((copy / name).read_text() for name in ("README.md", "VENDORED.md"))

    assert "from acme._vendor.leap_client import " in reference
    assert not re.search(r"(?<!\.)\bleap_client\b|pip install \.", reference)
    path = "/".join([*Path(layout).parts, "acme/_vendor/leap_client"])
    assert f'extend-exclude = ["{path}"]' in note
    assert f"`exclude: {path}/`" in note
    assert '"acme._vendor.leap_client.*"' in note
    assert project.check(copy) == {}


def test_a_place_must_be_named(project: Project) -> None:
    """`make vendor` alone says what to name."""
    status, out, errors = project.vendor("")

    assert (status, out) == (1, "")
    assert re.fullmatch(r"error: DEST is missing\. .*: make .*vendor DEST=acme/_vendor/leap_client\n", errors)


@pytest.mark.git
def test_the_note_names_the_document_of_the_code(project: Project, tmp_path: Path) -> None:
    """VENDORED.md has the checksum of the document that the code was made from, not of one that was edited since."""
    made_from = hashlib.sha256((project.root / "openapi.yaml").read_bytes()).hexdigest()
    commit_all(project.root)
    append(project.root / "openapi.yaml")

    assert made_from in (project.make(tmp_path / "leap_client") / "VENDORED.md").read_text()


@pytest.mark.git
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to somebody else")
def test_the_note_tells_of_somebody_elses_checkout(project: Project, tmp_path: Path) -> None:
    """VENDORED.md says why it names no commit where git does not trust the owner of the checkout."""
    commit_all(project.root)
    os.chown(project.root, 12345, 12345)
    os.chown(project.root / ".git", 12345, 12345)

    assert commit_of(project, tmp_path / "leap_client") == "unknown, since git could not read the checkout"


def test_a_home_folder_is_found(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` is the home folder, also where no shell sees it, as in `make vendor DEST=~/acme/leap_client`."""
    monkeypatch.setenv("HOME", str(tmp_path))

    project.vendor("~/acme/leap_client")

    assert project.check(tmp_path / "acme" / "leap_client") == {}


@pytest.mark.skipif(not shutil.which("make"), reason="needs make")
def test_a_relative_place_is_seen_from_the_user(project: Project, tmp_path: Path) -> None:
    """`make -C <checkout> vendor DEST=...` means a place in the folder where it is typed."""
    shutil.copy(ROOT / "Makefile", project.root)
    command = ["sh", "-c", f"make --silent -C project vendor DEST=acme/leap_client PYTHON={sys.executable}"]

    subprocess.run(command, cwd=tmp_path, stdout=subprocess.DEVNULL, check=True)

    assert project.check(tmp_path / "acme" / "leap_client") == {}


# Checks and updates.

Change = Callable[[Path], object]


def edit(file: str) -> Change:
    """Make the change that adds a line to a file, and the file if need be."""
    return lambda folder: append(folder / file)


def rewrite(file: str, text: str) -> Change:
    """Make the change that gives a file another text."""
    return lambda folder: (folder / file).write_text(text)


def remove(file: str) -> Change:
    """Make the change that takes a file away."""
    return lambda folder: (folder / file).unlink()


def link(name: str, to: str) -> Change:
    """Make the change that puts a symbolic link somewhere."""
    return lambda folder: (folder / name).symlink_to(to)


def make(folder: str) -> Change:
    """Make the change that makes a folder."""
    return lambda parent: (parent / folder).mkdir(parents=True)


def several(*changes: Change) -> Change:
    """Make the change that is several, one after the other."""

    def apply(folder: Path) -> None:
        for change in changes:
            change(folder)

    return apply


LOCAL_CHANGES = {
    "edited": (edit("client.py"), {"client.py": "edited"}),
    "emptied": (rewrite("LICENSE", ""), {"LICENSE": "edited"}),
    "missing": (remove("models/__init__.py"), {"models/__init__.py": "missing"}),
    "left over": (edit("models/mine.py"), {"models/mine.py": "left over"}),
    "left over and hidden": (edit(".env"), {".env": "left over"}),
    "left over in a new folder": (several(make("a/b"), edit("a/b/c.txt")), {"a/b/c.txt": "left over"}),
    "note edited": (edit("VENDORED.md"), {"VENDORED.md": "edited"}),
    "note rewritten": (rewrite("VENDORED.md", "Mine"), {"VENDORED.md": "edited"}),
    "note missing": (remove("VENDORED.md"), {"VENDORED.md": "missing"}),
    "checksums edited": (edit("SHA256SUMS"), {"SHA256SUMS": "edited"}),
    "checksums missing": (remove("SHA256SUMS"), {"SHA256SUMS": "missing"}),
    "checksums missing, file edited": (
        several(remove("SHA256SUMS"), edit("client.py")),
        {"SHA256SUMS": "missing", "client.py": "edited"},
    ),
    "file made a folder": (
        several(remove("types.py"), make("types.py"), edit("types.py/a.py")),
        {"types.py": "missing", "types.py/a.py": "left over"},
    ),
    "file made a link": (several(remove("types.py"), link("types.py", "errors.py")), {"types.py": "edited"}),
    "note made a link": (several(remove("VENDORED.md"), link("VENDORED.md", "/")), {"VENDORED.md": "edited"}),
    "link to a folder": (link("a", ".."), {"a": "left over"}),
    "link to nowhere": (link("a", "nowhere"), {"a": "left over"}),
    "link called a cache": (link("__pycache__", ".."), {"__pycache__": "left over"}),
    "pipe": (lambda copy: os.mkfifo(copy / "pipe"), {"pipe": "left over"}),
}
PROJECT_CHANGES = {
    "file changed": (edit("generated/leap_client/client.py"), {"client.py": "outdated"}),
    "file vanished": (remove("generated/leap_client/types.py"), {"types.py": "outdated"}),
    "file new": (edit("generated/leap_client/added.py"), {"added.py": "outdated"}),
    "licence changed": (edit("LICENSE"), {"LICENSE": "outdated"}),
    "spec changed": (edit("openapi.yaml"), {"VENDORED.md": "outdated"}),
}


def each(changes: Mapping[str, tuple[Change, dict[str, str]]]) -> pytest.MarkDecorator:
    """Run a test once for each change."""
    return pytest.mark.parametrize(("change", "expected"), changes.values(), ids=changes.keys())


def test_a_fresh_copy_is_up_to_date(project: Project, copy: Path) -> None:
    """A copy that nobody touched has nothing to report, and an update writes nothing."""
    before = copy.stat()

    assert project.check(copy) == {}
    assert f"{copy} is up to date." in project.vendor(copy)[1]
    # The time of the last access changes: the folder is read.
    after = copy.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_ctime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
        before.st_ctime_ns,
    )


@pytest.mark.parametrize("cache", ["__pycache__", "models/__pycache__", ".mypy_cache", ".ruff_cache"])
def test_caches_do_not_count(project: Project, copy: Path, cache: str) -> None:
    """What tools keep beside the files is neither reported nor in the way of an update."""
    (copy / cache).mkdir()
    append(copy / cache / "types.cpython-313.pyc")

    assert project.check(copy) == {}
    project.release()
    project.make(copy)


@pytest.mark.git
def test_another_commit_of_the_same_files_does_not_count(project: Project, copy: Path) -> None:
    """A copy is not outdated because something else was committed to the project."""
    commit_all(project.root)

    assert project.check(copy) == {}


@each(LOCAL_CHANGES)
def test_local_changes_are_reported(project: Project, copy: Path, change: Change, expected: dict[str, str]) -> None:
    """Whatever was done to a copy by hand is reported with its file, and the check itself changes nothing."""
    change(copy)
    before = everything(copy.parent)

    assert project.check(copy) == expected
    assert everything(copy.parent) == before


@each(LOCAL_CHANGES)
def test_local_changes_are_kept(project: Project, copy: Path, change: Change, expected: dict[str, str]) -> None:
    """An update refuses to undo what was done by hand: it names the files and the way out, and changes nothing."""
    change(copy)
    before = everything(copy.parent)

    status, out, errors = project.vendor(copy)

    assert (status, out) == (1, "")
    assert all(re.search(rf"^  {word}: +{re.escape(path)}$", errors, re.MULTILINE) for path, word in expected.items())
    assert f" vendor DEST={copy} FORCE=1" in errors
    assert everything(copy.parent) == before


@pytest.mark.parametrize("change", [change for change, _ in LOCAL_CHANGES.values()], ids=LOCAL_CHANGES.keys())
def test_local_changes_can_be_dropped(project: Project, copy: Path, change: Change) -> None:
    """`--force` gives the copy that was made at first, and leaves nothing beside it."""
    made = everything(copy.parent)
    change(copy)

    assert project.vendor("--force", copy)[0] == 0
    assert everything(copy.parent) == made


@each(PROJECT_CHANGES)
def test_an_outdated_copy_is_reported_and_updated(
    project: Project, copy: Path, change: Change, expected: dict[str, str]
) -> None:
    """What changed, vanished or is new in the project is reported, and an update makes it so."""
    change(project.root)

    assert project.check(copy) == expected | {"SHA256SUMS": "outdated"}
    project.make(copy)

    assert project.check(copy) == {}
    assert everything(copy) == everything(project.make(copy.parent / "another" / copy.name))


def test_an_edit_of_an_outdated_file_is_reported_as_an_edit(project: Project, copy: Path) -> None:
    """Where a file was edited here and changed there, the edit is what an update would lose."""
    append(copy / "client.py", "# here\n")
    append(project.package / "client.py", "# there\n")

    assert project.check(copy)["client.py"] == "edited"


def test_converted_line_endings_are_edits(project: Project, copy: Path) -> None:
    """A copy that git or an editor gave other line endings is still known as one, and it is said what happened."""
    for file in copy.rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    found = project.check(copy)

    assert set(found.values()) == {"edited", "outdated"}
    assert [path for path, word in found.items() if word == "outdated"] == [".gitattributes"]
    assert found.keys() >= PAPERS
    assert "Only line endings or white space differ in all that are edited" in project.vendor("--check", copy)[2]


def test_a_hook_is_told_from_an_edit(project: Project, copy: Path) -> None:
    """Of the files that were edited, those that lost or got nothing but white space are named."""
    append(copy / "client.py", "\n")
    append(copy / "errors.py")

    for options in ([], ["--check"]):
        errors = project.vendor(*options, copy)[2]
        assert "Only line endings or white space differ in client.py: a hook, a formatter or git did that." in errors


@pytest.mark.parametrize("name", [".DS_Store", "models/.DS_Store", ".client.py.swp", "client.py~", "api/x.pyc"])
def test_litter_does_not_stop_an_update(project: Project, copy: Path, name: str) -> None:
    """What file managers, editors and Python leave in a copy is no local change."""
    append(copy / name)

    assert project.check(copy) == {}
    project.release()
    project.make(copy)


def test_own_attributes_do_not_stop_an_update(project: Project, copy: Path) -> None:
    """A .gitattributes that somebody put into a copy gives way to that of the copy, which keeps line endings."""
    (copy / ".gitattributes").write_text("* linguist-vendored\n")

    assert project.check(copy) == {".gitattributes": "outdated"}
    project.make(copy)

    assert (copy / ".gitattributes").read_text() == "* -text\n"


def test_the_usual_hooks_find_nothing_to_change(copy: Path) -> None:
    """No file of a copy has trailing white space, other line endings than LF, or an end that a hook would mend."""
    for path, held in read_tree(copy).items():
        assert not re.search(rb"[ \t\r]$|\r", held, re.MULTILINE), path
        assert not held or re.search(rb"[^\n]\n\Z", held), path


@pytest.mark.git
def test_ignored_files_are_warned_of(project: Project, tmp_path: Path) -> None:
    """Files that the host's repository would not commit are named with the line that ignores them, until they are."""
    host = tmp_path / "host"
    host.mkdir()
    (host / ".gitignore").write_text("*.log\nmodels/\n*.md\n!README.md\n")
    commit_all(host)

    for options in ([], ["--check"]):
        status, _, errors = project.vendor(*options, host / "leap_client")
        assert status == len(options)
        assert "git will not commit models/__init__.py: 'models/' in line 2 of .gitignore\n" in errors
        assert "git will not commit VENDORED.md: '*.md' in line 3 of .gitignore\n" in errors
        assert "README.md" not in errors

    git(host, "add", "--force", "leap_client")
    assert project.check(host / "leap_client") == {}


@pytest.mark.git
def test_a_checkout_on_windows_is_intact(project: Project, tmp_path: Path) -> None:
    """Where git turns line endings to CRLF, those of a committed copy stay as they are."""
    host, clone = tmp_path / "host", tmp_path / "clone"
    project.make(host / "leap_client")
    commit_all(host)
    git(tmp_path, "clone", "--quiet", "--config", "core.autocrlf=true", str(host), str(clone))

    assert project.check(clone / "leap_client") == {}


def test_a_check_of_nothing_says_how_to_make_a_copy(project: Project, tmp_path: Path) -> None:
    """Where there is no copy to check, the error names the command that makes one."""
    status, _, errors = project.vendor("--check", tmp_path / "leap_client")

    assert status == 1
    assert f" vendor DEST={tmp_path / 'leap_client'}\n" in errors


# Places.


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(several(), id="nothing"),
        pytest.param(make("acme"), id="the folder above"),
        pytest.param(make("acme/leap_client"), id="an empty folder"),
        pytest.param(make("acme/leap_client/models/old"), id="empty folders"),
        pytest.param(
            several(make("acme/leap_client/__pycache__"), edit("acme/leap_client/__pycache__/types.pyc")), id="a cache"
        ),
    ],
)
def test_a_copy_needs_no_preparation(project: Project, tmp_path: Path, prepare: Change) -> None:
    """A copy is made where there is nothing, or nothing that counts."""
    prepare(tmp_path)

    project.make(tmp_path / "acme" / "leap_client")

    assert read_tree(tmp_path / "acme" / "leap_client").keys() == read_tree(project.package).keys() | PAPERS


OTHER_NOTE = "# other_client, vendored\n"
OTHER_SUMS = f"{hashlib.sha256(OTHER_NOTE.encode()).hexdigest()}  VENDORED.md\n"
FOREIGN = "is not a copy of leap_client"
NO_NAME = "could not be imported"
# Place, what is done before, and the reason that is given.
REFUSED = {
    "folder of something else": ("src", several(make("src"), edit("src/main.py")), FOREIGN),
    "checksums of something else": ("src", several(make("src"), edit("src/SHA256SUMS")), FOREIGN),
    "copy of another package": (
        "src",
        several(make("src"), rewrite("src/VENDORED.md", OTHER_NOTE), rewrite("src/SHA256SUMS", OTHER_SUMS)),
        FOREIGN,
    ),
    "file": ("leap_client", edit("leap_client"), "is not a folder"),
    "link to a folder": ("leap_client", link("leap_client", "project"), "is a symbolic link"),
    "link to nowhere": ("leap_client", link("leap_client", "nowhere"), "is a symbolic link"),
    "link to itself": ("leap_client", link("leap_client", "leap_client"), "is a symbolic link"),
    "hyphen": ("leap-client", several(), NO_NAME),
    "hidden": (".leap_client", several(), NO_NAME),
    "keyword": ("import", several(), NO_NAME),
    "here": (".", several(), NO_NAME),
    "above": ("project/..", several(), NO_NAME),
    "the package itself": ("project/generated/leap_client", several(), "is in generated/"),
    "inside the package": ("project/generated/leap_client/copy", several(), "is in generated/"),
    "inside the package by a link": ("a/copy", link("a", "project/generated/leap_client"), "is in generated/"),
    "below a link to itself": ("a/copy", link("a", "a"), ""),
    "below a file": ("project/LICENSE/copy", several(), ""),
}


@pytest.mark.parametrize("options", [[], ["--check"], ["--force"]], ids=["update", "check", "force"])
@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED.keys())
def test_what_can_be_no_copy_is_left_alone(
    project: Project, monkeypatch: pytest.MonkeyPatch, options: list[str], refused: tuple[str, Change, str]
) -> None:
    """A place that holds something else or can hold no package is refused, even with `--force`; the error says why."""
    place, prepare, reason = refused
    # From there, a relative path is enough.
    folder = project.root.parent
    monkeypatch.chdir(folder)
    prepare(folder)
    before = everything(folder)

    status, out, errors = project.vendor(*options, place)

    assert (status, out) == (1, "")
    assert errors.startswith("error: ")
    assert f"{Path(place)} " in errors
    assert reason in errors
    assert everything(folder) == before


def test_links_are_not_followed_out_of_a_copy(project: Project, copy: Path, tmp_path: Path) -> None:
    """An update leaves alone what symbolic links in a copy lead to, and what one planted beside it leads to."""
    treasure = tmp_path / "treasure"
    treasure.mkdir()
    append(treasure / "coin")
    (copy / "models" / "folder").symlink_to(treasure)
    (copy / "file").symlink_to(treasure / "coin")
    copy.with_name(".leap_client.replacing").symlink_to(treasure)

    assert project.vendor("--force", copy)[0] == 0

    assert project.check(copy) == {}
    assert [*copy.parent.iterdir()] == [copy]
    assert everything(treasure) == {"coin": b"# changed\n"}


# Interruptions.


@pytest.fixture
def versions(tmp_path: Path) -> list[Project]:
    """Two checkouts whose packages differ in files that changed, vanished and are new."""
    projects = [Project(tmp_path / name) for name in ("before", "after")]
    projects[1].release()
    return projects


def kill_updates(count: str, dest: Path, projects: list[Project], *options: str) -> list[str]:
    """Kill so many updates of a copy, and give what each left: `old`, `new`, `gone`, or worse."""
    script = Path(__file__).with_name("kill_updates.py")
    roots = [project.root for project in projects]
    command: list[str | Path] = [sys.executable, "-I", script, count, dest, *roots, *options]
    outcomes: list[str] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return outcomes


@pytest.fixture
def _exchanging(versions: list[Project], tmp_path: Path) -> None:
    """Skip a test where the file system cannot let folders trade places."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    if not load(versions[0].root / "scripts" / "vendor.py").folders.exchange(one, other):
        pytest.skip("the file system of the temporary folder cannot exchange folders")


@pytest.mark.usefixtures("_exchanging")
def test_kill_9_at_any_time_leaves_a_whole_copy(versions: list[Project], tmp_path: Path, *, full: bool) -> None:
    """Updates killed at 40 or 200 random moments: there is always one package, the old copy or the new one."""
    kills = 200 if full else 40

    outcomes = kill_updates(str(kills), tmp_path / "host" / "leap_client", versions)

    assert len(outcomes) == kills
    assert set(outcomes) <= {"old", "new"}


def strip(projects: list[Project]) -> None:
    """Leave little of the packages, since every file of them has the same steps."""
    for project in projects:
        for folder in ("api", "resources"):
            shutil.rmtree(project.package / folder)
        for file in project.package.rglob("[_d-s]*.py"):
            file.unlink()


@pytest.mark.usefixtures("_exchanging")
def test_kill_9_before_each_step_leaves_a_whole_copy(versions: list[Project], tmp_path: Path) -> None:
    """Of the changes that an update makes to the file system, one alone turns the old copy into the new one."""
    strip(versions)

    outcomes = kill_updates("each-step", tmp_path / "host" / "leap_client", versions)

    old, new = outcomes.count("old"), outcomes.count("new")
    assert min(old, new) > 0
    assert outcomes == ["old"] * old + ["new"] * new


def test_without_exchange_the_next_run_mends_it(versions: list[Project], tmp_path: Path) -> None:
    """Where folders cannot trade places, no copy is ever broken; at one step there is none until the next run."""
    strip(versions)

    outcomes = kill_updates("each-step", tmp_path / "host" / "leap_client", versions, "--without-exchange")

    old, new = outcomes.count("old"), outcomes.count("new")
    assert min(old, new) > 0
    assert outcomes == ["old"] * old + ["gone"] + ["new"] * new


def test_what_an_interrupted_run_left_cannot_be_imported_and_goes_away(project: Project, copy: Path) -> None:
    """What an interrupted run left beside a copy has no name that can be imported, and the next run removes it."""
    workplace = copy.with_name(".leap_client.replacing")
    (workplace / "new").mkdir(parents=True)
    append(workplace / "new" / "__init__.py")

    assert not workplace.name.isidentifier()
    project.make(copy)

    assert [*copy.parent.iterdir()] == [copy]


def test_an_update_that_cannot_write_changes_nothing(versions: list[Project], tmp_path: Path) -> None:
    """An update that runs out of space leaves the copy as it was, and nothing beside it; the error says so."""
    copy = versions[0].make(tmp_path / "host" / "leap_client")
    before = everything(copy.parent)
    command: list[str | Path] = [sys.executable, "-E", "-s", versions[1].root / "scripts" / "vendor.py", copy]

    limited = ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *command]
    done = subprocess.run(limited, env=unmeasured(), capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert re.match(r"error: .*File too large.*\n.* is unchanged or fully updated\. Remove the cause", done.stderr)
    assert everything(copy.parent) == before


def test_runs_at_the_same_time_wait_for_each_other(versions: list[Project], tmp_path: Path) -> None:
    """Of several updates at once each one succeeds, and the copy is whole."""
    copy = versions[0].make(tmp_path / "host" / "leap_client")
    command: list[str | Path] = [sys.executable, "-E", "-s", versions[1].root / "scripts" / "vendor.py", copy]

    runs = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(4)]

    assert [run.wait() for run in runs] == [0, 0, 0, 0]
    assert versions[1].check(copy) == {}
    assert [*copy.parent.iterdir()] == [copy]


# Use.

GENERATE = """
import os
from acme._vendor.leap_client import Leap, PublicModel

with Leap(os.environ["TOKEN"], base_url=os.environ["URL"]) as leap:
    job = leap.images.generate(PublicModel.SDXL, prompt="A photo of an astronaut riding a horse")
    print(leap.images.find_one(PublicModel.SDXL, job.id).id)
"""


@pytest.mark.git
def test_a_committed_copy_works_in_a_clone(project: Project, sandbox: Sandbox, tmp_path: Path) -> None:
    """A copy that was committed to a repository is whole in a clone of it, and generates images from there."""
    host, clone = tmp_path / "host", tmp_path / "clone"
    (host / "acme").mkdir(parents=True)
    append(host / "acme" / "__init__.py")
    project.make(host / "acme" / "_vendor" / "leap_client")
    commit_all(host)
    git(tmp_path, "clone", "--quiet", str(host), str(clone))

    printed = python(GENERATE, clone, URL=sandbox.url, TOKEN=sandbox.token)

    assert [job.id for job in sandbox.submitted] == [printed.decode().strip()]
    assert project.check(clone / "acme" / "_vendor" / "leap_client") == {}


IMPORT_ALL = """
import importlib, os, pkgutil, sys
package = importlib.import_module(os.environ["NAME"])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
assert package.Leap.__module__ == os.environ["NAME"] + ".client"
assert os.environ["NAME"] == "leap_client" or "leap_client" not in sys.modules
"""


@pytest.mark.parametrize("name", ["leap_client", "painter", "acme._vendor.leap_client", "acme.vendored.a.b.images2"])
def test_a_copy_works_under_any_name(project: Project, tmp_path: Path, name: str) -> None:
    """Every module of a copy can be imported wherever it lies and whatever it is called, without the original."""
    project.make(tmp_path.joinpath("host", *name.split(".")))

    python(IMPORT_ALL, tmp_path / "host", NAME=name)


PICKLE = """
import importlib, json, os, pickle, sys

name = os.environ["NAME"]
package = importlib.import_module(name)
models = importlib.import_module(name + ".models")
body = json.loads(sys.stdin.read())
things = [
    package.Leap("made-up", base_url="http://127.0.0.1:9"),
    models.InferenceEntity.from_dict(body),
    models.JobState("paused"),
    package.PublicModel.SDXL,
    package.UNSET,
    package.errors.DecodeError("images[0].uri", "is missing"),
]
os.write(1, pickle.dumps(things))
"""
UNPICKLE = """
import os, pickle, sys

client, job, state, model, unset, error = pickle.loads(sys.stdin.buffer.read())
assert job.id and job.current_state and state == "paused" and not unset, (job, state, unset)
assert str(error) == "images[0].uri is missing"
modules = {type(thing).__module__.removesuffix(".client") for thing in (client, job, state, model, unset, error)}
loaded = {name.removesuffix(".client") for name in sys.modules if name.endswith("leap_client.client")}
assert all(name.startswith(os.environ["NAME"]) for name in modules), modules
assert loaded == {os.environ["NAME"]}, loaded
"""


@pytest.mark.parametrize("name", ["acme._vendor.leap_client", "leap_client"])
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "beside another"])
def test_pickles_need_no_other_copy(project: Project, tmp_path: Path, name: str, *, alone: bool) -> None:
    """What one copy pickled loads where only it is, and uses only it where others are as well."""
    answer = json.loads((ROOT / "tests/recordings/findOne/finished-2023-02-13.json").read_text())["response"]
    project.make(tmp_path / "host" / "acme" / "_vendor" / "leap_client")
    project.make(tmp_path / "installed" / "leap_client")
    places = [tmp_path / ("host" if "." in name else "installed")]
    both = [tmp_path / "host", tmp_path / "installed"]

    pickled = python(PICKLE, *(places if alone else both), sent=json.dumps(answer["json"]).encode(), NAME=name)
    python(UNPICKLE, *(places if alone else both), sent=pickled, NAME=name)


SIDE_BY_SIDE = """
import logging, os, sys
import leap_client as installed
from acme._vendor import leap_client as vendored
from acme._vendor import leap_client_next as following

packages = [installed, vendored, following]
assert following.__version__ == "9.9.9" != vendored.__version__ == installed.__version__
for things in (
    [package.Leap for package in packages],
    [package.UNSET for package in packages],
    [package.errors.LeapError for package in packages],
    [package.models.InferenceEntity for package in packages],
):
    assert len(set(map(id, things))) == 3, things
model = installed.PublicModel.SDXL
for package in packages:
    with package.Leap(os.environ["TOKEN"], base_url=os.environ["URL"]) as leap:
        job = leap.images.generate(model, prompt="A photo")
        assert type(job) is package.models.InferenceEntity
        try:
            leap.images.find_one(model, "nobody's")
        except package.errors.NotFoundError as error:
            assert sum(isinstance(error, other.errors.LeapError) for other in packages) == 1
"""


def test_copies_work_side_by_side(versions: list[Project], sandbox: Sandbox, tmp_path: Path) -> None:
    """A copy, a copy of another version and an installed package share one process and no class."""
    versions[0].make(tmp_path / "host" / "acme" / "_vendor" / "leap_client")
    versions[1].make(tmp_path / "host" / "acme" / "_vendor" / "leap_client_next")

    python(SIDE_BY_SIDE, tmp_path / "host", versions[0].root / "generated", URL=sandbox.url, TOKEN=sandbox.token)

    assert len(sandbox.submitted) == 3


def test_the_command_needs_only_python(project: Project, tmp_path: Path) -> None:
    """The script runs on Python alone, without this project's environment, and explains itself."""
    command: list[str | Path] = [sys.executable, "-E", "-s", "-S", project.root / "scripts" / "vendor.py"]

    subprocess.run([*command, tmp_path / "leap_client"], stdout=subprocess.DEVNULL, check=True)
    explained = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout

    assert project.check(tmp_path / "leap_client") == {}
    assert all(option in explained for option in ("DEST", "--check", "--force", "kill -9", "SHA256SUMS"))
