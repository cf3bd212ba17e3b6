"""What the driver and the server answer, as sentences: what is so, what to do, and their own words.

A row of a table is a sign in the other side's words or its error code, what that means, and the
remedy; a remedy that guesses says so. Codes:
https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote_plus

from bson.errors import BSONError
from pymongo import MongoClient
from pymongo.errors import (
    AutoReconnect,
    ConfigurationError,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)
from pymongo.monitoring import (
    ServerHeartbeatFailedEvent,
    ServerHeartbeatListener,
    ServerHeartbeatStartedEvent,
    ServerHeartbeatSucceededEvent,
)

from healthcheck.errors import HealthCheckError, SettingsError, SourceError

OLDEST_VERSION = "6.0"
"""Of MongoDB: the oldest that the queries are tested with."""

_WORDS = 300
_LEAST_SECRET = 4
"""Shorter ones stand in any sentence."""
_DOCUMENTATION = "https://www.mongodb.com/docs/manual/reference/connection-string/"
_ESCAPED = "Write special characters of user name and password as %XX, for example a colon as %3A."
_FILES = {
    "tlscafile": ("tlsCAFile", ["CERTIFICATE"]),
    "tlscertificatekeyfile": ("tlsCertificateKeyFile", ["CERTIFICATE", "PRIVATE KEY"]),
    "tlscrlfile": ("tlsCRLFile", ["X509 CRL"]),
}
"""What each of the TLS files has to hold."""
_NOISE = re.compile(
    r" \(configured timeouts:[^)]*\)|, full error: .*|, Timeout: .*| \(_ssl\.c:\d+\)|^SSL handshake failed: |\.? Did you mean one of .*",
    re.DOTALL,
)

_COMMAND = re.compile(r"(?<=to execute command) \{ (\w+):.*", re.DOTALL)


class Row(NamedTuple):
    """`sign` is looked for in the words; `what` follows "MongoDB at HOST"."""

    sign: str
    what: str
    remedy: str


_NO_CONNECTION = (
    Row("Connection refused", "cannot be reached: connection refused", "Check that the server is running and that host and port in MONGODB_URI are right."),
    Row("Name or service not known|nodename nor servname|No address associated|idna", "cannot be reached: the host name is not known", "Check the host in MONGODB_URI."),
    Row("Temporary failure in name resolution", "cannot be reached: the host name cannot be resolved", "Check the name server and the network of this machine."),
    Row("self[- ]signed|unable to get (?:local )?issuer", "cannot be reached: its TLS certificate is not accepted, since no certificate authority known here signed it", "Set tlsCAFile in MONGODB_URI to the PEM file of its certificate authority."),
    Row("certificate has expired|not yet valid", "cannot be reached: its TLS certificate is not accepted, since it is not valid now", "Renew the server's certificate, or check the clock of this machine."),
    Row("mismatch|is not valid for", "cannot be reached: its TLS certificate is not accepted, since it is for another host name", "Use a host name that the certificate holds."),
    Row("CERTIFICATE_VERIFY_FAILED", "cannot be reached: its TLS certificate is not accepted", "Check tlsCAFile in MONGODB_URI."),
    Row("CERTIFICATE_REQUIRED|ALERT_(?:HANDSHAKE|BAD_CERTIFICATE|UNKNOWN_CA)", "cannot be reached: it rejected the TLS handshake", "It may require a client certificate: then set tlsCertificateKeyFile in MONGODB_URI."),
    Row("ALERT_INTERNAL_ERROR", "cannot be reached: it rejected the TLS handshake", "On Atlas, the address of this machine may be missing from the IP access list."),
    Row("PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_SHARED_CIPHER|TOO_SMALL", "cannot be reached: TLS could not be agreed upon", "The server's TLS may be too old for this machine: TLS 1.2 or newer is needed."),
    Row("SSL|TLS", "cannot be reached: TLS could not be agreed upon", "The server may not use TLS: then remove tls=true from MONGODB_URI."),
    Row("timed out", "cannot be reached: no answer in time", "Check the network, firewalls and access lists between this machine and the server."),
    Row("No route to host|unreachable", "cannot be reached: there is no route to it", "Check the network of this machine."),
    Row("No such file or directory", "cannot be reached: the socket does not exist", "Check that the server is running and the path in MONGODB_URI."),
    Row("Got response id|Message length|opcode", "cannot be reached: what answers there does not speak MongoDB's protocol", "Check host and port in MONGODB_URI: it may be a web server or a proxy."),
)  # fmt: skip
_CLOSED = re.compile("connection closed|reset by peer|Broken pipe")
_CLOSED_PLAIN = Row("", "cannot be reached: the server closed the connection", "The server may require TLS: then add tls=true to MONGODB_URI.")  # fmt: skip
_CLOSED_TLS = Row("", "cannot be reached: the server closed the TLS connection", "It may require a client certificate: then set tlsCertificateKeyFile in MONGODB_URI.")  # fmt: skip
_UNKNOWN = Row("", "cannot be reached: the cause is unknown", "Check host, port and TLS options in MONGODB_URI, and the server's log.")  # fmt: skip
_NO_MEMBER = Row("", "answers, but has no member that may be read from: there is no primary, or none fits the read preference", "Check the state of the replica set, and readPreference in MONGODB_URI.")  # fmt: skip
_NO_ANSWER = Row("", "did not answer a query in time", "The server may be overloaded, or the window very long.")  # fmt: skip
_HUNG_UP = Row("", "closed the connection while it was being read", "Run it again; see the server's log if this continues.")  # fmt: skip
_FAILED_OVER = Row("", "has no primary, or lost it while it was being read", "Check the state of the replica set, and run it again.")  # fmt: skip
_UNREADABLE = Row("", "sent a document that cannot be read", "Check the server with validate().")
_OTHER_SET = "Correct replicaSet in MONGODB_URI, or remove it for a standalone server."
_OTHER_AUTHORITY = "tlsCAFile in MONGODB_URI names another authority; set it to"
_INNER_NAMES = "The replica set at {} names its members so: make these names reachable from here, or add directConnection=true."  # fmt: skip

_NO_NAME = (
    Row("wire version", "and the driver do not support each other", f"MongoDB {OLDEST_VERSION} or newer is needed."),
    Row("IP address|Invalid URI host", "cannot be found", "Use mongodb:// for an IP address or a plain host name."),
    Row("does not exist", "cannot be found: the name server has no SRV record for it", "Check the host in MONGODB_URI, or use mongodb:// for a plain host name."),
    Row("does not contain|NoAnswer", "cannot be found: the name server has no usable SRV record for it", "Check the host in MONGODB_URI."),
    Row("lifetime|timed out|nameservers failed|resolution|Name or service", "cannot be found: the name server does not answer", "Check the name server and the network of this machine."),
    Row("SRV|TXT|DNS", "cannot be found: its SRV or TXT records cannot be used", "Check the DNS records of the host in MONGODB_URI."),
)  # fmt: skip

_TIME_LIMIT = 50
_NEEDED = f"MongoDB {OLDEST_VERSION} or newer is needed; services that only emulate MongoDB, or restrict it, may lack it."  # fmt: skip
_READ = "The user needs the role read on the database {database}."
_REFUSED: tuple[tuple[frozenset[int], Row], ...] = (
    (frozenset({18}), Row("subject name|X.?509", "rejected the login by certificate", "Set tls=true and tlsCertificateKeyFile in MONGODB_URI; the certificate's subject must be a user of $external.")),
    (frozenset({18}), Row("", "rejected the login{login}", "Check user name and password in MONGODB_URI{source}.")),
    (frozenset({8000}), Row("auth", "rejected the login{login}", "Check user name and password in MONGODB_URI{source}.")),
    (frozenset({334}), Row("", "does not offer the requested way to log in", "Check authMechanism in MONGODB_URI.")),
    (frozenset({13}), Row("requires authentication", "wants a login to read the database {database}, and MONGODB_URI names no user", _READ)),
    (frozenset({13}), Row("", "does not let the user of MONGODB_URI read the database {database}", _READ)),
    (frozenset({8000}), Row("not allowed to do action|not authorized", "does not let the user of MONGODB_URI read the database {database}", _READ)),
    (frozenset({9}), Row("readConcern", "does not know the read concern of MONGODB_URI", "Check readConcernLevel in MONGODB_URI.")),
    (frozenset({_TIME_LIMIT}), Row("", "stopped a query that took too long", "The server may be overloaded, or the window very long.")),
    (frozenset({11601}), Row("", "stopped a query on somebody's request", "Run it again.")),
    (frozenset({146, 292}), Row("", "ran out of memory for a query", "A shorter window may work (--days).")),
)  # fmt: skip
_LACKING = re.compile(
    "unrecognized|unknown (?:group )?(?:operator|expression|field)|no such (?:command|cmd)|invalid operator"
    "|not (?:supported|implemented|allowed)|unsupported|featureCompatibilityVersion",
    re.IGNORECASE,
)
_LACKING_CODES = frozenset({59, 115, 168, 238, 304, 15952, 31325, 40324})


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
        """Whether hosts and some options stand in the DNS."""
        return self.text.startswith("mongodb+srv:")

    @property
    def has_tls(self) -> bool:
        """Whether it asks for TLS."""
        return self.is_srv or "true" in (self.options.get("tls"), self.options.get("ssl"))

    def said(self, words: object) -> str:
        """The other side's words on one line, redacted and cut."""
        from healthcheck.redaction import excerpt  # noqa: PLC0415 - only for errors

        told = _COMMAND.sub(r" \1", _NOISE.sub("", str(words)))
        told = _without(told, self._credentials)
        told = "".join(one if one.isprintable() else " " for one in told)
        return excerpt(" ".join(told.split()), _WORDS).rstrip(".")

    def without_values(self, words: str) -> str:
        """The driver's words about the connection string, without what stands in it."""
        values = [self.database, *self.options.values()]
        return self.said(_without(words, [one for one in values if one not in ("true", "false")]))


