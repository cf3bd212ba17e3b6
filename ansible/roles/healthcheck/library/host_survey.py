#!/usr/bin/python
"""Read in one go what the deploy has to know of a host; changes nothing."""

from __future__ import annotations

import calendar
import json
import os
import re
import shutil
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.shared_env import BrokenBlockError, SharedEnv, places

DOCUMENTATION = r"""
module: host_survey
short_description: What stands on the host, for the health check's deploy
description:
  - Reads versions, free space, packages, releases, the names of variables in the shared .env, and
    the state of the units. One round trip, no value of a variable, no change.
options:
  home: {type: path, required: true, description: Where releases are kept.}
  env_file: {type: path, required: true, description: The shared .env file.}
  own_env_file: {type: path, required: true, description: Our own file beside it.}
  msmtprc: {type: path, required: true, description: The host's configuration of msmtp.}
  schedule: {type: str, required: true, description: The calendar expression of the timer.}
  delay: {type: int, default: 0, description: Seconds that the timer may be late on purpose.}
  packages: {type: list, elements: str, default: [], description: Debian packages that are needed.}
  name: {type: str, required: true, description: The name of service and timer.}
author: [LLM Benchmarks]
"""

EXAMPLES = r"""
- name: Look at the host
  host_survey:
    home: /opt/llm-health-check
    env_file: /opt/llm-benchmarks/.env
    own_env_file: /etc/llm-health-check/env
    msmtprc: /etc/msmtprc
    schedule: "*-*-* 08:00:00 UTC"
    name: llm-health-check
"""

RETURN = r"""
host:
  description: All that was found.
  type: dict
  returned: success
"""

_PROPERTIES = (
    "Id", "LoadState", "ActiveState", "SubState", "UnitFileState", "NeedDaemonReload", "Result",
    "ExecMainCode", "ExecMainStatus", "ExecMainExitTimestamp", "InvocationID",
)  # fmt: skip
_OURS = "llm-health-check"


def main() -> None:
    """Run as a module."""
    module = AnsibleModule(
        argument_spec={
            "home": {"type": "path", "required": True},
            "env_file": {"type": "path", "required": True},
            "own_env_file": {"type": "path", "required": True},
            "msmtprc": {"type": "path", "required": True},
            "schedule": {"type": "str", "required": True},
            "delay": {"type": "int", "default": 0},
            "packages": {"type": "list", "elements": "str", "default": []},
            "name": {"type": "str", "required": True},
        },
        supports_check_mode=True,
    )
    module.run_command_environ_update = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
    wanted = module.params
    if not shutil.which("systemctl"):
        module.fail_json(msg="There is no systemctl on this host: the health check needs systemd.")
    home = Path(wanted["home"])
    module.exit_json(
        changed=False,
        host={
            "systemd": _systemd(module),
            "python": _python(module),
            "free_megabytes": _free(home),
            "packages_missing": _missing(module, wanted["packages"]),
            "calendar": _calendar(module, wanted["schedule"], wanted["delay"]),
            "env_file": _env_file(Path(os.path.realpath(wanted["env_file"]))),
            "env_folders": sorted({str(Path(os.path.realpath(p)).parent) for p in _places(wanted)}),
            "earlier_env_files": _earlier(wanted),
            "msmtprc": _msmtprc(Path(wanted["msmtprc"])),
            "current": _current(home),
            "releases": _releases(module, home),
            "in_use": sorted(_in_use(home / "releases")),
            "units": _units(module, wanted["name"]),
            "timers": _timers(module, wanted["name"] + ".timer"),
            "notice_failed": _notice_failed(module, wanted["name"]),
            "due": _due(module, wanted["name"] + ".timer"),
        },
    )


def _said(module: AnsibleModule, *command: str) -> str:
    code, out, _ = module.run_command(list(command))
    return out if code == 0 else ""


def _systemd(module: AnsibleModule) -> int:
    found = re.search(r"^systemd (\d+)", _said(module, "systemctl", "--version"))
    return int(found.group(1)) if found else 0


def _python(module: AnsibleModule) -> dict[str, Any]:
    """The host's own Python, whatever runs this module."""
    program = (
        "import json, os, sys, sysconfig;"
        "print(json.dumps({'version': '%d.%d' % sys.version_info[:2],"
        " 'minor': list(sys.version_info[:2]), 'abi': sysconfig.get_config_var('SOABI'),"
        " 'path': os.path.realpath(sys.executable)}))"
    )
    said = _said(module, "/usr/bin/python3", "-I", "-c", program)
    return json.loads(said) if said else {"version": "none", "minor": [0, 0], "abi": "", "path": ""}


def _free(path: Path) -> int:
    there = next(folder for folder in (path, *path.parents) if folder.is_dir())
    return shutil.disk_usage(there).free // 2**20


def _missing(module: AnsibleModule, packages: list[str]) -> list[str]:
    _, listed, _ = module.run_command(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", *packages]
    )
    there = {line.split()[0] for line in listed.splitlines() if line.split()[1:2] == ["ii"]}
    return [package for package in packages if package not in there]


def _calendar(module: AnsibleModule, expression: str, delay: int) -> dict[str, Any]:
    """The times around now at which the expression elapses, in microseconds."""
    since = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(time.time() - delay - 60))
    code, out, err = module.run_command(
        ["systemd-analyze", "calendar", "--iterations=3", "--base-time", since, "--", expression]
    )
    dates = re.findall(r"(?:Next elapse|Iter(?:ation|\.) #\d+): \w+ (\S+ \S+) UTC", out)
    times = [_seconds(date) * 1000000 for date in dates]
    return {"valid": code == 0 and bool(times), "elapses": times, "error": err.strip()}


