"""Sending by msmtp, and what its exit status means."""

import os
import re
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from healthcheck.report.sanitize import sanitized_message
from healthcheck.settings import SECRETS

_ERROR_CHARACTERS = 400
_MOST_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Done:
    """How it ended; `code` is None where it was stopped, as its time was over."""

    code: int | None
    output: str
    errors: str

    @property
    def remedy(self) -> str:
        """What to do where it failed; nothing where that is up to the server."""
        told = f"{self.code} {self.errors}"
        return next(remedy for sign, remedy in _REMEDIES if re.search(sign, told))


class Outcome(StrEnum):
    """How a try went, as far as can be known."""

    SENT = "sent"
    PARTLY = "partly"
    LATER = "later"
    MAYBE = "maybe"
    REJECTED = "rejected"
    SETUP = "setup"


@dataclass(frozen=True, slots=True)
class Sending:
    """A try: how it went, what msmtp said of it, and what to do."""

    outcome: Outcome
    error: str = ""
    remedy: str = ""


_OUTCOMES = {
    os.EX_OK: Outcome.SENT,
    os.EX_USAGE: Outcome.REJECTED,  # 64: no recipient that it can use
    os.EX_DATAERR: Outcome.REJECTED,  # 65: sender or recipient answered 5xx
    os.EX_NOINPUT: Outcome.SETUP,  # 66: a file that its configuration names, such as certificates
    os.EX_NOPERM: Outcome.SETUP,  # 77: login refused
    os.EX_CONFIG: Outcome.SETUP,  # 78
}
"""All others are worth another try: 68 unknown host, 69 answered 4xx, 75 no connection, ..."""
_UNCLEAR = (None, os.EX_IOERR, os.EX_PROTOCOL)
"""Stopped, 74 and 76: the connection hung or broke at any stage, perhaps with the mail taken."""
_SETUP_ERRORS = re.compile(
    r"^[^:\n]+: (?:server message: 530|the server does not support |authentication method \S+ needs a "
    r"|cannot (?:use a secure|find a usable) authentication method|cannot set priorities for TLS"
    r"|GNU SASL: authentication method \S+ not supported"
    r"|support for authentication method \S+ is not compiled in|.*: input error$)",
    re.IGNORECASE | re.MULTILINE,
)
"""It exits 65, 69, 70 or 74 for these, as for a wrong address or a busy server; RFC 4954: 530 wants a
login. An input error is that of a configuration that is a folder."""
_LOGIN_LATER = re.compile(r"^[^:\n]+: server message: 4(?!32)", re.MULTILINE)
"""It exits 77 for any answer to a login; by RFC 4954 only 432 of the 4xx asks for another setup."""

_REMEDIES = (
    ("Could not run", "Install msmtp or set MSMTP to its path."),
    ("MSMTP_CONFIG names", "Set MSMTP_CONFIG to a readable file."),
    ("account default not found", "No mail can be sent. Write /etc/msmtprc (see the example in man msmtp), or set MSMTP_CONFIG to your file. On a deployed host, set healthcheck_smtp_host and deploy again."),
    ("envelope-from address is missing", "Set MAIL_FROM, or from in msmtp's configuration."),
    ("server message: 4", ""),
    ("(?s)^77 |server message: 530|^(?!.*server message).*authentication", "Check user and password in msmtp's configuration (on a deployed host: healthcheck_smtp_user and healthcheck_smtp_password)."),
    (r"server message: 5\d\d[ -]5\.[356]\.|server message: 552", "See the server's reply."),
    ("^6[45] ", "Check NOTIFY_EMAIL and MAIL_FROM."),
    ("(?m)^(66|78) |: input error$", "Fix msmtp's configuration (man msmtp), or set MSMTP_CONFIG to another file."),
    ("server message: 5", "See the server's reply."),
    ("", "Check host, port and TLS in msmtp's configuration."),
)  # fmt: skip
"""What to do, by exit status and errors; the first that fits counts. No address is the fault where
RFC 3463 means the mail system (x.3), the protocol (x.5) or the content (x.6), nor in 552: size or room."""


