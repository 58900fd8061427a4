"""Copy the package into another project, check such a copy, or update it.

    make vendor DEST=acme/_vendor/client           make or update the copy
    make vendor DEST=acme/_vendor/client CHECK=1   report how it differs from what this checkout would write
    make vendor DEST=acme/_vendor/client FORCE=1   update it even if that discards local changes

A copy can be imported under any name, and needs nothing of this checkout. It contains the licence, VENDORED.md (where
it comes from, how to update it) and SHA256SUMS: `sha256sum -c SHA256SUMS` in the copy verifies it.

An update that is interrupted, even by `kill -9`, leaves the old copy or the new one, complete; the next run cleans up.
This holds where two folders can be exchanged atomically, as on the local disks of Linux and macOS. Elsewhere, on NFS
for instance, there is an instant without a copy; the next run restores the old one first.
"""

import argparse
import hashlib
import keyword
import os
import re
import shlex
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import folders
import revisions

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ROOT / "generated"
PACKAGE = next(GENERATED.glob("*/client.py")).parent
SOURCES = ("generated", "openapi.yaml", "LICENSE", "pyproject.toml")
NOTICE, SUMS, ATTRIBUTES = "VENDORED.md", "SHA256SUMS", ".gitattributes"
LOCAL = {"edited", "missing", "left over"}
TITLE = f"# {PACKAGE.name}, vendored"
NOTICE_TEXT = """\
{title}

This folder is a copy of the Python package `{package}`, made by `make vendor` of its project.

- Version: {project[name]} {project[version]}
- Commit: {commit}
- SHA-256 of openapi.yaml: {spec}
- Generator: {generator}

{requirements}

Do not edit anything here: an update stops at local changes. Keep formatters, linters and hooks away from it:

```toml
[tool.ruff]
extend-exclude = ["{folder}"]

[tool.black]
extend-exclude = "{folder}/"

[[tool.mypy.overrides]]
module = ["{module}", "{module}.*"]
ignore_errors = true
```

In `.flake8`: `extend-exclude = {folder}`. At the top of `.pre-commit-config.yaml`: `exclude: {folder}/`.

To verify the copy, run `sha256sum -c SHA256SUMS` in this folder. To update it, run
`make vendor DEST=<this folder>` in a checkout of the project; with `CHECK=1`, it only compares. To uninstall it, delete
this folder and the lines above: nothing else was written.
"""
INSTALLATION = "`pip install .` in the folder of this file installs the package."
VENDORED = f"Nothing is to be installed: this is a vendored copy, and [{NOTICE}]({NOTICE}) says what it needs."


