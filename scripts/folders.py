"""Reading a folder, and replacing it in one step, so that nobody ever finds half of it."""

import contextlib
import ctypes
import fcntl
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

CACHES = {"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
# What file managers, editors and Python leave behind.
LITTER = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\..*\.sw[a-p]|.*~|\.?#.*|.*\.(pyc|orig|rej)")
# Stands for the content of what is neither a file nor a folder.
IRREGULAR = b"\0"


def read_tree(folder: Path) -> dict[str, bytes]:
    """Read everything below a folder except caches, by its path there; symbolic links are not followed."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        if path.is_file() and not path.is_symlink()
        else IRREGULAR
        for path in walk(folder)
    }


def walk(folder: Path) -> Iterator[Path]:
    """Find everything below a folder that is not itself a folder, except caches and litter."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_symlink() or not path.is_dir():
            if not LITTER.fullmatch(path.name):
                yield path
        elif path.name not in CACHES:
            yield from walk(path)


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other run works in a folder, and keep others out; the lock goes with the process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # NFS cannot lock a folder: there, one run at a time is the caller's care
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace(dest: Path, fresh: Mapping[str, bytes]) -> None:
    """Put new files in the place of a folder, all in one step.

    An interruption at any moment leaves the old folder or the new one, complete; `settle` removes what else it left.
    """
    new, old = workplaces(dest)
    try:
        write(new, fresh)
        if not dest.exists():
            new.rename(dest)
        elif not exchange(new, dest):
            dest.rename(old)
            new.rename(dest)
        # After a power cut, the old files must not be gone while the new ones are not in their place.
        sync(dest.parent)
    finally:
        settle(dest)


def settle(dest: Path) -> None:
    """Clean up after a replacement of a folder, be it one that was interrupted."""
    new, old = workplaces(dest)
    if new.parent.is_symlink():  # not ours, and what it leads to is nobody's business here
        new.parent.unlink()
    # Both exist only between the two renames of `replace`; whatever is there at other times may be half removed.
    if not dest.exists() and old.exists() and new.exists():
        old.rename(dest)
    if new.parent.exists():
        shutil.rmtree(new.parent)


def workplaces(dest: Path) -> tuple[Path, Path]:
    """Name the places for the new and the old folder: on the same disk, under a name that no import can use."""
    folder = dest.with_name(f".{dest.name}.replacing")
    return folder / "new", folder / "old"


def exchange(one: Path, other: Path) -> bool:
    """Let two folders trade places in one step; tell if it was done, since not every system and file system can."""
    libc = ctypes.CDLL(None)
    paths = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            return not libc.renamex_np(*paths, 2)  # RENAME_SWAP
        return not libc.renameat2(-100, paths[0], -100, paths[1], 2)  # AT_FDCWD for both, RENAME_EXCHANGE
    except AttributeError:  # a C library from before the function
        return False


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder, and wait until they are on the disk."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    for place, _, names in os.walk(folder):
        for name in ("", *names):
            sync(Path(place, name))


def sync(path: Path) -> None:
    """Wait until a file's content, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
