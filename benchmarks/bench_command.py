"""The whole command in a fresh process: how long it takes, and how much memory at most.

Linux counts the memory of the process that started it into the peak of a process. So the command
is started by this file as a small script of its own, whose ten megabytes do not count.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class NotMeasuredError(Exception):
    """The command did not do what was to be measured."""


class Run(NamedTuple):
    """One run of the command."""

    seconds: float
    megabytes: float
    cpu: float


def best_of(
    times: int,
    arguments: Sequence[str],
    folder: Path,
    uri: str = "",
    db: str = "",
    **settings: str,
) -> Run:
    """The quickest of so many runs, with the largest peak of memory."""
    program = Path(sys.executable).parent / "llm-health-check"
    given = {"MONGODB_URI": uri, "MONGODB_DB": db, **settings}
    return _best([_run(program, arguments, folder, given) for _ in range(times)])


def with_floor(
    times: int, arguments: Sequence[str], folder: Path, uri: str, db: str
) -> tuple[Run, Run]:
    """The same beside what the server alone needs, in turns: other work hits both alike."""
    from bench_documents import UNTIL_MS  # noqa: PLC0415 - as a script this file has no packages

    given = {"MONGODB_URI": uri, "MONGODB_DB": db}
    program, python = Path(sys.executable).parent / "llm-health-check", Path(sys.executable)
    floor = [str(Path(__file__).with_name("bench_floor.py")), str(UNTIL_MS)]
    runs: list[Run] = []
    floors: list[Run] = []
    for _ in range(times):
        floors.append(_run(python, floor, folder, given))
        runs.append(_run(program, arguments, folder, given))
    return _best(runs), _best(floors)


def _best(runs: Sequence[Run]) -> Run:
    return Run(
        min(run.seconds for run in runs),
        max(run.megabytes for run in runs),
        min(run.cpu for run in runs),
    )


def _run(program: Path, arguments: Sequence[str], folder: Path, settings: Mapping[str, str]) -> Run:
    """In an empty folder, where no .env says anything else."""
    place = folder / "empty"
    place.mkdir(exist_ok=True)
    launcher = [sys.executable, "-I", "-S", __file__, str(folder / "output"), str(program)]
    # PYTHONPATH names the checkout that is measured where another one is installed.
    own = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    environment = own | {name: value for name, value in settings.items() if value}
    with subprocess.Popen(
        [*launcher, *arguments],
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as launched:
        try:
            said, _ = launched.communicate()
        except BaseException:  # stopped by hand: the command goes as well
            os.killpg(launched.pid, signal.SIGKILL)
            raise
    if launched.returncode:
        raise NotMeasuredError(f"{program} could not be started")
    run = json.loads(said)
    if run["code"]:
        output = (folder / "output").read_text(errors="replace")
        raise NotMeasuredError(f"it ended with {run['code']}: {output[-1000:].strip()}")
    return Run(run["seconds"], run["megabytes"], run["cpu"])


def _launch(output: str, command: Sequence[str]) -> None:
    begin = time.perf_counter()
    with Path(output).open("wb") as stream:
        into = [(os.POSIX_SPAWN_DUP2, stream.fileno(), number) for number in (1, 2)]
        process = os.posix_spawn(command[0], command, os.environ, file_actions=into)
        _, status, usage = os.wait4(process, 0)
    print(
        json.dumps(
            {
                "code": os.waitstatus_to_exitcode(status),
                "seconds": time.perf_counter() - begin,
                "megabytes": usage.ru_maxrss / 1024,
                "cpu": usage.ru_utime + usage.ru_stime,
            }
        )
    )


if __name__ == "__main__":
    _launch(sys.argv[1], sys.argv[2:])