class VendorError(Exception):
    """A refusal; the message says why, and what to do instead."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the exit status is 1 if a checked copy differs or something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dest", metavar="DEST", help="folder of the copy; its name is the package's")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="write nothing; report every file that differs")
    mode.add_argument("--force", action="store_true", help="update even if that discards local changes")
    options = parser.parse_args(arguments)
    try:
        options.dest = named(options.dest)
        refuse_place(options.dest)
        return check(options.dest) if options.check else update(options.dest, force=options.force)
    except VendorError as error:
        print(f"error: {error}", file=sys.stderr)
    except (OSError, RuntimeError) as error:  # the latter for a `~` of nobody
        print(f"error: {error}", file=sys.stderr)
        print(f"{options.dest} is unchanged or fully updated. Remove the cause, then run again.", file=sys.stderr)
    return 1


def check(dest: Path) -> int:
    """Report how a copy differs from what this checkout would write; return the exit status."""
    copy = read_copy(dest)
    if not copy:
        raise VendorError(f"{dest} holds no copy. To make one: {command(dest)}")
    # Another commit with the same files is no reason to update.
    fresh = render(commit_of(copy) or current_commit(), dest)
    changes, ignored = drift(copy, fresh), warn_of_ignored(dest, fresh)
    if not changes:
        print(f"{dest} is up to date.")
        return int(ignored)
    update = f"update it: {command(dest)}"
    if not LOCAL.isdisjoint(changes.values()):
        update = f"discard the local changes and {update} FORCE=1"
    listed = listing(changes, copy, fresh)
    print(f"{dest} is not what this checkout would write:\n{listed}\nTo {update}", file=sys.stderr)
    return 1


def update(dest: Path, *, force: bool) -> int:
    """Make or update a copy; return the exit status."""
    fresh = render(current_commit(), dest)
    dest.parent.mkdir(parents=True, exist_ok=True)
    with folders.alone_in(dest.parent):
        folders.settle(dest)
        copy = read_copy(dest)
        if copy and not force:
            refuse_local_changes(dest, copy, fresh)
        changed = {path for path, _ in copy.items() ^ fresh.items()}
        if changed:
            folders.replace(dest, fresh)
    count = f"{len(changed)} file{'' if len(changed) == 1 else 's'}"
    print(f"{dest} is written: {count} changed." if changed else f"{dest} is up to date.")
    warn_of_ignored(dest, fresh)
    print(requirements())
    return 0


def command(dest: Path | str) -> str:
    """Return the command that makes or updates a copy, relative to the current directory."""
    checkout = os.path.relpath(ROOT)
    there = [] if checkout == "." else ["-C", checkout]
    return shlex.join(["make", *there, "vendor", f"DEST={dest}"])


def named(dest: str) -> Path:
    """Return the path that was given; raise `VendorError` if none was."""
    if not dest:
        raise VendorError(f"DEST is missing. Name the folder of the copy: {command(f'acme/_vendor/{PACKAGE.name}')}")
    return Path(dest).expanduser()  # a shell leaves `DEST=~/...` as it is


def refuse_place(dest: Path) -> None:
    """Raise `VendorError` for a path that cannot be a copy."""
    if not dest.name.isidentifier() or keyword.iskeyword(dest.name):
        raise VendorError(
            f"{dest} could not be imported: end it in a package's name, as in acme/_vendor/{PACKAGE.name}."
        )
    if dest.is_symlink():
        raise VendorError(f"{dest} is a symbolic link. Name the folder that it leads to: {dest.readlink()}")
    if dest.exists() and not dest.is_dir():
        raise VendorError(f"{dest} is not a folder. Name another place, or move it away.")
    if real(dest).is_relative_to(GENERATED):
        raise VendorError(f"{dest} is in generated/, which only `make generate` writes. Name another place.")


def refuse_local_changes(dest: Path, copy: Mapping[str, bytes], fresh: Mapping[str, bytes]) -> None:
    """Raise `VendorError` if an update would discard local changes."""
    local = {path: word for path, word in drift(copy, fresh).items() if word in LOCAL}
    if local:
        raise VendorError(
            f"{dest} has local changes, which an update would discard:\n{listing(local, copy, fresh)}\n"
            f"Bring them into the project first, or discard them: {command(dest)} FORCE=1"
        )


def listing(changes: Mapping[str, str], copy: Mapping[str, bytes], fresh: Mapping[str, bytes]) -> str:
    """Return a line for each file that differs, and one for those in which only white space does."""
    lines = [f"  {word + ':':<11}{path}" for path, word in changes.items()]
    edited = [path for path, word in changes.items() if word == "edited"]
    spaced = [path for path in edited if copy[path].split() == fresh.get(path, b"").split()]
    if spaced:
        whose = "all that are edited" if spaced == edited else ", ".join(spaced)
        lines.append(f"Only line endings or white space differ in {whose}: a hook, a formatter or git did that.")
    return "\n".join(lines)


def warn_of_ignored(dest: Path, files: Mapping[str, bytes]) -> bool:
    """Warn of files that the host's .gitignore excludes; return whether there are any."""
    paths = "".join(f"{path}\0" for path in files)
    fields = git("check-ignore", "--verbose", "--stdin", "-z", cwd=dest, sent=paths).split("\0")
    found = [each for each in zip(*(fields[at::4] for at in range(4)), strict=False) if not each[2].startswith("!")]
    for source, line, pattern, path in found:
        print(f"warning: git will not commit {path}: {pattern!r} in line {line} of {source}", file=sys.stderr)
    if found:
        add = shlex.join(["git", "add", "--force", str(dest)])
        print(f"Without them a clone cannot import the copy. Run: {add}", file=sys.stderr)
    return bool(found)


