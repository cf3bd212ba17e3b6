"""The doctor looks at the way of the mail: state directory, outbox, msmtp, its account, its server."""

import json
import time

import pytest
from mail_servers import Login, hang, reply, write_msmtprc
from queued_reports import queued

from healthcheck.delivery.outbox import StateDirectory


@pytest.fixture
def examine(health_check, tmp_path, msmtp_program):
    """The checks by their names; `server` is where the account leads to."""

    def examine(server, *options, **settings):
        given = {
            "MSMTP_CONFIG": str(write_msmtprc(tmp_path / "msmtprc", server)),
            "MSMTP_TIMEOUT": "1",
            "NOTIFY_EMAIL": "ops@example.org",
            "STATE_DIRECTORY": str(tmp_path / "kept"),
        } | settings
        done = health_check("doctor", "--format", "json", *options, settings=given)
        assert b"Traceback" not in done.stderr
        return {check["check"]: check for check in json.loads(done.stdout)}

    return examine


def test_all_is_well(examine, start_smtp_server):
    checks = examine(start_smtp_server(tls="starttls", login=Login("sender", "secret")))
    told = {
        name: checks[name]["outcome"]
        for name in ("state directory", "outbox", "msmtp", "mail server")
    }
    assert set(told.values()) == {"ok"}
    assert checks["msmtp"]["found"].startswith("sends as health@clifford.test through 127.0.0.1:")
    assert checks["mail server"]["found"].startswith("responds as mail.test")


def test_the_account_is_the_one_that_the_sender_chooses(examine, mail_server, tmp_path):
    """By --from msmtp takes the account with that sender, and not the default one."""
    config = write_msmtprc(tmp_path / "two", mail_server)
    config.write_text(
        f"{config.read_text()}\naccount other\nhost 127.0.0.1\nport 9\nfrom other@example.org\n"
    )
    config.chmod(0o600)
    settings = {"MSMTP_CONFIG": str(config), "MAIL_FROM": "Other <other@example.org>"}
    checks = examine(mail_server, **settings)
    assert checks["msmtp"]["found"].startswith("sends as other@example.org through 127.0.0.1:9")
    assert checks["mail server"]["outcome"] == "failed"
    assert examine(mail_server, MSMTP_CONFIG=str(config))["mail server"]["outcome"] == "ok"


def test_who_gets_the_report_is_told(health_check, examine, mail_server):
    told = examine(mail_server)["recipients"]
    assert (told["outcome"], told["found"]) == ("ok", "ops@example.org")
    said = health_check("doctor", "--offline").stdout.decode()
    assert (
        "warning  recipients: NOTIFY_EMAIL not set; falling back to the default david010@gmail.com"
        in said
    )


def test_nothing_is_sent_unless_asked_for(examine, mail_server):
    assert "test mail" not in examine(mail_server)
    assert mail_server.received == ()


def test_a_mail_is_sent_when_asked_for(examine, mail_server):
    checks = examine(mail_server, "--test-mail")
    assert checks["test mail"]["outcome"] == "ok"
    (mail,) = mail_server.received
    assert mail.recipients == ("ops@example.org",)
    assert str(mail.parsed()["Subject"]).startswith("[TEST] LLM Benchmarks Daily Health")
    assert "The daily report is sent the same way" in " ".join(mail.parsed().get_content().split())


def test_a_test_mail_that_is_refused(examine, start_smtp_server):
    checks = examine(start_smtp_server(reply("RCPT", "550 5.1.1 no such user")), "--test-mail")
    assert checks["test mail"]["outcome"] == "failed"
    assert "550 5.1.1 no such user" in checks["test mail"]["found"]


def test_a_test_mail_needs_the_network(health_check):
    done = health_check("doctor", "--offline", "--test-mail")
    assert done.returncode == 2
    assert b"--offline" in done.stderr


def test_offline_no_server_is_asked(examine, mail_server):
    assert "mail server" not in examine(mail_server, "--offline")
    assert mail_server.commands == ()


@pytest.mark.parametrize("options", [(), ("--offline",)])
@pytest.mark.parametrize(
    "wrong",
    [{"MSMTP": "no-such-msmtp"}, {"MSMTP_CONFIG": "/nowhere/msmtprc"}, {"MSMTP_CONFIG": "/dev/zero"}],
    ids=str,
)  # fmt: skip
def test_what_is_not_there_needs_no_network_to_be_missed(examine, mail_server, wrong, options):
    check = examine(mail_server, *options, **wrong)["msmtp"]
    assert check["outcome"] == "failed"
    assert next(iter(wrong.values())) in check["found"]
    assert check["remedy"]


def test_a_configuration_that_msmtp_does_not_take(examine, mail_server, tmp_path):
    (tmp_path / "wrong").write_text("nonsense on\n")
    check = examine(mail_server, MSMTP_CONFIG=str(tmp_path / "wrong"))["msmtp"]
    assert check["outcome"] == "failed"
    assert "unknown command nonsense" in check["found"]
    assert check["remedy"].startswith("Fix msmtp's configuration")


