"""Two versions of a document, and how to go down in both at once."""

from collections.abc import Mapping
from typing import NamedTuple

from spec.tree import Place, Tree

from .labels import label


class Names(NamedTuple):
    """Names that are gone, that are still there, and that are new."""

    gone: list[str]
    kept: list[str]
    added: list[str]


class Pair(NamedTuple):
    """An object as it was and as it is; an empty one where there is none."""

    old: Place
    new: Place

    def names(self, key: str) -> Names:
        """Sort the names that both have under a key.

        Args:
            key: The key.

        Returns:
            The names.
        """
        return sort_names(self.old.mapping(key), self.new.mapping(key))


class Documents(NamedTuple):
    """The document as it was and as it is."""

    old: Tree
    new: Tree

    @property
    def root(self) -> Pair:
        """Both as objects."""
        return Pair(self.old.places["#"], self.new.places["#"])

    def below(self, pair: Pair, *keys: str) -> Pair:
        """Go down in both, references followed.

        Args:
            pair: Where to start.
            keys: The way down.

        Returns:
            What is there.
        """
        old = self.old.child(pair.old, *keys) or Place("nothing", ("nothing",), {})
        new = self.new.child(pair.new, *keys) or Place("nothing", (*pair.new.steps, *keys), {})
        return Pair(old, new)

    def label(self, pair: Pair) -> str:
        """Name the place of two objects.

        Args:
            pair: The objects.

        Returns:
            What to call it in a report.
        """
        return label(self.new, pair.new.steps)


def sort_names(old: Mapping[str, object], new: Mapping[str, object]) -> Names:
    """Tell which keys of two mappings are gone, kept and added, each in the order of its mapping."""
    gone, kept = ([name for name in old if (name in new) is wanted] for wanted in (False, True))
    return Names(gone, kept, [name for name in new if name not in old])