def requirements() -> str:
    """Return what the project that contains the copy must require, as text."""
    project = read_project()
    stubs = {f"types-{re.split('[^A-Za-z0-9_-]', each)[0]}" for each in project["dependencies"]}
    needed = {
        f"Your project needs Python {project['requires-python']}, and among its requirements:": project["dependencies"],
        "To check types, also:": sorted(stubs & {tool.partition("==")[0] for tool in read_tools()}),
    }
    for extra, extras in project.get("optional-dependencies", {}).items():
        needed[f"For what the package calls its extra `{extra}`, also:"] = extras
    return "\n\n".join("\n".join([said, "", *(f"    {each}" for each in what)]) for said, what in needed.items())


# What a copy holds.


def render(commit: str, dest: Path) -> dict[str, bytes]:
    """Return the files of a new copy by path; `commit` is what VENDORED.md says of it."""
    module = import_name(dest)
    notice = NOTICE_TEXT.format(
        title=TITLE,
        package=PACKAGE.name,
        project=read_project(),
        commit=commit,
        spec=digest(read_document()),
        generator=next(tool for tool in read_tools() if tool.startswith("openapi-python-client==")),
        requirements=requirements(),
        module=module,
        folder=path_in_project(dest) or module.replace(".", "/"),
    )
    # Docstrings refer to the README.md beside them.
    reference = (GENERATED / "README.md").read_text("utf-8").replace(INSTALLATION, VENDORED)
    files = {
        **folders.read_tree(PACKAGE),
        "LICENSE": (ROOT / "LICENSE").read_bytes(),
        "README.md": re.sub(rf"\b{PACKAGE.name}\b", module, reference).encode(),
        NOTICE: notice.encode(),
        ATTRIBUTES: b"* -text\n",  # a checkout on Windows must not convert line endings
    }
    # Each file ends with exactly one newline, so that no hook fixes that.
    files = {path: held and held.rstrip() + b"\n" for path, held in files.items()}
    return {**files, SUMS: write_sums(digests(files))}


def read_document() -> bytes:
    """Read the document that generated/ was made from, without later edits if git knows of any."""
    is_ahead = git("status", "--short", "--", "openapi.yaml") and not git("status", "--short", "--", "generated")
    return git("show", "HEAD:./openapi.yaml").encode() if is_ahead else (ROOT / "openapi.yaml").read_bytes()


def import_name(dest: Path) -> str:
    """Return the name that a copy is imported by, judging by the `__init__.py` of the folders around it.

    As for Python and mypy, a folder without one is a package too if it lies in one that has it.
    """
    names, known = [dest.name], 1
    for folder in real(dest).parents:
        is_package = (folder / "__init__.py").is_file()
        if not folder.name.isidentifier() or (is_project(folder) and not is_package):
            break
        names.insert(0, folder.name)
        known = len(names) if is_package else known
    return ".".join(names[-known:])


def path_in_project(dest: Path) -> str:
    """Return where a copy is in the project that contains it; empty if nothing shows where that begins."""
    place = real(dest)
    root = next((folder for folder in place.parents if is_project(folder)), None)
    return place.relative_to(root).as_posix() if root else ""


def is_project(folder: Path) -> bool:
    """Return whether a folder is the top one of a project."""
    return any((folder / name).exists() for name in (".git", "pyproject.toml", "setup.py"))


def real(dest: Path) -> Path:
    """Return the path of a copy without `..` and links."""
    return Path(os.path.realpath(dest))


