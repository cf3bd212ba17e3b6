"""One try with the real msmtp: what came of it, in one of six words, and why."""

import os
import stat
import time
from pathlib import Path

import pytest
from conftest import free_port
from mail_servers import Login, drop, hang, reply, slow, write_msmtprc

from healthcheck.delivery.msmtp import Msmtp, Outcome
from healthcheck.settings import SECRETS

MAIL = (
    b"To: one@example.org\r\nSubject: x\r\nMessage-ID: <1@clifford.test>\r\n\r\n"
    + (b"y" * 70 + b"\r\n") * 600
)
ONE = ("one@example.org",)


@pytest.fixture
def send(tmp_path, msmtp_program):
    """Sends to a server by an account of its own."""

    def send(
        server, to=ONE, sender=None, mail=MAIL, *, program=msmtp_program, timeout=1, **account
    ):
        config = write_msmtprc(tmp_path / "msmtprc", server, **account)
        return Msmtp(program, config, timeout, sender).send(mail, to)

    return send


class TestSent:
    def test_what_arrives_is_what_was_given_with_a_sender_before_it(self, send, mail_server):
        assert send(mail_server).outcome is Outcome.SENT
        (mail,) = mail_server.received
        assert (
            mail.content
            == b"From: health@clifford.test\r\nDate: "
            + mail.content.split(b"\r\nDate: ")[1].partition(b"\r\n")[0]
            + b"\r\n"
            + MAIL
        )
        assert (mail.sender, mail.recipients) == ("health@clifford.test", ONE)

    def test_a_sender_of_ones_own(self, send, mail_server):
        assert send(mail_server, sender="me@example.org").outcome is Outcome.SENT
        assert mail_server.received[0].sender == "me@example.org"

    def test_several_get_one_mail(self, send, mail_server):
        send(mail_server, to=("one@example.org", "two@example.org"))
        assert mail_server.received[0].recipients == ("one@example.org", "two@example.org")

    @pytest.mark.parametrize("tls", ["starttls", "tls"])
    def test_with_tls_and_a_login(self, send, start_smtp_server, tls):
        server = start_smtp_server(tls=tls, login=Login("sender", "correct horse"))
        assert send(server).outcome is Outcome.SENT
        assert (server.received[0].user, server.received[0].encrypted) == ("sender", True)

    def test_a_slow_server_has_its_time(self, send, start_smtp_server):
        server = start_smtp_server(slow(0.6, "MAIL"), slow(0.6, "DATA"), slow(0.6, "dot"))
        assert send(server).outcome is Outcome.SENT

    def test_an_address_is_never_an_option(self, send, mail_server):
        assert send(mail_server, to=("--serverinfo@example.org",)).outcome is Outcome.SENT
        assert mail_server.received[0].recipients == ("--serverinfo@example.org",)


class TestLater:
    @pytest.mark.parametrize("stage", ["connect", "EHLO", "MAIL", "RCPT", "DATA"])
    @pytest.mark.parametrize("fault", [hang, drop])
    def test_a_server_that_falls_silent_before_it_has_the_mail(
        self, send, start_smtp_server, fault, stage
    ):
        server = start_smtp_server(fault(stage))
        assert send(server).outcome is Outcome.LATER
        assert server.received == ()

    @pytest.mark.parametrize(
        ("stage", "words"),
        [
            ("connect", "421 4.3.2 going down"),
            ("MAIL", "451 4.3.0 later"),
            ("RCPT", "450 4.2.0 later"),
            ("DATA", "451 4.3.0 later"),
            ("dot", "452 4.3.1 disk full"),
        ],
    )
    def test_answers_that_may_change(self, send, start_smtp_server, stage, words):
        sending = send(start_smtp_server(reply(stage, words)))
        assert sending.outcome is Outcome.LATER
        assert words in sending.error

    @pytest.mark.parametrize("words", ["454 4.7.0 temporary failure", "421 4.3.0 too many"])
    def test_a_login_that_may_pass_later(self, send, start_smtp_server, words):
        login = Login("sender", "right")
        sending = send(start_smtp_server(reply("AUTH", words), tls="starttls", login=login))
        assert (sending.outcome, words in sending.error) == (Outcome.LATER, True)

    def test_what_a_server_says_is_no_sentence_of_msmtp(self, send, start_smtp_server):
        words = "451 4.7.1 authentication method PLAIN needs a password"
        assert send(start_smtp_server(reply("MAIL", words))).outcome is Outcome.LATER

    def test_nobody_listens(self, send, refusing_port):
        sending = send(refusing_port)
        assert sending.outcome is Outcome.LATER
        assert "Connection refused" in sending.error

    def test_a_host_that_nobody_knows(self, tmp_path, msmtp_program):
        config = tmp_path / "msmtprc"
        config.write_text("account default\nhost nowhere.invalid\nfrom a@b.org\n")
        sending = Msmtp(msmtp_program, config, 5).send(MAIL, ONE)
        assert sending.outcome is Outcome.LATER
        assert "nowhere.invalid" in sending.error

    @pytest.mark.parametrize("account", [{"trusted": False}, {}])
    def test_a_certificate_that_is_not_the_servers(self, send, start_smtp_server, account):
        name = "other.example.org" if not account else "127.0.0.1"
        sending = send(start_smtp_server(tls="starttls", certificate_for=name), **account)
        assert sending.outcome is Outcome.LATER
        assert "certificate" in sending.error


