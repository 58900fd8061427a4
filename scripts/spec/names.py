"""The names that a document gets in Python: those that something else has already, and what becomes of them.

An argument or a property gets an underscore behind it. A class, a method or a tag is refused, since it is the name of a
file, too. What is taken follows from the templates and the runtime, to which a test compares this.
"""

import builtins
from collections.abc import Iterable, Iterator, Mapping

import attrs
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.properties import Property
from openapi_python_client.strings import ClassName, PythonIdentifier, snake_case

from . import model as m
from .document import Document
from .places import Place
from .source import Finding, Steps

PREFIX = "field_"
"""What the generator puts before names that are no Python identifiers."""

ARGUMENTS = frozenset({
    "body", "client", "extra_body", "extra_headers", "extra_query", "interval", "job", "on_update", "submitted",
    "timeout",
})  # fmt: skip
PROPERTIES = frozenset(
    {"additional_keys", "additional_properties", "cls", "from_dict", "from_json", "to_dict", "to_json"}
)
METHODS = frozenset({"httpx", "overload"})
TAGS = frozenset({"aclose", "base_url", "close", "max_retries", "timeout", "with_options"})
CLASSES = frozenset({
    "Any", "AsyncIterator", "BytesIO", "Callable", "ClassVar", "Field", "File", "Iterator", "Mapping", "OpenIntEnum",
    "OpenStrEnum", "Path", "PathLike", "Response", "Rules", "Self", "StrEnum", "UUID", "Unset", "Upload",
})  # fmt: skip
CLIENTS = frozenset({"AsyncClient", "Literal", "Options", "SyncClient"})
ERRORS = frozenset({
    "ApiError", "AuthenticationError", "BadRequestError", "DecodeError", "NotFoundError", "PaymentRequiredError",
    "PermissionDeniedError", "RateLimitError", "ServerError",
})  # fmt: skip


def client_name(document: Document) -> str:
    """Name the client."""
    return ClassName(str(document.raw["info"]["title"]), PREFIX)


def variable(document: Document, what: str) -> str:
    """Name the variable of the environment that holds `API_KEY`, `BASE_URL` or `LOG`."""
    return f"{snake_case(str(document.raw['info']['title'])).upper()}_{what}"


def settle(parsed: GeneratorData) -> None:
    """Put an underscore behind every name that is taken."""
    for collection in parsed.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            parameters = (endpoint.path_parameters, endpoint.query_parameters)
            _settle_all((*parameters, endpoint.header_parameters, endpoint.cookie_parameters), ARGUMENTS)
    for model in parsed.models:
        _settle_all((model.required_properties or [], model.optional_properties or []), PROPERTIES)


def _settle_all(groups: Iterable[list[Property]], taken: Iterable[str]) -> None:
    names = set(taken)
    for group in groups:
        for index, prop in enumerate(group):
            name = _free(prop.python_name, names)
            names.add(name)
            # The same property may be that of another model, too.
            group[index] = prop if name == prop.python_name else attrs.evolve(prop, python_name=name)


def _free(name: PythonIdentifier, taken: Iterable[str]) -> PythonIdentifier:
    while name in taken:
        name = PythonIdentifier(f"{name}_", PREFIX, skip_snake_case=True)
    return name


def resource_class(tag: str, classes: Iterable[str]) -> str:
    """Name the class of the calls of a tag; a schema may well be called like its tag."""
    name = ClassName(tag, PREFIX)
    return f"{name}Api" if {name, f"Async{name}"} & {*classes, *CLASSES} else name


def taken(document: Document, parsed: GeneratorData, api: m.Api) -> Iterator[Finding]:
    """No class and no tag is called like something that a package has anyway."""
    clients, modules = {api.client_name, f"Async{api.client_name}"}, dict[str, str]()
    error = f"{api.client_name}Error"
    if clients & (CLASSES | CLIENTS) or error in ERRORS or hasattr(builtins, error):
        yield Finding(("info", "title"), f"`{api.client_name}` or `{error}` is a class already", "take another title")
    found = {each.class_info.name: each.class_info.module_name for each in (*parsed.models, *parsed.enums)}
    for name, module in found.items():
        other = modules.setdefault(module.lower(), name)
        if name in CLASSES | clients:
            yield _class_taken(document, name, f"a package has a class `{name}` anyway")
        elif other != name:
            yield _class_taken(
                document, name, f"the classes `{other}` and `{name}` would be in one file, `{module}.py`"
            )
    for each in api.named_values:
        if each.class_name in {*CLASSES, *found, *clients} or each.module_name in modules:
            steps = next(p.steps for p in document.of("parameter") if _examples_class(p) == each.class_name)
            problem = f"there is a class `{each.class_name}` already"
            yield Finding((*steps, "x-examples-class"), problem, "give it another name")
    for tag, method in (each for each in api.operations if each[1] in METHODS):
        steps = (*api.operations[tag, method].wire.steps, "operationId")
        yield Finding(steps, f"methods cannot be called `{method}`, which they use themselves", "take another name")
    for tag in parsed.endpoint_collections_by_tag:
        if tag in TAGS:
            place = next(p for p in document.of("operation") if tag in map(_attribute, p.value.get("tags", [])))
            yield Finding((*place.steps, "tags"), f"every client has an attribute `{tag}`", "give the tag another name")


def _examples_class(place: Place) -> str:
    return ClassName(str(place.value.get("x-examples-class", "")), PREFIX)


def _attribute(tag: str) -> str:
    return PythonIdentifier(tag, "tag")


def _class_taken(document: Document, name: str, problem: str) -> Finding:
    another = ClassName(f"{name}_model", PREFIX)
    override = f"`{name}: {{class_name: {another}, module_name: {PythonIdentifier(another, PREFIX)}}}`"
    remedy = f"add {override} or the like to `class_overrides` of generator-config.yml"
    return Finding(_place_of(document, name), problem, remedy)


def _place_of(document: Document, name: str) -> Steps:
    """Find the schema that becomes a class: by its title, its name, or how its name ends within others."""
    names: Mapping[Steps, str] = {
        place.steps: ClassName(str(place.value.get("title", place.steps[-1])), PREFIX)
        for place in document.of("schema")
    }
    return next((steps for steps, each in names.items() if each == name), ())
