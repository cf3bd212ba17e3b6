"""`--check --diff` tells the truth: on a blank host, and on one that is deployed."""

from deploy.operator_values import ENV, HOME, SERVICE
from deploy.play import play

PRINTED = "find / -xdev -newer /run/before -type f ! -path '/proc/*' ! -path '/run/*'"
NOISE = (
    "/var/log/",
    "/var/lib/systemd/",
    "/var/cache/",
    "/var/lib/apt/",
    "/home/deployer/.ansible",
)


def changed_files(host) -> list[str]:
    found = host.says(f"{PRINTED} ! -path '/sys/*' ! -path '/tmp/*' ! -path '/var/tmp/*'")
    return [path for path in found.splitlines() if not path.startswith(NOISE)]


def test_a_dry_run_on_a_blank_host_succeeds_and_changes_nothing(blank, suite, operator):
    host = blank(suite)
    host.run("touch /run/before")
    dry = play(host, "deploy.yml", "--check", "--diff", **operator).succeeded()
    assert dry.recap["testhost"]["changed"] > 0, "it would have changed something"
    assert changed_files(host) == []
    assert not host.infra.file(HOME).exists
    assert not host.infra.file(f"/etc/systemd/system/{SERVICE}").exists


def test_a_dry_run_on_a_deployed_host_says_that_nothing_would_change(converged, suite, operator):
    host = converged(suite)
    host.run("touch /run/before")
    dry = play(host, "deploy.yml", "--check", "--diff", **operator).succeeded()
    assert dry.changes == []
    assert changed_files(host) == []


def test_a_dry_run_tells_what_a_changed_value_would_change(converged, operator):
    host = converged()
    before = host.says(f"sha256sum {ENV} /etc/systemd/system/llm-health-check*")
    dry = play(
        host,
        "deploy.yml",
        "--check",
        "--diff",
        **operator | {"healthcheck_schedule": "*-*-* 09:30:00 UTC"},
    ).succeeded()
    assert "+OnCalendar=*-*-* 09:30:00 UTC" in dry.output
    assert host.says(f"sha256sum {ENV} /etc/systemd/system/llm-health-check*") == before
