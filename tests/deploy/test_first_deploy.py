"""A first deploy takes a host from nothing to a timer; a second one changes nothing."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from deploy.operator_values import ENV, FAILURE, HOME, SERVICE, STATE, TEMPLATES, TIMER
from deploy.play import play
from deploy.state import current_of

MOST_EXPOSURE = 1.1


@pytest.fixture
def host(converged, suite):
    """A host after its first deploy."""
    return converged(suite)


def next_morning(after: datetime) -> datetime:
    today = after.replace(hour=8, minute=0, second=0, microsecond=0)
    return today if after < today else today + timedelta(days=1)


def test_the_first_deploy_succeeds_and_ends_with_a_summary(deployed, suite):
    first = deployed(suite).first
    assert first.recap["testhost"]["changed"] > 0
    assert first.recap["testhost"]["failed"] == 0
    assert "next run" in first.output.lower()


def test_the_timer_is_listed_with_the_coming_morning_in_utc(host):
    listed = {timer["unit"]: timer for timer in host.timers()}
    run = datetime.fromtimestamp(listed[TIMER]["next"] / 1e6, UTC)
    expected = next_morning(datetime.now(UTC))
    assert expected <= run <= expected + timedelta(minutes=15)
    assert listed[TIMER]["activates"] == SERVICE


def test_the_timer_is_active_and_enabled_and_the_service_is_not(host):
    timer = host.infra.service(TIMER)
    assert timer.is_running
    assert timer.is_enabled
    assert host.says(f"systemctl is-enabled {SERVICE}; true") == "static"
    for unit in (TIMER, SERVICE):
        assert host.properties(unit, "NeedDaemonReload") == {"NeedDaemonReload": "no"}


def test_the_time_is_utc_whatever_the_zone_of_the_host(host):
    host.run("ln -sf /usr/share/zoneinfo/America/New_York /etc/localtime")
    host.reboot()
    listed = {timer["unit"]: timer for timer in host.timers()}
    run = datetime.fromtimestamp(listed[TIMER]["next"] / 1e6, UTC)
    assert run.hour == 8, run


def test_nothing_was_started_by_the_deploy(host, deployed, suite):
    assert host.properties(SERVICE, "ExecMainStartTimestampMonotonic") == {
        "ExecMainStartTimestampMonotonic": "0"
    }
    assert not host.journal(SERVICE).count("Starting")


def test_the_units_are_files_that_only_root_writes(host):
    for unit in TEMPLATES:
        file = host.infra.file(f"/etc/systemd/system/{unit}")
        assert (file.user, file.group, file.mode) == ("root", "root", 0o644)
    verified = host.run(f"systemd-analyze verify /etc/systemd/system/{SERVICE}")
    assert not verified.stderr


@pytest.mark.parametrize("unit", [SERVICE, FAILURE])
def test_the_exposure_of_a_unit_is_at_most_what_was_promised(host, unit):
    shown = host.says(f"systemd-analyze security --no-pager {unit} | tail -1")
    figure = float(re.findall(r"\d+\.\d+", shown)[0])
    assert figure <= MOST_EXPOSURE, host.says(f"systemd-analyze security --no-pager {unit}")


def test_the_service_runs_as_a_user_without_privileges(host):
    user = host.properties(SERVICE, "User")["User"]
    assert user not in {"", "root", "0"}
    assert host.infra.user(user).uid != 0
    assert host.infra.user(user).shell.endswith(("nologin", "false"))


def test_a_failed_run_is_tried_again_every_quarter_of_an_hour_for_four_hours(host):
    told = host.properties(
        SERVICE, "Restart", "RestartUSec", "StartLimitBurst", "StartLimitIntervalUSec",
        "TimeoutStartUSec", "MemoryMax", "TasksMax", "Nice",
    )  # fmt: skip
    assert (told["Restart"], told["RestartUSec"]) == ("on-failure", "15min")
    assert int(told["StartLimitBurst"]) == 1 + 4 * 4
    assert told["StartLimitIntervalUSec"] == "12h", "all tries, however long each takes"
    bounds = (told["TimeoutStartUSec"], told["MemoryMax"], told["TasksMax"])
    assert "infinity" not in bounds, told
    assert int(told["Nice"]) > 0


def test_the_generation_is_complete_and_current(host):
    assert host.infra.file(f"{HOME}/current").is_symlink
    assert current_of(host).startswith(f"{HOME}/generations/")
    assert host.says(f"{HOME}/current/venv/bin/llm-health-check --version")
    foreign = host.says(f"find {HOME} -xdev '(' ! -user root -o -perm /o+w ')' ! -type l")
    assert not foreign, "only root may write the program"


def test_root_can_call_it_and_it_runs_as_the_service(host):
    assert "llm-health-check" in host.says("llm-health-check --version")
    offline = host.run("llm-health-check doctor --offline", check=False)
    assert offline.returncode == 0, offline.stdout + offline.stderr


def test_a_persons_run_leaves_no_file_that_the_service_cannot_write(host):
    host.run("llm-health-check run --dry-run --no-ai")
    user = host.properties(SERVICE, "User")["User"]
    foreign = host.says(f"find {STATE} ! -user {user}")
    assert not foreign


def test_what_would_be_lost_with_the_commands_own_tmp_is_refused(host):
    for arguments in ("run --dry-run --no-ai --output /tmp/x", "export --days 1 /var/tmp/x"):
        refused = host.run(f"llm-health-check {arguments}", check=False)
        assert refused.returncode == 2
        assert "out of reach" in refused.stderr
        assert STATE in refused.stderr


def test_the_second_run_changes_nothing(host, operator):
    second = play(host, **operator).succeeded()
    assert second.changes == []
    assert second.recap["testhost"]["changed"] == 0
    assert "Starting" not in host.journal(SERVICE)


def test_the_role_works_from_any_playbook(converged, usual_suite, operator, tmp_path):
    host = converged(usual_suite)
    playbook = tmp_path / "site.yml"
    playbook.write_text("- hosts: healthcheck\n  become: true\n  roles: [healthcheck]\n")
    assert play(host, str(playbook), **operator).succeeded().changes == []


def test_each_part_can_be_deployed_alone(converged, operator):
    host = converged()
    for tag in ("healthcheck_generation", "healthcheck_env", "healthcheck_verify"):
        alone = play(host, "deploy.yml", "--tags", tag, **operator).succeeded()
        assert alone.changes == [], tag


def test_a_timer_that_would_not_come_in_time_fails_the_deploy(converged, usual_suite, operator):
    host = converged(usual_suite)
    drop_in = f"/etc/systemd/system/{TIMER}.d/test.conf"
    host.write(drop_in, "[Timer]\nOnCalendar=\nOnCalendar=*-*-* 11:00:00 UTC\n")
    host.run(f"systemctl daemon-reload && systemctl restart {TIMER}")
    lenient = operator | {"healthcheck_verify_fatal": False}
    play(host, **lenient).failed("The next run is not scheduled for *-*-* 08:00:00 UTC")
    play(host, "status.yml", **operator).failed("The next run is not scheduled for")
    host.run(f"rm {drop_in} && systemctl daemon-reload && systemctl restart {TIMER}")
    play(host, **operator).succeeded()


def test_a_unit_that_was_edited_by_hand_comes_back(converged, usual_suite, operator):
    host = converged(usual_suite)
    for unit in TEMPLATES:
        host.run(f"cp -p /etc/systemd/system/{unit} /root/{unit}")
        host.run(f"echo '# by hand' >> /etc/systemd/system/{unit}")
    # A drop-in is the operator's own, and no reason to refuse the unit; the doctor names the slip in it.
    host.write(f"/etc/systemd/system/{SERVICE}.d/own.conf", "[Service]\nOfAnotherSystemd=1\n")
    host.run("systemctl daemon-reload")
    lenient = operator | {"healthcheck_verify_fatal": False}
    done = play(host, **lenient).succeeded()
    assert "Unknown assignment: OfAnotherSystemd=1" in " ".join(done.output.split())
    for unit in TEMPLATES:
        host.run(f"cmp /etc/systemd/system/{unit} /root/{unit}")
    assert host.properties(TIMER, "NeedDaemonReload") == {"NeedDaemonReload": "no"}


def test_a_timer_that_was_stopped_and_disabled_comes_back(converged, usual_suite, operator):
    host = converged(usual_suite)
    host.run(f"systemctl disable --now {TIMER}")
    play(host, **operator).succeeded()
    assert host.infra.service(TIMER).is_running
    assert host.infra.service(TIMER).is_enabled
    assert json.loads(host.says(f"systemctl list-timers --output=json {TIMER}"))


def test_a_changed_schedule_starts_no_run(converged, usual_suite, operator):
    host = converged(usual_suite)
    a_while_ago = datetime.now(UTC) - timedelta(minutes=2)
    # The last run was yesterday, so that a time between it and now would fire at once.
    host.run(f"systemctl stop {TIMER}; touch -d '1 day ago' /var/lib/systemd/timers/stamp-{TIMER}")
    changed = operator | {"healthcheck_schedule": f"*-*-* {a_while_ago:%H:%M}:00 UTC"}
    play(host, **changed).succeeded()
    assert "Starting" not in host.journal(SERVICE)
    assert host.infra.service(TIMER).is_running


def test_the_environment_of_the_benchmark_stays_readable_for_its_owner(host):
    file = host.infra.file(ENV)
    assert (file.user, file.group, file.mode) == ("benchmark", "benchmark", 0o640)
