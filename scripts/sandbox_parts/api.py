"""The service behind openapi.yaml: connexion routes, checks tokens, and validates what comes and what goes."""

import logging
import re
from collections.abc import AsyncGenerator
from copy import deepcopy
from http import HTTPStatus
from typing import Any

import connexion
from connexion.decorators.parameter import pythonic
from connexion.exceptions import ProblemException
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.options import SwaggerUIOptions
from connexion.resolver import Resolver
from connexion.validators.json import JSONRequestBodyValidator
from connexion.validators.parameter import ParameterValidator
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from .faults import error_body
from .jobs import Refused, Service

LOGGER = logging.getLogger("sandbox")

# What RFC 6750 allows in a bearer token. Users report an empty 520 for a key that is not even that.
BEARER_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")

# A test that searches the client's logs for the token must not find it in the server's.
logging.getLogger("connexion").setLevel(logging.WARNING)


class Api:
    """The API as an ASGI application.

    Args:
        service: What does the work.
        token: The token that is let in.
    """

    def __init__(self, service: Service, token: str) -> None:
        self._token = token
        self._application = connexion.AsyncApp(__name__)
        self._application.add_api(
            _with_token_check(service.spec.document),
            resolver=_Handlers(service),
            pythonic_params=True,
            strict_validation=True,
            validate_responses=True,
            validator_map={"body": {"application/json": _Body}, "parameter": _Parameters},
            swagger_ui_options=SwaggerUIOptions(serve_spec=False, swagger_ui=False),
        )
        for kind in (Refused, ProblemException, HTTPException, Exception):
            self._application.add_error_handler(kind, _error)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it.

        Args:
            scope: The server's description of the request.
            receive: The server's way to the request.
            send: The server's way to the answer.
        """
        scope["state"]["token"] = self._token
        await self._application(scope, receive, send)


def _with_token_check(document: dict[str, Any]) -> dict[str, Any]:
    """Tell connexion in its own words, in a copy of the document, how a token is checked."""
    copy = deepcopy(document)
    for scheme in copy["components"]["securitySchemes"].values():
        scheme["x-bearerInfoFunc"] = f"{__name__}.{token_info.__name__}"
    return copy


def token_info(token: str, request: ConnexionRequest) -> dict[str, str] | None:
    """Tell connexion whose token it is; None for nobody's.

    Args:
        token: The token.
        request: The request that it came with.
    """
    if not BEARER_TOKEN.fullmatch(token):
        raise Refused(520)
    return {"sub": "sandbox"} if token == request.scope["state"]["token"] else None


class _Handlers(Resolver):
    """Finds the function for an operation by its id, in the spelling that connexion gives to parameters, too."""

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._service = service

    def resolve_function_from_operation_id(self, operation_id: str) -> Any:
        return getattr(self, pythonic(operation_id))

    async def generate(self, model_id: str, body: dict[str, Any]) -> tuple[Any, int]:
        return self._service.generate(model_id, body), self._service.options.post_status

    async def list_all(
        self, model_id: str, *, only_finished: bool = False, page: int | None = None, page_size: int | None = None
    ) -> Any:
        return self._service.list_all(model_id, only_finished=only_finished, page=page, page_size=page_size)

    async def find_one(self, model_id: str, inference_id: str) -> Any:
        return self._service.find_one(model_id, inference_id)

    async def delete(self, model_id: str, inference_id: str) -> Any:
        body = self._service.delete(model_id, inference_id)
        return ConnexionResponse(status_code=200) if body is None else (body, 200)


class _Body(JSONRequestBodyValidator):
    """Refuses a body with all that is wrong with it, rather than with the first thing."""

    async def _parse(self, stream: AsyncGenerator[bytes, None], scope: Scope) -> Any:
        try:
            return await super()._parse(stream, scope)
        except (UnicodeDecodeError, LookupError) as error:  # connexion lets these two through, as its own failure
            raise Refused(400, [str(error)]) from error

    def _validate(self, body: Any) -> None:
        errors = sorted(self._validator.iter_errors(body), key=lambda error: list(error.path))
        if errors:
            raise Refused(400, [": ".join([*map(str, error.path), error.message]) for error in errors])


class _Parameters(ParameterValidator):
    """Says which parameter is wrong, and leaves out the schema that connexion would quote."""

    @staticmethod
    def validate_parameter(kind: str, value: Any, parameter: dict[str, Any], name: str | None = None) -> str | None:
        error = ParameterValidator.validate_parameter(kind, value, parameter, name)
        return f"{parameter['name']}: {error.splitlines()[0]}" if error else None


# A coroutine because connexion would run a plain function in another thread.
async def _error(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    """Answer what went wrong in the API's own shape."""
    status, message = _explained(request, error)
    body = error_body(status, message)
    return ConnexionResponse(status_code=status, content_type="application/json" if body else None, body=body)


def _explained(request: ConnexionRequest, error: Exception) -> tuple[int, str | list[str] | None]:
    """Tell status and message of an error."""
    match error:
        case Refused():
            return error.status, error.message
        case ProblemException(status=HTTPStatus.UNAUTHORIZED):
            return error.status, None
        case ProblemException() if error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return error.status, [error.detail]
        case HTTPException():
            return HTTPStatus.NOT_FOUND, f"Cannot {request.method} {request.url.path}"
    # Either the sandbox contradicts openapi.yaml, or it is broken.
    LOGGER.error("The sandbox failed", exc_info=error)
    return HTTPStatus.INTERNAL_SERVER_ERROR, str(error)
