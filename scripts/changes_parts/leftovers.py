"""What changes in an object of the document beside what has rules of its own.

That is what only readers of the document see, and the extensions, which tell the package what to do.
"""

from collections.abc import Collection, Iterator
from typing import Any

from .change import Change, breaking, compatible, shown
from .documents import Pair

DOCS = {
    *("title", "summary", "description", "example", "examples", "externalDocs", "deprecated", "tags", "links"),
    *("openapi", "license", "contact", "termsOfService", "bearerFormat", "x-if-left-out", "x-other-clients"),
}


def compare_leftovers(place: str, pair: Pair, compared: Collection[str]) -> Iterator[Change]:
    """Compare what is left of two objects.

    Args:
        place: What to call the place.
        pair: The objects.
        compared: The keys that something else compares.

    Yields:
        What changes: one line on all of the documentation, and one on each other key.
    """
    old, new = pair.old.value, pair.new.value
    docs = []
    for key in sorted((old.keys() | new.keys()) - set(compared)):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        change = f"{key} {shown(before)} -> {shown(after)}"
        if key in DOCS or without_docs(before) == without_docs(after):
            docs.append(key)
        elif not key.startswith("x-"):
            yield breaking("wire", place, f"{change}, of which nothing is known here")
        elif _extends(without_docs(before), without_docs(after)):
            yield compatible("python", place, f"rule of the package: {change}")
        else:
            yield breaking("python", place, f"rule of the package: {change}")
    if docs:
        yield compatible("wire", place, f"docs: {', '.join(docs)}")


def without_docs(value: Any) -> Any:
    """Leave out of a part of the document, all the way down, what only its readers see.

    Args:
        value: The part.

    Returns:
        The rest of it.
    """
    if isinstance(value, dict):
        return {key: without_docs(each) for key, each in value.items() if key not in DOCS}
    return [without_docs(each) for each in value] if isinstance(value, list) else value


def _extends(old: Any, new: Any) -> bool:
    """Tell whether everything that was there still is."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(key in new and _extends(value, new[key]) for key, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return all(each in new for each in old)
    return old is None or bool(old == new)
