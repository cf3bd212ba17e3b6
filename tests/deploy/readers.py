"""The three readers of an environment file: systemd, a shell, and python-dotenv."""

import io
import subprocess
from collections.abc import Mapping

from deploy.host import Host
from dotenv import dotenv_values

Values = dict[str, str]


def by_systemd(host: Host, text: str) -> Values:
    """Return what a service of that host sees."""
    host.write("/run/readers.env", text, mode="0600")
    shown = host.run(
        "systemd-run --quiet --wait --pipe -p EnvironmentFile=/run/readers.env /usr/bin/env -0"
    )
    return _split(shown.stdout)


def by_shell(text: str, shell: str = "sh") -> Values:
    """Return what `set -a; . FILE` exports."""
    shown = subprocess.run(
        ["env", "-i", shell, "-c", "set -a; . /dev/stdin; exec /usr/bin/env -0"],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    return _split(shown.stdout.decode())


def by_dotenv(text: str) -> Values:
    """Return what python-dotenv reads, as pydantic-settings calls it."""
    found: Mapping[str, str | None] = dotenv_values(stream=io.StringIO(text))
    return {key: value for key, value in found.items() if value is not None}


def _split(shown: str) -> Values:
    return dict(entry.split("=", 1) for entry in shown.split("\0") if entry)
