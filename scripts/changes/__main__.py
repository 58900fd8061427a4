"""Report what the working tree changes for users of the package and for the wire, since a revision.

    make changes BASE=main

compares generated/ and openapi.yaml of the revision with what the working tree makes of its spec, its templates and
its generator. It prints one line for each change: whether it is seen in Python or on the wire, whether it can break
something that worked, where it is, and what it is. The exit status is 1 if something can break and `info.version` was
not raised enough for that, and 2 if there is nothing to compare.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import generate
import revisions
from changes import python, wire
from changes.change import Change
from spec import SpecError, load

ROOT = Path(__file__).resolve().parent.parent.parent
SPEC, OUTPUT = "openapi.yaml", "generated"


class ChangesError(Exception):
    """There is nothing to compare; the message says why, and what to do about it."""


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Compare a checkout with one of its revisions, print the changes, and give the exit status."""
    parser = argparse.ArgumentParser(
        prog="changes", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", metavar="REVISION", help="the revision to compare with, such as main or v1.2.0")
    base: str = parser.parse_args(arguments).base
    try:
        with TemporaryDirectory() as folder:
            old, new = Path(folder, "old"), Path(folder, "new")
            check_out(root, base, old)
            generate.render(root / SPEC, root / "generator-config.yml", new / OUTPUT)
            shutil.copy(root / SPEC, new)
            changes = compare(old, new)
            shortfall = missing_version(changes, old, new)
    except (ChangesError, SpecError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    report(changes, base)
    if shortfall:
        print(f"error: {shortfall}", file=sys.stderr)
    return int(bool(shortfall))


def check_out(root: Path, revision: str, target: Path) -> None:
    """Put the spec and the package of a revision into a new folder."""
    if not revision:
        raise ChangesError("There is no revision to compare with. Name one: make changes BASE=main.")
    git(root, "rev-parse", "--git-dir", problem=f"{root} is not in a git checkout, so it has no revisions. Clone it")
    unknown = f"git knows no revision {revision!r}. Name a branch, a tag or a commit, or fetch it first"
    name = f"{revision}^{{commit}}"
    commit = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", name, problem=unknown).strip()
    lacking = f"{revision} has no {SPEC} or no {OUTPUT}/. Name a later revision"
    archive = target.with_suffix(".zip")
    git(root, "archive", "--output", str(archive), commit, SPEC, OUTPUT, problem=lacking)
    shutil.unpack_archive(archive, target)


def git(root: Path, *arguments: str, problem: str) -> str:
    """Run git and return its output; `problem` is the error if it fails."""
    try:
        done = revisions.git(*arguments, cwd=root)
    except FileNotFoundError:
        raise ChangesError("There is no git, which knows the revision to compare with. Install it.") from None
    if done.returncode:
        raise ChangesError(f"{problem}.\n{done.stderr}".strip())
    return done.stdout


def compare(old: Path, new: Path) -> list[Change]:
    """Compare two versions, each a folder with a spec and a package; of each area the breaking changes come first."""
    packages = [path.parent for version in (old, new) for path in (version / OUTPUT).glob("*/__init__.py")]
    if len(packages) != len((old, new)):
        raise ChangesError(f"{OUTPUT}/ must hold one package, then and now. Name another revision.")
    documents = [load(version / SPEC, f"{SPEC} of the {version.name} version") for version in (old, new)]
    changes = {*python.compare(*packages), *wire.compare(*documents)}
    return sorted(changes, key=lambda change: (change.area, not change.is_breaking, change.place, change.what))


def missing_version(changes: Sequence[Change], old: Path, new: Path) -> str:
    """Say which version breaking changes ask for, by the rules of semantic versioning; nothing if it is there."""
    if not any(change.is_breaking for change in changes):
        return ""
    before, after = number(old), number(new)
    # Before 1.0, the minor version does what the major one does later.
    needed = [before[0] + 1, 0, 0] if before[0] else [0, before[1] + 1, 0]
    if after >= needed:
        return ""
    written, wanted, is_now = (".".join(map(str, each)) for each in (before, needed, after))
    return (
        f"Something breaks, so info.version must go from {written} to {wanted} or above, and it is {is_now}. "
        f"Raise it in {SPEC}, then run `make generate`."
    )


def number(version: Path) -> list[int]:
    """Read `info.version` of a version, without what may follow its three numbers."""
    said = load(version / SPEC).raw["info"].get("version")
    numbers = re.match(r"(\d+)\.(\d+)\.(\d+)(?!\d)", str(said))
    if not numbers:
        raise ChangesError(f"info.version is {said!r}, which is no semantic version. Write it like 1.2.3.")
    return [int(each) for each in numbers.groups()]


def report(changes: Sequence[Change], base: str) -> None:
    """Print the changes and how many there are."""
    for change in changes:
        print(change)
    breaking = sum(change.is_breaking for change in changes)
    counts = f"{breaking} breaking and {len(changes) - breaking} compatible changes" if changes else "no changes"
    print(f"{counts} since {base}")


if __name__ == "__main__":
    sys.exit(main())
