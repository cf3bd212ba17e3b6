"""What happens to a report from its making to its end: kept, sent, moved to where it belongs."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from healthcheck.delivery.history import prune
from healthcheck.delivery.letter import Letter
from healthcheck.delivery.msmtp import Msmtp, Outcome
from healthcheck.delivery.outbox import Store

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
    """Sends, and keeps what is not sent yet. `warn` is told what the operator should know of."""

    store: Store
    msmtp: Msmtp
    to: tuple[str, ...]
    sender: str | None
    now: datetime
    warn: Callable[[str], None]

    def send_left(self) -> tuple[Result, ...]:
        """What is left from earlier runs, oldest first; none of it keeps another from its try."""
        letters, others = self.store.outbox.all()
        for other in others:
            self.warn(f"The outbox holds {other.name}, which is set aside: {other.why}.")
            self._set_aside(other.name)
        if letters and not os.access(self.store.outbox.folder, os.W_OK):
            self.warn(
                f"{len(letters)} waiting in {self.store.outbox.folder} cannot be sent: the folder "
                "cannot be written to, and so they would be sent again and again."
            )
            return ()
        results: list[Result] = []
        for letter in letters:
            if _takes_nothing(results):
                break
            results.append(self._try(letter, kept=True))
        return tuple(results)

    def send(self, letter: Letter) -> Result:
        """Keep a report, then send it."""
        return self._try(letter, kept=self._keep(letter))

    def of_slot(self, slot: date, sent: Sequence[Result]) -> Result | None:
        """What became of that slot's report, where it was made before; sends it where it waits."""
        name = slot.isoformat()
        for result in sent:
            if result.name == name:
                return result
        if waiting := self.store.outbox.get(name):
            return self._try(waiting, kept=True)
        if self.store.history.path(name).exists():
            return Result(name, Outcome.SENT, f"The report of {name} was sent already.")
        if refused := self.store.refused.get(name):
            sentence = (
                f"The report of {name} is set aside ({refused.trouble}); when that is mended: "
                "llm-health-check outbox send --refused"
            )
            return Result(name, Outcome.REFUSED, sentence, aside=True)
        return None

    def take_up_refused(self) -> None:
        """Let what was set aside wait for another try."""
        letters, others = self.store.refused.all()
        for other in others:
            self.warn(f"{other.name} stays set aside: {other.why}.")
        for letter in letters:
            try:
                self.store.refused.put(letter.afresh())
                self.store.refused.move(letter.name, self.store.outbox)
            except OSError as error:
                self.warn(f"{letter.name} stays set aside: {error.strerror}.")

    def _keep(self, letter: Letter) -> bool:
        try:
            self.store.outbox.put(letter)
        except OSError as error:
            self.warn(
                f"No copy of the report can be kept in {self.store.folder}: {error.strerror}. "
                "It is sent all the same."
            )
            return False
        return True

    def _try(self, letter: Letter, *, kept: bool) -> Result:
        what = f"The report of {letter.name}"
        try:
            sending = self.msmtp.send(letter.mail, self.to, self.sender)
        except KeyboardInterrupt:
            if kept:
                self.warn(f"{what} waits in the outbox: the next run sends it.")
            raise
        words = sending.words
        if sending.outcome in (Outcome.SENT, Outcome.PARTLY):
            if kept:
                self._file(letter.name)
            who = "some" if sending.outcome is Outcome.PARTLY else ", ".join(self.to)
            told = f"{what} was sent to {who}."
            if sending.outcome is Outcome.PARTLY:
                told = f"{told} It was not taken for others: {words}."
            return Result(letter.name, sending.outcome, told)
        tried = letter.after(words, doubt=sending.outcome is Outcome.MAYBE)
        aside = sending.outcome is Outcome.REFUSED or self._is_in_vain(tried, sending.outcome)
        if kept:
            self._note(tried)
            if aside:
                self._set_aside(letter.name)
        fate = _fate(what, words, kept, aside)
        return Result(letter.name, sending.outcome, fate, aside=aside and kept, lost=not kept)

    def _is_in_vain(self, letter: Letter, outcome: Outcome) -> bool:
        if outcome is Outcome.SETUP:
            return False
        age = self.now - letter.made
        in_vain = age > _LONGEST_IN_VAIN and letter.tries >= _LEAST_TRIES
        return in_vain or letter.doubts >= _MOST_DOUBTS

    def _note(self, letter: Letter) -> None:
        try:
            self.store.outbox.put(letter)
        except OSError as error:
            self.warn(f"The outbox cannot note what happened: {error.strerror}.")

    def _file(self, name: str) -> None:
        try:
            self.store.outbox.move(name, self.store.history)
        except OSError as error:
            self.warn(f"{name} was sent and cannot be kept as history: {error.strerror}.")
            # It has arrived: better no copy of it than a mail at every run.
            with suppress(OSError):
                self.store.outbox.path(name).unlink()
        prune(self.store.history, self.now, self.warn)

    def _set_aside(self, name: str) -> None:
        try:
            self.store.outbox.move(name, self.store.refused)
        except OSError as error:
            self.warn(f"{name} cannot be moved from {self.store.outbox.folder}: {error.strerror}.")


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
        return f"{what} was not taken and is set aside (llm-health-check outbox list): {words}."
    return f"{what} was not sent and waits in the outbox: {words}."
