"""A client for the store: its time-outs and its errors.

What the driver and the server answer becomes a sentence: what is so, their own words, what to do. A
row of the table is there where an operator needs more than these words. Codes:
https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
"""

import re
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from logging import getLogger
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from bson.errors import BSONError
from pymongo import MongoClient, errors
from pymongo.auth_shared import MECHANISMS
from pymongo.database import Database

from healthcheck.errors import HealthCheckError, SettingsError, SourceError
from healthcheck.settings import Settings
from healthcheck.sources.cleaning import CODEC
from healthcheck.sources.limits import Limits

Document = dict[str, Any]
Store = Database[Document]

# The driver waits 20 s for a connection and, once connected, forever for an answer.
_CONNECT_MS = 10_000
_BESIDE_QUERY_MS = 5_000

_WORDS = 300
_LEAST_SECRET = 4
"""Shorter ones stand in any sentence."""
_OF_THE_DRIVER = {"true", "false", *MECHANISMS}
"""Values that its sentences hold whether or not they stand in a connection string."""
_FILES = {name.lower(): name for name in ("tlsCAFile", "tlsCertificateKeyFile", "tlsCRLFile")}
_NOISE = re.compile(
    r" \(configured timeouts:[^)]*\)|, full error: .*|, Timeout: .*| \(_ssl\.c:\d+\)|^SSL handshake failed: |\.? Did you mean one of .*",
    re.DOTALL,
)
_COMMAND = re.compile(r"(?<=to execute command) \{ (\w+):.*", re.DOTALL)


