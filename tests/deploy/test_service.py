"""The service as systemd starts it: in its sandbox, with a real store, the AI, msmtp and a mail server."""

from datetime import UTC, datetime, timedelta

import pytest
from deploy.checkout import checkout
from deploy.openai_server import SAID
from deploy.operator_values import FAILURE, MSMTPRC, SERVICE, TIMER
from deploy.play import play
from deploy.state import version_of
from deploy.world import CANARY, LOGIN, OPENAI_KEY, READER
from mail_servers import closed_port, smtp_server

REPORT = "| LLM health "
DROP_IN = f"/etc/systemd/system/{SERVICE}.d/test.conf"
TIMER_DROP_IN = f"/etc/systemd/system/{TIMER}.d/test.conf"


def configure(host, path, *lines):
    """Put a drop-in there."""
    host.write(path, "\n".join(lines) + "\n")
    host.run("systemctl daemon-reload")


def test_a_run_reads_the_store_asks_the_ai_and_mails_the_report(quiet, suite, the_world):
    host = quiet(suite)
    before, asked = len(the_world.mail.received), len(the_world.openai.asked)
    host.run(f"systemctl start {SERVICE}", timeout=300)
    mail = the_world.mail.wait_for_mails(before + 1)[-1]
    assert host.properties(SERVICE, "Result") == {"Result": "success"}
    assert REPORT in str(mail.parsed()["Subject"])
    assert mail.recipients == (READER,)
    assert (mail.encrypted, mail.user) == (True, LOGIN.user)
    text = mail.parsed().get_body(("plain",)).get_content()
    assert "llama-3" in text, "a finding from the store"
    assert SAID in " ".join(text.split())
    assert len(the_world.openai.asked) == asked + 1
    assert the_world.openai.keys[-1] == OPENAI_KEY
    assert len(the_world.mail.received) == before + 1, "once"


def test_the_sandbox_holds(quiet, suite):
    host = quiet(suite)
    configure(
        host,
        DROP_IN,
        "[Service]",
        "ExecStart=",
        "ExecStart=/bin/sh -c 'id -u; touch /usr/mine 2>&1; touch /opt/mine 2>&1; ls /home 2>&1; "
        "ls -ld /root/. 2>&1; cat /opt/llm-benchmarks/.env 2>&1; cat /opt/llm-health-check/current/env 2>&1; "
        "unshare --user true 2>&1; touch $STATE_DIRECTORY/mine && echo state is writable; true'",
    )
    host.run(f"systemctl start {SERVICE}")
    said = host.says(f"journalctl -o cat -u {SERVICE}")
    assert "state is writable" in said
    assert said.count("touch: cannot touch") == 2, said
    assert said.count("Permission denied") >= 3, said
    assert CANARY not in said


def test_a_mail_server_that_comes_back_later_gets_the_report_and_nobody_is_alarmed(
    quiet, usual_suite, the_world
):
    host = quiet(usual_suite)
    configure(host, DROP_IN, "[Service]", "RestartSec=1")
    with closed_port() as port:
        host.run(f"sed -i 's/^\\(\\s*port\\s\\+\\).*/\\1{port}/' {MSMTPRC}")
        host.run(f"systemctl start --no-block {SERVICE}")
        host.wait_for_journal(SERVICE, "restart counter is at 2", 300)
    with smtp_server(
        tls="starttls", login=LOGIN, port=port, certificate=the_world.certificate
    ) as late:
        (mail,) = late.wait_for_mails(1, seconds=300)
        host.wait_for_journal(SERVICE, "Finished llm-health-check", 300)
        assert REPORT in str(mail.parsed()["Subject"])
        assert len(late.received) == 1
    assert host.properties(SERVICE, "Result", "ActiveState") == {
        "Result": "success",
        "ActiveState": "inactive",
    }
    assert not host.journal(FAILURE).count("Starting")


def test_a_second_start_on_the_same_day_sends_nothing_again(quiet, the_world):
    host = quiet()
    host.run(f"systemctl start {SERVICE}", timeout=300)
    sent = len(the_world.mail.received)
    host.run(f"systemctl start {SERVICE}", timeout=300)
    assert len(the_world.mail.received) == sent


def test_the_timer_really_fires(converged, suite, the_world):
    host = converged(suite)
    before = len(the_world.mail.received)
    soon = datetime.now(UTC) + timedelta(seconds=3)
    configure(
        host, TIMER_DROP_IN,
        "[Timer]", "OnCalendar=", f"OnCalendar={soon:%Y-%m-%d %H:%M:%S} UTC",
        "RandomizedDelaySec=0", "AccuracySec=1ms",
    )  # fmt: skip
    host.run(f"systemctl restart {TIMER}")
    mail = the_world.mail.wait_for_mails(before + 1, seconds=300)[-1]
    assert REPORT in str(mail.parsed()["Subject"])
    assert host.properties(SERVICE, "TriggeredBy") == {"TriggeredBy": TIMER}
    assert host.properties(TIMER, "LastTriggerUSec")["LastTriggerUSec"] not in {"", "n/a"}


