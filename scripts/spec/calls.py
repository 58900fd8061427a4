"""The operations of a document as they are called in Python."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
from openapi_python_client import strings
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import EnumProperty, ModelProperty, Property
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

from . import model as m
from .document import Document, Operation, Parameter, Wait
from .models import Models, argument, identifier, inner_of, properties_of, type_of, union_of
from .names import ARGUMENTS, PREFIX
from .source import Steps
from .styles import style_of
from .words import plain, sentence

BRACES = re.compile(r"{([^}]*)}")


class Calls:
    """What makes the calls of a document; SpecError if a rule asks for a method that cannot be made."""

    def __init__(self, document: Document, models: Models) -> None:
        self._document = document
        self._models = models
        self._wire = {(each.method, BRACES.sub("{}", each.path)): each for each in document.operations}

    def of(self, tag: str, endpoints: Iterable[Endpoint]) -> tuple[m.Call, ...]:
        """Make the calls of a tag."""
        calls = [self._call(tag, endpoint) for endpoint in endpoints]
        waits = {call.wire.id: call for call in calls if call.wait}
        calls = [self._with_follow(call, waits) for call in calls]
        return tuple(attrs.evolve(call, subject=self._subject(call, calls)) for call in calls)

    def _call(self, tag: str, endpoint: Endpoint) -> m.Call:
        wire = self._wire[endpoint.method, BRACES.sub("{}", plain(endpoint.path))]
        path = _arguments(endpoint.path_parameters, "path", wire)
        other = (
            *_arguments(endpoint.query_parameters, "query", wire),
            *_arguments(endpoint.header_parameters, "header", wire),
            *_arguments(endpoint.cookie_parameters, "cookie", wire),
        )
        taken = {each.name for each in (*path, *other)}
        flat = self._flat_body(endpoint, taken)
        successes = tuple(_successes(endpoint, wire))
        return_type = union_of(each.type for each in successes) or "None"
        said = (each.description for each in wire.successes if each.description)
        return m.Call(
            name=endpoint.name,
            tag=tag,
            wire=wire,
            endpoint=endpoint,
            summary=sentence(wire.summary or wire.description or f"{wire.method.upper()} {wire.path}"),
            path_code=_path_code(wire.path, {each.wire_name: each for each in path}),
            path_arguments=path,
            body_arguments=tuple(each for each in flat.fields if not each.is_read_only) if flat else (),
            other_arguments=other,
            body=_body(endpoint, wire),
            body_model=flat.name if flat else "",
            return_type=return_type,
            success_description=next(said, "What the server sent."),
            successes=successes,
            wait=self._wait(wire, return_type),
            follow=None,
            pages=self._pages(wire, other, return_type),
            subject=None,
        )

    def _flat_body(self, endpoint: Endpoint, taken: set[str]) -> m.Model | None:
        """Return the model of a body whose fields can be the arguments of the call themselves."""
        if len(endpoint.bodies) != 1 or not isinstance(prop := endpoint.bodies[0].prop, ModelProperty):
            return None
        model = self._models.built[prop.class_info.name]
        names = {field.name for field in model.fields}
        return model if prop.required and names and not names & (taken | ARGUMENTS) else None

    def _wait(self, wire: Operation, return_type: str) -> Wait | None:
        if not (rule := wire.wait):
            return None
        if return_type not in self._models.built:
            problem = f"`{wire.id}` does not answer one kind of object to wait for"
            raise self._document.error((*wire.steps, "x-wait"), problem)
        method, state, watch = (name and identifier(name) for name in (rule.method, rule.state, rule.watch))
        return attrs.evolve(rule, method=method, state=state, watch=watch)

    def _pages(self, wire: Operation, arguments: tuple[m.Argument, ...], return_type: str) -> m.PagesMethod | None:
        if not (rule := wire.pagination):
            return None
        item = return_type.removeprefix("list[").removesuffix("]")
        by_name = {each.wire_name: each for each in arguments if each.place == "query"}
        if item not in self._models.built or not {rule["page"], rule["size"]} <= by_name.keys():
            problem = f"`{wire.id}` must list objects and take `{rule['page']}` and `{rule['size']}` in the query"
            raise self._document.error((*wire.steps, "x-pagination"), problem)
        page, size = by_name[rule["page"]], by_name[rule["size"]]
        return m.PagesMethod(
            name=identifier(rule["method"]),
            arguments=tuple(each for each in arguments if each is not page),
            filters=tuple(each for each in arguments if each not in (page, size)),
            page=page.name,
            size=size.name,
            first=int(page.limits.get("minimum", 0)),
            key=self._models.built[item].by_wire_name[rule["key"]].name,
            item=item,
        )

    def _with_follow(self, call: m.Call, waits: Mapping[str, m.Call]) -> m.Call:
        """Add the method that waits for what a call begins, if a link of its answers leads there."""
        for status, response in call.wire.responses.items():
            for name, link in response.links.items():
                target = waits.get(link.get("operationId", ""))
                if target and target.wait:
                    steps = (*call.wire.steps, "responses", status, "links", name)
                    values = tuple(self._linked(call, each, link, steps) for each in target.path_arguments)
                    method = f"{call.name}_and_{target.wait.method}"
                    return attrs.evolve(call, follow=m.FollowMethod(method, target, values))
        return call

    def _subject(self, call: m.Call, calls: Iterable[m.Call]) -> m.Subject | None:
        """Find the model that knows all path arguments of a call: the one of what can be read at its path."""
        there = [each for each in calls if (each.wire.path, each.wire.method) == (call.wire.path, "get")]
        for other in (each for each in there if call.path_arguments and each.return_type in self._models.built):
            model = self._models.built[other.return_type]
            fields = {each.wire_name: each for each in model.fields if each.required}
            names = {each.wire_name: each.wire_name for each in call.path_arguments}
            names |= _links(other, [each for each in calls if each.return_type == model.name])
            known = [fields.get(names[each.wire_name]) for each in call.path_arguments]
            pairs = zip(known, call.path_arguments, strict=True)
            found = [field.name for field, argument in pairs if field and field.type == argument.type]
            if len(found) == len(call.path_arguments):
                return m.Subject(model.name, call.path_arguments, tuple(found))
        return None

    def _linked(self, call: m.Call, argument: m.Argument, link: Mapping[str, Any], steps: Steps) -> str:
        """Turn the expression that a link has for an argument into code."""
        expression = str(link.get("parameters", {}).get(argument.wire_name, ""))
        where, _, name = expression.rpartition("/" if "#" in expression else ".")
        path = {each.wire_name: each.name for each in call.path_arguments}
        if where == "$request.path" and name in path:
            return path[name]
        model = self._models.built.get(call.return_type)
        if where == "$response.body#" and model and name in model.by_wire_name:
            return f"job.{model.by_wire_name[name].name}"
        problem = f"the link has {expression!r} for `{argument.wire_name}`"
        remedy = "give it as `$request.path.<parameter>` or `$response.body#/<property>`"
        raise self._document.error(steps, f"{problem}; {remedy}")


def _links(target: m.Call, calls: Iterable[m.Call]) -> dict[str, str]:
    """Return which property of an answer has which parameter of the call that links lead to."""
    prefix = "$response.body#/"
    return {
        parameter: str(expression).removeprefix(prefix)
        for call in calls
        for response in call.wire.responses.values()
        for link in response.links.values()
        if link.get("operationId") == target.wire.id
        for parameter, expression in link.get("parameters", {}).items()
        if str(expression).startswith(prefix)
    }


def _arguments(props: Iterable[Property], place: str, wire: Operation) -> tuple[m.Argument, ...]:
    found = {each.name: each for each in wire.parameters if each.place == place}
    return tuple(_argument(prop, found[plain(prop.name)]) for prop in props)


def _argument(prop: Property, wire: Parameter) -> m.Argument:
    deprecation = {"deprecated": True} if wire.raw.get("deprecated") else {}
    made = argument(prop, wire.place, {**wire.schema, **deprecation}, wire.description)
    own = (wire.raw.get("example"), *(each.get("value") for each in wire.examples.values()))
    return attrs.evolve(
        made,
        examples=(*(each for each in own if each is not None), *made.examples),
        style=style_of(wire.place, wire.raw),
        named=str(strings.ClassName(wire.raw["x-examples-class"], PREFIX)) if "x-examples-class" in wire.raw else "",
    )


def _body(endpoint: Endpoint, wire: Operation) -> m.RequestBody | None:
    if not endpoint.bodies or wire.request_body is None:
        return None
    required = all(body.prop.required for body in endpoint.bodies)
    # Of several bodies of one type, the first is sent: the argument cannot tell them apart.
    variants: dict[str, Any] = {}
    for body in endpoint.bodies:
        variants.setdefault(type_of(body.prop), body)
    kind = union_of(variants)
    description = wire.request_body.description or plain(endpoint.bodies[0].prop.description) or "What to send."
    declaration = f"body: {kind}" if required else f"body: {kind} | Unset | None = UNSET"
    # Anything might be a file, so that is asked last.
    ordered = sorted(variants.values(), key=lambda body: bool(body.body_type == "content"))
    models = [body.prop for body in endpoint.bodies if isinstance(body.prop, ModelProperty)]
    files = tuple(plain(each.name) for model in models for each in properties_of(model) if _is_file(each))
    return m.RequestBody(kind, declaration, required, description, tuple(ordered), files)


def _successes(endpoint: Endpoint, wire: Operation) -> Iterator[m.Success]:
    errors = {status.upper() for status, response in wire.responses.items() if response.is_error}
    for each in endpoint.responses:
        if each.status_code.pattern.upper() not in errors:
            low, high = each.status_code.range or (0, 999)
            one = f"response.status_code == {low}"
            source = each.source["attribute"]
            yield m.Success(
                type=_answered(each.prop, source),
                suffix=each.status_code.pattern.lower(),
                condition=one if low == high else f"{low} <= response.status_code <= {high}",
                source=source,
                prop=each.prop,
            )


def _answered(prop: Property, source: str) -> str:
    if source == "None":
        return "None"
    return "File" if isinstance(prop, FileProperty) else type_of(prop)


def _is_file(prop: Property) -> bool:
    """Return whether a property is a file, or may hold some."""
    return isinstance(prop, FileProperty) or any(map(_is_file, inner_of(prop)))


def _path_code(path: str, arguments: Mapping[str, m.Argument]) -> str:
    """Return the code of a path, its parameters escaped and filled in."""
    parts = BRACES.split(path)
    if not arguments:
        return f'"{strings.in_double_quote_literal("".join(parts))}"'
    for index, part in enumerate(parts):
        if index % 2 and part in arguments:
            parts[index] = f"{{{_segment_code(arguments[part])}}}"
        else:
            parts[index] = strings.in_f_string_literal(part).replace("'", "\\'")
    return f"f'{''.join(parts)}'"


def _segment_code(argument: m.Argument) -> str:
    """Return the code of a segment of a path; text and numbers are by far the commonest."""
    if argument.type in {"str", "int", "float"} or isinstance(argument.prop, EnumProperty | UuidProperty):
        return f'_check.path_segment({argument.name}, "{argument.name}")'
    style = f', "{argument.style}"' if argument.style else ""
    return f'_encode.path({argument.name}, "{argument.name}"{style})'
