"""Join what a document says with what openapi-python-client makes of it."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import EndpointCollection
from openapi_python_client.parser.properties import ModelProperty

from . import model as m
from .calls import Calls
from .document import Document, Wait
from .models import Models, identifier, properties_of
from .names import PREFIX, client_name, resource_class, variable
from .security import security


def build(document: Document, parsed: GeneratorData) -> m.Api:
    """Make the model of a document that was checked, and of what the generator made of it."""
    models = Models(document, parsed)
    calls = Calls(document, models)
    collections = parsed.endpoint_collections_by_tag.items()
    resources = tuple(
        _resource(document, models, calls.of(str(tag), each.endpoints), each) for tag, each in collections
    )
    return m.Api(
        client_name=client_name(document),
        server_env=variable(document, "BASE_URL"),
        log_env=variable(document, "LOG"),
        paths_begin=_paths_begin(document),
        security=security(document, variable(document, "API_KEY")),
        resources=resources,
        models=models.built,
        named_values=tuple(_named_values(document)),
        callbacks=tuple(_callbacks(document, models, resources)),
        document=document,
    )


def _paths_begin(document: Document) -> tuple[str, ...]:
    """List what paths begin with before their first parameter, each beginning once."""
    segments = (operation.path.split("/") for operation in document.operations)
    begin = ("/".join(itertools.takewhile(lambda segment: "{" not in segment, each)) for each in segments)
    return tuple(dict.fromkeys(begin))


def _callbacks(document: Document, models: Models, resources: Iterable[m.Resource]) -> Iterator[m.CallbackFunction]:
    """Make a function for every request that the service sends with an object of which there is a class."""
    waits = {call.return_type: call.wait for each in resources for call in each.operations if call.wait}
    sent = [each for operation in document.operations for each in document.callbacks(operation.raw)]
    all_variants = [(name, raw, _variants(document, raw)) for name, *_, raw in sent]
    found = [each for each in all_variants if any("$ref" in variant for variant in each[2])]
    for name, raw, variants in found:
        ref = next(each["$ref"] for each in variants if "$ref" in each)
        model = models.built[strings.ClassName(ref.rsplit("/", 1)[-1], PREFIX)]
        # A variant with the same object in one of its properties is that object, wrapped.
        inline = [each.get("properties", {}) for each in variants if "$ref" not in each]
        beside = {key: schema for each in inline for key, schema in each.items()}
        wrappers = [key for key, schema in beside.items() if schema.get("$ref") == ref]
        if len(wrappers) > 1:
            problem = f"the callback `{name}` wraps its object under {' and '.join(wrappers)}; keep one"
            raise document.error(document.steps_of(raw), problem)
        yield m.CallbackFunction(
            name="parse" if len(found) == 1 else f"parse_{identifier(name)}",
            description=raw.get("description", ""),
            model=model,
            unwrap="".join(wrappers),
            envelope=tuple(each for each in beside if each not in wrappers),
            verdict=_verdict(beside, model, waits.get(model.name)),
        )


def _variants(document: Document, sent: dict[str, Any]) -> list[dict[str, Any]]:
    """List what the JSON body of a request may be, references not followed."""
    content = document.resolve(sent.get("requestBody", {})).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return [schema, *schema.get("oneOf", [])]


def _verdict(beside: dict[str, Any], model: m.Model, wait: Wait | None) -> m.Verdict | None:
    """Find the boolean beside a wrapped job that tells how it ended, and the state that it stands for."""
    names = [name for name, schema in beside.items() if schema.get("type") == "boolean"]
    if not names or wait is None:
        return None
    made = {each.name: tuple(source.wire_name for source in each.sources) for each in model.first_of}
    states = made.get(wait.state) or tuple(each.wire_name for each in model.fields if each.name == wait.state)
    return m.Verdict(names[0], states, wait.success[0], wait.failure[0])


def _named_values(document: Document) -> Iterator[m.NamedValues]:
    parameters = [parameter for operation in document.operations for parameter in operation.parameters]
    found = {each.raw["x-examples-class"]: each for each in parameters if "x-examples-class" in each.raw}
    for name, parameter in found.items():
        yield m.NamedValues(
            class_name=strings.ClassName(name, PREFIX),
            module_name=identifier(name),
            description=f"The values of `{parameter.name}` that have names.",
            members=tuple(_named_value(key, each) for key, each in parameter.examples.items()),
        )


def _named_value(key: str, example: dict[str, Any]) -> m.NamedValue:
    name = identifier(strings.snake_case(key).upper()).upper()
    return m.NamedValue(name, str(example["value"]), example.get("summary", ""))


def _resource(
    document: Document, models: Models, calls: tuple[m.Call, ...], collection: EndpointCollection
) -> m.Resource:
    tag = str(collection.tag)
    answered = {call.return_type for call in calls}
    downloads = tuple(each.download for name, each in models.built.items() if name in answered and each.download)
    imports = _imports(models, collection, downloads)
    of_models = {line for line in imports if line.split()[-1] in models.built}
    tags = document.raw.get("tags", [])
    said = (each.get("description") for each in tags if strings.PythonIdentifier(each["name"], "tag") == tag)
    return m.Resource(
        name=tag,
        class_name=resource_class(tag, {line.split()[-1] for line in imports}),
        description=next(said, None) or f"The operations of {tag}.",
        operations=calls,
        downloads=downloads,
        imports=tuple(sorted(imports - of_models)),
        model_imports=tuple(sorted(of_models)),
    )


def _imports(models: Models, collection: EndpointCollection, downloads: Iterable[m.Download]) -> set[str]:
    """List the imports that the signatures of a tag's calls need."""
    bodies = [body.prop for endpoint in collection.endpoints for body in endpoint.bodies]
    props = [prop for body in bodies if isinstance(body, ModelProperty) for prop in properties_of(body)]
    props += [models.props[download.item_model] for download in downloads]
    lines = {line.replace("from ...", "from ..") for each in collection.endpoints for line in each.relative_imports}
    return lines.union(*({*prop.get_imports(prefix=".."), *prop.get_lazy_imports(prefix="..")} for prop in props))
