"""The playbooks of the days after."""

import json
import re

from deploy.operator_values import (
    FAILURE,
    HOME,
    HOST_MSMTPRC,
    MSMTPRC,
    NOTICE_MSMTPRC,
    SERVICE,
    TIMER,
)
from deploy.play import play
from deploy.world import CANARY


def test_the_status_is_one_readable_report(converged, operator):
    host = converged()
    shown = play(host, "status.yml", **operator).succeeded()
    assert shown.changes == []
    said = shown.output.lower()
    for word in ("generation", "next run", "last run", "timer"):
        assert word in said, shown.output


def test_the_status_of_a_host_that_was_never_deployed_to_says_so(blank, operator):
    shown = play(blank(), "status.yml", **operator).failed("run deploy.yml")
    assert "Traceback" not in shown.output


def test_the_status_tells_of_a_run_that_failed(converged, operator):
    host = converged()
    host.write(
        f"/etc/systemd/system/{SERVICE}.d/test.conf",
        "[Unit]\nOnFailure=\nStartLimitBurst=1\n[Service]\nExecStart=\nExecStart=/bin/sh -c 'echo a reason; exit 1'\n",
    )
    host.run(f"systemctl daemon-reload; systemctl start {SERVICE}", check=False)
    shown = play(host, "status.yml", **operator)
    assert "a reason" in shown.output
    assert "Exit status 1: the report could not be made" in shown.output
    assert "failed" in shown.output.lower()


def test_the_status_fails_where_the_next_report_would_not_come(converged, operator):
    host = converged()
    fine = play(host, "status.yml", **operator).succeeded()
    assert "ACTION REQUIRED" not in fine.output

    def fails_with(words: str) -> None:
        play(host, "status.yml", **operator).failed("The next report would not be sent", words)

    host.run(f"systemctl disable --now {TIMER}")
    fails_with("The timer is stopped or disabled")
    host.run(f"systemctl enable --now {TIMER}")
    host.run("sed -i '1i OPENAI_DEADLINE=soon' /opt/llm-benchmarks/.env")
    fails_with("OPENAI_DEADLINE must be a number")
    host.run("rm /opt/llm-benchmarks/.env")
    fails_with("/opt/llm-benchmarks/.env is missing, and the next run would fail")
    host.run(f"rm -r {HOME}/current/venv/lib/python3*/site-packages/click")
    fails_with("The program is damaged, and the next run would fail: deploy again")


def test_a_run_by_playbook_shows_its_journal_and_its_result(quiet, operator, the_world):
    host = quiet()
    before = len(the_world.mail.received)
    shown = play(host, "run.yml", **operator).succeeded()
    the_world.mail.wait_for_mails(before + 1)
    assert host.properties(SERVICE, "Result") == {"Result": "success"}
    assert "The run succeeded, and the report was sent." in " ".join(shown.output.split())
    assert "FAILED" not in shown.output, "a good run alarms nobody"
    again = play(host, "run.yml", **operator).succeeded()
    assert "nothing was sent" in " ".join(again.output.split())
    assert len(the_world.mail.received) == before + 1
    play(host, "run.yml", "-e", "force=true", **operator).succeeded()
    the_world.mail.wait_for_mails(before + 2)


def test_a_run_by_playbook_that_fails_says_why_and_fails(quiet, usual_suite, operator):
    host = quiet(usual_suite)
    for seconds in (0, 4):  # the second time systemd would wait for a quarter of an hour
        program = f"/bin/sh -c 'echo a reason; sleep {seconds}; exit 1'"
        host.write(
            f"/etc/systemd/system/{SERVICE}.d/test.conf",
            f"[Unit]\nOnFailure=\n[Service]\nExecStart=\nExecStart={program}\n",
        )
        host.run("systemctl daemon-reload")
        play(host, "run.yml", **operator).failed("a reason", "the report could not be made")
    dry = play(host, "run.yml", "--check", **operator, timeout=60).succeeded()
    assert "a reason" not in dry.output


def test_a_notice_that_could_not_be_sent_is_told_of_until_a_good_run(quiet, operator):
    host = quiet()
    good = host.read(NOTICE_MSMTPRC)
    host.run(f"echo account default > {NOTICE_MSMTPRC}; systemctl start {FAILURE}", check=False)
    assert host.properties(FAILURE, "ActiveState") == {"ActiveState": "failed"}
    told = "The failure notice could not be sent"
    assert told in " ".join(play(host, "status.yml", **operator).output.split())
    host.write(NOTICE_MSMTPRC, good, mode="0600")
    play(host, "run.yml", **operator).succeeded()
    assert host.properties(FAILURE, "ActiveState") == {"ActiveState": "inactive"}
    assert told not in " ".join(play(host, "status.yml", **operator).output.split())


