# Generated from openapi.yaml by `make generate`. Do not edit.
"""Connections that are opened when they are needed, and that clients share."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any
from weakref import ReferenceType, WeakKeyDictionary, ref

import httpx

from .errors import LeapError


class Pool:
    """Connections that are opened on first use, and anew in a forked child.

    Args:
        opener: Opens the connections.
        owner: Name of the client, for the error that it is closed.
        given: What a caller gave to be closed with them.
    """

    def __init__(
        self, opener: Callable[[], httpx.BaseTransport], owner: str, given: httpx.BaseTransport | None
    ) -> None:
        self._opener = opener
        self._owner = owner
        self._given = given
        self._closed = False
        # By process: the connections of a parent are its own to use and to close, and its lock may be held for ever.
        self._transports: dict[int, httpx.BaseTransport] = {}
        self._locks: dict[int, threading.Lock] = {}

    def get(self) -> httpx.BaseTransport:
        """Return the open connections.

        Raises:
            RuntimeError: The client is closed.
        """
        transport = self._transports.get(os.getpid())
        return self._open() if transport is None else transport

    def _open(self) -> httpx.BaseTransport:
        process = os.getpid()
        with self._locks.setdefault(process, threading.Lock()):
            if self._closed:
                raise RuntimeError(closed_message(self._owner))
            if process not in self._transports:
                self._transports[process] = self._opener()
            return self._transports[process]

    def close(self) -> None:
        """Close the connections for good."""
        process = os.getpid()
        with self._locks.setdefault(process, threading.Lock()):
            self._closed = True
            transport = self._transports.pop(process, self._given)
        if transport is not None:
            transport.close()


class AsyncPool:
    """Connections that are opened on first use, and anew in a forked child and in another event loop.

    Args:
        opener: Opens the connections.
        owner: Name of the client, for the error that it is closed.
        given: What a caller gave to be closed with them.
        bound: What a caller gave to send requests through, which belongs to one event loop.
    """

    def __init__(
        self,
        opener: Callable[[], httpx.AsyncBaseTransport],
        owner: str,
        given: httpx.AsyncBaseTransport | None,
        bound: object = None,
    ) -> None:
        self._opener = opener
        self._owner = owner
        self._given = given
        self._bound = bound
        self._closed = False
        self._locks: dict[int, threading.Lock] = {}
        # A child of fork cannot go on in its parent's loop, so the loop tells processes apart too.
        self._transports: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncBaseTransport] = WeakKeyDictionary()
        self._holders: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncGenerator[None, None]] = WeakKeyDictionary()

    def get(self) -> httpx.AsyncBaseTransport:
        """Return the open connections of the running event loop.

        Raises:
            RuntimeError: The client is closed.
            LeapError: What the caller gave belongs to another event loop, or there is none of asyncio.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise LeapError(
                f"{self._owner} needs asyncio, and no event loop of asyncio runs here; under trio, use the synchronous "
                "client in `trio.to_thread.run_sync`"
            ) from None
        transport = self._transports.get(loop)
        return self._open(loop) if transport is None else transport

    def _open(self, loop: asyncio.AbstractEventLoop) -> httpx.AsyncBaseTransport:
        with self._lock():
            if self._closed:
                raise RuntimeError(closed_message(self._owner))
            # What was opened in a loop may hold that loop, even after its end.
            for ended in [each for each in self._transports if each.is_closed()]:
                del self._transports[ended]
                self._holders.pop(ended, None)
            if self._bound is not None:
                bind(self._bound, loop, self._owner)
            transport = self._transports[loop] = self._opener()
            if self._given is None:
                holder = self._holders[loop] = _held(transport)
        if self._given is None:
            # This runs it up to its `yield`.
            with suppress(StopIteration):
                holder.asend(None).send(None)
        return transport

    def _lock(self) -> threading.Lock:
        """Return the lock of this process: that of a parent may be held for ever."""
        return self._locks.setdefault(os.getpid(), threading.Lock())

    async def aclose(self) -> None:
        """Close the connections for good; those of other loops are closed when they end."""
        loop = asyncio.get_running_loop()
        with self._lock():
            self._closed = True
            transport = self._transports.pop(loop, self._given)
            holder = self._holders.pop(loop, None)
        if holder is not None:
            await holder.aclose()
        elif transport is not None:
            await transport.aclose()


_LOOPS: WeakKeyDictionary[Any, ReferenceType[asyncio.AbstractEventLoop]] = WeakKeyDictionary()
_LOOPS_LOCK = threading.Lock()


def bind(bound: object, loop: asyncio.AbstractEventLoop, owner: str) -> None:
    """Keep what a caller gave to the first event loop that it is used in; its connections work in no other.

    Raises:
        LeapError: It has been used in another one.
    """
    with _LOOPS_LOCK:
        first = _LOOPS.setdefault(bound, ref(loop))()
    if first is not loop:
        raise LeapError(
            f"the {type(bound).__name__} of this {owner} was used in another event loop, where its connections belong; "
            f"make another one for each loop, or none: the connections that {owner} opens itself serve any loop"
        )


async def _held(transport: httpx.AsyncBaseTransport) -> AsyncGenerator[None, None]:
    """Close a transport when the event loop ends: before it does, it closes the generators that were begun in it."""
    try:
        yield
    finally:
        await transport.aclose()


class BorrowedPool:
    """Connections of another client: they end with that client, and closing them here is for this one alone.

    Args:
        origin: The connections.
        owner: Name of this client, for the error that it is closed.
    """

    def __init__(self, origin: Pool | AsyncPool, owner: str) -> None:
        self.origin = origin
        self._owner = owner
        self._closed = False

    def get(self) -> Any:
        """Return the open connections.

        Raises:
            RuntimeError: One of the two clients is closed.
        """
        if self._closed:
            raise RuntimeError(closed_message(self._owner))
        return self.origin.get()

    def close(self) -> None:
        """Use the connections no more."""
        self._closed = True

    async def aclose(self) -> None:
        """Use the connections no more."""
        self._closed = True


def closed_message(owner: str) -> str:
    """Say that a client is closed, and what to do."""
    return f"this {owner} is closed; make a new one, or keep its `with` block open while you use it"
