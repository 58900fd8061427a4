"""What a document asks for beside plain calls: waiting, paging, downloads, callbacks, named examples."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from openapi_python_client import strings
from openapi_python_client.parser.openapi import Endpoint, EndpointCollection
from openapi_python_client.parser.properties import ModelProperty

from .loading import METHODS, DocumentError, mappings_in, operations_of
from .signatures import Signatures, properties_of


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


class Rules(Signatures):
    """What the extensions of the document, its links and its callbacks ask for beside the plain calls."""

    @cached_property
    def callbacks(self) -> list[Callback]:
        """The requests that the service sends."""
        return list(self._callbacks())

    @cached_property
    def named_values(self) -> list[NamedValues]:
        """The parameters whose examples have names, as enums."""
        return list(self._named_values())

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

    def resource_imports(self, collection: EndpointCollection) -> set[str]:
        """List the imports that the signatures of a tag's operations need, but for models; see `model_imports`."""
        return {line for line in self._signature_imports(collection) if line.split()[-1] not in self.models}

    def model_imports(self, collection: EndpointCollection) -> set[str]:
        """List the imports of the models in the signatures of a tag's operations, which only type checkers need."""
        return {line for line in self._signature_imports(collection) if line.split()[-1] in self.models}

    def _signature_imports(self, collection: EndpointCollection) -> set[str]:
        imports: set[str] = set()
        for endpoint in collection.endpoints:
            imports |= {line.replace("from ...", "from ..") for line in endpoint.relative_imports}
            if model := self.flat_body(endpoint):
                for prop in properties_of(model):
                    imports |= prop.get_imports(prefix="..") | prop.get_lazy_imports(prefix="..")
        for model in self.downloads(collection):
            items = (model.data.model_extra or {})["x-download"]["items"]
            imports |= self.properties_named(model, [items])[0].get_lazy_imports(prefix="..")
        return imports

    def downloads(self, collection: EndpointCollection) -> list[ModelProperty]:
        """List the models with files to download that the operations of a tag answer."""
        answered = {self.return_type(endpoint) for endpoint in collection.endpoints}
        return [
            model
            for name, model in self.models.items()
            if name in answered and (model.data.model_extra or {}).get("x-download")
        ]

    def _callbacks(self) -> Iterator[Callback]:
        for operation in operations_of(self.raw):
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
        for parameter in mappings_in(self.raw):
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
            yield NamedValues(class_name, module_name, f"The values of `{parameter['name']}` that have names.", members)
