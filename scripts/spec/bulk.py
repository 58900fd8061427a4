"""The call that many jobs can be submitted by, where the rules of a document allow it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import attrs

from . import model as m


@attrs.frozen
class Bulk:
    """A call that many jobs can be submitted by, and what a run of them needs: names in Python, but for `_wire`."""

    resource: str
    submit: m.Call
    find: m.Call
    list: m.Call
    download: m.Download
    scope: m.Argument
    scope_values: m.NamedValues | None
    body: m.Model
    key: m.Argument
    created: str
    by: tuple[str, ...]
    draw: Mapping[str, Any]
    count: str | None
    document: str  # a checksum of the rules


def bulk(api: m.Api) -> Bulk | None:
    """Find the call that bulk runs can submit by, if there is one; SpecError if it lacks what a run needs."""
    call = next((each for each in api.operations.values() if "x-recognise" in each.wire.raw), None)
    if call is None:
        return None
    rule, steps = call.wire.raw["x-recognise"], (*call.wire.steps, "x-recognise")
    resource = next(each for each in api.resources if call in each.operations)
    find = call.follow.target if call.follow else None
    listing = next((each for each in resource.operations if each.pages and each.pages.item == call.return_type), None)
    entity, body = api.models.get(call.return_type), api.models.get(call.body_model)
    if find is None or listing is None or listing.pages is None or entity is None or body is None:
        raise api.document.error(steps, "a job that is recognised also has to be waited for, and to be listed by pages")
    if entity.download not in resource.downloads or entity.download is None:
        raise api.document.error(steps, "the job has no files: `x-download` is missing")
    if [len(each.path_arguments) for each in (call, listing, find)] != [1, 1, 2]:
        raise api.document.error(steps, "submitting and listing must take one path parameter, and finding one more")
    scope = call.path_arguments[0]
    names = {field.wire_name: field.name for field in (*entity.fields, *body.fields)}
    return Bulk(
        resource=resource.name,
        submit=call,
        find=find,
        list=listing,
        download=entity.download,
        scope=scope,
        scope_values=next((each for each in api.named_values if each.class_name == scope.named), None),
        body=body,
        key=next(field for field in entity.fields if field.name == listing.pages.key),
        created=names[rule["created"]],
        by=tuple(names[each] for each in rule["by"]),
        draw={**rule["draw"], "field": names[rule["draw"]["field"]]},
        count=names[rule["count"]] if "count" in rule else None,
        document=_checksum(call.wire.raw, find.wire.raw, listing.wire.raw),
    )


def _checksum(*operations: Mapping[str, object]) -> str:
    """Identify the rules by which a run recognises, waits and pages: a run is not gone on with under others."""
    rules = [{name: value for name, value in each.items() if name.startswith("x-")} for each in operations]
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()[:16]
