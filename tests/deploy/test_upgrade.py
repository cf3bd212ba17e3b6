"""A host of the former layout, with releases and with settings in /etc, becomes one with generations."""

import subprocess
import tarfile
from io import BytesIO

import pytest
from deploy.host import Host, Image
from deploy.machine import REPOSITORY
from deploy.operator_values import (
    ENV,
    FOREIGN,
    HOME,
    HOST_MSMTPRC,
    MSMTPRC,
    OWN_ENV,
    SERVICE,
    STATE,
    prepare,
)
from deploy.play import play
from deploy.readers import by_systemd
from deploy.roots import wheels
from deploy.state import assert_it_would_run
from deploy.world import CANARY, OPENAI_KEY, READER

FORMER = "159361f"
"""The last commit of that layout."""
HOSTS_OWN = "account default\nhost 127.0.0.1\nfrom me@example.test\npassword c4nary-before\n"


@pytest.fixture(scope="module")
def former(tmp_path_factory):
    """The repository as it was."""
    packed = subprocess.run(
        ["git", "archive", FORMER], cwd=REPOSITORY, capture_output=True, check=True
    )
    folder = tmp_path_factory.mktemp("former")
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def image(former, the_world, operator):
    """A host that was deployed to from there, and has sent a report."""
    theirs = wheels("bookworm", former, "former-wheels")
    with Host(Image.blank("bookworm"), binds=(f"--bind-ro={theirs}:/srv/former",)) as host:
        prepare(host, the_world)
        host.write(HOST_MSMTPRC, HOSTS_OWN, mode="0640", owner="root:benchmark")
        index = host.read("/etc/pip.conf")
        host.write("/etc/pip.conf", "[global]\nno-index = true\nfind-links = /srv/former\n")
        play(host, repository=former, **operator).succeeded()
        host.write("/etc/pip.conf", index)
        host.run(
            f"systemctl start {SERVICE}; mkdir -p {STATE}/outbox; echo '{{}}' > {STATE}/outbox/kept",
            timeout=300,
        )
        yield host.image_of_now()


def state_of(host) -> str:
    return host.says(f"cd {STATE} && find . -type f | sort | xargs sha256sum")


def test_it_takes_settings_secrets_mail_and_reports_along_and_leaves_nothing_behind(
    boot, image, operator, the_world
):
    host = boot(image)
    before, sent = state_of(host), len(the_world.mail.received)
    # As the inventory of then was, in a shell that has no key: there an empty value meant to keep it.
    bare = operator | {
        "healthcheck_secrets": {"MONGODB_URI": "", "OPENAI_API_KEY": ""},
        "healthcheck_smtp_password": "",
    }
    dry = play(host, "deploy.yml", "--check", "--diff", **bare).succeeded()
    upgraded = play(host, "deploy.yml", "--diff", **bare).succeeded()
    assert CANARY not in dry.output + upgraded.output
    said = " ".join(upgraded.output.split())
    assert "not given this time: MONGODB_URI, OPENAI_API_KEY" in said
    assert "the next deploy will remove it" in said
    own = by_systemd(host, host.read(OWN_ENV))
    assert (own["MONGODB_URI"], own["OPENAI_API_KEY"]) == (the_world.mongodb_uri, OPENAI_KEY)
    assert own["NOTIFY_EMAIL"] == READER
    assert operator["healthcheck_smtp_password"] in host.read(MSMTPRC)
    assert host.read(HOST_MSMTPRC) == HOSTS_OWN
    file = host.infra.file(HOST_MSMTPRC)
    assert (file.user, file.group, file.mode) == ("root", "benchmark", 0o640)
    assert state_of(host) == before
    assert host.says(f"ls -A {HOME}").split() == [
        ".lock",
        "current",
        "generations",
        "incoming",
        "venvs",
    ]
    assert host.says("ls -A /etc/llm-health-check") == "msmtprc"
    assert_it_would_run(host)
    assert len(the_world.mail.received) == sent, "nothing was sent anew"
    kept = bare | {"healthcheck_secrets": {"MONGODB_URI": None, "OPENAI_API_KEY": None}}
    assert play(host, **kept).succeeded().changes == []
    play(host, "uninstall.yml", **kept).succeeded()
    assert host.read(ENV) == FOREIGN.format(uri=the_world.writer_uri)
    assert host.read(HOST_MSMTPRC) == HOSTS_OWN


@pytest.mark.nightly  # the two in test_interruptions.py kill at the longest change
def test_it_converges_wherever_it_dies(boot, image, operator):
    host = boot(image)
    died_at: list[str] = []
    while (tried := play(host, kill_but=died_at, **operator)).returncode == -9:
        died_at.append(tried.changes[-1])
        assert_it_would_run(host)
    tried.succeeded()
    assert len(died_at) >= 8, died_at
    assert host.read(HOST_MSMTPRC) == HOSTS_OWN
    assert play(host, **operator).succeeded().changes == []


def test_uninstalling_a_host_of_that_layout_restores_it(boot, image, operator, the_world):
    host = boot(image)
    play(host, "uninstall.yml", **operator).succeeded()
    file = host.infra.file(HOST_MSMTPRC)
    assert (file.content_string, file.user, file.group, file.mode) == (
        HOSTS_OWN,
        "root",
        "benchmark",
        0o640,
    )
    assert host.read(ENV) == FOREIGN.format(uri=the_world.writer_uri)
    assert not host.infra.file(HOME).exists
