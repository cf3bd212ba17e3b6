"""Deliveries with the real msmtp, to servers on loopback, from a state directory of their own."""

import logging
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mail_servers import SmtpServer, write_msmtprc
from queued_reports import Post
from stores import Store as Documents

from healthcheck.delivery.outbox import StateDirectory


@pytest.fixture
def warnings() -> Iterator[list[str]]:
    """What the operator is told."""
    told: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: told.append(record.getMessage())
    logging.getLogger("healthcheck").addHandler(handler)
    yield told
    logging.getLogger("healthcheck").removeHandler(handler)


@pytest.fixture
def post(tmp_path, msmtp_program, warnings) -> Post:
    store = StateDirectory(tmp_path / "kept")
    store.folder.mkdir(mode=0o700)
    return Post(store, lambda server: write_msmtprc(tmp_path / "msmtprc", server), warnings)


@pytest.fixture
def snapshot(tmp_path) -> Path:
    """A small day of one model with a failure."""
    documents = Documents()
    documents.day("groq", "llama", failures=6)
    return documents.write_snapshot(tmp_path / "snapshot")


@pytest.fixture
def settings_to(tmp_path, msmtp_program) -> Callable[..., dict[str, str]]:
    """Settings of the environment that lead to a server."""

    def to(server: SmtpServer | int, **more: str) -> dict[str, str]:
        return {
            "MSMTP_CONFIG": str(write_msmtprc(tmp_path / "msmtprc", server)),
            "MSMTP_TIMEOUT": "1",
            "NOTIFY_EMAIL": "ops@example.org",
            "STATE_DIRECTORY": str(tmp_path / "kept"),
        } | more

    return to


@pytest.fixture
def mounted(tmp_path) -> Iterator[Callable[[str], Path]]:
    """Mounts a small disk in memory; needs root, as CI has it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done: list[Path] = []

    def mount(options: str) -> Path:
        if os.geteuid() and os.environ.get("CI") != "true":
            pytest.skip("root is missing: it mounts the small disk of this test")
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        subprocess.run(command, check=True)
        done.append(folder)
        return folder

    yield mount
    for each in done:
        subprocess.run(["umount", str(each)], check=True)
