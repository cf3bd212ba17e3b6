"""What the driver and the server answer, as sentences: what is so, what to do, and their own words.

A row of the table is there where an operator needs more than these words. Codes:
https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from bson.errors import BSONError
from pymongo.auth_shared import MECHANISMS
from pymongo.database import Database
from pymongo.errors import (
    ConfigurationError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)
from pymongo.monitoring import ServerHeartbeatListener

from healthcheck.errors import HealthCheckError, SettingsError, SourceError

_WORDS = 300
_LEAST_SECRET = 4
"""Shorter ones stand in any sentence."""
_OF_THE_DRIVER = {"true", "false", *MECHANISMS}
"""Values that its sentences hold whether or not they stand in a connection string."""
_FILES = ("tlsCAFile", "tlsCertificateKeyFile", "tlsCRLFile")
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
_NO_MEMBER = (
    "has no server that fits replicaSet and the read preference",
    (
        "Check replicaSet, readPreference and the hosts in MONGODB_URI, and the state of the set. "
        "It is reached by the names that it gives its members, or with directConnection=true."
    ),
)
# What is looked for in the evidence, "server CODE: words" or "driver CLASS TRAITS: words"; what follows
# "MongoDB at HOST"; and the remedy. The first row that fits counts.
_TABLE = (
    ("(?i)^server (13:|8000: .*(not allowed to do action|not authorized))", "does not let {user} read the database {database}", "The user of MONGODB_URI needs the read role on the database {database}."),
    ("(?i)^server (18:|334:|8000: .*auth)", "rejected the login{login}", "Check user name, password and authMechanism in MONGODB_URI, and authSource: the database that the user was created in, often admin."),
    ("^server (50|146|292|11601):", "stopped a query", "The server may be overloaded, or the window too long (--days)."),
    (f"(?i)^server (59|115|168|238|304|15952|31325|40324):|^server .*({_LACKING})", "({version}) does not support a query of the report", f"{_NEEDED}; services that only emulate MongoDB, or restrict it, may lack it."),
    ("^server", "refused a query", "See the server's log."),
    ("^driver ConfigurationError.*wire version", "and the driver do not support each other", f"{_NEEDED}."),
    ("^driver ConfigurationError srv.*(DNS|SRV|TXT|host|address|lifetime|nameserver|resol|service)", "cannot be found", "Check the host in MONGODB_URI and the name server of this machine. An IP address or a plain host name needs mongodb:// instead of mongodb+srv://."),
    ("^driver ConfigurationError", "", ""),
    ("^driver NetworkTimeout", "did not answer a query in time", "The server may be overloaded, or the window too long (--days)."),
    ("Connection refused", "cannot be reached: connection refused", "Check that the server is running and that host and port in MONGODB_URI are right."),
    ("Name or service|nodename nor servname|No address associated|name resolution|idna", "cannot be reached: unknown host name", "Check the host in MONGODB_URI, and the name server of this machine."),
    ("CERTIFICATE_VERIFY_FAILED|certificate verify failed|mismatch|is not valid for", "cannot be reached: its TLS certificate is not accepted", "Set tlsCAFile in MONGODB_URI to the PEM file of the authority that signed it; it must also be valid now, and for this host name."),
    (f"^driver ServerSelection.* tls.*: .*({_CLOSED})|CERTIFICATE_REQUIRED|ALERT_(HANDSHAKE|BAD_CERTIFICATE|UNKNOWN_CA|INTERNAL)", "cannot be reached: it ended the TLS handshake", "It may require a client certificate: then set tlsCertificateKeyFile in MONGODB_URI. On Atlas, the address of this machine may be missing from the IP access list."),
    (f"^driver ServerSelection.*({_CLOSED})", "cannot be reached: the server closed the connection", "The server may require TLS: then add tls=true to MONGODB_URI."),
    ("SSL|TLS", "cannot be reached: TLS negotiation failed", "The server may not use TLS: then remove tls=true from MONGODB_URI. TLS 1.2 or newer is needed."),
    ("Got response id|Message length|opcode", "cannot be reached: the server there does not speak the MongoDB protocol", "Check host and port in MONGODB_URI: it may be a web server or a proxy."),
    ("timed out|No route to host|unreachable", "cannot be reached: no answer", "Check the network, firewalls and access lists between this machine and the server."),
    ("^driver ServerSelection", "cannot be reached", "Check host, port and TLS options in MONGODB_URI, and the server's log."),
    ("", "cannot be read: {error}", "Run it again; see the server's log if this continues."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Uri:
    """A connection string, taken apart as far as sentences need it."""

    text: str = field(repr=False)
    hosts: str
    user: str
    database: str
    options: dict[str, str] = field(repr=False)
    _credentials: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> "Uri":
        """Whatever the text: what it lacks stays empty."""
        rest, _, query = text.partition("://")[2].partition("?")
        place, _, database = rest.partition("/")
        login, _, hosts = place.rpartition("@")
        user, _, password = login.partition(":")
        options = {key.lower(): value for key, value in parse_qsl(query, keep_blank_values=True)}
        secrets = (login, password, unquote_plus(password))
        return cls(text, hosts, unquote_plus(user), unquote_plus(database), options, secrets)

    @property
    def is_srv(self) -> bool:
        """Whether the hosts stand in the DNS."""
        return self.text.startswith("mongodb+srv:")

    @property
    def traits(self) -> str:
        """As evidence."""
        has_tls = self.is_srv or "true" in (self.options.get("tls"), self.options.get("ssl"))
        return " srv" * self.is_srv + " tls" * has_tls

    @property
    def login(self) -> str:
        """Whose, and where the server looks for the user; with SRV a TXT record may name that."""
        source = self.options.get("authsource")
        if not self.user or (self.is_srv and not source):
            return f" of {self.user}" if self.user else ""
        place = source or self.database or "admin"
        return f" of {self.user}, whom it looks up in the database {place}"

    def quote(self, words: object) -> str:
        """The other side's words on one line, redacted and cut."""
        from healthcheck.redaction import excerpt  # noqa: PLC0415 - only for errors

        told = _COMMAND.sub(r" \1", _NOISE.sub("", str(words)))
        told = _without(told, self._credentials)
        told = "".join(one if one.isprintable() else " " for one in told)
        return excerpt(" ".join(told.split()), _WORDS).rstrip(".")

    def without_values(self, words: str) -> str:
        """The driver's words about the connection string, without what stands in it."""
        values = {self.database, *self.options.values()} - _OF_THE_DRIVER
        return self.quote(_without(words, values))


