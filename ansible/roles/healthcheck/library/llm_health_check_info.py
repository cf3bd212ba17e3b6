#!/usr/bin/python
"""Read in one go what the deploy has to know of a host; changes nothing."""

from __future__ import annotations

import calendar
import hashlib
import json
import os
import re
import shutil
import stat
import time
from contextlib import suppress
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.llm_health_check_env import (
    SharedEnv,
    UnusableError,
    lines_by_name,
    read,
    real,
)

_NAME = "llm-health-check"
_PROPERTIES = (
    "Id", "LoadState", "ActiveState", "SubState", "UnitFileState", "NeedDaemonReload", "Result",
    "ExecMainCode", "ExecMainStatus", "ExecMainExitTimestamp", "ExecMainExitTimestampMonotonic",
    "InactiveExitTimestamp", "InvocationID", "TimersCalendar",
)  # fmt: skip
# Where deploys up to 0.1 kept what is now in a generation.
_FORMER_ENV = Path("/etc/llm-health-check/env")
_FORMER_BLOCK = re.compile(r"^# A block of ours stands, or has stood, in (.+)$", re.MULTILINE)
_MSMTPRC = Path("/etc/msmtprc")


def main() -> None:
    """Run as a module."""
    module = AnsibleModule(
        argument_spec={
            "home": {"type": "path", "required": True},
            "env_file": {"type": "path", "required": True},
            "state": {"type": "path", "required": True},
            "installed": {"type": "list", "elements": "path", "default": []},
            "schedule": {"type": "str", "required": True},
            "delay": {"type": "int", "default": 0},
            "packages": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    module.run_command_environ_update = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
    wanted = module.params
    if not shutil.which("systemctl"):
        module.fail_json(msg="There is no systemctl on this host: the health check needs systemd.")
    home = Path(wanted["home"])
    units = _units(module)
    generations = {path.name: _generation(path) for path in (home / "generations").glob("*")}
    current = _link(home / "current")
    running = generations.get(current, {"schedule": "", "delay": 0})
    host = {
        "now": int(time.time()),
        "systemd": int((_said(module, "systemctl", "--version").split() or [0, 0])[1]),
        "python": _python(module),
        "free_megabytes": _free(home),
        "packages_missing": _missing(module, wanted["packages"]),
        "calendar": _calendar(module, wanted["schedule"], time.time() - wanted["delay"] - 60),
        "elapses": _calendar(module, running["schedule"], time.time() - running["delay"] - 60)[
            "elapses"
        ],
        "env_file": _env_file(wanted["env_file"]),
        "earlier_env_files": _earlier(home, wanted["env_file"]),
        "current": current,
        "generations": generations,
        "chain": _chain(generations, current),
        "venvs": _venvs(module, home),
        "installed": {path: _digest(Path(path)) for path in wanted["installed"]},
        "msmtprc": _msmtprc(),
        "former": _former(home),
        "home_is_link": home.is_symlink(),
        "sent": sorted(path.stem for path in Path(wanted["state"], "history").glob("*.json")),
        "units": units,
        "timers": _timers(module),
        "due": _due(units["timer"]),
        "would_fire": _would_fire(module, wanted["schedule"]),
    }
    module.exit_json(changed=False, host=host)


def _said(module: AnsibleModule, *command: str) -> str:
    code, out, _ = module.run_command(list(command))
    return out if code == 0 else ""


def _python(module: AnsibleModule) -> dict[str, object]:
    """The host's own Python, whatever runs this module."""
    program = "import os, sys; print(*sys.version_info[:2], sys.implementation.cache_tag, os.path.realpath(sys.executable))"
    major, minor, abi, path = (
        _said(module, "/usr/bin/python3", "-Ic", program) or "0 0 - -"
    ).split()
    return {"minor": [int(major), int(minor)], "abi": abi, "path": path}


def _free(path: Path) -> int:
    there = next(folder for folder in (path, *path.parents) if folder.is_dir())
    return shutil.disk_usage(there).free // 2**20


def _missing(module: AnsibleModule, packages: list[str]) -> list[str]:
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", *packages]
    listed = module.run_command(query)[1] if packages else ""
    there = {line.split()[0] for line in listed.splitlines() if line.split()[1:2] == ["ii"]}
    return [package for package in packages if package not in there]


def _calendar(module: AnsibleModule, expression: str, since: float) -> dict[str, object]:
    """The next times at which the expression elapses, in microseconds."""
    if not expression:
        return {"valid": False, "elapses": [], "error": "it is empty"}
    base = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(since))
    code, out, err = module.run_command(
        ["systemd-analyze", "calendar", "--iterations=3", "--base-time", base, "--", expression]
    )
    dates = re.findall(r"(?:Next elapse|Iter(?:ation|\.) #\d+): \w+ (\S+ \S+) UTC", out)
    times = [_seconds(date) * 1000000 for date in dates]
    return {"valid": code == 0 and bool(times), "elapses": times, "error": err.strip()}


def _env_file(name: str) -> dict[str, object]:
    path = real(name)
    found = {"missing": False, "open": False, "outside": [], "block": False, "problem": ""}
    if name.endswith("/"):
        return {**found, "problem": "a path to a file does not end with a slash: remove it"}
    try:
        content = read(path)
        shared = SharedEnv(content or b"")
    except UnusableError as error:
        return {**found, "problem": str(error)}
    found["outside"] = sorted(shared.names_outside())
    return {**found, "missing": content is None, "open": _open(path), "block": bool(shared.block)}


def _earlier(home: Path, env_file: str) -> list[dict[str, str]]:
    """Other files with a block of ours, from when healthcheck_env_file had another value."""
    paths = set()
    for unit in (
        *home.glob(f"generations/*/{_NAME}.service"),
        Path(f"/etc/systemd/system/{_NAME}.service"),
    ):
        paths.update(re.findall(r"^LoadCredential=env:(.+)$", _text(unit), re.MULTILINE))
    paths.update(_FORMER_BLOCK.findall(_text(_FORMER_ENV)))
    found = []
    for path in sorted(path for path in paths if real(path) != real(env_file)):
        try:
            if SharedEnv(read(real(path)) or b"").block:
                found.append({"path": path, "problem": ""})
        except UnusableError as error:
            found.append({"path": path, "problem": str(error)})
    return found


def _generation(path: Path) -> dict[str, object]:
    """What it holds; it is whole where each file is what its manifest says."""
    files = {file.name: _digest(file) for file in path.iterdir() if file.is_file()}
    manifest = dict(
        line.split("  ", 1)[::-1] for line in _text(path / "manifest").splitlines() if "  " in line
    )
    return {
        "files": files,
        "venv": _link(path / "venv"),
        "before": _link(path / "before"),
        "changed": path.stat().st_mtime,
        "whole": bool(manifest)
        and all(files.get(name) == digest for name, digest in manifest.items()),
        "names": sorted(lines_by_name(_text(path / "env").encode())),
        "schedule": _option(path, "OnCalendar"),
        "delay": int(_option(path, "RandomizedDelaySec") or 0),
    }


def _option(path: Path, name: str) -> str:
    """An option of the timer in a generation."""
    found = re.search(rf"^{name}=(.+)$", _text(path / f"{_NAME}.timer"), re.MULTILINE)
    return found.group(1) if found else ""


def _chain(generations: dict[str, dict], current: str) -> list[str]:
    """The generations that ran: the current one, the one before it, and so on."""
    chain = []
    name = current
    while name in generations and name not in chain:
        chain.append(name)
        name = generations[name]["before"]
    return chain


def _venvs(module: AnsibleModule, home: Path) -> dict[str, dict]:
    """The whole ones; what was damaged or changed later does not count."""
    found = {}
    for folder in (home / "venvs").glob("*"):
        # As build-venv measures it.
        find = (
            "find . ! -type d ! -path '*/__pycache__/*' ! -name release.json ! -name measure"
            " -printf '%p %s %T@ %l\\n' | LC_ALL=C sort | sha256sum"
        )
        measured = module.run_command(["/bin/sh", "-c", find], cwd=str(folder))[1]
        with suppress(ValueError):
            about = json.loads(_text(folder / "release.json"))
            if measured == _text(folder / "measure"):
                found[folder.name] = about
    return found


def _digest(path: Path) -> str:
    """Mode and content of a file of root's; empty where it is missing, or somebody else's."""
    try:
        about = path.stat()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
    return f"{about.st_mode & 0o7777:o} {digest}" if (about.st_uid, about.st_gid) == (0, 0) else ""


def _msmtprc() -> dict[str, bool]:
    """The host's own configuration; ours is what a deploy up to 0.1 has written."""
    text = _text(_MSMTPRC)
    return {
        "exists": _MSMTPRC.exists(),
        "ours": _NAME in text.partition("\n")[0],
        "password": re.search(r'^password ".+"$', text, re.MULTILINE) is not None,
        "open": _open(_MSMTPRC),
    }


def _former(home: Path) -> list[str]:
    """What is left of the layout of deploys up to 0.1."""
    config = _FORMER_ENV.parent
    paths = (
        _FORMER_ENV,
        config / "known-issues.toml",
        config / "msmtprc.before",
        home / "releases",
    )
    return [str(path) for path in paths if path.exists()]


def _open(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & stat.S_IROTH)


def _text(path: Path) -> str:
    with suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace")
    return ""


def _link(path: Path) -> str:
    """The last part of where it leads; empty where it is missing."""
    return os.path.basename(os.readlink(path)) if path.is_symlink() else ""  # noqa: PTH115, PTH119 - text, not a file


def _units(module: AnsibleModule) -> dict[str, dict[str, str]]:
    """Service, timer and notice, by what systemd says of them."""
    names = {
        "service": f"{_NAME}.service",
        "timer": f"{_NAME}.timer",
        "notice": f"{_NAME}-failure@{_NAME}.service",
    }
    command = ["systemctl", "show", "--property=" + ",".join(_PROPERTIES), *names.values()]
    code, said, err = module.run_command(command)
    if code:
        module.fail_json(msg=f"systemd does not answer: {err.strip()}")
    paragraphs = said.strip().split("\n\n")
    return {
        key: dict(line.split("=", 1) for line in paragraph.splitlines() if "=" in line)
        for key, paragraph in zip(names, paragraphs)  # noqa: B905 - the host's Python may be too old for strict
    }


def _due(timer: dict[str, str]) -> bool:
    """Has its time come, and is the run still to begin after the random delay."""
    times = re.findall(r"next_elapse=\w+ (\S+ \S+) UTC", timer.get("TimersCalendar", ""))
    return timer["SubState"] == "waiting" and any(_seconds(date) <= time.time() for date in times)


def _would_fire(module: AnsibleModule, schedule: str) -> bool:
    """Would a start of the timer begin a run at once, as a time has passed since the last one."""
    stamp = Path(f"/var/lib/systemd/timers/stamp-{_NAME}.timer")
    if not stamp.exists():
        return False
    elapses = _calendar(module, schedule, stamp.stat().st_mtime)["elapses"]
    return any(elapse <= time.time() * 1e6 for elapse in elapses)


def _seconds(date: str) -> int:
    return calendar.timegm(time.strptime(date, "%Y-%m-%d %H:%M:%S"))


def _timers(module: AnsibleModule) -> list[dict[str, object]]:
    timer = f"{_NAME}.timer"
    said = _said(module, "systemctl", "list-timers", "--all", "--output=json", timer)
    with suppress(ValueError):
        return [entry for entry in json.loads(said) if entry.get("unit") == timer]
    return []


if __name__ == "__main__":
    main()
