"""A real Debian host: systemd as PID 1, reached by SSH on loopback, thrown away at the end."""

import itertools
import json
import shlex
import shutil
import socket
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import testinfra
import testinfra.host
from deploy.roots import WHEELS, root, wheels
from deploy.scratch import cgroup, remove_cgroups, run_name, scratch, sockets

_BOOT_SECONDS = 300
_STOP_SECONDS = 60
_SCRIPT = Path(__file__).with_name("boot.sh")
_numbers = itertools.count(1)

running: list["Host"] = []
"""The hosts of this process that are up."""


@dataclass(frozen=True)
class Image:
    """What a host starts from: folders, the topmost first."""

    suite: str
    layers: tuple[Path, ...]

    @classmethod
    def blank(cls, suite: str) -> Self:
        """Return the Debian release as it was installed."""
        return cls(suite, (root(suite),))


@dataclass
class Host:
    """A machine that is ours alone; `with` boots it and takes it away."""

    image: Image
    name: str = "testhost"
    binds: tuple[str, ...] = ()
    folder: Path = field(init=False)
    port: int = field(init=False)
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)
    _is_image: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.folder = _new_folder()
        self.port = _free_port()
        self._told = threading.Event()
        self._ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ready.bind(str(self._notify))
        threading.Thread(target=self._listen, daemon=True).start()
        self._seed()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        self._ready.shutdown(socket.SHUT_RDWR)
        if not self._is_image:
            shutil.rmtree(self.folder)

    @property
    def _notify(self) -> Path:
        return sockets() / f"ready-{self.folder.name}"

    # What it starts with

    def _seed(self) -> None:
        """Write what differs from host to host into the topmost layer."""
        for part in ("upper", "work", "merged"):
            (self.folder / part).mkdir()
        key = self.folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        public = key.with_suffix(".pub").read_text()
        self._write("etc/machine-id", f"{uuid.uuid4().hex}\n")
        self._write("etc/hostname", f"{self.name}\n")
        self._write("etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {self.name}\n")
        self._write(
            "etc/ssh/sshd_config.d/port.conf",
            f"Port {self.port}\nListenAddress 127.0.0.1\nAuthorizedKeysFile /etc/ssh/keys/%u\n"
            "UseDNS no\nMaxStartups 100\nMaxSessions 100\n",
        )
        for user in ("root", "deployer"):
            self._write(f"etc/ssh/keys/{user}", public)
        self.ssh_config.write_text(
            f"Host {self.name}\n HostName 127.0.0.1\n Port {self.port}\n User root\n"
            f" IdentityFile {key}\n IdentitiesOnly yes\n StrictHostKeyChecking no\n"
            " UserKnownHostsFile /dev/null\n LogLevel ERROR\n ConnectTimeout 20\n"
            f" ServerAliveInterval 15\n ControlMaster auto\n ControlPersist 600\n"
            f" ControlPath {sockets()}/%C\n"
        )

    def _write(self, path: str, content: str) -> None:
        file = self.folder / "upper" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    @property
    def ssh_config(self) -> Path:
        """`ssh -F FILE NAME` leads to the host as root; the user `deployer` may sudo."""
        return self.folder / "ssh_config"

    def inventory(self, **variables: object) -> dict[str, object]:
        """Return the host's own part of an inventory."""
        return {
            "ansible_host": self.name,
            "ansible_port": self.port,
            "ansible_user": "deployer",
            "ansible_ssh_common_args": f"-F {self.ssh_config}",
            **variables,
        }

    # Its life

    def start(self) -> None:
        """Boot it, and return when systemd says that it is up."""
        self._told.clear()
        running.append(self)
        group = f"{cgroup(run_name())}{self.folder.name}"
        layers = ":".join(map(str, self.image.layers))
        mounts = [f"--bind-ro={wheels(self.image.suite)}:{WHEELS}", *self.binds]
        command = [
            "setpriv", "--pdeathsig", "KILL",
            "unshare", "--mount", "--propagation", "private", "--pid", "--fork",
            "--kill-child=KILL", "--mount-proc",
            "sh", "-eu", _SCRIPT, self.folder, group, layers, f"--machine={self.name}", *mounts,
        ]  # fmt: skip
        with (self.folder / "console").open("ab") as console:
            self._process = subprocess.Popen(
                list(map(str, command)),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                env={
                    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                    "NOTIFY_SOCKET": str(self._notify),
                },
                start_new_session=True,
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + _BOOT_SECONDS
        while time.monotonic() < end and self._process and self._process.poll() is None:
            if self._told.wait(0.2) and self._answers():
                break
        else:
            console = (self.folder / "console").read_text(errors="replace")
            self.stop()
            raise RuntimeError(f"{self.name} ({self.image.suite}) did not boot:\n{console[-3000:]}")
        self.run("systemctl is-system-running --wait", check=False)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
            return False
        return True

    def _listen(self) -> None:
        """Hear what systemd says; it stands still where nobody listens."""
        with self._ready:
            while message := self._ready.recv(4096):
                if b"READY=1" in message.split(b"\n"):
                    self._told.set()

    def reboot(self) -> None:
        """Restart it as `systemctl reboot` does."""
        self._told.clear()
        self.run("systemctl --no-block reboot", check=False)
        self._hang_up()
        self._wait_until_ready()

    def power_off(self) -> None:
        """Shut it down in order; `start` boots it again as it was left."""
        self.run("systemctl --no-block poweroff", check=False)
        self._hang_up()
        if self._process:
            self._process.wait(_STOP_SECONDS)
        self.stop()

    def stop(self) -> None:
        """Pull the plug."""
        self._hang_up()
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
            running.remove(self)
            _clear(self.folder / "work")
            remove_cgroups(f"{cgroup(run_name())}{self.folder.name}")

    def image_of_now(self) -> Image:
        """Shut it down and return what it has become, for other hosts to start from."""
        self.power_off()
        self._is_image = True
        return Image(self.image.suite, (self.folder / "upper", *self.image.layers))

    def _hang_up(self) -> None:
        for user in ("root", "deployer"):
            hang_up = ["ssh", "-F", self.ssh_config, "-O", "exit", f"{user}@{self.name}"]
            subprocess.run(hang_up, capture_output=True, check=False)

    # What is done on it

    def run(
        self, command: str, *, check: bool = True, stdin: str = "", timeout: float = 300
    ) -> subprocess.CompletedProcess[str]:
        """Run a shell command as root."""
        done = subprocess.run(
            [
                "ssh",
                "-F",
                self.ssh_config,
                self.name,
                f"LC_ALL=C.UTF-8 sh -c {shlex.quote(command)}",
            ],
            input=stdin,
            capture_output=True,
            text=True,
            errors="surrogateescape",  # a journal holds any bytes
            timeout=timeout,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def says(self, command: str) -> str:
        """Return what a command prints, without its last line break."""
        return self.run(command).stdout.rstrip("\n")

    def read(self, path: str) -> str:
        """Return a file's text."""
        return self.run(f"cat {shlex.quote(path)}").stdout

    def write(self, path: str, content: str, mode: str = "0644", owner: str = "root") -> None:
        """Write a file, and the folder above it where it is missing."""
        quoted = shlex.quote(path)
        self.run(
            f"mkdir -p $(dirname {quoted}) && cat > {quoted} && chown {owner} {quoted}"
            f" && chmod {mode} {quoted}",
            stdin=content,
        )

    def properties(self, unit: str, *names: str) -> dict[str, str]:
        """Return what `systemctl show` says of a unit."""
        shown = self.says(f"systemctl show {shlex.quote(unit)} -p {','.join(names)}")
        return dict(line.split("=", 1) for line in shown.splitlines())

    def timers(self) -> list[dict]:
        """Return `systemctl list-timers` as data."""
        return json.loads(self.says("systemctl list-timers --all --output=json"))

    def wait_for_journal(self, unit: str, words: str, seconds: float = 300) -> None:
        """Return as soon as a unit has written, or systemd said of it, what these words match."""
        follow = f"journalctl -f -n all -o cat -u {shlex.quote(unit)}"
        script = f"grep -m1 -q -e {shlex.quote(words)} < <({follow})"
        waited = self.run(
            f"timeout {seconds} bash -c {shlex.quote(script)}", check=False, timeout=seconds + 20
        )
        assert waited.returncode == 0, f"no {words!r} within {seconds} s:\n{self.journal(unit)}"

    def wait_for_process(self, command: str, seconds: float = 300) -> None:
        """Return as soon as a process runs whose command line matches."""
        not_itself = shlex.quote(f"[{command[0]}]{command[1:]}")
        loop = f"until pgrep -f {not_itself}; do sleep 0.05; done"
        self.run(f"timeout {seconds} sh -c {shlex.quote(loop)}")

    @property
    def infra(self) -> testinfra.host.Host:
        """The host as pytest-testinfra asserts on it."""
        return testinfra.get_host(f"ssh://{self.name}", ssh_config=str(self.ssh_config))

    def journal(self, unit: str) -> str:
        """Return what a unit has written."""
        return self.says(f"journalctl --no-pager -o short-precise -u {shlex.quote(unit)}")


def _new_folder() -> Path:
    hosts = scratch()
    for number in _numbers:
        folder = hosts / f"{time.monotonic_ns() % 10**6:06d}-{number}"
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise AssertionError


def _clear(work: Path) -> None:
    """A volatile overlay that was not unmounted leaves a mark, and would not be mounted again."""
    subprocess.run(["rm", "-rf", work], check=True)
    work.mkdir()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
