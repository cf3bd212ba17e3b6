"""A deploy that dies anywhere leaves the old release running, and the next deploy repairs the rest."""

from deploy.checkout import checkout
from deploy.play import KILLED, kill, play, start
from deploy.state import assert_it_would_run, current_of, version_of


def test_a_deploy_that_dies_after_each_change_in_turn_converges(blank, operator):
    host = blank()
    died_at: list[str] = []
    while (tried := play(host, kill_but=died_at, **operator)).returncode == KILLED:
        died_at.append(tried.changes[-1])
    tried.succeeded()
    assert len(died_at) >= 10, died_at
    assert_it_would_run(host)
    assert play(host, **operator).succeeded().changes == []


def test_an_upgrade_that_dies_after_each_change_in_turn_leaves_a_release_that_runs(
    converged, operator, tmp_path
):
    host = converged()
    old = version_of(host)
    newer = checkout(tmp_path, "9.9.1")
    changed = operator | {"healthcheck_random_delay_seconds": 60}
    died_at: list[str] = []
    while (tried := play(host, repository=newer, kill_but=died_at, **changed)).returncode == KILLED:
        died_at.append(tried.changes[-1])
        assert version_of(host) in {old, "9.9.1"}
        assert_it_would_run(host)
    tried.succeeded()
    assert len(died_at) >= 3, died_at
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