@dataclass(frozen=True, slots=True)
class Msmtp:
    """The host's msmtp. `timeout`: seconds that the server may be silent.

    By the sender it also chooses the account; without one it takes the default account and its.
    """

    program: str = "msmtp"
    config: Path | None = None
    timeout: int = 30
    sender: str | None = None

    @property
    def limit(self) -> int:
        """Seconds after which it is stopped, however busy a server keeps it."""
        return 4 * self.timeout

    def ask(self, *options: str) -> Done:
        """Call it without a mail, by the account that it would send with."""
        return self._call(options, subprocess.DEVNULL)

    def send(self, mail: bytes, to: Sequence[str]) -> Sending:
        """One try; a recipient that is rejected does not keep the mail from the others."""
        sending = self._send(mail, to)
        if sending.outcome is not Outcome.REJECTED or len(to) == 1:
            return sending
        alone = [self._send(mail, [one]) for one in to]
        missed = {
            one: its for one, its in zip(to, alone, strict=True) if its.outcome is not Outcome.SENT
        }
        if len(missed) == len(to):
            return sending
        error = "; ".join(f"{one}: {its.error}" for one, its in missed.items())
        remedy = " ".join(dict.fromkeys(its.remedy for its in missed.values()))
        return Sending(Outcome.PARTLY if missed else Outcome.SENT, error, remedy)

    def _send(self, mail: bytes, to: Sequence[str]) -> Sending:
        # A file, not a pipe: should this process be killed, msmtp still sends all of the mail.
        with _memory_file(mail) as given:
            done = self._call(("--", *to), given)
            # It reads the mail while it sends it: with a part unread, the server has not got it.
            unread = os.lseek(given.fileno(), 0, os.SEEK_CUR) < len(mail)
        outcome = _OUTCOMES.get(done.code or 0, Outcome.LATER)
        if done.code and _SETUP_ERRORS.search(done.errors):
            outcome = Outcome.SETUP
        elif done.code in _UNCLEAR:
            outcome = Outcome.LATER if unread else Outcome.MAYBE
        elif done.code == os.EX_NOPERM and _LOGIN_LATER.search(done.errors):
            outcome = Outcome.LATER
        if outcome is Outcome.SENT:
            return Sending(outcome)
        return Sending(outcome, self.error_message(done, to), done.remedy)

    def _call(self, options: Sequence[str], stdin: BinaryIO | int) -> Done:
        """Wait for its end, so long as the limit allows.

        Its output goes to files, not pipes: nothing that it leaves behind can keep us waiting.
        """
        if self.config and not os.access(self.config, os.R_OK):
            why = f"MSMTP_CONFIG names {self.config}, which cannot be read"
            return Done(os.EX_CONFIG, "", why)
        config = [f"--file={self.config}"] if self.config else []
        sender = [f"--from={self.sender}"] if self.sender else []
        # Neither msmtp nor a command that fetches its password needs to know our secrets.
        environment = {name: value for name, value in os.environ.items() if name not in SECRETS}
        with _memory_file() as output, _memory_file() as errors:
            try:
                child = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
                    [self.program, *config, f"--timeout={self.timeout}", *sender, *options],
                    stdin=stdin,
                    stdout=output,
                    stderr=errors,
                    env=environment | {"LC_ALL": "C"},
                    start_new_session=True,
                )
            except OSError as error:
                why = f"Could not run {self.program}: {error.strerror}"
                return Done(os.EX_CONFIG, "", why)
            code = None
            try:
                with suppress(subprocess.TimeoutExpired):
                    code = child.wait(self.limit)
            finally:
                # With all that it has started, such as the command that fetches a password.
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
            return Done(code, _read(output), _read(errors))

    def error_message(self, done: Done, to: Sequence[str] = ()) -> str:
        """What it reports, on one line, without secrets; recipients are none to their reader."""
        lines = [line.removeprefix("msmtp: ").strip() for line in done.errors.splitlines()]
        if done.code is None:
            lines.append(f"stopped after {self.limit} s")
        text = "; ".join(filter(None, lines)) or f"exit status {done.code}"
        aliases = {address: f"(recipient {number})" for number, address in enumerate(to, 1)}
        for address, alias in aliases.items():
            text = text.replace(address, alias)
        text = sanitized_message(text, cut=False, limit=_ERROR_CHARACTERS)
        for address, alias in aliases.items():
            text = text.replace(alias, address)
        return text


def _memory_file(data: bytes = b"") -> BinaryIO:
    """A file on no disk, with its place at the beginning."""
    file = os.fdopen(os.memfd_create("llm-health-check"), "w+b")
    file.write(data)
    file.seek(0)
    return file


def _read(file: BinaryIO) -> str:
    file.seek(0)
    return file.read(_MOST_BYTES).decode(errors="replace")
