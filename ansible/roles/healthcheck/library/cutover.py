#!/usr/bin/python
"""Put settings, mail set-up, units and release in place within one moment."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.in_place import (
    Link,
    NotReplacedError,
    NotTakenBackError,
    Replacement,
    alone,
    content,
    leads_to,
    put_in_place,
)
from ansible.module_utils.shared_env import (
    BrokenBlockError,
    Settings,
    SharedEnv,
    lines_by_name,
    names_only,
    places,
    places_text,
    written,
)

DOCUMENTATION = r"""
module: cutover
short_description: Put settings, mail set-up, units and release in place within one moment
description:
  - All that can fail comes first; what is prepared is then renamed into place. A deploy that dies before
    leaves everything as it was, and one that dies after has everything in place.
  - Every byte of the shared .env file outside our block is kept, and so are its owner and mode.
  - A variable that stands outside the block is not defined in it again, since the last definition
    wins for every reader; its line goes into a second file that only our units read.
  - A variable of ours that O(env_block) does not mention keeps the line that it has.
  - What is not given is left alone. No secret is shown, in a difference neither.
options:
  env_path:
    description: The shared file; a new one belongs to root and is readable by nobody else.
    type: path
  own_env_path:
    description: The second file.
    type: path
  env_block:
    description: The block with its two marker lines, one assignment a line.
    type: str
  private:
    description: Variables that have no place in the shared file, whoever defines them there.
    type: list
    elements: str
    default: []
  earlier_env_paths:
    description: Files that were the shared one before; lines of our block in them are carried over.
    type: list
    elements: path
    default: []
  own_env_header:
    description: Comment lines for the top of the second file.
    type: str
    default: ""
  msmtprc_path:
    description: The host's configuration of msmtp.
    type: path
  msmtprc:
    description: What it is to hold; msmtp itself is asked before.
    type: str
  msmtprc_kept:
    description: Where one that is not ours is kept, with its owner and mode.
    type: path
  files:
    description: Other files, without secrets; of those in /etc/systemd/system systemd is asked before.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Where it stands.
        type: path
        required: true
      content:
        description: What it is to hold.
        type: str
        required: true
      mode:
        description: Its mode.
        type: str
        default: "0644"
      owner:
        description: Whose it is, with the group of that name.
        type: str
        default: root
      force:
        description: Is it written where it is there already.
        type: bool
        default: true
  folders:
    description: Where a deploy that was killed may have left temporary files.
    type: list
    elements: path
    default: []
  home:
    description: Where releases are kept.
    type: path
  release:
    description: The release that is to run.
    type: str
author: [LLM Benchmarks]
"""

EXAMPLES = r"""
- name: Switch to the release
  cutover:
    home: /opt/llm-health-check
    release: 0123456789ab
"""

RETURN = r"""
env_made:
  description: Was the shared file not there.
  type: bool
  returned: success
paths:
  description: What is changed.
  type: list
  returned: success