class Heartbeats(ServerHeartbeatListener):
    """What each server last answered: the driver forgets those that do not fit the connection string."""

    def __init__(self) -> None:
        self.errors: dict[str, Exception] = {}
        self.sets: dict[str, str | None] = {}
        """Of the servers that answered: the name of their replica set."""

    def started(self, event: ServerHeartbeatStartedEvent) -> None:
        """Nothing is known yet."""

    def succeeded(self, event: ServerHeartbeatSucceededEvent) -> None:
        """Its answer to hello."""
        address = _address(event.connection_id)
        self.sets[address] = event.reply.replica_set_name
        self.errors.pop(address, None)

    def failed(self, event: ServerHeartbeatFailedEvent) -> None:
        """No answer."""
        address = _address(event.connection_id)
        self.errors[address] = event.reply
        self.sets.pop(address, None)


def unusable(error: Exception, uri: Uri) -> SettingsError:
    """The driver cannot make a client of this connection string."""
    if isinstance(error, OSError) or "rivate key" in str(error):
        return _unusable_file(error, uri)
    words = uri.without_values(str(error))
    remedy = _ESCAPED if "must be escaped" in words else f"See {_DOCUMENTATION}."
    return SettingsError(f"MONGODB_URI cannot be used: {words}.", remedy)


