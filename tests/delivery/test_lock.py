"""One run at a time; the second waits, and not for ever."""

import subprocess
import sys

import pytest

from healthcheck.delivery.lock import locked
from healthcheck.errors import BusyError

HOLD = (
    "import sys; from pathlib import Path; from healthcheck.delivery.lock import locked\n"
    "with locked(Path(sys.argv[1])):\n"
    "    print('held', flush=True); sys.stdin.read()\n"
)


@pytest.fixture
def held(tmp_path):
    """Another process holds the lock until its standard input ends."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        yield other


def test_the_second_leaves_after_a_bounded_time_with_one_sentence(tmp_path, held):
    with (
        pytest.raises(BusyError, match="Another run has been in progress") as raised,
        locked(tmp_path, 0.3),
    ):
        pytest.fail("two hold the lock")
    assert [*tmp_path.iterdir()] == []
    assert raised.value.exit_code == 75


def test_the_second_goes_on_when_the_first_has_ended(tmp_path, held):
    held.stdin.close()
    with locked(tmp_path, 30):
        assert held.wait(30) == 0


def test_a_run_that_is_killed_holds_nothing(tmp_path, held):
    held.kill()
    with locked(tmp_path, 30):
        pass


def test_where_no_lock_can_be_the_run_goes_on(tmp_path):
    with locked(tmp_path / "nowhere"):
        pass


def test_one_after_the_other(tmp_path):
    for _ in range(2):
        with locked(tmp_path, 0):
            pass
