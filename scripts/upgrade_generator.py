"""Raise the generator to another version, and show what that means for our templates.

    upgrade_generator.py 0.30.0                     raises the version, and makes generated/ anew
    upgrade_generator.py --accept model.py.jinja    records that this template was compared with its new original

Our templates override the generator's own, and do not follow when those change. So scripts/templates/upstream.sha256
holds the checksum of each original that an override was written for, and a test fails while one of them differs. After
an upgrade the differences are printed: carry over what matters, then accept the new originals by their names.
"""

import argparse
import contextlib
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r'(?<="openapi-python-client==)[^"]+(?=")')
PINNED = ("pyproject.toml", "requirements.txt")
TEMPLATES = Path("scripts", "templates")
RECORD = TEMPLATES / "upstream.sha256"

Run = Callable[[Sequence[str]], bool]
"""What runs a command in the checkout, and tells whether it succeeded."""
Originals = Mapping[str, bytes]
"""The generator's own templates, by name."""


class UpgradeError(Exception):
    """Something that was not done; the message says why, and what to do about it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: What follows the name of the script; by default what it was called with.

    Returns:
        The exit status: 0 if everything was done that was asked for.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", nargs="?", default="", metavar="VERSION", help="the version to raise it to")
    parser.add_argument("--accept", nargs="+", metavar="NAME", help="overrides that were compared")
    options = parser.parse_args(arguments)
    try:
        if options.accept:
            accept(ROOT, find_originals(), options.accept)
        else:
            upgrade(ROOT, find_originals(), options.version, run)
    except UpgradeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def upgrade(root: Path, folder: Path, version: str, run: Run) -> None:
    """Raise the generator, show which originals changed, and generate anew.

    Args:
        root: The checkout.
        folder: Where the generator's own templates are installed.
        version: The version to raise it to.
        run: What runs commands.

    Raises:
        UpgradeError: A step failed.
    """
    if not re.fullmatch(r"\d+(\.\d+)+((a|b|rc)\d+)?", version):
        problem = f"{version!r} is no version" if version else "There is no version to raise the generator to"
        raise UpgradeError(f"{problem}. Name one: make upgrade-generator VERSION=0.30.0")
    before = read_originals(folder)
    with restored_on_failure(root):
        old = pin(root, version)
        step(
            run, "lock", problem=f"There is no openapi-python-client {version} that fits. The versions are as they were"
        )
        step(run, ".venv/.ready", problem="It could not be installed. The versions are as they were")
    print(f"openapi-python-client {old} -> {version}")
    show_pending(root, folder, before)
    step(run, "generate", problem=f"Adapt our templates to openapi-python-client {version}, then run it again")


def accept(root: Path, folder: Path, names: Sequence[str]) -> None:
    """Record that overrides were compared with the originals that are installed now.

    Args:
        root: The checkout.
        folder: Where the generator's own templates are installed.
        names: The overrides.

    Raises:
        UpgradeError: One of them waits for no comparison.
    """
    originals, waiting = read_originals(folder), pending(root, read_originals(folder))
    for name in names:
        if name not in waiting:
            raise UpgradeError(f"{name} waits for no comparison. These do: {', '.join(waiting) or 'none'}")
    record = {**read_record(root), **{name: digest(originals[name]) for name in names if name in originals}}
    lines = (f"{record[name]}  {name}\n" for name in sorted(record) if name not in names or name in originals)
    (root / RECORD).write_text("".join(lines), "utf-8")
    left = [name for name in waiting if name not in names]
    print(f"{RECORD.as_posix()} is written. Still to compare: {', '.join(left) or 'none'}")


# The versions.


def pin(root: Path, version: str) -> str:
    """Change the version that pyproject.toml asks for; give the one before."""
    file = root / "pyproject.toml"
    text = file.read_text("utf-8")
    pins = PIN.findall(text)
    if len(pins) != 1:
        raise UpgradeError(f'pyproject.toml must have one line "openapi-python-client==...", and has {len(pins)}')
    file.write_text(PIN.sub(version, text), "utf-8")
    return str(pins[0])


@contextlib.contextmanager
def restored_on_failure(root: Path) -> Iterator[None]:
    """Put the pins back as they were if they do not lead to an installed generator."""
    with TemporaryDirectory() as folder:
        for name in PINNED:
            shutil.copy2(root / name, folder)  # with its time, by which make tells whether .venv is up to date
        try:
            yield
        except BaseException:
            for name in PINNED:
                shutil.copy2(Path(folder, name), root)
            raise


def step(run: Run, goal: str, problem: str) -> None:
    """Let make reach a goal, or say what it means that it did not."""
    if not run(["make", "--no-print-directory", goal]):
        raise UpgradeError(f"`make {goal}` failed. {problem}.")


def run(command: Sequence[str]) -> bool:
    """Run a command in this checkout; tell whether it succeeded."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


# The templates.


def find_originals() -> Path:
    """Find where the generator's own templates are installed, without importing it."""
    spec = importlib.util.find_spec("openapi_python_client")
    if spec is None or not spec.submodule_search_locations:
        raise UpgradeError("The generator is not installed. Run `make generate`, which sets up .venv")
    return Path(spec.submodule_search_locations[0], "templates")


def read_originals(folder: Path) -> dict[str, bytes]:
    """Read all templates of a folder, by their path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.jinja"))}


def read_record(root: Path) -> dict[str, str]:
    """Read which originals the overrides were written for: their checksums by name."""
    lines = (line.split() for line in (root / RECORD).read_text("utf-8").splitlines())
    return {name: checksum for checksum, name in lines}


def digest(content: bytes) -> str:
    """Give the checksum of a template."""
    return hashlib.sha256(content).hexdigest()


def pending(root: Path, originals: Originals) -> dict[str, str]:
    """Tell which overrides must be compared with their originals.

    Args:
        root: The checkout.
        originals: The originals that are installed.

    Returns:
        For each of them, by name, whether its original is `changed`, `gone` or `new`.
    """
    record, ours = read_record(root), read_originals(root / TEMPLATES)
    words = {}
    for name in sorted(record.keys() | (ours.keys() & originals.keys())):
        if name not in originals:
            words[name] = "gone"
        elif name not in record:
            words[name] = "new"
        elif digest(originals[name]) != record[name]:
            words[name] = "changed"
    return words


def show_pending(root: Path, folder: Path, before: Originals) -> None:
    """Print which overrides must be compared, and how their originals changed."""
    after, record = read_originals(folder), read_record(root)
    waiting = pending(root, after)
    if not waiting:
        print("No original of an override changed.", flush=True)
        return
    print(f"Of the originals that overrides were written for, {len(waiting)} changed:")
    print("\n".join(f"  {word + ':':<9}{name}" for name, word in waiting.items()))
    for name in waiting:
        print(f"\n{explain(name, before.get(name), after.get(name), record.get(name))}")
    print("\nCarry over what matters, run `make generate`, then record what you have compared:")
    print(f'  make upgrade-generator ACCEPT="{" ".join(waiting)}"', flush=True)


def explain(name: str, old: bytes | None, new: bytes | None, recorded: str | None) -> str:
    """Show how an original changed, as far as that is known."""
    before, after = ((content or b"").decode().splitlines() for content in (old, new))
    lines = [*unified_diff(before, after, f"before/{name}", f"after/{name}", lineterm="")]
    if recorded is not None and (old is None or digest(old) != recorded):
        lines.insert(0, f"{name} had changed before, since its override was written; what follows is the rest.")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
