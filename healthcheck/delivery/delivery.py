"""What happens to a report from its making to its end: kept, sent, moved to where it belongs."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from healthcheck.delivery.history import prune
from healthcheck.delivery.msmtp import Msmtp, Outcome
from healthcheck.delivery.outbox import Store
from healthcheck.delivery.queued_report import QueuedReport

_MOST_DOUBTS = 2
"""A mail that may have arrived twice is not sent a third time."""
_LONGEST_IN_VAIN, _LEAST_TRIES = timedelta(days=5), 5
"""As mail servers do it (RFC 5321, 4.5.4.1); a host that was down for a week has not tried."""
_MOST_FAILURES = 2
"""In a row: then the server takes nothing now, and what is new need not wait for what is old."""

_EXIT_CODES = {
    Outcome.SENT: 0,
    Outcome.PARTLY: os.EX_UNAVAILABLE,
    Outcome.REFUSED: os.EX_UNAVAILABLE,
    Outcome.LATER: os.EX_TEMPFAIL,
    Outcome.MAYBE: os.EX_TEMPFAIL,
    Outcome.SETUP: os.EX_CONFIG,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one report. `aside`: it is not tried again by itself; `lost`: nor is it kept."""

    name: str
    outcome: Outcome
    sentence: str
    aside: bool = False
    lost: bool = False

    @property
    def exit_code(self) -> int:
        """For the one who waits for this report."""
        if self.lost:
            return 1
        return os.EX_UNAVAILABLE if self.aside else _EXIT_CODES[self.outcome]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Sends, and keeps what is not sent yet. `on_warning` is told what the operator should know of."""

    store: Store
    msmtp: Msmtp
    to: tuple[str, ...]
    sender: str | None
    now: datetime
    on_warning: Callable[[str], None]

    def send_left(self) -> tuple[Result, ...]:
        """What is left from earlier runs, oldest first; none of it keeps another from its try."""
        reports, others = self.store.outbox.all()
        for other in others:
            self.on_warning(f"Moved {other.name} from the outbox to rejected: {other.why}.")
            self._set_aside(other.name)
        if reports and not os.access(self.store.outbox.folder, os.W_OK):
            self.on_warning(
                f"{len(reports)} pending in {self.store.outbox.folder} not sent: the folder is not "
                "writable, so they would be sent again at every run."
            )
            return ()
        results: list[Result] = []
        for queued in reports:
            if _takes_nothing(results):
                break
            results.append(self._try(queued, kept=True))
        return tuple(results)

    def send(self, queued: QueuedReport) -> Result:
        """Keep a report, then send it."""
        return self._try(queued, kept=self._keep(queued))

    def of_slot(self, slot: date, sent: Sequence[Result]) -> Result | None:
        """What became of that slot's report, where it was made before; sends it where it waits."""
        name = slot.isoformat()
        for result in sent:
            if result.name == name:
                return result
        if waiting := self.store.outbox.get(name):
            return self._try(waiting, kept=True)
        if self.store.history.path(name).exists():
            return Result(name, Outcome.SENT, f"Report for {name} already sent.")
        if rejected := self.store.rejected.get(name):
            sentence = (
                f"The report for {name} was rejected ({rejected.trouble}). After fixing the cause: "
                "llm-health-check outbox send --rejected"
            )
            return Result(name, Outcome.REFUSED, sentence, aside=True)
        return None

    def retry_rejected(self) -> None:
        """Let what was rejected be tried again."""
        reports, others = self.store.rejected.all()
        for other in others:
            self.on_warning(f"{other.name} stays rejected: {other.why}.")
        for queued in reports:
            try:
                self.store.rejected.put(queued.afresh())
                self.store.rejected.move(queued.name, self.store.outbox)
            except OSError as error:
                self.on_warning(f"{queued.name} stays rejected: {error.strerror}.")

    def _keep(self, queued: QueuedReport) -> bool:
        try:
            self.store.outbox.put(queued)
        except OSError as error:
            self.on_warning(
                f"Could not keep a copy of the report in {self.store.folder}: {error.strerror}. "
                "Sending it anyway."
            )
            return False
        return True

    def _try(self, queued: QueuedReport, *, kept: bool) -> Result:
        what = f"The report for {queued.name}"
        try:
            sending = self.msmtp.send(queued.mail, self.to, self.sender)
        except KeyboardInterrupt:
            if kept:
                self.on_warning(f"{what} stays in the outbox; the next run sends it.")
            raise
        words = sending.words
        if sending.outcome in (Outcome.SENT, Outcome.PARTLY):
            if kept:
                self._file(queued.name)
            who = "some" if sending.outcome is Outcome.PARTLY else ", ".join(self.to)
            told = f"Sent the report for {queued.name} to {who}."
            if sending.outcome is Outcome.PARTLY:
                told = f"{told} Not accepted for: {words}."
            return Result(queued.name, sending.outcome, told)
        tried = queued.after(words, doubt=sending.outcome is Outcome.MAYBE)
        aside = sending.outcome is Outcome.REFUSED or self._is_in_vain(tried, sending.outcome)
        if kept:
            self._note(tried)
            if aside:
                self._set_aside(queued.name)
        fate = _fate(what, words, kept, aside)
        return Result(queued.name, sending.outcome, fate, aside=aside and kept, lost=not kept)

    def _is_in_vain(self, queued: QueuedReport, outcome: Outcome) -> bool:
        if outcome is Outcome.SETUP:
            return False
        age = self.now - queued.made
        in_vain = age > _LONGEST_IN_VAIN and queued.tries >= _LEAST_TRIES
        return in_vain or queued.doubts >= _MOST_DOUBTS

    def _note(self, queued: QueuedReport) -> None:
        try:
            self.store.outbox.put(queued)
        except OSError as error:
            self.on_warning(f"Could not record the attempt in the outbox: {error.strerror}.")

    def _file(self, name: str) -> None:
        try:
            self.store.outbox.move(name, self.store.history)
        except OSError as error:
            self.on_warning(
                f"{name} was sent but could not be kept in the history: {error.strerror}."
            )
            # It has arrived: better no copy of it than a mail at every run.
            with suppress(OSError):
                self.store.outbox.path(name).unlink()
        prune(self.store.history, self.now, self.on_warning)

    def _set_aside(self, name: str) -> None:
        try:
            self.store.outbox.move(name, self.store.rejected)
        except OSError as error:
            self.on_warning(
                f"Could not move {name} out of {self.store.outbox.folder}: {error.strerror}."
            )


def _takes_nothing(results: Sequence[Result]) -> bool:
    if any(result.outcome is Outcome.SETUP for result in results):
        return True
    last = results[-_MOST_FAILURES:]
    return len(last) == _MOST_FAILURES and all(
        result.outcome in (Outcome.LATER, Outcome.MAYBE) for result in last
    )


def _fate(what: str, words: str, kept: bool, aside: bool) -> str:
    if not kept:
        return f"{what} was neither sent nor kept: {words}."
    if aside:
        return f"{what} was rejected; see `llm-health-check outbox list`: {words}."
    return f"{what} was not sent and stays in the outbox: {words}."