def read_tools() -> list[str]:
    """Read the pinned development requirements."""
    tools: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]["dev"]
    return tools


def read_project() -> dict[str, Any]:
    """Read the `[project]` table of generated/."""
    project: dict[str, Any] = tomllib.loads((GENERATED / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def current_commit() -> str:
    """Describe the commit of this checkout, as far as git knows it."""
    # Naming a file as well fails where the project lies unpacked in a repository of something else.
    commit = git("rev-parse", "HEAD", "HEAD:./openapi.yaml").split()
    if commit:
        edited = git("status", "--short", "--", *SOURCES)
        return commit[0] + (", with changes that were not committed" if edited else "")
    refused = (ROOT / ".git").exists()  # no commit yet, no git, or an owner that git does not trust
    return f"unknown, since {'git could not read the checkout' if refused else 'the files were not in a git checkout'}"


def git(*arguments: str, cwd: Path = ROOT, sent: str = "") -> str:
    """Run git and return its output; empty if it fails."""
    try:
        done = revisions.git(*arguments, cwd=cwd, sent=sent)
    except FileNotFoundError:
        return ""
    return "" if done.returncode else done.stdout


def commit_of(copy: Mapping[str, bytes]) -> str | None:
    """Return the commit that VENDORED.md of a copy names, if any."""
    line = re.search(r"^- Commit: (.+)$", copy.get(NOTICE, b"").decode(errors="replace"), re.MULTILINE)
    return line[1].strip() if line else None


def drift(copy: Mapping[str, bytes], fresh: Mapping[str, bytes]) -> dict[str, str]:
    """Compare a copy with its own checksums and with what this checkout would write.

    Each file that differs is `edited`, `missing`, `left over` or `outdated`.
    """
    # Without checksums, outdated and edited files look alike, so every file that differs counts as edited.
    made = read_sums(copy.get(SUMS, fresh[SUMS]))
    made[SUMS] = digest(write_sums(made))
    there, wanted = digests(copy), digests(fresh)
    changes = {path: "outdated" for path in there.keys() | wanted.keys() if there.get(path) != wanted.get(path)}
    for path in there.keys() | made.keys():
        if there.get(path) != made.get(path) and not (path == ATTRIBUTES and path in changes):
            changes[path] = "missing" if path not in there else "edited" if path in made else "left over"
    return dict(sorted(changes.items()))


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the checksums of files by path."""
    return {path: digest(content) for path, content in files.items()}


def digest(content: bytes) -> str:
    """Return the checksum of a file's content."""
    return hashlib.sha256(content).hexdigest()


def write_sums(made: Mapping[str, str]) -> bytes:
    """Write checksums as sha256sum does."""
    return "".join(f"{made[path]}  {path}\n" for path in sorted(made)).encode()


def read_sums(text: bytes) -> dict[str, str]:
    """Read checksums by path; lines of another form are ignored."""
    lines = (re.fullmatch("([0-9a-f]{64})  (.+)", line) for line in text.decode(errors="replace").splitlines())
    return {line[2]: line[1] for line in lines if line}


# What a folder holds.


def read_copy(dest: Path) -> dict[str, bytes]:
    """Read a copy, edited or not; empty if there is none, a `VendorError` if the folder is something else."""
    if not any(folders.walk(dest)):
        return {}
    # Checked first, because something else can be of any size.
    if (dest / NOTICE).exists() or (dest / SUMS).exists():
        copy = folders.read_tree(dest)
        notice = copy.get(NOTICE, b"")
        # If the notice was edited or removed, its checksum still shows that there was one.
        if TITLE.encode() in notice or read_sums(copy.get(SUMS, b"")).get(NOTICE, digest(notice)) != digest(notice):
            return copy
    raise VendorError(f"{dest} is not a copy of {PACKAGE.name}. Name another place, or empty it.")


if __name__ == "__main__":
    sys.exit(main())
