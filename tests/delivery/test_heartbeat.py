"""The dead-man's switch hears of every scheduled run, and can break none."""

import socket
import ssl
import threading
import time

import pytest
import trustme
from pytest_httpserver import HTTPServer
from werkzeug import Response

from healthcheck.delivery import heartbeat
from healthcheck.delivery.heartbeat import fail_url, ping
from healthcheck.errors import SettingsError
from healthcheck.settings import load_settings

HIDDEN = "/0a1b2c3d-secret"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """No proxy of this machine, and no long waits."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(heartbeat, "_LIMIT_SECONDS", 1)
    monkeypatch.setattr(heartbeat, "_PAUSE_SECONDS", 0)


def asked(httpserver: HTTPServer) -> list[str]:
    return [request.full_path.rstrip("?") for request, _ in httpserver.log]


@pytest.mark.parametrize(("failed", "path"), [(False, HIDDEN), (True, f"{HIDDEN}/fail")])
def test_a_success_and_a_failure(httpserver, warnings, failed, path):
    httpserver.expect_request(path).respond_with_data("OK")
    ping(httpserver.url_for(HIDDEN), failed=failed)
    assert asked(httpserver) == [path]
    assert warnings == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hc-ping.com/uuid", "https://hc-ping.com/uuid/fail"),
        ("https://hc-ping.com/uuid/", "https://hc-ping.com/uuid/fail"),
        ("https://hc-ping.com/key/slug?create=1", "https://hc-ping.com/key/slug/fail?create=1"),
        ("http://[::1]:8000/a?b=/c#d", "http://[::1]:8000/a/fail?b=/c"),
        ("https://example.org", "https://example.org/fail"),
        ("https://example.org/%2Fa%20b;c", "https://example.org/%2Fa%20b;c/fail"),
    ],
)
def test_fail_is_added_to_the_path(url, expected):
    assert fail_url(url) == expected


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_followed(httpserver, warnings, code):
    to = {"Location": "/moved"}
    httpserver.expect_request(HIDDEN).respond_with_data(status=code, headers=to)
    httpserver.expect_request("/moved").respond_with_data("OK")
    ping(httpserver.url_for(HIDDEN), failed=False)
    assert asked(httpserver) == [HIDDEN, "/moved"]


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x"])
def test_redirects_out_of_the_web_are_not(httpserver, warnings, to):
    httpserver.expect_request(HIDDEN).respond_with_data(status=302, headers={"Location": to})
    ping(httpserver.url_for(HIDDEN), failed=False)
    assert len(warnings) == 1


def test_a_loop_of_redirects_ends(httpserver, warnings):
    to = {"Location": HIDDEN}
    httpserver.expect_request(HIDDEN).respond_with_data(status=302, headers=to)
    ping(httpserver.url_for(HIDDEN), failed=False)
    assert warnings == ["Heartbeat ping to localhost failed: HTTP 302."]


@pytest.mark.parametrize(
    ("code", "tries"), [(500, 3), (503, 3), (429, 3), (404, 1), (400, 1), (410, 1)]
)
def test_what_may_pass_is_tried_again(httpserver, warnings, code, tries):
    httpserver.expect_request(HIDDEN).respond_with_data(status=code)
    ping(httpserver.url_for(HIDDEN), failed=False)
    assert warnings == [f"Heartbeat ping to localhost failed: HTTP {code}."]
    assert len(asked(httpserver)) == tries


def test_heard_at_the_second_try(httpserver, warnings):
    httpserver.expect_ordered_request(HIDDEN).respond_with_data(status=502)
    httpserver.expect_ordered_request(HIDDEN).respond_with_data("OK")
    ping(httpserver.url_for(HIDDEN), failed=False)
    assert warnings == []


def test_refused(refusing_port, warnings):
    url = f"http://127.0.0.1:{refusing_port}{HIDDEN}"
    ping(url, failed=True)
    assert warnings == ["Heartbeat ping to 127.0.0.1 failed: Connection refused."]


def test_unknown_host(warnings):
    ping(f"http://nowhere.invalid{HIDDEN}", failed=False)
    assert len(warnings) == 1


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 200 OK\r\n"], ids=["nothing", "half an answer"])
def test_a_server_that_hangs(warnings, says):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = threading.Event()

        def hang() -> None:
            held = []
            while not ended.is_set():
                connection, _ = listener.accept()
                connection.sendall(says)
                held.append(connection)
            for connection in held:
                connection.close()

        thread = threading.Thread(target=hang)
        thread.start()
        address = listener.getsockname()
        before = time.monotonic()
        ping(f"http://127.0.0.1:{address[1]}{HIDDEN}", failed=False)
        took = time.monotonic() - before
        ended.set()
        socket.create_connection(address).close()
        thread.join()
    assert warnings == ["Heartbeat ping to 127.0.0.1 failed: TimeoutError."]
    assert took < 20


def test_an_answer_that_trickles_has_the_same_limit(httpserver, warnings, monkeypatch):
    monkeypatch.setattr(heartbeat, "_TRIES", 1)
    ended = threading.Event()

    def trickle(connection: socket.socket) -> None:
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not ended.wait(0.1):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=lambda: trickle(listener.accept()[0]))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}{HIDDEN}"
        ping(url, failed=False)
        ended.set()
        thread.join()
    assert warnings == ["Heartbeat ping to 127.0.0.1 failed: TimeoutError."]


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00" * 5000, b"HTTP/1.1 abc\r\n\r\n", b""]
)
def test_a_server_that_speaks_something_else(warnings, answer, monkeypatch):
    monkeypatch.setattr(heartbeat, "_TRIES", 1)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answer)

        thread = threading.Thread(target=speak)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}{HIDDEN}"
        ping(url, failed=False)
        thread.join()
    assert len(warnings) == 1
    assert "secret" not in warnings[0]


class TestTls:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    @pytest.fixture
    def server(self, authority):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        with HTTPServer(host="localhost", ssl_context=context) as server:
            server.expect_request(HIDDEN).respond_with_data("OK")
            yield server

    def test_a_certificate_that_nobody_knows(self, server, warnings):
        ping(server.url_for(HIDDEN), failed=False)
        (warning,) = warnings
        assert "localhost failed: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify" in warning
        assert server.log == []

    def test_one_of_a_known_authority(self, server, authority, warnings, tmp_path, monkeypatch):
        trusted = tmp_path / "authority.pem"
        authority.cert_pem.write_to_path(trusted)
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        ping(server.url_for(HIDDEN), failed=False)
        assert warnings == []

    def test_of_another_host(self, server, authority, warnings, tmp_path, monkeypatch):
        trusted = tmp_path / "authority.pem"
        authority.cert_pem.write_to_path(trusted)
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        url = server.url_for(HIDDEN).replace("localhost", "127.0.0.1")
        ping(url, failed=False)
        assert "certificate verify failed: IP address mismatch" in warnings[0]


class TestSettings:
    @pytest.mark.parametrize(
        "url", ["https://hc-ping.com/uuid", "http://localhost:8000/a?b=c", "https://[::1]/x"]
    )
    def test_what_it_may_be(self, url, monkeypatch):
        monkeypatch.setenv("HEARTBEAT_URL", url)
        held = load_settings().heartbeat_url
        assert held
        assert held.get_secret_value() == url

    @pytest.mark.parametrize(
        "url",
        [
            "hc-ping.com/s3cret", "ftp://hc-ping.com/s3cret", "file:///s3cret", "https:///s3cret",
            "https://user:s3cret@hc-ping.com/", "https://hc-ping.com:x/s3cret", "https://[::1/s3cret",
            "https://hc-ping.com:99999/s3cret", "https://hc-ping.com/s3cret x",
            "https://hc-ping.com/s3cret\r\nX: y", "https://héllo/s3cret", "https://h:0/s3cret",
        ],
    )  # fmt: skip
    def test_what_it_may_not_be_is_not_shown(self, url, monkeypatch):
        monkeypatch.setenv("HEARTBEAT_URL", url)
        with pytest.raises(SettingsError) as caught:
            load_settings()
        assert str(caught.value) == (
            "HEARTBEAT_URL must be an http:// or https:// URL with a host, without credentials or "
            "spaces."
        )


class TestRun:
    """What the command tells, and when."""

    @pytest.fixture
    def switch(self, httpserver) -> HTTPServer:
        httpserver.expect_request(HIDDEN).respond_with_data("OK")
        httpserver.expect_request(f"{HIDDEN}/fail").respond_with_data("OK")
        return httpserver

    @pytest.fixture
    def run(self, health_check, settings_to, snapshot):
        def run(server, switch: HTTPServer, *options, folder=snapshot):
            settings = settings_to(server, HEARTBEAT_URL=switch.url_for(HIDDEN), no_proxy="*")
            return health_check("run", *options, "--from", folder, settings=settings)

        return run

    def test_delivered_and_delivered_already(self, run, mail_server, switch):
        assert run(mail_server, switch, "--scheduled").returncode == 0
        assert run(mail_server, switch, "--scheduled").returncode == 0
        assert len(mail_server.received) == 1
        assert asked(switch) == [HIDDEN, HIDDEN]

    def test_not_delivered(self, run, refusing_port, switch):
        assert run(refusing_port, switch, "--scheduled").returncode == 75
        assert asked(switch) == [f"{HIDDEN}/fail"]

    def test_not_made(self, run, mail_server, switch, tmp_path):
        done = run(mail_server, switch, "--scheduled", folder=tmp_path / "nothing")
        assert done.returncode == 2
        assert asked(switch) == [f"{HIDDEN}/fail"]

    def test_by_hand_it_is_left_alone(self, run, mail_server, refusing_port, switch):
        assert run(mail_server, switch).returncode == 0
        assert run(refusing_port, switch).returncode == 75
        assert run(mail_server, switch, "--dry-run").returncode == 0
        assert asked(switch) == []

    def test_its_own_failure_is_one_line_and_changes_nothing(self, run, mail_server, httpserver):
        httpserver.expect_request(HIDDEN).respond_with_response(Response(status=404))
        done = run(mail_server, httpserver, "--scheduled")
        assert done.returncode == 0
        warning = b"Warning: Heartbeat ping to localhost failed: HTTP 404.\n"
        assert warning in done.stderr
        assert b"secret" not in done.stderr + done.stdout
        assert len(mail_server.received) == 1
