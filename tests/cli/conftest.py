import os
import subprocess
import sys

import pytest


@pytest.fixture
def health_check(tmp_path):
    """Runs the command in an empty folder, with no settings but those given."""

    def run(*args, stdin: str | bytes = "", settings=None, timeout=60):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("MONGODB", "OPENAI"))}
        return subprocess.run(
            [sys.executable, "-m", "healthcheck", *map(str, args)],
            input=stdin if isinstance(stdin, bytes) else stdin.encode(),
            capture_output=True,
            cwd=tmp_path,
            env=kept | (settings or {}),
            timeout=timeout,
            check=False,
        )

    return run
