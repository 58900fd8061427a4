"""Join what a document says with what openapi-python-client makes of it."""

import builtins
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
from openapi_python_client import strings
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint, EndpointCollection
from openapi_python_client.parser.properties import ModelProperty, Property
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.responses import Response

from . import model as m
from .document import Document, Operation
from .tree import Steps
from .words import checks, limits_in_words, limits_of, plain, sentence

BRACES = re.compile(r"{([^}]*)}")


def build(document: Document, parsed: GeneratorData, prefix: str = "field_") -> m.Api:
    """Make the model of a document that was checked.

    Args:
        document: The document.
        parsed: What the generator made of it.
        prefix: What the generator puts before names that are no Python identifiers.

    Raises:
        SpecError: The document asks for something that the package cannot do.
    """
    return _Builder(document, parsed, prefix).api()


class _Builder:
    def __init__(self, document: Document, parsed: GeneratorData, prefix: str) -> None:
        self.document = document
        self.prefix = prefix
        self.collections = parsed.endpoint_collections_by_tag
        self.props: dict[str, ModelProperty] = {model.class_info.name: model for model in parsed.models}
        self.wire = {(each.method, BRACES.sub("{}", each.path)): each for each in document.operations}
        self.sent = self._sent_models()
        self.models: dict[str, m.Model] = {name: self._model(prop) for name, prop in self.props.items()}

    def api(self) -> m.Api:
        info = self.document.raw["info"]
        client_name = strings.ClassName(self.document.title, self.prefix)
        if hasattr(builtins, f"{client_name}Error"):
            raise self.document.error(
                ("info", "title"), "the errors of the client would be called like Python's own; take another"
            )
        variables = strings.snake_case(self.document.title).upper()
        return m.Api(
            title=self.document.title,
            version=self.document.version,
            description=info.get("description", ""),
            client_name=client_name,
            server_url=self.document.server_url,
            server_env=f"{variables}_BASE_URL",
            security=self._security(f"{variables}_API_KEY"),
            resources=tuple(self._resource(tag, each) for tag, each in self.collections.items()),
            models=self.models,
            named_values=tuple(self._named_values()),
            callbacks=tuple(self._callbacks()),
            error_message_names=self._error_message_names(),
            document=self.document,
        )

    def _error_message_names(self) -> tuple[str, ...]:
        """Sort the usual names of an error's message: those that documented errors have come first."""
        known = {
            name
            for operation in self.document.operations
            for response in operation.responses.values()
            for content in response.content.values()
            for name in self.document.resolve(content.get("schema", {})).get("properties", {})
            if response.is_error
        }
        return tuple(sorted(("message", "detail", "title", "error"), key=lambda name: name not in known))

    # Security, callbacks, named values.

    def _security(self, env: str) -> m.Security | None:
        used = {name for each in self.document.operations for need in each.security for name in need}
        for name in sorted(used):
            scheme = self.document.security_schemes[name]
            kind = (scheme.get("type"), str(scheme.get("scheme", scheme.get("in", ""))).lower())
            if kind == ("http", "bearer"):
                return m.Security("Authorization", "Bearer ", env, scheme.get("description", "Bearer token."))
            if kind == ("apiKey", "header"):
                return m.Security(scheme["name"], "", env, scheme.get("description", "API key."))
        if used:
            problem = f"none of {', '.join(sorted(used))} is a kind that the client can send"
            raise self.document.error(
                ("components", "securitySchemes"), f"{problem}; use http bearer or apiKey in a header"
            )
        return None

    def _callbacks(self) -> Iterator[m.CallbackFunction]:
        found = []
        for operation in self.document.operations:
            for callback in operation.callbacks:
                variants = [callback.schema, *callback.schema.get("oneOf", [])]
                if ref := next((each["$ref"] for each in variants if "$ref" in each), ""):
                    model = self.models[strings.ClassName(ref.rsplit("/", 1)[-1], self.prefix)]
                    # A variant with the same object in one of its properties is that object, wrapped.
                    wrappers = {
                        name: None
                        for each in variants
                        for name, schema in self.document.resolve(each).get("properties", {}).items()
                        if schema.get("$ref") == ref and "$ref" not in each
                    }
                    if len(wrappers) > 1:
                        problem = f"the callback `{callback.name}` wraps its object under {' and '.join(wrappers)}"
                        raise self.document.error(
                            (*operation.steps, "callbacks", callback.name), f"{problem}; keep one"
                        )
                    found.append((callback, model, next(iter(wrappers), "")))
        for callback, model, unwrap in found:
            name = "parse" if len(found) == 1 else f"parse_{strings.PythonIdentifier(callback.name, self.prefix)}"
            yield m.CallbackFunction(name, callback.description, model, unwrap)

    def _named_values(self) -> Iterator[m.NamedValues]:
        seen: set[str] = set()
        for parameter in (each for operation in self.document.operations for each in operation.parameters):
            name = parameter.raw.get("x-examples-class")
            if not name or name in seen:
                continue
            seen.add(name)
            members = tuple(
                m.NamedValue(
                    self.name(strings.snake_case(key).upper()).upper(), str(each["value"]), each.get("summary", "")
                )
                for key, each in parameter.examples.items()
            )
            description = f"The values of `{parameter.name}` that have names."
            yield m.NamedValues(strings.ClassName(name, self.prefix), self.name(name), description, members)

    def name(self, text: str) -> str:
        return str(strings.PythonIdentifier(text, self.prefix))

    # Models.

    def _model(self, prop: ModelProperty) -> m.Model:
        raw = prop.data.model_dump(mode="json", by_alias=True, exclude_unset=True)
        name = prop.class_info.name
        fields = tuple(self._field(raw, each, sent=name in self.sent) for each in properties_of(prop))
        first_of = tuple(
            m.FirstOf(
                self.name(made),
                union_of(each.type for each in self._fields_named(fields, rule["of"], name)),
                rule["description"],
                tuple(self._fields_named(fields, rule["of"], name)),
            )
            for made, rule in raw.get("x-first-of", {}).items()
        )
        download = self._download(name, fields, raw["x-download"]) if "x-download" in raw else None
        return m.Model(name, fields, first_of, download, name in self.sent, raw, prop)

    def _field(self, schema: dict[str, Any], prop: Property, *, sent: bool) -> m.Argument:
        raw = self._property(schema, plain(prop.name))
        return self._argument(prop, "body", raw, plain(prop.description), checked=sent)

    def _property(self, schema: dict[str, Any], name: str) -> dict[str, Any]:
        """Find the schema of a property, its own or an inherited one."""
        if name in schema.get("properties", {}):
            return dict(self.document.resolve(schema["properties"][name]))
        for part in schema.get("allOf", []):
            if found := self._property(self.document.resolve(part), name):
                return found
        return {}

    def _argument(
        self, prop: Property, place: str, schema: dict[str, Any], description: str, *, checked: bool = True
    ) -> m.Argument:
        limits = limits_of(schema)
        default = prop.default.python_code if prop.default else "" if prop.required else "UNSET"
        declared = f"{prop.python_name}: {prop.get_type_string().as_unembedded_code()}"
        left_out = "" if prop.required else "server default (undocumented)"
        return m.Argument(
            name=str(prop.python_name),
            wire_name=plain(prop.name),
            place=place,
            type=type_of(prop),
            declaration=f"{declared} = {default}" if default else declared,
            required=prop.required,
            description=" ".join(description.split()),
            limits=limits,
            limits_in_words=limits_in_words(limits),
            if_left_out=f"{prop.default.raw_value} is sent" if prop.default else left_out,
            checks=checks(type_of(prop), limits) if checked else "",
            prop=prop,
        )

    def _fields_named(self, fields: Iterable[m.Argument], names: Iterable[str], model: str) -> list[m.Argument]:
        by_name = {field.wire_name: field for field in fields}
        for name in names:
            if name not in by_name:
                raise self.document.error(
                    ("components", "schemas", model), f"the class {model} has no property `{name}` to refer to"
                )
        return [by_name[name] for name in names]

    def _download(self, name: str, fields: Iterable[m.Argument], rule: dict[str, Any]) -> m.Download:
        items, key = self._fields_named(fields, [rule["items"], rule["key"]], name)
        inner = next((each.inner_property for each in variants_of(items.prop) if isinstance(each, ListProperty)), None)
        if not isinstance(inner, ModelProperty):
            raise self.document.error(
                ("components", "schemas", name, "x-download"), f"`{rule['items']}` is no list of objects"
            )
        item = self.props[inner.class_info.name]
        by_name = {plain(prop.name): prop for prop in properties_of(item)}
        return m.Download(
            name=self.name(rule["method"]),
            model=name,
            items=items.name,
            items_optional=not (items.required and isinstance(items.prop, ListProperty)),
            item_model=item.class_info.name,
            uri=str(by_name[rule["uri"]].python_name),
            key=key.name,
            item_key=str(by_name[rule["key"]].python_name),
        )

    def _sent_models(self) -> set[str]:
        """Name the models that requests are made of, directly or within others."""
        found: set[str] = set()
        endpoints = (endpoint for each in self.collections.values() for endpoint in each.endpoints)
        todo: list[Any] = [body.prop for endpoint in endpoints for body in endpoint.bodies]
        while todo:
            prop = todo.pop()
            todo += [prop.inner_property] if hasattr(prop, "inner_property") else []
            todo += getattr(prop, "inner_properties", [])
            if isinstance(prop, ModelProperty) and prop.class_info.name not in found:
                found.add(prop.class_info.name)
                todo += properties_of(self.props[prop.class_info.name])
        return found

    # Calls.

    def _resource(self, tag: str, collection: EndpointCollection) -> m.Resource:
        calls = {plain_id(wire): self._call(tag, endpoint, wire) for endpoint, wire in self._wired(collection)}
        calls = {name: self._with_follow(call, calls) for name, call in calls.items()}
        answered = {call.return_type for call in calls.values()}
        downloads = tuple(
            each.download for name, each in self.models.items() if name in answered and each.download is not None
        )
        imports = self._imports(collection, downloads)
        of_models = {line for line in imports if line.split()[-1] in self.models}
        said = {str(strings.PythonIdentifier(each["name"], "tag")): each for each in self.document.raw.get("tags", [])}
        return m.Resource(
            name=str(tag),
            class_name=strings.ClassName(tag, self.prefix),
            description=said.get(tag, {}).get("description") or f"The operations of {tag}.",
            operations=tuple(calls.values()),
            downloads=downloads,
            imports=tuple(sorted(imports - of_models)),
            model_imports=tuple(sorted(of_models)),
        )

    def _wired(self, collection: EndpointCollection) -> Iterator[tuple[Endpoint, Operation]]:
        for endpoint in collection.endpoints:
            yield endpoint, self.wire[endpoint.method, BRACES.sub("{}", plain(endpoint.path))]

    def _call(self, tag: str, endpoint: Endpoint, wire: Operation) -> m.Call:
        path = self._arguments(endpoint.path_parameters, "path", wire)
        other = [
            *self._arguments(endpoint.query_parameters, "query", wire),
            *self._arguments(endpoint.header_parameters, "header", wire),
            *self._arguments(endpoint.cookie_parameters, "cookie", wire),
        ]
        taken = {each.name for each in (*path, *other)}
        flat = self._flat_body(endpoint, taken)
        successes = tuple(self._successes(endpoint, wire))
        return_type = union_of(each.type for each in successes) or "None"
        said = (each.description for each in wire.successes if each.description)
        return m.Call(
            name=endpoint.name,
            tag=str(tag),
            wire=wire,
            endpoint=endpoint,
            summary=sentence(wire.summary or wire.description or f"{wire.method.upper()} {wire.path}"),
            description=wire.description,
            path_code=_path_code(wire.path, path),
            path_arguments=tuple(path),
            body_arguments=flat.fields if flat else (),
            other_arguments=tuple(other),
            body=self._body(endpoint, wire),
            body_model=flat.name if flat else "",
            has_timeout="timeout" in taken,
            return_type=return_type,
            success_description=next(said, "What the server sent."),
            successes=successes,
            is_uniform=len({(each.type, each.source) for each in successes}) == 1,
            wait=self._wait(wire, return_type),
            follow=None,
            pages=self._pages(wire, [*path, *other], return_type),
        )

    def _arguments(self, props: Iterable[Property], place: str, wire: Operation) -> list[m.Argument]:
        found = {each.name: each for each in wire.parameters if each.place == place}
        return [
            self._argument(prop, place, dict(found[plain(prop.name)].schema), found[plain(prop.name)].description)
            for prop in props
        ]

    def _body(self, endpoint: Endpoint, wire: Operation) -> m.RequestBody | None:
        if not endpoint.bodies or wire.request_body is None:
            return None
        required = all(body.prop.required for body in endpoint.bodies)
        kind = union_of(type_of(body.prop) for body in endpoint.bodies)
        # Of several bodies of one type, the first is sent: the argument cannot tell them apart.
        variants = list({type_of(body.prop): body for body in reversed(endpoint.bodies)}.values())[::-1]
        description = wire.request_body.description or plain(endpoint.bodies[0].prop.description)
        declaration = f"body: {kind}" if required else f"body: {kind} | Unset = UNSET"
        return m.RequestBody(kind, declaration, required, description or "What to send.", tuple(variants))

    def _flat_body(self, endpoint: Endpoint, taken: set[str]) -> m.Model | None:
        """Give the model of a body whose fields can be the arguments of the call themselves."""
        if len(endpoint.bodies) != 1 or not isinstance(endpoint.bodies[0].prop, ModelProperty):
            return None
        model = self.models[endpoint.bodies[0].prop.class_info.name]
        fields = {field.name for field in model.fields}
        if (
            not endpoint.bodies[0].prop.required
            or not fields
            or fields & (taken | {"self", "timeout", "interval", "on_update"})
        ):
            return None
        return model

    def _successes(self, endpoint: Endpoint, wire: Operation) -> Iterator[m.Success]:
        errors = {status.upper() for status, response in wire.responses.items() if response.is_error}
        for each in endpoint.responses:
            if each.status_code.pattern.upper() not in errors:
                low, high = each.status_code.range or (0, 999)
                one = f"response.status_code == {low}"
                yield m.Success(
                    type=response_type(each),
                    suffix=each.status_code.pattern.lower(),
                    condition=one if low == high else f"{low} <= response.status_code <= {high}",
                    source=each.source["attribute"],
                    prop=each.prop,
                )

    def _wait(self, wire: Operation, return_type: str) -> m.WaitMethod | None:
        if not (rule := wire.wait):
            return None
        if return_type not in self.models:
            raise self.document.error(
                (*wire.steps, "x-wait"), f"`{wire.id}` does not answer one kind of object to wait for"
            )
        return m.WaitMethod(self.name(rule.method), self.name(rule.state), rule.success, rule.failure)

    def _pages(self, wire: Operation, arguments: list[m.Argument], return_type: str) -> m.PagesMethod | None:
        if not (rule := wire.pagination):
            return None
        steps, item = (*wire.steps, "x-pagination"), return_type.removeprefix("list[").removesuffix("]")
        by_name = {each.wire_name: each for each in arguments if each.place == "query"}
        if item not in self.models or not {rule.page, rule.size} <= by_name.keys():
            raise self.document.error(
                steps, f"`{wire.id}` must list objects and take `{rule.page}` and `{rule.size}` in the query"
            )
        key = self._fields_named(self.models[item].fields, [rule.key], item)[0]
        others = tuple(each for each in arguments if each.place != "path" and each is not by_name[rule.page])
        return m.PagesMethod(
            name=self.name(rule.method),
            arguments=others,
            filters=tuple(each for each in others if each is not by_name[rule.size]),
            page=by_name[rule.page].name,
            size=by_name[rule.size].name,
            first=int(by_name[rule.page].limits.get("minimum", 0)),
            key=key.name,
            item=item,
        )

    def _with_follow(self, call: m.Call, calls: dict[str, m.Call]) -> m.Call:
        """Add the method that waits for what a call begins, if a link of its answers leads there."""
        for status, response in call.wire.responses.items():
            for name, link in response.links.items():
                target = calls.get(link.get("operationId", ""))
                if target and target.wait:
                    steps = (*call.wire.steps, "responses", status, "links", name)
                    values = tuple(self._linked(call, each, link, steps) for each in target.path_arguments)
                    follow = m.FollowMethod(f"{call.name}_and_{target.wait.name}", target.wait, values)
                    return attrs.evolve(call, follow=follow)
        return call

    def _linked(self, call: m.Call, argument: m.Argument, link: Mapping[str, Any], steps: Steps) -> str:
        """Turn the expression that a link has for an argument into code."""
        expression = str(link.get("parameters", {}).get(argument.wire_name, ""))
        where, _, name = expression.rpartition("/" if "#" in expression else ".")
        if where == "$request.path":
            return next(each.name for each in call.path_arguments if each.wire_name == name)
        if where == "$response.body#" and call.return_type in self.models:
            model = self.models[call.return_type]
            return f"job.{self._fields_named(model.fields, [name], model.name)[0].name}"
        known = "`$request.path.<parameter>` or `$response.body#/<property>`"
        raise self.document.error(steps, f"the link has {expression!r} for `{argument.wire_name}`; give it as {known}")

    def _imports(self, collection: EndpointCollection, downloads: Iterable[m.Download]) -> set[str]:
        """List the imports that the signatures of a tag's calls need."""
        imports: set[str] = set()
        for endpoint in collection.endpoints:
            imports |= {line.replace("from ...", "from ..") for line in endpoint.relative_imports}
            for body in endpoint.bodies:
                for prop in properties_of(body.prop) if isinstance(body.prop, ModelProperty) else ():
                    imports |= prop.get_imports(prefix="..") | prop.get_lazy_imports(prefix="..")
        for download in downloads:
            imports |= self.props[download.item_model].get_imports(prefix="..")
            imports |= self.props[download.item_model].get_lazy_imports(prefix="..")
        return imports


