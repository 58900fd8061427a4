"""Fixtures that several test modules use."""

from collections.abc import Iterator

import pytest

from sandbox import Sandbox


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    """One sandbox for all tests, because starting one takes longer than most tests."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """The API on loopback, as new: `sandbox.reset(seconds=4)` makes it behave otherwise."""
    running_sandbox.reset()
    return running_sandbox
