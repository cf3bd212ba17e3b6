"""Fixtures for tests that send mail; every server is stopped at the end of its test."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from mail_servers import SmtpServer, closed_port, smtp_server, write_msmtprc

StartSmtpServer = Callable[..., SmtpServer]


@pytest.fixture
def start_smtp_server() -> Iterator[StartSmtpServer]:
    """Starts servers; its arguments are those of `smtp_server`."""
    with ExitStack() as servers:
        yield lambda *faults, **options: servers.enter_context(smtp_server(*faults, **options))


@pytest.fixture
def mail_server(start_smtp_server: StartSmtpServer) -> SmtpServer:
    """A plain one that takes everything."""
    return start_smtp_server()


@pytest.fixture
def refusing_port() -> Iterator[int]:
    """Where no server is."""
    with closed_port() as port:
        yield port


@pytest.fixture(scope="session")
def msmtp_program() -> str:
    """The host's msmtp."""
    return required_program("msmtp", package="msmtp")


@pytest.fixture
def msmtprc(tmp_path: Path, mail_server: SmtpServer, msmtp_program: str) -> Path:
    """A configuration that leads to `mail_server`."""
    return write_msmtprc(tmp_path / "msmtprc", mail_server)


def required_program(name: str, *, package: str) -> str:
    """Its path; without it the test is skipped with one line, and fails where CI=true."""
    if found := shutil.which(name):
        return found
    lacking = f"{name} is missing: apt-get install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(lacking)
    pytest.skip(lacking)
