"""scripts/changes.py: each change is told with its place and whether it breaks something, and asks for a version."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import changes.__main__ as changes
import generate
from changes import python, wire
from changes.change import breaking, compatible
from spec import Document, load
from support.edits import EDITS, breaking_areas, lines
from support.packages import quickly

ROOT = Path(__file__).parent.parent
Spec = dict[str, Any]
Edit = Callable[[Spec], None]
Sources = str | dict[str, str]


def cases(table: str) -> dict[str, Spec]:
    """Read a table of cases, by their names."""
    found: dict[str, Spec] = YAML(typ="safe").load(ROOT / "tests" / "changes" / f"{table}.yaml")
    return found


@pytest.fixture(scope="module", autouse=True)
def _without_reference() -> Iterator[None]:
    """Leave out the reference of packages that are compared: nothing here looks at it."""
    with quickly(reference=False):
        yield


# Python.

PACKAGES = cases("packages")


def write_package(folder: Path, sources: Sources) -> Path:
    """Write a package of one module, or of several by their names."""
    package = folder / "package"
    package.mkdir(parents=True)
    modules = {"__init__": sources} if isinstance(sources, str) else {"__init__": "", **sources}
    for name, source in modules.items():
        (package / f"{name}.py").write_text(source)
    return package


@pytest.mark.parametrize("name", PACKAGES)
def test_a_change_of_a_package_is_classified(tmp_path: Path, name: str) -> None:
    """What changes for those who use a package is found in all that they can name, and nothing in what they cannot."""
    case = PACKAGES[name]

    found = python.compare(*(write_package(tmp_path / version, case[version]) for version in ("old", "new")))

    assert lines(found) == sorted(case["expected"])


# The wire.

SCHEMAS = cases("schemas")


def document(**parts: Any) -> Spec:
    """Make a small document: `GET /things/{id}`, with whatever a test puts in place of its parts."""
    answer = {"200": {"description": "A thing.", "content": {"application/json": {"schema": {"type": "string"}}}}}
    operation = {"operationId": "getThing", "responses": answer, **parts.pop("operation", {})}
    item = {parts.pop("method", "get"): operation, "parameters": [{"name": "id", "in": "path", "required": True}]}
    return {"openapi": "3.0.3", "info": {}, "paths": {parts.pop("path", "/things/{id}"): item}, **parts}


def compare_documents(old: Spec, new: Spec) -> list[str]:
    """Compare two documents, and write the changes down."""
    return lines(set(wire.compare(Document(json.dumps(old)), Document(json.dumps(new)))))


def both_ways(schema: Spec) -> Spec:
    """Make a document in which a schema is sent and received."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"content": content}}}
    return document(operation=operation, components={"schemas": {"Thing": schema}})


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_change_of_a_schema_is_classified(name: str) -> None:
    """What may be sent must not become less, and what may come must not become more than clients can read."""
    case = SCHEMAS[name]

    found = compare_documents(both_ways(case["old"]), both_ways(case["new"]))

    expected = []
    for direction in ("requests", "answers"):
        mark, _, why = case[direction].partition(";")
        expected.append(f"wire {mark} Thing: in {direction}: {case['what']}{why and ';' + why}")
    assert found == sorted(expected)


@pytest.mark.parametrize(
    ("place", "holds"),
    [
        pytest.param("Thing.a", lambda schema: {"properties": {"a": schema}}, id="field"),
        pytest.param("Thing[]", lambda schema: {"items": schema}, id="item"),
        pytest.param("Thing.*", lambda schema: {"additionalProperties": schema}, id="other field"),
        pytest.param("Thing/allOf/0.a", lambda schema: {"allOf": [{"properties": {"a": schema}}]}, id="part"),
        pytest.param("Thing/oneOf/0.a", lambda schema: {"oneOf": [{"properties": {"a": schema}}]}, id="alternative"),
    ],
)
def test_schemas_are_compared_all_the_way_down(place: str, holds: Callable[[Spec], Spec]) -> None:
    """A change is found, once for each direction, wherever a schema holds another one, be it itself."""
    old, new = (holds({"type": name, "items": {"$ref": "#/components/schemas/Thing"}}) for name in ("array", "object"))

    found = compare_documents(both_ways(old), both_ways(new))

    assert found == [
        f"wire breaking {place}: in answers: type array -> object",
        f"wire breaking {place}: in requests: type array -> object",
    ]


