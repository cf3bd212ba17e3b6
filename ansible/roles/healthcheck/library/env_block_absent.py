#!/usr/bin/python
"""Take our block out of a .env file that belongs to another service."""

from __future__ import annotations

import os
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.in_place import (
    NotReplacedError,
    NotTakenBackError,
    Replacement,
    alone,
    content,
    put_in_place,
    remove,
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
  folders:
    description: Where a deploy that was killed may have left temporary files, which go as well.
    type: list
    elements: path
    default: []
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
        argument_spec={
            "path": {"type": "path", "required": True},
            "folders": {"type": "list", "elements": "path", "default": []},
        },
        supports_check_mode=True,
    )
    path = Path(os.path.realpath(module.params["path"]))
    try:
        module.exit_json(changed=_taken_out(module, path))
    except BrokenBlockError as error:
        module.fail_json(msg=f"{path}: {error}. Mend them by hand, then try again.")
    except NotTakenBackError as error:
        module.fail_json(msg=f"{error}. Put it back by hand, then try again.")
    except NotReplacedError as error:
        module.fail_json(msg=f"{error}; nothing is changed. Mend that, then try again.")


def _taken_out(module: AnsibleModule, path: Path) -> bool:
    if module.check_mode:
        return bool(SharedEnv(content(path) or b"").block)
    with alone({*map(Path, module.params["folders"]), path.parent}):
        old = content(path)
        shared = SharedEnv(old or b"")
        if shared.block and not shared.foreign and shared.made_by_us():
            remove(path, old)
        elif shared.block:
            put_in_place([Replacement(path, old, shared.foreign)])
    return bool(shared.block)


if __name__ == "__main__":
    main()
