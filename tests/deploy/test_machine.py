"""A machine that cannot boot hosts says what it lacks, in one line; in CI that is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from deploy.machine import REPOSITORY


def run_tests_of_hosts(programs: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k != "CI" and not k.startswith("PYTEST")}
    return subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0",
            "tests/deploy/test_hosts.py",
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        env=kept | {"PATH": str(programs)} | environment,
    )  # fmt: skip


@pytest.fixture
def bare(tmp_path) -> Path:
    """A folder without debootstrap and the like, for PATH."""
    return tmp_path


def test_without_the_programs_the_tests_are_skipped_with_one_line(bare):
    done = run_tests_of_hosts(bare)
    assert done.returncode == 0, done.stdout
    assert "passed" not in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
    assert "no host can be booted here" in line
    if os.geteuid() == 0:
        assert "debootstrap" in line


def test_in_ci_they_fail(bare):
    done = run_tests_of_hosts(bare, CI="true")
    assert done.returncode == 1, done.stdout
    assert "no host can be booted here" in done.stdout
    assert "skipped" not in done.stdout.splitlines()[-1]
