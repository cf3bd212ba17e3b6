"""Fixtures for tests on real hosts; without what hosts need they are skipped, or fail in CI."""

import os

import pytest
from deploy.machine import lacking

pytest_plugins: list[str] = []


@pytest.fixture(scope="session")
def machine() -> None:
    """This machine can boot hosts."""
    if missing := lacking():
        line = f"no host can be booted here: {missing}"
        if os.environ.get("CI") == "true":
            pytest.fail(line)
        pytest.skip(line)
