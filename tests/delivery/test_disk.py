"""A disk that is full or read-only costs the copy, never the mail."""

import json
import os
import subprocess

import pytest
from queued_reports import NOW, message_id, queued

from healthcheck.delivery.lock import locked
from healthcheck.delivery.outbox import StateDirectory


@pytest.fixture
def full_disk(mounted):
    """Not a byte is free, nor is there room for another file."""
    folder = mounted("size=64k,nr_inodes=20,mode=0700")
    _fill(folder)
    return folder


def _fill(folder):
    with (folder / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 4096)
        except OSError:
            return


def test_a_full_disk_keeps_no_copy_and_the_report_is_sent(post, mail_server, full_disk):
    post.store = StateDirectory(full_disk)
    post.store.prepare()
    result = post.by(mail_server).send(queued())
    assert result.exit_code == 0
    assert len(mail_server.received) == 1
    assert "Could not keep a copy of the report" in post.warnings[0]
    assert "No space left on device" in post.warnings[0]
    assert not list(full_disk.glob("**/.*partial"))


def test_the_doctor_does_not_call_a_full_disk_writable(health_check, full_disk):
    settings = {"STATE_DIRECTORY": str(full_disk)}
    done = health_check("doctor", "--offline", "--format", "json", settings=settings)
    checks = {check["check"]: check for check in json.loads(done.stdout)}
    assert checks["state directory"]["outcome"] == "failed"
    assert checks["state directory"]["found"].endswith(
        "cannot be written to: No space left on device"
    )
    assert [path.name for path in full_disk.iterdir()] == ["filler"]


def test_where_it_is_neither_sent_nor_kept_it_says_so(post, refusing_port, full_disk):
    post.store = StateDirectory(full_disk)
    result = post.by(refusing_port).send(queued())
    assert result.exit_code == 1
    assert "neither sent nor kept" in result.sentence


def test_what_waits_on_a_disk_that_has_become_full_is_sent_once(post, mail_server, mounted):
    folder = mounted("size=256k,mode=0700")
    post.store = StateDirectory(folder)
    post.store.prepare()
    post.store.outbox.put(queued())
    post.store.history.folder.mkdir()
    _fill(folder)
    delivery = post.by(mail_server)
    assert delivery.send_pending()[0].exit_code == 0
    assert delivery.send_pending() == ()
    assert [mail.parsed()["Message-ID"] for mail in mail_server.received] == [message_id(queued())]
    assert post.kept == {"history": ["2026-03-10"]}


def test_a_try_that_cannot_be_noted_loses_nothing(post, refusing_port, mounted):
    folder = mounted("size=64k,mode=0700")
    post.store = StateDirectory(folder)
    post.store.prepare()
    post.store.outbox.put(queued())
    _fill(folder)
    assert post.by(refusing_port).send_pending()[0].exit_code == 75
    assert post.store.outbox.get("2026-03-10") == queued()
    assert "Could not record the attempt" in post.warnings[0]


@pytest.fixture
def read_only_disk(mounted):
    """With a report in its outbox and a lock, as after an error of the disk."""
    folder = mounted("size=256k,mode=0700")
    store = StateDirectory(folder)
    store.prepare()
    store.outbox.put(queued("2026-03-09"))
    with locked(folder):
        pass
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    return folder


def test_a_read_only_disk_keeps_no_copy_and_the_report_is_sent(post, mail_server, read_only_disk):
    post.store = StateDirectory(read_only_disk)
    post.store.prepare()
    with locked(read_only_disk, 0):
        assert post.by(mail_server).send(queued()).exit_code == 0
    assert "Read-only file system" in post.warnings[0]
    assert len(mail_server.received) == 1


def test_what_waits_there_is_not_sent_again_and_again(post, mail_server, read_only_disk):
    post.store = StateDirectory(read_only_disk)
    assert post.by(mail_server, now=NOW).send_pending() == ()
    assert "is not writable" in post.warnings[0]
    assert mail_server.received == ()


def test_the_command_sends_from_a_full_disk(
    health_check, settings_to, snapshot, mail_server, full_disk
):
    settings = settings_to(mail_server, STATE_DIRECTORY=str(full_disk))
    done = health_check("run", "--scheduled", "--from", snapshot, settings=settings)
    assert done.returncode == 0
    assert len(mail_server.received) == 1
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith(f"Warning: Could not keep a copy of the report in {full_disk}")


# The name that is too long stands for what may not be looked into: root may look everywhere.
@pytest.mark.parametrize("folder", ["/proc/nowhere", f"/proc/{'x' * 300}"])
def test_the_command_sends_where_the_state_directory_cannot_be(
    health_check, settings_to, snapshot, mail_server, folder
):
    settings = settings_to(mail_server, STATE_DIRECTORY=folder)
    done = health_check("run", "--scheduled", "--from", snapshot, settings=settings)
    assert done.returncode == 0
    assert len(mail_server.received) == 1
    assert b"Could not keep a copy" in done.stderr


def test_this_needs_root_in_ci():
    assert os.environ.get("CI") != "true" or os.geteuid() == 0
