"""An OpenAPI document as the templates see it.

openapi-python-client hands the templates most of a document, but neither its servers, its security schemes, its
callbacks nor the extensions of its operations. `Document` reads those from the raw document, and gives the parser a
copy of it that is reduced to what becomes code. Nothing here knows a particular API.
"""

import copy
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from openapi_python_client import strings
from openapi_python_client.parser.bodies import Body
from openapi_python_client.parser.openapi import Endpoint, EndpointCollection
from openapi_python_client.parser.properties import ModelProperty, Property
from openapi_python_client.parser.responses import Response
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
LIMITS = (
    "multipleOf",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
)


class DocumentError(Exception):
    """The document cannot be turned into a package; the message says where and why."""


class Security(NamedTuple):
    """How requests prove who sends them: the header, what precedes the token in it, and the token's variable."""

    header: str
    prefix: str
    env: str
    description: str


class NamedValue(NamedTuple):
    """One of the named examples of a parameter."""

    name: str
    value: str
    summary: str


class NamedValues(NamedTuple):
    """The named examples of a parameter, as the members of an enum."""

    class_name: str
    module_name: str
    description: str
    members: list[NamedValue]


class Callback(NamedTuple):
    """A request that the service sends: its name, its model, and where the model may be wrapped."""

    name: str
    description: str
    model: str
    unwrap: str


class Follower(NamedTuple):
    """An operation that waits for what another one has begun: its rule, and its arguments as code."""

    endpoint: Endpoint
    rule: dict[str, Any]
    arguments: dict[str, str]