def test_known_issues_are_a_variable_of_the_role(converged, operator):
    host = converged()
    mute = {
        "provider": "groq",
        "model": "llama-*",
        "until": "2030-01-01",
        "reason": "ticket 'seven'",
    }
    play(host, **operator | {"healthcheck_known_issues": [mute]}).succeeded()
    report = host.says("llm-health-check run --dry-run --no-ai --format json")
    assert "ticket 'seven'" in json.dumps(json.loads(report), ensure_ascii=False)


def test_the_doctor_of_a_deploy_reports_what_it_reached(deployed, suite):
    said = deployed(suite).first.output
    for reached in ("MongoDB", "OpenAI", "mail server"):
        assert re.search(rf"ok +{reached}", said), said


def test_an_unreachable_store_fails_the_deploy_and_undoes_nothing(converged, operator):
    host = converged()
    dead = operator | {
        "healthcheck_secrets": operator["healthcheck_secrets"]
        | {"MONGODB_URI": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300"}
    }
    old = host.says(f"readlink {HOME}/current")
    play(host, **dead).failed(
        "Everything is installed and stays", "MongoDB", "healthcheck_verify_fatal to false"
    )
    assert host.says(f"readlink {HOME}/current") != old
    assert host.infra.service(TIMER).is_running
    warned = play(host, **dead | {"healthcheck_verify_fatal": False}).succeeded()
    assert "ACTION REQUIRED: The doctor reports: failed MongoDB" in " ".join(warned.output.split())


def test_without_a_mail_set_up_the_deploy_fails_and_undoes_nothing(converged, operator):
    host = converged()
    without = operator | {"healthcheck_smtp_host": ""}
    play(host, **without).failed("NO MAIL will be sent")
    assert not host.infra.file(HOST_MSMTPRC).exists
    assert not host.infra.file(NOTICE_MSMTPRC).exists
    assert host.infra.service(TIMER).is_running
    play(host, **without | {"healthcheck_verify_fatal": False}).succeeded()
    play(host, "status.yml", **without).failed("NO MAIL will be sent")


def test_a_mail_set_up_of_the_host_is_used_and_left_alone(converged, operator):
    host = converged()
    own = "# The host's own.\n" + host.read(MSMTPRC)
    host.write(HOST_MSMTPRC, own, mode="0600")
    play(host, **operator).succeeded()
    play(host, **operator | {"healthcheck_smtp_host": ""}).succeeded()
    assert host.read(HOST_MSMTPRC) == own
    assert "clifford@example.test" in host.says("llm-health-check doctor --offline")


def test_a_deploy_without_the_password_keeps_the_one_on_the_host(converged, operator):
    host = converged()
    held = operator | {
        "healthcheck_smtp_password": 'c4nary "quoted" \\ é#',
        "healthcheck_verify_fatal": False,  # it is another than the mail server knows
    }
    play(host, **held).succeeded()
    before = host.read(MSMTPRC)
    assert 'password "c4nary "quoted" \\ é#"\n' in before
    without = held | {"healthcheck_smtp_password": ""}
    dry = play(host, "deploy.yml", "-vvv", "--diff", "--check", **without).succeeded()
    again = play(host, "deploy.yml", "-vvv", "--diff", **without).succeeded()
    assert again.changes == []
    # The rest of the configuration changes as ever.
    moved = without | {"healthcheck_smtp_port": 2525}
    changed = play(host, "deploy.yml", "-vvv", "--diff", **moved).succeeded()
    port = f"port {operator['healthcheck_smtp_port']}\n"
    assert host.read(MSMTPRC) == before.replace(port, "port 2525\n") != before
    for shown in (dry, again, changed):
        assert CANARY not in shown.output


def test_the_password_of_one_mail_server_is_not_given_to_another(converged, operator):
    host = converged()
    before = host.read(MSMTPRC)
    elsewhere = {"healthcheck_smtp_password": "", "healthcheck_smtp_host": "127.0.0.2"}
    refused = play(host, **operator | elsewhere).failed("healthcheck_smtp_host is not the server")
    assert refused.changes == []
    assert host.read(MSMTPRC) == before


def test_a_password_that_is_nobodys_or_not_ours_is_not_taken(blank, operator):
    host = blank()
    without = operator | {"healthcheck_smtp_password": ""}
    foreign = 'account default\nhost 127.0.0.1\nuser me\npassword "c4nary-theirs"\n'
    emptied = '# Written by the deploy of llm-health-check.\nuser "me"\npassword ""\n'
    for content in (None, foreign, emptied):
        if content:
            host.write(HOST_MSMTPRC, content, mode="0600")
        refused = play(host, "deploy.yml", "-vvv", "--diff", **without)
        refused.failed("HEALTHCHECK_SMTP_PASSWORD", "healthcheck_smtp_user")
        assert refused.changes == []
        assert CANARY not in refused.output
        assert content is None or host.read(HOST_MSMTPRC) == content
    assert not host.infra.file(HOME).exists
