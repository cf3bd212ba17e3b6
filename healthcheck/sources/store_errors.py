"""What the driver and the server answer, as sentences: what is so, what to do, and their own words.

The table is searched from the top by what is known of an error: where it comes from, and its words.
A remedy that guesses says so. Codes:
https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote_plus

from bson.errors import BSONError
from pymongo import MongoClient
from pymongo.errors import (
    ConfigurationError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)
from pymongo.monitoring import ServerHeartbeatListener

from healthcheck.errors import HealthCheckError, SettingsError, SourceError

OLDEST_VERSION = "6.0"
"""Of MongoDB: the oldest that the queries are tested with."""

_WORDS = 300
_LEAST_SECRET = 4
"""Shorter ones stand in any sentence."""
_TIME_LIMIT = 50
_DOCUMENTATION = "https://www.mongodb.com/docs/manual/reference/connection-string/"
_ESCAPED = "Write special characters of user name and password as %XX, for example a colon as %3A."
_FILES = {
    "tlsCAFile": ["CERTIFICATE"],
    "tlsCertificateKeyFile": ["CERTIFICATE", "PRIVATE KEY"],
    "tlsCRLFile": ["X509 CRL"],
}
"""What each of the TLS files has to hold."""
_NOISE = re.compile(
    r" \(configured timeouts:[^)]*\)|, full error: .*|, Timeout: .*| \(_ssl\.c:\d+\)|^SSL handshake failed: |\.? Did you mean one of .*",
    re.DOTALL,
)
_COMMAND = re.compile(r"(?<=to execute command) \{ (\w+):.*", re.DOTALL)


class Row(NamedTuple):
    """`sign` is looked for in the evidence; `what` follows "MongoDB at HOST"."""

    sign: str
    what: str
    remedy: str


_NEEDED = f"MongoDB {OLDEST_VERSION} or newer is needed"
_RIGHTS = "The user needs the read role on the database {database}."
_UNTRUSTED = "cannot be reached: its TLS certificate is not accepted"
_UNSIGNED = f"{_UNTRUSTED}, since no certificate authority known here signed it"
_AUTHORITY = "the PEM file of its certificate authority."
_NO_TLS = "cannot be reached: TLS negotiation failed"
_CLIENT_FILE = "It may require a client certificate: then set tlsCertificateKeyFile in MONGODB_URI."
_LOADED = "The server may be overloaded, or the window very long."
_LACKING = (
    "unrecognized|unknown (?:group )?(?:operator|expression|field)|no such (?:command|cmd)|invalid operator"
    "|not (?:supported|implemented|allowed)|unsupported|featureCompatibilityVersion"
)

_OTHER_SET = "Correct replicaSet in MONGODB_URI, or remove it for a standalone server."
_NO_MEMBER = Row("", "answers, but has no member that may be read from: there is no primary, or none fits the read preference", "Check the state of the replica set, and readPreference in MONGODB_URI.")  # fmt: skip
# The evidence is "server CODE: words" or "driver CLASS TRAITS: words".
_TABLE = (
    Row("(?i)^server 18: .*(subject name|X.?509)", "rejected the login by certificate", "Set tls=true and tlsCertificateKeyFile in MONGODB_URI; the certificate's subject must be a user of $external."),
    Row("(?i)^server 13: .*requires authentication", "requires a login to read the database {database}, and MONGODB_URI names no user", _RIGHTS),
    Row("(?i)^server (13:|8000: .*(not allowed to do action|not authorized))", "does not let the user of MONGODB_URI read the database {database}", _RIGHTS),
    Row("(?i)^server (18:|8000: .*auth)", "rejected the login{login}", "Check user name and password in MONGODB_URI, and authSource: the database that the user was created in, often admin."),
    Row("^server 334:", "does not offer the requested way to log in", "Check authMechanism in MONGODB_URI."),
    Row(f"^server {_TIME_LIMIT}:", "stopped a query that took too long", _LOADED),
    Row("^server 11601:", "stopped a query that an operator killed", "Run it again."),
    Row("^server (146|292):", "ran out of memory for a query", "A shorter window may work (--days)."),
    Row(f"(?i)^server (59|115|168|238|304|15952|31325|40324):|^server .*({_LACKING})", "({version}) does not support a query of the report", f"{_NEEDED}; services that only emulate MongoDB, or restrict it, may lack it."),
    Row("^server", "refused a query", "See the server's log."),
    Row("^driver ConfigurationError.*wire version", "and the driver do not support each other", f"{_NEEDED}."),
    Row("^driver ConfigurationError srv.*(IP address|Invalid URI host)", "cannot be found", "Use mongodb:// for an IP address or a plain host name."),
    Row("^driver ConfigurationError srv.*(lifetime|timed out|nameservers failed|resolution|Name or service)", "cannot be found: the name server does not answer", "Check the name server and the network of this machine."),
    Row("^driver ConfigurationError srv.*(does not exist|does not contain|NoAnswer|SRV|TXT|DNS)", "cannot be found: the name server has no usable SRV record for it", "Check the host in MONGODB_URI, or use mongodb:// for a plain host name."),
    Row("^driver ConfigurationError", "", f"See {_DOCUMENTATION}."),
    Row("^driver NetworkTimeout", "did not answer a query in time", _LOADED),
    Row("^driver NotPrimaryError", "has no primary, or lost it while it was being read", "Check the state of the replica set, and run it again."),
    Row("^driver BSONError", "sent a document that cannot be read", "Check the server with validate()."),
    Row("^driver ServerSelection.* tls.*: .*(connection closed|reset by peer|Broken pipe)", "cannot be reached: the server closed the TLS connection", _CLIENT_FILE),
    Row("^driver ServerSelection.*(connection closed|reset by peer|Broken pipe)", "cannot be reached: the server closed the connection", "The server may require TLS: then add tls=true to MONGODB_URI."),
    Row("Connection refused", "cannot be reached: connection refused", "Check that the server is running and that host and port in MONGODB_URI are right."),
    Row("Name or service not known|nodename nor servname|No address associated|idna", "cannot be reached: unknown host name", "Check the host in MONGODB_URI."),
    Row("Temporary failure in name resolution", "cannot be reached: the host name cannot be resolved", "Check the name server and the network of this machine."),
    Row(" tlsCAFile.*: .*(self[- ]signed|unable to get (local )?issuer)", _UNSIGNED, f"tlsCAFile in MONGODB_URI names another authority; set it to {_AUTHORITY}"),
    Row("self[- ]signed|unable to get (local )?issuer", _UNSIGNED, f"Set tlsCAFile in MONGODB_URI to {_AUTHORITY}"),
    Row("certificate has expired|not yet valid", f"{_UNTRUSTED}, since it is not valid now", "Renew the server's certificate, or check the clock of this machine."),
    Row("mismatch|is not valid for", f"{_UNTRUSTED}, since it is for another host name", "Use a host name that the certificate holds."),
    Row("CERTIFICATE_VERIFY_FAILED", _UNTRUSTED, "Check tlsCAFile in MONGODB_URI."),
    Row("CERTIFICATE_REQUIRED|ALERT_(HANDSHAKE|BAD_CERTIFICATE|UNKNOWN_CA)", "cannot be reached: it rejected the TLS handshake", _CLIENT_FILE),
    Row("ALERT_INTERNAL_ERROR", "cannot be reached: it rejected the TLS handshake", "On Atlas, the address of this machine may be missing from the IP access list."),
    Row("PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_SHARED_CIPHER|TOO_SMALL", _NO_TLS, "The server's TLS may be too old for this machine: TLS 1.2 or newer is needed."),
    Row("SSL|TLS", _NO_TLS, "The server may not use TLS: then remove tls=true from MONGODB_URI."),
    Row("^driver (ServerSelection|AutoReconnect).*timed out", "cannot be reached: no answer in time", "Check the network, firewalls and access lists between this machine and the server."),
    Row("No route to host|unreachable", "cannot be reached: there is no route to it", "Check the network of this machine."),
    Row("No such file or directory", "cannot be reached: the socket does not exist", "Check that the server is running and the path in MONGODB_URI."),
    Row("Got response id|Message length|opcode", "cannot be reached: the server there does not speak the MongoDB protocol", "Check host and port in MONGODB_URI: it may be a web server or a proxy."),
    Row("^driver AutoReconnect", "closed the connection while it was being read", "Run it again; see the server's log if this continues."),
    Row("^driver ServerSelection", "cannot be reached: the cause is unknown", "Check host, port and TLS options in MONGODB_URI, and the server's log."),
    Row("", "cannot be read: {error}", "See the server's log."),
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
    def traits(self) -> str:
        """As evidence: whether hosts stand in the DNS, and what is said of TLS."""
        is_srv = self.text.startswith("mongodb+srv:")
        has_tls = is_srv or "true" in (self.options.get("tls"), self.options.get("ssl"))
        has = {"srv": is_srv, "tls": has_tls, "tlsCAFile": "tlscafile" in self.options}
        return "".join(f" {trait}" for trait, is_so in has.items() if is_so)

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
        self.answers: dict[str, Any] = {}
        """An answer to hello, or an exception."""

    def started(self, event: Any) -> None:
        """Nothing is known yet."""

    def succeeded(self, event: Any) -> None:
        """It answered, or did not."""
        self.answers[_address(event.connection_id)] = event.reply

    failed = succeeded


@dataclass(frozen=True, slots=True)
class Connection:
    """What is known when something is raised. `ignored`: the driver's warnings about the URI."""

    uri: Uri
    client: MongoClient[Any]
    heartbeats: Heartbeats
    database: str
    ignored: list[str]

    @property
    def hosts(self) -> list[str]:
        """Those that the driver counts as servers of this URI: it drops those that do not fit."""
        return sorted(map(_address, self.client.topology_description.server_descriptions()))

    @property
    def version(self) -> str:
        """Of the server, as far as it says it."""
        try:
            return f"version {self.client.server_info()['version']}"
        except (PyMongoError, KeyError):
            return "version unknown"


