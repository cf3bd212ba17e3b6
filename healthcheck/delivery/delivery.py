"""A report is kept, sent, and moved to where it belongs."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from email.headerregistry import Address
from logging import getLogger
from typing import NamedTuple

from healthcheck.delivery.history import prune
from healthcheck.delivery.message import readdressed
from healthcheck.delivery.msmtp import Msmtp, Outcome
from healthcheck.delivery.outbox import QueuedReport, StateDirectory

_log = getLogger(__name__)
_MOST_DOUBTS = 2
"""A mail that may have arrived twice is not sent a third time."""
_GIVE_UP_AFTER, _LEAST_TRIES = timedelta(days=5), 5
"""As mail servers do it (RFC 5321, 4.5.4.1); a host that was down for a week has not tried."""
_MOST_FAILURES = 2
"""In a row: then the server takes nothing now, and what is new need not wait for what is old."""

_NEXT_RUN = " The next run sends it."
_RETRIES = " systemd starts one every 15 minutes, for 4 hours."
"""For a scheduled report; the times are those of its unit. A wrong setup is not retried."""

_EXIT_CODES = {
    Outcome.SENT: 0,
    Outcome.LATER: os.EX_TEMPFAIL,
    Outcome.MAYBE: os.EX_TEMPFAIL,
    Outcome.SETUP: os.EX_CONFIG,
}
"""All others are not tried again."""


class Result(NamedTuple):
    """What became of one report; `exit_code` is for the one who waits for it."""

    name: str
    sentence: str
    exit_code: int
    failed_for_now: bool = False
    """The report was not rejected: it is the server or the setup that fails, whoever's report it is."""


class Delivery(NamedTuple):
    """Sends, and keeps what is not sent yet."""

    store: StateDirectory
    msmtp: Msmtp
    to: tuple[str, ...]
    now: datetime
    sender: Address | None = None

    def send_pending(self) -> tuple[Result, ...]:
        """What is left from earlier runs, oldest first; none of it keeps another from its try."""
        outbox = self.store.outbox
        reports = outbox.all()
        if reports and not os.access(outbox.folder, os.W_OK):
            what = (
                "%s is not writable, so every run would send what is pending again: it is not sent."
            )
            _log.warning(what, outbox.folder)
            return ()
        results: list[Result] = []
        for queued in reports:
            results.append(self._try(queued, kept=True))
            if sum(last.failed_for_now for last in results[-_MOST_FAILURES:]) == _MOST_FAILURES:
                break
        return tuple(results)

    def send(self, queued: QueuedReport) -> Result:
        """Keep a report, then send it."""
        kept = False
        with _warning_of(f"Could not keep a copy of the report in {self.store.folder}"):
            self.store.outbox.put(queued)
            kept = True
        return self._try(queued, kept=kept)

    def made_before(self, name: str, sent: Sequence[Result]) -> Result | None:
        """What became of the report of that name, where there is one; sends it where it is pending."""
        for result in sent:
            if result.name == name:
                return result
        if pending := self.store.outbox.get(name):
            return self._try(pending, kept=True)
        if self.store.history.get(name):
            return Result(name, f"Report for {name} already sent.", 0)
        if rejected := self.store.rejected.get(name):
            sentence = (
                f"The report for {name} was rejected ({rejected.error}). After fixing the cause: "
                "llm-health-check outbox send --rejected"
            )
            return Result(name, sentence, os.EX_UNAVAILABLE)
        return None

    def retry_rejected(self) -> None:
        """Let what was rejected be tried again."""
        for queued in self.store.rejected.all():
            with _warning_of(f"{queued.name} stays rejected"):
                self.store.rejected.put(replace(queued, error=None, tries=0, doubts=0))
                self.store.rejected.move(queued.name, self.store.outbox)

    def _try(self, queued: QueuedReport, *, kept: bool) -> Result:
        name = queued.name
        try:
            mail = readdressed(queued.mail, self.to, self.sender)
            sending = self.msmtp.send(mail, self.to)
        except KeyboardInterrupt:
            if kept:
                _log.warning("The report for %s stays in the outbox; the next run sends it.", name)
            raise
        outcome, error = sending.outcome, sending.error
        code = _EXIT_CODES.get(outcome, os.EX_UNAVAILABLE)
        if outcome in (Outcome.SENT, Outcome.PARTLY):
            if kept:
                self._file(name)
            whom = ", ".join(self.to)
            if outcome is Outcome.PARTLY:
                whom = f"some recipients. Not accepted for: {error}"
            sentence = f"Sent the report for {name} to {whom}. {sending.remedy}".rstrip()
            return Result(name, sentence, code)
        fate, ending = "was neither sent nor kept", ""
        if not kept:
            code = 1
        else:
            tried = queued.after(error, doubt=outcome is Outcome.MAYBE)
            with _warning_of("Could not record the attempt in the outbox"):
                self.store.outbox.put(tried)
            waits_for_setup = outcome is Outcome.SETUP
            if outcome is Outcome.REJECTED or (self._gives_up(tried) and not waits_for_setup):
                fate, code = "was rejected; see `llm-health-check outbox list`", os.EX_UNAVAILABLE
                with _warning_of(f"Could not move {name} out of {self.store.outbox.folder}"):
                    self.store.outbox.move(name, self.store.rejected)
            else:
                fate = "was not sent and stays in the outbox"
                ending = _NEXT_RUN + (_RETRIES if queued.slot and not waits_for_setup else "")
        sentence = f"The report for {name} {fate}: {error}. {sending.remedy}".rstrip() + ending
        return Result(name, sentence, code, outcome is not Outcome.REJECTED)

    def _gives_up(self, queued: QueuedReport) -> bool:
        is_old = self.now - queued.made > _GIVE_UP_AFTER and queued.tries >= _LEAST_TRIES
        return is_old or queued.doubts >= _MOST_DOUBTS

    def _file(self, name: str) -> None:
        with _warning_of(f"{name} was sent but could not be kept in the history"):
            self.store.outbox.move(name, self.store.history)
        # It has arrived: better no copy of it than a mail at every run.
        with suppress(OSError):
            self.store.outbox.path(name).unlink()
        with _warning_of("Could not prune the history"):
            prune(self.store.history, self.now)


@contextmanager
def _warning_of(problem: str) -> Iterator[None]:
    """What the disk does not take costs no mail."""
    try:
        yield
    except OSError as error:
        _log.warning("%s: %s.", problem, error.strerror)
