"""Writes down what each task did, and kills the play after a change.

Which one: the n-th (WITNESS_KILL_AFTER), or the first of a task that is not in a list (WITNESS_KILL_BUT).
"""

import json
import os
import signal
import time
from pathlib import Path

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: witness
type: aggregate
short_description: what each task did, as lines of JSON
description: For tests; reads WITNESS_FILE, _KILL_AFTER and _KILL_BUT from the environment.
"""


class CallbackModule(CallbackBase):
    """One line a task and host; the play's whole process group dies after that change."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "witness"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self):
        super().__init__()
        self._file = Path(os.environ["WITNESS_FILE"])
        self._left = int(os.environ.get("WITNESS_KILL_AFTER", "0"))
        self._survived = json.loads(os.environ.get("WITNESS_KILL_BUT", "null"))

    def v2_runner_on_ok(self, result):
        self._note(result, "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._note(result, "ignored" if ignore_errors else "failed")

    def v2_runner_on_skipped(self, result):
        self._note(result, "skipped")

    def v2_runner_on_unreachable(self, result):
        self._note(result, "unreachable")

    def _note(self, result, status):
        changed = status == "ok" and bool(result.result.get("changed"))
        line = {
            "host": result.host.get_name(),
            "task": result.task.get_name(),
            "action": result.task.action,
            "status": status,
            "changed": changed,
            "ended": time.time(),
        }
        with self._file.open("a") as file:
            file.write(json.dumps(line) + "\n")
        if changed and self._dies(line["task"]):
            os.killpg(0, signal.SIGKILL)

    def _dies(self, task):
        if self._survived is not None:
            return task not in self._survived
        self._left -= 1
        return self._left == 0
