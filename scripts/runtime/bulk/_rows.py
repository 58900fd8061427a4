"""Reading rows from CSV, JSONL or Python objects, and finding everything that is wrong with them at once."""

from __future__ import annotations

import csv
import difflib
import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import attrs

from ..errors import shown
from ..types import UNSET
from ._errors import BadRow, InputError
from ._rules import Field, Rules
from ._table import Table

KEY = "key"
SAFE_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
# Names in the output directory that no row may take.
TAKEN = {"journal.jsonl", "failed.jsonl", "summary.json", "index.html", "sheet"}
WINDOWS_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
MOST_BAD_ROWS = 1000
WORDS = {"true": True, "false": False}


class Raw(NamedTuple):
    """A row as it was read: its line, its cells, whether they are text that has to be converted, and what is wrong."""

    line: int
    cells: Mapping[str, Any]
    text: bool = False
    fault: str = ""


class Header(NamedTuple):
    """The columns of all rows that follow."""

    line: int
    columns: list[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was checked.

    Attributes:
        index: Its place in the input, from 0.
        key: What identifies it in the run and names its folder.
        request: What is to be sent, by the names in JSON.
    """

    index: int
    key: str
    request: dict[str, Any]


class Mistakes:
    """Collects bad rows, and remembers not more of them than can be read."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._rows: list[BadRow] = []
        self._count = 0

    def add(self, line: int, column: str, reason: str) -> None:
        """Record one mistake."""
        self._count += 1
        if len(self._rows) < MOST_BAD_ROWS:
            self._rows.append(BadRow(self._source, line, column, reason))

    def __len__(self) -> int:
        return self._count

    def raise_any(self) -> None:
        """Raise them all at once, if there are any."""
        if self._count:
            raise InputError(self._rows, self._count)


class Checker:
    """Turns what was read into rows, and everything that is wrong into a mistake.

    Args:
        rules: What the document says.
        scope: The scope of the run, which is part of what identifies a row.
        mistakes: Where mistakes go.
    """

    def __init__(self, rules: Rules, scope: str, mistakes: Mistakes) -> None:
        self._rules = rules
        self._scope = scope
        self._mistakes = mistakes
        self._fields: dict[str, Field] = {}
        for field in rules.fields:
            self._fields[field.name] = self._fields[field.wire] = field
        self._unknown: set[str] = set()
        self._absent: set[str] = set()
        self._attributes = {attribute.name: attribute for attribute in attrs.fields(rules.body)}
        self._contents = Table()
        self._keys = Table()
        self.duplicates = 0

    def header(self, header: Header) -> None:
        """Check the columns, so that what is wrong with one is not said of each row."""
        known = [name for name in header.columns if self._is_known(header.line, name)]
        self._unknown.update(set(header.columns) - set(known))
        for name in self._required(header.columns):
            self._mistakes.add(header.line, name, "the column is missing")
            self._absent.add(name)

    def row(self, index: int, raw: Raw) -> Row | None:
        """Check one row; None if it has mistakes."""
        before = len(self._mistakes)
        if raw.fault:
            self._mistakes.add(raw.line, "", raw.fault)
            return None
        request: dict[str, Any] = {}
        for name, cell in raw.cells.items():
            if name not in self._unknown and self._is_known(raw.line, name):
                self._take(raw, name, cell, request)
        given = [name for name, cell in raw.cells.items() if not _is_empty(raw, cell)]
        for name in self._required(given):
            if name not in self._absent:
                self._mistakes.add(raw.line, name, "is missing")
        key = self._key(raw, request)
        return None if len(self._mistakes) > before else Row(index, key, request)

    def _required(self, given: Iterable[str]) -> Iterator[str]:
        """Yield the fields that must be given and are not."""
        fields = {self._fields[name].name for name in given if name in self._fields}
        for name, attribute in self._attributes.items():
            if attribute.default is attrs.NOTHING and name not in fields:
                yield name

    def _is_known(self, line: int, name: Any) -> bool:
        """Return whether a column is a field, or may be left alone; complain if it is neither."""
        # What begins with an underscore is a remark, as the errors in failed.jsonl are.
        if name in self._fields or name == KEY or str(name).startswith("_"):
            return True
        close = difflib.get_close_matches(str(name), [*self._fields, KEY], 1)
        hint = f"; did you mean {close[0]}?" if close else f"; the fields are {KEY}, {', '.join(self._attributes)}"
        self._mistakes.add(line, str(name), f"no such field{hint}")
        return False

    def _take(self, raw: Raw, name: str, cell: Any, request: dict[str, Any]) -> None:
        """Convert and check one cell."""
        field = self._fields.get(name)
        if field is None or _is_empty(raw, cell):
            return
        if field.wire in request:
            self._mistakes.add(raw.line, name, "the field is given twice, by both of its names")
            return
        try:
            value = convert(cell, field) if raw.text else cell
            check_value(value)
            validator = self._attributes[field.name].validator
            if validator is not None:
                validator(None, self._attributes[field.name], value)
        except (TypeError, ValueError) as error:
            self._mistakes.add(raw.line, name, str(error))
            return
        request[field.wire] = value

    def _key(self, raw: Raw, request: dict[str, Any]) -> str:
        """Find or derive the key of a row, and see that no other has it."""
        content = canonical([self._scope, request])
        occurrence = self._contents.add(content)
        self.duplicates += occurrence > 1
        given = raw.cells.get(KEY)
        if given is None or given == "":
            short = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            key = short if occurrence == 1 else f"{short}-{occurrence}"
        elif fault := key_fault(given):
            self._mistakes.add(raw.line, KEY, fault)
            return ""
        else:
            key = given
        # Some file systems do not tell upper from lower case.
        if self._keys.add(key.casefold()) > 1:
            self._mistakes.add(raw.line, KEY, f"{key!r} is the key of an earlier row")
        return key


def _is_empty(raw: Raw, cell: Any) -> bool:
    return cell is None or cell is UNSET or (raw.text and cell == "")


def key_fault(key: Any) -> str:
    """Say what keeps a key from naming a folder; empty if nothing does."""
    if not isinstance(key, str):
        return f"key must be a string, got {shown(key)}"
    if not SAFE_KEY.fullmatch(key) or key.endswith("."):
        return f"key must be 1 to 100 letters, digits, `.`, `_` or `-`, the first no `.`, got {shown(key)}"
    if key.casefold() in TAKEN or key.casefold().partition(".")[0] in WINDOWS_DEVICES:
        return f"{key!r} cannot be the name of a folder here"
    return ""


def canonical(value: Any) -> str:
    """Spell a value in the one way by which equal values are told from others."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def check_value(value: Any) -> None:
    """Refuse what cannot be sent as JSON.

    Raises:
        ValueError: It is a broken string, or no number.
    """
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("is not valid UTF-8")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"must be a finite number, got {value}")


def convert(cell: str, field: Field) -> Any:
    """Read the text of a cell as a value of a field.

    Raises:
        ValueError: It is none.
    """
    text = cell.strip()
    if field.kind == "integer":
        if not re.fullmatch(r"[+-]?[0-9]{1,30}", text):
            raise ValueError(f"{field.name} must be an integer, got {shown(cell)}")
        return int(text)
    if field.kind == "number":
        try:
            return float(text) if re.search(r"[.eE]", text) else int(text)
        except ValueError:
            raise ValueError(f"{field.name} must be a number, got {shown(cell)}") from None
    if field.kind == "boolean":
        if text.lower() not in WORDS:
            raise ValueError(f"{field.name} must be true or false, got {shown(cell)}")
        return WORDS[text.lower()]
    if field.kind == "string":
        return cell
    return json.loads(cell)


def read_file(path: Path) -> Iterator[Raw | Header]:
    """Read the rows of a file, by the end of its name: `.csv`, `.jsonl` or `.ndjson`.

    Raises:
        ValueError: It has another name.
    """
    kind = path.suffix.lower()
    if kind == ".csv":
        return _read_csv(path)
    if kind in {".jsonl", ".ndjson"}:
        return _read_jsonl(path)
    raise ValueError(f"{path} must be a .csv or a .jsonl file")


def _read_csv(path: Path) -> Iterator[Raw | Header]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, strict=True)
        line = 1
        try:
            header = next(reader, [])
            if len(set(header)) < len(header):
                yield Raw(1, {}, fault="two columns have the same name")
                return
            yield Header(1, header)
            line = reader.line_num + 1
            for cells in reader:
                if cells and len(cells) != len(header):
                    yield Raw(line, {}, fault=f"has {len(cells)} cells, and the header has {len(header)}")
                elif cells:
                    yield Raw(line, dict(zip(header, cells, strict=True)), text=True)
                line = reader.line_num + 1
        except csv.Error as error:
            yield Raw(line, {}, fault=f"is not CSV: {error}; what follows was not read")


def _read_jsonl(path: Path) -> Iterator[Raw]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file:
        for line, text in enumerate(file, 1):
            if text.strip():
                yield parse_line(line, text)


def parse_line(line: int, text: str) -> Raw:
    """Read a line of JSONL."""
    try:
        cells = json.loads(text)
    except json.JSONDecodeError as error:
        return Raw(line, {}, fault=f"is not JSON: {error.msg} at character {error.pos + 1}")
    except (ValueError, RecursionError):
        return Raw(line, {}, fault="is not JSON that can be read")
    if not isinstance(cells, dict):
        return Raw(line, {}, fault=f"must be a JSON object, got {shown(cells)}")
    return Raw(line, cells)


def read_objects(rows: Iterable[Any], body: type) -> Iterator[Raw]:
    """Read rows from mappings and from request objects."""
    for number, row in enumerate(rows, 1):
        if isinstance(row, body):
            yield Raw(number, row.to_dict())  # type: ignore[attr-defined]  # every model has it
        elif isinstance(row, Mapping):
            yield Raw(number, row)
        else:
            yield Raw(number, {}, fault=f"must be a mapping or a {body.__name__}, got {shown(row)}")
