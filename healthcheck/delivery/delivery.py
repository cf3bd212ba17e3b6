"""A report is kept, sent, and moved to where it belongs."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from healthcheck.delivery.history import prune
from healthcheck.delivery.msmtp import Msmtp, Outcome
from healthcheck.delivery.outbox import QueuedReport, StateDirectory

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


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one report; `exit_code` is for the one who waits for it."""

    name: str
    outcome: Outcome
    sentence: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """Sends, and keeps what is not sent yet. `on_warning` takes what the operator should know of."""

    store: StateDirectory
    msmtp: Msmtp
    to: tuple[str, ...]
    now: datetime
    on_warning: Callable[[str], None]

    def send_pending(self) -> tuple[Result, ...]:
        """What is left from earlier runs, oldest first; none of it keeps another from its try."""
        outbox = self.store.outbox
        reports, others = outbox.all()
        for other in others:
            self.on_warning(f"Moved {other.name} from the outbox to rejected: {other.why}.")
            self._reject(other.name)
        if reports and not os.access(outbox.folder, os.W_OK):
            self.on_warning(
                f"{len(reports)} pending in {outbox.folder} not sent: the folder is not writable, so "
                "they would be sent again at every run."
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
        kept = self._put(queued, f"Could not keep a copy of the report in {self.store.folder}")
        return self._try(queued, kept=kept)

    def of_slot(self, slot: date, sent: Sequence[Result], *, live: bool = True) -> Result | None:
        """What became of that slot's report, where it was made before; sends it where it is pending.

        One on a snapshot is not the day's report (`live`), and makes way for it.
        """
        name = slot.isoformat()
        queues = (self.store.outbox, self.store.history, self.store.rejected)
        pending, filed, rejected = (queue.get(name) for queue in queues)
        found = [each for each in (pending, filed, rejected) if isinstance(each, QueuedReport)]
        if live and any(not each.live for each in found):
            return None
        for result in sent:
            if result.name == name:
                return result
        if isinstance(pending, QueuedReport):
            return self._try(pending, kept=True)
        if isinstance(filed, QueuedReport):
            return Result(name, Outcome.SENT, f"Report for {name} already sent.", 0)
        if isinstance(rejected, QueuedReport):
            sentence = (
                f"The report for {name} was rejected ({rejected.error}). After fixing the cause: "
                "llm-health-check outbox send --rejected"
            )
            return Result(name, Outcome.REJECTED, sentence, os.EX_UNAVAILABLE)
        return None

    def retry_rejected(self) -> None:
        """Let what was rejected be tried again."""
        reports, others = self.store.rejected.all()
        for other in others:
            self.on_warning(f"{other.name} stays rejected: {other.why}.")
        for queued in reports:
            try:
                self.store.rejected.put(queued.reset())
                self.store.rejected.move(queued.name, self.store.outbox)
            except OSError as error:
                self.on_warning(f"{queued.name} stays rejected: {error.strerror}.")

    def _try(self, queued: QueuedReport, *, kept: bool) -> Result:
        name = queued.name
        try:
            sending = self.msmtp.send(queued.mail, self.to)
        except KeyboardInterrupt:
            if kept:
                self.on_warning(
                    f"The report for {name} stays in the outbox; the next run sends it."
                )
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
            return Result(name, outcome, sentence, code)
        fate, ending = "was neither sent nor kept", ""
        if not kept:
            code = 1
        else:
            tried = queued.after(error, doubt=outcome is Outcome.MAYBE)
            self._put(tried, "Could not record the attempt in the outbox")
            if outcome is Outcome.REJECTED or self._gives_up(tried, outcome):
                fate, code = "was rejected; see `llm-health-check outbox list`", os.EX_UNAVAILABLE
                self._reject(name)
            else:
                fate = "was not sent and stays in the outbox"
                is_retried = queued.slot and outcome is not Outcome.SETUP
                ending = _NEXT_RUN + (_RETRIES if is_retried else "")
        sentence = f"The report for {name} {fate}: {error}. {sending.remedy}".rstrip() + ending
        return Result(name, outcome, sentence, code)

    def _gives_up(self, queued: QueuedReport, outcome: Outcome) -> bool:
        if outcome is Outcome.SETUP:
            return False
        age = self.now - queued.made
        is_old = age > _GIVE_UP_AFTER and queued.tries >= _LEAST_TRIES
        return is_old or queued.doubts >= _MOST_DOUBTS

    def _put(self, queued: QueuedReport, problem: str) -> bool:
        try:
            self.store.outbox.put(queued)
        except OSError as error:
            self.on_warning(f"{problem}: {error.strerror}.")
            return False
        return True

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

    def _reject(self, name: str) -> None:
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
