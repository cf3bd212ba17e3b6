"""The command in a process of its own that has paid for its imports and patterns: forked from a server that has them."""

import multiprocessing
import os
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest

_NEEDED = [
    "healthcheck.cli", "healthcheck.report_delivery", "healthcheck.doctor", "healthcheck.assessment",
    "healthcheck.sources.mongodb", "healthcheck.sources.snapshot", "healthcheck.report",
    "openai", "jinja2", "commands", "compiled",
]  # fmt: skip


@cache
def _context() -> BaseContext:
    """Where processes are forked from; the server finds our modules by PYTHONPATH alone."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_NEEDED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        forkserver.ensure_running()
    return context


@dataclass(frozen=True)
class Completed:
    """What is left of a command: as subprocess.CompletedProcess has it."""

    returncode: int
    stdout: bytes
    stderr: bytes


def run_command(args, *, stdin: bytes, folder: Path, environment, timeout: float) -> Completed:
    """Runs `llm-health-check` with these arguments in a folder and an environment."""
    with tempfile.TemporaryDirectory() as streams:
        (Path(streams) / "0").write_bytes(stdin)
        process = _context().Process(target=_run, args=(args, streams, folder, environment))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"{args} has run for {timeout} s")
        out, err = ((Path(streams) / name).read_bytes() for name in "12")
    return Completed(process.exitcode, out, err)


def _run(args, streams, folder, environment) -> None:
    from healthcheck.cli import main

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, flags in enumerate((os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT] * 2)):
        os.dup2(os.open(Path(streams) / str(number), flags), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - it lives as long as we do
    sys.argv = ["llm-health-check", *args]
    main()
