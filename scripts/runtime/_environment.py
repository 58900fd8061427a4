"""What the environment says of proxies and certificates, as urllib and httpx read it."""

from __future__ import annotations

import ipaddress
import os
import ssl
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic, TypeVar
from urllib.request import getproxies

import httpx

from .errors import ServiceError

T = TypeVar("T")

PROXY_SCHEMES = ("http", "https", "all")
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")


def ssl_context() -> ssl.SSLContext:
    """Return the certificates that are trusted, loaded once: that takes longer than a request.

    Raises:
        ServiceError: A variable names what cannot be loaded.
    """
    folder = os.environ.get("SSL_CERT_DIR")
    if folder and not os.environ.get("SSL_CERT_FILE") and not os.path.isdir(folder):  # noqa: PTH112 - a list is none either
        raise ServiceError(
            f"SSL_CERT_DIR is {folder!r}, which is no folder; name a folder of certificates, or unset it"
        )
    try:
        named = [os.environ.get(name) for name in CERTIFICATES]
        # A child of fork loads them anew: who held a lock of its parent's is not there to let go of it.
        return _loaded(os.getpid(), *named, *map(_version, named[:2]))
    except OSError as error:
        given = {name: os.environ[name] for name in CERTIFICATES if os.environ.get(name)}
        if not given:
            raise
        name = next((name for name, value in given.items() if value == error.filename), next(iter(given)))
        remedy = "name a file that can be written" if name == "SSLKEYLOGFILE" else "name a file of PEM certificates"
        raise ServiceError(
            f"{name} is {given[name]!r}, which cannot be used ({error}); {remedy}, or unset it"
        ) from error


@lru_cache(maxsize=1)
def _loaded(*_for: object) -> ssl.SSLContext:
    """Load the certificates, or give those that were loaded for the same. Threads and event loops may share them."""
    return httpx.create_ssl_context()


def _version(path: str | None) -> int | None:
    """Tell when a file was changed; None if there is none."""
    try:
        return os.stat(path).st_mtime_ns if path else None  # noqa: PTH116 - as above
    except OSError:
        return None


class Routes(Generic[T]):
    """Which way a request takes: through the proxy of its scheme, or directly.

    Args:
        opener: Opens a transport through a proxy, or one that goes directly if it is given None.

    Raises:
        ServiceError: A variable names a proxy that cannot be used.
    """

    def __init__(self, opener: Callable[[httpx.Proxy | None], T]) -> None:
        found = getproxies()
        self._bypass = Bypass(found.get("no", ""))
        self._proxies = {
            scheme: _through(scheme, found[scheme], opener) for scheme in PROXY_SCHEMES if found.get(scheme)
        }
        self._direct = opener(None)

    def pick(self, url: httpx.URL) -> T:
        """Return the transport for an address."""
        if self._bypass.holds(url):
            return self._direct
        return self._proxies.get(url.scheme) or self._proxies.get("all") or self._direct

    def all(self) -> list[T]:
        """List all transports."""
        return [self._direct, *self._proxies.values()]


def _through(scheme: str, address: str, opener: Callable[[httpx.Proxy | None], T]) -> T:
    """Open a transport through a proxy of the environment."""
    shown, remedy = address.rpartition("@")[2], "use an address like http://host:8080, or unset it"
    try:
        url = httpx.URL(address if "://" in address else f"http://{address}")
        shown = str(url.copy_with(username=None, password=None))
        if url.host:
            return opener(httpx.Proxy(url))
        fault = "it has no host"
    except ImportError:
        fault, remedy = "SOCKS needs the package socksio", 'pip install "httpx[socks]", or unset it'
    except NotImplementedError as error:
        fault = str(error)
    except (httpx.InvalidURL, ValueError):
        fault = "it is no address of a proxy"
    names = (f"{scheme}_proxy", f"{scheme}_proxy".upper())
    name = next((name for name in names if os.environ.get(name)), "the proxy of the system")
    raise ServiceError(f"{name} is {shown!r}, which cannot be used: {fault}; {remedy}")


class Bypass:
    """The hosts to which requests go directly.

    Args:
        text: Hosts, domains and networks, separated by commas; `*` for all.
    """

    def __init__(self, text: str) -> None:
        self._names: list[tuple[str, int | None]] = []
        self._networks: list[tuple[Any, int | None]] = []
        for entry in filter(None, (each.strip().lower() for each in text.split(","))):
            host, port = _split(entry.rpartition("://")[2])
            try:
                self._networks.append((ipaddress.ip_network(host, strict=False), port))
            except ValueError:
                self._names.append((host.removeprefix("*").removeprefix("."), port))

    def holds(self, url: httpx.URL) -> bool:
        """Return whether an address is on one of the hosts."""
        if not self._names and not self._networks:
            return False
        host, port = url.host.lower().rstrip("."), url.port or {"http": 80, "https": 443}.get(url.scheme)
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            names = (name for name, wanted in self._names if wanted in {None, port})
            return any(not name or host == name or host.endswith(f".{name}") for name in names)
        return any(address in network for network, wanted in self._networks if wanted in {None, port}) or any(
            not name for name, wanted in self._names if wanted in {None, port}
        )


def _split(entry: str) -> tuple[str, int | None]:
    """Split an entry into host and port; an IPv6 address has colons of its own."""
    if entry.startswith("["):
        host, _, rest = entry[1:].partition("]")
        return host + (rest if rest.startswith("/") else ""), int(rest[1:]) if rest[1:].isdecimal() and rest[
            0
        ] == ":" else None
    host, _, port = entry.rpartition(":")
    return (host, int(port)) if host and ":" not in host and port.isdecimal() else (entry, None)
