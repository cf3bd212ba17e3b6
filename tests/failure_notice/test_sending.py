"""It is sent as long as there is a way, by the real msmtp; and it says when there was none."""

import re
import subprocess

import pytest
from mail_servers import Login, closed_port, drop, hang, reply, smtp_server, write_msmtprc
from mail_servers.fixtures import required_program
from notices import EACH_SHELL, SCRIPT, UNIT


def test_shellcheck_has_no_objection():
    shellcheck = required_program("shellcheck", package="shellcheck")
    done = subprocess.run([shellcheck, "-s", "sh", SCRIPT], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_with_tls_and_a_login(notice, start_smtp_server, tls):
    server = start_smtp_server(tls=tls, login=Login("sender", "secret"))
    notice.sends_to(server)
    done = notice.run()
    assert (done.returncode, done.stderr) == (
        0,
        "llm-health-check-failure: sent to operator@example.org\n",
    )
    assert (server.received[0].user, server.received[0].encrypted) == ("sender", True)


def test_where_none_is_named_msmtp_s_own_configuration(notice, mail_server, tmp_path):
    del notice.environment["MSMTP_CONFIG"]
    notice.environment["HOME"] = str(tmp_path)
    write_msmtprc(tmp_path / ".msmtprc", mail_server)
    assert notice.run().returncode == 0
    assert len(mail_server.received) == 1


def test_the_settings_may_name_another_msmtp_and_configuration(notice, mail_server, tmp_path):
    (tmp_path / "bin" / "msmtp").rename(tmp_path / "mailer")
    notice.environment |= {
        "MSMTP": str(tmp_path / "mailer"),
        "MSMTP_CONFIG": str(write_msmtprc(tmp_path / "own", mail_server)),
    }
    assert notice.run().returncode == 0
    assert len(mail_server.received) == 1


@EACH_SHELL
def test_the_mail_server_comes_back(notice):
    notice.environment["FAILURE_NOTICE_TRIES"] = "20"
    with closed_port() as port:
        notice.sends_to(port)
        process = notice.start(UNIT)
        assert process.stderr
        assert "msmtp exited with 75" in process.stderr.readline()
    with smtp_server(port=port) as server, process:
        assert process.wait(60) == 0
        assert len(server.received) == 1


@EACH_SHELL
def test_it_gives_up_in_the_end(notice, refusing_port):
    notice.environment["FAILURE_NOTICE_TRIES"] = "3"
    notice.environment["FAILURE_NOTICE_INTERVAL"] = "0"
    notice.sends_to(refusing_port)
    done = notice.run()
    assert done.returncode == 75
    assert done.stderr.count("msmtp exited with 75") == 3
    assert done.stderr.endswith("and the mail about it could not be sent.\n")


@pytest.mark.parametrize("stage", ["connect", "EHLO", "MAIL", "RCPT", "DATA", "content", "dot"])
@pytest.mark.parametrize("fault", [hang, drop])
def test_a_server_that_hangs_or_drops_once_gets_it_the_next_time(
    notice, start_smtp_server, fault, stage
):
    notice.environment |= {
        "FAILURE_NOTICE_TRIES": "3",
        "FAILURE_NOTICE_INTERVAL": "0",
        "FAILURE_NOTICE_TIMEOUT": "1",
    }
    server = start_smtp_server(fault(stage, times=1))
    notice.sends_to(server)
    assert notice.run().returncode == 0
    assert len(server.received) == 1


@EACH_SHELL
def test_sent_twice_it_is_the_same_mail(notice, start_smtp_server):
    notice.environment |= {"FAILURE_NOTICE_TRIES": "2", "FAILURE_NOTICE_INTERVAL": "0"}
    server = start_smtp_server(drop("taken", times=1))
    notice.sends_to(server)
    assert notice.run().returncode == 0
    first, second = server.received
    assert first.content == second.content


def test_an_msmtp_that_hangs_itself_is_ended(notice):
    notice.environment["FAILURE_NOTICE_TIMEOUT"] = "-9"
    notice.program("msmtp", "#!/bin/sh\nexec sleep 50\n")
    done = notice.run()
    assert done.returncode == 75
    assert "msmtp exited with 124" in done.stderr


@pytest.mark.parametrize(
    "fault",
    [
        reply("MAIL", "451 4.3.0 later", times=1),
        reply("RCPT", "450 4.2.0 greylisted", times=1),
        reply("DATA", "451 4.3.0 later", times=1),
        reply("dot", "452 4.3.1 disk full", times=1),
        reply("connect", "421 4.3.2 going down", times=1),
    ],
    ids=lambda fault: fault.stage,
)
def test_later_is_tried_again(notice, start_smtp_server, fault):
    notice.environment |= {"FAILURE_NOTICE_TRIES": "2", "FAILURE_NOTICE_INTERVAL": "0"}
    server = start_smtp_server(fault)
    notice.sends_to(server)
    assert notice.run().returncode == 0
    assert len(server.received) == 1


@pytest.mark.parametrize(("stage", "tried"), [("MAIL", 2), ("dot", 2)])
def test_a_refusal_for_good_is_not_repeated(notice, start_smtp_server, stage, tried):
    notice.environment |= {"FAILURE_NOTICE_TRIES": "9", "FAILURE_NOTICE_INTERVAL": "0"}
    server = start_smtp_server(reply(stage, "550 5.7.1 no"))
    notice.sends_to(server)
    assert notice.run().returncode == 69
    # Once for NOTIFY_EMAIL, once for the default behind it.
    assert server.commands.count("MAIL") == tried


@EACH_SHELL
def test_one_bad_recipient_keeps_it_from_nobody(notice, start_smtp_server):
    server = start_smtp_server(reply("RCPT", "550 5.1.1 who?", recipient="gone@example.org"))
    notice.sends_to(server)
    notice.environment["NOTIFY_EMAIL"] = "gone@example.org,here@example.org"
    done = notice.run()
    assert done.returncode == 0
    assert [mail.recipients for mail in server.received] == [("here@example.org",)]
    assert re.search(r"gone@example\.org: msmtp exited with 65: .*550 5\.1\.1 who\?", done.stderr)


@EACH_SHELL
def test_where_all_are_refused_the_default_is_told(notice, start_smtp_server):
    server = start_smtp_server(reply("RCPT", "550 5.1.1 who?", recipient="operator@example.org"))
    notice.sends_to(server)
    assert notice.run().returncode == 0
    assert server.received[0].recipients == ("deployed@example.org",)


@EACH_SHELL
def test_a_refused_login_is_not_repeated(notice, start_smtp_server):
    notice.environment |= {"FAILURE_NOTICE_TRIES": "9"}
    server = start_smtp_server(tls="starttls", login=Login("sender", "secret"))
    notice.sends_to(server, password="wrong")  # noqa: S106 - it is wrong
    done = notice.run()
    assert done.returncode == 77
    assert server.commands.count("AUTH") == 1
    assert "wrong" not in done.stderr


def test_a_login_that_is_to_come_later_is_tried_again(notice, start_smtp_server):
    notice.environment |= {"FAILURE_NOTICE_TRIES": "2", "FAILURE_NOTICE_INTERVAL": "0"}
    later = reply("AUTH", "454 4.7.0 Temporary authentication failure", times=1)
    server = start_smtp_server(later, tls="starttls", login=Login("sender", "secret"))
    notice.sends_to(server)
    assert notice.run().returncode == 0
    assert len(server.received) == 1


@EACH_SHELL
def test_a_login_without_a_password_is_not_repeated(notice, start_smtp_server):
    notice.environment |= {"FAILURE_NOTICE_TRIES": "9", "HOME": str(notice.folder)}
    server = start_smtp_server(tls="starttls", login=Login("sender", "secret"))
    notice.sends_to(server)
    config = notice.folder / "msmtprc"
    config.write_text(config.read_text().replace("password secret\n", ""))
    done = notice.run()
    assert done.returncode == 78
    assert done.stderr.count("authentication method PLAIN needs a password") == 1


@EACH_SHELL
def test_without_msmtp(notice):
    notice.without("msmtp")
    notice.environment["FAILURE_NOTICE_TRIES"] = "9"
    done = notice.run()
    assert done.returncode == 78
    assert "msmtp exited with 127" in done.stderr


def test_a_broken_configuration(notice, tmp_path):
    notice.environment["FAILURE_NOTICE_TRIES"] = "9"
    (tmp_path / "msmtprc").write_text("nonsense\n")
    assert notice.run().returncode == 78
