"""A release is switched to when it is complete and works; whatever happens, the old one runs on."""

import pytest
from deploy.checkout import broken, checkout
from deploy.host import Image
from deploy.operator_values import ENV, HOME, MSMTPRC, SECOND_ENV, SERVICE, prepare
from deploy.play import play
from deploy.state import assert_it_would_run, current_of, releases_of, version_of

from healthcheck import __version__

SETTINGS_AND_UNITS = f"cat {ENV} {SECOND_ENV} {MSMTPRC} /etc/systemd/system/llm-health-check*"


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
    for number in (2, 3):
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
    for number, module in enumerate(["cli/__init__.py", "sources/mongodb.py"]):
        breaks = broken(tmp_path, f"9.9.{number}", module)
        play(host, repository=breaks, **operator).failed()
        assert current_of(host) == old, module
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


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (f"{SERVICE}.j2", "systemd would not take the units"),
        ("msmtprc.j2", "msmtp refuses the configuration"),
        ("llm-health-check.sh.j2", "sh does not understand a script"),
    ],
)
def test_what_systemd_or_msmtp_would_not_take_changes_nothing(
    converged, operator, tmp_path, template, told
):
    host = converged()
    old, before = current_of(host), host.says(SETTINGS_AND_UNITS)
    wrong = checkout(tmp_path, "9.9.1")
    path = wrong / "ansible" / "templates" / template
    path.write_text(path.read_text().replace("Nice=", "Nic=") + "\nwrong yes (\n")
    changed = operator | {"healthcheck_secrets": {"OPENAI_API_KEY": "sk-c4nary-another"}}
    play(host, repository=wrong, **changed).failed(told, "nothing is changed")
    assert (current_of(host), host.says(SETTINGS_AND_UNITS)) == (old, before)


def test_a_damaged_release_stays_until_another_can_take_its_place(converged, operator):
    host = converged()
    old = current_of(host)
    # By hand, and it works: it must not be lost before there is another.
    module = host.says(f"ls {old}/venv/lib/python3*/site-packages/healthcheck/__init__.py")
    host.run(f"echo '# mended by hand' >> {module}")
    good = host.read("/etc/pip.conf")
    host.write("/etc/pip.conf", "[global]\nno-index = true\n")
    play(host, **operator).failed("The packages cannot be installed")
    assert current_of(host) == old
    assert "mended by hand" in host.read(module)
    assert_it_would_run(host)
    host.write("/etc/pip.conf", good)
    play(host, **operator).succeeded()
    assert current_of(host) == f"{old}-2"
    assert_it_would_run(host)
    assert play(host, **operator).succeeded().changes == []


def test_what_is_left_of_a_release_goes_with_the_next_one(converged, operator, tmp_path):
    host = converged()
    # Half taken away when the host died; and one that was never whole.
    host.run(
        f"cp -a {current_of(host)} {HOME}/releases/half && rm -r {HOME}/releases/half/venv/lib"
    )
    host.run(f"mkdir {HOME}/releases/begun")
    play(host, repository=checkout(tmp_path, "9.9.1"), **operator).succeeded()
    assert len(releases_of(host)) == 2, releases_of(host)
    assert not {"half", "begun"} & set(releases_of(host))


def test_another_readme_makes_no_other_release(converged, operator, tmp_path):
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
    play(host, repository=newer, **operator).succeeded()
    assert version_of(host) == "9.9.1"


def test_a_virtual_environment_that_was_damaged_is_built_anew(converged, operator):
    host = converged()
    driver = "venv/lib/python3*/site-packages/pymongo"
    for damage in (
        f"rm -r {driver}",
        "rm venv/bin/python*",
        f"yes 'raise SystemExit' | dd of=$(echo {driver}/message.py) bs=1k count=1 conv=notrunc",
    ):
        host.run(f"cd {HOME}/current && {damage}")
        built = play(host, **operator).succeeded()
        assert "Build it, and let its own doctor judge it" in " ".join(built.changes), damage
        assert_it_would_run(host)
    assert play(host, **operator).succeeded().changes == []
