"""Packages that are generated from other documents than ours, and a server for their clients."""

import importlib
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jinja2.bccache import Bucket, BytecodeCache
from openapi_python_client import Project

import generate


class Echo:
    """A server on loopback that answers what it is told to, and keeps what it was sent."""

    def __init__(self) -> None:
        self.answer: tuple[int, str, bytes] = (200, "application/json", b"{}")
        self.method = self.path = ""
        self.headers: dict[str, str] = {}
        self.body = b""
        echo = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65537)
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                echo.method, echo.path = self.command, self.path
                echo.headers = {name.lower(): value for name, value in self.headers.items()}
                echo.body = self.rfile.read(int(self.headers.get("content-length", 0)))
                status, media_type, body = echo.answer
                self.send_response_only(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def answers(self, body: Any, status: int = 200) -> None:
        """Answer a JSON body from now on."""
        self.answer = (status, "application/json", json.dumps(body).encode())

    @contextmanager
    def running(self) -> Iterator["Echo"]:
        """Run the server."""
        thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield self
        self.server.shutdown()
        thread.join()
        self.server.server_close()


class Compiled(BytecodeCache):
    """The templates that were compiled already."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Look for a template; jinja2 sees to it that it still is what it was."""
        if known := self._known.get(bucket.key):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template."""
        self._known[bucket.key] = bucket.bytecode_to_string()


COMPILED, PREPARE = Compiled(), generate.prepare


@contextmanager
def quickly(*, reference: bool = True) -> Iterator[None]:
    """Compile each template only once, however many packages are rendered: it takes half of the time.

    Args:
        reference: Whether to write the reference, which takes as long as all the rest.
    """

    def prepare(project: Project, **facts: object) -> None:
        PREPARE(project, **facts)
        project.env.bytecode_cache = COMPILED

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generate, "prepare", prepare)
        if not reference:
            patch.setattr("reference.write", lambda *_: None)
        yield


def render(document: Path, root: Path, name: str = "") -> None:
    """Render the package of a document as `<name>_client` into a folder; by default the name of the file.

    Args:
        document: The document.
        root: The folder.
        name: The name.
    """
    project = root / (name or document.stem)
    with quickly():
        generate.render(document, None, project)
    next(path for path in project.iterdir() if path.is_dir()).rename(root / f"{project.name}_client")


@contextmanager
def importable(root: Path) -> Iterator[None]:
    """Let the packages in a folder be imported."""
    sys.path.insert(0, str(root))
    yield
    sys.path.remove(str(root))


def load(name: str, module: str = "") -> ModuleType:
    """Import a rendered package or one of its modules.

    Args:
        name: What `render` was told.
        module: The module, with a dot before it.
    """
    return importlib.import_module(f"{name}_client{module}")