class Document:
    """A whole OpenAPI document, and the questions that templates ask about it.

    Args:
        raw: The document as plain dicts and lists.
        prefix: What the generator puts before names that are no Python identifiers.
    """

    def __init__(self, raw: dict[str, Any], prefix: str = "field_") -> None:
        self.raw = raw
        self.prefix = prefix
        self.title: str = raw["info"]["title"]
        self.client_name = strings.ClassName(self.title, prefix)
        self.env_prefix = strings.snake_case(self.title).upper()
        server = (raw.get("servers") or [{}])[0]
        self.server_url: str = _server_url(server)
        self.server_env: str = server.get("x-env", f"{self.env_prefix}_BASE_URL")
        self.security = self._security()
        self.callbacks = list(self._callbacks())
        self.named_values = list(self._named_values())
        self.models: dict[str, ModelProperty] = {}

    def for_parser(self) -> dict[str, Any]:
        """Give the document reduced to what becomes code.

        Errors are raised, not parsed into models, so their bodies are left out; an unknown media type in one of them
        is then no reason to fail.

        Returns:
            A copy of the document.
        """
        document: dict[str, Any] = copy.deepcopy(self.raw)
        for operation in _operations(document):
            for status, response in operation.get("responses", {}).items():
                if _is_error(str(status), operation["responses"]):
                    operation["responses"][status] = {"description": self.resolve(response).get("description", "")}
        _normalise_schemas(document)
        return document

    def resolve(self, node: Any) -> Any:
        """Follow a `$ref` within the document, if the node is one.

        Args:
            node: Any part of the document.

        Returns:
            The part that is meant.

        Raises:
            DocumentError: The reference leads nowhere.
        """
        seen: list[str] = []
        while isinstance(node, dict) and "$ref" in node:
            ref = node["$ref"]
            if ref in seen:
                raise DocumentError(f"$ref {ref!r} leads back to itself")
            seen.append(ref)
            node = self._look_up(ref)
        return node

    def _look_up(self, ref: str) -> Any:
        node: Any = self.raw
        for part in ref.removeprefix("#/").split("/"):
            try:
                node = node[part.replace("~1", "/").replace("~0", "~")]
            except (KeyError, TypeError, IndexError):
                raise DocumentError(f"$ref {ref!r} names nothing in the document") from None
        return node

    def operation(self, endpoint: Endpoint) -> dict[str, Any]:
        """Find the raw operation of an endpoint.

        Args:
            endpoint: What the generator made of the operation.

        Returns:
            The operation object, path-level parameters included.
        """
        braces = re.compile(r"{[^}]*}")
        for path, item in self.raw["paths"].items():
            operation = item.get(endpoint.method)
            if operation is None or braces.sub("{}", path) != braces.sub("{}", endpoint.path.get_untrusted_value()):
                continue
            parameters = [*operation.get("parameters", []), *item.get("parameters", [])]
            return {**operation, "parameters": [self.resolve(each) for each in parameters]}
        raise DocumentError(f"no operation {endpoint.method.upper()} {endpoint.path.get_untrusted_value()}")

    def parameter(self, endpoint: Endpoint, prop: Property) -> dict[str, Any]:
        """Find the raw parameter behind an argument of an endpoint.

        Args:
            endpoint: The endpoint.
            prop: The argument.

        Returns:
            The parameter object; empty if there is none.
        """
        for parameter in self.operation(endpoint)["parameters"]:
            if prop.name == parameter["name"]:
                return dict(parameter)
        return {}

    def parameter_schema(self, endpoint: Endpoint, prop: Property) -> dict[str, Any]:
        """Give the raw schema of an argument of an endpoint."""
        return dict(self.resolve(self.parameter(endpoint, prop).get("schema", {})))

    def property_schema(self, model: ModelProperty, prop: Property) -> dict[str, Any]:
        """Give the raw schema of a property of a model, its own or an inherited one."""
        dumped = model.data.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return dict(self.resolve(self._find_property(dumped, prop.name.get_untrusted_value())))

    def parameter_limits(self, endpoint: Endpoint, prop: Property) -> dict[str, Any]:
        """Give the constraints on an argument of an endpoint; see `limits`."""
        return self.limits(self.parameter_schema(endpoint, prop))

    def property_limits(self, model: ModelProperty, prop: Property) -> dict[str, Any]:
        """Give the constraints on a property of a model; see `limits`."""
        return self.limits(self.property_schema(model, prop))

    def _find_property(self, schema: dict[str, Any], name: str) -> dict[str, Any]:
        if name in schema.get("properties", {}):
            return dict(schema["properties"][name])
        for part in schema.get("allOf", []):
            if found := self._find_property(self.resolve(part), name):
                return found
        return {}

    def limits(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Give the constraints of a schema that can be checked before a request is sent.

        Args:
            schema: The schema, or a reference to one.

        Returns:
            The value of each constraint by its keyword, exclusive bounds as numbers.
        """
        schema = self.resolve(schema)
        found = {key: schema[key] for key in LIMITS if schema.get(key) is not None}
        if not _compiles(found.get("pattern", "")):
            del found["pattern"]
        for key, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if found.get(key) is True:
                found[key] = found.pop(inclusive)
            elif found.get(key) is False:
                del found[key]
        return {key: int(v) if isinstance(v, float) and v.is_integer() else v for key, v in found.items()}

    def properties_named(self, model: ModelProperty, names: list[str]) -> list[Property]:
        """Find the properties of a model that bear some names in JSON, in the order of the names.

        Raises:
            DocumentError: One of them is no property of the model.
        """
        by_name = {prop.name.get_untrusted_value(): prop for prop in _properties(model)}
        for name in names:
            if name not in by_name:
                raise DocumentError(
                    f"{model.class_info.name}: an extension names the property {name!r}, which it does not have"
                )
        return [by_name[name] for name in names]

    def type_of_first(self, model: ModelProperty, names: list[str]) -> str:
        """Give the type of whichever of some properties is present."""
        return _union(_type(prop) for prop in self.properties_named(model, names))

    def successes(self, endpoint: Endpoint) -> list[Response]:
        """List the responses of an endpoint that are none of error."""
        return [each for each in endpoint.responses if not self.is_error(endpoint, each.status_code.pattern)]

    def is_error(self, endpoint: Endpoint, status: str) -> bool:
        """Tell whether a documented response of an endpoint is one of error."""
        return _is_error(status, self.operation(endpoint)["responses"])

    def response_type(self, response: Response) -> str:
        """Give the type of what a response is parsed into."""
        return "None" if response.source["attribute"] == "None" else _type(response.prop)

    def return_type(self, endpoint: Endpoint) -> str:
        """Give the type of what an endpoint's successes are parsed into."""
        return _union(self.response_type(each) for each in self.successes(endpoint)) or "None"

    def is_uniform(self, endpoint: Endpoint) -> bool:
        """Tell whether all successes of an endpoint are parsed alike."""
        return len({self.response_type(each) for each in self.successes(endpoint)}) == 1

    def status_condition(self, response: Response) -> str:
        """Give the code of the condition that an answer is a certain response."""
        low, high = response.status_code.range or (0, 999)
        return f"response.status_code == {low}" if low == high else f"{low} <= response.status_code <= {high}"

    def path_code(self, endpoint: Endpoint) -> str:
        """Give the code of an endpoint's path, its parameters escaped and filled in."""
        names = {prop.python_name for prop in endpoint.path_parameters}
        parts = re.split(r"{([^}]*)}", endpoint.path.get_untrusted_value())
        code = [
            f'{{_check.path_segment({part}, "{part}")}}' if index % 2 and part in names else _in_f_string(part)
            for index, part in enumerate(parts)
        ]
        return f"f'{''.join(code)}'" if names else f'"{strings.in_double_quote_literal("".join(parts))}"'

    def bodies_by_type(self, endpoint: Endpoint) -> list[Body]:
        """List the bodies of an endpoint that its argument tells apart; of those of one type, the first is sent."""
        return list({_type(body.prop): body for body in reversed(endpoint.bodies)}.values())[::-1]

    def body_required(self, endpoint: Endpoint) -> bool:
        """Tell whether an endpoint must be given a body."""
        return bool(endpoint.bodies) and all(body.prop.required for body in endpoint.bodies)

    def flat_body(self, endpoint: Endpoint) -> ModelProperty | None:
        """Give the model of an endpoint's body if its properties can be the arguments of the call themselves."""
        if len(endpoint.bodies) != 1 or not isinstance(endpoint.bodies[0].prop, ModelProperty):
            return None
        model = endpoint.bodies[0].prop
        arguments = {prop.python_name for prop in endpoint.list_all_parameters()} - {"body"}
        fields = {prop.python_name for prop in _properties(model)}
        if not model.required or not fields or fields & (arguments | {"self", "timeout", "on_update"}):
            return None
        return model

    def has_argument(self, endpoint: Endpoint, name: str) -> bool:
        """Tell whether the API itself has an argument of that name."""
        return any(prop.python_name == name for prop in endpoint.list_all_parameters())

    def resource_imports(self, collection: EndpointCollection) -> set[str]:
        """List the imports that the signatures of a tag's operations need."""
        imports: set[str] = set()
        for endpoint in collection.endpoints:
            imports |= {line.replace("from ...", "from ..") for line in endpoint.relative_imports}
            if model := self.flat_body(endpoint):
                for prop in _properties(model):
                    imports |= prop.get_imports(prefix="..") | prop.get_lazy_imports(prefix="..")
        for model in self.downloads(collection):
            items = (model.data.model_extra or {})["x-download"]["items"]
            imports |= self.properties_named(model, [items])[0].get_lazy_imports(prefix="..")
        return imports

    def sent_models(self, collections: Iterable[EndpointCollection]) -> set[str]:
        """Name the models that requests are made of, directly or within others."""
        found: set[str] = set()
        todo: list[Any] = [body.prop for each in collections for end in each.endpoints for body in end.bodies]
        while todo:
            prop = todo.pop()
            todo += [prop.inner_property] if hasattr(prop, "inner_property") else []
            todo += getattr(prop, "inner_properties", [])
            if isinstance(prop, ModelProperty) and prop.class_info.name not in found:
                found.add(prop.class_info.name)
                todo += _properties(self.models[prop.class_info.name])
        return found

    def tag_description(self, tag: str) -> str:
        """Give the document's description of a tag."""
        for each in self.raw.get("tags", []):
            if strings.PythonIdentifier(each["name"], "tag") == tag and each.get("description"):
                return str(each["description"])
        return f"The operations of {tag}."

    def summary_of(self, endpoint: Endpoint) -> str:
        """Give one sentence that says what an endpoint does."""
        summary = endpoint.summary or endpoint.description
        text = summary.get_untrusted_value() if summary else f"{endpoint.method.upper()} {self.path(endpoint)}"
        return f"{' '.join(text.split()).removesuffix('.')}."

    def path(self, endpoint: Endpoint) -> str:
        """Give the path of an endpoint as the document has it."""
        braces = re.compile(r"{[^}]*}")
        wanted = braces.sub("{}", endpoint.path.get_untrusted_value())
        return next(str(path) for path in self.raw["paths"] if braces.sub("{}", path) == wanted)

    def body_description(self, endpoint: Endpoint) -> str:
        """Say what an endpoint's body is."""
        body = self.resolve(self.operation(endpoint).get("requestBody", {}))
        prop = endpoint.bodies[0].prop
        own = prop.description.get_untrusted_value() if prop.description else ""
        return str(body.get("description") or own or "What to send.")

    def success_description(self, endpoint: Endpoint) -> str:
        """Say what an endpoint answers when all goes well."""
        responses = self.operation(endpoint)["responses"]
        said = [
            str(self.resolve(response).get("description", ""))
            for status, response in responses.items()
            if not _is_error(str(status), responses)
        ]
        return next((text for text in said if text), "What the server sent.")

    def sentence(self, prop: Property, schema: dict[str, Any]) -> str:
        """Describe an argument: what the document says, the limits in words, and what happens without it."""
        text = prop.description.get_untrusted_value() if prop.description else ""
        left_out = self.left_out(prop, schema)
        said = (
            " ".join(text.split()),
            self.limits_in_words(self.limits(schema)),
            left_out and f"If left out: {left_out}.",
        )
        return " ".join(part for part in said if part)

    def left_out(self, prop: Property, schema: dict[str, Any]) -> str:
        """Say in words what happens without an argument; empty if it must be given."""
        if prop.default is not None:
            return f"{prop.default.raw_value} is sent"
        return "" if prop.required else schema.get("x-if-left-out", "the server's choice, not known")

    def limits_in_words(self, limits: dict[str, Any]) -> str:
        """Put constraints into a sentence, such as `A multiple of 8, at least 8.`; empty if there are none."""
        words = {
            "multipleOf": "a multiple of {}",
            "exclusiveMinimum": "more than {}",
            "exclusiveMaximum": "less than {}",
            "minLength": "at least {} characters",
            "maxLength": "at most {} characters",
            "minItems": "at least {} items",
            "maxItems": "at most {} items",
            "pattern": "matching {}",
        }
        parts = [words[key].format(value) for key, value in limits.items() if key in words]
        low, high = limits.get("minimum"), limits.get("maximum")
        if low is not None and high is not None:
            parts.append(f"{low} to {high}")
        else:
            parts += [f"at least {low}"] if low is not None else []
            parts += [f"at most {high}"] if high is not None else []
        said = ", ".join(parts).replace("at least 1 characters", "not empty").replace("at least 1 items", "not empty")
        return f"{said[0].upper()}{said[1:]}." if said else ""

    def wait_rule(self, endpoint: Endpoint) -> dict[str, Any] | None:
        """Give the rule by which an endpoint's object is waited for, if there is one."""
        rule: dict[str, Any] | None = self.operation(endpoint).get("x-wait")
        return rule

    def pages_rule(self, endpoint: Endpoint) -> dict[str, Any] | None:
        """Give the rule by which an endpoint's pages are walked through, if there is one."""
        rule: dict[str, Any] | None = self.operation(endpoint).get("x-pagination")
        return rule

    def followers(self, endpoint: Endpoint, collection: EndpointCollection) -> list[Follower]:
        """List the operations of the same tag that wait for what an endpoint has begun, as its links say."""
        found = []
        for response in self.operation(endpoint)["responses"].values():
            for link in self.resolve(response).get("links", {}).values():
                for target in collection.endpoints:
                    rule = self.wait_rule(target)
                    if rule and self.operation(target).get("operationId") == link.get("operationId"):
                        found.append(Follower(target, rule, self._link_arguments(endpoint, target, link)))
        return found[:1]

    def _link_arguments(self, endpoint: Endpoint, target: Endpoint, link: dict[str, Any]) -> dict[str, str]:
        """Turn a link's expressions into code, by the arguments of the operation that it leads to."""
        arguments: dict[str, str] = {}
        for prop in target.path_parameters:
            expression = str(link.get("parameters", {}).get(prop.name.get_untrusted_value(), ""))
            where, _, name = expression.rpartition("/" if "#" in expression else ".")
            if where == "$request.path":
                arguments[prop.python_name] = str(self.named(endpoint.path_parameters, name).python_name)
            elif where == "$response.body#":
                model = self.models[self.return_type(endpoint)]
                arguments[prop.python_name] = f"job.{self.properties_named(model, [name])[0].python_name}"
            else:
                raise DocumentError(
                    f"link to {link.get('operationId')}: {expression!r} is no expression understood here"
                )
        return arguments

    def named(self, properties: list[Property], name: str) -> Property:
        """Find the argument of a name in a list.

        Raises:
            DocumentError: There is none.
        """
        for prop in properties:
            if prop.name == name:
                return prop
        raise DocumentError(f"there is no parameter {name!r} among {[str(each.python_name) for each in properties]}")

    def without(self, properties: list[Property], names: list[str]) -> list[Property]:
        """Give a list of arguments without those of some names."""
        return [prop for prop in properties if prop.name.get_untrusted_value() not in names]

    def item_key(self, endpoint: Endpoint, key: str) -> str:
        """Name the attribute that tells the items of an endpoint's list apart."""
        model = self.models[self.return_type(endpoint).removeprefix("list[").removesuffix("]")]
        return str(self.properties_named(model, [key])[0].python_name)

    def downloads(self, collection: EndpointCollection) -> list[ModelProperty]:
        """List the models with files to download that the operations of a tag answer."""
        answered = {self.return_type(endpoint) for endpoint in collection.endpoints}
        return [
            model
            for name, model in self.models.items()
            if name in answered and (model.data.model_extra or {}).get("x-download")
        ]

    def property_names(self, model: str) -> list[str]:
        """List the names that the properties of a model have in JSON."""
        return [prop.name.get_untrusted_value() for prop in _properties(self.models[model])]

    def error_message_names(self) -> list[str]:
        """Name the properties of error bodies that may hold the message for people, the likeliest first."""
        named = {
            schema["x-error-message"]
            for schema in _walk(self.raw)
            if isinstance(schema.get("x-error-message"), str) and "properties" in schema
        }
        return sorted(named) or ["message", "detail", "title", "error"]

    def media_types(self, operation: dict[str, Any]) -> list[str]:
        """List the media types in which an operation's successes come."""
        found: dict[str, None] = {}
        for status, response in operation.get("responses", {}).items():
            if not _is_error(str(status), operation["responses"]):
                found.update(dict.fromkeys(self.resolve(response).get("content", {})))
        return list(found)

    def _security(self) -> Security | None:
        schemes = self.raw.get("components", {}).get("securitySchemes", {})
        used = {
            name
            for operation in _operations(self.raw)
            for requirement in operation.get("security", self.raw.get("security", []))
            for name in requirement
        }
        for name in sorted(used):
            scheme = self.resolve(schemes.get(name, {}))
            env = scheme.get("x-env", f"{self.env_prefix}_API_KEY")
            kind = (scheme.get("type"), str(scheme.get("scheme", scheme.get("in", ""))).lower())
            if kind == ("http", "bearer"):
                return Security("Authorization", "Bearer ", env, scheme.get("description", "Bearer token."))
            if kind == ("apiKey", "header"):
                return Security(scheme["name"], "", env, scheme.get("description", "API key."))
        if used:
            raise DocumentError(
                f"components/securitySchemes: none of {', '.join(sorted(used))} is a kind that the client can send; "
                "use http bearer or apiKey in a header"
            )
        return None

    def _callbacks(self) -> Iterator[Callback]:
        for operation in _operations(self.raw):
            for name, callback in operation.get("callbacks", {}).items():
                for item in self.resolve(callback).values():
                    for sent in (item[method] for method in METHODS if method in item):
                        if found := self._callback(name, sent):
                            yield found

    def _callback(self, name: str, sent: dict[str, Any]) -> Callback | None:
        content = self.resolve(sent.get("requestBody", {})).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        for variant in [schema, *schema.get("oneOf", [])]:
            if "$ref" in variant:
                model = strings.ClassName(variant["$ref"].rsplit("/", 1)[-1], self.prefix)
                return Callback(name, sent.get("description", ""), model, schema.get("x-unwrap", ""))
        return None

    def _named_values(self) -> Iterator[NamedValues]:
        seen: set[str] = set()
        for parameter in _walk(self.raw):
            name = parameter.get("x-examples-class")
            if not isinstance(name, str) or name in seen or "examples" not in parameter:
                continue
            seen.add(name)
            members = [
                NamedValue(strings.snake_case(str(key)).upper(), str(example["value"]), example.get("summary", ""))
                for key, example in parameter["examples"].items()
            ]
            class_name = strings.ClassName(name, self.prefix)
            module_name = strings.PythonIdentifier(name, self.prefix)
            yield NamedValues(class_name, module_name, parameter.get("schema", {}).get("description", ""), members)


def load(path: Path) -> dict[str, Any]:
    """Read a document from a YAML or JSON file.

    Args:
        path: The file.

    Returns:
        The document as plain dicts and lists.

    Raises:
        DocumentError: The file is missing, not YAML, holds a key twice, or is no OpenAPI document.
    """
    try:
        raw = YAML(typ="safe").load(path)
    except OSError as error:
        raise DocumentError(f"{path.name}: {error.strerror}") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise DocumentError(f"{path.name}{place}: {' '.join(str(error.problem).split())}") from error
    if not isinstance(raw, dict) or "openapi" not in raw:
        raise DocumentError(f"{path.name}: no OpenAPI document: the key `openapi` is missing at the top")
    for key in ("info", "paths"):
        if not isinstance(raw.get(key), dict):
            raise DocumentError(f"{path.name}: the key `{key}` is missing at the top or is no mapping")
    for key in ("title", "version"):
        if not isinstance(raw["info"].get(key), str):
            raise DocumentError(f"{path.name}: info/{key} is missing or is no string")
    return raw


def _compiles(pattern: str) -> bool:
    """Tell whether Python knows a pattern, which OpenAPI writes in JavaScript's dialect."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _properties(model: ModelProperty) -> list[Property]:
    return [*(model.required_properties or []), *(model.optional_properties or [])]


def _type(prop: Property) -> str:
    return prop.get_type_string(no_optional=True).as_unembedded_code()


def _union(types: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(types))


def _in_f_string(text: str) -> str:
    """Escape text for an f-string in single quotes."""
    return strings.in_f_string_literal(text).replace("'", "\\'")


def _server_url(server: dict[str, Any]) -> str:
    url: str = server.get("url", "")
    for name, variable in server.get("variables", {}).items():
        url = url.replace(f"{{{name}}}", str(variable["default"]))
    return url.rstrip("/")


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def _is_error(status: str, responses: dict[Any, Any]) -> bool:
    """Tell whether a response is an error; `default` is one as soon as a success is documented beside it."""
    if status == "default":
        return any(str(other).startswith("2") for other in responses)
    return status[:1] in {"3", "4", "5"}


def _walk(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in the document, the outer ones first."""
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _walk(child)


def _normalise_schemas(document: dict[str, Any]) -> None:
    """Put into the generator's terms what it does not understand by itself."""
    for schema in list(_walk(document)):
        if isinstance(reads_as := schema.get("x-reads-as"), str):
            schema["format"] = reads_as
        if schema.get("nullable") is True and isinstance(schema.get("enum"), list):
            # As it stands, the generator would make an enum for each way to combine "null" and the values.
            values = {**schema, "enum": [value for value in schema["enum"] if value is not None]}
            values.pop("nullable")
            kept: dict[str, Any] = {key: schema[key] for key in ("description", "example") if key in schema}
            schema.clear()
            schema.update(kept, oneOf=[{"type": "null"}, values])