@dataclass(frozen=True, slots=True)
class Connection:
    """What is known when something is raised. `ignored`: the driver's warnings about the URI."""

    uri: Uri
    client: MongoClient[Any]
    heartbeats: Heartbeats
    database: str
    ignored: Sequence[str] = ()

    @property
    def hosts(self) -> list[str]:
        """Those that the driver counts as servers of this URI: it drops those that do not fit."""
        return sorted(map(_address, self.client.topology_description.server_descriptions()))

    @property
    def at(self) -> str:
        """How the sentences begin."""
        return f"MongoDB at {', '.join(self.hosts) or self.uri.hosts}"


def why(error: PyMongoError | BSONError, connection: Connection) -> HealthCheckError:
    """The sentence for what was raised while connecting or reading."""
    at, said = connection.at, connection.uri.said(error)
    if isinstance(error, ServerSelectionTimeoutError):
        return _unreachable(said, connection)
    if isinstance(error, ConfigurationError):
        row = _row(_NO_NAME if connection.uri.is_srv else _NO_NAME[:1], said)
        if row is None:
            return SettingsError(f"MONGODB_URI cannot be used: {said}.", f"See {_DOCUMENTATION}.")
    elif isinstance(error, OperationFailure):
        return _refused(error, connection)
    elif isinstance(error, NetworkTimeout):
        row = _NO_ANSWER
    elif isinstance(error, NotPrimaryError):
        row = _FAILED_OVER
    elif isinstance(error, AutoReconnect):
        row = _row(_NO_CONNECTION, said) or _HUNG_UP
    elif isinstance(error, BSONError):
        row = _UNREADABLE
    else:
        row = Row("", f"cannot be read: {type(error).__name__}", "See the server's log.")
    return _error(at, row, f"driver: {said}")


def _unreachable(said: str, connection: Connection) -> HealthCheckError:
    """No server could be selected: none answered, or none of those that did may be read from."""
    uri, hosts, heartbeats = connection.uri, connection.hosts, connection.heartbeats
    wanted = uri.options.get("replicaset")
    dropped = {host: name for host, name in sorted(heartbeats.sets.items()) if host not in hosts}
    strangers = " and ".join(f"{host} is {_membership(name)}" for host, name in dropped.items())
    failures = [heartbeats.errors[host] for host in hosts if host in heartbeats.errors]
    answering = [host for host in hosts if host in heartbeats.sets]
    words = "; ".join(dict.fromkeys(map(uri.said, failures))) or said
    strays = [host for host, name in dropped.items() if wanted and name != wanted]
    at = f"MongoDB at {', '.join(strays)}" if strays else connection.at
    if strays or (dropped and not hosts):
        row = Row("", f"is not in the replica set {wanted} of MONGODB_URI: {strangers}", _OTHER_SET)
    elif answering and not failures:
        row = _NO_MEMBER
    elif _CLOSED.search(words):
        row = _CLOSED_TLS if uri.has_tls else _CLOSED_PLAIN
    else:
        row = _row(_NO_CONNECTION, words) or _UNKNOWN
    hints = [row.remedy]
    if "tlscafile" in uri.options:
        hints = [row.remedy.replace("Set tlsCAFile in MONGODB_URI to", _OTHER_AUTHORITY)]
    if dropped and hosts and wanted and not strays:
        hints.append(_INNER_NAMES.format(", ".join(dropped)))
    elif dropped and hosts and not strays:
        hints.append(f"Also, {strangers}: name the members of one replica set only.")
    if answering and failures:
        hints.append(f"{', '.join(answering)} answers but is not a member that may be read from.")
    if connection.ignored:
        hints.append(f"The driver ignores part of MONGODB_URI: {'; '.join(connection.ignored)}.")
    error = _error(at, row._replace(remedy=" ".join(hints)), f"driver: {words}")
    if "TLS" in row.what and re.search("ssl|tls", " ".join(connection.ignored)):
        return SettingsError(error.what, error.remedy)
    return error


