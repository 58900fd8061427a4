"""Failures on request: `POST /_sandbox/fail?status=503&times=2` makes the next two requests fail."""

from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .api import error_body

PATH = "/_sandbox/fail"
USAGE = "POST with status=400..599, and if need be times, method and retry_after; all but method are whole numbers"
ERRORS = range(400, 600)


@dataclass
class Order:
    """A failure that somebody asked for: of so many requests, and only of one method if that is named."""

    status: int = 503
    times: int = 1
    retry_after: int | None = None
    method: str | None = None


class Failing:
    """An application with a way to make its next requests fail, as an ASGI application."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._orders: list[Order] = []

    def reset(self) -> None:
        """Let nothing fail any more."""
        self._orders.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request, answer = Request(scope), self._application
        if request.url.path == PATH:
            answer = self._take(request)
        elif orders := [order for order in self._orders if order.method in {None, request.method}]:
            answer = self._fail(orders[0])
        await answer(scope, receive, send)

    def _take(self, request: Request) -> Response:
        """Take an order."""
        wishes = dict(request.query_params)
        method = wishes.pop("method", "").upper() or None
        try:
            order = Order(method=method, **{name: int(text) for name, text in wishes.items()})
        except (TypeError, ValueError):  # a name that an order does not have, or no number
            return JSONResponse({"error": USAGE}, 400)
        if request.method != "POST" or order.status not in ERRORS or order.times < 1:
            return JSONResponse({"error": USAGE}, 400)
        self._orders.append(order)
        return JSONResponse(asdict(order))

    def _fail(self, order: Order) -> Response:
        """Count one request, and answer it."""
        order.times -= 1
        if not order.times:
            self._orders.remove(order)
        headers = {} if order.retry_after is None else {"retry-after": str(order.retry_after)}
        return Response(error_body(order.status), order.status, headers, "application/json")
