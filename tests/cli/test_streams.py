"""A report that cannot be talked about is sent all the same: streams that are closed, full or narrow."""

import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from mail_servers import write_msmtprc
from stores import Store

UNTIL = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
CLOSED = ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]


@pytest.fixture
def shell(tmp_path, mail_server, msmtp_program):
    """Runs the command in a shell with redirections, its mail leading to the server."""
    store = Store(until=UNTIL)
    for days_ago in range(3):
        store.day("groq", "llama", days_ago=days_ago)
    store.write_snapshot(tmp_path / "snapshot")
    settings = {
        "MSMTP": str(msmtp_program),
        "MSMTP_CONFIG": str(write_msmtprc(tmp_path / "msmtprc", mail_server)),
        "NOTIFY_EMAIL": "ops@example.org",
        "STATE_DIRECTORY": str(tmp_path / "state"),
    }

    def run(arguments, redirections, **environment):
        return subprocess.run(
            ["bash", "-c", f"{sys.executable} -m healthcheck {arguments} {redirections}"],
            cwd=tmp_path,
            env=settings | {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)} | environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=60,
        )

    return run


@pytest.mark.parametrize("redirections", [*CLOSED, ">/dev/full", "2>/dev/full"])
def test_the_mail_is_sent(shell, mail_server, redirections):
    done = shell("run --no-ai --from snapshot", redirections)
    assert (done.returncode, len(mail_server.received)) == (0, 1)
    assert mail_server.received[0].recipients == ("ops@example.org",)


@pytest.mark.parametrize("redirections", ["2>&-", "2>/dev/full"])
def test_a_warning_that_cannot_be_printed_stops_nothing(shell, mail_server, tmp_path, redirections):
    outbox = tmp_path / "state" / "outbox"
    outbox.mkdir(parents=True)
    (outbox / "2026-03-09.json").write_text("{")
    done = shell("run --no-ai --from snapshot", redirections)
    assert (done.returncode, len(mail_server.received)) == (0, 1)


@pytest.mark.parametrize("redirections", ["<&-", "2>&-"])
@pytest.mark.parametrize(
    "arguments", ["run --dry-run --from snapshot", "doctor --offline", "classify"]
)
def test_no_command_needs_a_stream_that_it_does_not_use(shell, arguments, redirections):
    done = shell(arguments, redirections, MONGODB_URI="mongodb://h.invalid/")
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize("redirections", [">&-", "<&- >&-", ">&- 2>&-"])
@pytest.mark.parametrize(
    "arguments",
    ["run --dry-run --from snapshot", "doctor --offline", "outbox list", "history", "--help"],
)
def test_what_is_asked_for_and_cannot_be_printed_is_an_error(shell, arguments, redirections):
    done = shell(arguments, redirections, MONGODB_URI="mongodb://h.invalid/")
    said = "Error: Cannot write to standard output: Bad file descriptor.\n"
    assert (done.returncode, done.stderr) == (1, "" if "2>" in redirections else said)


def test_a_known_issue_is_muted_whoever_sees_it(shell, tmp_path):
    done = shell("mute groq 'llama-3*'", ">&-", KNOWN_ISSUES="known.toml")
    assert (done.returncode, (tmp_path / "known.toml").exists()) == (0, True)


def test_a_terminal_that_knows_few_characters_gets_the_report(shell):
    wide = shell("run --sample --dry-run", "", PYTHONIOENCODING="utf-8")
    assert wide.returncode == 0
    for encoding in ("ascii", "latin-1", "cp1252"):
        narrow = shell("run --sample --dry-run", "", PYTHONIOENCODING=encoding)
        assert narrow.returncode == 0, encoding
        encoded = re.sub("[^\x00-\x7f]", "?", narrow.stdout)
        # Latin-1 has the dot, in a byte of its own.
        nearest = str.maketrans("▁▃▅█≤·", "_-=#<." if encoding == "ascii" else "_-=#<?")
        assert encoded == re.sub("[^\x00-\x7f]", "?", wide.stdout.translate(nearest)), encoding
        assert "_ 0 failed - <1/3 = <2/3 # more" in encoded
