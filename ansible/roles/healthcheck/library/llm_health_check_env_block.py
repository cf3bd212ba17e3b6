#!/usr/bin/python
"""Keep our block in a .env file that belongs to another service."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from ansible.module_utils import llm_health_check_env as env
from ansible.module_utils.basic import AnsibleModule

_TEMPORARY = ".llm-health-check-"
_LEFTOVER_SECONDS = 60


def main() -> None:
    """Run as a module."""
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "lines": {"type": "str", "default": "", "no_log": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        supports_check_mode=True,
    )
    path = env.real(module.params["path"])
    try:
        old = env.read(path)
        new = _wanted(old, module.params)
        if not module.check_mode:
            _remove_leftovers(path.parent)
            if new != old:
                _put(path, old, new)
    except env.UnusableError as error:
        module.fail_json(msg=f"{module.params['path']} cannot be used: {error}.")
    except OSError as error:
        module.fail_json(
            msg=f"{module.params['path']} cannot be replaced ({error.strerror}) and is unchanged: is it "
            "immutable or a mount point?"
        )
    created = old is None and new is not None
    module.exit_json(changed=new != old, created=created, diff=_difference(path, old, new))


def _wanted(old: bytes | None, params: dict[str, str]) -> bytes | None:
    """What the file is to hold; None for no file."""
    shared = env.SharedEnv(old or b"")
    if params["state"] == "present":
        return shared.with_lines(env.lines_by_name(params["lines"].encode()), new=old is None)
    gone = old is None or (shared.made_by_us() and not shared.foreign)
    return None if gone else shared.foreign


def _difference(path: Path, old: bytes | None, new: bytes | None) -> dict[str, str]:
    """What a person may see of it; nothing where it stays."""
    if new == old:
        return {}
    sides = {"before": env.SharedEnv(old or b""), "after": env.SharedEnv(new or b"")}
    rest = "(all other lines stay)\n" if sides["before"].foreign else ""
    shown = {
        side: env.names_only(shared.block, sides["before"].block) + rest
        for side, shared in sides.items()
    }
    return shown | {"before_header": str(path), "after_header": str(path)}


def _remove_leftovers(folder: Path) -> None:
    """What a deploy that was killed has left beside the file has secrets; a young one is another deploy's."""
    for left in folder.glob(f"{_TEMPORARY}*"):
        if left.is_file() and left.stat().st_mtime < time.time() - _LEFTOVER_SECONDS:
            left.unlink(missing_ok=True)


def _put(path: Path, old: bytes | None, new: bytes | None) -> None:
    if new is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            if old is not None:
                _take_over(path, file.fileno())
            file.flush()
            os.fsync(file.fileno())
        if env.read(path) != old:
            raise env.UnusableError("it changed while it was read: deploy again")
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _take_over(path: Path, handle: int) -> None:
    """Owner, mode, access lists and labels, by the descriptor: in a foreign folder a name may be another's."""
    there = path.stat()
    os.fchown(handle, there.st_uid, there.st_gid)
    # What the folder hands down to a new file may let others read it.
    for name in set(os.listxattr(handle)) - set(os.listxattr(path)):
        os.removexattr(handle, name)
    for name in os.listxattr(path):
        os.setxattr(handle, name, os.getxattr(path, name))
    os.fchmod(handle, there.st_mode & 0o7777)


if __name__ == "__main__":
    main()
