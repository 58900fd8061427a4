"""The facts that the sandbox reads from openapi.yaml."""

from pathlib import Path

from spec import SpecError, load
from spec.samples import sample

# The API that is imitated. Of any other, all operations answer with the document's examples.
TITLE = "Leap"
# The operations that are imitated; `Jobs` has a method for each.
OPERATIONS = ("generate", "listAll", "findOne", "delete")


class Facts:
    """The facts of a document that the sandbox needs; raises `SpecError` if one is missing."""

    def __init__(self, path: Path) -> None:
        self.document = load(path)
        self.operations = {operation.id: operation for operation in self.document.operations}
        for name in OPERATIONS:
            if name not in self.operations:
                raise SpecError(
                    f"the sandbox imitates the operation {name!r}, but {path.name} has only "
                    f"{', '.join(self.operations)}: if {name!r} was renamed, rename it in scripts/sandbox/facts.py, "
                    "and its method in jobs.py"
                )
        wait = self.operations["findOne"].wait
        if wait is None or not wait.pending:
            raise SpecError(f"{path.name}: the sandbox needs `x-wait` of findOne with its `pending` states")
        self.wait = wait
        parameters = {parameter.name: parameter for parameter in self.operations["generate"].parameters}
        self.models = [example["value"] for example in parameters["modelId"].examples.values()]
        schemas = self.document.raw["components"]["schemas"]
        request, job = schemas["CreateInferenceDto"], schemas["InferenceEntity"]
        # Sample values of all fields of a job, and of the required ones.
        self.fields = {name: sample(self.document, field) for name, field in job["properties"].items()}
        self.required = {name: self.fields[name] for name in job["required"]}
        # The service's defaults for optional fields; a seed is drawn for every job.
        optional = request["properties"].keys() & self.fields.keys() - {*request["required"], "seed"}
        self.defaults = {name: self.fields[name] for name in optional}
