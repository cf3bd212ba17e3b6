#!/usr/bin/python
"""Keep our block in a .env file that belongs to another service."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.llm_health_check_env import (
    SharedEnv,
    UnusableError,
    lines_by_name,
    names_only,
    read,
    real,
)

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
    path = real(module.params["path"])
    try:
        result, write = _planned(module, path)
        if not module.check_mode:
            write()
    except UnusableError as error:
        module.fail_json(msg=f"{module.params['path']} cannot be used: {error}.")
    except OSError as error:
        module.fail_json(
            msg=f"{module.params['path']} cannot be replaced ({error.strerror}), and is unchanged; is it "
            "immutable or a mount of its own?"
        )
    module.exit_json(**result)


def _planned(module: AnsibleModule, path: Path) -> tuple[dict[str, object], Callable[[], None]]:
    """What is to be reported, and the change as a function."""
    old = read(path)
    shared = SharedEnv(old or b"")
    if module.params["state"] == "present":
        lines = lines_by_name(module.params["lines"].encode())
        new = shared.with_lines(lines, new=old is None)
    else:
        new = (
            None if old is None or (shared.made_by_us() and not shared.foreign) else shared.foreign
        )
    blocks = [SharedEnv(content or b"").block for content in (old, new)]
    rest = "(every other line stays)\n" if shared.foreign else ""
    before, after = (names_only(block, blocks[0]) + rest for block in blocks)
    result = {"changed": new != old, "created": old is None and new is not None}
    if module._diff and new != old:  # noqa: SLF001 - there is no other way to know
        name = str(path)
        result["diff"] = {
            "before_header": name, "after_header": name, "before": before, "after": after,
        }  # fmt: skip

    def write() -> None:
        _remove_leftovers(path.parent)
        if new is None and old is not None:
            path.unlink()
        elif new is not None and new != old:
            _replace(path, old, new)

    return result, write


def _remove_leftovers(folder: Path) -> None:
    """What a deploy that was killed has left beside the file has secrets; a young one is another deploy's."""
    for left in folder.glob(f"{_TEMPORARY}*"):
        if left.is_file() and left.stat().st_mtime < time.time() - _LEFTOVER_SECONDS:
            left.unlink(missing_ok=True)


def _replace(path: Path, old: bytes | None, new: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            if old is not None:
                _take_over(path, file.fileno())
            file.flush()
            os.fsync(file.fileno())
        if read(path) != old:
            raise UnusableError("it changed while it was read: deploy again")
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
