"""A client for the store: its time-outs, and what is repeated while a primary fails over."""

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from bson.errors import BSONError
from pymongo import MongoClient
from pymongo.errors import (
    AutoReconnect,
    ConfigurationError,
    CursorNotFound,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from healthcheck.settings import Settings
from healthcheck.sources.cleaning import CODEC
from healthcheck.sources.limits import Limits
from healthcheck.sources.store_errors import Heartbeats, StoreConnection, Uri, explained, unusable

Document = dict[str, Any]
Result = TypeVar("Result")

# A server that steps down, shuts down, recovers or has lost its cursors:
# https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
_FAILING_OVER = frozenset(
    {43, 91, 134, 136, 175, 189, 237, 262, 279, 10107, 11600, 11602, 13435, 13436}
)

# The driver waits 20 s for a connection and, once connected, forever for an answer.
_CONNECT_SECONDS = 10
_BESIDE_QUERY_SECONDS = 5
_PAUSE_SECONDS = 0.2


@contextmanager
def connected(settings: Settings, limits: Limits) -> Iterator[StoreConnection]:
    """The database of the settings; what the driver raises inside becomes a sentence."""
    uri, heartbeats = Uri.of(settings.required_uri()), Heartbeats()
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            client: MongoClient[Document] = MongoClient(
                uri.text, connect=False, event_listeners=[heartbeats], **_options(uri, limits)
            )
    except (ConfigurationError, OSError, ValueError, TypeError) as error:
        raise unusable(error, uri) from None
    words = [str(one.message) for one in warned if one.category is UserWarning]
    store = client.get_database(settings.mongodb_db, codec_options=CODEC)
    connection = StoreConnection(store, uri, heartbeats, [uri.without_values(one) for one in words])
    with client:
        try:
            yield connection
        except (PyMongoError, BSONError) as error:
            raise explained(error, connection) from None


def retried(work: Callable[[], Result], limits: Limits) -> Result:
    """Do it all again while a primary fails over: a driver repeats a query, never half a cursor."""
    until = 0.0
    while True:
        try:
            return work()
        except PyMongoError as error:
            until = until or time.monotonic() + limits.failover_seconds
            if not passes(error) or time.monotonic() >= until:
                raise
            time.sleep(_PAUSE_SECONDS)


def passes(error: PyMongoError) -> bool:
    """Whether the same may succeed while or after a primary fails over."""
    if isinstance(error, ServerSelectionTimeoutError | NetworkTimeout):
        return False  # it has been waited for already
    if isinstance(error, OperationFailure):
        return isinstance(error, CursorNotFound) or error.code in _FAILING_OVER
    return isinstance(error, AutoReconnect)


def _options(uri: Uri, limits: Limits) -> dict[str, Any]:
    """Time-outs and a name for the server's log, where the URI gives none."""
    wanted = {
        "serverSelectionTimeoutMS": round(limits.failover_seconds * 1000),
        "connectTimeoutMS": _CONNECT_SECONDS * 1000,
        "socketTimeoutMS": round((limits.query_seconds + _BESIDE_QUERY_SECONDS) * 1000),
        "appName": "llm-health-check",
    }
    if "tlscertificatekeyfile" in uri.options:
        wanted["tlsCertificateKeyFilePassword"] = ""  # or OpenSSL asks for it at the terminal
    return {key: value for key, value in wanted.items() if key.lower() not in uri.options}
