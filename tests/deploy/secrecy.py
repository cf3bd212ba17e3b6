"""Where the secrets of a deploy may be, and where nobody may find one; every one of them is a canary."""

import re
import subprocess

from deploy.host import Host
from deploy.operator_values import ENV, HOME, NOTICE_MSMTPRC, STATE
from deploy.play import Play
from deploy.world import CANARY

_MAY_HOLD = re.compile(rf"{ENV}|{HOME}/generations/[0-9a-f]+/(env|msmtprc)|{NOTICE_MSMTPRC}")
EVERYWHERE = "$(ls -d /* | grep -vx -e /proc -e /sys -e /dev -e /srv)"
WHERE_A_DEPLOY_WRITES = f"/etc /home /opt /root /run /tmp /usr/local {STATE}"


def assert_secrets_are_hidden(host: Host, below: str = EVERYWHERE) -> None:
    """No other file of the host holds one, of whatever kind, and the journal says none."""
    # What is looked for comes by stdin: command lines are watched for it.
    found = host.run(f"grep -rslaF -f - {below}; true", stdin=CANARY)
    holding = set(found.stdout.splitlines())
    assert all(map(_MAY_HOLD.fullmatch, holding)), sorted(holding)
    for path in holding - {ENV}:
        file = host.infra.file(path)
        assert (file.user, file.mode) == ("root", 0o600), path
    assert CANARY not in host.says("journalctl --no-pager -o export | tr -d '\\0'")


def assert_none_is_left_behind(tried: Play) -> None:
    """The control machine holds none that its operator has not put there, and showed none."""
    found = subprocess.run(
        ["grep", "-rlF", "-f", "-", "."],
        cwd=tried.folder,
        input=CANARY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout.splitlines() == ["./inventory.json"], "grep finds the operator's own alone"
