#!/usr/bin/python
"""Write our block into a .env file that belongs to another service."""

import os
import tempfile

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.shared_env import (
    BEGIN,
    END,
    MADE_BY_US,
    BrokenBlock,
    SharedEnv,
    lines_by_name,
)

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
outside:
  description: The given variables that stand outside the block.
  type: list
  returned: success
"""


def main():
    """Run as a module."""
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "own_path": {"type": "path", "required": True},
            "block": {"type": "str", "no_log": True},
            "own_header": {"type": "str", "default": ""},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        required_if=[("state", "present", ["block"])],
        supports_check_mode=True,
    )
    # The file itself, where the path is a link to it: a link stays a link.
    path = os.path.realpath(module.params["path"])
    try:
        content = _read(path)
        shared = SharedEnv(content or b"")
    except BrokenBlock as error:
        module.fail_json(msg="{}: {}. Mend them by hand, then deploy again.".format(path, error))
    except OSError as error:
        module.fail_json(msg="{} cannot be read: {}.".format(path, error.strerror))
    if module.params["state"] == "absent":
        module.exit_json(changed=_taken_out(module, path, content, shared))
    _present(module, path, content, shared)


def _present(module, path, content, shared):
    own_path = module.params["own_path"]
    given = module.params["block"].encode()
    new = lines_by_name(given)
    outside = shared.names_outside()
    own = lines_by_name(_read(own_path) or b"")
    ours = {name: line for name, line in dict(shared.lines(), **new).items() if name not in outside}
    # A line of the second file goes when its variable now has its place in the block.
    own = {name: line for name, line in own.items() if name not in new}
    own.update({name: line for name, line in new.items() if name in outside})
    made_by_us = content is None or shared.made_by_us()
    block = _block(given, ours, made_by_us=made_by_us)
    if content is not None and not ours and not shared.block:
        block = b""
    own_text = module.params["own_header"].encode() + b"".join(
        own[name] + b"\n" for name in sorted(own)
    )
    # The second file first: killed in between, the service still has every value.
    changed = _written(module, own_path, _read(own_path), own_text, private=True)
    changed |= _written(module, path, content, shared.with_block(block))
    module.exit_json(changed=changed, outside=sorted(set(new) & outside))


def _block(given, lines, *, made_by_us):
    """The comments as they were rendered, then the lines in order."""
    comments = [line for line in given.splitlines() if line.startswith(b"#")]
    head = [line for line in comments if line != END]
    if made_by_us:
        head.insert(1, MADE_BY_US)
    if head[:1] != [BEGIN]:
        raise AssertionError("the template must begin with the marker")
    return b"".join(line + b"\n" for line in [*head, *(lines[n] for n in sorted(lines)), END])


def _taken_out(module, path, content, shared):
    if content is None or not shared.block:
        return False
    rest = shared.foreign
    if not rest and shared.made_by_us():
        if not module.check_mode:
            os.unlink(path)
        return True
    return _written(module, path, content, rest)


def _written(module, path, old, new, *, private=False):
    """All of it or nothing; owner, mode and attributes of an old file stay, unless it must be private."""
    there = os.stat(path) if old is not None else None
    loose = private and there and (there.st_mode & 0o177 or there.st_uid)
    if old == new and not loose:
        return False
    if module.check_mode:
        return True
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o755, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".llm-health-check-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            if there and not private:
                _take_over(path, there, temporary)
            file.flush()
            os.fsync(file.fileno())
        # Somebody else wrote meanwhile: their bytes must not be lost.
        if _read(path) != old:
            module.fail_json(msg="{} changed while it was read. Deploy again.".format(path))
        os.rename(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)
    return True


def _take_over(path, there, temporary):
    """Owner, mode, access lists and labels, as the neighbour set them."""
    os.chown(temporary, there.st_uid, there.st_gid)
    for name in os.listxattr(path):
        os.setxattr(temporary, name, os.getxattr(path, name))
    os.chmod(temporary, there.st_mode & 0o7777)


def _read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


if __name__ == "__main__":
    main()