def unusable(error: Exception, uri: Uri) -> SettingsError:
    """The driver cannot make a client of this connection string."""
    if isinstance(error, OSError) or "rivate key" in str(error):
        return _unusable_file(error, uri)
    words = uri.without_values(str(error))
    remedy = _ESCAPED if "must be escaped" in words else f"See {_DOCUMENTATION}."
    return SettingsError(f"MONGODB_URI cannot be used: {words}.", remedy)


def explained(error: PyMongoError | BSONError, connection: Connection) -> HealthCheckError:
    """The sentence for what was raised while connecting or reading."""
    uri, at = connection.uri, ", ".join(connection.hosts) or connection.uri.hosts
    if isinstance(error, ServerSelectionTimeoutError):
        return _unreachable(error, connection, at)
    kind = type(error).__name__
    for base in (ConfigurationError, BSONError):
        kind = base.__name__ if isinstance(error, base) else kind
    evidence, words, source = f"driver {kind}{uri.traits}", uri.said(error), "driver"
    if isinstance(error, OperationFailure):
        details = error.details or {}
        words = uri.said(details.get("errmsg") or error)
        code = _TIME_LIMIT if isinstance(error, ExecutionTimeout) else error.code
        evidence = f"server {code}"
        source = f"server error {error.code} {details.get('codeName') or ''}".rstrip()
    row = _row(evidence, words)
    if not row.what:
        return SettingsError(f"MONGODB_URI cannot be used: {words}.", row.remedy)
    facts = {"login": _login(uri), "database": connection.database, "error": kind}
    if "{version}" in row.what:
        facts["version"] = connection.version
    what, remedy = row.what.format(**facts), row.remedy.format(**facts)
    return SourceError(f"MongoDB at {at} {what} ({source}: {words}).", remedy)


