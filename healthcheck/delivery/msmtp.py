"""Sending by msmtp, and what its exit status means."""

import fcntl
import os
import re
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, NamedTuple

from healthcheck.report.sanitize import sanitized_message
from healthcheck.settings import SECRETS

_NAME = "llm-health-check"
_ERROR_CHARACTERS = 400
_MOST_BYTES = 20_480  # whole pages: the kernel takes no part of one


class Outcome(StrEnum):
    """How a try went, as far as can be known."""

    SENT = "sent"
    PARTLY = "partly"
    LATER = "later"
    MAYBE = "maybe"
    REJECTED = "rejected"
    SETUP = "setup"


class Sending(NamedTuple):
    """A try: how it went, what msmtp said of it, what to do, and what else it printed."""

    outcome: Outcome
    error: str = ""
    remedy: str = ""
    output: str = ""


_SETUP_ERRORS = (
    r"(?im)^[^:\n]+: (?:server message: 530|the server does not support |authentication method \S+ needs a "
    r"|cannot (?:use a secure|find a usable) authentication method|cannot set priorities for TLS"
    r"|GNU SASL: authentication method \S+ not supported"
    r"|support for authentication method \S+ is not compiled in|.*: input error$)"
)
"""It exits 65, 69, 70 or 74 for these, as for a wrong address or a busy server; RFC 4954: 530 wants a
login. An input error is that of a configuration that is a folder."""
_OUTCOMES = (
    (r"\A0 ", Outcome.SENT),
    (_SETUP_ERRORS, Outcome.SETUP),
    # It exits 77 for any answer to a login; by RFC 4954 only 432 of the 4xx asks for another setup.
    (r"(?ms)\A77 (?:.*^)?[^:\n]+: server message: 4(?!32)", Outcome.LATER),
    # 66: a file that its configuration names, such as certificates; 77: the login; 78: the configuration
    (r"\A(?:66|77|78) ", Outcome.SETUP),
    # 64: no recipient that it can use; 65: answered 5xx; 69: answered 4xx, but also 5xx to the whole mail
    (r"(?ms)\A6[45] |\A69 (?:.*^)?[^:\n]+: server message: 5", Outcome.REJECTED),
    # Stopped, 74 and 76: the connection hung or broke at any stage, perhaps with the mail taken.
    (r"\A(?:None|74|76) ", Outcome.MAYBE),
    ("", Outcome.LATER),
)
"""What came of it, by exit status and errors; the first that fits counts."""

_OWN_SENDER = re.compile(r"^\S+ envelope from address (\S+) not accepted", re.MULTILINE)
"""That of msmtp's account: its own words, not the server's."""

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


class Msmtp(NamedTuple):
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

    def ask(self, *options: str) -> Sending:
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
            sending = self._call(("--", *to), given, to)
            # It reads the mail while it sends it: with a part unread, the server has not got it.
            unread = os.lseek(given.fileno(), 0, os.SEEK_CUR) < len(mail)
        is_lost = unread and sending.outcome is Outcome.MAYBE
        return sending._replace(outcome=Outcome.LATER) if is_lost else sending

    def _call(
        self, options: Sequence[str], stdin: BinaryIO | int, to: Sequence[str] = ()
    ) -> Sending:
        """Wait for its end, so long as the limit allows.

        Its output goes to files, not pipes: nothing that it leaves behind can keep us waiting.
        """
        if self.config and (why := _unusable(self.config)):
            return self._ended(os.EX_CONFIG, f"MSMTP_CONFIG names {self.config}, which {why}")
        config = [f"--file={self.config}"] if self.config else []
        sender = [f"--from={self.sender}"] if self.sender else []
        # Neither msmtp nor a command that fetches its password needs to know our secrets.
        environment = {name: value for name, value in os.environ.items() if name not in SECRETS}
        with _bounded_file() as output, _bounded_file() as errors:
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
                return self._ended(os.EX_CONFIG, why)
            code = None
            try:
                with suppress(subprocess.TimeoutExpired):
                    code = child.wait(self.limit)
            finally:
                # With all that it has started, such as the command that fetches a password.
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
            return self._ended(code, _read(errors), _read(output), to)

    def _ended(
        self, code: int | None, errors: str, output: str = "", to: Sequence[str] = ()
    ) -> Sending:
        """What that means; `code` is None where it was stopped, as its time was over."""
        told = f"{code} {errors}"
        outcome = next(outcome for sign, outcome in _OUTCOMES if re.search(sign, told))
        if outcome is Outcome.SENT:
            return Sending(outcome, output=output)
        remedy = next(remedy for sign, remedy in _REMEDIES if re.search(sign, told))
        return Sending(outcome, self._message(code, errors, to), remedy, output)

    def _message(self, code: int | None, errors: str, to: Sequence[str]) -> str:
        """What it reports, on one line, without secrets; our own addresses are none to their reader."""
        lines = [line.removeprefix("msmtp: ").strip() for line in errors.splitlines()]
        if code is None:
            lines.append(f"stopped after {self.limit} s")
        text = "; ".join(filter(None, lines)) or f"exit status {code}"
        sender = [self.sender] if self.sender else _OWN_SENDER.findall(errors)
        aliases = {address: f"(ours {number})" for number, address in enumerate((*to, *sender))}
        for address, alias in aliases.items():
            text = text.replace(address, alias)
        text = sanitized_message(text, cut=False, limit=_ERROR_CHARACTERS)
        for address, alias in aliases.items():
            text = text.replace(alias, address)
        return text


def _unusable(config: Path) -> str:
    if not os.access(config, os.R_OK):
        return "cannot be read"
    # msmtp would read it for as long as it may run.
    if config.is_fifo() or (config.is_char_device() and str(config) != os.devnull):
        return "is not a file"
    return ""


def _memory_file(data: bytes) -> BinaryIO:
    """A file on no disk, with its place at the beginning."""
    file = os.fdopen(os.memfd_create(_NAME, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "w+b")
    file.write(data)
    file.seek(0)
    return file


def _bounded_file() -> BinaryIO:
    """One that takes no more: a program that writes without end would fill the memory."""
    file = _memory_file(bytes(_MOST_BYTES))
    fcntl.fcntl(file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW)
    return file


def _read(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().rstrip(b"\0").decode(errors="replace")
