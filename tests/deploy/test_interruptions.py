"""A deploy that dies anywhere leaves the old release running, and the next deploy repairs the rest."""

import pytest
from deploy.checkout import checkout
from deploy.operator_values import HOME, SENDER
from deploy.play import KILLED, kill, play, start
from deploy.secrecy import (
    WHERE_A_DEPLOY_WRITES,
    assert_none_is_left_behind,
    assert_secrets_are_hidden,
)
from deploy.state import assert_it_would_run, current_of, version_of


def generation_of(host) -> str:
    """What a run reads and starts, byte for byte."""
    return host.says(
        f"cd {HOME}/current/ && for file in *; do echo $file; cat $file; done; readlink venv"
    )


@pytest.mark.nightly  # the two at the end kill at the longest change
def test_a_deploy_that_dies_after_each_change_in_turn_converges(blank, operator):
    host = blank()
    died_at: list[str] = []
    while (tried := play(host, kill_but=died_at, **operator)).returncode == KILLED:
        died_at.append(tried.changes[-1])
        assert_none_is_left_behind(tried)
    assert_secrets_are_hidden(host)
    tried.succeeded()
    assert len(died_at) >= 8, died_at
    assert_it_would_run(host)
    assert play(host, **operator).succeeded().changes == []


@pytest.mark.nightly
def test_an_upgrade_that_dies_after_each_change_in_turn_leaves_the_old_release_as_it_was_or_the_new_one(
    converged, operator, tmp_path
):
    host = converged()
    old, before = version_of(host), generation_of(host)
    newer = checkout(tmp_path, "9.9.1")
    changed = operator | {
        "healthcheck_random_delay_seconds": 60,
        "healthcheck_settings": operator["healthcheck_settings"] | {"MAIL_FROM": f"New <{SENDER}>"},
        "healthcheck_secrets": operator["healthcheck_secrets"]
        | {"OPENAI_API_KEY": "sk-c4nary-new-0123456789"},
        "healthcheck_smtp_password": "c4nary-of-another-day",
        "healthcheck_known_issues": [{"provider": "groq", "reason": "known"}],
    }
    died_at: list[str] = []
    after = set()
    while (tried := play(host, repository=newer, kill_but=died_at, **changed)).returncode == KILLED:
        died_at.append(tried.changes[-1])
        if version_of(host) == old:
            assert generation_of(host) == before, died_at
        else:
            assert version_of(host) == "9.9.1"
            after.add(generation_of(host))
        assert_it_would_run(host)
        assert_none_is_left_behind(tried)
        assert_secrets_are_hidden(host, WHERE_A_DEPLOY_WRITES)
    tried.succeeded()
    assert after == {generation_of(host)}, "all of it is new, from the switch on"
    assert len(died_at) >= 5, died_at
    assert version_of(host) == "9.9.1"
    assert play(host, repository=newer, **changed).succeeded().changes == []


def test_a_deploy_that_dies_while_packages_are_installed_is_no_hindrance(
    converged, operator, tmp_path
):
    host = converged()
    old = current_of(host)
    newer = checkout(tmp_path, "9.9.1")
    process, _ = start(host, repository=newer, **operator)
    host.wait_for_process("pip install")
    kill(process)
    assert current_of(host) == old
    assert_it_would_run(host)
    play(host, repository=newer, **operator).succeeded()
    assert version_of(host) == "9.9.1"


@pytest.mark.nightly  # it leaves what the play that dies above leaves
def test_a_host_that_dies_while_packages_are_installed_is_no_hindrance(
    converged, operator, tmp_path
):
    host = converged()
    old = current_of(host)
    newer = checkout(tmp_path, "9.9.1")
    process, _ = start(host, repository=newer, **operator)
    host.wait_for_process("pip install")
    host.stop()
    kill(process)
    host.start()
    assert current_of(host) == old
    assert_it_would_run(host)
    play(host, repository=newer, **operator).succeeded()
    assert version_of(host) == "9.9.1"
