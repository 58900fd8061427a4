"""What a request carries outside of JSON: in its path, query, headers and cookies, and in forms.

Values are written as the styles of OpenAPI say. Unset values are left out. So is null, which no style can express.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from . import _spec
from ._checks import path_segment
from ._model import Model, written
from ._options import as_headers
from .errors import shown
from .types import UNSET, File, FileContent, FileTypes, RequestFiles, Upload

Parameter = tuple[str, Any] | tuple[str, Any, str]
"""The name of a parameter, its value, and what joins the items of a list or object where that is not the usual way."""

DEEP = "[]"
NOT_IN_COOKIES = set(' ",;\\')


def path(value: Any, name: str, equals: str = ",") -> str:
    """Write a value as a segment of a path, lists and objects too.

    Args:
        value: The value.
        name: What its user calls it.
        equals: What stands between the name and the value of a property of an object.

    Returns:
        The segment; every character of the value that means something in a URL is escaped.

    Raises:
        TypeError: The value cannot be written in a path.
        ValueError: The value would lead to another path.
    """
    pieces = [equals.join(path_segment(piece, name) for piece in item) for item in _items(value, name)]
    return ",".join(pieces) or path_segment("", name)


def query(*parameters: Parameter) -> list[tuple[str, str]]:
    """Write parameters of a query.

    Args:
        parameters: The parameters. Lists and objects are spread over several pairs, unless there is a separator, or
            `[]` for an object whose properties are named like `name[property]`.

    Returns:
        The pairs of the query.

    Raises:
        TypeError: A value cannot be written in a query.
        ValueError: A value holds the separator.
    """
    pairs: list[tuple[str, str]] = []
    for name, value, *style in parameters:
        json = written(value)
        if style and style[0] != DEEP:
            pairs += [(name, text) for text in _joined(json, name, style[0])]
        elif isinstance(json, dict):
            names = {key: f"{name}[{key}]" if style else key for key in json}
            pairs += [(names[key], text) for key, item in json.items() for text in _texts(item, name)]
        else:
            pairs += [(name, text) for text in _texts(json, name)]
    return pairs


def headers(*parameters: Parameter) -> dict[str, str]:
    """Write parameters of a header; `=` stands between the names and the values of an object if it is given.

    Raises:
        TypeError: A value cannot be written in a header.
        ValueError: A value holds what may not be in a header, or a comma within a list.
    """
    found = {}
    for name, value, *style in parameters:
        for text in _joined(written(value), name, ",", *style):
            if not text.isascii() or not text.isprintable() or text != text.strip():
                raise ValueError(f"{name} must be printable ASCII without white space at an end, got {shown(text)}")
            found[name] = text
    return found


def cookies(*parameters: Parameter) -> dict[str, str]:
    """Write parameters of a cookie.

    Raises:
        TypeError: A value cannot be written in a cookie.
        ValueError: A value holds what may not be in a cookie, or a comma within a list.
    """
    found = {}
    for name, value, *_ in parameters:
        json = written(value)
        for text in _joined(json, name, ","):
            plain = text.replace(",", "") if isinstance(json, dict | list) else text
            if not text.isascii() or not text.isprintable() or NOT_IN_COOKIES & set(plain):
                wanted = "ASCII without white space, quotes, commas, semicolons and backslashes"
                raise ValueError(f"{name} must be {wanted}, got {shown(text)}")
            found[name] = text
    return found


def form(body: Model) -> dict[str, list[str]]:
    """Write an object as the fields of a form, those of a list under one name.

    Raises:
        TypeError: A field cannot be written in a form.
    """
    return {name: list(_texts(value, name)) for name, value in body.to_dict().items()}


def parts(body: Model, *files: str) -> RequestFiles:
    """Write an object as the parts of a form: files as they are, objects as JSON, all else as text.

    Args:
        body: The object.
        files: Which of its parts are files.

    Returns:
        The parts; one for each item of a list.

    Raises:
        TypeError: A file is none, or not open in binary mode.
        OSError: A file cannot be read.
    """
    values = {key: getattr(body, name) for name, key in body._names.items()}  # noqa: SLF001 - a form is written by names
    values |= getattr(body, "additional_properties", {})
    items = ((name, item) for name, value in values.items() for item in (value if isinstance(value, list) else [value]))
    given = [(name, item) for name, item in items if item is not UNSET and item is not None]
    return [(name, _file(item, name) if name in files else _part(item, name)) for name, item in given]


def _file(upload: Upload, name: str) -> FileTypes:
    if isinstance(upload, File):
        return upload.file_name, content(upload, name), upload.mime_type
    where = upload if isinstance(upload, PathLike) else getattr(upload, "name", "")
    # Of a pipe, the name is a number.
    file_name = Path(where).name if isinstance(where, str | PathLike) else ""
    return file_name or "upload", content(upload, name), None


def _part(value: Any, name: str) -> FileTypes:
    if isinstance(value, dict | Model):
        return None, json.dumps(written(value)).encode(), "application/json"
    return None, _text(written(value), name).encode(), "text/plain"


def content(upload: Upload, name: str = "body") -> FileContent:
    """Return what is in a file to upload.

    Args:
        upload: An open file, bytes, the path of a file, or a `File`.
        name: What its user calls it.

    Returns:
        The bytes, or the open file.

    Raises:
        TypeError: It is none of these, or not open in binary mode.
        OSError: The file cannot be read.
    """
    if isinstance(upload, File):
        return content(upload.payload, name)
    if isinstance(upload, PathLike):
        return Path(fspath(upload)).read_bytes()
    if isinstance(upload, bytes):
        return upload
    if isinstance(upload, io.TextIOBase) or not hasattr(upload, "read"):
        wanted = "bytes, the pathlib.Path of a file, or a file opened in binary mode"
        raise TypeError(f"{name} must be {wanted}, got {shown(upload)}")
    return upload


def _items(value: Any, name: str) -> Iterator[tuple[str, ...]]:
    """Return the texts of a value: one, one for each item of a list, or two for each property of an object."""
    json = written(value)
    if isinstance(json, dict):
        yield from ((key, text) for key, item in json.items() for text in _texts(item, name))
    else:
        yield from ((text,) for text in _texts(json, name))


def _joined(json: Any, name: str, separator: str, equals: str = "") -> Iterator[str]:
    """Write a value as one text; nothing for what is not there."""
    if not isinstance(json, dict | list):
        yield from _texts(json, name)
        return
    items = list(_items(json, name))
    if any(separator in piece or (equals and equals in piece) for item in items for piece in item):
        raise ValueError(f"{name} must not hold {separator!r} within an item, which it separates, got {shown(json)}")
    if items:
        yield separator.join((equals or separator).join(item) for item in items)


def _texts(json: Any, name: str) -> Iterator[str]:
    """Write a value or the items of a list; nothing for what is not there."""
    for item in json if isinstance(json, list) else [json]:
        if item is not UNSET and item is not None:
            yield _text(item, name)


def _text(json: Any, name: str) -> str:
    if isinstance(json, bool):
        return "true" if json else "false"
    if isinstance(json, str | int | float):
        return str(json)
    raise TypeError(f"{name} must be text, a number, or true or false here, got {shown(json)}")


def with_extra(
    kwargs: dict[str, Any],
    extra_headers: Mapping[str, str] | None = None,
    extra_query: Mapping[str, Any] | None = None,
    extra_body: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Add the caller's extra headers, query parameters and body properties to a request.

    They replace documented ones of the same name.

    Args:
        kwargs: The request.
        extra_headers: Headers.
        extra_query: Parameters of the query.
        extra_body: Properties of the JSON body.

    Returns:
        The request.

    Raises:
        TypeError: The body is not JSON, or something cannot be sent.
        ValueError: It would replace the token.
    """
    if extra_headers:
        headers = as_headers(extra_headers)
        if _spec.TOKEN_HEADER.lower() in headers:
            raise ValueError(f"extra_headers must not hold {_spec.TOKEN_HEADER}, which is for the token")
        kwargs["headers"] = {**kwargs.get("headers", {}), **headers}
    if extra_query:
        kept = [pair for pair in kwargs.get("params", ()) if pair[0] not in extra_query]
        kwargs["params"] = [*kept, *query(*extra_query.items())]
    if extra_body:
        body = kwargs.get("json", {})
        if not isinstance(body, dict) or kwargs.keys() & {"content", "data", "files"}:
            raise TypeError("extra_body can be added to a JSON object only, and the body is none")
        kwargs["json"] = {**body, **written(dict(extra_body))}
    return kwargs
