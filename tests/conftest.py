"""What all tests share, whatever API they are about."""

import os
import shutil
import signal
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, settings

# Only the tests of this API need these. Another one in its place has a package of another name.
pytest_plugins = ["leap_fixtures"] if find_spec("leap_client") else []

# No test may fail because the machine is slow, or because of the examples that are drawn today.
settings.register_profile("full", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same every time", settings.get_profile("full"), derandomize=True)

# Each has a sandbox of its own; more of them only wait for the longest test.
MOST_WORKERS = 8


def pytest_configure(config: pytest.Config) -> None:
    """Choose how examples are drawn, and heed interrupts, which a shell has its background jobs and theirs ignore."""
    settings.load_profile("full" if config.getoption("full") else "same every time")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of `make soak`."""
    parser.addoption("--full", action="store_true", help="run what depends on chance at its full size")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Spread the whole suite over the cores; a run of named files or tests stays in one process and starts sooner."""
    named = config.args_source is config.ArgsSource.ARGS
    return 0 if named else min(os.cpu_count() or 1, MOST_WORKERS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs git where there is none: python3 and make are all that the tests may ask of a machine."""
    if shutil.which("git") is None:
        left_out = [item for item in items if item.get_closest_marker("git")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether what depends on chance runs at its full size, which takes minutes, or at a smaller one."""
    return bool(request.config.getoption("full"))
