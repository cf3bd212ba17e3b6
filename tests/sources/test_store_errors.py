"""What the operator is told when the driver cannot connect or the server refuses: real servers.

Each sentence names the host, says what is so, and ends with the other side's words and a remedy.
"""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import generated
import pytest
import trustme
from bson.errors import InvalidBSON
from conftest import Mongod, free_port, running_mongod, settings_for
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from pymongo import errors
from stores import Store

from healthcheck.errors import HealthCheckError, SettingsError, SourceError
from healthcheck.sources import mongodb
from healthcheck.sources.client import connected
from healthcheck.sources.limits import Limits

PASSWORD = "hunter2"  # noqa: S105 - of a server that lives as long as its test
HURRY = Limits(failover_seconds=1)
ERRORS = "MONGODB_COLLECTION_ERRORS"
Error = type[HealthCheckError]


def complaint(uri: str, error: Error = SourceError, database: str = "bench") -> str:
    with pytest.raises(error) as caught:
        mongodb.collect(settings_for(uri, database), generated.LOOKBACK, HURRY)
    said = str(caught.value)
    assert "\n" not in said
    assert PASSWORD not in said
    return said


@contextmanager
def failing(mongod: Mongod, **how: object) -> Iterator[None]:
    """Commands of the program fail so, and the test's own do not."""
    with mongod.client() as client:
        fail = {"appName": "llm-health-check", **how}
        client.admin.command("configureFailPoint", "failCommand", mode="alwaysOn", data=fail)
        try:
            yield
        finally:
            client.admin.command("configureFailPoint", "failCommand", mode="off")


def failing_with(error: Exception, uri: str = "mongodb://127.0.0.1:1/") -> str:
    """The sentence for what the driver raises while something is read."""
    with (
        pytest.raises(HealthCheckError) as caught,
        connected(settings_for(uri, "bench"), HURRY),
    ):
        raise error
    return str(caught.value)


