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

from ansible.module_utils import llm_health_check_env as env
from ansible.module_utils.basic import AnsibleModule

_NAME = "llm-health-check"
_PROPERTIES = (
    "Id", "LoadState", "ActiveState", "SubState", "UnitFileState", "NeedDaemonReload", "Result",
    "ExecMainCode", "ExecMainStatus", "ExecMainExitTimestamp", "ExecMainExitTimestampMonotonic",
    "InactiveExitTimestamp", "InvocationID", "TimersCalendar", "NextElapseUSecRealtime",
)  # fmt: skip
# Where deploys up to 0.1 kept what is now in a generation.
_FORMER_ENV = Path("/etc/llm-health-check/env")
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
    generations = {p.name: _generation(p) for p in (home / "generations").glob("*") if p.is_dir()}
    current = _link(home / "current")
    running = generations.get(current, {}).get("schedule", "")
    host = {
        "now": int(time.time()),
        "systemd": int((_said(module, "systemctl", "--version").split() or [0, 0])[1]),
        "python": _python(module),
        "free_megabytes": _free(home),
        "packages_missing": _missing(module, wanted["packages"]),
        "calendar": _calendar(module, wanted["schedule"]),
        "scheduled": _calendar(module, running)["normalized"],
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
        "due": _due(units["timer"]),
        "would_fire": _would_fire(module, wanted["schedule"]),
    }
    module.exit_json(changed=False, host=host)


def _said(module: AnsibleModule, *command: str) -> str:
    code, out, _ = module.run_command(list(command))
    return out if code == 0 else ""


def _python(module: AnsibleModule) -> dict[str, object]:
    """The host's own Python, whatever runs this module."""
    program = (
        "import json, os, sys; print(json.dumps({'minor': sys.version_info[:2],"
        " 'abi': sys.implementation.cache_tag, 'path': os.path.realpath(sys.executable)}))"
    )
    said = _said(module, "/usr/bin/python3", "-Ic", program)
    return json.loads(said or '{"minor": [0, 0], "abi": "", "path": ""}')


def _free(path: Path) -> int:
    there = next(folder for folder in (path, *path.parents) if folder.is_dir())
    return shutil.disk_usage(there).free // 2**20


def _missing(module: AnsibleModule, packages: list[str]) -> list[str]:
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", *packages]
    listed = module.run_command(query)[1] if packages else ""
    there = {line.split()[0] for line in listed.splitlines() if line.split()[1:2] == ["ii"]}
    return [package for package in packages if package not in there]


def _calendar(module: AnsibleModule, expression: str, since: float = 0) -> dict[str, object]:
    """The expression as systemd shows it, and its next time; 0 where it has none."""
    base = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(since or time.time()))
    command = ["systemd-analyze", "calendar", "--base-time", base, "--", expression]
    out, err = module.run_command(command)[1:]
    shown = dict(re.findall(r"(?m)^ *([^:]+): (.+)$", out))
    return {
        "normalized": shown.get("Normalized form", ""),
        "next": _time(shown.get("Next elapse", "")),
        "error": err.strip(),
    }


def _env_file(name: str) -> dict[str, object]:
    path = env.real(name)
    try:
        content = env.read(path)
        shared = env.SharedEnv(content or b"")
    except env.UnusableError as error:
        return {
            "missing": False,
            "open": False,
            "outside": [],
            "block": False,
            "problem": str(error),
        }
    return {
        "missing": content is None,
        "open": _open(path),
        "outside": sorted(shared.names_outside()),
        "block": bool(shared.block),
        "problem": "",
    }


def _earlier(home: Path, env_file: str) -> list[dict[str, str]]:
    """Other files with a block of ours, from when healthcheck_env_file had another value."""
    units = [
        Path(f"/etc/systemd/system/{_NAME}.service"),
        *home.glob(f"generations/*/{_NAME}.service"),
    ]
    paths = {
        path for unit in units for path in re.findall(r"(?m)^LoadCredential=env:(.+)$", _text(unit))
    }
    others = {
        path: _env_file(path) for path in sorted(paths) if env.real(path) != env.real(env_file)
    }
    return [
        {"path": path, "problem": found["problem"]}
        for path, found in others.items()
        if found["block"] or found["problem"]
    ]


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
        "names": sorted(env.lines_by_name(_text(path / "env").encode())),
        "schedule": "".join(re.findall(r"(?m)^OnCalendar=(.+)$", _text(path / f"{_NAME}.timer"))),
    }


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
    for folder in [path.parent for path in (home / "venvs").glob("*/release.json")]:
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
        "ours": text.startswith("# Written by the deploy of llm-health-check.\n"),
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
    units = (f"{_NAME}.service", f"{_NAME}.timer", f"{_NAME}-failure@{_NAME}.service")
    command = ["systemctl", "show", "--property=" + ",".join(_PROPERTIES), *units]
    code, said, err = module.run_command(command)
    if code:
        module.fail_json(msg=f"systemd does not answer: {err.strip()}")
    paragraphs = said.strip().split("\n\n")
    found = {name: dict.fromkeys(_PROPERTIES, "") for name in ("service", "timer", "notice")}
    for unit, paragraph in zip(found.values(), paragraphs):  # noqa: B905 - the host's Python may be too old for strict
        for line in paragraph.splitlines():
            name, _, value = line.partition("=")
            unit[name] = unit.get(name, "") + value  # one line each for several times of a timer
    return found


def _due(timer: dict[str, str]) -> bool:
    """Has its time come, and is the run still to begin after the random delay."""
    times = map(_time, re.findall(r"next_elapse=([^;}]+)", timer["TimersCalendar"]))
    return timer["SubState"] == "waiting" and any(0 < each <= time.time() for each in times)


def _would_fire(module: AnsibleModule, schedule: str) -> bool:
    """Would a start of the timer begin a run at once, as a time has passed since the last one."""
    stamp = Path(f"/var/lib/systemd/timers/stamp-{_NAME}.timer")
    if not stamp.exists():
        return False
    return 0 < _calendar(module, schedule, stamp.stat().st_mtime)["next"] <= time.time()


def _time(shown: str) -> int:
    """Seconds since the epoch of a time as systemd shows it; 0 for "never" and the like."""
    with suppress(ValueError):
        return calendar.timegm(time.strptime(shown.strip(), "%a %Y-%m-%d %H:%M:%S UTC"))
    return 0


if __name__ == "__main__":
    main()