def plain_id(wire: Operation) -> str:
    """Give the name by which links know an operation."""
    return wire.id or f"{wire.method} {wire.path}"


def properties_of(model: ModelProperty) -> list[Property]:
    """List the properties of a model, the required ones first."""
    return [*(model.required_properties or []), *(model.optional_properties or [])]


def variants_of(prop: Property) -> list[Property]:
    """List what a property may be; itself if it is of one kind."""
    return list(getattr(prop, "inner_properties", [prop]))


def type_of(prop: Property) -> str:
    """Give the type of a value that is there."""
    return prop.get_type_string(no_optional=True).as_unembedded_code()


def response_type(response: Response) -> str:
    """Give the type of what a response is parsed into."""
    return "None" if response.source["attribute"] == "None" else type_of(response.prop)


def union_of(types: Iterable[str]) -> str:
    """Give the type of a value that is of one of some types."""
    return " | ".join(dict.fromkeys(types))


def _path_code(path: str, arguments: Iterable[m.Argument]) -> str:
    """Give the code of a path, its parameters escaped and filled in."""
    names = {each.wire_name: each.name for each in arguments}
    parts = BRACES.split(path)
    code = [
        f'{{_check.path_segment({names[part]}, "{names[part]}")}}'
        if index % 2 and part in names
        else _in_f_string(part)
        for index, part in enumerate(parts)
    ]
    return f"f'{''.join(code)}'" if names else f'"{strings.in_double_quote_literal("".join(parts))}"'


def _in_f_string(text: str) -> str:
    """Escape text for an f-string in single quotes."""
    return strings.in_f_string_literal(text).replace("'", "\\'")