class Heartbeats(ServerHeartbeatListener):
    """What each server last answered: the driver forgets those that do not fit the connection string."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        """An answer to hello, or an exception."""

    def started(self, event: Any) -> None:
        """Nothing is known yet."""

    def succeeded(self, event: Any) -> None:
        """It answered, or did not."""
        self.answers[_address(event.connection_id)] = event.reply

    failed = succeeded


@dataclass(frozen=True, slots=True)
class StoreConnection:
    """The database, and what is known when reading it fails. `ignored`: the driver's warnings about the URI."""

    store: Database[dict[str, Any]]
    uri: Uri
    heartbeats: Heartbeats
    ignored: list[str]

    @property
    def hosts(self) -> list[str]:
        """Those that the driver counts as servers of this URI: it drops those that do not fit."""
        topology = self.store.client.topology_description
        return sorted(map(_address, topology.server_descriptions()))

    @property
    def version(self) -> str:
        """Of the server, as far as it says it."""
        try:
            return f"version {self.store.client.server_info()['version']}"
        except (PyMongoError, KeyError):
            return "version unknown"


def unusable(error: Exception, uri: Uri) -> SettingsError:
    """The driver cannot make a client of this connection string."""
    if not isinstance(error, OSError) and "rivate key" not in str(error):
        remedy = "See https://www.mongodb.com/docs/manual/reference/connection-string/."
        if "escaped" in str(error) or ("@" in uri.text and not uri.user):
            login = "Special characters of user name and password are written as %XX, for example"
            remedy = f"{login} a colon as %3A. {remedy}"
        what = f"MONGODB_URI cannot be used: {uri.without_values(str(error))}."
        return SettingsError(what, remedy)
    given = {option: uri.options.get(option.lower()) for option in _FILES}
    files = {option: Path(name).absolute() for option, name in given.items() if name}
    missing = {option: file for option, file in files.items() if not file.is_file()}
    names = " and ".join(f"{option}={file}" for option, file in (missing or files).items())
    return SettingsError(
        f"MONGODB_URI cannot be used: {names or 'TLS'} cannot be loaded ({uri.quote(error)}).",
        "Use PEM files: certificates in tlsCAFile, a certificate with its PRIVATE KEY in "
        "tlsCertificateKeyFile, and tlsCertificateKeyFilePassword if that is encrypted.",
    )


def explained(error: PyMongoError | BSONError, connection: StoreConnection) -> HealthCheckError:
    """The sentence for what was raised while connecting or reading."""
    uri, hosts, hints = connection.uri, connection.hosts, list[str]()
    base = ConfigurationError if isinstance(error, ConfigurationError) else type(error)
    evidence, words, source = f"driver {base.__name__}{uri.traits}", uri.quote(error), "driver"
    if isinstance(error, OperationFailure):
        details = error.details or {}
        words = uri.quote(details.get("errmsg") or error)
        evidence = f"server {error.code}"
        source = f"server error {error.code} {details.get('codeName') or ''}".rstrip()
    elif isinstance(error, ServerSelectionTimeoutError):
        words, hints = _selection(connection, words)
    rows = (row for sign, *row in _TABLE if re.search(sign, f"{evidence}: {words}"))
    what, remedy = _NO_MEMBER if hints else next(rows)
    if not what:
        return unusable(error, uri)
    if ignored := "; ".join(connection.ignored):
        hints.append(f"The driver ignores part of MONGODB_URI: {ignored}.")
    facts = {
        "database": connection.store.name,
        "error": type(error).__name__,
        "login": uri.login,
        "user": f"the user {uri.user}" if uri.user else "a client without a login",
        "version": connection.version if "{version}" in what else "",
    }
    return (SettingsError if ignored and "TLS" in what else SourceError)(
        f"MongoDB at {', '.join(hosts) or uri.hosts} {what.format(**facts)} ({source}: {words}).",
        " ".join([*hints, remedy.format(**facts)]),
    )


def _selection(connection: StoreConnection, words: str) -> tuple[str, list[str]]:
    """Why no server could be selected, by those that did not answer; and what those are that did."""
    hosts, answers = connection.hosts, sorted(connection.heartbeats.answers.items())
    failures = [one for host, one in answers if host in hosts and isinstance(one, Exception)]
    sets = {host: one.replica_set_name for host, one in answers if not isinstance(one, Exception)}
    return "; ".join(dict.fromkeys(map(connection.uri.quote, failures))) or words, [
        f"{host} answers, in {f'the replica set {name}' if name else 'no replica set'}."
        for host, name in sets.items()
    ]


def _address(address: tuple[str, int | None]) -> str:
    host, port = address
    host = f"[{host}]" if ":" in host else host
    return host if port is None else f"{host}:{port}"


def _without(words: str, values: Collection[str]) -> str:
    """Each value as a word of its own: a short one is part of others."""
    for value in sorted(filter(lambda one: len(one) >= _LEAST_SECRET, values), key=len)[::-1]:
        words = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "[...]", words)
    return words
