"""Failures on demand: `POST /_sandbox/fail?status=503&times=2` makes the next two requests fail."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .api import error_body

PATH = "/_sandbox/fail"
USAGE = "POST with status=400..599 and, if wanted, times=1..1000, method=GET|POST|DELETE and retry_after=SECONDS"
ERRORS, TIMES = range(400, 600), range(1, 1001)


class Failing:
    """ASGI middleware that makes requests fail on demand."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self.failures: list[tuple[str, Response]] = []  # the method, empty for any, and the response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope)
        due = [failure for failure in self.failures if failure[0] in {"", request.method}]
        answer = self._application
        if request.url.path == PATH:
            answer = self._plan(request)
        elif due:
            self.failures.remove(due[0])
            answer = due[0][1]
        await answer(scope, receive, send)

    def _plan(self, request: Request) -> Response:
        """Plan the failures that a request asks for."""
        wishes = {"times": "1", "method": "", **request.query_params}
        method = wishes.pop("method").upper()
        try:
            status, times = int(wishes.pop("status")), int(wishes.pop("times"))
            headers = {"retry-after": str(int(wishes.pop("retry_after")))} if "retry_after" in wishes else {}
        except (KeyError, ValueError):
            return JSONResponse({"error": USAGE}, 400)
        if wishes or request.method != "POST" or status not in ERRORS or times not in TIMES:
            return JSONResponse({"error": USAGE}, 400)
        body = error_body(status)
        failure = Response(body, status, headers, "application/json" if body else None)
        self.failures += [(method, failure)] * times
        return Response(status_code=204)
