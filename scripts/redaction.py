"""Keeping secrets out of recordings: those in addresses are redacted, any other is found and named.

An address in a body may be signed in its query, hold a password, or be the webhook of somebody who put a secret into
it. Its secrets become `REDACTED`; host, path and names of parameters stay, so that the recording can still be read.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

REDACTED = "REDACTED"
# What a credential looks like, to whomever it belongs: a header that carries one, its value, a JSON Web Token.
CREDENTIAL = re.compile(r'authorization|"(?:set-)?cookie"|bearer\s+[\w.~+/-]{16,}|\beyJ[\w-]{8,}\.', re.IGNORECASE)
CLOUD_KEY = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")
PASSWORD = re.compile(r"(?<=://)[^/?#\s\"'<>\\@]+(?=@)")
# `\u0026` is how some servers write the `&` of an address in JSON.
PARAMETER = re.compile(r"(?:[?&;#]|\\u0026)([\w.~%+\[\]-]+)=([^&;#\s\"'<>\\]+)")
SEGMENT = re.compile(r"(?<=/)[^/?#\s]+")
SECRET_NAME = re.compile(
    r"x-amz-|x-goog-|awsaccesskeyid|sig(?!h)|secret|token|key|auth|pass|pwd|policy|credential|session|jwt|hmac|code",
    re.IGNORECASE,
)
# Words and numbers are short or all letters; what machines make is long and mixed.
SECRET_VALUE = re.compile(r"(?=.*[A-Za-z])(?=.*\d).{16,}|[\w.~+/=-]{32,}", re.DOTALL)


def redact(value: Any, name: str = "") -> Any:
    """Redact the secrets in the addresses of a body, or of a value in it.

    An address whose `name` says that it is a webhook's keeps no value of its query.
    """
    if isinstance(value, dict):
        return {key: redact(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [redact(each, name) for each in value]
    return _redact_text(value, webhook="webhook" in name.lower()) if isinstance(value, str) else value


def _redact_text(text: str, *, webhook: bool) -> str:
    def parameter(found: re.Match[str]) -> str:
        name, value = unquote(found[1]), unquote(found[2])
        secret = webhook or SECRET_NAME.search(name) or SECRET_VALUE.fullmatch(value)
        return found[0].removesuffix(found[2]) + REDACTED if secret else found[0]

    def segment(found: re.Match[str]) -> str:
        return REDACTED if SECRET_VALUE.fullmatch(found[0]) else found[0]

    text = CLOUD_KEY.sub(REDACTED, PARAMETER.sub(parameter, PASSWORD.sub(REDACTED, text)))
    scheme, separator, rest = text.partition("://")
    return f"{scheme}{separator}{SEGMENT.sub(segment, rest)}" if webhook and separator else text


def credentials(text: str, token: str = "") -> Iterator[str]:
    """Say what is in the text of a file and must never be, such as the token in any spelling, and show none of it."""
    if token and any(spelling in text for spelling in {token, json.dumps(token)[1:-1], quote(token, safe="")}):
        yield "the token"
    for number, line in enumerate(text.splitlines(), start=1):
        if CREDENTIAL.search(line):
            yield f"what looks like a credential, in line {number}"
        elif _redact_text(line, webhook=False) != line:
            yield f"what looks like a secret in an address, in line {number}"