_NEEDED = "MongoDB 6.0 or newer is needed"  # the oldest that the queries are tested with
_LACKING = (
    "unrecognized|unknown (?:group )?(?:operator|expression|field)|no such (?:command|cmd)|invalid operator"
    "|not (?:supported|implemented|allowed)|unsupported|featureCompatibilityVersion"
)
_CLOSED = "connection closed|reset by peer|Broken pipe"
# What is looked for in the evidence, "server CODE: words" or "driver SCHEME CLASSES: words"; what follows
# "MongoDB at HOST"; and the remedy. The first row that fits counts.
_TABLE = (
    ("(?i)^server (13:|8000: .*(not allowed to do action|not authorized))", "does not let {user} read the database {database}", "The user of MONGODB_URI needs the read role on the database {database}."),
    ("(?i)^server (18:|334:|8000: .*auth)", "rejected the login{login}", "Check user name, password and authMechanism in MONGODB_URI, and authSource: the database that the user was created in, often admin. Without authSource it is the database in the path of MONGODB_URI, or admin."),
    ("^server (50|146|292|11601):", "stopped a query", "The server may be overloaded, or the window too long (--days)."),
    (f"(?i)^server (59|115|168|238|304|15952|31325|40324):|^server .*({_LACKING})", "does not support a query of the report", f"{_NEEDED}; services that only emulate MongoDB, or restrict it, may lack it."),
    ("^server (43|175|237):", "stopped a query", "Run it again; see the server's log if this continues."),
    ("^server", "refused a query", "See the server's log."),
    ("^driver .*ConfigurationError.*wire version", "and the driver do not support each other", f"{_NEEDED}."),
    ("^driver mongodb\\+srv .*ConfigurationError.*:.*(DNS|SRV|TXT|host|address|lifetime|nameserver|resol|service)", "cannot be found", "Check the host in MONGODB_URI and the name server of this machine. An IP address or a plain host name needs mongodb:// instead of mongodb+srv://."),
    ("^driver .*ConfigurationError", "", ""),
    ("^driver .*NetworkTimeout", "did not answer a query in time", "The server may be overloaded, or the window too long (--days)."),
    ("^driver .*ServerSelection.*(No primary|No replica set members (match|available)|internal hostnames|belongs to a set named)", "has no server that fits replicaSet and the read preference", "Check replicaSet, readPreference and the hosts in MONGODB_URI, and the state of the set. This machine must resolve the names that the set gives its members; or add directConnection=true."),
    ("Connection refused", "cannot be reached: connection refused", "Check that the server is running and that host and port in MONGODB_URI are right."),
    ("Name or service|nodename nor servname|No address associated|name resolution|idna", "cannot be reached: unknown host name", "Check the host in MONGODB_URI, and the name server of this machine."),
    ("CERTIFICATE_VERIFY_FAILED|certificate verify failed|mismatch|is not valid for", "cannot be reached: its TLS certificate is not accepted", "Set tlsCAFile in MONGODB_URI to the PEM file of the authority that signed it; it must also be valid now, and for this host name."),
    (f"^driver .*ServerSelection.*({_CLOSED})|CERTIFICATE_REQUIRED|ALERT_(HANDSHAKE|BAD_CERTIFICATE|UNKNOWN_CA|INTERNAL)", "cannot be reached: the server closed the connection", "The server may require TLS: then add tls=true to MONGODB_URI. It may require a client certificate: then set tlsCertificateKeyFile in it. On Atlas, the address of this machine may be missing from the IP access list."),
    ("SSL|TLS", "cannot be reached: TLS negotiation failed", "The server may not use TLS: then remove tls=true from MONGODB_URI. TLS 1.2 or newer is needed."),
    ("Got response id|Message length|opcode", "cannot be reached: the server there does not speak the MongoDB protocol", "Check host and port in MONGODB_URI: it may be a web server or a proxy."),
    ("timed out|No route to host|unreachable", "cannot be reached: no answer", "Check the network, firewalls and access lists between this machine and the server."),
    ("^driver .*ServerSelection", "cannot be reached", "Check host, port and TLS options in MONGODB_URI, and the server's log."),
    ("", "cannot be read: {error}", "Run it again; see the server's log if this continues."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Uri:
    """A connection string, taken apart as far as sentences need it."""

    text: str = field(repr=False)
    scheme: str
    hosts: str
    user: str
    database: str
    options: dict[str, str] = field(repr=False)
    _credentials: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> "Uri":
        """Whatever the text: what it lacks stays empty."""
        scheme, _, rest = text.partition("://")
        place, _, query = rest.partition("?")
        place, _, database = place.partition("/")
        login, _, hosts = place.rpartition("@")
        user, _, password = login.partition(":")
        options = {key.lower(): value for key, value in parse_qsl(query, keep_blank_values=True)}
        secrets = (login, password, unquote_plus(password))
        return cls(
            text, scheme, hosts, unquote_plus(user), unquote_plus(database), options, secrets
        )

    def quote(self, words: object) -> str:
        """The other side's words on one line, redacted and cut."""
        from healthcheck.redaction import excerpt  # noqa: PLC0415 - only for errors

        told = _COMMAND.sub(r" \1", _NOISE.sub("", str(words)))
        told = _without(told, self._credentials)
        told = "".join(one if one.isprintable() else " " for one in told)
        return excerpt(" ".join(told.split()), _WORDS).rstrip(".")

    def without_values(self, words: object) -> str:
        """The driver's words about the connection string, without what stands in it."""
        values = {self.database, *self.options.values()} - _OF_THE_DRIVER
        return self.quote(_without(str(words), values))


@contextmanager
def connected(settings: Settings, limits: Limits) -> Iterator[Store]:
    """The database of the settings; what the driver raises inside becomes a sentence."""
    uri = Uri.of(settings.required_uri())
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            client: MongoClient[Document] = MongoClient(uri.text, **_options(uri, limits))
    except (errors.ConfigurationError, OSError, ValueError, TypeError) as error:
        raise unusable(error, uri) from None
    ignored = [uri.without_values(one.message) for one in warned if one.category is UserWarning]
    hint = f"The driver ignores part of MONGODB_URI: {'; '.join(ignored)}. " if ignored else ""
    store = client.get_database(settings.mongodb_db, codec_options=CODEC)
    with client:
        try:
            yield store
        except (errors.PyMongoError, BSONError) as error:
            raise explained(error, store, uri, hint) from None
    if hint:  # an error has it in its sentence
        getLogger(__name__).warning("%sCorrect or remove it.", hint)


def _options(uri: Uri, limits: Limits) -> dict[str, Any]:
    """Time-outs and a name for the server's log, where the URI gives none."""
    wanted: dict[str, Any] = {
        "connect": False,
        "serverSelectionTimeoutMS": round(limits.failover_seconds * 1000),
        "connectTimeoutMS": _CONNECT_MS,
        "socketTimeoutMS": limits.query_ms + _BESIDE_QUERY_MS,
        "appName": "llm-health-check",
    }
    if "tlscertificatekeyfile" in uri.options:
        wanted["tlsCertificateKeyFilePassword"] = ""  # or OpenSSL asks for it at the terminal
    return {key: value for key, value in wanted.items() if key.lower() not in uri.options}


def unusable(error: Exception, uri: Uri) -> SettingsError:
    """The driver cannot make a client of this connection string."""
    if not isinstance(error, OSError) and "rivate key" not in str(error):
        remedy = "See https://www.mongodb.com/docs/manual/reference/connection-string/."
        if "escaped" in str(error) or ("@" in uri.text and not uri.user):
            login = "Special characters of user name and password are written as %XX, for example"
            remedy = f"{login} a colon as %3A. {remedy}"
        what = f"MONGODB_URI cannot be used: {uri.without_values(error)}."
        return SettingsError(what, remedy)
    given = ((_FILES.get(key), name) for key, name in uri.options.items() if name)
    files = {option: Path(name).absolute() for option, name in given if option}
    missing = {option: file for option, file in files.items() if not file.is_file()}
    names = " and ".join(f"{option}={file}" for option, file in (missing or files).items())
    return SettingsError(
        f"MONGODB_URI cannot be used: {names or 'TLS'} cannot be loaded ({uri.quote(error)}).",
        "Use PEM files: certificates in tlsCAFile, a certificate with its PRIVATE KEY in "
        "tlsCertificateKeyFile, and tlsCertificateKeyFilePassword if that is encrypted.",
    )


def explained(
    error: errors.PyMongoError | BSONError, store: Store, uri: Uri, hint: str
) -> HealthCheckError:
    """The sentence for what was raised while connecting or reading."""
    names = " ".join(one.__name__ for one in type(error).__mro__)
    evidence, words, source = f"driver {uri.scheme} {names}", uri.quote(error), "driver"
    if isinstance(error, errors.OperationFailure):
        details = error.details or {}
        words = uri.quote(details.get("errmsg") or error)
        evidence = f"server {error.code}"
        source = f"server error {error.code} {details.get('codeName') or ''}".rstrip()
    what, remedy = next(row for sign, *row in _TABLE if re.search(sign, f"{evidence}: {words}"))
    if not what:
        return unusable(error, uri)
    facts = {
        "database": store.name,
        "error": type(error).__name__,
        "login": f" of {uri.user}" if uri.user else "",
        "user": f"the user {uri.user}" if uri.user else "a client without a login",
    }
    # The driver drops those that do not fit the connection string.
    hosts = sorted(map(_address, store.client.topology_description.server_descriptions()))
    is_setting = re.search("(?i)tls|ssl", hint) and "TLS" in what + remedy
    return (SettingsError if is_setting else SourceError)(
        f"MongoDB at {', '.join(hosts) or uri.hosts} {what.format(**facts)} ({source}: {words}).",
        hint + remedy.format(**facts),
    )


def _address(address: tuple[str, int | None]) -> str:
    host, port = address
    host = f"[{host}]" if ":" in host else host
    return host if port is None else f"{host}:{port}"


def _without(words: str, values: Collection[str]) -> str:
    """Each value as a word of its own: a short one is part of others."""
    for value in sorted(filter(lambda one: len(one) >= _LEAST_SECRET, values), key=len)[::-1]:
        words = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "[...]", words)
    return words
