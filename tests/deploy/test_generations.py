"""A generation is switched to when it is whole and works; whatever happens, the old one runs on."""

from pathlib import Path

import pytest
from deploy.checkout import broken, checkout
from deploy.host import Image
from deploy.operator_values import ENV, HOME, OWN_ENV, SERVICE, TIMER, prepare
from deploy.play import play, start
from deploy.state import assert_it_would_run, current_of, generations_of, venvs_of, version_of

from healthcheck import __version__

ALL_OF_IT = f"cd {HOME}/current/ && cat {ENV} env msmtprc run /etc/systemd/system/llm-health-check*"


def test_the_last_generations_are_kept_and_the_last_but_one_can_be_gone_back_to(
    quiet, operator, tmp_path
):
    host = quiet()
    first = current_of(host)
    two = operator | {"healthcheck_keep_generations": 2}
    play(host, **two | {"healthcheck_memory_max": "2G"}).succeeded()
    second = current_of(host)
    host.run(f"mkdir {HOME}/venvs/begun")
    # Going back is a change of the whole: the newer program knows an option by another name.
    newer = checkout(tmp_path, "9.9.1")
    for path in ("healthcheck/cli/commands.py", "ansible/templates/run.j2"):
        file = newer / path
        assert "--scheduled" in file.read_text()
        file.write_text(file.read_text().replace("--scheduled", "--every-day"))
    play(host, repository=newer, **two).succeeded()
    assert version_of(host) == "9.9.1"
    assert "--every-day" in host.read(f"{HOME}/current/run")
    assert set(generations_of(host)) == {Path(second).name, Path(current_of(host)).name}
    assert not host.infra.file(first).exists
    assert len(venvs_of(host)) == 2
    assert "begun" not in venvs_of(host), "it was never whole, and nobody else is building"
    assert_it_would_run(host)
    assert play(host, repository=newer, **two).succeeded().changes == []
    play(host, "rollback.yml", repository=newer, **operator).succeeded()
    assert version_of(host) == __version__
    assert "MemoryMax=2G" in host.says(f"systemctl cat {SERVICE}")
    assert_it_would_run(host)
    host.run(f"systemctl start {SERVICE}", timeout=300)
    assert host.properties(SERVICE, "Result") == {"Result": "success"}
    # Deployed anew, what was gone back from is the current one once more.
    play(host, repository=newer, **two).succeeded()
    assert version_of(host) == "9.9.1"


def test_a_rollback_with_nothing_to_go_back_to_changes_nothing_and_says_so(converged, operator):
    host = converged()
    old = current_of(host)
    refused = play(host, "rollback.yml", **operator).failed("no earlier generation")
    assert refused.changes == []
    assert current_of(host) == old


def test_a_broken_version_is_never_switched_to_and_is_no_hindrance(converged, operator, tmp_path):
    host = converged()
    old = current_of(host)
    # A module that is imported when it is needed, so that the command itself still starts.
    breaks = broken(tmp_path, "9.9.1", "sources/mongodb.py")
    play(host, repository=breaks, **operator).failed()
    assert current_of(host) == old
    assert_it_would_run(host)
    assert play(host, **operator).succeeded().changes == []


def test_without_a_package_index_the_old_release_stays(converged, operator, tmp_path):
    host = converged()
    old = current_of(host)
    host.write("/etc/pip.conf", "[global]\nno-index = true\n")
    newer = checkout(tmp_path, "9.9.1")
    tried = play(host, repository=newer, **operator).failed("Could not install the packages")
    assert "non-zero return code" not in tried.output
    assert "\x1b" not in tried.output
    assert current_of(host) == old
    assert_it_would_run(host)


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (f"{SERVICE}.j2", "systemd rejects the units"),
        ("msmtprc.j2", "msmtp rejects"),
        ("llm-health-check.j2", "sh rejects a script"),
    ],
)
def test_what_systemd_or_msmtp_would_not_take_changes_nothing(
    converged, operator, tmp_path, template, told
):
    host = converged()
    old, before = current_of(host), host.says(ALL_OF_IT)
    wrong = checkout(tmp_path, __version__)
    path = wrong / "ansible" / "templates" / template
    path.write_text(path.read_text().replace("Nice=", "Nic=") + "\nwrong yes (\n")
    changed = operator | {"healthcheck_secrets": {"OPENAI_API_KEY": "sk-c4nary-another"}}
    play(host, repository=wrong, **changed).failed(told, "the running one stays")
    assert (current_of(host), host.says(ALL_OF_IT)) == (old, before)


def test_a_damaged_program_stays_until_another_can_take_its_place(converged, operator):
    host = converged()
    old = current_of(host)
    (venv,) = venvs_of(host)
    # By hand, and it works: it must not be lost before there is another.
    module = host.says(f"ls {old}/venv/lib/python3*/site-packages/healthcheck/__init__.py")
    host.run(f"echo '# mended by hand' >> {module}")
    good = host.read("/etc/pip.conf")
    host.write("/etc/pip.conf", "[global]\nno-index = true\n")
    play(host, **operator).failed("Could not install the packages")
    assert current_of(host) == old
    assert "mended by hand" in host.read(module)
    assert_it_would_run(host)
    host.write("/etc/pip.conf", good)
    play(host, **operator).succeeded()
    assert host.says(f"readlink {HOME}/current/venv") == f"../../venvs/{venv}-2"
    assert_it_would_run(host)
    assert play(host, **operator).succeeded().changes == []


