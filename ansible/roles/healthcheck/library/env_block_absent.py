#!/usr/bin/python
"""Take our block out of a .env file that belongs to another service."""

from __future__ import annotations

import os
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.in_place import (
    ChangedMeanwhileError,
    Replacement,
    content,
    put_in_place,
    sweep,
)
from ansible.module_utils.shared_env import BrokenBlockError, SharedEnv

DOCUMENTATION = r"""
module: env_block_absent
short_description: Take our block out of a .env file that belongs to another service
description:
  - Every byte outside the block is kept, and so are owner and mode of the file.
  - The file goes as well where nothing else is in it and the deploy made it.
options:
  path:
    description: The shared file.
    type: path
    required: true
author: [LLM Benchmarks]
"""

EXAMPLES = r"""
- name: Take our block out of the environment
  env_block_absent:
    path: /opt/llm-benchmarks/.env
"""

RETURN = r"""#"""


def main() -> None:
    """Run as a module."""
    module = AnsibleModule(
        argument_spec={"path": {"type": "path", "required": True}}, supports_check_mode=True
    )
    path = Path(os.path.realpath(module.params["path"]))
    try:
        module.exit_json(changed=_taken_out(path, check_mode=module.check_mode))
    except BrokenBlockError as error:
        module.fail_json(msg=f"{path}: {error}. Mend them by hand, then try again.")
    except ChangedMeanwhileError:
        module.fail_json(msg=f"{path} changed while it was read. Try again.")
    except OSError as error:
        module.fail_json(msg=f"{path} cannot be read or written: {error.strerror}.")


def _taken_out(path: Path, *, check_mode: bool) -> bool:
    old = content(path)
    shared = SharedEnv(old or b"")
    if not check_mode:
        sweep([path.parent])
        if shared.block and not shared.foreign and shared.made_by_us():
            path.unlink()
        elif shared.block:
            put_in_place([Replacement(path, old, shared.foreign)])
    return bool(shared.block)


if __name__ == "__main__":
    main()
