"""What the tests of the deploy stand on: a host is real, alone, and leaves nothing behind."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from deploy.host import Host, Image
from deploy.machine import REPOSITORY, SUITES

pytestmark = pytest.mark.usefixtures("machine")


@pytest.mark.parametrize("suite", SUITES)
def test_a_host_runs_systemd_and_nothing_has_failed(suite):
    with Host(Image.blank(suite), name="a-host") as host:
        assert host.says("hostname") == "a-host"
        assert host.says("ps -o comm= -p 1 2>/dev/null || cat /proc/1/comm") == "systemd"
        assert host.says("systemctl is-system-running") == "running"
        assert suite in host.read("/etc/os-release")


def test_hosts_side_by_side_see_nothing_of_each_other():
    image = Image.blank("bookworm")
    with Host(image, name="one") as one, Host(image, name="two") as two:
        one.write("/root/mark", "one")
        one.run("systemctl mask ssh.socket && systemctl stop dbus.service dbus.socket")
        assert two.run("cat /root/mark", check=False).returncode != 0
        assert two.says("systemctl is-active dbus.socket") == "active"


def test_hosts_may_have_the_same_name():
    image = Image.blank("bookworm")
    with Host(image, name="one") as first:
        for _ in range(2):
            with Host(image, name="one") as second:
                second.write("/root/mark", "second")
        assert first.run("cat /root/mark", check=False).returncode != 0
        first.reboot()
        assert first.says("systemctl is-system-running") == "running"


def test_a_reboot_keeps_the_disk_and_starts_systemd_anew():
    with Host(Image.blank("bookworm")) as host:
        before = host.read("/proc/sys/kernel/random/boot_id")
        boots = host.says("journalctl --list-boots --quiet | wc -l")
        host.write("/root/mark", "kept")
        host.write("/run/mark", "forgotten")
        host.reboot()
        assert host.read("/root/mark") == "kept"
        assert host.run("cat /run/mark", check=False).returncode != 0
        assert int(host.says("journalctl --list-boots --quiet | wc -l")) > int(boots), before


def test_hosts_start_from_what_another_has_become():
    with Host(Image.blank("bookworm")) as host:
        host.write("/root/mark", "kept")
        image = host.image_of_now()
        with Host(image, name="heir") as heir:
            assert heir.read("/root/mark") == "kept"
            heir.write("/root/mark", "changed")
        with Host(image, name="heir") as heir:
            assert heir.read("/root/mark") == "kept"


def test_a_killed_run_takes_its_hosts_along(tmp_path):
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY / "tests")}
    environment.pop("PYTEST_XDIST_TESTRUNUID", None)
    with subprocess.Popen(
        [sys.executable, "-m", "deploy.by_hand", "bookworm", str(tmp_path / "inventory")],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as by_hand:
        assert by_hand.stdout
        folder = Path(by_hand.stdout.readline().split()[2]).parent
        watched = [os.pidfd_open(pid) for pid in _processes_of(folder)]
        assert watched, "the host does not run"
        by_hand.send_signal(signal.SIGKILL)
    for process in watched:
        _wait_until_it_ended(process)
    assert not _processes_of(folder)


def _processes_of(folder: Path) -> list[int]:
    """The processes that boot this host, by what they were called with."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and entry.name != str(os.getpid()):
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if f"{folder}".encode() in command and b"ssh" not in command.split(b"\0")[0]:
                found.append(int(entry.name))
    return found


def _wait_until_it_ended(process: int) -> None:
    poll = select.poll()
    poll.register(process, select.POLLIN)
    assert poll.poll(20_000), "a process of the host outlived the run"
    os.close(process)