def _unreachable(
    error: ServerSelectionTimeoutError, connection: Connection, at: str
) -> HealthCheckError:
    """No server could be selected: none answered, or none of those that did may be read from."""
    uri, hosts, answers = connection.uri, connection.hosts, connection.heartbeats.answers
    failures = [answers[one] for one in hosts if isinstance(answers.get(one), Exception)]
    words = "; ".join(dict.fromkeys(map(uri.said, failures))) or uri.said(error)
    sets = {
        host: reply.replica_set_name
        for host, reply in sorted(answers.items())
        if not isinstance(reply, Exception)
    }
    members = [host for host in sets if host in hosts]
    dropped = [host for host in sets if host not in hosts]
    wanted = uri.options.get("replicaset")
    strays = [host for host in dropped if wanted and sets[host] != wanted]
    strangers = " and ".join(
        f"{host} is in {f'the replica set {sets[host]}' if sets[host] else 'no replica set'}"
        for host in dropped
    )
    row, hints = _row(f"driver ServerSelectionTimeoutError{uri.traits}", words), []
    if strays:
        at = ", ".join(strays)
        what = f"is not in the replica set {wanted} of MONGODB_URI: {strangers}"
        row = Row("", what, _OTHER_SET)
    else:
        row = _NO_MEMBER if members and not failures else row
        if dropped and wanted:
            hints.append(
                f"The replica set at {', '.join(dropped)} names its members so: make these names "
                "reachable from here, or add directConnection=true."
            )
        elif dropped:
            hints.append(f"Also, {strangers}: name the members of one replica set only.")
    if members and failures:
        hints.append(f"{', '.join(members)} answers but is not a member that may be read from.")
    ignored = "; ".join(connection.ignored)
    if ignored:
        hints.append(f"The driver ignores part of MONGODB_URI: {ignored}.")
    is_ours = "TLS" in row.what and re.search("ssl|tls", ignored)
    return (SettingsError if is_ours else SourceError)(
        f"MongoDB at {at} {row.what} (driver: {words}).", " ".join([row.remedy, *hints])
    )