@pytest.mark.parametrize("options", [(), ("--offline",)])
@pytest.mark.parametrize(
    "text", ["# There is no /etc/msmtprc on this host.\n", "account other\nhost a.b\n"]
)
def test_a_configuration_without_an_account(examine, mail_server, tmp_path, text, options):
    (tmp_path / "none").write_text(text)
    check = examine(mail_server, *options, MSMTP_CONFIG=str(tmp_path / "none"))["msmtp"]
    assert check["outcome"] == "failed"
    assert "account default not found" in check["found"]
    assert check["remedy"].startswith("No mail can be sent. Write /etc/msmtprc ")
    assert "set healthcheck_smtp_host and deploy again" in check["remedy"]


def test_an_account_without_a_sender(examine, mail_server, tmp_path):
    config = tmp_path / "senderless"
    config.write_text("account default\nhost 127.0.0.1\n")
    check = examine(mail_server, MSMTP_CONFIG=str(config))["msmtp"]
    assert (check["outcome"], check["found"]) == ("failed", "no sender address is set")
    assert check["remedy"] == "Set MAIL_FROM, or from in msmtp's configuration."
    settings = {"MSMTP_CONFIG": str(config), "MAIL_FROM": "me@example.org"}
    assert examine(mail_server, **settings)["msmtp"]["outcome"] == "ok"


def test_no_configuration_at_all(examine, mail_server, tmp_path):
    homeless = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "MSMTP_CONFIG": ""}
    check = examine(mail_server, **homeless)["msmtp"]
    assert "no configuration file available" in check["found"]
    assert check["remedy"].startswith("No mail can be sent.")


def test_a_password_that_everybody_may_read(examine, mail_server, tmp_path):
    config = write_msmtprc(tmp_path / "open", mail_server)
    config.write_text(config.read_text() + "user sender\npassword Geheim99\n")
    config.chmod(0o644)
    checks = examine(mail_server, MSMTP_CONFIG=str(config))
    assert checks["msmtp"]["outcome"] == "warning"
    assert checks["msmtp"]["remedy"] == f"Run chmod o-rwx {config}"
    assert checks["mail server"]["outcome"] == "ok"
    assert "Geheim99" not in json.dumps(checks)


def test_a_configuration_without_a_password_may_be_open(examine, mail_server, tmp_path):
    config = write_msmtprc(tmp_path / "open", mail_server)
    config.chmod(0o644)
    assert examine(mail_server, MSMTP_CONFIG=str(config))["msmtp"]["outcome"] == "ok"


def test_a_server_that_hangs_is_waited_for_a_bounded_time(examine, start_smtp_server):
    begun = time.monotonic()
    checks = examine(start_smtp_server(hang("EHLO")))
    assert time.monotonic() - begun < 30
    assert checks["mail server"]["outcome"] == "failed"
    assert "timed out" in checks["mail server"]["found"]


def test_a_server_that_nobody_trusts(examine, start_smtp_server, tmp_path):
    server = start_smtp_server(tls="starttls")
    config = write_msmtprc(tmp_path / "untrusted", server, trusted=False)
    checks = examine(server, MSMTP_CONFIG=str(config))
    assert checks["mail server"]["outcome"] == "failed"
    assert "certificate" in checks["mail server"]["found"]


def test_no_server(examine, refusing_port):
    assert "Connection refused" in examine(refusing_port)["mail server"]["found"]


def test_what_waits_and_what_was_rejected_is_counted(examine, mail_server, tmp_path):
    assert examine(mail_server, "--offline")["outbox"]["found"] == "empty"
    store = StateDirectory(tmp_path / "kept")
    store.outbox.put(queued())
    waiting = examine(mail_server, "--offline")["outbox"]
    assert (waiting["outcome"], waiting["found"]) == ("warning", "1 waiting")
    assert "outbox list" in waiting["remedy"]
    store.outbox.move("2026-03-10", store.rejected)
    others = examine(mail_server, "--offline")["outbox"]
    assert others["found"] == "1 rejected"


def test_a_state_directory_that_cannot_be_written_to(examine, mail_server):
    check = examine(mail_server, "--offline", STATE_DIRECTORY="/proc/nowhere")["state directory"]
    assert check["outcome"] == "failed"
    assert "STATE_DIRECTORY" in check["remedy"]


def test_it_leaves_nothing_behind(examine, mail_server, tmp_path):
    examine(mail_server, "--offline")
    assert not (tmp_path / "kept").exists()


def test_the_first_state_directory_counts(examine, mail_server, tmp_path):
    two = f"{tmp_path}/first:{tmp_path}/second"
    found = examine(mail_server, "--offline", STATE_DIRECTORY=two)["state directory"]["found"]
    assert f"{tmp_path}/first can be created" in found


def test_a_relative_state_directory(examine, mail_server):
    check = examine(mail_server, "--offline", STATE_DIRECTORY="kept")["state directory"]
    assert check["outcome"] == "failed"
