"""What openapi-python-client refuses, with the line in the document, what is meant, and what to do about it."""

import re
from collections.abc import Iterator, Sequence

from openapi_python_client.parser.errors import GeneratorError, ParseError

from .document import Document
from .source import Finding, Steps

CONFIG = "generator-config.yml"
REMEDIES = (
    (
        r"Unsupported content.type (?P<what>[^\s,)]+)",
        "the media type `{what}` is none that can be sent or read",
        f"describe it as `type: string, format: binary`, or add it to `content_type_overrides` of {CONFIG}",
    ),
    (
        r'duplicate models with name "(?P<what>\w+)"',
        "another schema already becomes the class `{what}`",
        f"rename one of the two, or give one another `class_name` in `class_overrides` of {CONFIG}",
    ),
    ("Recursive and circular", "an array or a union holds itself", "let it hold an object that has it as a property"),
    ("must have items", "the array does not say what it holds", "add `items`"),
    (
        r"(?P<what>\w+ can't be merged with \w+)",
        "the parts of `allOf` disagree on a property: {what}",
        "give it the same type in each of them",
    ),
    (
        "Path parameters do not match with path",
        "the names of the parameters in the path do not all consist of A to Z, 0 to 9, `_` and `-`",
        "rename them: it is not the names that are sent",
    ),
    ("Got {<class", "the values of the enum are of several types", "make all of them strings, or leave `enum` out"),
)
"""What the generator says, what it means, and the remedy."""
OTHERWISE = "write it in another way, or leave it out of the document"


def refusals(document: Document, errors: Sequence[GeneratorError]) -> Iterator[Finding]:
    """Explain what the generator could not read; what only follows from something else in the list is left out."""
    texts = [_text(error) for error in errors]
    causes = [not re.search("(?s)Could not find reference(?!.*circular)", text) for text in texts]
    for error, text, is_cause in zip(errors, texts, causes, strict=True):
        if is_cause or not any(causes):
            yield Finding(_steps(document, error, text), *_meaning(text))


def _text(error: GeneratorError) -> str:
    text = f"{error.header.strip()} {(error.detail or '').strip()}".strip()
    # Some strings of the document are printed as the objects that keep them apart from code.
    return re.sub(r"<[\w.]+UntrustedString object at 0x\w+>", "...", _spaced(text))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _meaning(text: str) -> tuple[str, str]:
    for pattern, problem, remedy in REMEDIES:
        if found := re.search(pattern, text):
            return problem.format(**found.groupdict()), remedy
    return f"openapi-python-client cannot read this: {text}", OTHERWISE


def _steps(document: Document, error: GeneratorError, text: str) -> Steps:
    """Find the place of an error: what it holds or names, in the operation or the schema that it names."""
    steps: Steps = ()
    # An error is told with single spaces, and a path may have others.
    calls = {f"parsing {each.method.upper()} {_spaced(each.path)} within": each.steps for each in document.operations}
    if called := [each for said, each in calls.items() if said in text]:
        steps = called[0]
    elif found := re.search(r"/components/schemas/([^\s:]+)", text):
        steps = ("components", "schemas", found[1])
    data = error.data if isinstance(error, ParseError) else None
    value = data.model_dump(mode="json", by_alias=True, exclude_unset=True) if data is not None else None
    for place in document.places.values():
        is_named = place.kind == "media type" and place.steps[-1] in text
        if place.steps[: len(steps)] == steps and (is_named or place.value == value):
            steps = place.steps
    return steps
