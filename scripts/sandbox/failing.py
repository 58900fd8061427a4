"""Failures on request: `POST /_sandbox/fail?status=503&times=2` makes the next two requests fail."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .api import error_body

PATH = "/_sandbox/fail"
ERRORS = range(400, 600)


@dataclass
class Order:
    """A failure that somebody asked for.

    Args:
        status: The status to answer with.
        times: How many requests are still to fail.
        method: Method of those requests; any if left out.
        retry_after: Value of the header `Retry-After`, if there is to be one.
    """

    status: int = 503
    times: int = 1
    method: str | None = None
    retry_after: int | None = None

    def response(self) -> Response:
        """Count one request, and answer it."""
        self.times -= 1
        headers = {} if self.retry_after is None else {"retry-after": str(self.retry_after)}
        return Response(error_body(self.status), self.status, headers, "application/json")


class Failing:
    """An application with a way to make its next requests fail, as an ASGI application.

    Args:
        application: What answers the others.
    """

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._orders: list[Order] = []

    def reset(self) -> None:
        """Let nothing fail any more."""
        self._orders.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope)
        if request.url.path == PATH:
            await self._take(request)(scope, receive, send)
            return
        order = next((order for order in self._orders if order.method in {None, request.method}), None)
        if order is None:
            await self._application(scope, receive, send)
            return
        response = order.response()
        self._orders = [order for order in self._orders if order.times > 0]
        await response(scope, receive, send)

    def _take(self, request: Request) -> JSONResponse:
        """Take an order."""
        query = request.query_params
        try:
            numbers = {name: int(query[name]) for name in ("status", "times", "retry_after") if name in query}
            order = Order(method=query["method"].upper() if "method" in query else None, **numbers)
        except ValueError as error:
            return JSONResponse({"error": f"status, times and retry_after are whole numbers: {error}"}, 400)
        known = request.method == "POST" and set(query) <= set(vars(order))
        if not known or order.status not in ERRORS or order.times < 1:
            said = "POST with status=400..599, and if need be times, method and retry_after"
            return JSONResponse({"error": said}, 400)
        self._orders.append(order)
        return JSONResponse(vars(order))
