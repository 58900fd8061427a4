"""Read a folder, and replace it atomically."""

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
    """Yield everything below a folder that is not itself a folder, except caches and litter."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_symlink() or not path.is_dir():
            if not LITTER.fullmatch(path.name):
                yield path
        elif path.name not in CACHES:
            yield from walk(path)


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Lock a folder against other runs; the lock ends with the process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # NFS cannot lock a folder: run once at a time there
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace(dest: Path, fresh: Mapping[str, bytes]) -> None:
    """Replace a folder by new files, atomically.

    An interruption at any moment leaves the old folder or the new one, complete; `settle` cleans up after it.
    """
    new, old = workplaces(dest)
    try:
        write(new, fresh)
        if not dest.exists():
            new.rename(dest)
        elif not exchange(new, dest):
            dest.rename(old)
            new.rename(dest)
        # After a power cut, the old files must not be gone before the new ones are in place.
        sync(dest.parent)
    finally:
        settle(dest)


def settle(dest: Path) -> None:
    """Clean up after replacing a folder, finished or interrupted."""
    new, old = workplaces(dest)
    if new.parent.is_symlink():  # not ours: remove the link, never its target
        new.parent.unlink()
    # Both exist only between the two renames of `replace`; otherwise the old folder may be half removed.
    if not dest.exists() and old.exists() and new.exists():
        old.rename(dest)
    if new.parent.exists():
        shutil.rmtree(new.parent)


def workplaces(dest: Path) -> tuple[Path, Path]:
    """Return the paths for the new and the old folder: on the same disk, under a name that cannot be imported."""
    folder = dest.with_name(f".{dest.name}.replacing")
    return folder / "new", folder / "old"


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders atomically; return whether the system and the file system could."""
    libc = ctypes.CDLL(None)
    paths = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            return not libc.renamex_np(*paths, 2)  # RENAME_SWAP
        return not libc.renameat2(-100, paths[0], -100, paths[1], 2)  # AT_FDCWD for both, RENAME_EXCHANGE
    except AttributeError:  # a C library from before the function
        return False


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder and sync them to disk."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    for place, _, names in os.walk(folder):
        for name in ("", *names):
            sync(Path(place, name))


def sync(path: Path) -> None:
    """Sync a file's content, or the entries of a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
