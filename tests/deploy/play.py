"""Runs a playbook of the repository against hosts, as an operator does."""

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from deploy.host import Host
from deploy.machine import REPOSITORY
from deploy.scratch import scratch, sockets

_CALLBACKS = Path(__file__).with_name("callbacks")
_RECAP = re.compile(r"^(\S+)\s+: (ok=.*)$", re.MULTILINE)
_PASSED_ON = ("PIP_", "SSL_", "REQUESTS_CA_BUNDLE", "http", "HTTP", "no_proxy", "NO_PROXY")
KILLED = -9
"""The return code of a play that died."""
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Task:
    """What one task did on one host."""

    host: str
    task: str
    action: str
    status: str
    changed: bool
    ended: float


@dataclass(frozen=True)
class Play:
    """A playbook that was run."""

    returncode: int
    output: str
    seconds: float
    folder: Path
    """All that the control machine has of it: the home and the temporary files of who deployed, among others."""
    recap: dict[str, dict[str, int]]
    tasks: tuple[Task, ...]

    def succeeded(self) -> "Play":
        """Return itself; fails with the whole output where it did not succeed."""
        assert self.returncode == 0, self.output
        return self

    def failed(self, *words: str) -> "Play":
        """Return itself; fails where it succeeded, or does not say these words."""
        assert self.returncode not in {0, KILLED}, self.output
        said = " ".join(self.output.split())
        for word in words:
            assert word in said, self.output
        return self

    @property
    def changes(self) -> list[str]:
        """The names of the tasks that changed something, in order."""
        return [task.task for task in self.tasks if task.changed]


def play(
    hosts: Host | Iterable[Host],
    playbook: str = "deploy.yml",
    *arguments: str,
    environment: dict[str, str] | None = None,
    kill_after: int = 0,
    kill_but: Collection[str] | None = None,
    timeout: float = 1200,
    repository: Path = REPOSITORY,
    inventory: str | None = None,
    aliases: dict[str, dict[str, object]] | None = None,
    **variables: object,
) -> Play:
    """Run a playbook with these variables in the inventory; see `Play`."""
    process, files = start(
        hosts, playbook, *arguments,
        environment=environment, kill_after=kill_after, kill_but=kill_but,
        repository=repository,
        inventory=inventory, aliases=aliases, **variables,
    )  # fmt: skip
    began = time.monotonic()
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        kill(process)
        said = files.output.read_text(errors="replace")
        raise AssertionError(f"{playbook} was not over after {timeout} s:\n{said}") from None
    output = files.output.read_text(errors="replace")
    return Play(
        returncode=process.returncode,
        output=output,
        seconds=time.monotonic() - began,
        folder=files.folder,
        recap={
            host: {k: int(v) for k, v in re.findall(r"(\w+)=(\d+)", counts)}
            for host, counts in _RECAP.findall(output)
        },
        tasks=files.tasks(),
    )


def write_inventory(
    folder: Path,
    hosts: Iterable[Host],
    aliases: dict[str, dict[str, object]] | None = None,
    **variables: object,
) -> Path:
    """Write an inventory of these hosts and variables, a host under several names where it has aliases."""
    path = folder / "inventory.json"
    group = {"hosts": {host.name: host.inventory() for host in hosts}, "vars": variables}
    if aliases:
        group["hosts"] = {
            alias: host.inventory(**own) for host in hosts for alias, own in aliases.items()
        }
    path.write_text(json.dumps({"healthcheck": group}, indent=1))
    return path


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a playbook as a power cut of the control machine does."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@dataclass(frozen=True)
class Files:
    """Where a playbook that runs writes to."""

    folder: Path

    @property
    def output(self) -> Path:
        """What a person would see."""
        return self.folder / "output"

    @property
    def witness(self) -> Path:
        """What the callback has seen."""
        return self.folder / "tasks.jsonl"

    def tasks(self) -> tuple[Task, ...]:
        """Return what was done so far."""
        lines = self.witness.read_text().splitlines() if self.witness.exists() else []
        return tuple(Task(**json.loads(line)) for line in lines)


def start(
    hosts: Host | Iterable[Host],
    playbook: str = "deploy.yml",
    *arguments: str,
    environment: dict[str, str] | None = None,
    kill_after: int = 0,
    kill_but: Collection[str] | None = None,
    repository: Path = REPOSITORY,
    inventory: str | None = None,
    aliases: dict[str, dict[str, object]] | None = None,
    **variables: object,
) -> tuple[subprocess.Popen[bytes], Files]:
    """Start a playbook and do not wait."""
    hosts = [hosts] if isinstance(hosts, Host) else list(hosts)
    files = Files(scratch() / f"play-{os.getpid()}-{next(_numbers)}")
    home = files.folder / "home"
    temporary = files.folder / "tmp"
    home.mkdir(parents=True)
    temporary.mkdir()
    chosen = ["-i", str(write_inventory(files.folder, hosts, aliases, **variables))]
    if (
        inventory
    ):  # one of the repository's: where its hosts are is left to the configuration of SSH
        chosen = ["-i", inventory, "--ssh-common-args", f"-F {hosts[0].ssh_config}"]
    programs = Path(sys.executable).parent
    kept = {k: v for k, v in os.environ.items() if k.startswith(_PASSED_ON)}
    with files.output.open("wb") as output:
        process = subprocess.Popen(
            [
                "setpriv", "--pdeathsig", "KILL", str(programs / "ansible-playbook"),
                *chosen, playbook, *arguments,
            ],
            cwd=repository / "ansible",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=kept
            | {
                "PATH": f"{programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME": str(home),
                "TMPDIR": str(temporary),
                "LANG": "C.UTF-8",
                "ANSIBLE_CALLBACK_PLUGINS": str(_CALLBACKS),
                "ANSIBLE_CALLBACKS_ENABLED": "witness",
                "ANSIBLE_NOCOLOR": "1",
                "ANSIBLE_SSH_CONTROL_PATH_DIR": str(sockets()),
                "WITNESS_FILE": str(files.witness),
                "WITNESS_KILL_AFTER": str(kill_after),
                "WITNESS_KILL_BUT": json.dumps(None if kill_but is None else list(kill_but)),
            }
            | (environment or {}),
        )  # fmt: skip
    return process, files
