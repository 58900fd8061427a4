"""Generate generated/ from openapi.yaml, or check that it is up to date.

Usage: generate.py [--check] [--accept-upstream] [--httpx2 FOLDER]

`generate.py` renders the package into an empty folder and replaces generated/ with it. `generate.py --check` writes
nothing, and exits with status 1 if any file differs. `--accept-upstream` also records that every override was compared
with its original; see `upstream`. `--httpx2` writes the package to another folder, with httpx2 instead of httpx.
"""

import argparse
import contextlib
import hashlib
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined, TemplateError
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import EnumProperty, model_property
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.strings import PythonCode

import folders
import reference
import spec
import upstream
from spec.build import build as build_model
from spec.bulk import bulk
from spec.model import Api
from spec.names import settle, taken
from spec.reduced import overrides, reduced
from spec.refusals import refusals

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).resolve().parent / "templates"
RUNTIME = Path(__file__).resolve().parent / "runtime"
HEADER = "# Generated from openapi.yaml by `make generate`. Do not edit.\n"
# Names in the runtime that are replaced in the package.
BASE_ERROR = "ServiceError"
DISTRIBUTION = "service-client"
HTTPX2 = '"httpx2>=2.16,<3"'


class Unprintable(StrictUndefined):
    """An undefined variable that cannot be printed, only tested, as the generator's own templates do."""

    def __bool__(self) -> bool:  # type: ignore[override]  # of the original, which never answers
        return False


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--check", action="store_true", help="write nothing; report how generated/ differs")
    one.add_argument("--accept-upstream", action="store_true", help="record that our templates were compared")
    one.add_argument("--httpx2", type=Path, metavar="FOLDER", help="write it there instead, to run on httpx2")
    options = parser.parse_args()
    if options.httpx2 and options.httpx2.exists():
        parser.error(f"{options.httpx2} exists; name a new folder")
    with TemporaryDirectory(dir=ROOT, prefix=".generated-") as folder:
        fresh = Path(folder) / "generated"
        try:
            # Our own document keeps to the house style too, as `make lint` wants it.
            render(ROOT / "openapi.yaml", ROOT / "generator-config.yml", fresh, spec.Level.STYLE)
        except (spec.SpecError, TemplateError) as error:
            print(f"error: {error}\ngenerated/ is left as it was.", file=sys.stderr)
            return 1
        if options.httpx2:
            use_httpx2(fresh)
            shutil.copytree(fresh, options.httpx2)
            return 0
        changes = drift(folders.read_tree(ROOT / "generated"), folders.read_tree(fresh))
        if options.check:
            return report(changes)
        if changes:
            folders.replace(ROOT / "generated", folders.read_tree(fresh))
    print(f"generated/ is written: {len(changes)} files changed." if changes else "generated/ is up to date.")
    if options.accept_upstream:
        print(f"Recorded as compared with their originals: {', '.join(upstream.accept()) or 'none'}.")
    return 0


def render(source: Path, config_file: Path | None, target: Path, least: spec.Level = spec.Level.ERROR) -> None:
    """Render the package of a document into a folder that does not exist yet.

    Args:
        source: The OpenAPI document.
        config_file: The generator's own configuration; its defaults if None.
        target: The folder to make.
        least: From which level on a finding of the check is a reason to refuse the document.

    Raises:
        SpecError: The document cannot become a package; the message says where and why.
        TemplateError: A template is at fault, and nothing in the document is.
    """
    document = spec.load(source)
    refuse(document, spec.check(document), least)
    project = parse(document, read_config(source, config_file, target))
    api = build_model(document, project.openapi)
    refuse(document, taken(document, project.openapi, api))
    runs = bulk(api)
    prepare(project, api=api, bulk=runs, made_from=made_from(source))
    build(project, document)
    names = {BASE_ERROR: f"{api.client_name}Error", DISTRIBUTION: project.project_name}
    copy_runtime(RUNTIME, project.package_dir, names, without=() if runs else ("bulk", "__main__.py"))
    render_extras(project, api)
    shutil.copy(ROOT / "LICENSE", target)
    stamp(target)
    tidy(target)
    reference.write(target, project.env, api, project.openapi)