@pytest.mark.parametrize("missed", [True, False], ids=["missed", "not missed"])
def test_a_host_that_was_down_at_eight_catches_up_when_it_is_back(
    converged, usual_suite, the_world, missed
):
    host = converged(usual_suite)
    before = len(the_world.mail.received)
    stamp = f"/var/lib/systemd/timers/stamp-{TIMER}"
    last_run = datetime.now(UTC) - timedelta(days=1 if missed else 0)
    # The stamp's own time is when the timer last fired.
    configure(host, TIMER_DROP_IN, "[Timer]", "RandomizedDelaySec=0")
    host.run(f"systemctl stop {TIMER} && touch -d '{last_run:%Y-%m-%d %H:%M:%S} UTC' {stamp}")
    host.reboot()
    if missed:
        mail = the_world.mail.wait_for_mails(before + 1, seconds=300)[-1]
        assert REPORT in str(mail.parsed()["Subject"])
    else:
        assert host.properties(SERVICE, "ActiveState") == {"ActiveState": "inactive"}
        assert "Starting" not in host.journal(SERVICE)


def test_a_run_in_progress_survives_a_redeploy_and_an_upgrade(quiet, operator, tmp_path):
    host = quiet()
    python = "/opt/llm-health-check/current/venv/bin/python"
    sleeping = f"ExecStart={python} -c 'import time; time.sleep(600)'"
    configure(host, DROP_IN, "[Service]", "ExecStart=", sleeping)
    host.run(f"systemctl start --no-block {SERVICE}")
    pid = host.properties(SERVICE, "MainPID")
    assert pid != {"MainPID": "0"}
    play(host, **operator).succeeded()
    assert host.properties(SERVICE, "MainPID", "ActiveState") == pid | {"ActiveState": "activating"}
    newer = operator | {"healthcheck_memory_max": "2G", "healthcheck_random_delay_seconds": 60}
    play(host, repository=checkout(tmp_path, "9.9.1"), **newer).succeeded()
    assert version_of(host) == "9.9.1"
    assert host.properties(SERVICE, "MainPID", "ActiveState") == pid | {"ActiveState": "activating"}


def test_a_redeploy_between_two_tries_succeeds_and_ends_none_of_them(
    converged, usual_suite, operator
):
    host = converged(usual_suite)
    configure(host, DROP_IN, "[Service]", "ExecStart=", "ExecStart=/bin/false")
    configure(host, TIMER_DROP_IN, "[Timer]", "RandomizedDelaySec=0")
    host.run(
        f"systemctl stop {TIMER} && touch -d yesterday /var/lib/systemd/timers/stamp-{TIMER}"
        f" && systemctl start {TIMER}"
    )
    host.wait_for_journal(SERVICE, "Main process exited", 300)
    between = {"ActiveState": "activating", "SubState": "auto-restart"}
    assert host.properties(SERVICE, *between) == between
    again = play(host, **operator).succeeded()
    assert again.changes == []
    assert "will be retried" in again.output
    assert "Next run: none" not in again.output
    assert host.properties(SERVICE, *between) == between


def test_a_run_that_is_due_is_not_lost_when_the_timer_changes(
    converged, usual_suite, operator, the_world
):
    host = converged(usual_suite)
    before = len(the_world.mail.received)
    soon = datetime.now(UTC) + timedelta(seconds=2)
    # Its time comes, and its random delay holds it back.
    configure(
        host, TIMER_DROP_IN,
        "[Timer]", "OnCalendar=", f"OnCalendar={soon:%Y-%m-%d %H:%M:%S} UTC",
        "RandomizedDelaySec=30d",
    )  # fmt: skip
    host.run(f"systemctl restart {TIMER} && sleep 3 && rm {TIMER_DROP_IN}")
    assert host.properties(TIMER, "SubState") == {"SubState": "waiting"}
    schedule = f"*-*-* {soon:%H:%M:%S} UTC"
    changed = {"healthcheck_schedule": schedule, "healthcheck_random_delay_seconds": 0}
    play(host, **operator | changed).succeeded()
    mail = the_world.mail.wait_for_mails(before + 1, seconds=300)[-1]
    assert REPORT in str(mail.parsed()["Subject"])


def test_a_command_by_hand_starts_nothing_that_the_service_starts(quiet, the_world):
    host = quiet()
    before = len(the_world.mail.received)
    mailed = "ExecStart=-/opt/llm-health-check/current/venv/bin/llm-health-check run --scheduled"
    configure(
        host, DROP_IN, "[Service]", mailed, "ExecStart=/usr/bin/touch %S/llm-health-check/ran"
    )
    host.run("llm-health-check doctor --offline")
    assert not host.infra.file("/var/lib/llm-health-check/ran").exists
    assert len(the_world.mail.received) == before