def _row(evidence: str, words: str) -> Row:
    return next(row for row in _TABLE if re.search(row.sign, f"{evidence}: {words}"))


def _login(uri: Uri) -> str:
    """Whose, and where the server looks for the user; with SRV a TXT record may name that."""
    source = uri.options.get("authsource")
    if not uri.user or (uri.text.startswith("mongodb+srv:") and not source):
        return f" of {uri.user}" if uri.user else ""
    return f" of {uri.user}, whom it looks up in the database {source or uri.database or 'admin'}"


def _unusable_file(error: Exception, uri: Uri) -> SettingsError:
    """The driver does not say which of the TLS files it means."""
    given = [option for option in _FILES if uri.options.get(option.lower())]
    files = {option: Path(uri.options[option.lower()]).absolute() for option in given}
    names = " and ".join(f"{option}={file}" for option, file in files.items()) or "TLS"
    problems = [problem for option in given for problem in _problems(option, files[option])]
    return SettingsError(
        f"MONGODB_URI cannot be used: {names} cannot be loaded ({uri.said(error)}).",
        " ".join(problems) or "Use PEM files.",
    )


def _problems(option: str, file: Path) -> list[str]:
    """What is wrong with a file of this option, and what to do."""
    try:
        data = file.read_bytes()
    except OSError as error:
        return [f"{file} cannot be read: {(error.strerror or str(error)).lower()}."]
    missing = [part for part in _FILES[option] if f"{part}-----".encode() not in data]
    problems = [f"{file} holds no {part} in PEM form." for part in missing]
    if b"ENCRYPTED" in data:
        problems.append(f"{file} is encrypted: check tlsCertificateKeyFilePassword.")
    return problems


def _address(address: tuple[str, int | None]) -> str:
    host, port = address
    host = f"[{host}]" if ":" in host else host
    return host if port is None else f"{host}:{port}"


def _without(words: str, values: Collection[str]) -> str:
    """Each value as a word of its own: a short one is part of others."""
    for value in sorted(filter(lambda one: len(one) >= _LEAST_SECRET, values), key=len)[::-1]:
        words = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "[...]", words)
    return words
