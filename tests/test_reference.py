"""The reference and the docstrings say of the API what the spec says, and of the package what it is."""

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, get_overloads

import httpx
import pytest
from openapi_python_client.strings import snake_case

import contract
from leap_client import AsyncLeap, Leap, PublicModel, Response, _retries, bulk, errors, models, webhooks
from leap_client._enums import OpenStrEnum
from readme import Readme, Section

ROOT = Path(__file__).parent.parent
REFERENCE = Readme.of(ROOT / "generated")
DOCUMENT = contract.DOCUMENT.raw
resolve = contract.DOCUMENT.resolve
METHODS = ("get", "post", "put", "delete", "patch")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the method, the path and the object of every operation, with the parameters of the path."""
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                parameters = [*item.get("parameters", []), *item[method].get("parameters", [])]
                yield method.upper(), path, {**item[method], "parameters": [resolve(each) for each in parameters]}


def section_of(operation: dict[str, Any]) -> Section:
    """The section of the reference that describes an operation."""
    return REFERENCE.section(f"{operation['tags'][0]}.{snake_case(operation['operationId'])}")


def body_of(operation: dict[str, Any]) -> dict[str, Any]:
    """The schema of what an operation is sent; an empty one if it is sent nothing."""
    content = resolve(operation.get("requestBody", {})).get("content", {})
    return resolve(next(iter(content.values()))["schema"]) if content else {"properties": {}}


def resources(client: object) -> list[tuple[str, object]]:
    """The parts of the API as a client offers them, by name."""
    names = dict.fromkeys(operation["tags"][0] for _, _, operation in operations())
    return [(name, getattr(client, name)) for name in names]


OPERATIONS = [pytest.param(operation, id=operation["operationId"]) for _, _, operation in operations()]


# What the reference says of the API.


def test_the_table_of_methods_is_the_spec() -> None:
    """The reference lists every operation of the spec with its request and its summary, and no other."""
    listed = [(row["HTTP request"], row["Description"]) for row in REFERENCE.section("Methods").tables[0]]
    documented = [(f"**{method}** `{path}`", f"{each['summary']}.") for method, path, each in operations()]
    assert sorted(listed) == sorted(documented)
    titles = {section.title for section in REFERENCE.below("Methods")}
    assert titles == {section_of(operation).title for _, _, operation in operations()}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_arguments_of_an_operation_are_the_spec(operation: dict[str, Any]) -> None:
    """The reference lists every parameter and every field of a body, says which must be given, and adds none."""
    body = body_of(operation)
    documented = {
        f"{each['in']} `{each['name']}`": (each.get("required", False), each["schema"])
        for each in operation["parameters"]
    } | {f"body `{name}`": (name in body["required"], schema) for name, schema in body["properties"].items()}
    all_rows = {row["Sent as"]: row for row in section_of(operation).tables[0]}
    rows = {place: row for place, row in all_rows.items() if place != "not sent" and "`extra_" not in row["Argument"]}
    assert rows.keys() == documented.keys()
    for place, (required, schema) in documented.items():
        row = rows[place]
        assert row["Argument"].strip("`") == snake_case(place.split("`")[1])
        assert row["Required"] == ("yes" if required else "no")
        description, told, rest = row["Description"].partition(schema["description"])
        assert (description, told) == ("", schema["description"])
        limits = [schema[key] for key in ("multipleOf", "minimum", "maximum") if key in schema]
        assert re.findall(r"\d+", rest) == [str(limit) for limit in limits]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_responses_of_an_operation_are_the_spec(operation: dict[str, Any]) -> None:
    """The reference lists every documented status with its meaning and its content types, and adds none."""
    rows = section_of(operation).tables[1]
    responses = {status: resolve(response) for status, response in operation["responses"].items()}
    listed = [(row["Status"].strip("`"), row["Meaning"], row["Body"].replace("`", "")) for row in rows]
    assert listed == [
        (status, response["description"], ", ".join(response.get("content", {})) or "none")
        for status, response in responses.items()
    ]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_errors_of_an_operation_are_those_that_are_raised(operation: dict[str, Any]) -> None:
    """For every status that the reference names in a table of responses, that very class is raised."""
    for row in section_of(operation).tables[1]:
        for name in re.findall(r"raises \[`(\w+)`\]\(#errors\)", row["Outcome"]):
            status = int(row["Status"].strip("`").replace("XX", "18"))
            answer = httpx.Response(status, request=httpx.Request("GET", "http://sandbox"))
            assert type(errors.api_error(answer, b"", timedelta())).__name__ == name


def schemas() -> Iterator[Any]:
    """Yield the name and the schema of every object of the spec that is no error."""

    def walk(node: Any, name: str) -> Iterator[Any]:
        if isinstance(node, dict):
            if "properties" in node:
                yield pytest.param(node.get("title", name), node, id=node.get("title", name))
            for key, child in node.items():
                yield from walk(child, key)

    yield from walk(DOCUMENT["components"]["schemas"], "")


@pytest.mark.parametrize(("name", "schema"), list(schemas()))
def test_the_properties_of_a_model_are_the_spec(name: str, schema: dict[str, Any]) -> None:
    """The reference lists every property of a schema, says which are always there, and adds what is made of them."""
    documented = {f"`{key}`": (key in schema["required"], each) for key, each in schema["properties"].items()}
    table = REFERENCE.section(name).tables[0]
    rows = {row["In JSON"]: row for row in table if not row["In JSON"].startswith("made of")}
    assert rows.keys() == documented.keys()
    for key, (required, each) in documented.items():
        assert rows[key]["Description"].startswith(each["description"])
        assert rows[key].get("Always there", rows[key].get("Required")) == ("yes" if required else "no")
    made = {row["Attribute"].strip("`") for row in table if row["In JSON"].startswith("made of")}
    assert made == schema.get("x-first-of", {}).keys()


def test_the_models_are_the_package() -> None:
    """The reference has a section for every public class of `models`, and for `Response`, and for no other."""
    assert {section.title for section in REFERENCE.below("Models")} == {*models.__all__, "Response"}
    assert REFERENCE.section("Response").column("Attribute") == list(inspect.signature(Response).parameters)
    enums = [each for each in map(vars(models).get, models.__all__) if each and issubclass(each, OpenStrEnum)]
    assert enums
    for enum in enums:
        assert REFERENCE.section(enum.__name__).column("In JSON") == [str(member) for member in enum]


def test_the_public_models_are_the_spec() -> None:
    """The reference lists every public model with its id and its hint, and no other."""
    documented = DOCUMENT["components"]["parameters"]["ModelId"]["examples"]
    rows = REFERENCE.section("PublicModel").tables[0]
    listed = [(row["Member"].strip("`"), row["Value"].strip("`"), row["Description"]) for row in rows]
    assert listed == [(f"PublicModel.{key}", each["value"], each["summary"]) for key, each in documented.items()]
    assert [row[1] for row in listed] == [str(member) for member in PublicModel]


def test_the_body_of_an_error_is_the_spec() -> None:
    """The reference lists the documented properties of the body of an error, and no other."""
    schema = DOCUMENT["components"]["responses"]["ClientError"]["content"]["application/json"]["schema"]
    assert REFERENCE.section("Errors").column("In JSON", table=1) == list(schema["properties"])


# What the reference says of the package.


def test_the_signatures_are_the_methods() -> None:
    """Every signature in the reference is one of the method, but for what only an asynchronous one has besides."""
    blocks = [block.text for block in REFERENCE.blocks if block.language == "pyi"]
    listed = [ast.unparse(function) for text in blocks for function in ast.parse(text).body]
    signatures = [each for _, resource in resources(Leap("any")) for each in signatures_of(type(resource))]
    assert sorted(listed) == sorted(signatures)


def signatures_of(cls: type) -> Iterator[str]:
    """Yield the signatures of the methods of a resource as they are written, without bodies and `self`."""
    source = ast.parse(inspect.getsource(sys.modules[cls.__module__]))
    [found] = [each for each in source.body if isinstance(each, ast.ClassDef) and each.name == cls.__name__]
    defined: dict[str, list[ast.FunctionDef]] = {}
    for each in found.body:
        if isinstance(each, ast.FunctionDef) and not each.name.startswith("_") and not each.name.endswith("_detailed"):
            defined.setdefault(each.name, []).append(each)
    for functions in defined.values():
        if len(functions) > 1:
            functions.pop()  # what has overloads is called by them
        for function in functions:
            function.body, function.decorator_list = [ast.Expr(ast.Constant(...))], []
            for arguments in (function.args.args, function.args.posonlyargs):
                arguments[:] = [each for each in arguments if each.arg != "self"]
            yield ast.unparse(function)


def parameters_of(method: Any) -> list[inspect.Parameter]:
    """List the parameters of a method; of several ways to call it, those of the one that is spelt out."""
    way = (get_overloads(method) or [method])[-1]
    return [each for each in inspect.signature(way).parameters.values() if each.name != "self"]


@pytest.mark.parametrize("section", [*REFERENCE.below("Methods"), *REFERENCE.below("Helpers")], ids=lambda it: it.title)
def test_the_arguments_of_a_method_are_the_method(section: Section) -> None:
    """The reference lists every argument of every method, and says which must be given."""
    resource, _, name = section.title.partition(".")
    parameters = parameters_of(getattr(getattr(Leap("any"), resource), name))
    assert section.column("Argument") == [each.name for each in parameters]
    required = ["yes" if each.default is each.empty else "no" for each in parameters]
    assert section.column("Required") == required


def test_the_table_of_helpers_is_complete() -> None:
    """The reference has a section for every method of the package, and lists those that are no operations."""
    helpers = [section.title for section in REFERENCE.below("Helpers")]
    listed = re.findall(r"`leap\.(\S+)`", " ".join(row["Helper"] for row in REFERENCE.section("Helpers").tables[0]))
    assert listed == helpers
    described = {section.title for section in REFERENCE.below("Methods")} | set(helpers)
    methods = {
        f"{resource}.{name.removesuffix('_detailed')}"
        for resource, each in resources(Leap("any"))
        for name, _ in inspect.getmembers(each, inspect.ismethod)
        if not name.startswith("_")
    }
    assert described == methods


def test_the_table_of_webhooks_is_the_package() -> None:
    """The reference lists every public function for webhooks with its arguments, and no other."""
    functions = inspect.getmembers(webhooks, inspect.isfunction)
    own = [(name, each) for name, each in functions if not name.startswith("_")]
    signatures = [f"{name}({', '.join(inspect.signature(each).parameters)})" for name, each in own]
    assert REFERENCE.section("Webhooks").column("Function") == signatures


def test_the_tables_of_bulk_runs_are_the_package() -> None:
    """The reference lists every function of `bulk`, every option of a run and every attribute of a result."""
    section = REFERENCE.section("Bulk")
    functions = [name for name in bulk.__all__ if inspect.isfunction(getattr(bulk, name))]
    listed = [row.partition("(")[0] for row in section.column("Function")]
    assert sorted(listed) == sorted([*functions, "Plan.run"])
    assert section.column("Option of `run`", table=1) == [field.name for field in fields(bulk.Options)]
    assert section.column("Attribute of `Result`", table=2) == [field.name for field in fields(bulk.Result)]


def test_the_tree_of_errors_is_the_package() -> None:
    """The reference draws every error below the one that it derives from, and says what else it is and has."""
    [drawn] = [block for block in REFERENCE.blocks if block.language == "text" and "ApiError" in block.text]
    stack: list[str] = []
    for line in drawn.text.splitlines():
        bars, name, meaning = re.findall(r"^([│├└─ ]*)(\w+) *(.*)$", line)[0]
        depth = len(bars) // 4
        cls = getattr(errors, name)
        assert cls.__mro__[1].__name__ == (stack[depth - 1] if depth else "Exception")
        if also := re.search(r"also a (\w+)", meaning):
            assert also[1] in {base.__name__ for base in cls.__mro__}
        stack[depth:] = [name]
    names = re.findall(r"\w+(?:Error|Failed|Timeout)\b(?= |$)", drawn.text, re.MULTILINE)
    assert {name for name in names if hasattr(errors, name)} == set(errors.__all__)


def test_the_attributes_of_errors_are_the_package() -> None:
    """The reference lists every attribute of every error with the classes that bring it, and no other."""
    listed = {
        (row["Attribute"].strip("`"), name)
        for row in REFERENCE.section("Errors").tables[0]
        for name in re.findall(r"\w+", row["Of"])
    }
    defined = set()
    for cls in (getattr(errors, name) for name in errors.__all__):
        documented = inspect.cleandoc(cls.__doc__ or "").partition("Attributes:\n")[2]
        properties = {name for name, value in vars(cls).items() if isinstance(value, property | cached_property)}
        names = {*re.findall(r"^ {4}(\w+): ", documented, re.MULTILINE), *properties}
        defined |= {(name, cls.__name__) for name in names if not name.startswith("_")}
    assert listed == defined


def test_the_table_of_arguments_is_the_client() -> None:
    """The reference lists the arguments of both clients, which are those of `with_options` too."""
    listed = REFERENCE.section("Configuration").column("Argument of `Leap`")
    for client in (Leap, AsyncLeap):
        assert list(inspect.signature(client).parameters) == listed
        assert list(inspect.signature(client.with_options).parameters)[1:] == listed


def test_the_table_of_retries_is_the_transport() -> None:
    """The reference names every status after which a request is sent again, and no other."""
    [row] = [row for row in REFERENCE.section("Retries").tables[0] if "520" in row["What happened"]]
    numbers = re.sub(
        r"(\d+) to (\d+)",
        lambda found: ", ".join(map(str, range(int(found[1]), int(found[2]) + 1))),
        row["What happened"],
    )
    assert {int(number) for number in re.findall(r"\d+", numbers)} == _retries.TRANSIENT


# What the docstrings say.


def test_every_public_name_has_a_docstring() -> None:
    """Every module, class, method and function of the package that has a public name has a docstring."""
    rules = ["--isolated", "--no-cache", "--select", "D1", "--ignore", "D105,D107"]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", *rules, "generated"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("client", [Leap("any"), AsyncLeap("any")], ids=["sync", "async"])
def test_the_docstring_of_a_method_describes_every_argument(client: object) -> None:
    """Every method says of every argument its type and what it means, and links to its section of the reference."""
    anchors = {section.anchor for section in REFERENCE.sections}
    methods = [each for _, resource in resources(client) for each in inspect.getmembers(resource, inspect.ismethod)]
    for name, method in methods:
        text = inspect.getdoc(method) or ""
        if name.startswith("_") or name.endswith("_detailed"):
            continue
        described = re.findall(r"^    (\w+) \((.+?)\): \S", text.partition("\nArgs:\n")[2], re.MULTILINE)
        parameters = parameters_of(method)
        assert [each[0] for each in described] == [parameter.name for parameter in parameters], name
        optional = {parameter.name for parameter in parameters if parameter.default is not parameter.empty}
        assert {each[0] for each in described if each[1].endswith("optional")} == optional, name
        assert all(
            f"{part}:\n" in text
            for part in (
                "Yields" if "Iterator" in str(inspect.signature(method).return_annotation) else "Returns",
                "Raises",
            )
        ), name
        assert re.findall(r"^Reference: README\.md#(.*)$", text, re.MULTILINE)[0] in anchors, name


def test_the_docstrings_say_what_the_spec_says() -> None:
    """Whoever types a call sees what the spec says of each argument."""
    text = " ".join((inspect.getdoc(Leap("any").images.generate) or "").split())
    for name, schema in DOCUMENT["components"]["schemas"]["CreateInferenceDto"]["properties"].items():
        assert f"{snake_case(name)} (" in text
        assert schema["description"] in text
