"""What the sandbox takes from openapi.yaml rather than saying it again."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from spec import Document, Operation, SpecError, Wait, load
from spec.samples import sample

# What is imitated, by its name in the document; `Jobs` has a method for each.
OPERATIONS = ("generate", "listAll", "findOne", "delete")


@dataclass(frozen=True)
class Facts:
    """The document, and the facts in it that the sandbox acts on."""

    document: Document

    @classmethod
    def load(cls, path: Path) -> "Facts":
        """Read the facts out of a document; one that lacks an operation that is imitated is a `SpecError`."""
        facts = cls(load(path))
        for name in OPERATIONS:
            facts.operation(name)
        return facts

    def operation(self, name: str) -> Operation:
        """Find an operation that is imitated."""
        found = {operation.id: operation for operation in self.document.operations}
        if name not in found:
            raise SpecError(
                f"the sandbox imitates the operation {name!r}, but {self.document.name} has only {', '.join(found)}: "
                f"if {name!r} was renamed, rename it in scripts/sandbox/facts.py, and its method in jobs.py"
            )
        return found[name]

    @cached_property
    def wait(self) -> Wait:
        """The states of a job: those that it passes, and its ends."""
        wait = self.operation("findOne").wait
        if wait is None or not wait.pending:
            raise SpecError(f"{self.document.name}: the sandbox needs `x-wait` of findOne with its `pending` states")
        return wait

    @cached_property
    def models(self) -> tuple[str, ...]:
        """Ids of the models that exist."""
        model = self.operation("generate").parameters[0]
        return tuple(each["value"] for each in model.examples.values())

    @cached_property
    def entity(self) -> dict[str, Any]:
        """The schema of a job."""
        return self.document.schemas["InferenceEntity"]

    @cached_property
    def required(self) -> dict[str, Any]:
        """Samples of the fields that every job has."""
        return {name: sample(self.document, self.entity["properties"][name]) for name in self.entity["required"]}

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """What the service fills in for the fields that a submission leaves out; a seed is drawn for every job."""
        request = self.document.schemas["CreateInferenceDto"]
        optional = set(request["properties"]) - {*request["required"], "seed"}
        properties = {name: self.document.resolve(each) for name, each in self.entity["properties"].items()}
        return {name: each["example"] for name, each in properties.items() if name in optional and "example" in each}
