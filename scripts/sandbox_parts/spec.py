"""What the sandbox takes from openapi.yaml rather than saying it again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ruamel.yaml import YAML


@dataclass(frozen=True)
class Spec:
    """The document and the facts in it that the sandbox acts on.

    Args:
        document: The whole document.
        models: Ids of the models that exist.
        pending: The states that a job passes, in order, before it ends.
        success: The state of a job that has its images.
        failure: The state of a job that will never have any.
        prompt: A prompt.
        defaults: What the service fills in for the fields that a submission leaves out.
        url_variable: Environment variable with the address of the service.
        token_variable: Environment variable with the token.
    """

    document: dict[str, Any]
    models: tuple[str, ...]
    pending: tuple[str, ...]
    success: str
    failure: str
    prompt: str
    defaults: dict[str, Any]
    url_variable: str
    token_variable: str

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the facts out of a document.

        Args:
            path: The YAML file.
        """
        document = YAML(typ="safe").load(path)
        components = document["components"]
        entity = components["schemas"]["InferenceEntity"]["properties"]
        success, failure, pending = _states(document, entity["state"]["enum"])
        return cls(
            document=document,
            models=tuple(model["value"] for model in components["parameters"]["ModelId"]["examples"].values()),
            pending=pending,
            success=success,
            failure=failure,
            prompt=entity["prompt"]["example"],
            defaults=_defaults(components["schemas"]["CreateInferenceDto"], entity),
            url_variable=document["servers"][0]["x-env"],
            token_variable=components["securitySchemes"]["bearer"]["x-env"],
        )


def _states(document: dict[str, Any], states: list[str | None]) -> tuple[str, str, tuple[str, ...]]:
    """Tell the state of success, the one of failure and those before them."""
    rule = _operation(document, "findOne")["x-wait"]
    ends = {*rule["success"], *rule["failure"], None}
    pending = tuple(state for state in states if state is not None and state not in ends)
    return rule["success"][0], rule["failure"][0], pending


def _operation(document: dict[str, Any], operation_id: str) -> dict[str, Any]:
    """Find an operation by its id."""
    items = (item for path in document["paths"].values() for item in path.values())
    found: dict[str, Any] = next(
        item for item in items if isinstance(item, dict) and item.get("operationId") == operation_id
    )
    return found


def _defaults(request: dict[str, Any], entity: dict[str, Any]) -> dict[str, Any]:
    """Take the examples of a job as what the service fills in; a seed is drawn for every job."""
    optional = request["properties"].keys() & entity.keys() - {*request["required"], "seed"}
    return {name: entity[name]["example"] for name in entity if name in optional}