def test_a_schema_may_change_its_form() -> None:
    """A schema that is put together from parts, or got another name, is still the same if it says the same."""
    whole = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}
    part = {"properties": {"b": {"type": "integer"}}}
    parts = {"type": "object", "required": ["a"], "allOf": [{"properties": {"a": {"type": "string"}}}, part]}
    assert compare_documents(both_ways(whole), both_ways(parts)) == []

    renamed = json.loads(json.dumps(both_ways(whole)).replace("s/Thing", "s/Item").replace('"Thing"', '"Item"'))
    assert compare_documents(both_ways(whole), renamed) == []


def with_parameter(**parameter: Any) -> Spec:
    """Make a document with a parameter."""
    return document(operation={"parameters": [{"name": "q", "in": "query", **parameter}]})


def with_response(status: str = "200", **response: Any) -> Spec:
    """Make a document with a response."""
    return document(operation={"responses": {"200": {}, status: response}})


def with_body(*media_types: str, **body: Any) -> Spec:
    """Make a document with a body."""
    return document(operation={"requestBody": {"content": {each: {} for each in media_types}, **body}})


def with_callback(**schema: Any) -> Spec:
    """Make a document with a request that the service sends."""
    body = {"content": {"application/json": {"schema": schema}}}
    return document(operation={"callbacks": {"done": {"{$request.body#/url}": {"post": {"requestBody": body}}}}})


def with_security(*requirements: Spec, **schemes: Spec) -> Spec:
    """Make a document with security."""
    known = {"token": {"type": "http", "scheme": "bearer"}, "key": {"type": "apiKey", "in": "header", "name": "X-Key"}}
    return document(security=requirements, components={"securitySchemes": {**known, **schemes}})


def with_servers(*urls: str, **server: Any) -> Spec:
    """Make a document with servers."""
    return document(servers=[{"url": url, **server} for url in urls])