def made_from(source: Path) -> dict[str, str]:
    """Identify what a package is made from, beside the modules that it carries itself."""
    templates = hashlib.sha256()
    for name, content in folders.read_tree(TEMPLATES).items():
        templates.update(f"{name}\0{len(content)}\0".encode() + content)
    return {
        "document": hashlib.sha256(source.read_bytes()).hexdigest(),
        "generator": f"openapi-python-client {version('openapi-python-client')}",
        "templates": templates.hexdigest(),
    }


def refuse(document: spec.Document, findings: Iterable[spec.Finding], least: spec.Level = spec.Level.ERROR) -> None:
    """Refuse a document in which something is wrong.

    Raises:
        SpecError: There is a finding of at least this level; the message has all of them, with their lines.
    """
    if wrong := [finding for finding in findings if finding.level >= least]:
        raise spec.SpecError("\n".join(spec.report(document, wrong)))


def read_config(source: Path, config_file: Path | None, target: Path) -> Config:
    """Read the generator's own configuration; its defaults if there is no file."""
    file = ConfigFile.load_from_path(config_file) if config_file else ConfigFile(post_hooks=[])
    return Config.from_sources(file, MetaType.UV, source, "utf-8", overwrite=False, output_path=target)


def parse(document: spec.Document, config: Config) -> Project:
    """Let the generator parse a document.

    Raises:
        SpecError: The generator cannot parse it.
    """
    adapt_generator()
    config = attrs.evolve(config, content_type_overrides=overrides(document) | config.content_type_overrides)
    try:
        parsed = GeneratorData.from_dict(reduced(document), config=config)
    except ValueError as error:
        parsed = GeneratorError(header=str(error))
    if isinstance(parsed, GeneratorError):
        raise spec.SpecError("\n".join(spec.report(document, refusals(document, [parsed]))))
    settle(parsed)
    return Project(openapi=parsed, config=config, custom_template_path=TEMPLATES)


def adapt_generator() -> None:
    """Patch the generator where it has no hook."""
    # An enum is open: type checkers must not assume that the known values are all.
    setattr(  # noqa: B010 - types forbid it
        EnumProperty,
        "get_base_type_string",
        lambda enum: PythonCode(f"{enum.class_info.name} | {enum.value_type.__name__}"),
    )
    setattr(FileProperty, "get_base_type_string", lambda _file: PythonCode("Upload"))  # noqa: B010 - as above
    # Two names that become one are kept apart by `settle`.
    setattr(Endpoint, "_check_parameters_for_conflicts", lambda endpoint, **_: endpoint)  # noqa: B010 - as above
    setattr(model_property, "_resolve_naming_conflict", lambda *_: None)  # noqa: B010 - as above
    # `spec.check` has found that a parameter can be written where it is.
    setattr(PropertyProtocol, "validate_location", lambda _prop, _location: None)  # noqa: B010 - as above


