"""A client for the store, and the driver's errors as sentences for the operator."""

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from bson import CodecOptions
from bson.codec_options import DatetimeConversion
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import (
    AutoReconnect,
    ConfigurationError,
    ConnectionFailure,
    CursorNotFound,
    ExecutionTimeout,
    InvalidURI,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from healthcheck.errors import SettingsError, SourceError
from healthcheck.settings import Settings
from healthcheck.sources.limits import Limits

Document = dict[str, Any]
Store = Database[Document]
Result = TypeVar("Result")

# Dates in milliseconds whatever their year; bytes that are no UTF-8 do not stop the run.
CODEC: CodecOptions[Document] = CodecOptions(
    datetime_conversion=DatetimeConversion.DATETIME_MS, unicode_decode_error_handler="replace"
)

# https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
_UNAUTHORIZED = 13
_WRONG_PASSWORD = (18, 8000)  # 8000: Atlas
# A server that steps down, shuts down, recovers or has lost its cursors.
_FAILING_OVER = frozenset(
    {43, 91, 134, 136, 175, 189, 237, 262, 279, 10107, 11600, 11602, 13435, 13436}
)

# The driver waits 20 s for a connection and, once connected, for ever for an answer.
_CONNECT_SECONDS = 10
_BESIDE_QUERY_SECONDS = 5
_PAUSE_SECONDS = 0.2


@contextmanager
def connected(settings: Settings, limits: Limits) -> Iterator[Store]:
    """The database of the settings; what the driver raises inside becomes a sentence."""
    uri = settings.required_uri()
    try:
        # An option that it cannot use the driver would only warn of, with its value.
        with warnings.catch_warnings(action="error", category=UserWarning):
            client: MongoClient[Document] = MongoClient(uri, connect=False, **_options(uri, limits))
    except (ConfigurationError, InvalidURI, UserWarning, ValueError, TypeError) as error:
        raise SettingsError(
            f"MONGODB_URI cannot be used ({type(error).__name__}): see "
            "https://www.mongodb.com/docs/manual/reference/connection-string/ for what it may hold."
        ) from None
    with client:
        try:
            yield client.get_database(settings.mongodb_db, codec_options=CODEC)
        except PyMongoError as error:
            raise SourceError(_sentence(error, client, settings.mongodb_db, limits)) from None


def retried(work: Callable[[], Result], limits: Limits) -> Result:
    """Do it all again while a primary fails over: a driver repeats a query, never half a cursor."""
    failing_since: float | None = None
    while True:
        try:
            return work()
        except PyMongoError as error:
            now = time.monotonic()
            failing_since = now if failing_since is None else failing_since
            if not _passes(error) or now - failing_since >= limits.failover_seconds:
                raise
            time.sleep(_PAUSE_SECONDS)


def _passes(error: PyMongoError) -> bool:
    if isinstance(error, ServerSelectionTimeoutError | NetworkTimeout):
        return False  # it has been waited for already
    if isinstance(error, AutoReconnect | NotPrimaryError | CursorNotFound):
        return True
    return isinstance(error, OperationFailure) and error.code in _FAILING_OVER


def _options(uri: str, limits: Limits) -> dict[str, Any]:
    """Time-outs and a name for the server's log, where the URI gives none."""
    given = {key.lower() for key, _ in parse_qsl(uri.partition("?")[2], keep_blank_values=True)}
    wanted = {
        "serverSelectionTimeoutMS": round(limits.failover_seconds * 1000),
        "connectTimeoutMS": _CONNECT_SECONDS * 1000,
        "socketTimeoutMS": round((limits.query_seconds + _BESIDE_QUERY_SECONDS) * 1000),
        "appName": "llm-health-check",
    }
    return {key: value for key, value in wanted.items() if key.lower() not in given}


def _sentence(  # noqa: PLR0911 - one sentence a cause
    error: PyMongoError, client: MongoClient[Any], database: str, limits: Limits
) -> str:
    hosts = _hosts(client)
    if isinstance(error, ServerSelectionTimeoutError):
        return f"MongoDB at {hosts} cannot be reached: {_why_unreachable(client)}."
    if isinstance(error, ExecutionTimeout | NetworkTimeout):
        return (
            f"MongoDB at {hosts} did not answer a query within {limits.query_seconds:g} s, so the "
            "report cannot be made; is it overloaded, or is the window very long?"
        )
    if isinstance(error, OperationFailure) and error.code in _WRONG_PASSWORD:
        return f"MongoDB at {hosts} refuses the user name or the password in MONGODB_URI."
    if isinstance(error, OperationFailure) and error.code == _UNAUTHORIZED:
        return (
            f"MongoDB at {hosts} does not let this user read the database {database}: "
            "it needs the role read there, and MONGODB_URI must hold its name and password."
        )
    if isinstance(error, ConfigurationError):  # only mongodb+srv:// looks something up this late
        return (
            f"MongoDB at {hosts} cannot be found: the name server has no usable SRV and TXT "
            "records for it. Check the host in MONGODB_URI and the network of this machine."
        )
    if isinstance(error, ConnectionFailure):
        return f"The connection to MongoDB at {hosts} was lost while reading."
    if isinstance(error, OperationFailure):
        name = (error.details or {}).get("codeName", "no name")
        return f"MongoDB at {hosts} refused a query: {name} (code {error.code})."
    return f"Reading from MongoDB at {hosts} failed: {type(error).__name__}."


def _hosts(client: MongoClient[Any]) -> str:
    addresses = sorted(client.topology_description.server_descriptions())
    return ", ".join(host if port is None else f"{host}:{port}" for host, port in addresses)


def _why_unreachable(client: MongoClient[Any]) -> str:
    """From what the driver last heard of each server; its own text repeats itself over lines."""
    servers = client.topology_description.server_descriptions().values()
    errors = " ".join(str(server.error) for server in servers if server.error)
    for sign, reason in _SIGNS:
        if sign in errors:
            return reason
    if any(server.is_server_type_known for server in servers):
        return "no member of the replica set may be read from, as there is no primary or none fits the read preference"
    return "no answer in time"


_SIGNS = (
    ("refused", "the connection is refused (is the server running?)"),
    ("Name or service not known", "the host name is not known"),
    ("nodename nor servname", "the host name is not known"),
    ("Temporary failure in name resolution", "the host name cannot be resolved"),
    ("CERTIFICATE_VERIFY_FAILED", "its TLS certificate is not accepted"),
    ("SSL", "TLS could not be agreed upon"),
    ("unreachable", "there is no route to it"),
)
