"""What a deployed host runs, and whether it would run in the morning."""

from deploy.host import Host
from deploy.operator_values import HOME, TIMER


def version_of(host: Host) -> str:
    return host.says("llm-health-check --version").split()[-1]


def generations_of(host: Host) -> list[str]:
    return host.says(f"ls -1 {HOME}/generations").splitlines()


def venvs_of(host: Host) -> list[str]:
    return host.says(f"ls -1 {HOME}/venvs").splitlines()


def current_of(host: Host) -> str:
    return host.says(f"readlink -f {HOME}/current")


def assert_it_would_run(host: Host) -> None:
    """The timer waits, and what it starts works."""
    assert host.infra.service(TIMER).is_running
    assert host.infra.service(TIMER).is_enabled
    checked = host.run("llm-health-check doctor --offline", check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
