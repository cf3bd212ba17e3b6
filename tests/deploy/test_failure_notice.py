"""A service that fails for good is told about, once, whatever it was that broke."""

import pytest
from deploy.operator_values import ENV, FAILURE, HOME, NOTICE_MSMTPRC, OWN_ENV, SERVICE
from deploy.world import CANARY, READER
from mail_servers import closed_port

DROP_IN = f"/etc/systemd/system/{SERVICE}.d/test.conf"
TRIES = 3


def no_database(host):
    with closed_port() as port:
        uri = f"mongodb://127.0.0.1:{port}/?serverSelectionTimeoutMS=200"
        host.run(f"sed -i 's|^MONGODB_URI=.*|MONGODB_URI={uri}|' {ENV} {OWN_ENV}")


def no_virtual_environment(host):
    host.run(f"rm -rf {HOME}/venvs/*/lib")


def no_generation_at_all(host):
    host.run(f"rm -rf {HOME}/current {HOME}/generations {HOME}/venvs")


def no_environment(host):
    host.run(f"rm {ENV}")


def no_settings(host):
    host.run(f": > {ENV}; rm {OWN_ENV}")


def text_of(mail) -> str:
    return mail.parsed().get_body(("plain",)).get_content()


BROKEN = [no_database, no_virtual_environment, no_generation_at_all, no_environment, no_settings]


@pytest.mark.parametrize("breaks", BROKEN, ids=lambda each: each.__name__)
def test_a_failure_for_good_is_told_exactly_once(quiet, suite, the_world, breaks):
    host = quiet(suite)
    breaks(host)
    host.write(DROP_IN, f"[Unit]\nStartLimitBurst={TRIES}\n[Service]\nRestartSec=100ms\n")
    host.run("systemctl daemon-reload")
    before = len(the_world.mail.received)
    host.run(f"systemctl start --no-block {SERVICE}")
    mail = the_world.mail.wait_for_mails(before + 1, seconds=300)[-1]
    assert mail.recipients == (READER,)
    assert mail.encrypted
    assert SERVICE in str(mail.parsed()["Subject"])
    assert CANARY not in text_of(mail)
    if breaks is no_database:
        assert f"{TRIES} attempts, first at 20" in text_of(mail)
    if breaks is no_environment:
        assert f"(LoadCredential=) is missing: {ENV}." in text_of(mail)
    # The mail is here a moment before what sent it has ended.
    host.wait_for_journal(FAILURE, "Finished ")
    # All is over: systemd tries no more, and the notice is out.
    assert host.properties(SERVICE, "ActiveState", "SubState") == {
        "ActiveState": "failed",
        "SubState": "failed",
    }
    assert host.says("systemctl list-jobs --no-legend") == ""
    assert host.journal(FAILURE).count("Starting") == 1, host.journal(FAILURE)
    assert len(the_world.mail.received) == before + 1


def test_the_notice_shows_the_lines_of_the_run_that_failed(quiet, usual_suite, the_world):
    host = quiet(usual_suite)
    host.write(
        DROP_IN,
        "[Unit]\nStartLimitBurst=1\n[Service]\nRestartSec=100ms\nExecStart=\n"
        "ExecStart=/bin/sh -c 'echo the reason; exit 1'\n",
    )
    host.run("systemctl daemon-reload")
    before = len(the_world.mail.received)
    host.run(f"systemctl start {SERVICE}", check=False)
    mail = the_world.mail.wait_for_mails(before + 1)[-1]
    assert "the reason" in text_of(mail)
    assert host.name in text_of(mail)


def test_a_notice_ends_when_it_is_told_to_at_whatever_moment(quiet, usual_suite):
    host = quiet(usual_suite)
    host.run(f"rm {NOTICE_MSMTPRC}")  # so that it would go on trying
    for moment in (0, 0.01, 0.03, 0.1, 0.5):
        host.run(f"systemctl start --no-block {FAILURE}; sleep {moment}")
        host.run(f"timeout 20 systemctl stop {FAILURE}")
        assert host.properties(FAILURE, "MainPID") == {"MainPID": "0"}
