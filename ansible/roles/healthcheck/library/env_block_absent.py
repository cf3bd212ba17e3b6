#!/usr/bin/python
"""Write our block into a .env file that belongs to another service."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.shared_env import (
    BEGIN,
    END,
    MADE_BY_US,
    BrokenBlockError,
    SharedEnv,
    lines_by_name,
)

_TEMPORARY = ".llm-health-check-"
_OLD_SECONDS = 60

DOCUMENTATION = r"""
module: shared_env_block
short_description: Keep a block of our own in a .env file that belongs to another service
description:
  - Every byte outside the block is kept, and so are owner and mode of the file.
  - A variable that stands outside the block is not defined in it again, since the last definition
    wins for every reader; its line goes into a second file that only our units read.
  - A variable of ours that O(block) does not mention keeps the line that it has.
options:
  path:
    description: The shared file; a new one belongs to root and is readable by nobody else.
    type: path
    required: true
  own_path:
    description: The second file.
    type: path
    required: true
  block:
    description: The block with its two marker lines, one assignment a line.
    type: str
  private:
    description: Variables that have no place in the shared file, whoever defines them there.
    type: list
    elements: str
    default: []
  own_header:
    description: Comment lines for the top of the second file.
    type: str
    default: ""
  state:
    description: V(absent) takes the block out, and the file as well where nothing else is in it and we made it.
    type: str
    choices: [present, absent]
    default: present
author: [LLM Benchmarks]
"""

EXAMPLES = r"""
- name: Write the environment
  shared_env_block:
    path: /opt/llm-benchmarks/.env
    own_path: /etc/llm-health-check/env
    block: "{{ lookup('ansible.builtin.template', 'environment.j2') }}"
  no_log: true
"""

RETURN = r"""
made:
  description: Was the shared file not there; not returned where the block is taken out.
  type: bool
  returned: success
"""


def main() -> None:
    """Run as a module."""
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "own_path": {"type": "path", "required": True},
            "block": {"type": "str", "no_log": True},
            "private": {"type": "list", "elements": "str", "default": []},
            "own_header": {"type": "str", "default": ""},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        required_if=[("state", "present", ["block"])],
        supports_check_mode=True,
    )
    # The file itself, where the path is a link to it: a link stays a link.
    path = Path(os.path.realpath(module.params["path"]))
    _sweep(module, path.parent)
    _sweep(module, Path(module.params["own_path"]).parent)
    try:
        content = _read(path)
        shared = SharedEnv(content or b"")
    except BrokenBlockError as error:
        module.fail_json(msg=f"{path}: {error}. Mend them by hand, then deploy again.")
    except OSError as error:
        module.fail_json(msg=f"{path} cannot be read: {error.strerror}.")
    try:
        if module.params["state"] == "absent":
            module.exit_json(changed=_taken_out(module, path, content, shared))
        _present(module, path, content, shared)
    except OSError as error:
        module.fail_json(msg=f"{error.filename or path} cannot be written: {error.strerror}.")


def _present(module: AnsibleModule, path: Path, content: bytes | None, shared: SharedEnv) -> None:
    own_path = Path(module.params["own_path"])
    given = module.params["block"].encode()
    new = lines_by_name(given)
    outside = shared.names_outside() | set(module.params["private"])
    own_content = _read(own_path)
    ours = {name: line for name, line in {**shared.lines(), **new}.items() if name not in outside}
    # A line of the second file goes when its variable now has its place in the block.
    own = {
        name: line for name, line in lines_by_name(own_content or b"").items() if name not in new
    }
    # A line of the block moves over when its variable has no place there any more.
    moved = {
        name: line for name, line in shared.lines().items() if name in outside and name not in own
    }
    own.update(moved)
    own.update({name: line for name, line in new.items() if name in outside})
    own_text = module.params["own_header"].encode() + _in_order(own)
    block = b""
    if content is None or ours or shared.block:
        block = _block(given, ours, made_by_us=content is None or shared.made_by_us())
    # The second file first: killed in between, the service still has every value.
    changed = _written(module, own_path, own_content, own_text, private=True)
    changed |= _written(module, path, content, shared.with_block(block))
    module.exit_json(changed=changed, made=content is None)


def _block(given: bytes, lines: dict[str, bytes], *, made_by_us: bool) -> bytes:
    """The comments as they were rendered, then the lines in order."""
    begin, *comments = [
        line for line in given.splitlines() if line.startswith(b"#") and line != END
    ]
    if begin != BEGIN:
        raise AssertionError("the template must begin with the marker")
    head = [BEGIN, MADE_BY_US, *comments] if made_by_us else [BEGIN, *comments]
    return b"".join(line + b"\n" for line in head) + _in_order(lines) + END + b"\n"


def _in_order(lines: dict[str, bytes]) -> bytes:
    return b"".join(lines[name] + b"\n" for name in sorted(lines))


def _taken_out(module: AnsibleModule, path: Path, content: bytes | None, shared: SharedEnv) -> bool:
    if content is None or not shared.block:
        return False
    if shared.foreign or not shared.made_by_us():
        return _written(module, path, content, shared.foreign)
    if not module.check_mode:
        path.unlink()
    return True


def _written(
    module: AnsibleModule, path: Path, old: bytes | None, new: bytes, *, private: bool = False
) -> bool:
    """All of it or nothing; owner, mode and attributes of an old file stay, unless it must be private."""
    there = path.stat() if old is not None else None
    loose = private and there is not None and bool(there.st_mode & 0o177 or there.st_uid)
    if old == new and not loose:
        return False
    if module.check_mode:
        return True
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            if there and not private:
                _take_over(path, there, temporary)
            file.flush()
            os.fsync(file.fileno())
        # Somebody else wrote meanwhile: their bytes must not be lost.
        if _read(path) != old:
            module.fail_json(msg=f"{path} changed while it was read. Deploy again.")
        temporary.replace(path)
    finally:
        if temporary.exists():
            temporary.unlink()
    return True


def _sweep(module: AnsibleModule, folder: Path) -> None:
    """Take away what a deploy left behind that died between two system calls: it holds secrets."""
    for left in folder.glob(f"{_TEMPORARY}*"):
        # A younger one may be that of another deploy, at this moment, which may also take it away.
        with suppress(OSError):
            if time.time() - left.lstat().st_mtime > _OLD_SECONDS and not module.check_mode:
                left.unlink()


def _take_over(path: Path, there: os.stat_result, temporary: Path) -> None:
    """Owner, mode, access lists and labels, as the neighbour set them."""
    os.chown(temporary, there.st_uid, there.st_gid)
    for name in os.listxattr(path):
        os.setxattr(temporary, name, os.getxattr(path, name))
    temporary.chmod(there.st_mode & 0o7777)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


if __name__ == "__main__":
    main()