class TestConnectionStrings:
    @pytest.mark.parametrize(
        ("uri", "words"),
        [
            ("mongodb://", "at least one hostname"),
            ("mongodb://h:port/", "Port contains non-digit characters"),
            (f"mongodb://me:{PASSWORD}@h/a b", "Bad database name"),
            (f"mongodb://me:x:{PASSWORD}@h/", "must be escaped"),
            (f"mongodb://me:{PASSWORD}%@h/", "must be escaped"),
            ("mongodb://me@h/", "A password is required"),
            ("mongodb://h/?authSource=", "authSource database cannot be an empty string"),
            ("mongodb://h/?ssl=true&tls=false", "conflicting values for URI options ssl and tls"),
            ("mongodb://a,b/?directConnection=true", "multiple hosts with directConnection=true"),
            ("mongodb://h/?authMechanism=MONGODB-OIDC", "requires providing either a callback"),
            (
                f"mongodb://me:{PASSWORD}@h/?authMechanism=MONGODB-X509",
                "not supported by MONGODB-X509",
            ),
            ("mongodb://me@h/?authMechanism=GSSAPI&authSource=admin", "or None for GSSAPI"),
            ("mongodb://h/?tlsCAFile=/etc/hostname&tls=false", "TLS has not been enabled"),
            ("mongodb+srv://h.example.invalid:27017/", "must not include a port number"),
            ("mongodb+srv://a.example.invalid,b.example.invalid/", "one, and only one, hostname"),
        ],
    )
    def test_what_the_driver_does_not_take_it_says_itself(self, uri: str, words: str) -> None:
        said = complaint(uri, SettingsError)
        assert said.startswith("MONGODB_URI cannot be used: ")
        assert words in said

    @pytest.mark.parametrize("option", ["tlsCAFile", "tlsCertificateKeyFile", "tlsCRLFile"])
    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("nothing.pem", "[Errno 2] No such file or directory"),
            ("folder", ""),
            ("text.pem", ""),
        ],
    )
    def test_a_file_that_cannot_be_used_is_named_with_its_option(
        self, tmp_path: Path, option: str, name: str, reason: str
    ) -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "text.pem").write_text("no certificate\n")
        said = complaint(f"mongodb://h/?tls=true&{option}={tmp_path / name}", SettingsError)
        assert f"{option}={tmp_path / name} cannot be loaded ({reason}" in said
        assert "Use PEM files" in said

    @pytest.mark.parametrize(
        ("uri", "told"),
        [
            (f"mongodb://me:x:{PASSWORD}@h/", True),
            (f"mongodb://me:x?{PASSWORD}@h/", True),
            (f"mongodb://me:1?{PASSWORD}@h/", True),
            ("mongodb://h:70000/", False),
            (f"mongodb://me:{PASSWORD}@h:70000/", False),
            (f"mongodb://me:{PASSWORD}@h/?authMechanism=MONGODB-X509", False),
        ],
    )
    def test_special_characters_are_written_as_codes_where_one_may_be_the_fault(
        self, uri: str, told: bool
    ) -> None:
        said = complaint(uri, SettingsError)
        assert ("Special characters of user name and password are written as %XX" in said) is told

    @pytest.mark.parametrize("password", ["", "&tlsCertificateKeyFilePassword=hunter2"])
    def test_an_encrypted_key_without_its_password_is_named(
        self, tmp_path: Path, pems: Path, password: str
    ) -> None:
        """OpenSSL would ask for it at a terminal, and wait."""
        plain, file = pems / "client.pem", tmp_path / "encrypted.pem"
        key = load_pem_private_key(plain.read_bytes(), None).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"another")
        )
        file.write_bytes(
            key + plain.read_bytes().partition(b"KEY-----\n")[2].partition(b"KEY-----\n")[2]
        )
        said = complaint(
            f"mongodb://h/?tls=true&tlsCertificateKeyFile={file}{password}", SettingsError
        )
        assert f"tlsCertificateKeyFile={file} cannot be loaded (" in said
        assert "tlsCertificateKeyFilePassword if that is encrypted" in said

    def test_a_file_that_lacks_a_part_is_told_so(self, pems: Path) -> None:
        uri = f"mongodb://h/?tls=true&tlsCertificateKeyFile={pems}/ca.pem"
        said = complaint(uri, SettingsError)
        assert f"tlsCertificateKeyFile={pems}/ca.pem cannot be loaded (" in said
        assert "a certificate with its PRIVATE KEY in tlsCertificateKeyFile" in said

    def test_of_two_files_the_one_that_is_missing_is_named(self, pems: Path) -> None:
        own, authority = f"{pems}/client.pem", f"{pems}/nothing.pem"
        uri = f"mongodb://h/?tls=true&tlsCertificateKeyFile={own}&tlsCAFile={authority}"
        said = complaint(uri, SettingsError)
        assert f"tlsCAFile={authority} cannot be loaded" in said
        assert own not in said

    def test_a_relative_file_is_told_with_where_it_was_looked_for(self) -> None:
        said = complaint("mongodb://h/?tls=true&tlsCAFile=global-bundle.pem", SettingsError)
        assert f"tlsCAFile={Path.cwd()}/global-bundle.pem cannot be loaded" in said

    @pytest.mark.parametrize(
        ("option", "words"),
        [
            ("compressors=zstd,snappy,zlib", "snappy"),
            ("useNewUrlParser=true", "Unknown option: usenewurlparser"),
            ("readPreference=hunter2", "[...] is not a valid read preference"),
            ("authMechanism=hunter2", "authmechanism must be in"),
            ("tls=maybe", "The value of tls must be"),
            ("serverSelectionTimeoutMS=soon", "serverselectiontimeoutms must be"),
        ],
    )
    def test_what_the_driver_only_warns_of_is_no_error(
        self, mongod: Mongod, database, caplog, option: str, words: str
    ) -> None:
        Store().insert_into(database)
        settings = settings_for(f"{mongod.uri}?{option}", database.name)
        mongodb.collect(settings, generated.LOOKBACK, HURRY)
        (told,) = caplog.messages
        assert told.startswith("The driver ignores part of MONGODB_URI: ")
        assert words in told
        assert PASSWORD not in told

    def test_where_the_driver_does_not_connect_the_error_tells_it(self, caplog) -> None:
        said = complaint(f"mongodb://127.0.0.1:{free_port()}/?useNewUrlParser=true")
        assert "The driver ignores part of MONGODB_URI: Unknown option: usenewurlparser" in said
        assert not caplog.messages


