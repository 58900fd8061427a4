"""A document may call anything anything: what is taken in Python gets another name there, and the same on the wire."""

import ast
import inspect
import json
import keyword
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_python_client.strings import RESERVED_WORDS

from spec import names
from support.packages import Echo, importable, load, render

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Render packages in which every branch of every template is taken; the first is that of an API with bulk runs."""
    root = tmp_path_factory.mktemp("names")
    documents = [
        ROOT / "tests" / "documents" / f"{name}.yaml" for name in ("library", "renders", "styles", "answers", "files")
    ]
    render(ROOT / "tests" / "another_api" / "openapi.yaml", root, "farm")
    for document in documents:
        render(document, root)
    return [root / "farm_client", *(root / f"{document.stem}_client" for document in documents)]


def modules(packages: list[Path], *patterns: str) -> Iterator[ast.Module]:
    """Parse some modules of packages."""
    for package in packages:
        for path in sorted({path for pattern in patterns for path in package.glob(pattern)}):
            if path.name != "__init__.py":
                yield ast.parse(path.read_text())


def is_open(name: str) -> bool:
    """Tell whether a document could ask for a name: not by a leading underscore, nor by one that Python has."""
    return not name.startswith("_") and name not in RESERVED_WORDS and not keyword.iskeyword(name)


def imported(module: ast.Module) -> set[str]:
    """List the names that a module imports, and is not itself about."""
    nodes = [node for node in module.body if isinstance(node, ast.Import | ast.ImportFrom)]
    ours = [node for node in nodes if not isinstance(node, ast.ImportFrom) or "models" not in (node.module or "")]
    return {(each.asname or each.name).partition(".")[0] for node in ours for each in node.names} - {"annotations"}


def test_arguments_are_kept_apart_from_all_that_functions_use(rendered: list[Path]) -> None:
    """No name in a generated function that takes arguments of the document could be one of them, unless it is known."""
    used: set[str] = set()
    for module in modules(rendered, "api/*/*.py", "resources/*.py"):
        functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        for function in functions:
            bound = {arg.arg for arg in (*function.args.args, *function.args.posonlyargs, *function.args.kwonlyargs)}
            if {"source", "response"} & bound:
                continue  # what saves files or reads answers takes nothing of the document
            inner = [node for statement in function.body for node in ast.walk(statement)]
            loaded = {node.id for node in inner if isinstance(node, ast.Name)}
            stored = {node.id for node in inner if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
            lambdas = {arg.arg for node in inner if isinstance(node, ast.Lambda) for arg in node.args.args}
            ours = {arg.arg for arg in function.args.posonlyargs}
            used |= ours | (loaded - bound) | (stored - bound) | lambdas | (bound & names.ARGUMENTS)
    assert {name for name in used if is_open(name) and name == name.lower()} == names.ARGUMENTS


def test_properties_are_kept_apart_from_all_that_models_are(rendered: list[Path]) -> None:
    """No property of a document hides a method of a model, or a name that the class of a model uses."""
    found: set[str] = set()
    for module in modules(rendered, "_*model.py", "models/*.py"):
        for cls in (node for node in ast.walk(module) if isinstance(node, ast.ClassDef)):
            functions = [node for node in ast.walk(cls) if isinstance(node, ast.FunctionDef)]
            if cls.name in {"Model", "OpenModel"}:
                fields = [each.target for each in cls.body if isinstance(each, ast.AnnAssign)]
                found |= {each.name for each in functions} | {each.id for each in fields if isinstance(each, ast.Name)}
            elif any(each.name == "_from_json" for each in functions):
                found |= {arg.arg for each in functions for arg in each.args.args} | imported(module)
    assert {name for name in found if is_open(name) and name == name.lower()} == names.PROPERTIES


def test_methods_are_kept_apart_from_what_their_signatures_use(rendered: list[Path]) -> None:
    """No method hides a module that the signatures of its class name."""
    found = {name for module in modules(rendered, "resources/*.py") for name in imported(module)}
    assert {name for name in found if is_open(name) and name == name.lower()} == names.METHODS


def test_tags_are_kept_apart_from_what_clients_are(rendered: list[Path]) -> None:
    """No tag hides an attribute of a client."""
    found: set[str] = set()
    for name in ("_client.py", "client.py"):
        for cls in (
            node for node in ast.parse((rendered[0] / name).read_text()).body if isinstance(node, ast.ClassDef)
        ):
            found |= {each.name for each in cls.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert {name for name in found if is_open(name)} == names.TAGS


def test_classes_are_kept_apart_from_what_is_imported(rendered: list[Path]) -> None:
    """No class of a document, and no client, is called like a class that stands beside it in a module."""
    patterns = ("models/*.py", "api/*/*.py", "resources/*.py", "webhooks.py", "bulk/_spec.py")
    found = {name for module in modules(rendered, *patterns) for name in imported(module)}
    classes = {name for name in found if is_open(name) and name[0].isupper()} - {"UNSET"}
    assert classes - {"AsyncRenderFarm", "RenderFarm"} == names.CLASSES
    client = {name for name in imported(ast.parse((rendered[0] / "client.py").read_text())) if not name.isupper()}
    assert {name for name in client if is_open(name) and name[0].isupper()} - names.CLASSES == names.CLIENTS
    errors = {
        each.name for each in ast.parse((rendered[0] / "errors.py").read_text()).body if isinstance(each, ast.ClassDef)
    }
    assert {name for name in errors if name.endswith("Error")} - {"RenderFarmError"} == names.ERRORS


# Whatever else stands beside these names, they clash: with each other, with Python, with what is generated.
CLASHING = sorted({
    *names.ARGUMENTS, *names.PROPERTIES, *names.METHODS, *keyword.kwlist, "self", "cls", "datetime", "id", "list",
    "UNSET", "Unset", "unset", "kwargs", "_kwargs", "headers", "params", "cookies", "a b", "a-b", "aB", "AB", "a_b",
    "job", "item", "page", "plan", "limits", "source", "directory", "json", "response", "parsed", "field_1", "1", "_1",
    "print", "isinstance", "TypeError", "sync", "asyncio", "httpx", "uuid", "UUID", "ä", "Ä", "_check", "_json",
    "A_B", "type",
})  # fmt: skip
TOKENS = [name for name in CLASHING if name.isascii() and " " not in name]
NAMES = st.lists(
    st.sampled_from(CLASHING) | st.text("abAB_-. 1é", min_size=1, max_size=4), min_size=8, max_size=10, unique=True
)
HEADERS = st.lists(st.sampled_from(TOKENS), min_size=8, max_size=10, unique_by=str.lower)
COOKIES = st.lists(st.sampled_from(TOKENS), min_size=8, max_size=10, unique=True)
PATH = st.lists(
    st.sampled_from(TOKENS).filter(lambda name: not name[0].isdecimal()), min_size=8, max_size=10, unique=True
)
TEXT = {"type": "string"}


def parameter(place: str, name: str) -> dict[str, Any]:
    """Describe a parameter that is text."""
    return {"name": name, "in": place, "required": True, "schema": TEXT}


def operation(name: str, *parameters: dict[str, Any], properties: list[str] | None = None) -> dict[str, Any]:
    """Describe an operation that takes some parameters, and an object with some properties."""
    body = {"type": "object", "required": properties, "properties": dict.fromkeys(properties or (), TEXT)}
    content = {"required": True, "content": {"application/json": {"schema": body}}}
    made = {
        "operationId": name,
        "tags": ["names"],
        "parameters": parameters,
        "responses": {"204": {"description": "."}},
    }
    return made | ({"requestBody": content} if properties else {})


def document_of(path: list[str], query: list[str], headers: list[str], cookies: list[str], fields: list[str]) -> Any:
    """Describe an API that has all names in all places, at once and one by one."""
    places = {"query": query, "header": headers, "cookie": cookies}
    rest = [parameter(place, name) for place, found in places.items() for name in found]
    paths: dict[str, Any] = {
        "/all/" + "/".join(f"{{{name}}}" for name in path): {
            "post": operation("all together", *(parameter("path", name) for name in path), *rest, properties=fields)
        }
    }
    # Their methods must differ as they are written in Python; that is refused otherwise.
    for name in {
        "".join(filter(str.isalnum, name)).lower(): name for name in fields[:3] if name[:1].isalpha()
    }.values():
        if name in names.METHODS:
            continue
        paths[f"/one/{len(paths)}"] = {"get": operation(name, parameter("query", name))}
    return {"openapi": "3.0.3", "info": {"title": "Any names", "version": "1"}, "paths": paths}


@settings(max_examples=1, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(PATH, NAMES, HEADERS, COOKIES, NAMES)
def test_any_names_are_sent_as_they_are(
    path: list[str], query: list[str], headers: list[str], cookies: list[str], fields: list[str]
) -> None:
    """Any mixture of names generates, passes `mypy --strict`, and sends what was given under the names given."""
    with TemporaryDirectory() as folder, Echo().running() as echo:
        root, name = Path(folder), f"names{len(sys.modules)}"
        (root / "document.json").write_text(json.dumps(document_of(path, query, headers, cookies, fields)))
        render(root / "document.json", root, name)
        command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--python-version=3.11"]
        done = subprocess.run([*command, "-p", f"{name}_client"], cwd=root, capture_output=True, text=True, check=False)
        assert done.stdout.startswith("Success"), done.stdout
        echo.answer = (204, "text/plain", b"")
        with importable(root), load(name).AnyNames(base_url=echo.url) as client:
            send = load(name, ".api.names.all_together").sync
            body = load(name, ".models").AllTogetherBody
            arguments = [each for each in inspect.signature(send).parameters if each not in names.ARGUMENTS]
            inner = list(inspect.signature(body).parameters)
            values = [f"v{index}" for index in range(len(arguments) + len(inner))]
            own, others = values[: len(inner)], values[len(inner) :]
            rest = dict(zip(arguments[len(path) :], others[len(path) :], strict=True))
            send(*others[: len(path)], client=client, body=body(**dict(zip(inner, own, strict=True))), **rest)
        sent = iter(others)
        assert [unquote(part) for part in urlsplit(echo.path).path.split("/")[2:]] == [next(sent) for _ in path]
        assert json.loads(echo.body) == dict(zip(fields, own, strict=True))
        assert parse_qsl(urlsplit(echo.path).query) == [(name, next(sent)) for name in query]
        assert {name: echo.headers[name.lower()] for name in headers} == {name: next(sent) for name in headers}
        assert echo.headers["cookie"].split("; ") == [f"{name}={next(sent)}" for name in cookies]
