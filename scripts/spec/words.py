"""The constraints of schemas, as code and in words."""

import re
from collections.abc import Mapping
from typing import Any

LIMITS = {
    "multipleOf": ("multiple_of", "a multiple of {}"),
    "minimum": ("at_least", ""),
    "exclusiveMinimum": ("more_than", "more than {}"),
    "maximum": ("at_most", ""),
    "exclusiveMaximum": ("less_than", "less than {}"),
    "minLength": ("longer_or_equal", "at least {} characters"),
    "maxLength": ("shorter_or_equal", "at most {} characters"),
    "pattern": ("matching", "matching {}"),
    "minItems": ("longer_or_equal", "at least {} items"),
    "maxItems": ("shorter_or_equal", "at most {} items"),
    "format": ("in_format", ""),
}
"""For each constraint, the function that checks it before a request is sent, and its words."""

# The formats that can be checked, and the type that each is one of.
FORMATS = {"int32": "integer", "int64": "integer", "uri": "string"}
KINDS = {
    "int": '"an integer", int',
    "float": '"a number", int, float',
    "str": '"a string", str',
    "bool": '"True or False", bool',
}


def limits_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the constraints of a schema that can be checked, exclusive bounds as numbers."""
    found = {key: schema[key] for key in LIMITS if key != "format" and schema.get(key) is not None}
    if not _compiles(found.get("pattern", "")):
        del found["pattern"]
    # The generator notes a nullable type as a list.
    types = schema["type"] if isinstance(schema.get("type"), list) else [schema.get("type")]
    if FORMATS.get(schema.get("format", ""), "") in types:
        found["format"] = schema["format"]
    for key, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if found.get(key) is True:
            found[key] = found.pop(inclusive)
        elif found.get(key) is False:
            del found[key]
    return {key: int(v) if isinstance(v, float) and v.is_integer() else v for key, v in found.items()}


def checks(kind: str, limits: Mapping[str, Any]) -> str:
    """Write the checks of an argument of a type as the arguments of a call; empty where there are none."""
    names = kind.split(" | ")
    plain_kind = kind.removeprefix("None | ").removesuffix(" | None")
    nullable = ", type(None)" if "None" in names else ""
    code = [f"_check.of_type({KINDS[plain_kind]}{nullable}),"] if plain_kind in KINDS else []
    code += [f"_check.{LIMITS[keyword][0]}({value!r})," for keyword, value in limits.items()]
    return " ".join(code)


def limits_in_words(limits: Mapping[str, Any]) -> str:
    """Put constraints into a sentence, such as `A multiple of 8, at least 8.`; empty if there are none."""
    parts = [LIMITS[key][1].format(value) for key, value in limits.items() if LIMITS[key][1]]
    low, high = limits.get("minimum"), limits.get("maximum")
    if low is not None and high is not None:
        parts.append(f"{low} to {high}")
    else:
        parts += [f"at least {low}"] if low is not None else []
        parts += [f"at most {high}"] if high is not None else []
    said = ", ".join(parts).replace("at least 1 characters", "not empty").replace("at least 1 items", "not empty")
    return f"{said[0].upper()}{said[1:]}." if said else ""


def sentence(text: str) -> str:
    """Make one sentence in one line of a text."""
    return f"{' '.join(text.split()).removesuffix('.')}."


def plain(text: Any) -> str:
    """Take a string out of the object by which the generator keeps it apart from code."""
    return text.get_untrusted_value() if hasattr(text, "get_untrusted_value") else str(text or "")


def _compiles(pattern: str) -> bool:
    """Return whether Python knows a pattern, which OpenAPI writes in JavaScript's dialect."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
