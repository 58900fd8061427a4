"""Join what a document says with what openapi-python-client makes of it."""

import builtins
from collections.abc import Iterable, Iterator
from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import EndpointCollection
from openapi_python_client.parser.properties import ModelProperty

from . import model as m
from .calls import Calls
from .document import Callback, Document, Operation, Parameter, Wait
from .models import Models, identifier, properties_of

MESSAGE_NAMES = ("message", "detail", "title", "error")
"""Where the message of an error usually is."""


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
        self.models = Models(document, parsed, prefix)
        self.calls = Calls(document, self.models, prefix)

    def api(self) -> m.Api:
        title = self.document.title
        client_name = strings.ClassName(title, self.prefix)
        if hasattr(builtins, f"{client_name}Error"):
            problem = "the errors of the client would be called like Python's own; take another"
            raise self.document.error(("info", "title"), problem)
        variables = strings.snake_case(title).upper()
        resources = tuple(self._resource(tag, each) for tag, each in self.collections.items())
        return m.Api(
            client_name=client_name,
            server_env=f"{variables}_BASE_URL",
            security=self._security(f"{variables}_API_KEY"),
            resources=resources,
            models=self.models.built,
            named_values=tuple(self._named_values()),
            callbacks=tuple(self._callbacks(resources)),
            error_message_names=self._error_message_names(),
            document=self.document,
        )

    def _error_message_names(self) -> tuple[str, ...]:
        """Sort the usual names of an error's message: those that documented errors have come first."""
        responses = (each for operation in self.document.operations for each in operation.responses.values())
        contents = [content for each in responses if each.is_error for content in each.content.values()]
        known = {name for content in contents for name in self._properties(content.get("schema", {}))}
        return tuple(sorted(MESSAGE_NAMES, key=lambda name: name not in known))

    def _properties(self, schema: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.document.resolve(schema).get("properties", {})
        return found

    def _security(self, env: str) -> m.Security | None:
        used = sorted({name for each in self.document.operations for need in each.security for name in need})
        for scheme in (self.document.security_schemes[name] for name in used):
            kind = (scheme.get("type"), str(scheme.get("scheme", scheme.get("in", ""))).lower())
            if kind == ("http", "bearer"):
                return m.Security("Authorization", "Bearer ", env, scheme.get("description", "Bearer token."))
            if kind == ("apiKey", "header"):
                return m.Security(scheme["name"], "", env, scheme.get("description", "API key."))
        if used:
            problem = f"none of {', '.join(used)} is a kind that the client can send"
            remedy = "use http bearer or apiKey in a header"
            raise self.document.error(("components", "securitySchemes"), f"{problem}; {remedy}")
        return None

    def _callbacks(self, resources: Iterable[m.Resource]) -> Iterator[m.CallbackFunction]:
        waits = {call.return_type: call.wait for each in resources for call in each.operations if call.wait}
        found = [(owner, each) for owner in self.document.operations for each in owner.callbacks if _refs(each)]
        for owner, callback in found:
            ref = _refs(callback)[0]
            model = self.models.built[strings.ClassName(ref.rsplit("/", 1)[-1], self.prefix)]
            # A variant with the same object in one of its properties is that object, wrapped.
            inline = [each.get("properties", {}) for each in _variants(callback) if "$ref" not in each]
            beside = {name: schema for each in inline for name, schema in each.items()}
            unwrap = self._wrapper(owner, callback, [name for name in beside if beside[name].get("$ref") == ref])
            yield m.CallbackFunction(
                name="parse" if len(found) == 1 else f"parse_{identifier(callback.name, self.prefix)}",
                description=callback.description,
                model=model,
                unwrap=unwrap,
                envelope=tuple(each for each in beside if each != unwrap),
                verdict=_verdict(beside, model, waits.get(model.name)),
            )

    def _wrapper(self, owner: Operation, callback: Callback, names: list[str]) -> str:
        """Choose the property that the object of a callback is wrapped in; empty for none."""
        if len(names) > 1:
            problem = f"the callback `{callback.name}` wraps its object under {' and '.join(names)}; keep one"
            raise self.document.error((*owner.steps, "callbacks", callback.name), problem)
        return names[0] if names else ""

    def _named_values(self) -> Iterator[m.NamedValues]:
        found: dict[str, Parameter] = {}
        for parameter in (each for operation in self.document.operations for each in operation.parameters):
            if name := parameter.raw.get("x-examples-class"):
                found.setdefault(name, parameter)
        for name, parameter in found.items():
            yield m.NamedValues(
                class_name=strings.ClassName(name, self.prefix),
                module_name=identifier(name, self.prefix),
                description=f"The values of `{parameter.name}` that have names.",
                members=tuple(self._named_value(key, each) for key, each in parameter.examples.items()),
            )

    def _named_value(self, key: str, example: dict[str, Any]) -> m.NamedValue:
        name = identifier(strings.snake_case(key).upper(), self.prefix).upper()
        return m.NamedValue(name, str(example["value"]), example.get("summary", ""))

    def _resource(self, tag: str, collection: EndpointCollection) -> m.Resource:
        calls = self.calls.of(str(tag), collection.endpoints)
        answered = {call.return_type for call in calls}
        downloads = tuple(
            model.download for name, model in self.models.built.items() if name in answered and model.download
        )
        imports = self._imports(collection, downloads)
        of_models = {line for line in imports if line.split()[-1] in self.models.built}
        tags = self.document.raw.get("tags", [])
        said = (each.get("description") for each in tags if identifier(each["name"], "tag") == str(tag))
        return m.Resource(
            name=str(tag),
            class_name=strings.ClassName(tag, self.prefix),
            description=next(said, None) or f"The operations of {tag}.",
            operations=calls,
            downloads=downloads,
            imports=tuple(sorted(imports - of_models)),
            model_imports=tuple(sorted(of_models)),
        )

    def _imports(self, collection: EndpointCollection, downloads: Iterable[m.Download]) -> set[str]:
        """List the imports that the signatures of a tag's calls need."""
        bodies = [body.prop for endpoint in collection.endpoints for body in endpoint.bodies]
        props = [prop for body in bodies if isinstance(body, ModelProperty) for prop in properties_of(body)]
        props += [self.models.props[download.item_model] for download in downloads]
        lines = {line for endpoint in collection.endpoints for line in endpoint.relative_imports}
        return {line.replace("from ...", "from ..") for line in lines}.union(
            *({*prop.get_imports(prefix=".."), *prop.get_lazy_imports(prefix="..")} for prop in props)
        )


def _variants(callback: Callback) -> list[dict[str, Any]]:
    return [dict(callback.schema), *callback.schema.get("oneOf", [])]


def _refs(callback: Callback) -> list[str]:
    return [each["$ref"] for each in _variants(callback) if "$ref" in each]


def _verdict(beside: dict[str, Any], model: m.Model, wait: Wait | None) -> m.Verdict | None:
    """Find the boolean beside a wrapped job that tells how it ended, and the state that it stands for."""
    names = [name for name, schema in beside.items() if schema.get("type") == "boolean"]
    if not names or wait is None or not wait.success or not wait.failure:
        return None
    made = {each.name: tuple(source.wire_name for source in each.sources) for each in model.first_of}
    states = made.get(wait.state) or tuple(each.wire_name for each in model.fields if each.name == wait.state)
    return m.Verdict(names[0], states, wait.success[0], wait.failure[0])
