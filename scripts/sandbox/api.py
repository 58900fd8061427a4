"""The API as an ASGI application: connexion routes, authenticates, and validates requests and responses."""

import json
import logging
import re
from copy import deepcopy
from http import HTTPStatus
from http.client import responses
from typing import Any

import connexion
from connexion.decorators.parameter import pythonic
from connexion.exceptions import ProblemException, ResolverError
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.mock import MockResolver
from connexion.options import SwaggerUIOptions
from connexion.validators.json import JSONRequestBodyValidator
from connexion.validators.parameter import ParameterValidator
from starlette.exceptions import HTTPException

from spec import Document
from spec.samples import sample

from .facts import OPERATIONS
from .jobs import Jobs, Refused

LOGGER = logging.getLogger("sandbox")

# Distinctive, so that tests can search logs for it.
TOKEN = "sandbox-6f1d2c9a7b"  # noqa: S105 - opens nothing but the sandbox
# The form of a bearer token in RFC 6750. Users report an empty 520 for a key of another form.
BEARER_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")

# Tests search the client's logs for the token, and must not find it in the server's.
logging.getLogger("connexion").setLevel(logging.WARNING)


def application(document: Document, jobs: Jobs | None = None) -> connexion.AsyncApp:
    """Create the API, an ASGI application that accepts one token.

    Args:
        document: What it serves.
        jobs: The imitation of some of its operations, if there is one; all others answer with the document's examples.
    """
    served = deepcopy(document.raw)
    schemes = served.get("components", {}).get("securitySchemes", {})
    schemes.update({name: _with_one_token(scheme) for name, scheme in schemes.items()})
    api = connexion.AsyncApp(__name__)
    api.add_api(
        served,
        resolver=_Operations(document, jobs),
        pythonic_params=True,
        strict_validation=True,
        validate_responses=True,
        validator_map={"body": {"application/json": _Body}, "parameter": _Parameters},
        swagger_ui_options=SwaggerUIOptions(serve_spec=False, swagger_ui=False),
    )
    for kind in (Refused, ProblemException, HTTPException, UnicodeDecodeError, Exception):
        api.add_error_handler(kind, _refusal)
    return api


def token_info(token: str) -> dict[str, str] | None:
    """Return the owner of a token to connexion; None if it is unknown."""
    if not BEARER_TOKEN.fullmatch(token):
        raise Refused(520)
    return {"sub": "sandbox"} if token == TOKEN else None


def key_info(apikey: str) -> dict[str, str] | None:
    """Return the owner of an API key to connexion, or of what stands for a name and a password; None if unknown."""
    return {"sub": "sandbox"} if apikey.removeprefix("Basic ") == TOKEN else None


def _with_one_token(scheme: dict[str, Any]) -> dict[str, Any]:
    """Let a security scheme take the sandbox's token, in the place where it takes its own."""
    key = {"x-apikeyInfoFunc": f"{__name__}.{key_info.__name__}"}
    if scheme["type"] == "apiKey":
        return {**scheme, **key}
    if str(scheme.get("scheme")).lower() == "basic":
        return {"type": "apiKey", "in": "header", "name": "Authorization", **key}
    return {"type": "http", "scheme": "bearer", "x-bearerInfoFunc": f"{__name__}.{token_info.__name__}"}


class _Operations(MockResolver):
    """Resolves operations to the methods that imitate them; all others answer with the document's examples."""

    def __init__(self, document: Document, jobs: Jobs | None) -> None:
        super().__init__(mock_all=False)  # type: ignore[no-untyped-call] # connexion has no types here
        self._document = document
        self._documented = {operation.id: operation for operation in document.operations}
        self._jobs = jobs

    def resolve_function_from_operation_id(self, operation_id: str) -> Any:
        if self._jobs is None or operation_id not in OPERATIONS:
            raise ResolverError(f"no imitation of {operation_id}")
        return getattr(self._jobs, pythonic(operation_id))

    async def mock_operation(self, operation: Any, *_: object, **__: object) -> Any:
        documented = self._documented[operation.operation_id].responses
        status, response = next(each for each in documented.items() if not each[1].is_error)
        code = int(status) if status.isdigit() else HTTPStatus.OK
        for media_type, content in response.content.items():
            examples = [each["value"] for each in content.get("examples", {}).values() if "value" in each]
            examples += [content["example"]] if "example" in content else []
            body = examples[0] if examples else sample(self._document, content.get("schema", {}))
            text = json.dumps(body) if "json" in media_type else str(body)
            return ConnexionResponse(status_code=code, content_type=media_type, body=text)
        return ConnexionResponse(status_code=code)


class _Body(JSONRequestBodyValidator):
    """Reports everything that is wrong with a body, not only the first error."""

    def _validate(self, body: Any) -> None:
        errors = sorted(self._validator.iter_errors(body), key=lambda error: list(error.path))
        if errors:
            raise Refused(400, [": ".join([*map(str, error.path), error.message]) for error in errors])


class _Parameters(ParameterValidator):
    """Names the invalid parameter, and omits the schema that connexion would quote."""

    @staticmethod
    def validate_parameter(kind: str, value: Any, parameter: dict[str, Any], name: str | None = None) -> str | None:
        error = ParameterValidator.validate_parameter(kind, value, parameter, name)
        return f"{parameter['name']}: {error.splitlines()[0]}" if error else None


# A coroutine, because connexion would run a plain function in another thread.
async def _refusal(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    """Turn an exception into an error response of the API."""
    message: str | list[str] | None
    match error:
        case Refused():
            status, message = error.status, error.message
        case ProblemException(status=HTTPStatus.UNAUTHORIZED):
            status, message = error.status, None
        case ProblemException() if error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            status, message = error.status, [error.detail]
        case UnicodeDecodeError():  # connexion would answer 500 for a body that is not UTF-8
            status, message = 400, [str(error)]
        case HTTPException():
            status, message = 404, f"Cannot {request.method} {request.url.path}"
        case _:  # the sandbox contradicts openapi.yaml, or has a bug
            LOGGER.error("The sandbox failed", exc_info=error)
            status, message = 500, str(error)
    body = error_body(status, message)
    return ConnexionResponse(status_code=status, content_type="application/json" if body else None, body=body)


def error_body(status: int, message: str | list[str] | None = None) -> bytes:
    """Return the body of an error response; `error` is absent where it would only repeat the message.

    A status that HTTP does not define comes from a proxy, without a body.
    """
    words = responses.get(status)
    if not words:
        return b""
    bare = {"statusCode": status, "message": words}
    return json.dumps(bare if message is None else {**bare, "message": message, "error": words}).encode()