class TestMaybe:
    @pytest.mark.parametrize("stage", ["dot", "taken"])
    @pytest.mark.parametrize("fault", [hang, drop])
    def test_a_server_that_falls_silent_with_the_whole_mail(
        self, send, start_smtp_server, fault, stage
    ):
        server = start_smtp_server(fault(stage))
        assert send(server).outcome is Outcome.MAYBE
        assert len(server.received) == (stage == "taken")

    def test_a_program_that_never_ends_is_stopped_with_its_children(self, tmp_path):
        mark = tmp_path / "child"
        program = tmp_path / "msmtp"
        program.write_text(
            f"#!/bin/sh\ncat >/dev/null\nsleep 60 & echo $! >{mark}\necho waiting >&2\nwait\n"
        )
        program.chmod(0o755)
        begun = time.monotonic()
        sending = Msmtp(str(program), None, 1).send(MAIL, ONE)
        assert time.monotonic() - begun < 20
        assert sending.outcome is Outcome.MAYBE
        assert sending.error == "waiting; stopped after 4 s"
        assert _is_gone(int(mark.read_text()))


class TestRefused:
    @pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "dot"])
    def test_a_server_that_wants_none_of_it(self, send, start_smtp_server, stage):
        """msmtp exits with 65, but with 69 if the whole mail is refused, whether for now or for good."""
        sending = send(start_smtp_server(reply(stage, "554 5.7.1 never")))
        assert sending.outcome is Outcome.REJECTED
        assert "554 5.7.1 never" in sending.error

    def test_one_bad_recipient_does_not_keep_the_mail_from_the_others(
        self, send, start_smtp_server
    ):
        server = start_smtp_server(reply("RCPT", "550 5.1.1 gone", recipient="two@example.org"))
        sending = send(server, to=("one@example.org", "two@example.org", "three@example.org"))
        assert sending.outcome is Outcome.PARTLY
        assert "550 5.1.1 gone" in sending.error
        assert sending.remedy == "Check NOTIFY_EMAIL and MAIL_FROM."
        assert [m.recipients for m in server.received] == [
            ("one@example.org",),
            ("three@example.org",),
        ]

    @pytest.mark.parametrize(
        ("stage", "words", "remedy"),
        [
            ("MAIL", "553 5.7.1 not owned by user", "Check NOTIFY_EMAIL and MAIL_FROM."),
            ("RCPT", "550 5.1.1 no such user", "Check NOTIFY_EMAIL and MAIL_FROM."),
            ("RCPT", "550 no such user", "Check NOTIFY_EMAIL and MAIL_FROM."),
            ("MAIL", "552 5.3.4 Message size exceeds fixed limit", "See the server's reply."),
            ("MAIL", "552 Message size exceeds maximum", "See the server's reply."),
            ("RCPT", "550 5.4.1 Recipient address rejected", "Check NOTIFY_EMAIL and MAIL_FROM."),
            ("RCPT", "552 5.2.2 mailbox full", "See the server's reply."),
            ("MAIL", "550 5.6.7 no SMTPUTF8", "See the server's reply."),
        ],
    )
    def test_addresses_are_suspected_only_where_they_may_be_wrong(
        self, send, start_smtp_server, stage, words, remedy
    ):
        assert send(start_smtp_server(reply(stage, words))).remedy == remedy

    def test_bad_recipients_alone_are_a_refusal(self, send, start_smtp_server):
        server = start_smtp_server(reply("RCPT", "550 5.1.1 gone"))
        assert send(server, to=("one@example.org", "two@example.org")).outcome is Outcome.REJECTED


