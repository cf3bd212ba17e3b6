"""No secret is seen by anyone: canaries are deployed, used, and looked for everywhere."""

import json

from deploy.operator_values import ENV, FAILURE, MSMTPRC, NOTICE_MSMTPRC, OWN_ENV, SERVICE
from deploy.play import play
from deploy.readers import by_systemd
from deploy.secrecy import assert_none_is_left_behind, assert_secrets_are_hidden
from deploy.watching import command_lines
from deploy.world import CANARY


def test_no_secret_is_shown_or_left_behind(blank, operator):
    host = blank()
    with command_lines() as seen:
        first = play(host, "deploy.yml", "-vvv", "--diff", **operator).succeeded()
        changed = json.loads(json.dumps(operator))
        changed["healthcheck_secrets"]["OPENAI_API_KEY"] += "-changed"
        changed["healthcheck_smtp_password"] += "-changed"
        second = play(host, "deploy.yml", "-vvv", "--diff", **changed).succeeded()
        dry = play(host, "deploy.yml", "-vvv", "--diff", "--check", **operator).succeeded()
        for playbook in ("status.yml", "rollback.yml"):
            assert CANARY not in play(host, playbook, "-vvv", "--diff", **operator).output
        host.run("llm-health-check doctor", check=False)
        host.run(f"systemctl start {SERVICE}", check=False, timeout=300)
        # The login is wrong, so that this is told of: as long as it tries, it holds its credentials.
        host.run(f"systemctl stop {FAILURE}")
    assert len(seen) > 50, "processes were watched"
    assert [line for line in seen if CANARY in line] == []
    for shown in (first, second, dry):
        assert CANARY not in shown.output
        assert_none_is_left_behind(shown)
    assert second.changes, "the changed secrets were written"
    for path in (ENV, OWN_ENV, MSMTPRC, NOTICE_MSMTPRC):
        assert CANARY in host.read(path), "what is looked for is there to be found"
    assert "-changed" in host.read(ENV)
    assert_secrets_are_hidden(host)
    removed = play(host, "uninstall.yml", "-vvv", "--diff", **operator).succeeded()
    assert CANARY not in removed.output


def test_a_deploy_that_fails_shows_no_secret_either(converged, operator):
    host = converged()
    host.run(f"mount --bind {ENV} {ENV}")  # it can be written, and not be replaced
    changed = operator | {"healthcheck_secrets": {"OPENAI_API_KEY": "c4nary-another"}}
    failing = play(host, "deploy.yml", "-vvv", "--diff", **changed).failed(
        f"{ENV} cannot be replaced", "is unchanged"
    )
    assert_none_is_left_behind(failing)
    assert_secrets_are_hidden(host)


def test_secrets_may_come_from_the_environment_of_the_control_machine(boot, the_world, deployed):
    host = boot(deployed("bookworm").image, "clifford")
    canary = "c4nary-from-the-environment-of-the-control-machine"
    shown = play(
        host, "deploy.yml", "-vvv", "--diff", "-e", "healthcheck_verify_fatal=false",
        inventory="inventory/clifford.yml",
        environment={"HEALTHCHECK_OPENAI_API_KEY": canary, "HEALTHCHECK_MONGODB_URI": ""},
    ).succeeded()  # fmt: skip
    assert canary not in shown.output
    assert f"OPENAI_API_KEY='{canary}'" in host.read(ENV)
    kept = by_systemd(host, host.read(OWN_ENV))["MONGODB_URI"]
    assert kept == the_world.mongodb_uri, "an empty variable is none"
