"""What was sent, as far back as it is kept, and what reports can be told from it."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from healthcheck.delivery.letter import Letter
from healthcheck.delivery.outbox import Shelf, Store
from healthcheck.diagnosis import Status
from healthcheck.report import PastFinding, PastReport

KEPT_DAYS = 90
MOST_BYTES = 100_000_000
"""All of them together: 90 large reports fit in."""


def past(store: Store) -> tuple[PastReport, ...]:
    """All reports that were made, oldest first: sent, waiting, or set aside."""
    letters = [
        letter
        for shelf in (store.history, store.outbox, store.refused)
        for letter in shelf.all()[0]
    ]
    return tuple(told for letter in letters if (told := as_past(letter)) is not None)


def as_past(letter: Letter) -> PastReport | None:
    """What is of use later; None where another version wrote what cannot be read any more."""
    report = letter.report
    with suppress(KeyError, ValueError, TypeError, AttributeError):
        muted = [entry["finding"] for entry in report["muted"]]
        return PastReport(
            until=datetime.fromisoformat(report["window"]["until"]),
            scheduled=letter.slot is not None,
            status=Status(report["status"]),
            reason=str(report["reason"]),
            findings={
                str(finding["id"]): PastFinding(
                    _moment(finding["since"]), _moment(finding["until"])
                )
                for finding in (*report["findings"], *muted)
            },
        )
    return None


def prune(history: Shelf, now: datetime, warn: Callable[[str], None]) -> None:
    """Remove what is too old, and the oldest where all of it is too large."""
    oldest = f"{now - timedelta(days=KEPT_DAYS):%Y-%m-%d}"
    left = MOST_BYTES
    try:
        for name in _newest_first(history.names()):
            path = history.path(name)
            left -= path.stat().st_size
            if name < oldest or left < 0:
                path.unlink(missing_ok=True)
    except OSError as error:
        warn(f"The history cannot be tidied: {error.strerror}.")


def _newest_first(names: Iterable[str]) -> list[str]:
    return sorted(names, reverse=True)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
