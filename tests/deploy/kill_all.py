"""The first deploy and an upgrade, killed after each change, each time on a fresh host: `make kill-test`.

Too long for every day. `test_interruptions.py` kills one deploy after the other on one host.
"""

import itertools

import pytest
from deploy.checkout import checkout
from deploy.operator_values import HOME
from deploy.play import KILLED, play
from deploy.state import assert_it_would_run


@pytest.mark.parametrize("dies", ["ansible", "host"])
def test_a_first_deploy_that_dies_anywhere_converges(boot, blank, suite, operator, dies):
    for change in itertools.count(1):
        host = blank(suite)
        killed = play(host, kill_after=change, **operator)
        if killed.returncode != KILLED:
            killed.succeeded()
            break
        if dies == "host":
            host.stop()
            host.start()
        play(host, **operator).succeeded()
        assert_it_would_run(host)
        assert play(host, **operator).succeeded().changes == [], killed.changes
        host.stop()
    assert change > 5


@pytest.mark.parametrize("dies", ["ansible", "host"])
def test_an_upgrade_that_dies_anywhere_leaves_a_generation_that_runs(
    converged, suite, operator, tmp_path, dies
):
    newer = checkout(tmp_path, "9.9.1")
    changed = operator | {"healthcheck_random_delay_seconds": 60}
    for change in itertools.count(1):
        host = converged(suite)
        killed = play(host, repository=newer, kill_after=change, **changed)
        if killed.returncode != KILLED:
            killed.succeeded()
            break
        if dies == "host":
            host.stop()
            host.start()
        assert host.infra.file(f"{HOME}/current").exists
        assert_it_would_run(host)
        play(host, repository=newer, **changed).succeeded()
        assert host.says("llm-health-check --version").split()[-1] == "9.9.1"
        assert play(host, repository=newer, **changed).succeeded().changes == [], killed.changes
        host.stop()
    assert change > 2
