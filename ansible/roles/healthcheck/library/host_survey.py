#!/usr/bin/python
"""Read in one go what the deploy has to know of a host; changes nothing."""

import calendar
import glob
import json
import os
import re
import shutil
import stat
import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.shared_env import BrokenBlock, SharedEnv

DOCUMENTATION = r"""
module: host_survey
short_description: What stands on the host, for the health check's deploy
description:
  - Reads versions, free space, packages, releases, the names of variables in the shared .env, and
    the state of the units. One round trip, no value of a variable, no change.
options:
  home: {type: path, required: true, description: Where releases are kept.}
  env_file: {type: path, required: true, description: The shared .env file.}
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
    "ExecMainStatus", "ExecMainStartTimestamp", "ExecMainExitTimestamp", "InvocationID", "NRestarts",
)  # fmt: skip
_MARKER_OF_OURS = "llm-health-check"


def main():
    """Run as a module."""
    module = AnsibleModule(
        argument_spec={
            "home": {"type": "path", "required": True},
            "env_file": {"type": "path", "required": True},
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
    units = _units(module, wanted["name"])
    module.exit_json(
        changed=False,
        host={
            "systemd": _systemd(module),
            "python": _python(module),
            "free_megabytes": _free(wanted["home"]),
            "packages_missing": _missing(module, wanted["packages"]),
            "calendar": _calendar(module, wanted["schedule"], wanted["delay"]),
            "env_file": _env_file(wanted["env_file"]),
            "msmtprc": _msmtprc(wanted["msmtprc"]),
            "current": _current(wanted["home"]),
            "releases": _releases(wanted["home"]),
            "units": units,
            "timers": _timers(module, wanted["name"] + ".timer"),
        },
    )


def _said(module, *command):
    code, out, err = module.run_command(list(command))
    return out if code == 0 else ""


def _systemd(module):
    found = re.search(r"^systemd (\d+)", _said(module, "systemctl", "--version"))
    return int(found.group(1)) if found else 0


def _python(module):
    """The host's own Python, whatever runs this module."""
    program = (
        "import json, os, sys, sysconfig, importlib.util as u;"
        "print(json.dumps({'version': '%d.%d' % sys.version_info[:2],"
        " 'minor': list(sys.version_info[:2]), 'abi': sysconfig.get_config_var('SOABI'),"
        " 'path': os.path.realpath(sys.executable)}))"
    )
    said = _said(module, "/usr/bin/python3", "-I", "-c", program)
    return json.loads(said) if said else {"version": "none", "minor": [0, 0], "abi": "", "path": ""}


def _free(path):
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return shutil.disk_usage(path).free // 2**20


def _missing(module, packages):
    _, listed, _ = module.run_command(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", *packages]
    )
    there = {line.split()[0] for line in listed.splitlines() if line.split()[1:2] == ["ii"]}
    return [package for package in packages if package not in there]


def _calendar(module, expression, delay):
    """The times around now at which the expression elapses, in microseconds."""
    since = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(time.time() - delay - 60))
    code, out, err = module.run_command(
        ["systemd-analyze", "calendar", "--iterations=3", "--base-time", since, "--", expression]
    )
    dates = re.findall(r"(?:Next elapse|Iter(?:ation)?\. #\d+|Iteration #\d+): \w+ (\S+ \S+) UTC", out)
    times = [calendar.timegm(time.strptime(date, "%Y-%m-%d %H:%M:%S")) * 1000000 for date in dates]
    return {"valid": code == 0 and bool(times), "elapses": times, "error": err.strip()}


def _env_file(path):
    path = os.path.realpath(path)
    found = {"exists": False, "open": False, "outside": [], "exported": [], "ours": [], "problem": ""}
    try:
        with open(path, "rb") as file:
            shared = SharedEnv(file.read())
        found["open"] = bool(os.stat(path).st_mode & 0o004)
    except FileNotFoundError:
        return found
    except BrokenBlock as error:
        return dict(found, exists=True, problem=str(error))
    except OSError as error:
        return dict(found, exists=True, problem=error.strerror)
    return dict(
        found,
        exists=True,
        outside=sorted(shared.names_outside()),
        exported=sorted(shared.names_exported()),
        ours=sorted(shared.lines()),
    )


def _msmtprc(path):
    try:
        with open(path, "rb") as file:
            first = file.readline().decode("utf-8", "replace")
        return {"exists": True, "ours": _MARKER_OF_OURS in first, "open": bool(os.stat(path).st_mode & 0o004)}
    except OSError:
        return {"exists": False, "ours": False, "open": False}


def _current(home):
    try:
        return os.path.basename(os.readlink(os.path.join(home, "current")))
    except OSError:
        return ""


def _releases(home):
    """All whole releases, the one that was activated last first."""
    in_use = _in_use(os.path.join(home, "releases"))
    found = []
    for marker in glob.glob(os.path.join(home, "releases", "*", "release.json")):
        folder = os.path.dirname(marker)
        try:
            with open(marker, encoding="utf-8") as file:
                about = json.load(file)
            with open(os.path.join(folder, "measure"), encoding="utf-8") as file:
                if file.read().split() != _measure(os.path.join(folder, "venv")):
                    continue
        except (OSError, ValueError):
            continue
        activated = os.path.join(folder, "activated")
        about.update(
            id=os.path.basename(folder),
            activated=os.stat(activated).st_mtime if os.path.exists(activated) else 0,
            in_use=os.path.basename(folder) in in_use,
        )
        found.append(about)
    return sorted(found, key=lambda about: (-about["activated"], about["id"]))


def _measure(venv):
    """Number and bytes of the files, as build-release counted them."""
    files = [
        os.lstat(os.path.join(folder, name))
        for folder, _, names in os.walk(venv)
        if os.path.basename(folder) != "__pycache__"
        for name in names
    ]
    sizes = [about.st_size for about in files if stat.S_ISREG(about.st_mode)]
    return [str(len(sizes)), str(sum(sizes))]


def _in_use(releases):
    """The releases that a process runs from: they must not be taken away under it."""
    found = set()
    pattern = re.compile(re.escape(releases).encode() + rb"/([^/\0]+)/")
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                found.update(name.decode() for name in pattern.findall(file.read()))
        except (OSError, UnicodeDecodeError):
            continue
    return found


def _units(module, name):
    units = [name + ".service", name + ".timer"]
    code, said, err = module.run_command(
        ["systemctl", "show", "--property=" + ",".join(_PROPERTIES), *units]
    )
    if code:
        module.fail_json(msg="systemd does not answer: {}".format(err.strip()))
    found = {}
    for paragraph in said.strip().split("\n\n"):
        about = dict(line.split("=", 1) for line in paragraph.splitlines() if "=" in line)
        found[about.get("Id", "").rpartition(".")[2]] = about
    return found


def _timers(module, timer):
    said = _said(module, "systemctl", "list-timers", "--all", "--output=json", timer)
    try:
        return [entry for entry in json.loads(said) if entry.get("unit") == timer]
    except ValueError:
        return []


if __name__ == "__main__":
    main()
