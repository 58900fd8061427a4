"""What the sandbox takes from openapi.yaml rather than saying it again, and the names that it says again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ruamel.yaml import YAML

# The names in openapi.yaml that the imitation stands on. `Facts.load` says which one is gone.
OPERATIONS = ("generate", "listAll", "findOne", "delete")
PENDING = ("queued", "processing")


@dataclass(frozen=True)
class Facts:
    """The document and the facts in it that the sandbox acts on.

    Args:
        document: The whole document.
        models: Ids of the models that exist.
        success: The state of a job that has its images.
        failure: The state of a job that will never have any.
        defaults: What the service fills in for the fields that a submission leaves out.
        required: Examples of the fields that every job has.
        known: Names of the fields that a job may have by the document.
    """

    document: dict[str, Any]
    models: tuple[str, ...]
    success: str
    failure: str
    defaults: dict[str, Any]
    required: dict[str, Any]
    known: frozenset[str]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the facts out of a document.

        Raises:
            LookupError: A name that the sandbox imitates is not in it; the message says which.
        """
        document: dict[str, Any] = YAML(typ="safe").load(path)
        operations = _operations(document)
        for name in OPERATIONS:
            _expect(name, operations, "operation", path)
        components = document["components"]
        schema = components["schemas"]["InferenceEntity"]
        entity = schema["properties"]
        for name in PENDING:
            _expect(name, entity["state"]["enum"], "job state", path)
        wait = operations["findOne"]["x-wait"]
        return cls(
            document=document,
            models=tuple(model["value"] for model in components["parameters"]["ModelId"]["examples"].values()),
            success=wait["success"][0],
            failure=wait["failure"][0],
            defaults=_defaults(components["schemas"]["CreateInferenceDto"], entity),
            required={name: example(document, entity[name]) for name in schema["required"]},
            known=frozenset(entity),
        )


def _operations(document: dict[str, Any]) -> dict[str, Any]:
    """List the operations by their ids."""
    items = [item for path in document["paths"].values() for item in path.values()]
    return {item["operationId"]: item for item in items if isinstance(item, dict) and "operationId" in item}


def _expect(name: str, names: Any, kind: str, path: Path) -> None:
    """Refuse a document that lacks a name, as one does in which it was renamed."""
    if name not in names:
        raise LookupError(
            f"the sandbox imitates the {kind} {name!r}, which {path.name} does not have; it has {', '.join(names)}. "
            "If it was renamed, rename it in scripts/sandbox/ too (facts.py; an operation also in api.py)."
        )


def _defaults(request: dict[str, Any], entity: dict[str, Any]) -> dict[str, Any]:
    """Take the examples of a job as what the service fills in; a seed is drawn for every job."""
    optional = request["properties"].keys() & entity.keys() - {*request["required"], "seed"}
    return {name: entity[name]["example"] for name in entity if name in optional and "example" in entity[name]}


def example(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Make a value of a schema out of the examples in it.

    Args:
        document: Where its references lead.
        schema: The schema.
    """
    if "$ref" in schema:
        found = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return example(document, found)
    for key in ("example", "default"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    if "allOf" in schema:
        return {name: value for part in schema["allOf"] for name, value in example(document, part).items()}
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return example(document, schema[key][0])
    if "properties" in schema:
        return {name: example(document, each) for name, each in schema["properties"].items()}
    if schema.get("type") == "array":
        return [example(document, schema["items"])] * max(schema.get("minItems", 0), 1)
    smallest = schema.get("minimum", 0)
    texts = {"date-time": "2023-02-10T08:08:25Z", "date": "2023-02-10", "uri": "https://example.com/"}
    text = texts.get(schema.get("format", ""), "x" * max(schema.get("minLength", 0), 1))
    return {"string": text, "integer": smallest, "number": smallest, "boolean": True}.get(schema.get("type", ""), {})
