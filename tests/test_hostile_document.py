"""A document is data: whatever its strings are, they never become code that runs."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

import pytest

import generate
from spec import load

ROOT = Path(__file__).parent.parent
# Ends, or reaches out of, every kind of literal that there is in Python, TOML and Jinja, and then makes a file.
PAYLOADS = [
    '"""\nopen("PWNED", "w")\n"""',
    "'''\nopen('PWNED', 'w')\n'''",
    "\"); open('PWNED', 'w') #",
    '\'); open("PWNED", "w") #',
    "{open('PWNED', 'w')}",
    '{open("PWNED", "w")}',
    "{{ cycler.__init__.__globals__.os.system('touch PWNED') }}",
    "{% for x in range(9) %}{% endfor %}{# ",
    "\\",
    "\\\\",
    '\\"',
    "\\N{BULLET}\\x41\\u0041 \\",
    "\n\nopen('PWNED', 'w')\n",
    "\r\x0copen('PWNED', 'w')\u2028open('PWNED', 'w')",
    '*/ --> ]]> ``` <script>"',
    "%s %(x)s {0} {x!r:{y}}",
]
# Where a document may say anything, by the key that it stands under.
TEXTS = {"description", "summary", "example", "default", "pattern", "bearerFormat", "url", "value"}
# What extensions refer to by name, and where parameters are that nothing refers to.
REFERRED = {"id", "images", "uri", "state", "status"}
FREE = {"query", "header"}
RUN = """
import importlib, inspect, pathlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    module = importlib.import_module(found.name)
    get_kwargs = getattr(module, "_get_kwargs", None)
    if get_kwargs:
        names = [p.name for p in inspect.signature(get_kwargs).parameters.values() if p.default is p.empty]
        try:
            get_kwargs(**{name: "{open('PWNED', 'w')}" for name in names})
        except (AttributeError, TypeError, ValueError):
            pass  # a string is not what every argument takes
print("ran", package.__name__)
"""


def changed(node: Any, change: Callable[[str, Any], Any], key: str = "") -> Any:
    """Copy a document with some of its values changed."""
    if isinstance(node, dict):
        items = {name: changed(change(str(name), value), change, str(name)) for name, value in node.items()}
        return {name: value for name, value in items.items() if value is not None}
    if isinstance(node, list):
        return [changed(value, change, key) for value in node]
    return node


def with_hostile_texts(document: dict[str, Any], payloads: Iterator[str]) -> dict[str, Any]:
    """Put a payload wherever the document holds text for people, or a value."""

    def change(key: str, value: Any) -> Any:
        if key == "enum" and isinstance(value[0], str):
            return [f"{next(payloads)}{index}" for index in range(len(value))]
        if key == "title" and isinstance(value, str):
            return f"{value}{next(payloads)}"
        return next(payloads) if key in TEXTS and isinstance(value, str) else value

    made: dict[str, Any] = changed(copy.deepcopy(document), change)
    made["info"]["title"] = document["info"]["title"]
    made["info"]["version"] = next(payloads)
    if job := made["components"]["schemas"].get("InferenceEntity"):
        states = [job["properties"][name]["enum"] for name in ("state", "status")]
        wait = made["paths"]["/api/v1/images/models/{modelId}/inferences/{inferenceId}"]["get"]["x-wait"]
        wait.update(
            {key: [each[index] for each in states] for index, key in enumerate(("pending", "success", "failure"))}
        )
    for parameter in made.get("components", {}).get("parameters", {}).values():
        parameter.get("schema", {}).pop("default", None)
    return made


def with_hostile_names(document: dict[str, Any], payloads: Iterator[str]) -> dict[str, Any]:
    """Put a payload into every name that is not referred to: of properties, arguments, operations and tags."""
    numbers = count()
    tag = next(payloads)
    operations: dict[str, str] = {}

    def hostile(name: str) -> str:
        return f"{name}{next(numbers)}{next(payloads)}"

    def argument(parameter: dict[str, Any]) -> dict[str, Any]:
        return {**parameter, "name": hostile(parameter["name"])} if parameter.get("in") in FREE else parameter

    def change(key: str, value: Any) -> Any:
        match key, value:
            case "properties", dict():
                return {name if name in REFERRED else hostile(name): schema for name, schema in value.items()}
            case "required", list():
                return None
            case "parameters", list():
                return [argument(each) for each in value]
            case "tags", [str(), *_]:
                return [f"{value[0]}{tag}"]
            case ("operationId", str()):
                # Links call an operation by the same name.
                return operations.setdefault(value, hostile(value))
        return value

    made: dict[str, Any] = without_referring_rules(changed(copy.deepcopy(document), change))
    made["info"]["title"] = f"Hostile {tag}"
    return made


def without_referring_rules(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out the rules that refer to names which are other ones now."""
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("x-pagination", None)
                operation.pop("callbacks", None)
                operation.pop("x-recognise", None)
    return document


@pytest.mark.parametrize("hostile", [with_hostile_texts, with_hostile_names], ids=["texts", "names"])
@pytest.mark.parametrize("source", ["openapi.yaml", "tests/documents/library.yaml"], ids=["ours", "library"])
@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 8))
def test_hostile_strings_stay_strings(
    start: int,
    source: str,
    hostile: Callable[[dict[str, Any], Iterator[str]], dict[str, Any]],
    tmp_path: Path,
) -> None:
    """A package made of a document full of code runs none of it, neither at import nor in a call.

    Each string of the document gets the next payload, beginning with another one in each case.
    """
    payloads = islice(cycle(PAYLOADS), start, None)
    spec = tmp_path / "hostile.json"
    spec.write_text(json.dumps(hostile(load(ROOT / source).raw, payloads)))
    generate.render(spec, None, tmp_path / "project")
    package = next(path.name for path in (tmp_path / "project").iterdir() if path.is_dir())
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", RUN, package],
        cwd=tmp_path / "project",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == f"ran {package}\n", done.stderr
    assert list(tmp_path.rglob("PWNED")) == []
