"""The playbooks of the days after."""

import json
import re

from deploy.operator_values import HOME, SERVICE, TIMER
from deploy.play import play
from deploy.world import CANARY


def test_the_status_is_one_readable_report(converged, operator):
    host = converged()
    shown = play(host, "status.yml", **operator).succeeded()
    assert shown.changes == []
    said = shown.output.lower()
    for word in ("release", "next run", "last run", "timer"):
        assert word in said, shown.output


def test_the_status_of_a_host_that_was_never_deployed_to_says_so(blank, operator):
    shown = play(blank(), "status.yml", **operator)
    assert "Traceback" not in shown.output
    assert "deploy.yml" in shown.output


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


def test_the_status_tells_what_would_fail_tomorrow(converged, operator):
    host = converged()

    def told() -> str:
        return " ".join(play(host, "status.yml", **operator).succeeded().output.split())

    assert "TO BE MENDED" not in told()
    host.run("sed -i '1i OPENAI_DEADLINE=soon' /opt/llm-benchmarks/.env")
    assert "OPENAI_DEADLINE must be a number" in told()
    host.run("rm /opt/llm-benchmarks/.env")
    assert "/opt/llm-benchmarks/.env is missing, and the next run would fail" in told()
    host.run(f"rm -r {HOME}/current/venv/lib/python3*/site-packages/click")
    assert "the release is damaged, and the next run would fail: deploy again" in told()


def test_a_run_by_playbook_shows_its_journal_and_its_result(quiet, operator, the_world):
    host = quiet()
    before = len(the_world.mail.received)
    shown = play(host, "run.yml", **operator).succeeded()
    the_world.mail.wait_for_mails(before + 1)
    assert host.properties(SERVICE, "Result") == {"Result": "success"}
    assert "success" in shown.output.lower()
    assert "FAILED" not in shown.output, "a good run alarms nobody"


def test_a_run_by_playbook_that_fails_says_why_and_fails(quiet, operator):
    host = quiet()
    host.write(
        f"/etc/systemd/system/{SERVICE}.d/test.conf",
        "[Unit]\nOnFailure=\n[Service]\nExecStart=\nExecStart=/bin/sh -c 'echo a reason; exit 1'\n",
    )
    host.run("systemctl daemon-reload")
    for _ in range(2):  # the second time systemd would wait for a quarter of an hour
        play(host, "run.yml", **operator).failed("a reason", "the report could not be made")
    dry = play(host, "run.yml", "--check", **operator, timeout=60).succeeded()
    assert "a reason" not in dry.output


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


def test_an_unreachable_store_is_a_warning_or_fatal_by_a_variable(converged, operator):
    host = converged()
    dead = operator | {
        "healthcheck_secrets": operator["healthcheck_secrets"]
        | {"MONGODB_URI": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300"}
    }
    warned = play(host, **dead).succeeded()
    assert "MongoDB" in warned.output
    play(host, **dead | {"healthcheck_verify_fatal": True}).failed("MongoDB")
    assert host.infra.service(TIMER).is_running


def test_without_mail_settings_the_deploy_says_so_and_goes_on(blank, operator):
    host = blank()
    shown = play(host, **operator | {"healthcheck_smtp_host": ""}).succeeded()
    assert "msmtprc" in shown.output
    assert not host.infra.file("/etc/msmtprc").exists
    assert host.infra.service(TIMER).is_running


def test_a_mail_set_up_that_is_there_is_left_alone(converged, operator):
    host = converged()
    own = "account default\nhost 127.0.0.1\nfrom me@example.test\n"
    host.write("/etc/msmtprc", own, mode="0600")
    play(host, **operator | {"healthcheck_smtp_host": ""}).succeeded()
    assert host.read("/etc/msmtprc") == own


def test_a_deploy_without_the_password_keeps_the_one_on_the_host(converged, operator):
    host = converged()
    before = host.read("/etc/msmtprc")
    without = operator | {"healthcheck_smtp_password": ""}
    dry = play(host, "deploy.yml", "-vvv", "--diff", "--check", **without).succeeded()
    again = play(host, "deploy.yml", "-vvv", "--diff", **without).succeeded()
    assert again.changes == []
    assert host.read("/etc/msmtprc") == before
    # The rest of the configuration changes as ever.
    moved = without | {"healthcheck_smtp_port": 2525}
    changed = play(host, "deploy.yml", "-vvv", "--diff", **moved).succeeded()
    port = f"port {operator['healthcheck_smtp_port']}\n"
    assert host.read("/etc/msmtprc") == before.replace(port, "port 2525\n") != before
    for shown in (dry, again, changed):
        assert CANARY not in shown.output


def test_a_password_with_quotes_and_blanks_is_kept_as_well(converged, operator):
    host = converged()
    held = 'c4nary "quoted" \\ {{ é#'
    given = "\n".join(
        f'password "{held}"' if line.startswith("password ") else line
        for line in host.read("/etc/msmtprc").split("\n")
    )
    host.write("/etc/msmtprc", given, mode="0600")
    again = play(host, **operator | {"healthcheck_smtp_password": ""}).succeeded()
    assert again.changes == []
    assert host.read("/etc/msmtprc") == given


def test_a_password_that_is_nobodys_or_not_ours_is_not_taken(blank, operator):
    host = blank()
    without = operator | {"healthcheck_smtp_password": ""}
    foreign = 'account default\nhost 127.0.0.1\nuser me\npassword "c4nary-theirs"\n'
    emptied = '# Written by the deploy of llm-health-check.\nuser "me"\npassword ""\n'
    for content in (None, foreign, emptied):
        if content:
            host.write("/etc/msmtprc", content, mode="0600")
        refused = play(host, "deploy.yml", "-vvv", "--diff", **without)
        refused.failed("HEALTHCHECK_SMTP_PASSWORD", "healthcheck_smtp_user")
        assert refused.changes == []
        assert CANARY not in refused.output
        assert content is None or host.read("/etc/msmtprc") == content
    assert not host.infra.file(HOME).exists
