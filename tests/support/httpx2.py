"""A plugin of pytest for `make httpx2`: the tests, the rig and the package that they import use httpx2."""

import importlib

import httpx2
import pytest

from vendor import PACKAGE

httpx2.alias_httpx()


def pytest_sessionstart(session: pytest.Session) -> None:
    """See that the package is the one that was made for it."""
    client = importlib.import_module(f"{PACKAGE.name}._client")
    if vars(client).get("httpx2") is not httpx2:
        raise session.Failed(f"{client.__file__} does not use httpx2")
