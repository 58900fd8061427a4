"""scripts/generate.py: what it writes, how it notices drift, and how it refuses what it cannot turn into a package."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from jinja2 import TemplateError

import folders
import generate
from spec import SpecError
from vendor import PACKAGE

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "scripts" / "templates"
RUNTIME = ROOT / "scripts" / "runtime"
# What the runtime cannot know, and a template writes in its place.
STAND_INS = ("_schemas", "_spec", "bulk/_spec")
GENERATED = ROOT / "generated"
BROKEN = sorted((Path(__file__).parent / "broken_documents").glob("*.yaml"))
UPSTREAM = files("openapi_python_client") / "templates"


def templates() -> Iterator[str]:
    """Yield the names of all our templates."""
    for path in TEMPLATES.rglob("*.jinja"):
        yield path.relative_to(TEMPLATES).as_posix()


OVERRIDES = sorted(name for name in templates() if (UPSTREAM / name).is_file())


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Render the package anew."""
    target = tmp_path_factory.mktemp("rendered") / "generated"
    generate.render(ROOT / "openapi.yaml", ROOT / "generator-config.yml", target)
    return target


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Render the package of an API that has everything, bulk runs included."""
    target = tmp_path_factory.mktemp("farm") / "generated"
    generate.render(ROOT / "tests" / "another_api" / "openapi.yaml", None, target)
    return target / "render_farm_client"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy what `make generate` reads and writes, to be changed at will."""
    for name in ("openapi.yaml", "generator-config.yml", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("scripts", "generated"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run scripts/generate.py of a checkout."""
    command = [sys.executable, str(checkout / "scripts" / "generate.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_committed_package_is_what_the_templates_make(rendered: Path) -> None:
    """The package in generated/ is, to the byte, what `make generate` writes, however often it is run."""
    assert generate.drift(folders.read_tree(GENERATED), folders.read_tree(rendered)) == {}


def test_every_module_says_where_it_comes_from() -> None:
    """Every generated module begins with the one line that names the command, and git hides it from diffs."""
    modules = list(GENERATED.rglob("*.py"))
    assert modules
    assert [path for path in modules if not path.read_text().startswith(generate.HEADER)] == []
    assert "generated/** linguist-generated" in (ROOT / ".gitattributes").read_text()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({}, {"a": b"1"}, {"a": "missing"}, id="missing"),
        pytest.param({"a": b"1"}, {"a": b"2"}, {"a": "stale"}, id="stale"),
        pytest.param({"a": b"1"}, {}, {"a": "left over"}, id="left over"),
        pytest.param({"a": b"1"}, {"a": b"1"}, {}, id="same"),
        pytest.param(
            {"a": b"1", "b": b""}, {"a": b"12", "c": b""}, {"a": "stale", "b": "left over", "c": "missing"}, id="all"
        ),
    ],
)
def test_drift_is_seen_both_ways(old: dict[str, bytes], new: dict[str, bytes], expected: dict[str, str]) -> None:
    """A file that is missing, changed or left over is each called by its word."""
    assert generate.drift(old, new) == expected


def test_check_names_each_file_and_the_command(checkout: Path) -> None:
    """`--check` fails on a changed, an added and a removed file, names each, and says what to run; that mends it."""
    package = checkout / "generated" / PACKAGE.name
    (package / "errors.py").write_text((package / "errors.py").read_text() + "# changed\n")
    (package / "stray.py").write_text("")
    (package / "types.py").unlink()

    failed = run(checkout, "--check")
    assert failed.returncode == 1
    assert failed.stderr.splitlines() == [
        "generated/ is out of date. Run `make generate` and commit the result.",
        f"  stale:     {PACKAGE.name}/errors.py",
        f"  left over: {PACKAGE.name}/stray.py",
        f"  missing:   {PACKAGE.name}/types.py",
    ]

    written = run(checkout)
    assert (written.returncode, written.stdout) == (0, "generated/ is written: 3 files changed.\n")
    assert generate.drift(folders.read_tree(ROOT / "generated"), folders.read_tree(checkout / "generated")) == {}
    assert {path.name for path in checkout.iterdir()} == {
        "openapi.yaml",
        "generator-config.yml",
        "LICENSE",
        "scripts",
        "generated",
    }


def test_broken_spec_leaves_the_package_as_it_was(checkout: Path) -> None:
    """A spec that cannot be read stops the command with file, place and reason, and nothing is written."""
    spec = checkout / "openapi.yaml"
    spec.write_text(spec.read_text().replace("operationId: ", "operationId: [", 1))
    before = folders.read_tree(checkout / "generated")

    failed = run(checkout)
    assert failed.returncode == 1
    assert failed.stderr.startswith("error: openapi.yaml:")
    assert failed.stderr.endswith("generated/ is left as it was.\n")
    assert folders.read_tree(checkout / "generated") == before


def test_broken_template_leaves_the_package_as_it_was(checkout: Path) -> None:
    """A template that makes code with an undefined name stops the command, and nothing is written."""
    template = checkout / "scripts" / "templates" / "api_init.py.jinja"
    template.write_text(template.read_text() + "\nprint(nobody_defined_this)\n")
    before = folders.read_tree(checkout / "generated")

    failed = run(checkout)
    assert failed.returncode == 1
    assert "F821 Undefined name `nobody_defined_this`" in failed.stderr
    assert folders.read_tree(checkout / "generated") == before


def test_runtime_goes_into_the_package_as_it_is(farm: Path) -> None:
    """Every module of scripts/runtime/ is in the package; only two names and what the document says differ in it."""
    for module in RUNTIME.rglob("*.py"):
        name = module.relative_to(RUNTIME)
        if str(name) not in {"__init__.py", *(f"{stand_in}.py" for stand_in in STAND_INS)}:
            expected = module.read_text().replace("ServiceError", "RenderFarmError")
            expected = expected.replace("service-client", "render-farm-client")
            # A name of another length may have another place among imports, and break lines elsewhere.
            copied = (farm / name).read_text().removeprefix(generate.HEADER)
            assert sorted(re.findall(r"\w+", copied)) == sorted(re.findall(r"\w+", expected)), name


@pytest.mark.parametrize("name", STAND_INS)
def test_runtime_knows_no_value_that_the_document_does_not_fill_in(farm: Path, name: str) -> None:
    """A stand-in has the names and types of the module that is rendered in its place."""

    def declared(path: Path) -> list[str]:
        return re.findall(r"^(\w+: .+?) = ", path.read_text(), re.MULTILINE)

    assert declared(RUNTIME / f"{name}.py") == declared(farm / f"{name}.py")


def test_rename_that_matches_nothing_is_an_error(tmp_path: Path) -> None:
    """A name of the runtime that generate.py would replace, but that no module has, stops the generation."""
    (tmp_path / "errors.py").write_text("class OtherError(Exception): ...\n")
    with pytest.raises(TemplateError, match="no module has the name ServiceError"):
        generate.copy_runtime(tmp_path, tmp_path, {"ServiceError": "LibraryError"})


@pytest.mark.parametrize("document", BROKEN, ids=lambda path: path.stem)
def test_refused_document_is_told_why(document: Path, tmp_path: Path) -> None:
    """Whatever of a document cannot become code stops the generation, with the reason that its first line expects."""
    expected = document.read_text().splitlines()[0].removeprefix("# expect: ")
    with pytest.raises(SpecError) as caught:
        generate.render(document, None, tmp_path / "generated")
    assert expected in str(caught.value)
    assert str(caught.value).startswith(document.name)


def test_no_template_is_dead() -> None:
    """Every template overrides one of the generator's, is rendered by us, or is imported by another template."""
    users = [*TEMPLATES.rglob("*.jinja"), ROOT / "scripts/generate.py", ROOT / "scripts/reference/__init__.py"]
    texts = "".join(path.read_text() for path in users)
    ours = [name for name in templates() if name not in OVERRIDES]
    dead = [name for name in ours if not {f'"{name}"', f'"{name.removesuffix(".py.jinja")}"'} & set(_strings(texts))]
    assert dead == []


def _strings(text: str) -> list[str]:
    return re.findall(r'"[\w./]+"', text)


@pytest.mark.parametrize("fact", ["leap", "tryleap", "inference", "modelId", "model_id", "prompt", "api/v1"])
def test_no_template_knows_the_api(fact: str) -> None:
    """What is particular to this API stands in openapi.yaml alone."""
    scripts = ROOT / "scripts"
    sources = [
        *TEMPLATES.rglob("*.jinja"),
        *RUNTIME.rglob("*.py"),
        *(path for room in ("spec", "reference", "changes") for path in (scripts / room).glob("*.py")),
        scripts / "generate.py",
    ]
    assert [path.name for path in sources if fact.lower() in path.read_text().lower()] == []
