"""What the places of a document are called in the report."""

from document import METHODS
from spec.tree import Tree, Steps, pointer

# How a step is written, and how many of the steps after it are left out.
FORMS = {
    "properties": (".{}", 0),
    "headers": (" header {}", 0),
    "content": (" {}", 0),
    "responses": (" {}", 0),
    "callbacks": (" callback {}", 2),
}
PLAIN = {"items": "[]", "additionalProperties": ".*", "schema": "", "requestBody": " body"}


def label(tree: Tree, steps: Steps) -> str:
    """Name a place shorter than its JSON pointer does, as in `Book.author` or `GET /books 200 application/json[]`.

    Args:
        tree: The document.
        steps: The place.

    Returns:
        The name.
    """
    text, at = _beginning(steps)
    while at < len(steps):
        step, following = steps[at], "".join(steps[at + 1 : at + 2])
        if step == "parameters":
            parameter = tree.places.get(pointer(steps[: at + 2]))
            text += f" parameter {parameter.text('name') if parameter else following}"
            at += 2
        elif step in FORMS:
            form, left_out = FORMS[step]
            text += form.format(following)
            at += 2 + left_out
        else:
            text += PLAIN.get(step, f"/{step}")
            at += 1
    return text


def _beginning(steps: Steps) -> tuple[str, int]:
    match steps:
        case ("components", "schemas", name, *_):
            return name, 3
        case ("components", kind, name, *_):
            return f"{kind}/{name}", 3
        case ("paths", path, method, *_) if method in METHODS:
            return f"{method.upper()} {path}", 3
        case ("paths", path, *_):
            return path, 2
    return "", 0
