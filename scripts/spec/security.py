"""How requests prove who sends them: one token in one header, or nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from . import model as m
from .document import Document
from .source import Finding

Header = tuple[str, str, str]
BEARER = ("Authorization", "Bearer ", "Bearer token.")
KINDS: Mapping[tuple[str, str], Header] = {
    ("http", "bearer"): BEARER,
    ("http", "basic"): ("Authorization", "Basic ", "Base64 of the name and the password, as in `name:password`."),
    ("oauth2", ""): BEARER,
    ("openIdConnect", ""): BEARER,
}
"""The header, what precedes the token in it, and what the token is."""


def security(document: Document, env: str) -> m.Security | None:
    """Return the header that the token goes into; None if no operation asks for one."""
    if (name := _chosen(document)) is None:
        return None
    scheme = document.security_schemes[name]
    header, prefix, meant = _header(scheme) or BEARER
    return m.Security(header, prefix, env, scheme.get("description", meant))


def carried(document: Document) -> Iterator[Finding]:
    """Every operation that asks for a token asks for the one that the client has."""
    headers, chosen = _headers(document), _chosen(document)
    token = headers.get(chosen or "")
    for operation in document.operations:
        known = [[headers.get(name) for name in need] for need in operation.security]
        wrong = [need for need, each in zip(operation.security, known, strict=True) if each and each != [token or ()]]
        if len(wrong) < len(operation.security) or not wrong:
            continue
        steps, need = (*operation.steps, "security"), wrong[0]
        if len(need) > 1:
            problem, others = f"{' and '.join(f'`{name}`' for name in need)} are asked for together", need[1:]
            remedy = f"keep one; callers can give the client `headers` for {', '.join(f'`{name}`' for name in others)}"
        elif need[0] in headers:
            problem = f"`{need[0]}` is another token than that of other operations, `{chosen}`, and a client has one"
            remedy = "keep one; callers can give the client `headers` for the other"
        else:
            problem = f"`{need[0]}` is a kind that the client cannot send"
            remedy = "use http bearer or basic, oauth2, openIdConnect, or apiKey in a header"
        yield Finding(steps, problem, remedy)


def _headers(document: Document) -> dict[str, tuple[str, str]]:
    """Return the header of each security scheme that the client can send, and what precedes the token in it."""
    found = {name: _header(scheme) for name, scheme in document.security_schemes.items()}
    return {name: header[:2] for name, header in found.items() if header}


def _chosen(document: Document) -> str | None:
    """Choose the security scheme that most operations can be called by alone."""
    alone = [need[0] for each in document.operations for need in each.security if len(need) == 1]
    return max((name for name in alone if name in _headers(document)), key=alone.count, default=None)


def _header(scheme: Mapping[str, Any]) -> Header | None:
    if (scheme.get("type"), scheme.get("in")) == ("apiKey", "header"):
        return scheme["name"], "", "API key."
    return KINDS.get((str(scheme.get("type")), str(scheme.get("scheme", "")).lower()))