def _env_file(path: Path) -> dict[str, Any]:
    found = {"missing": False, "open": False, "outside": [], "ours": [], "problem": ""}
    try:
        shared = SharedEnv(path.read_bytes())
        found["open"] = _open(path)
    except FileNotFoundError:
        return {**found, "missing": True}
    except BrokenBlockError as error:
        return {**found, "problem": str(error)}
    except OSError as error:
        return {**found, "problem": error.strerror}
    return {**found, "outside": sorted(shared.names_outside()), "ours": sorted(shared.lines())}


def _places(wanted: dict[str, Any]) -> list[str]:
    """The files that hold, or have held, a block of ours, as far as this host remembers."""
    found = {wanted["env_file"]}
    with suppress(OSError):
        found.update(places(Path(wanted["own_env_file"]).read_bytes()))
    with suppress(OSError):
        unit = Path("/etc/systemd/system", wanted["name"] + ".service")
        text = unit.read_text(encoding="utf-8", errors="replace")
        found.update(re.findall(r"^LoadCredential=env:(.+)$", text, re.MULTILINE))
    return sorted(found)


def _earlier(wanted: dict[str, Any]) -> list[dict[str, str]]:
    """Those of them that are another file, and hold a block of ours still."""
    here = os.path.realpath(wanted["env_file"])
    found = []
    for path in (path for path in _places(wanted) if os.path.realpath(path) != here):
        try:
            if SharedEnv(Path(path).read_bytes()).block:
                found.append({"path": path, "problem": ""})
        except BrokenBlockError as error:
            found.append({"path": path, "problem": str(error)})
        except OSError:
            continue
    return found


def _msmtprc(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {"exists": False, "ours": False, "password": False, "open": False}
    ours = _OURS in text.partition("\n")[0]
    # The line as our template writes it; the value stays where it is.
    password = ours and re.search(r'^password ".+"$', text, re.MULTILINE) is not None
    there = path.stat()
    return {
        "exists": True,
        "ours": ours,
        "password": password,
        "open": _open(path),
        "owner": str(there.st_uid),
        "group": str(there.st_gid),
    }


def _open(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IROTH)


def _current(home: Path) -> str:
    try:
        return Path(os.readlink(home / "current")).name  # noqa: PTH115 - Path has it since Python 3.9 only
    except OSError:
        return ""


def _releases(module: AnsibleModule, home: Path) -> list[dict[str, Any]]:
    """All whole releases, the one that was activated last first."""
    found = []
    for folder in (home / "releases").glob("*"):
        try:
            about = json.loads((folder / "release.json").read_text(encoding="utf-8"))
            measured = (folder / "measure").read_text(encoding="utf-8")
        except (OSError, ValueError):
            continue
        if measured != _measure(module, folder):
            continue
        activated = folder / "activated"
        about.update(
            id=folder.name,
            activated=activated.stat().st_mtime if activated.exists() else 0,
        )
        found.append(about)
    return sorted(found, key=lambda about: (-about["activated"], about["id"]))


def _measure(module: AnsibleModule, release: Path) -> str:
    """As build-release took it."""
    find = (
        "find venv ! -type d ! -path '*/__pycache__/*' -printf '%p %s %T@ %l\\n'"
        " | LC_ALL=C sort | sha256sum"
    )
    return module.run_command(["/bin/sh", "-c", find], cwd=str(release))[1]


def _in_use(releases: Path) -> set[str]:
    """The releases that a process runs from: they must not be taken away under it."""
    found = set()
    pattern = re.compile(re.escape(str(releases)).encode() + rb"/([^/\0]+)/")
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.update(name.decode() for name in pattern.findall(path.read_bytes()))
        except (OSError, UnicodeDecodeError):
            continue
    return found


def _units(module: AnsibleModule, name: str) -> dict[str, dict[str, str]]:
    command = ["systemctl", "show", "--property=" + ",".join(_PROPERTIES)]
    code, said, err = module.run_command([*command, f"{name}.service", f"{name}.timer"])
    if code:
        module.fail_json(msg=f"systemd does not answer: {err.strip()}")
    found = {}
    for paragraph in said.strip().split("\n\n"):
        about = dict(line.split("=", 1) for line in paragraph.splitlines() if "=" in line)
        found[about.get("Id", "").rpartition(".")[2]] = about
    return found


def _notice_failed(module: AnsibleModule, name: str) -> bool:
    """Could the last notice of a failure not be sent."""
    said = _said(module, "systemctl", "is-failed", f"{name}-failure@{name}.service")
    return said.strip() == "failed"


def _due(module: AnsibleModule, timer: str) -> bool:
    """Has its time come, and is the run still to begin after the random delay."""
    said = _said(module, "systemctl", "show", "--property=SubState,TimersCalendar", timer)
    times = re.findall(r"next_elapse=\w+ (\S+ \S+) UTC", said)
    passed = [_seconds(date) <= time.time() for date in times]
    return "SubState=waiting" in said and any(passed)


def _seconds(date: str) -> int:
    return calendar.timegm(time.strptime(date, "%Y-%m-%d %H:%M:%S"))


def _timers(module: AnsibleModule, timer: str) -> list[dict[str, Any]]:
    said = _said(module, "systemctl", "list-timers", "--all", "--output=json", timer)
    try:
        return [entry for entry in json.loads(said) if entry.get("unit") == timer]
    except ValueError:
        return []


if __name__ == "__main__":
    main()