def _refused(error: OperationFailure, connection: Connection) -> HealthCheckError:
    details = error.details or {}
    said = connection.uri.said(details.get("errmsg") or error)
    code = _TIME_LIMIT if isinstance(error, ExecutionTimeout) else error.code
    row = next(
        (
            row
            for codes, row in _REFUSED
            if code in codes and re.search(row.sign, said, re.IGNORECASE)
        ),
        None,
    )
    if row is not None:
        facts = {"database": connection.database, **_login(connection.uri)}
        row = Row("", row.what.format(**facts), row.remedy.format(**facts))
    elif code in _LACKING_CODES or _LACKING.search(said):
        what = f"({_version(connection.client)}) does not support a query of the report"
        row = Row("", what, _NEEDED)
    else:
        row = Row("", "refused a query", "See the server's log.")
    name = f" {details['codeName']}" if details.get("codeName") else ""
    return _error(connection.at, row, f"server error {error.code}{name}: {said}")


def _login(uri: Uri) -> dict[str, str]:
    """In which database the server looks for the user; with SRV a TXT record may name another."""
    source = uri.options.get("authsource")
    if not uri.user:
        return {"login": "", "source": ""}
    if source:
        return {"login": f" of {uri.user} (authSource={source})", "source": " and authSource"}
    looked_up = uri.database or "admin"
    where = "" if uri.is_srv else f", whom it looks up in the database {looked_up}"
    other = "admin" if uri.database not in ("", "admin") else "DATABASE"
    return {
        "login": f" of {uri.user}{where}",
        "source": f"; if the user was created in another database, add authSource={other}",
    }


def _unusable_file(error: Exception, uri: Uri) -> SettingsError:
    """The driver does not say which of the TLS files it means."""
    remedies, given = [], {key: uri.options[key] for key in _FILES if key in uri.options}
    for key, name in given.items():
        option, parts = _FILES[key]
        try:
            data = Path(name).read_bytes()
        except OSError as problem:
            reason = (problem.strerror or str(problem)).lower()
            relative = "" if Path(name).is_absolute() else f", looked for in {Path.cwd()}"
            return SettingsError(
                f"MONGODB_URI cannot be used: {option} names {name}{relative}: {reason}.",
                "Use the absolute path of a PEM file that this user can read.",
            )
        missing = [part for part in parts if f"{part}-----".encode() not in data]
        remedies += [f"{name} holds no {part} in PEM form." for part in missing]
        if b"ENCRYPTED" in data:
            remedies.append(f"{name} is encrypted: check tlsCertificateKeyFilePassword.")
    names = " and ".join(f"{_FILES[key][0]}={name}" for key, name in given.items()) or "TLS"
    return SettingsError(
        f"MONGODB_URI cannot be used: {names} cannot be loaded ({uri.said(error)}).",
        " ".join(remedies) or "Use PEM files.",
    )


def _error(at: str, row: Row, words: str) -> SourceError:
    return SourceError(f"{at} {row.what} ({words}).", row.remedy)


def _row(table: Sequence[Row], words: str) -> Row | None:
    return next((row for row in table if re.search(row.sign, words)), None)


def _address(address: tuple[str, int | None]) -> str:
    host, port = address
    host = f"[{host}]" if ":" in host else host
    return host if port is None else f"{host}:{port}"


def _membership(name: str | None) -> str:
    return f"in the replica set {name}" if name else "in no replica set"


def _version(client: MongoClient[Any]) -> str:
    try:
        return f"version {client.server_info()['version']}"
    except (PyMongoError, KeyError):
        return "version unknown"


def _without(words: str, values: Sequence[str]) -> str:
    """Each value as a word of its own: a short one is part of others."""
    for value in sorted(
        {one for one in values if len(one) >= _LEAST_SECRET}, key=len, reverse=True
    ):
        words = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "[...]", words)
    return words