JSON, TEXT = "application/json", "text/plain"
GET = "GET /things/{id}"
DOCUMENTS: dict[str, tuple[Spec, Spec, list[str]]] = {
    "operation removed": (document(), document(paths={}), [f"wire breaking {GET}: operation removed"]),
    "operation added": (document(paths={}), document(), [f"wire compatible {GET}: operation added"]),
    "other method": (document(), document(method="post"), [f"wire breaking {GET}: moved to POST /things/{{id}}"]),
    "other path": (document(), document(path="/t/{id}"), [f"wire breaking {GET}: moved to GET /t/{{id}}"]),
    "path parameter renamed": (
        document(),
        json.loads(json.dumps(document(path="/things/{number}")).replace('"id"', '"number"')),
        [],
    ),
    "parameter removed": (
        with_parameter(),
        document(),
        [f"wire breaking {GET}: parameter `q` in query removed"],
    ),
    "required parameter added": (
        document(),
        with_parameter(required=True),
        [f"wire breaking {GET}: required parameter `q` in query added"],
    ),
    "parameter required": (
        with_parameter(),
        with_parameter(required=True),
        [f"wire breaking {GET} parameter q: optional -> required"],
    ),
    "parameter optional": (
        with_parameter(required=True),
        with_parameter(),
        [f"wire compatible {GET} parameter q: required -> optional"],
    ),
    "type of a parameter": (
        with_parameter(schema={"type": "string"}),
        with_parameter(schema={"type": "integer"}),
        [f"wire breaking {GET} parameter q: in requests: type string -> integer"],
    ),
    "style of a parameter": (
        with_parameter(),
        with_parameter(explode=False),
        [f"wire breaking {GET} parameter q: explode nothing -> false, of which nothing is known here"],
    ),
    "required body added": (document(), with_body(JSON, required=True), [f"wire breaking {GET}: required body added"]),
    "optional body added": (document(), with_body(JSON), [f"wire compatible {GET}: optional body added"]),
    "body removed": (with_body(JSON), document(), [f"wire breaking {GET}: body removed"]),
    "body required": (
        with_body(JSON),
        with_body(JSON, required=True),
        [f"wire breaking {GET} body: optional -> required"],
    ),
    "other media type": (
        with_body(JSON),
        with_body(TEXT),
        [
            f"wire breaking {GET} body: in requests: application/json removed",
            f"wire compatible {GET} body: in requests: text/plain added",
        ],
    ),
    "header removed": (
        with_response(headers={"X-Left": {}}),
        with_response(),
        [f"wire breaking {GET} 200: header X-Left removed"],
    ),
    "type of a header": (
        with_response(headers={"X-Left": {"schema": {"type": "integer"}}}),
        with_response(headers={"X-Left": {"schema": {"type": "string"}}}),
        [f"wire breaking {GET} 200 header X-Left: in answers: type integer -> string"],
    ),
    "success without the body": (
        document(operation={"responses": {"200": {"content": {JSON: {}}}}}),
        document(operation={"responses": {"200": {"content": {JSON: {}}}, "204": {}}}),
        [
            f"wire breaking {GET} 204: in answers: application/json removed",
            f"wire compatible {GET}: status 204 added; clients take every 2xx for a success",
        ],
    ),
    "no success left": (
        document(),
        document(operation={"responses": {"404": {}}}),
        [
            f"wire breaking {GET}: status 200 removed; clients take every 2xx for a success",
            f"wire compatible {GET}: status 404 added; clients take all but 2xx for errors",
        ],
    ),
    "error added": (
        with_response(),
        with_response("404"),
        [f"wire compatible {GET}: status 404 added; clients take all but 2xx for errors"],
    ),
    "field of an error": (
        with_response("404", content={JSON: {"schema": {"properties": {"message": {}}}}}),
        with_response("404", content={JSON: {"schema": {"properties": {}}}}),
        [f"wire breaking {GET} 404 application/json: in answers: field `message` removed"],
    ),
    "callback added": (
        document(),
        with_callback(),
        [f"wire compatible {GET}: callback done POST {{$request.body#/url}} added"],
    ),
    "callback removed": (
        with_callback(),
        document(),
        [f"wire breaking {GET}: callback done POST {{$request.body#/url}} removed"],
    ),
    "type in a callback": (
        with_callback(type="integer"),
        with_callback(type="number"),
        [f"wire breaking {GET} callback done body application/json: in answers: type integer -> number"],
    ),
    "security wanted": (
        with_security(),
        with_security({"token": []}),
        [f"wire breaking {GET}: security nothing -> bearer http"],
    ),
    "security no longer wanted": (
        with_security({"token": []}),
        with_security({}, {"token": []}),
        [f"wire compatible {GET}: security bearer http -> bearer http or nothing"],
    ),
    "other way added": (
        with_security({"token": []}),
        with_security({"token": []}, {"key": []}),
        [f"wire compatible {GET}: security bearer http -> bearer http or header X-Key apiKey"],
    ),
    "both wanted": (
        with_security({"token": []}),
        with_security({"token": [], "key": []}),
        [f"wire breaking {GET}: security bearer http -> header X-Key apiKey and bearer http"],
    ),
    "other header": (
        with_security({"key": []}),
        with_security({"key": []}, key={"type": "apiKey", "in": "header", "name": "X-Token"}),
        [f"wire breaking {GET}: security header X-Key apiKey -> header X-Token apiKey"],
    ),
    "server added": (
        with_servers("https://a.example"),
        with_servers("https://a.example", "https://b.example"),
        ["wire compatible servers: https://b.example added"],
    ),
    "server preferred": (
        with_servers("https://a.example", "https://b.example"),
        with_servers("https://b.example", "https://a.example"),
        ["python compatible servers: requests go to https://b.example by default, no longer to https://a.example"],
    ),
    "rule added": (
        document(),
        document(operation={"x-recognise": {"success": ["done"]}}),
        [f'python compatible {GET}: rule of the package: x-recognise nothing -> {{"success": ["done"]}}'],
    ),
    "rule extended": (
        document(operation={"x-recognise": {"success": [1]}}),
        document(operation={"x-recognise": {"success": [2, 1]}}),
        [
            f'python compatible {GET}: rule of the package: x-recognise {{"success": [1]}} -> {{"success": [2, 1]}}',
        ],
    ),
    "rule changed": (
        document(operation={"x-recognise": "A"}),
        document(operation={"x-recognise": "B"}),
        [f'python breaking {GET}: rule of the package: x-recognise "A" -> "B"'],
    ),
    "rule that nothing reads": (
        with_servers("https://a.example", **{"x-env": "A"}),
        with_servers("https://a.example"),
        ["wire compatible servers https://a.example: docs: x-env"],
    ),
    "words": (
        document(info={"title": "A", "description": "a"}, tags=[], operation={"summary": "a"}),
        document(info={"title": "A", "description": "b"}, tags=[{"name": "b"}], operation={"summary": "b"}),
        [
            f"wire compatible {GET}: docs: summary",
            "wire compatible document: docs: tags",
            "wire compatible info: docs: description",
        ],
    ),
    "something unheard of": (
        document(),
        document(jsonSchemaDialect={"a": 1}),
        ['wire breaking document: jsonSchemaDialect nothing -> {"a": 1}, of which nothing is known here'],
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_change_of_a_document_is_classified(name: str) -> None:
    """A change breaks the wire only if a client made from the old document cannot get along with the new service."""
    old, new, expected = DOCUMENTS[name]

    assert compare_documents(old, new) == sorted(expected)


# What the vendor of the API really did in 2023, as an edit that takes it back, and what is said of it.


def operation(spec: Spec, name: str) -> Spec:
    """Find an operation by its name."""
    found = (each for item in spec["paths"].values() for each in item.values() if isinstance(each, dict))
    return next(each for each in found if each.get("operationId") == name)


def answer(spec: Spec) -> Spec:
    """Find the schema that answers are made by."""
    schema: Spec = spec["components"]["schemas"]["InferenceEntity"]
    return schema


def name_as_in_august(spec: Spec) -> None:
    """Give the operations the names of August."""
    for name, earlier in {"generate": "create", "listAll": "findAll", "delete": "remove"}.items():
        operation(spec, name)["operationId"] = earlier


def answer_200(spec: Spec) -> None:
    """Answer 200 alone to a submitted job."""
    operation(spec, "generate")["responses"].pop("201")


def take_back_fields(spec: Spec) -> None:
    """Answer without the fields that came later."""
    del answer(spec)["properties"]["upscalingOption"]


def name_other_upscaling(spec: Spec) -> None:
    """Upscale by another name."""
    answer(spec)["properties"]["upscalingOption"]["enum"] = ["superResolution"]


def list_models(spec: Spec) -> None:
    """Answer several models."""
    answer(spec)["properties"]["modelId"] = {"type": "array", "items": {"type": "string"}}


LIST, ONE = "/api/v1/images/models/{modelId}/inferences", "/api/v1/images/models/{modelId}/inferences/{inferenceId}"
UNKNOWN = "; clients keep values that they do not know"
POST = f"POST {LIST}"
OF_THE_VENDOR: dict[str, tuple[Edit, list[str]]] = {
    "operations renamed": (
        name_as_in_august,
        [
            f"wire compatible {POST}: operationId create -> generate, which is not sent",
            f"wire compatible GET {LIST}: operationId findAll -> listAll, which is not sent",
            f"wire compatible DELETE {ONE}: operationId remove -> delete, which is not sent",
        ],
    ),
    "201 answered": (
        answer_200,
        [f"wire compatible {POST}: status 201 added; clients take every 2xx for a success"],
    ),
    "field added": (
        take_back_fields,
        ["wire compatible InferenceEntity: in answers: optional field `upscalingOption` added"],
    ),
    "values of an enum replaced": (
        name_other_upscaling,
        [
            'wire compatible InferenceEntity.upscalingOption: in answers: value "superResolution" removed',
            *(
                f'wire compatible InferenceEntity.upscalingOption: in answers: value "{value}" added{UNKNOWN}'
                for value in ("x1", "x2", "x4")
            ),
        ],
    ),
    "one model instead of several": (
        list_models,
        [
            "wire breaking InferenceEntity.modelId: in answers: type array -> string",
            "wire breaking InferenceEntity.modelId[]: in answers: type string -> any",
        ],
    ),
}


@pytest.mark.parametrize("name", OF_THE_VENDOR)
def test_what_the_vendor_changed_is_classified(name: str) -> None:
    """Each change that the API saw in 2023 is told as what it is, beside words that only readers see."""
    edit, expected = OF_THE_VENDOR[name]
    old, new = (YAML(typ="safe").load(ROOT / "openapi.yaml") for _ in range(2))
    edit(old)

    found = [line for line in compare_documents(old, new) if ": docs: " not in line]

    assert found == sorted(expected)


# Versions.


@pytest.mark.parametrize(
    ("old", "new", "needed"),
    [
        pytest.param("0.1.0", "0.1.0", "0.2.0", id="not raised"),
        pytest.param("0.1.0", "0.1.9", "0.2.0", id="patch raised before 1.0"),
        pytest.param("0.1.3", "0.2.0", None, id="minor raised before 1.0"),
        pytest.param("0.9.0", "0.10.0", None, id="minor with two digits"),
        pytest.param("0.1.0", "1.0.0", None, id="major raised before 1.0"),
        pytest.param("1.2.3", "1.3.0", "2.0.0", id="minor raised"),
        pytest.param("1.2.3", "2.0.0", None, id="major raised"),
        pytest.param("1.2.3", "2.0.0-rc.1", None, id="release candidate"),
        pytest.param("1.2.3", "0.9.0", "2.0.0", id="lowered"),
    ],
)
def test_a_breaking_change_asks_for_a_version(tmp_path: Path, old: str, new: str, needed: str | None) -> None:
    """A breaking change asks for a new major version, before 1.0 for a new minor one, and a compatible one for none."""
    before, after = (write_version(tmp_path / name, version) for name, version in (("old", old), ("new", new)))

    said = changes.missing_version([compatible("wire", "a", "b"), breaking("wire", "a", "b")], before, after)

    assert said == (
        f"Something breaks, so info.version must go from {old} to {needed} or above, and it is {new}. "
        "Raise it in openapi.yaml, then run `make generate`."
        if needed
        else ""
    )
    assert changes.missing_version([compatible("wire", "a", "b")], before, after) == ""


def test_a_version_that_is_none_is_refused(tmp_path: Path) -> None:
    """A version that cannot be raised by the rules is an error, not a pass."""
    before, after = write_version(tmp_path / "old", "1.0.0"), write_version(tmp_path / "new", "next")
    with pytest.raises(changes.ChangesError, match=r"'next', which is no semantic version"):
        changes.missing_version([breaking("wire", "a", "b")], before, after)


def write_version(folder: Path, version: str) -> Path:
    """Write a spec that has a version and nothing else."""
    folder.mkdir()
    (folder / "openapi.yaml").write_text(json.dumps({"openapi": "3.0.3", "info": {"version": version}, "paths": {}}))
    return folder


# The working tree and git.

# One edit after the other, each on top of those before it, and whether it breaks something.
HISTORY = {
    "operation-in-a-tag": False,
    "response-field-removed": True,
}


class Checkout:
    """A copy of what the script reads of a checkout, to be changed at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spec = folder / "openapi.yaml"
        shutil.copytree(ROOT / "generated", folder / "generated", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("openapi.yaml", "generator-config.yml"):
            shutil.copy(ROOT / name, folder)

    def edit(self, edit: Edit) -> None:
        """Edit the spec."""
        spec = YAML(typ="safe").load(self.spec)
        edit(spec)
        self.spec.write_text(json.dumps(spec))

    def generate(self) -> None:
        """Do as `make generate`."""
        shutil.rmtree(self.folder / "generated")
        generate.render(self.spec, self.folder / "generator-config.yml", self.folder / "generated")

    def git(self, *arguments: str) -> None:
        """Run git as somebody, without the settings of whoever runs the tests."""
        command = ["git", "-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", *arguments]
        env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(command, cwd=self.folder, env=env, check=True, capture_output=True)

    def commit(self, tag: str) -> None:
        """Commit everything, and tag it."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", tag)
        self.git("tag", tag)

    def go_to(self, tag: str) -> None:
        """Make the files what they were at a tag."""
        self.git("checkout", "--quiet", "--force", tag)

    def changes(self, *arguments: str) -> tuple[int, str, str]:
        """Run the script, and give its exit status, what it printed, and what it printed as errors."""
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as errors:
            status = changes.main(arguments, self.folder)
        return status, out.getvalue(), errors.getvalue()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A copy of this checkout, outside of any repository."""
    return Checkout(tmp_path / "checkout")


def test_a_revision_must_be_named() -> None:
    """Without a revision, `make changes` says how to name one."""
    command = [sys.executable, str(ROOT / "scripts" / "changes"), ""]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = "error: There is no revision to compare with. Name one: make changes BASE=main.\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_git_must_be_there(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no git, the message says what it is needed for."""
    monkeypatch.setenv("PATH", str(checkout.folder))
    assert checkout.changes("main") == (
        2,
        "",
        "error: There is no git, which knows the revision to compare with. Install it.\n",
    )


# Nothing else in the tests of this script needs git, and nothing else in the project that it compares.
if shutil.which("git"):

    @pytest.fixture(scope="module")
    def history(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
        """A repository in which the spec was edited, generated and committed, again and again."""
        checkout = Checkout(tmp_path_factory.mktemp("history") / "checkout")
        checkout.git("init", "--quiet")
        checkout.generate()
        checkout.commit("base")
        for name in HISTORY:
            checkout.edit(EDITS[name].apply)
            checkout.generate()
            checkout.commit(name)
        return checkout

    @pytest.mark.parametrize(("before", "name"), list(pairwise(["base", *HISTORY])), ids=HISTORY)
    def test_each_step_of_a_history_is_classified(history: Checkout, before: str, name: str) -> None:
        """Compared with the commit before it, each edit is told as what it is, and asks for a version if it breaks."""
        history.go_to(name)

        status, out, errors = history.changes(before)

        *found, summary = (" ".join(line.split()) for line in out.splitlines())
        expected = EDITS[name].changes
        assert [line for line in expected if line not in found] == []
        assert breaking_areas(found) == breaking_areas(expected)
        assert summary.endswith(f"compatible changes since {before}")
        assert (status, bool(errors)) == (int(HISTORY[name]), HISTORY[name])

    def test_a_raised_version_lets_breaking_changes_pass(history: Checkout) -> None:
        """The same changes fail while the version is what it was, and pass once it is raised by what they ask for."""
        history.go_to("response-field-removed")
        old = str(load(ROOT / "openapi.yaml").raw["info"]["version"])
        major, minor, _ = (int(part) for part in old.split("."))
        needed = f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"
        status, out, errors = history.changes("base")
        assert (status, "breaking" in out, f"must go from {old} to {needed} or above" in errors) == (1, True, True)

        history.edit(lambda spec: spec["info"].update(version=needed))
        status, out, errors = history.changes("base")
        assert (status, "breaking" in out, errors) == (0, True, "")

    def test_what_is_not_committed_counts(history: Checkout) -> None:
        """An edit is seen as soon as the file is saved, before `make generate` and before any commit."""
        history.go_to("base")
        assert history.changes("base") == (0, "no changes since base\n", "")

        history.edit(EDITS["operation-removed"].apply)
        status, out, _ = history.changes("base")
        assert (status, "Images.delete: removed" in out) == (1, True)

    def test_an_unknown_revision_is_refused(history: Checkout) -> None:
        """A revision that git does not know is named, be it one that git would take for an option."""
        for revision in ("nowhere", "--help"):
            said = f"error: git knows no revision {revision!r}. Name a branch, a tag or a commit, or fetch it first.\n"
            assert history.changes("--", revision) == (2, "", said)

    def test_a_revision_without_a_package_is_refused(checkout: Checkout) -> None:
        """A revision from before there was a package cannot be compared with, and the message says so."""
        checkout.git("init", "--quiet")
        shutil.rmtree(checkout.folder / "generated")
        checkout.commit("early")

        status, out, errors = checkout.changes("early")

        assert (status, out) == (2, "")
        assert errors.startswith("error: early has no openapi.yaml or no generated/. Name a later revision.\n")

    def test_a_folder_without_revisions_is_refused(checkout: Checkout) -> None:
        """Files that were downloaded without their repository have no revisions, and the message says so."""
        status, out, errors = checkout.changes("main")
        assert (status, out) == (2, "")
        assert errors.startswith(
            f"error: {checkout.folder} is not in a git checkout, so it has no revisions. Clone it.\n"
        )

    def test_a_spec_that_cannot_be_read_is_refused(history: Checkout) -> None:
        """A spec of which no package can be made is an error, not a change."""
        history.go_to("base")
        history.spec.write_text("openapi: [")
        status, out, errors = history.changes("base")
        assert (status, out) == (2, "")
        assert errors.startswith("error: openapi.yaml:1:")
