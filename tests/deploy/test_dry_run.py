"""`--check --diff` tells the truth: on a blank host, and on one that is deployed."""

from deploy.host import Image
from deploy.operator_values import ENV, HOME, SERVICE, prepare
from deploy.play import play
from deploy.world import CANARY

PRINTED = "find / -xdev -newer /run/before -type f ! -path '/proc/*' ! -path '/run/*'"
NOISE = (
    "/var/log/",
    "/var/lib/systemd/",
    "/var/cache/",
    "/var/lib/apt/",
    "/home/deployer/.ansible",
)
STANDS_FOR = {
    f"healthcheck : {said}": f"healthcheck : {done}"
    for said, done in {
        "Report which Debian packages would be installed": "Install the Debian packages",
        "Report that the virtual environment would be built": "Build the virtual environment",
        "Report that its files would be written": "Write its files",
        "Report that the timer would be restarted": "Restart the timer",
        "Report that the timer would be enabled": "Enable the timer",
    }.items()
}
"""What a dry run says where Ansible itself cannot know, and what is done instead."""


def changed_files(host) -> list[str]:
    found = host.says(f"{PRINTED} ! -path '/sys/*' ! -path '/tmp/*' ! -path '/var/tmp/*'")
    return [path for path in found.splitlines() if not path.startswith(NOISE)]


def test_a_dry_run_on_a_blank_host_tells_each_change_of_the_first_deploy_and_makes_none(
    blank, usual_suite, operator, deployed
):
    host = blank(usual_suite)
    host.run("touch /run/before")
    dry = play(host, "deploy.yml", "--check", "--diff", **operator).succeeded()
    told = [STANDS_FOR.get(task, task) for task in dry.changes]
    assert told == deployed(usual_suite).first.changes
    assert changed_files(host) == []
    assert not host.infra.file(HOME).exists
    assert not host.infra.file(f"/etc/systemd/system/{SERVICE}").exists


def test_a_dry_run_on_a_blank_host_speaks_of_what_would_be(boot, the_world, operator):
    host = boot(Image.blank("bookworm"))
    prepare(host, the_world)
    host.run(f"rm {ENV}")
    said = " ".join(play(host, "deploy.yml", "--check", **operator).succeeded().output.split())
    assert "it was created" not in said


def test_a_dry_run_on_a_deployed_host_says_that_nothing_would_change(
    converged, usual_suite, operator
):
    host = converged(usual_suite)
    host.run("touch /run/before")
    dry = play(host, "deploy.yml", "--check", "--diff", **operator).succeeded()
    assert dry.changes == []
    assert changed_files(host) == []


def test_a_dry_run_tells_what_a_changed_value_would_change_and_shows_no_secret(converged, operator):
    host = converged()
    host.run("touch /run/before")
    changed = operator | {
        "healthcheck_schedule": "*-*-* 09:30:00 UTC",
        "healthcheck_settings": operator["healthcheck_settings"] | {"OPENAI_DEADLINE": 30},
        "healthcheck_secrets": operator["healthcheck_secrets"] | {"OPENAI_API_KEY": "c4nary-new"},
        "healthcheck_smtp_password": "c4nary-of-another-day",
    }
    dry = play(host, "deploy.yml", "--check", "--diff", **changed).succeeded()
    for line in (
        "+OnCalendar=*-*-* 09:30:00 UTC",
        "+OPENAI_DEADLINE=(a value)",
        "-OPENAI_API_KEY=(a value)",
        "+OPENAI_API_KEY=(another value)",
        " NOTIFY_EMAIL=(a value)",
        " (all other lines stay)",
    ):
        assert line in dry.output.splitlines()
    said = " ".join(dry.output.split())
    assert "added: OPENAI_DEADLINE" in said
    assert "changed: OPENAI_API_KEY" in said
    assert "Would write the files of generation" in said
    assert CANARY not in dry.output
    assert changed_files(host) == []
