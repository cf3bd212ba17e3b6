"""The script with its surroundings, as systemd would start it."""

import subprocess
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import pytest
from mail_servers import SmtpServer, write_msmtprc

SCRIPT = Path(__file__).parents[2] / "ansible/roles/healthcheck/files/llm-health-check-failure"
UNIT = "llm-health-check.service"
INVOCATION = "0123456789abcdef0123456789abcdef"


EACH_SHELL = pytest.mark.parametrize("shell", ["dash", "bash --posix", "busybox sh"], indirect=True)
"""For what is up to the shell; all else runs in dash, which is Debian's sh."""


@dataclass
class Notice:
    """The script with its surroundings; a test changes what it is about."""

    shell: list[str]
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def journal(self, lines: bytes, of: str = "run") -> None:
        (self.folder / of).write_bytes(lines)

    def calls_of_journalctl(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    def without(self, tool: str) -> None:
        (self.folder / "bin" / tool).unlink()

    def program(self, name: str, text: str) -> None:
        """In the place of the real one."""
        path = self.folder / "bin" / name
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def env_file(self, content: str | bytes, name: str = ".env") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def sends_to(self, server: SmtpServer | int, **account) -> None:
        write_msmtprc(self.folder / "msmtprc", server, timeout=2, **account)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [*self.shell, str(SCRIPT), *arguments]
        return subprocess.Popen(
            command, env=self.environment, stderr=subprocess.PIPE, text=True, errors="replace"
        )

    def run(self, *arguments: str | bytes) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.shell, SCRIPT, *(arguments or (UNIT,))],
            env=self.environment,
            capture_output=True,
            check=False,
            errors="replace",
            text=True,
            timeout=60,
        )


def text_of(mail: EmailMessage) -> str:
    """What a mail program shows; the bytes are strict about their charset."""
    content = mail.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode(mail.get_content_charset("ascii")).replace("\r\n", "\n")
