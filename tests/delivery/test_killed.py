"""Killed at any instant and started again: no report is lost, and at worst it comes twice.

strace stops the process at every system call that writes, moves, starts or waits, one after the
other. SYSCALLS are all that delivery makes of these kinds; a first run that is left alone tells them.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from killed import deliver
from mail_servers import smtp_server, write_msmtprc
from mail_servers.fixtures import required_program
from queued_reports import arrived, message_id, queued

from healthcheck.delivery.outbox import QueuedReport, StateDirectory, to_bytes

SYSCALLS = (
    "openat", "close", "write", "fsync", "rename", "unlink", "mkdir", "flock", "memfd_create",
    "lseek", "pipe2", "vfork", "clone", "clone3", "wait4", "kill", "exit_group",
)  # fmt: skip
_ASKED = 2
PROGRAM = Path(__file__).with_name("killed.py")
MADE = queued()


@pytest.fixture
def strace() -> str:
    return required_program("strace", package="strace")


@pytest.fixture
def scene(tmp_path, msmtp_program, mail_server):
    """Before the run: a queued from yesterday waits, and today's has been made."""
    (tmp_path / "queued").write_bytes(to_bytes(MADE))
    write_msmtprc(tmp_path / "msmtprc", mail_server)
    return tmp_path


def prepare(folder: Path) -> StateDirectory:
    shutil.rmtree(folder, ignore_errors=True)
    store = StateDirectory(folder)
    store.prepare()
    return store


@pytest.fixture
def traced(strace, scene):
    """Delivers into a folder while strace, given options, watches; returns how that ended."""
    folder = scene / "kept"
    arguments = [str(folder), str(scene / "queued"), str(scene / "msmtprc")]
    with subprocess.Popen(
        [sys.executable, "-B", str(PROGRAM), *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    ) as program:  # fmt: skip

        def run(*options: str) -> int:
            program.stdin.write("deliver\n")
            child = program.stdout.readline().strip()
            with subprocess.Popen(
                [strace, *options, "-p", child], stderr=subprocess.PIPE, text=True
            ) as watching:
                assert "attached" in watching.stderr.readline()
                program.stdin.write("attached\n")
                watching.stderr.read()
            return os.waitstatus_to_exitcode(int(program.stdout.readline()))

        yield run
        program.stdin.close()


def calls_of_delivery(traced, scene: Path) -> list[tuple[str, int]]:
    """Each call by its name, and as the how manieth of that name."""
    log = scene / "log"
    prepare(scene / "kept")
    assert traced("-o", str(log), "-e", f"trace={','.join(SYSCALLS)}") == 0
    counts: Counter[str] = Counter()
    points = []
    for line in log.read_text(errors="replace").splitlines():
        call = re.match(r"(\w+)\(", line)
        if not call:
            continue
        counts[call[1]] += 1
        # How often it asks whether msmtp has ended is a matter of time.
        if call[1] != "wait4" or counts["wait4"] <= _ASKED:
            points.append((call[1], counts[call[1]]))
    return points


@pytest.mark.parametrize("share", range(4))
def test_killed_at_every_call(share, scene, traced, record_property):
    points = calls_of_delivery(traced, scene)
    assert {name for name, _ in points} >= {"write", "fsync", "rename", "flock", "wait4"}
    lost = twice = 0
    for number, (name, time) in enumerate(points):
        if number % 4 != share:
            continue
        folder = scene / "kept"
        store = prepare(folder)
        with smtp_server() as server:
            write_msmtprc(scene / "msmtprc", server)
            inject = ("-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:when={time}")
            assert traced("-o", "/dev/null", *inject) in {-9, 0}
            found = [queue.get(MADE.name) for queue in (store.outbox, store.history)]
            kept = any(isinstance(each, QueuedReport) for each in found)
            begun_to_send = "connect" in server.commands
            assert kept or not begun_to_send, f"{name} {time}: sent before it was kept"
            again = deliver(folder, MADE, scene / "msmtprc")
            assert again.exit_code == 0
            lost += not server.received
            twice += len(server.received) > 1
            assert set(arrived(server)) == {message_id(MADE)}, f"{name} {time}"
            assert len(server.received) <= 2, f"{name} {time}"
            assert all(mail.content.endswith(MADE.mail) for mail in server.received)
            assert store.outbox.names() == store.rejected.names() == []
            assert store.history.names() == [MADE.name]
            assert not list(folder.glob("*/.*"))
    for name, figure in (("points", len(points)), ("lost", lost), ("twice", twice)):
        record_property(name, figure)
    assert lost == 0


def test_the_command_is_killed_as_well(
    scene, strace, start_smtp_server, snapshot, settings_to, tmp_path
):
    """The whole of it, from its options to its exit, at what makes a report last."""
    points = [("rename", 1), ("fsync", 1), ("fsync", 2), ("rename", 2), ("wait4", 1), ("flock", 1)]
    for name, time in points:
        server = start_smtp_server()
        settings = settings_to(server) | {"PATH": "/usr/bin:/bin", "MSMTP_TIMEOUT": "10"}
        store = prepare(tmp_path / "kept")
        run = [sys.executable, "-m", "healthcheck", "run", "--scheduled", "--from", str(snapshot)]
        inject = ["-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:when={time}"]
        traced = [strace, "-o", "/dev/null", *inject, *run]
        killed = subprocess.run(traced, env=settings, check=False, capture_output=True, timeout=60)
        assert killed.returncode in {-9, 137}, (name, time, killed.stderr)
        waiting = store.outbox.all()
        again = subprocess.run(run, env=settings, check=True, capture_output=True, timeout=60)
        assert again.stderr == b""
        assert 1 <= len(server.received) <= 2, (name, time)
        assert len(set(arrived(server))) == 1, (name, time)
        if waiting:
            assert set(arrived(server)) == {message_id(waiting[0])}
        assert store.outbox.names() == []
        assert len(store.history.names()) == 1
