"""Sending by msmtp, and what its exit status means."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from healthcheck.delivery.process import Done, NotStartedError, memory_file, run
from healthcheck.report.sanitize import sanitized_message

_WORDS = 400


class Outcome(StrEnum):
    """How a try went, as far as can be known."""

    SENT = "sent"
    PARTLY = "partly"
    LATER = "later"
    MAYBE = "maybe"
    REFUSED = "refused"
    SETUP = "setup"


@dataclass(frozen=True, slots=True)
class Sending:
    """A try: how it went, and what msmtp said of it."""

    outcome: Outcome
    words: str = ""


_OUTCOMES = {
    os.EX_OK: Outcome.SENT,
    os.EX_USAGE: Outcome.REFUSED,  # 64: no recipient that it can use
    os.EX_DATAERR: Outcome.REFUSED,  # 65: sender or recipient answered 5xx
    os.EX_NOINPUT: Outcome.SETUP,  # 66: a file that its configuration names, such as certificates
    os.EX_NOPERM: Outcome.SETUP,  # 77: login refused
    os.EX_CONFIG: Outcome.SETUP,  # 78
}
"""All others are worth another try: 68 unknown host, 69 answered 4xx, 75 no connection, ..."""
_SAYS_NOTHING = (None, os.EX_IOERR, os.EX_PROTOCOL)
"""Stopped, 74 and 76: the connection hung or broke at any stage, perhaps with the mail taken."""
_SETUP_WORDS = re.compile(
    r"^[^:\n]+: (?:server message: 530|the server does not support |authentication method \S+ needs a "
    r"|cannot (?:use a secure|find a usable) authentication method|cannot set priorities for TLS"
    r"|GNU SASL: authentication method \S+ not supported"
    r"|support for authentication method \S+ is not compiled in)",
    re.IGNORECASE | re.MULTILINE,
)
"""It exits 65, 69 or 70 for these, as for a wrong address or a busy server; RFC 4954: 530 wants a login."""
_LOGIN_LATER = re.compile(r"^[^:\n]+: server message: 4(?!32)", re.MULTILINE)
"""It exits 77 for any answer to a login; by RFC 4954 only 432 of the 4xx asks for another set-up."""


@dataclass(frozen=True, slots=True)
class Msmtp:
    """The host's msmtp. `timeout`: seconds that the server may be silent."""

    program: str = "msmtp"
    config: Path | None = None
    timeout: int = 30

    @property
    def command(self) -> list[str]:
        """With the options of every call."""
        config = [f"--file={self.config}"] if self.config else []
        return [self.program, *config, f"--timeout={self.timeout}"]

    @property
    def limit(self) -> int:
        """Seconds after which it is stopped, however busy a server keeps it."""
        return 4 * self.timeout

    def ask(self, *options: str, sender: str | None = None) -> Done:
        """Call it without a mail, by the account that it would send with. Raises NotStartedError."""
        with memory_file() as nothing:
            return run([*self._sending_as(sender), *options], nothing, limit=self.limit)

    def _sending_as(self, sender: str | None) -> list[str]:
        """By the sender msmtp also chooses the account."""
        return [*self.command, *([f"--from={sender}"] if sender else [])]

    def send(self, mail: bytes, to: Sequence[str], sender: str | None = None) -> Sending:
        """One try; a recipient that is refused does not keep the mail from the others."""
        sending = self._send(mail, to, sender)
        if sending.outcome is not Outcome.REFUSED or len(to) == 1:
            return sending
        alone = [self._send(mail, [one], sender) for one in to]
        missed = [
            f"{one}: {its.words}"
            for one, its in zip(to, alone, strict=True)
            if its.outcome is not Outcome.SENT
        ]
        if len(missed) == len(to):
            return sending
        return Sending(Outcome.PARTLY if missed else Outcome.SENT, "; ".join(missed))

    def _send(self, mail: bytes, to: Sequence[str], sender: str | None) -> Sending:
        if self.config and not os.access(self.config, os.R_OK):
            return Sending(Outcome.SETUP, f"MSMTP_CONFIG names {self.config}, which cannot be read")
        command = [*self._sending_as(sender), "--", *to]
        # A file, not a pipe: should this process be killed, msmtp still sends all of the mail.
        with memory_file(mail) as given:
            try:
                done = run(command, given, limit=self.limit)
            except NotStartedError as error:
                return Sending(Outcome.SETUP, f"{error}; install msmtp or set MSMTP to its path")
            # It reads the mail while it sends it: with a part unread, the server has not got it.
            unread = os.lseek(given.fileno(), 0, os.SEEK_CUR) < len(mail)
        if done.code in _SAYS_NOTHING:
            return Sending(Outcome.LATER if unread else Outcome.MAYBE, self.words(done, to))
        outcome = _OUTCOMES.get(done.code or 0, Outcome.LATER)
        if done.code and _SETUP_WORDS.search(done.errors):
            outcome = Outcome.SETUP
        elif done.code == os.EX_NOPERM and _LOGIN_LATER.search(done.errors):
            outcome = Outcome.LATER
        return Sending(outcome, self.words(done, to))

    def words(self, done: Done, to: Sequence[str] = ()) -> str:
        """What it said, on one line, and without secrets; the recipients are none to their reader."""
        said = [line.removeprefix("msmtp: ").strip() for line in done.errors.splitlines()]
        if done.code is None:
            said.append(f"stopped after {self.limit} s")
        told = "; ".join(line for line in said if line)
        names = {one: f"(recipient {number})" for number, one in enumerate(to, 1)}
        for one, name in names.items():
            told = told.replace(one, name)
        shown = sanitized_message(told or f"exit status {done.code}", cut=False, limit=_WORDS)
        for one, name in names.items():
            shown = shown.replace(name, one)
        return shown
