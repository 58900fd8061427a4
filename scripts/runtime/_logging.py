"""What is logged: our own lines on demand of the environment, and those that HTTP libraries write for us, redacted."""

from __future__ import annotations

import logging
import os
from contextvars import ContextVar

from . import _spec
from ._token import Token

# These quote what a server sends, so they quote the token if it does; the last two even what is sent to it.
LIBRARIES = (
    *(f"httpcore.{name}" for name in ("connection", "http11", "http2", "proxy", "socks")),
    *("httpx", "aiohttp.client", "hpack.hpack", "hpack.table"),
)
LEVELS = {"info": logging.INFO, "debug": logging.DEBUG}

# The token of the attempt that is being made in this thread or task.
in_use: ContextVar[Token | None] = ContextVar("in_use", default=None)


def _redact(record: logging.LogRecord) -> bool:
    """Take the token out of a line that is logged during an attempt of ours; the lines of others are left alone."""
    token = in_use.get()
    if token is not None:
        said = record.getMessage()
        record.msg, record.args = token.redacted_text(said), None
    return True


def set_up() -> None:
    """Keep the token out of the log, and write our own lines to stderr if the environment asks for it."""
    for name in LIBRARIES:
        logging.getLogger(name).addFilter(_redact)
    wanted = os.environ.get(_spec.LOG_VARIABLE, "").strip().lower()
    if not wanted:
        return
    logger = logging.getLogger(__package__)
    if wanted not in LEVELS:
        logger.warning("%s is %r, so nothing is logged; set it to %s", _spec.LOG_VARIABLE, wanted, " or ".join(LEVELS))
        return
    handler = logging.StreamHandler()
    # A program that has handlers of its own gets the lines there, and once is enough.
    handler.addFilter(lambda _: not logging.getLogger().handlers)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s: %(message)s"))
    logger.setLevel(LEVELS[wanted])
    logger.addHandler(handler)
