"""A release is switched to when it is complete and works; whatever happens, the old one runs on."""

import os
import signal

from deploy.checkout import broken, checkout
from deploy.host import Image
from deploy.operator_values import HOME, SERVICE, STATE, TIMER, prepare
from deploy.play import KILLED, play, start


def version_of(host) -> str:
    return host.says("llm-health-check --version").split()[-1]


def releases_of(host) -> list[str]:
    return host.says(f"ls -1 {HOME}/releases").splitlines()


def current_of(host) -> str:
    return host.says(f"readlink -f {HOME}/current")


def assert_it_would_run(host) -> None:
    """The timer waits, and what it starts works."""
    assert host.infra.service(TIMER).is_running
    assert host.infra.service(TIMER).is_enabled
    checked = host.run("llm-health-check doctor --offline", check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_an_upgrade_switches_and_keeps_the_old_release(converged, operator, tmp_path):
    host = converged()
    old = current_of(host)
    newer = checkout(tmp_path, "9.9.1")
    play(host, repository=newer, **operator).succeeded()
    assert version_of(host) == "9.9.1"
    assert current_of(host) != old
    assert host.infra.file(f"{old}/venv/bin/python").exists
    assert_it_would_run(host)
    again = play(host, repository=newer, **operator).succeeded()
    assert again.changes == []


def test_only_the_last_releases_are_kept_and_the_last_but_one_can_be_gone_back_to(
    converged, operator, tmp_path
):
    host = converged()
    for number in range(1, 4):
        newer = checkout(tmp_path, f"9.9.{number}")
        play(host, repository=newer, **operator | {"healthcheck_keep_releases": 2}).succeeded()
    assert len(releases_of(host)) == 2
    assert version_of(host) == "9.9.3"
    play(host, "rollback.yml", **operator).succeeded()
    assert version_of(host) == "9.9.2"
    assert_it_would_run(host)
    # Deployed anew, what was gone back from is the current one once more.
    play(host, repository=newer, **operator | {"healthcheck_keep_releases": 2}).succeeded()
    assert version_of(host) == "9.9.3"


def test_a_rollback_with_nothing_to_go_back_to_changes_nothing_and_says_so(converged, operator):
    host = converged()
    old = current_of(host)
    refused = play(host, "rollback.yml", **operator).failed("release")
    assert refused.changes == []
    assert current_of(host) == old


def test_a_broken_version_is_never_switched_to_and_the_next_deploy_repairs_it(
    converged, operator, tmp_path
):
    host = converged()
    old = current_of(host)
    play(host, repository=broken(tmp_path, "9.9.1"), **operator).failed()
    assert current_of(host) == old
    assert_it_would_run(host)
    mended = checkout(tmp_path / "mended", "9.9.2")
    play(host, repository=mended, **operator).succeeded()
    assert version_of(host) == "9.9.2"


def test_without_a_package_index_the_old_release_stays(converged, operator, tmp_path):
    host = converged()
    old = current_of(host)
    good = host.read("/etc/pip.conf")
    host.write("/etc/pip.conf", "[global]\nno-index = true\n")
    newer = checkout(tmp_path, "9.9.1")
    play(host, repository=newer, **operator).failed()
    assert current_of(host) == old
    assert_it_would_run(host)
    host.write("/etc/pip.conf", good)
    play(host, repository=newer, **operator).succeeded()
    assert version_of(host) == "9.9.1"


def test_a_lock_with_another_hash_installs_nothing(converged, operator, tmp_path):
    host = converged()
    old = current_of(host)
    tampered = checkout(tmp_path, "9.9.1")
    lock = tampered / "requirements" / "run.txt"
    lock.write_text(lock.read_text().replace("sha256:", "sha256:0000")[:-4])
    play(host, repository=tampered, **operator).failed()
    assert current_of(host) == old
    assert_it_would_run(host)


def test_too_little_disk_is_told_before_anything_changes(boot, the_world, operator):
    host = boot(Image.blank("bookworm"))
    prepare(host, the_world)
    host.run(f"mkdir -p {HOME} && mount -t tmpfs -o size=20m tmpfs {HOME}")
    refused = play(host, **operator).failed("disk")
    assert refused.changes == []


def test_a_disk_that_fills_up_in_the_middle_leaves_the_old_release(converged, operator, tmp_path):
    host = converged()
    old = current_of(host)
    newer = checkout(tmp_path, "9.9.1")
    # Enough bytes and too few files: nobody sees that beforehand.
    host.run(
        f"mkdir /run/old && cp -a {HOME}/. /run/old && "
        f"mount -t tmpfs -o size=2g,nr_inodes=$(( $(find {HOME} | wc -l) + 600 )) tmpfs {HOME} && "
        f"cp -a /run/old/. {HOME} && rm -r /run/old"
    )
    play(host, repository=newer, **operator).failed()
    assert current_of(host) == old
    assert_it_would_run(host)
    host.run(f"mount -o remount,nr_inodes=100000 {HOME}")
    play(host, repository=newer, **operator).succeeded()
    assert version_of(host) == "9.9.1"


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
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
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
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    host.start()
    assert current_of(host) == old
    assert_it_would_run(host)
    play(host, repository=newer, **operator).succeeded()
    assert version_of(host) == "9.9.1"


def test_a_virtual_environment_that_was_damaged_is_built_anew(converged, operator):
    host = converged()
    host.run(f"rm -r {HOME}/current/venv/lib/python3*/site-packages/pymongo")
    assert host.run("llm-health-check doctor --offline", check=False).returncode != 0
    play(host, **operator).succeeded()
    assert_it_would_run(host)


def test_uninstalling_takes_away_what_the_role_made_and_keeps_data(converged, operator, the_world):
    host = converged()
    host.run(f"echo kept > {STATE}/kept")
    play(host, "uninstall.yml", **operator).succeeded()
    left = host.says(
        "find / -xdev -name '*health-check*' ! -path '/proc/*' ! -path '/sys/*' ! -path '/run/*'"
        " ! -path '/var/lib/private' ! -path '/srv/*'"
    )
    assert left.splitlines() == [STATE]
    assert host.read(f"{STATE}/kept") == "kept\n"
    assert "llm-health-check" not in host.read("/opt/llm-benchmarks/.env")
    assert host.says("systemctl list-unit-files --no-legend 'llm-health-check*'; true") == ""
    assert [t for t in host.timers() if t["unit"] == TIMER] == []
    assert play(host, "uninstall.yml", **operator).succeeded().changes == []
    play(host, **operator).succeeded()
    assert_it_would_run(host)


def test_uninstalling_takes_the_data_when_told(converged, operator):
    host = converged()
    play(host, "uninstall.yml", **operator | {"healthcheck_uninstall_data": True}).succeeded()
    assert not host.infra.file(STATE).exists
    assert not host.infra.user("llm-health-check").exists


def test_two_hosts_at_once(blank, operator):
    hosts = [blank("bookworm", "first"), blank("trixie", "second")]
    both = play(hosts, **operator).succeeded()
    for host in hosts:
        assert both.recap[host.name]["failed"] == 0
        assert_it_would_run(host)
        assert host.properties(SERVICE, "LoadState") == {"LoadState": "loaded"}
    assert play(hosts, **operator).succeeded().changes == []
