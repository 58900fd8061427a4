"""What changes between clients and the service.

The question is always the same: does a client that was made from the old document get along with a service that does
as the new one says? Clients are those of this project: they take every 2xx for a success, keep values of enums that
they do not know, and check no limits of what they read.
"""

from collections.abc import Iterator

from document import METHODS
from spec.tree import Place, Tree

from .change import Change, breaking, compatible
from .documents import Documents, Pair
from .leftovers import compare_leftovers
from .operations import Operations, sent_keys


def compare(old: Tree, new: Tree) -> Iterator[Change]:
    """Compare two documents.

    Args:
        old: The document as it was.
        new: The document as it is.

    Yields:
        What changes, in no particular order; what is used in several places may come several times.
    """
    documents = Documents(old, new)
    root = documents.root
    yield from compare_leftovers("document", root, {"info", "servers", "security", "paths", "components"})
    yield from compare_leftovers("info", documents.below(root, "info"), {"version"})
    yield from _servers(root)
    for name in documents.below(root, "components").names("securitySchemes").kept:
        scheme = documents.below(root, "components", "securitySchemes", name)
        # What a scheme sends is compared where an operation wants it.
        yield from compare_leftovers(f"securitySchemes/{name}", scheme, sent_keys(scheme.old) | sent_keys(scheme.new))
    for path in root.names("paths").kept:
        yield from compare_leftovers(path, documents.below(root, "paths", path), {*METHODS, "parameters"})
    yield from Operations(documents).compare()


def _servers(root: Pair) -> Iterator[Change]:
    before, after = ({place.text("url"): place for place in _servers_of(side)} for side in root)
    yield from (breaking("wire", "servers", f"{url} removed") for url in before if url not in after)
    yield from (compatible("wire", "servers", f"{url} added") for url in after if url not in before)
    for url in before.keys() & after.keys():
        yield from compare_leftovers(f"servers {url}", Pair(before[url], after[url]), {"url"})
    first, now = next(iter(before), ""), next(iter(after), "")
    if first != now and first in after:
        yield compatible("python", "servers", f"requests go to {now} by default, no longer to {first}")


def _servers_of(document: Place) -> Iterator[Place]:
    for step, value in document.items("servers"):
        yield Place("server", ("servers", step), value)
