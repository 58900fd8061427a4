"""What a document says to people."""

from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import Property

from .loading import is_error
from .signatures import Signatures


class Words(Signatures):
    """What docstrings and the reference say of operations and arguments."""

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
            if not is_error(str(status), responses)
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