class TestNoConnection:
    def test_an_ipv6_address_stands_in_brackets(self) -> None:
        assert "MongoDB at [::1]:1 cannot be reached" in complaint("mongodb://[::1]:1/")

    def test_nobody_listens(self) -> None:
        port = free_port()
        said = complaint(f"mongodb://me:{PASSWORD}@127.0.0.1:{port}/")
        assert (
            f"MongoDB at 127.0.0.1:{port} cannot be reached: connection refused (driver: " in said
        )

    @pytest.mark.parametrize(
        ("uri", "what"),
        [
            ("mongodb://db.example.invalid/", "db.example.invalid:27017 cannot be reached: unknown host name"),
            ("mongodb://a..b/", "a..b:27017 cannot be reached: unknown host name"),
            ("mongodb://%2Fnowhere%2Fmongodb.sock/", "/nowhere/mongodb.sock cannot be reached (driver: /nowhere/mongodb.sock: [Errno 2] No such file"),
            ("mongodb+srv://db.example.invalid/", "MongoDB at db.example.invalid cannot be found (driver: "),
            ("mongodb+srv://127.0.0.1/", "MongoDB at 127.0.0.1 cannot be found (driver: Invalid URI host"),
        ],
    )  # fmt: skip
    def test_there_is_no_such_host(self, uri: str, what: str) -> None:
        assert what in complaint(uri)

    def test_somebody_else_listens(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:

            def greet() -> None:
                with suppress(OSError):
                    while True:
                        with server.accept()[0] as near:
                            near.sendall(b"220 mail.example.org ESMTP\r\n" * 3)
                            near.recv(1)

            thread = threading.Thread(target=greet)
            thread.start()
            said = complaint(f"mongodb://127.0.0.1:{server.getsockname()[1]}/")
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
        assert "the server there does not speak the MongoDB protocol (driver: " in said


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def pems(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates: of the authority, of servers, of clients."""
    folder = tmp_path_factory.mktemp("pems")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    for name, issued in {
        "server": authority.issue_cert("127.0.0.1"),
        "elsewhere": authority.issue_cert("db.example.org"),
        "client": authority.issue_cert("client"),
        "stranger": trustme.CA().issue_cert("client"),
    }.items():
        issued.private_key_and_cert_chain_pem.write_to_path(str(folder / f"{name}.pem"))
    return folder


@contextmanager
def with_tls(pems: Path, certificate: str, *more: str) -> Iterator[str]:
    """The URI of a server that holds that certificate."""
    with running_mongod(
        "--tlsMode", "requireTLS", "--tlsCertificateKeyFile", str(pems / f"{certificate}.pem"),
        "--tlsCAFile", str(pems / "ca.pem"), *more,
        tls=True, tlsInsecure=True, tlsCertificateKeyFile=str(pems / "client.pem"),
    ) as server:  # fmt: skip
        yield f"{server.uri}?"


@pytest.fixture(scope="module")
def tls(pems: Path) -> Iterator[str]:
    with with_tls(pems, "server", "--tlsAllowConnectionsWithoutCertificates") as uri:
        yield uri


@pytest.fixture(scope="module")
def mutual(pems: Path) -> Iterator[str]:
    with with_tls(pems, "server") as uri:
        yield uri


class TestTls:
    def test_with_its_authority_it_connects(self, tls: str, pems: Path) -> None:
        assert "has no collection" in complaint(f"{tls}tls=true&tlsCAFile={pems}/ca.pem")

    def test_it_is_wanted_and_not_asked_for(self, tls: str) -> None:
        said = complaint(tls)
        assert "cannot be reached: the server closed the connection (driver: " in said
        assert "may require TLS: then add tls=true" in said

    def test_it_is_asked_for_and_not_there(self, mongod: Mongod) -> None:
        said = complaint(f"{mongod.uri}?tls=true")
        assert "TLS negotiation failed" in said
        assert "may not use TLS: then remove tls=true" in said

    def test_an_authority_that_nobody_knows(self, tls: str) -> None:
        said = complaint(f"{tls}tls=true")
        assert "its TLS certificate is not accepted (driver: " in said
        assert re.search("self[- ]signed|unable to get local issuer", said)
        assert "Set tlsCAFile" in said

    def test_an_authority_that_is_another_one(self, tls: str, pems: Path) -> None:
        said = complaint(f"{tls}tls=true&tlsCAFile={pems}/stranger.pem")
        assert "its TLS certificate is not accepted (driver: " in said
        assert (
            "Set tlsCAFile in MONGODB_URI to the PEM file of the authority that signed it" in said
        )

    def test_an_option_of_an_older_driver_is_named(self, tls: str, pems: Path) -> None:
        said = complaint(f"{tls}ssl=true&ssl_ca_certs={pems}/ca.pem", SettingsError)
        assert "ignores part of MONGODB_URI: Unknown option: ssl_ca_certs" in said

    def test_an_option_whose_value_the_driver_ignores_is_a_wrong_setting_too(
        self, tls: str
    ) -> None:
        said = complaint(f"{tls}tls=maybe", SettingsError)
        assert "the server closed the connection" in said
        assert "ignores part of MONGODB_URI: The value of tls must be" in said

    def test_an_ignored_option_that_is_not_about_tls_makes_no_wrong_setting(self, tls: str) -> None:
        assert "may require TLS" in complaint(f"{tls}useNewUrlParser=true", SourceError)

    def test_a_certificate_for_another_host(self, pems: Path) -> None:
        with with_tls(pems, "elsewhere", "--tlsAllowConnectionsWithoutCertificates") as uri:
            said = complaint(f"{uri}tls=true&tlsCAFile={pems}/ca.pem")
        assert "its TLS certificate is not accepted (driver: " in said
        assert "mismatch" in said
        assert "valid now, and for this host name" in said

    @pytest.mark.parametrize("client", ["", "stranger"])
    def test_a_certificate_of_the_client_is_wanted(self, mutual: str, pems: Path, client: str):
        own = f"&tlsCertificateKeyFile={pems}/{client}.pem" if client else ""
        said = complaint(f"{mutual}tls=true&tlsCAFile={pems}/ca.pem{own}")
        assert "may require a client certificate: then set tlsCertificateKeyFile" in said


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """The host of a server that wants a login."""
    with running_mongod("--auth") as server:
        with server.client() as client:
            client.admin.command("createUser", "root", pwd=PASSWORD, roles=["root"])
        with server.client(username="root", password=PASSWORD) as client:
            Store().insert_into(client["bench"])
            client.admin.command("createUser", "nobody", pwd=PASSWORD, roles=[])
            client["bench"].command("createUser", "local", pwd=PASSWORD, roles=["read"])
        yield f"127.0.0.1:{server.port}"


class TestLogin:
    @pytest.mark.parametrize(
        ("login", "where", "what", "remedy"),
        [
            ("nobody:hunter3@", "", "rejected the login of nobody",
             "Check user name, password and authMechanism in MONGODB_URI"),
            ("nobody:hunter2@", "bench", "of nobody",
             "authSource: the database that the user was created in, often admin"),
            ("local:hunter2@", "", "of local",
             "authSource: the database that the user was created in"),
            ("local:hunter2@", "bench?authSource=admin", "of local",
             "in MONGODB_URI, and authSource: the database that the user was created in"),
            ("nobody:hunter2@", "?authMechanism=PLAIN", "rejected the login of nobody",
             "Check user name, password and authMechanism"),
            ("", "?authMechanism=MONGODB-X509", "rejected the login (server error 18", "authMechanism"),
            ("", "", "does not let a client without a login read the database bench",
             "needs the read role on the database bench"),
            ("nobody:hunter2@", "", "does not let the user nobody read the database bench",
             "needs the read role on the database bench"),
        ],
    )  # fmt: skip
    def test_who_may_not_is_told_why(
        self, guarded: str, login: str, where: str, what: str, remedy: str
    ) -> None:
        said = complaint(f"mongodb://{login}{guarded}/{where}")
        assert f"MongoDB at {guarded} " in said
        assert what in said
        assert "server error " in said
        assert remedy in said

    @pytest.mark.parametrize("module", ["GSSAPI", "MONGODB-AWS"])
    def test_a_mechanism_that_the_driver_lacks_a_module_for(self, guarded: str, module: str):
        uri = f"mongodb://nobody:{PASSWORD}@{guarded}/?authMechanism={module}"
        assert "cannot be used: " in complaint(uri, SettingsError)


@pytest.fixture(scope="module")
def member() -> Iterator[Mongod]:
    """The only one of the replica set `prod`."""
    with running_mongod("--replSet", "prod") as server:
        member = {"_id": 0, "host": f"127.0.0.1:{server.port}"}
        with server.client() as client:
            client.admin.command("replSetInitiate", {"_id": "prod", "members": [member]})
        with server.client(replicaSet="prod", directConnection=False) as client:
            client.admin.command("ping")  # waits for the primary
            Store().insert_into(client["bench"])
        yield server


class TestReplicaSets:
    def test_a_wrong_name(self, member: Mongod) -> None:
        said = complaint(f"{member.uri}?replicaSet=staging")
        assert f"MongoDB at 127.0.0.1:{member.port} has no server that fits replicaSet and" in said
        assert 'available for replica set name "staging"). Check replicaSet' in said

    def test_a_wrong_name_beside_a_member_that_is_down(self, member: Mongod) -> None:
        said = complaint(f"mongodb://127.0.0.1:{member.port},127.0.0.1:1/?replicaSet=staging")
        assert "MongoDB at 127.0.0.1:1 cannot be reached: connection refused" in said

    def test_a_standalone_server(self, mongod: Mongod) -> None:
        said = complaint(f"{mongod.uri}?replicaSet=prod")
        assert f"MongoDB at 127.0.0.1:{mongod.port} has no server that fits replicaSet" in said
        assert 'available for replica set name "prod"). Check replicaSet' in said

    def test_a_standalone_server_among_several(self, mongod: Mongod) -> None:
        port = free_port()
        said = complaint(f"mongodb://127.0.0.1:{mongod.port},127.0.0.1:{port}/")
        assert f"MongoDB at 127.0.0.1:{port} cannot be reached: connection refused" in said

    @pytest.mark.parametrize("preference", ["primary", "secondaryPreferred", "nearest"])
    def test_a_preference_that_the_primary_fits(self, member: Mongod, preference: str) -> None:
        uri = f"{member.uri}?replicaSet=prod&readPreference={preference}"
        mongodb.collect(settings_for(uri, "bench"), generated.LOOKBACK, HURRY)

    def test_a_preference_that_nobody_fits(self, member: Mongod) -> None:
        said = complaint(f"{member.uri}?replicaSet=prod&readPreference=secondary")
        assert (
            f"127.0.0.1:{member.port} has no server that fits replicaSet and the read pref" in said
        )
        assert "Check replicaSet, readPreference and the hosts in MONGODB_URI" in said

    def test_members_that_are_known_by_another_name_inside(self, member: Mongod) -> None:
        """As behind Docker or Kubernetes: the server is reached, and names itself otherwise."""
        own = f"127.0.0.1:{member.port}".encode()
        inner = b"db.inside"[: len(own)] + own[9:]
        with forwarding(member.port, lambda data: data.replace(own, inner)) as port:
            said = complaint(f"mongodb://127.0.0.1:{port}/?replicaSet=prod")
        assert f"MongoDB at {inner.decode()} has no server that fits" in said
        assert "configured with internal hostnames" in said
        assert "must resolve the names that the set gives its members; or add directConn" in said


@contextmanager
def forwarding(target: int, change) -> Iterator[int]:
    """A port that leads to the server at `target`; its answers are changed, at equal length."""
    listener = socket.create_server(("127.0.0.1", 0))
    ends: list[socket.socket] = [listener]

    def pass_on(source: socket.socket, sink: socket.socket, change) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(change(data))

    def accept() -> None:
        with suppress(OSError):
            while True:
                near = listener.accept()[0]
                far = socket.create_connection(("127.0.0.1", target))
                ends.extend((near, far))
                for pair in ((near, far, bytes), (far, near, change)):
                    threading.Thread(target=pass_on, args=pair, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def refusal(code: int, words: str, name: str = "") -> errors.OperationFailure:
    details = {"ok": 0, "errmsg": words, "code": code} | ({"codeName": name} if name else {})
    return errors.OperationFailure(words, code, details)


class TestQueries:
    @pytest.mark.parametrize(
        ("code", "words", "what"),
        [
            (8000, "bad auth : authentication failed", "rejected the login"),
            (8000, "user is not allowed to do action [find] on [bench.models]", "does not let a client"),
            (8000, "$unionWith not allowed in this atlas tier", "does not support a query"),
            (8000, "you are over your space quota", "refused a query"),
            (13, "not authorized on bench to execute command find", "does not let a client"),
            (50, "operation exceeded time limit", "stopped a query (server error 50"),
            (146, "Exceeded memory limit for $group", "stopped a query (server error 146"),
            (11601, "operation was interrupted", "stopped a query (server error 11601"),
            (40324, "Unrecognized pipeline stage name: '$setWindowFields'", "does not support a query"),
            (15952, "unknown group operator '$topN'", "does not support a query"),
            (31325, "Invalid $project :: caused by :: Unknown expression $dateTrunc", "does not support"),
            (303, "Feature not supported: $unionWith", "does not support a query"),
            (96, "something new", "refused a query (server error 96: something new)"),
        ],
    )  # fmt: skip
    def test_the_server_s_own_words_stand_behind_ours(self, code: int, words: str, what: str):
        said = failing_with(refusal(code, words))
        assert said.startswith("MongoDB at 127.0.0.1:1 ")
        assert what in said
        assert f"server error {code}: {words}" in said
        assert ("password" in said) is ("login" in what)

    @pytest.mark.parametrize("name", ["$x", ".x", "a..b"])
    def test_a_collection_that_cannot_be_is_told_with_what_to_check(
        self, mongod: Mongod, name: str
    ) -> None:
        settings = settings_for(mongod.uri, "bench", **{ERRORS: name})
        with pytest.raises(SourceError, match=rf"no collection {re.escape(name)}, .* {ERRORS}\."):
            mongodb.collect(settings, generated.LOOKBACK, HURRY)

    def test_a_server_that_is_too_old_is_told_with_the_version_that_is_needed(
        self, mongod: Mongod
    ) -> None:
        old = refusal(168, "Unrecognized expression '$nope'", "InvalidPipelineOperator")
        said = failing_with(old, mongod.uri)
        assert "does not support a query of the report" in said
        assert "MongoDB 6.0 or newer is needed" in said

    def test_of_a_command_only_its_name_is_told(self) -> None:
        words = (
            'not authorized on bench to execute command { find: "x", lsid: { id: 1 }, $db: "b" }'
        )
        assert failing_with(refusal(13, words)).count("to execute command find)") == 1

    def test_what_nobody_has_foreseen_is_passed_on(self) -> None:
        said = failing_with(errors.WaitQueueTimeoutError("Timed out while checking out"))
        assert (
            "cannot be read: WaitQueueTimeoutError (driver: Timed out while checking out)" in said
        )

    @pytest.mark.parametrize(
        ("error", "what"),
        [
            (errors.NetworkTimeout("h:1: timed out"), "did not answer a query in time"),
            (errors.AutoReconnect("h:1: connection closed"), "cannot be read: AutoReconnect (driver: h:1: connection closed)"),
            (errors.AutoReconnect("h:1: [Errno 111] Connection refused"), "cannot be reached: connection"),
            (InvalidBSON("objsize too large"), "cannot be read: InvalidBSON (driver: objsize too large)"),
            (errors.ConfigurationError("Driver attempted to ..."), "MONGODB_URI cannot be used: Driver"),
            (errors.ConfigurationError("Server at h:1 reports wire version 4"), "MongoDB 6.0 or newer is"),
            (errors.NotPrimaryError("not primary"), "cannot be read: NotPrimaryError (driver: not primary)"),
        ],
    )  # fmt: skip
    def test_what_the_driver_raises(self, error: Exception, what: str) -> None:
        assert what in failing_with(error)

    def test_long_words_are_cut_and_secrets_in_them_are_not_shown(self) -> None:
        uri = f"mongodb://me:{PASSWORD}@127.0.0.1:1/"
        words = (
            f"no {PASSWORD} for sk-proj-4tests0000000000000000\nat mongodb://u:pw9@h/ " + "x" * 999
        )
        said = failing_with(refusal(96, words), uri)
        assert len(said) < 500
        assert not re.search("hunter2|sk-proj|pw9|\n", said)

    def test_a_server_that_hangs_up_in_the_middle(self, mongod: Mongod, database) -> None:
        Store().insert_into(database)
        with failing(mongod, failCommands=["aggregate"], closeConnection=True):
            said = complaint(mongod.uri, database=database.name)
        assert "cannot be read: AutoReconnect (driver: " in said
        assert "Run it again" in said

    def test_a_cursor_that_is_lost(self, mongod: Mongod, database, monkeypatch) -> None:
        store = Store()
        store.day("openai", "a")
        store.insert_into(database)
        monkeypatch.setattr(mongodb, "_GROUPS_PER_BATCH", 1)
        with failing(mongod, failCommands=["getMore"], errorCode=43):
            said = complaint(mongod.uri, database=database.name)
        assert "stopped a query (server error 43" in said
        assert "Run it again" in said
