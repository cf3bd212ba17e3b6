"""What was sent, as far back as it is kept."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from healthcheck.delivery.outbox import Queue, QueuedReport, StateDirectory, Unreadable
from healthcheck.diagnosis import Severity, Status
from healthcheck.report.past import PastProblem, PastReport
from healthcheck.run_window import daily_slot

KEPT_DAYS = 90
MOST_BYTES = 100_000_000
"""All of them together: 90 large reports fit in."""


def past(
    store: StateDirectory, on_warning: Callable[[str], None] = lambda _: None
) -> tuple[PastReport, ...]:
    """All reports on a day of this machine's service, made on it: sent, pending, or rejected."""
    reports: list[PastReport] = []
    # One at a time: all of them in memory would be many times what they are on the disk.
    for queue in (store.history, store.outbox, store.rejected):
        for found in map(queue.get, queue.names()):
            if isinstance(found, Unreadable):
                on_warning(f"{queue.path(found.name)} is left out: {found.why}.")
            elif found.live and (report := as_past(found, sent=queue == store.history)):
                reports += [report] if report.day == daily_slot(found.made) else []
            elif found.live:
                on_warning(f"{queue.path(found.name)} is left out: its version is not known.")
    return tuple(reports)


def as_past(queued: QueuedReport, *, sent: bool = False) -> PastReport | None:
    """What is of use later; None where another version wrote what cannot be read any more."""
    report = queued.report
    with suppress(KeyError, ValueError, TypeError, AttributeError):
        findings = (*report["findings"], *(entry["finding"] for entry in report["muted"]))
        return PastReport(
            until=datetime.fromisoformat(report["window"]["until"]),
            scheduled=queued.slot is not None,
            status=Status(report["status"]),
            reason=str(report["reason"]),
            lasting={str(f["id"]): _moment(f["since"]) for f in findings if f["until"] is None},
            failure_rate=_failure_rate(report["totals"]),
            coverage=_coverage(report.get("coverage")),
            problems=tuple(map(_problem, report.get("problems", report["findings"]))),
            sent=sent,
        )
    return None


def _failure_rate(totals: dict[str, Any]) -> float | None:
    """Before version 2 of the contract it was not written down."""
    if "failure_rate" in totals:
        return None if totals["failure_rate"] is None else float(totals["failure_rate"])
    attempts = int(totals["attempts"])
    return int(totals["errors"]) / attempts if attempts else None


def _coverage(coverage: dict[str, Any] | None) -> float | None:
    if not coverage or not coverage["enabled"]:
        return None
    return int(coverage["with_data"]) / int(coverage["enabled"])


def _problem(part: dict[str, Any]) -> PastProblem:
    """Before version 2 there were findings alone, without a title."""
    names = (part.get("provider"), part.get("model"), str(part["category"]).replace("_", " "))
    title = part.get("title") or " ".join(str(name) for name in names if name)
    ended = part.get("until") is not None
    return PastProblem(str(part["id"]), str(title), Severity(part["severity"]), ended=ended)


def prune(history: Queue, now: datetime, on_warning: Callable[[str], None]) -> None:
    """Remove what is too old, and the oldest where all of it is too large."""
    oldest = f"{now - timedelta(days=KEPT_DAYS):%Y-%m-%d}"
    left = MOST_BYTES
    try:
        for name in sorted(history.names(), reverse=True):
            path = history.path(name)
            left -= path.stat().st_size
            if name < oldest or left < 0:
                path.unlink(missing_ok=True)
    except OSError as error:
        on_warning(f"Could not prune the history: {error.strerror}.")


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
