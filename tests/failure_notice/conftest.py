"""The notice runs in each shell, with the tools of a bare Debian alone."""

import os
import shutil
from collections.abc import Iterator

import pytest
from mail_servers.fixtures import required_program
from notices import INVOCATION, UNIT, Notice

TOOLS = "awk base64 cut date grep head sed sleep tail timeout tr uname"
"""From coreutils, grep, sed and mawk, which every Debian has."""

JOURNALCTL = """#!/bin/sh
printf '%s\\n' "$*" >>{folder}/calls
case "$*" in
  *--sync*) exit 1 ;;
  *_SYSTEMD_INVOCATION_ID=*) /bin/cat {folder}/run ;;
  *'_PID=1 UNIT='*) /bin/cat {folder}/systemd ;;
  *--unit=*) /bin/cat {folder}/unit || echo 'No journal files were opened.' >&2 ;;
esac
"""


@pytest.fixture
def shell(request: pytest.FixtureRequest) -> list[str]:
    program, *options = getattr(request, "param", "dash").split()
    return [required_program(program, package=program), *options]


@pytest.fixture
def notice(shell, tmp_path, mail_server, msmtp_program) -> Iterator[Notice]:
    """A unit that ended with status 1, some lines in its journal, a mail server that takes all."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in TOOLS.split():
        found = shutil.which(tool)
        assert found, tool
        (tools / tool).symlink_to(found)
    (tools / "msmtp").symlink_to(msmtp_program)
    # busybox's shell would take its own tools before those on the PATH.
    if shell[0].endswith("busybox"):
        (tools / "busybox").symlink_to(shell[0])
    made = Notice(
        shell,
        tmp_path,
        {
            "PATH": str(tools),
            "MSMTP_CONFIG": str(tmp_path / "msmtprc"),
            "ENVIRONMENT_FILES": str(tmp_path / ".env"),
            "DEFAULT_NOTIFY_EMAIL": "deployed@example.org",
            "NOTIFY_EMAIL": "operator@example.org",
            "MONITOR_UNIT": UNIT,
            "MONITOR_SERVICE_RESULT": "exit-code",
            "MONITOR_EXIT_CODE": "exited",
            "MONITOR_EXIT_STATUS": "1",
            "MONITOR_INVOCATION_ID": INVOCATION,
            "FAILURE_NOTICE_TRIES": "1",
            "FAILURE_NOTICE_INTERVAL": "1",
            "FAILURE_NOTICE_TIMEOUT": "3",
        },
    )
    made.program("journalctl", JOURNALCTL.format(folder=tmp_path))
    made.journal(b"2026-11-24T08:00:01+0000 clifford llm-health-check[7]: MongoDB is down.\n")
    made.sends_to(mail_server)
    yield made
    for path in tools.iterdir():
        assert os.access(path, os.X_OK), path
