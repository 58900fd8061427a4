"""What models share whose objects may hold more than is documented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import _reading
from ._fields import EMPTY, slot, within
from ._model import Model, written
from .errors import DecodeError

V = TypeVar("V")


class OpenModel(Model, Generic[V]):
    """The base of the models whose objects may hold more than is documented.

    Attributes:
        additional_properties: What the object holds beside its attributes, by its name in JSON.
    """

    __slots__ = ("additional_properties",)

    additional_properties: dict[str, V]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Sort out what is not documented once somebody asks for it, since few do."""
            if name != "additional_properties":
                return super().__getattr__(name)
            with self._located() as place:
                self.additional_properties = self._read_rest(self._sent(), place)
            return self.additional_properties

    @staticmethod
    def _rest_type() -> Any:
        """Return the type of the fields that are not documented."""
        return Any

    @classmethod
    def _read_rest(cls, json: Any, place: str = "", faults: _reading.Faults | None = None) -> dict[str, V]:
        """Read the fields that are not documented; see `_reading.Reader`."""
        known, read = set(cls._names.values()), _reading.reader(cls._rest_type())
        others = {key: value for key, value in json.items() if key not in known} if type(json) is dict else {}
        return {key: read(_reading.owned(value), within(place, key), faults) for key, value in others.items()}

    @classmethod
    def _add_faults(cls, json: dict[str, Any], place: str, faults: _reading.Faults) -> None:
        super()._add_faults(json, place, faults)
        cls._read_rest(json, place, faults)

    def _rest(self, json: dict[str, Any]) -> dict[str, Any]:
        rest = slot(self, "additional_properties")
        result = super()._rest(json)
        if rest is EMPTY or rest == self._read_rest(json):
            return result
        known = set(self._names.values())
        kept = {key: value for key, value in result.items() if key in known or key in rest}
        return kept | {key: written(value) for key, value in rest.items()}

    def _values(self) -> Iterator[tuple[str, Any, bool]]:
        yield from super()._values()
        try:
            yield "additional_properties", self.additional_properties, True
        except DecodeError:
            yield "additional_properties", self._sent(), False

    @property
    def additional_keys(self) -> list[str]:
        """The names of what the object holds beside its attributes."""
        return list(self.additional_properties)

    def __getitem__(self, key: str) -> V:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: V) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
