"""The servers do what they are told, as the real msmtp sees them."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mail_servers import STAGES, Login, drop, hang, reply, slow, smtp_server, write_msmtprc

MAIL = (
    b"From: Health <health@clifford.test>\r\nTo: one@example.org\r\nSubject: =?utf-8?q?=C3=A9?=\r\n"
    b"\r\n.a line that begins with a dot\r\n" + b"x" * 998 + b"\r\n"
)
LOGIN = Login("sender", "correct horse")


@pytest.fixture
def send(tmp_path, msmtp_program):
    """Sends by the real msmtp; returns its exit status and its words."""

    def send(server, *recipients, mail=MAIL, timeout=5, **account):
        msmtprc = write_msmtprc(tmp_path / "msmtprc", server, timeout=timeout, **account)
        done = subprocess.run(
            [msmtp_program, "-C", msmtprc, *(recipients or ("one@example.org",))],
            input=mail,
            capture_output=True,
            timeout=30,
            check=False,
        )
        return done.returncode, done.stderr.decode()

    return send


def test_a_plain_server_records_envelope_and_bytes(send, start_smtp_server):
    server = start_smtp_server()
    assert send(server, "one@example.org", "two@example.org") == (0, "")
    (mail,) = server.wait_for_mails(1)
    assert mail.sender == "health@clifford.test"
    assert mail.recipients == ("one@example.org", "two@example.org")
    assert mail.content.endswith(b"\r\n\r\n" + MAIL.partition(b"\r\n\r\n")[2])
    assert mail.parsed()["Subject"] == "é"
    assert (mail.user, mail.encrypted) == (None, False)
    assert server.commands == ("connect", "EHLO", "MAIL", "RCPT", "RCPT", "DATA", "content", "dot", "taken")  # fmt: skip


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_tls_with_a_login(send, start_smtp_server, tls):
    server = start_smtp_server(tls=tls, login=LOGIN)
    assert send(server) == (0, "")
    (mail,) = server.received
    assert (mail.user, mail.encrypted) == ("sender", True)


@pytest.mark.parametrize("mechanism", ["plain", "login"])
def test_both_ways_to_log_in(send, start_smtp_server, tmp_path, msmtp_program, mechanism):
    server = start_smtp_server(tls="starttls", login=LOGIN)
    msmtprc = write_msmtprc(tmp_path / "rc", server)
    msmtprc.write_text(msmtprc.read_text().replace("auth on", f"auth {mechanism}"))
    subprocess.run([msmtp_program, "-C", msmtprc, "one@example.org"], input=MAIL, check=True)
    assert server.received[0].user == "sender"


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_wrong_password_is_refused(send, start_smtp_server, tls):
    server = start_smtp_server(tls=tls, login=LOGIN)
    code, words = send(server, password="wrong")  # noqa: S106 - it is wrong
    assert (code, server.received) == (77, ())
    assert "authentication failed" in words


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_that_nobody_knows_is_refused(send, start_smtp_server, tls):
    server = start_smtp_server(tls=tls)
    code, words = send(server, trusted=False)
    assert code != 0
    assert "certificate" in words
    assert server.received == ()


def test_a_server_that_wants_a_login_takes_nothing_without(send, start_smtp_server, tmp_path):
    server = start_smtp_server(login=LOGIN)
    assert send(server.port)[0] == 65
    assert server.received == ()


def test_a_port_where_no_server_is(send, refusing_port):
    code, words = send(refusing_port)
    assert code == 75
    assert "Connection refused" in words


@pytest.mark.parametrize("stage", [s for s in STAGES if s not in {"AUTH", "content"}])
def test_a_server_that_hangs(send, start_smtp_server, stage):
    server = start_smtp_server(hang(stage))
    code, words = send(server, timeout=1)
    assert code == 74
    assert "timed out" in words
    assert len(server.received) == (stage == "taken")


def test_a_server_that_hangs_in_the_mail_that_is_too_long_for_the_buffers(send, start_smtp_server):
    server = start_smtp_server(hang("content"))
    assert send(server, timeout=1, mail=MAIL + (b"y" * 900 + b"\r\n") * 20_000)[0] != 0
    assert server.received == ()


def test_a_server_that_hangs_at_the_login(send, start_smtp_server):
    code, words = send(start_smtp_server(hang("AUTH"), login=LOGIN), timeout=1)
    assert code == 74
    assert "timed out" in words


@pytest.mark.parametrize("stage", [s for s in STAGES if s != "AUTH"])
def test_a_server_that_drops_the_connection(send, start_smtp_server, stage):
    server = start_smtp_server(drop(stage))
    assert send(server)[0] == (74 if stage == "content" else 76)
    assert len(server.received) == (stage == "taken")


@pytest.mark.parametrize(
    ("stage", "words", "code"),
    [
        ("connect", "421 4.3.2 going down", 76),
        ("MAIL", "451 4.3.0 later", 69),
        ("MAIL", "550 5.7.1 not you", 65),
        ("RCPT", "450 4.2.0 later", 69),
        ("RCPT", "550 5.1.1 no such user", 65),
        ("DATA", "451 4.3.0 later", 69),
        ("DATA", "554 5.6.0 no", 65),
        ("dot", "452 4.3.1 disk full", 69),
        ("dot", "554 5.7.1 spam", 69),
    ],
)
def test_answers(send, start_smtp_server, stage, words, code):
    server = start_smtp_server(reply(stage, words))
    got, said = send(server)
    assert got == code
    assert words in said
    assert server.received == ()


def test_one_bad_recipient_of_two(send, start_smtp_server):
    bad = reply("RCPT", "550 5.1.1 no such user", recipient="gone@example.org")
    server = start_smtp_server(bad)
    assert send(server, "one@example.org", "gone@example.org")[0] == 65
    assert send(server, "one@example.org")[0] == 0


def test_once_and_then_right(send, start_smtp_server):
    server = start_smtp_server(reply("MAIL", "451 4.3.0 later", times=1))
    assert [send(server)[0], send(server)[0]] == [69, 0]
    assert len(server.received) == 1


def test_a_slow_server_takes_the_mail_in_the_end(send, start_smtp_server):
    server = start_smtp_server(slow(0.3, "MAIL"), slow(0.3, "dot"))
    assert send(server) == (0, "")


def test_a_server_goes_down_and_comes_up_at_the_same_port(send):
    with smtp_server() as first:
        assert send(first) == (0, "")
    assert send(first)[0] == 75
    with smtp_server(port=first.port) as second:
        assert send(first) == (0, "")
    assert (len(first.received), len(second.received)) == (1, 1)


def test_the_account_is_for_its_owner_alone(tmp_path, mail_server):
    assert write_msmtprc(tmp_path / "rc", mail_server).stat().st_mode & 0o777 == 0o600


def test_as_a_program_it_writes_the_mails_to_a_folder(tmp_path, msmtp_program):
    folder, authority = tmp_path / "mails", tmp_path / "authority.pem"
    command = [
        sys.executable, "-m", "mail_servers", "--tls", "starttls", "--authority", authority,
        "--user", "sender", "--password", "secret", "--folder", folder,
        "--fault", "reply*1 MAIL 451 4.3.0 later",
    ]  # fmt: skip
    here = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=here, text=True) as server:
        assert server.stdout
        port = re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", server.stdout.readline())
        assert port
        msmtp = [
            msmtp_program, "--host=127.0.0.1", f"--port={port[1]}", "--tls=on", "--auth=on",
            f"--tls-trust-file={authority}", "--user=sender", "--passwordeval=echo secret",
            "--from=a@b.test", "one@example.org",
        ]  # fmt: skip
        codes = [subprocess.run(msmtp, input=MAIL, check=False).returncode for _ in range(2)]
        server.send_signal(signal.SIGTERM)
    assert codes == [69, 0]
    assert server.returncode == 0
    assert (folder / "0001.eml").read_bytes().endswith(b"x\r\n")
    assert '"user": "sender"' in (folder / "0001.json").read_text()
