"""Where the peers are installed: a folder below .bench/ for each, made from a lock of names, versions and hashes."""

import compileall
import hashlib
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from benchmark_parts import peers
from benchmark_parts.processes import BENCH, ROOT, TIMEOUT, PeerError, run

LOCKS = Path(__file__).parent / "locks"
COMMAND = "python scripts/benchmark.py --lock"


class Environment(NamedTuple):
    """What an environment holds."""

    lock: str
    package: Callable[[Path], object] | None = None
    """Makes a package that comes from no registry, in a folder that does not exist yet."""


def copy_ours(target: Path) -> None:
    """Install our client, as it is now."""
    shutil.copytree(ROOT / "generated" / "leap_client", target, ignore=shutil.ignore_patterns("__pycache__"))


def generate_stock(target: Path) -> None:
    """Generate the stock client, by the generator's own templates, and install it."""
    run(*stock_command(target), "--meta", "none")


def stock_command(target: Path) -> tuple[str | Path, ...]:
    """Give the generator's own command for openapi.yaml."""
    generator = (sys.executable, "-m", "openapi_python_client", "generate")
    return (*generator, "--path", ROOT / "openapi.yaml", "--output-path", target)


ENVIRONMENTS = {
    "httpx": Environment("httpx"),
    "stock": Environment("httpx", generate_stock),
    "ours": Environment("httpx", copy_ours),
    "aiohttp": Environment("aiohttp", copy_ours),
    "urllib3": Environment("urllib3"),
    "pydantic": Environment("pydantic"),
    "vendor": Environment("vendor"),
}
HOMES = {
    peers.JSON: "httpx",
    peers.HTTPX: "httpx",
    peers.URLLIB3: "urllib3",
    peers.AIOHTTP: "aiohttp",
    peers.HTTPX_AIOHTTP: "aiohttp",
    peers.STOCK: "stock",
    peers.VENDOR: "vendor",
    peers.PYDANTIC: "pydantic",
    peers.PYDANTIC_JSON: "pydantic",
    peers.OURS: "ours",
    peers.OURS_AIOHTTP: "aiohttp",
}


def make(name: str) -> Path:
    """Make an environment, or bring it up to date.

    Args:
        name: Which one.

    Returns:
        Its Python.

    Raises:
        PeerError: It cannot be made, for instance without a network.
    """
    folder, (lock, package) = BENCH / name, ENVIRONMENTS[name]
    python = folder / "bin" / "python"
    made_from = f"{sys.version}\n{hashlib.sha256((LOCKS / f'{lock}.txt').read_bytes()).hexdigest()}\n"
    stamp = folder / "made-from"
    if not stamp.exists() or stamp.read_text("utf-8") != made_from:
        uv("venv", "--clear", "--python", sys.executable, folder)
        uv("pip", "sync", "--require-hashes", "--compile-bytecode", "--python", python, LOCKS / f"{lock}.txt")
        stamp.write_text(made_from, "utf-8")
    if package:
        target = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}), "leap_client")
        shutil.rmtree(target, ignore_errors=True)
        package(target)
        compileall.compile_dir(target, quiet=2)
    return python


def lock(*options: str) -> None:
    """Rewrite the locks.

    Args:
        *options: Options for uv beside those that `make lock` uses.
    """
    for source in sorted(LOCKS.glob("*.in")):
        path = source.relative_to(ROOT)
        uv(
            *("pip", "compile", *options, "--python-version", "3.11", "--universal", "--generate-hashes"),
            *("--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", COMMAND),
            *("--output-file", path.with_suffix(".txt"), path),
        )


def uv(*arguments: str | Path) -> None:
    """Run uv, which alone needs a network; it finds the registry by its own configuration.

    Raises:
        PeerError: It failed, and has said why.
    """
    command = [sys.executable, "-m", "uv", "--quiet", *arguments]
    try:
        subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=True, timeout=TIMEOUT)
    except subprocess.SubprocessError:
        raise PeerError(f"`uv {arguments[0]}` failed") from None


def versions() -> Iterator[str]:
    """Name what is measured, with the versions that are locked."""
    yield f"openapi-python-client {metadata.version('openapi-python-client')}"
    for source in sorted(LOCKS.glob("*.in")):
        locked = source.with_suffix(".txt").read_text("utf-8")
        for name in re.findall(r"^[\w-]+", source.read_text("utf-8"), re.MULTILINE):
            if found := re.search(rf"^{name}==(\S+)", locked, re.MULTILINE):
                yield f"{name} {found[1]}"
