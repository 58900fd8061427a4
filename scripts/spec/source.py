"""A document as YAML, which includes JSON, with the line of everything in it."""

from enum import IntEnum
from typing import Any

import attrs
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

Steps = tuple[str, ...]
"""The way from the root to a place; the unescaped parts of its JSON pointer."""

REMEDY = "correct it, the rest is checked after that"


class SpecError(Exception):
    """The document cannot be read or turned into a package; the message says where, what and why."""


class Level(IntEnum):
    """How much a finding matters."""

    NOTE = 0  # to be thought about
    STYLE = 1  # a package can be made all the same, but not of our own document
    ERROR = 2


@attrs.frozen
class Finding:
    """Something wrong in the document: where, what, and what to do about it."""

    steps: Steps
    problem: str
    remedy: str
    level: Level = Level.ERROR


class Source:
    """The text of a document, read; `name` is what messages call its file."""

    def __init__(self, text: str, name: str = "openapi.yaml") -> None:
        self.name = name
        self.findings: list[Finding] = []
        self._lines: dict[Steps, int] = {(): 1}
        self.raw = self._read(text)

    def line(self, steps: Steps) -> int:
        """Find the line of a place, or of the nearest place above it that is written down."""
        while steps not in self._lines:
            steps = steps[:-1]
        return self._lines[steps]

    def error(self, steps: Steps, problem: str) -> SpecError:
        """Make the error of a place, with its line."""
        return SpecError(f"{self.name}:{self.line(steps)}: {problem}")

    def _read(self, text: str) -> Any:
        yaml = YAML(typ="safe", pure=True)
        # They are all reported by `_scan`; the parser would stop at the first.
        yaml.allow_duplicate_keys = True
        try:
            node = yaml.compose(text)
            self._scan(node, ())
            return node and yaml.constructor.construct_document(node)
        except MarkedYAMLError as error:
            problem = " ".join(str(error.problem).split())
            if error.context and error.context_mark:
                problem += f" {error.context} from line {error.context_mark.line + 1}"
            line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
            raise SpecError(f"{self.name}{line}: not YAML: {problem}; {REMEDY}") from error
        except (YAMLError, ValueError) as error:
            raise SpecError(f"{self.name}: not YAML: {' '.join(str(error).split())}; {REMEDY}") from error
        except RecursionError:
            problem = "an alias stands inside of its own anchor"
            raise SpecError(f"{self.name}: not YAML: {problem}; {REMEDY}") from None

    def _scan(self, node: Node | None, steps: Steps) -> None:
        """Note the lines of all that is below a node, and the keys that YAML allows and OpenAPI does not."""
        if isinstance(node, SequenceNode):
            for index, item in enumerate(node.value):
                self._lines[*steps, str(index)] = item.start_mark.line + 1
                self._scan(item, (*steps, str(index)))
        if isinstance(node, MappingNode):
            seen: dict[str, int] = {}
            for key, value in node.value:
                self._scan_key(key, steps, seen)
                self._scan(value, (*steps, str(key.value)))

    def _scan_key(self, key: Node, steps: Steps, seen: dict[str, int]) -> None:
        name, line, child = str(key.value), key.start_mark.line + 1, (*steps, str(key.value))
        if name in seen:
            problem = f"the key `{name}` stands here a second time, first in line {seen[name]}"
            self.findings.append(Finding(child, problem, "YAML readers drop one of the two: merge them"))
        if str(key.tag) not in {"tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"}:
            problem = f"the key `{name}` is not a string"
            self.findings.append(Finding(child, problem, f'put it in quotes: "{name}"'))
            # As a string it is what was meant, so the rest of the document can still be checked.
            key.tag = "tag:yaml.org,2002:str"
        self._lines[child] = seen[name] = line


def pointer(steps: Steps) -> str:
    """Write the way to a place as it stands in a `$ref`."""
    return "/".join(("#", *(step.replace("~", "~0").replace("/", "~1") for step in steps)))