class TestSetup:
    def test_a_server_that_wants_a_login_is_no_wrong_address(self, send, start_smtp_server):
        server = start_smtp_server(reply("MAIL", "530 5.7.0 Authentication required"))
        assert send(server).outcome is Outcome.SETUP

    def test_a_server_without_the_tls_that_is_wanted(self, tmp_path, msmtp_program, mail_server):
        config = write_msmtprc(tmp_path / "msmtprc", mail_server)
        config.write_text(config.read_text().replace("tls off", "tls on\ntls_certcheck off"))
        sending = Msmtp(msmtp_program, config, 1).send(MAIL, ONE)
        assert (sending.outcome, "TLS" in sending.error) == (Outcome.SETUP, True)

    def test_no_msmtp(self, send, mail_server):
        sending = send(mail_server, program="no-such-msmtp")
        assert sending.outcome is Outcome.SETUP
        assert "Could not run no-such-msmtp: No such file" in sending.error

    def test_a_program_that_may_not_be_started(self, send, mail_server, tmp_path):
        (tmp_path / "plain").write_text("x")
        assert send(mail_server, program=str(tmp_path / "plain")).outcome is Outcome.SETUP

    def test_a_configuration_that_never_ends_is_not_read(self, msmtp_program, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        for path in (Path("/dev/zero"), tmp_path / "pipe"):
            sending = Msmtp(msmtp_program, path, 60).send(MAIL, ONE)
            assert sending.outcome is Outcome.SETUP
            assert sending.error == f"MSMTP_CONFIG names {path}, which is not a file"
            assert sending.remedy == "Set MSMTP_CONFIG to a readable file."

    def test_a_configuration_that_is_not_there(self, msmtp_program, tmp_path):
        sending = Msmtp(msmtp_program, tmp_path / "none", 1).send(MAIL, ONE)
        assert sending.outcome is Outcome.SETUP
        assert f"{tmp_path}/none, which cannot be read" in sending.error

    @pytest.mark.parametrize("given", [True, False])
    def test_a_configuration_that_is_a_folder(self, msmtp_program, tmp_path, monkeypatch, given):
        monkeypatch.setenv("HOME", str(tmp_path))
        folder = tmp_path / ".msmtprc"
        folder.mkdir()
        sending = Msmtp(msmtp_program, folder if given else None, 1).send(MAIL, ONE)
        assert sending.outcome is Outcome.SETUP
        assert sending.error.endswith(f"{folder}: input error")
        assert sending.remedy.startswith("Fix msmtp's configuration")

    def test_no_configuration_at_all(self, msmtp_program, tmp_path, monkeypatch):
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        assert Msmtp(msmtp_program, None, 1).send(MAIL, ONE).outcome is Outcome.SETUP

    @pytest.mark.parametrize(
        "text",
        ["", "nonsense on\n", "account default\nhost 127.0.0.1\n"],
        ids=["empty", "wrong", "no from"],
    )
    def test_a_configuration_that_msmtp_does_not_take(self, msmtp_program, tmp_path, text):
        config = tmp_path / "msmtprc"
        config.write_text(text)
        assert Msmtp(msmtp_program, config, 1).send(MAIL, ONE).outcome is Outcome.SETUP

    def test_a_wrong_password_is_not_told(self, send, start_smtp_server):
        server = start_smtp_server(tls="starttls", login=Login("sender", "right"))
        sending = send(server, password="Geheim99-wrong")  # noqa: S106 - a wrong one
        assert sending.outcome is Outcome.SETUP
        assert "authentication failed" in sending.error
        assert "Geheim99" not in sending.error

    @pytest.mark.parametrize(
        ("given", "instead", "words"),
        [
            ("password right", "", "authentication method PLAIN needs a password"),
            ("password right", 'password ""', "authentication method PLAIN needs a password"),
            ("password right", "passwordeval false", "cannot read output of 'false'"),
            ("password right", "passwordeval true", "cannot read output of 'true'"),
            ("user sender", "", "authentication method PLAIN needs a user name"),
            ("auth on", "auth cram-md5", "does not support authentication method CRAM-MD5"),
            ("auth on", "auth nonsense", "invalid argument nonsense for command auth"),
            ("host 127.0.0.1", "", "host not set"),
            ("account default", "account other", "account default not found"),
            ("tls on", "tls on\ntls_priorities NONSENSE", "cannot set priorities for TLS session"),
            ("tls on", "tls on\ntls_crl_file /none", "cannot set X509 CRL file /none"),
            ("tls on", "tls on\ndsn_notify failure", "the server does not support DSN"),
        ],
    )
    def test_a_configuration_that_lacks_something(
        self, start_smtp_server, tmp_path, msmtp_program, monkeypatch, given, instead, words
    ):
        monkeypatch.setenv("HOME", str(tmp_path))  # where a .netrc may hold passwords
        server = start_smtp_server(tls="starttls", login=Login("sender", "right"))
        config = write_msmtprc(tmp_path / "rc", server)
        assert given in config.read_text()
        config.write_text(config.read_text().replace(f"{given}\n", f"{instead}\n"))
        sending = Msmtp(msmtp_program, config, 2).send(MAIL, ONE)
        assert (sending.outcome, words in sending.error) == (Outcome.SETUP, True), sending.error
        assert server.received == ()

    def test_a_login_for_which_no_method_is_safe_without_tls(
        self, start_smtp_server, tmp_path, msmtp_program
    ):
        config = write_msmtprc(
            tmp_path / "rc", start_smtp_server(login=Login("sender", "right"), tls=None)
        )
        config.write_text(config.read_text().replace("auth plain", "auth on"))
        sending = Msmtp(msmtp_program, config, 1).send(MAIL, ONE)
        assert sending.outcome is Outcome.SETUP
        assert "cannot use a secure authentication method" in sending.error

    def test_certificates_that_are_not_there(self, start_smtp_server, tmp_path, msmtp_program):
        config = write_msmtprc(tmp_path / "rc", start_smtp_server(tls="starttls"))
        config.write_text(config.read_text().replace("authority.pem", "none.pem"))
        assert Msmtp(msmtp_program, config, 1).send(MAIL, ONE).outcome is Outcome.SETUP


def test_the_recipient_that_is_refused_is_named(send, start_smtp_server):
    server = start_smtp_server(reply("RCPT", "550 5.1.1 no such user other@example.net"))
    words = send(server).error
    assert "one@example.org" in words
    assert "other@example.net" not in words


@pytest.mark.parametrize("sender", [None, "health@clifford.test"])
def test_our_own_sender_is_named(send, start_smtp_server, sender):
    words = "553 5.7.1 health@clifford.test is not owned by other@example.net"
    error = send(start_smtp_server(reply("MAIL", words)), sender=sender).error
    assert error.startswith("envelope from address health@clifford.test not accepted by the server")
    assert "553 5.7.1 health@clifford.test is not owned by" in error
    assert "other@example.net" not in error


def test_a_program_that_writes_without_end_fills_no_memory(tmp_path):
    program = tmp_path / "msmtp"
    program.write_text("#!/bin/sh\nexec yes >&2\n")
    program.chmod(0o755)
    begun = time.monotonic()
    sending = Msmtp(str(program), None, 60).send(MAIL, ONE)
    assert time.monotonic() - begun < 30
    assert sending.error.startswith("y; y; y; ")


def test_words_are_one_line_without_secrets_and_bounded(tmp_path):
    program = tmp_path / "msmtp"
    program.write_text(
        "#!/bin/sh\nexec >&2\n"
        "printf 'msmtp: bad \\033[31m\\377 token\\n\\nkey sk-proj-A1b2C3d4A1b2C3d4A1b2C3d4A1b2C3d4\\n'\n"
        "head -c 100000 /dev/zero | tr '\\0' x\nexit 75\n"
    )
    program.chmod(0o755)
    sending = Msmtp(str(program), None, 5).send(MAIL, ONE)
    assert sending.outcome is Outcome.LATER
    assert sending.error.startswith("bad ")
    assert sending.error.isprintable()
    assert "A1b2C3d4" not in sending.error
    assert len(sending.error) <= 400


def test_recipients_that_msmtp_cannot_use_are_refused(tmp_path):
    program = tmp_path / "msmtp"
    program.write_text("#!/bin/sh\necho 'msmtp: no recipients found' >&2\nexit 64\n")
    program.chmod(0o755)
    assert Msmtp(str(program), None, 5).send(MAIL, ONE).outcome is Outcome.REJECTED


def test_a_program_that_says_nothing_is_told_by_its_status(tmp_path):
    program = tmp_path / "msmtp"
    program.write_text("#!/bin/sh\nexit 75\n")
    program.chmod(0o755)
    assert Msmtp(str(program), None, 5).send(MAIL, ONE).error == "exit status 75"


def test_secrets_of_ours_are_not_in_its_environment(tmp_path, monkeypatch):
    program = tmp_path / "msmtp"
    program.write_text(f"#!/bin/sh\nenv >{tmp_path}/env\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    for name in SECRETS:
        monkeypatch.setenv(name, "Geheim99")
    Msmtp(str(program), None, 5).send(MAIL, ONE)
    assert "Geheim99" not in (tmp_path / "env").read_text()


def test_a_free_port_is_not_waited_for(send):
    begun = time.monotonic()
    assert send(free_port(), timeout=60).outcome is Outcome.LATER
    assert time.monotonic() - begun < 30


def _is_gone(process: int) -> bool:
    """Within seconds: the kernel takes its time where the machine is busy."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False