def test_a_generation_that_a_deploy_has_left_goes_later_and_one_that_another_may_be_making_stays(
    converged, operator
):
    host = converged()
    host.run(f"cd {HOME}/generations && mkdir old young && touch file")
    host.run(f"touch -d '2 hours ago' {HOME}/generations/old")
    play(host, **operator | {"healthcheck_memory_max": "2G"}).succeeded()
    assert {"old", "young"} & set(generations_of(host)) == {"young"}


def test_what_a_process_still_runs_from_stays_until_it_has_ended(converged, operator):
    host = converged()
    old = current_of(host)
    host.run(f"systemd-run --unit=reader {old}/venv/bin/python -c 'import time; time.sleep(3600)'")
    for memory in ("2G", "3G"):
        newer = operator | {"healthcheck_keep_generations": 2, "healthcheck_memory_max": memory}
        play(host, **newer).succeeded()
    assert host.infra.file(f"{old}/run").exists
    host.run("systemctl stop reader")
    play(host, **newer).succeeded()
    assert not host.infra.file(old).exists


def test_two_deploys_at_once_both_succeed(converged, operator, tmp_path):
    host = converged()
    newer = checkout(tmp_path, "9.9.1")
    other, _ = start(host, repository=newer, **operator)
    host.wait_for_process("pip install")
    play(host, repository=newer, **operator).succeeded()
    assert other.wait(1200) == 0
    assert version_of(host) == "9.9.1"
    assert_it_would_run(host)


def test_another_readme_makes_no_other_generation(converged, operator, tmp_path):
    host = converged()
    same = checkout(tmp_path, __version__)
    readme = same / "README.md"
    readme.write_text(readme.read_text() + "\nAnother word.\n")
    assert play(host, repository=same, **operator).succeeded().changes == []


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
    play(host, **operator).succeeded()
    assert_it_would_run(host)


def test_a_virtual_environment_that_was_damaged_is_built_anew(converged, operator):
    host = converged()
    driver = "venv/lib/python3*/site-packages/pymongo"
    for damage in (f"rm -r {driver}", "rm venv/bin/python*"):
        host.run(f"cp -a {HOME}/venvs /root/whole && cd {HOME}/current && {damage}")
        dry = play(host, "deploy.yml", "--check", **operator).succeeded()
        assert "virtual environment would be built" in " ".join(dry.changes), damage
        host.run(f"rm -r {HOME}/venvs/* && cp -a /root/whole/. {HOME}/venvs && rm -r /root/whole")
    overwritten = "yes 'raise SystemExit' | dd bs=1k count=1 conv=notrunc"
    host.run(f"cd {HOME}/current && {overwritten} of=$(echo {driver}/message.py)")
    built = play(host, **operator).succeeded()
    assert "Build the virtual environment" in " ".join(built.changes)
    assert_it_would_run(host)


def test_other_settings_build_nothing_and_go_back_as_a_whole(quiet, operator, the_world):
    host = quiet()
    first = current_of(host)
    other = {
        "healthcheck_settings": operator["healthcheck_settings"]
        | {"NOTIFY_EMAIL": "new@example.test", "OPENAI_DEADLINE": 30},
        "healthcheck_secrets": operator["healthcheck_secrets"]
        | {"OPENAI_API_KEY": "sk-c4nary-another"},
        "healthcheck_schedule": "*-*-* 09:30:00 UTC",
        "healthcheck_memory_max": "2G",
        "healthcheck_known_issues": [{"provider": "groq", "reason": "known"}],
        "healthcheck_verify_fatal": False,  # that key is wrong
    }
    changed = play(host, **operator | other).succeeded()
    assert "Build the virtual environment" not in " ".join(changed.changes)
    assert len(venvs_of(host)) == 1
    assert "MemoryMax=2G" in host.says(f"systemctl cat {SERVICE}")
    back = play(host, "rollback.yml", **operator | other).succeeded()
    said = " ".join(back.output.split())
    assert "removed: OPENAI_DEADLINE" in said
    assert "changed: NOTIFY_EMAIL, OPENAI_API_KEY" in said
    assert "c4nary" not in back.output
    assert current_of(host) == first
    assert "MemoryMax=1G" in host.says(f"systemctl cat {SERVICE}")
    (timer,) = [each for each in host.timers() if each["unit"] == TIMER]
    assert timer["next"] // 3_600_000_000 % 24 == 8
    assert "sk-c4nary-another" in host.read(ENV), "the shared file is not rolled back"
    before = len(the_world.mail.received)
    host.run(f"systemctl start {SERVICE}", timeout=300)
    mail = the_world.mail.wait_for_mails(before + 1)[-1]
    assert mail.recipients == ("operator@example.test",)
    assert the_world.openai.keys[-1] == operator["healthcheck_secrets"]["OPENAI_API_KEY"]


def test_a_generation_that_was_changed_by_hand_becomes_what_the_inventory_says(converged, operator):
    host = converged()
    old = current_of(host)
    host.run(f"sed -i '/^NOTIFY_EMAIL=/d' {OWN_ENV}; rm {HOME}/current/run")
    play(host, "status.yml", **operator).failed("deploy again")
    play(host, **operator).succeeded()
    assert current_of(host) == old
    assert_it_would_run(host)
    assert play(host, **operator).succeeded().changes == []