def build(project: Project, document: spec.Document) -> None:
    """Let the generator render the parts that it knows.

    Raises:
        SpecError: It skipped something: even a warning means that the package is incomplete.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        errors = project.build()
    refuse(document, refusals(document, errors))


def prepare(project: Project, **facts: object) -> None:
    """Add the globals and filters that our templates need."""
    # An override takes over what it does not change from the original, which it imports as `upstream/<name>`.
    originals = PrefixLoader({"upstream": PackageLoader("openapi_python_client")})
    project.env.loader = ChoiceLoader([FileSystemLoader(TEMPLATES), PackageLoader("openapi_python_client"), originals])
    project.env.undefined = Unprintable
    project.env.filters["literal"] = repr
    project.env.filters["docstring_end"] = docstring_end
    project.env.globals.update(facts, evolve=attrs.evolve)


def docstring_end(text: str) -> str:
    """Separate a quote at the end of a text from the quotes that close the docstring."""
    return f"{text} " if text.endswith('"') else text


def copy_runtime(source: Path, package: Path, names: Mapping[str, str], without: Collection[str] = ()) -> None:
    """Copy the modules that do not depend on the document; some replace what the generator made.

    Args:
        source: The folder of the modules.
        package: The folder of the package.
        names: The names in the package, by those in the modules.
        without: The modules and folders to leave out.

    Raises:
        TemplateError: A name occurs in no module.
    """
    paths = (path.relative_to(source) for path in sorted(source.rglob("*.py")))
    kept = [path for path in paths if path.parts[0] not in {"__init__.py", *without}]
    texts = {path: (source / path).read_text("utf-8") for path in kept}
    for old in names:
        if not any(old in text for text in texts.values()):
            raise TemplateError(f"{source.name}/: no module has the name {old}; rename what generate.py looks for")
    for path, text in texts.items():
        (package / path).parent.mkdir(exist_ok=True)
        renamed = re.sub("|".join(map(re.escape, names)), lambda found: names[found[0]], text)
        (package / path).write_text(renamed, "utf-8")


def render_extras(project: Project, api: Api) -> None:
    """Add the modules that the generator does not know to the package that it made."""
    made: list[tuple[str, str, Mapping[str, object]]] = [
        ("_spec", "_spec", {}),
        ("_schemas", "_schemas", {}),
        ("_build", "_build", {}),
        *([("webhooks", "webhooks", {})] if api.callbacks else []),
        *([("bulk_spec", "bulk/_spec", {})] if project.env.globals["bulk"] else []),
        *(("named_values", f"models/{values.module_name}", {"values": values}) for values in api.named_values),
        *(("resource", f"resources/{resource.name}", {"resource": resource}) for resource in api.resources),
    ]
    for template, module, variables in made:
        path = project.package_dir / f"{module}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(project.env.get_template(f"{template}.py.jinja").render(variables), "utf-8")


def stamp(target: Path) -> None:
    """Prepend the header line to every module."""
    for module in target.rglob("*.py"):
        module.write_text(HEADER + module.read_text("utf-8"), "utf-8")


def tidy(target: Path) -> None:
    """Let ruff sort imports, drop unused ones and format, by the package's own configuration.

    Raises:
        TemplateError: What was rendered is not valid Python, or uses an undefined name.
    """
    for arguments in (["check", "--fix", "--quiet", "--no-cache", "."], ["format", "--quiet", "--no-cache", "."]):
        command = [sys.executable, "-m", "ruff", *arguments]
        done = subprocess.run(command, cwd=target, capture_output=True, text=True, check=False)
        if done.returncode:
            raise TemplateError(f"ruff {arguments[0]} rejects what the templates made:\n{done.stdout}{done.stderr}")


def use_httpx2(target: Path) -> None:
    """Put httpx2, the continuation of httpx, in its place."""
    for path in (target / "pyproject.toml", *target.rglob("*.py")):
        text = re.sub(r'"httpx>=[^"]+"', HTTPX2, path.read_text("utf-8"))
        path.write_text(re.sub(r"\b(httpx|httpcore)\b(?!-)", r"\g<1>2", text), "utf-8")


def drift(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, str]:
    """Name the files in which two trees differ: `missing`, `stale` or `left over` in the old one."""
    words = dict.fromkeys(new.keys() - old.keys(), "missing") | dict.fromkeys(old.keys() - new.keys(), "left over")
    words |= {path: "stale" for path in old.keys() & new.keys() if old[path] != new[path]}
    return dict(sorted(words.items()))


def report(changes: Mapping[str, str]) -> int:
    """Print the drift and the command that fixes it; return the exit status."""
    if not changes:
        print("generated/ is up to date.")
        return 0
    print("generated/ is out of date. Run `make generate` and commit the result.", file=sys.stderr)
    for path, word in changes.items():
        print(f"  {word + ':':<11}{path}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