"""

_OURS = b"llm-health-check"
_UNITS = Path("/etc/systemd/system")
_UNITS_OF_SYSTEMD = "/usr/lib/systemd/system:/lib/systemd/system"
# What a unit starts may come into place with it.
_NOT_THERE_YET = re.compile(r"Command /\S+ is not executable: No such file or directory")
_PASSWORD = re.compile(rb"^[ \t]*password.*$", re.MULTILINE | re.IGNORECASE)


class RefusedByMsmtpError(Exception):
    """The configuration is no good."""


class RefusedBySystemdError(Exception):
    """A unit is no good; says why."""


def main() -> None:
    """Run as a module."""
    # What is secret is a parameter of its own: within a dictionary it would reach the host's log.
    module = AnsibleModule(
        argument_spec={
            "env_path": {"type": "path"},
            "own_env_path": {"type": "path"},
            "env_block": {"type": "str", "no_log": True},
            "private": {"type": "list", "elements": "str", "default": []},
            "earlier_env_paths": {"type": "list", "elements": "path", "default": []},
            "own_env_header": {"type": "str", "default": ""},
            "msmtprc_path": {"type": "path"},
            "msmtprc": {"type": "str", "no_log": True},
            "msmtprc_kept": {"type": "path"},
            "files": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "path": {"type": "path", "required": True},
                    "content": {"type": "str", "required": True},
                    "mode": {"type": "str", "default": "0644"},
                    "owner": {"type": "str", "default": "root"},
                    "force": {"type": "bool", "default": True},
                },
            },
            "folders": {"type": "list", "elements": "path", "default": []},
            "home": {"type": "path"},
            "release": {"type": "str"},
        },
        required_together=[
            ("env_path", "own_env_path", "env_block"),
            ("msmtprc_path", "msmtprc", "msmtprc_kept"),
            ("home", "release"),
        ],
        supports_check_mode=True,
    )
    try:
        _cut_over(module)
    except BrokenBlockError as error:
        module.fail_json(msg=f"{module.params['env_path']}: {error}. Mend them, then deploy again.")
    except NotTakenBackError as error:
        module.fail_json(msg=f"{error}. Put it back by hand, then deploy again.")
    except NotReplacedError as error:
        module.fail_json(msg=f"{error}; nothing is changed. Mend that, then deploy again.")
    except RefusedBySystemdError as error:
        module.fail_json(msg=f"systemd would not take the units; nothing is changed: {error}")
    except RefusedByMsmtpError:
        module.fail_json(
            msg="msmtp refuses the configuration that healthcheck_smtp_host, _port, _tls, _tls_trust_file, _user,"
            " _password and _from make; nothing is changed. Correct them, then deploy again."
        )


def _cut_over(module: AnsibleModule) -> None:
    wanted = module.params
    # The release at last: what runs has every value all the time.
    wanted_all = [*_environment(wanted), *_mail(module), *_files(module), *_release(wanted)]
    due = [each for each in wanted_all if each.due]
    env_made = bool(wanted["env_path"]) and not Path(wanted["env_path"]).exists()
    if any(each.path.parent == _UNITS for each in due):
        _verify_units(module, [each for each in wanted_all if each.path.parent == _UNITS])
    if not module.check_mode:
        with alone({*map(Path, wanted["folders"]), *(each.path.parent for each in wanted_all)}):
            put_in_place(due)
    differences = [
        {"before_header": name, "after_header": name, "before": before, "after": after}
        for name, (before, after) in ((str(each.path), each.shown) for each in due)
        if before or after
    ]
    module.exit_json(
        changed=bool(due),
        paths=[str(each.path) for each in due],
        env_made=env_made,
        **({"diff": differences} if module._diff else {}),  # noqa: SLF001 - no other way to know
    )


def _release(wanted: dict[str, Any]) -> Iterator[Replacement | Link]:
    if not wanted["release"]:
        return
    current = Path(wanted["home"]) / "current"
    link = Link(current, leads_to(current), f"releases/{wanted['release']}")
    # A rollback goes back by when each was switched to.
    path = current.with_name("releases") / wanted["release"] / "activated"
    activated = content(path)
    if link.due or activated is None:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ\n", time.gmtime())
        yield Replacement(path, activated, now.encode(), mode=0o644)
    yield link


def _environment(wanted: dict[str, Any]) -> Iterator[Replacement]:
    if not wanted["env_path"]:
        return
    # The file itself, where the path is a link to it: a link stays a link.
    path, own_path = Path(os.path.realpath(wanted["env_path"])), Path(wanted["own_env_path"])
    old, old_own = content(path), content(own_path)
    earlier = set(wanted["earlier_env_paths"])
    stands_in = {*places(old_own or b""), *earlier, wanted["env_path"]}
    settings = Settings(
        block=wanted["env_block"].encode(),
        private=wanted["private"],
        own_header=wanted["own_env_header"].encode() + places_text(stands_in),
        carried=_carried(earlier),
    )
    new, new_own = written(old, old_own, settings)
    own = Replacement(own_path, old_own, new_own, mode=0o600, shown=_names_only(old_own, new_own))
    theirs = "(every other line stays)\n" if SharedEnv(new).foreign else ""
    before, after = _names_only(_block(old), _block(new))
    shared = Replacement(path, old, new, shown=(before + theirs, after + theirs))
    # Killed in between, no value is lost: the file that gains one is the first. A line that our own file
    # loses was given, and is given again.
    had, has = lines_by_name(old_own or b"").keys(), lines_by_name(new_own).keys()
    yield from (shared, own) if had - has and not has - had else (own, shared)


def _carried(paths: set[str]) -> dict[str, bytes]:
    """The lines of our blocks in files that were the shared one before."""
    lines: dict[str, bytes] = {}
    for path in sorted(paths):
        with suppress(OSError, BrokenBlockError):
            lines.update(SharedEnv(Path(path).read_bytes()).lines())
    return lines


def _block(text: bytes | None) -> bytes:
    return SharedEnv(text or b"").block


def _names_only(old: bytes | None, new: bytes) -> tuple[str, str]:
    return names_only(old or b"", old or b""), names_only(new, old or b"")


def _mail(module: AnsibleModule) -> Iterator[Replacement]:
    if not module.params["msmtprc_path"]:
        return
    path, new = Path(module.params["msmtprc_path"]), module.params["msmtprc"].encode()
    old = content(path)
    before = ""
    if old is not None and _OURS in old.partition(b"\n")[0]:
        before = _PASSWORD.sub(b"password (a value)", old).decode(errors="replace")
    elif old is not None:
        kept = Path(module.params["msmtprc_kept"])
        before, after = "(one that is not ours)\n", f"(the one that stood in {path})\n"
        yield Replacement(kept, content(kept), old, like=path, shown=("", after))
    passwords = _PASSWORD.findall(old or b"")
    another = passwords and passwords != _PASSWORD.findall(new)
    hidden = b"password (another value)" if another else b"password (a value)"
    yield Replacement(
        path, old, new, mode=0o600,
        check=partial(_asked_msmtp, module),
        shown=(before, _PASSWORD.sub(hidden, new).decode()),
    )  # fmt: skip


def _asked_msmtp(module: AnsibleModule, path: Path) -> None:
    program = module.get_bin_path("msmtp", required=True)
    command = [program, f"--file={path}", "--pretend", "--", "nobody@localhost"]
    if module.run_command(command)[0]:
        raise RefusedByMsmtpError


def _files(module: AnsibleModule) -> Iterator[Replacement]:
    for file in module.params["files"]:
        path = Path(file["path"])
        old = content(path)
        if old is None or file["force"]:
            yield Replacement(
                path, old, file["content"].encode(),
                mode=int(file["mode"], 8),
                owner=file["owner"],
                check=partial(_asked_sh, module) if file["content"].startswith("#!/bin/sh") else None,
                shown=((old or b"").decode(errors="replace"), file["content"]),
            )  # fmt: skip


def _asked_sh(module: AnsibleModule, path: Path) -> None:
    code, _, err = module.run_command(["/bin/sh", "-n", str(path)])
    if code:
        raise NotReplacedError(f"sh does not understand a script ({err.strip()})")


def _verify_units(module: AnsibleModule, units: Sequence[Replacement]) -> None:
    """Ask systemd about all of them together; it exits 0 for a misspelt directive, and only says so."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, unit.path.name) for unit in units]
        for path, unit in zip(paths, units, strict=True):
            path.write_bytes(unit.new)
        # Without the units of the host: a drop-in is the operator's own.
        code, out, err = module.run_command(
            ["systemd-analyze", "verify", "--man=no", *map(str, paths)],
            environ_update={
                "SYSTEMD_UNIT_PATH": f"{folder}:{_UNITS_OF_SYSTEMD}",
                "LC_ALL": "C.UTF-8",
            },
        )
    everything = (out + err).splitlines()
    said = [line for line in everything if not _NOT_THERE_YET.search(line)]
    # A template is told of by the name of an instance.
    names = [path.stem.removesuffix("@") for path in paths]
    complaints = [line for line in said if any(name in line for name in names)]
    if complaints or (code and said == everything):
        raise RefusedBySystemdError(" ".join(complaints or said) or f"it ends with {code}")


if __name__ == "__main__":
    main()
