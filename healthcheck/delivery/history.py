"""What was sent, as far back as it is kept."""

from contextlib import suppress
from datetime import datetime, timedelta
from logging import getLogger
from typing import Any

from healthcheck.delivery.outbox import MOST_BYTES, Queue, QueuedReport, StateDirectory
from healthcheck.diagnosis import Severity, Status
from healthcheck.report.past import PastProblem, PastReport
from healthcheck.run_window import daily_slot

_log = getLogger(__name__)
KEPT_DAYS = 90


def past(store: StateDirectory) -> tuple[PastReport, ...]:
    """All reports on a day of this machine's service, made on it: sent, pending, or rejected."""
    reports: list[PastReport] = []
    # One at a time: all of them in memory would be many times what they are on the disk.
    for queue in (store.history, store.outbox, store.rejected):
        for found in map(queue.get, queue.names()):
            if not (found and found.live):
                continue
            if not (report := as_past(found, sent=queue == store.history)):
                path = queue.path(found.name)
                _log.warning("%s is left out: its version is not known.", path)
            elif report.day == daily_slot(found.made):
                reports.append(report)
    return tuple(reports)


def as_past(queued: QueuedReport, *, sent: bool = False) -> PastReport | None:
    """What is of use later; None where another version wrote what cannot be read any more."""
    report = queued.report
    with suppress(KeyError, ValueError, TypeError, AttributeError):
        findings = (*report["findings"], *(entry["finding"] for entry in report["muted"]))
        totals = report["totals"]
        return PastReport(
            until=datetime.fromisoformat(report["window"]["until"]),
            scheduled=queued.slot is not None,
            status=Status(report["status"]),
            reason=report["reason"],
            lasting={
                part["id"]: part["since"] and datetime.fromisoformat(part["since"])
                for part in findings
                if part["until"] is None
            },
            # Version 1 of the contract had no rate, no coverage, and findings without a title.
            failure_rate=totals.get("failure_rate", _share(totals, "errors", "attempts")),
            coverage=_share(report.get("coverage") or {}, "with_data", "enabled"),
            problems=tuple(map(_problem, report.get("problems", report["findings"]))),
            sent=sent,
        )
    return None


def _share(counts: dict[str, int], part: str, whole: str) -> float | None:
    return counts[part] / counts[whole] if counts.get(whole) else None


def _problem(part: dict[str, Any]) -> PastProblem:
    names = (part.get("provider"), part.get("model"), part["category"].replace("_", " "))
    title = part.get("title") or " ".join(filter(None, names))
    ended = part.get("until") is not None
    return PastProblem(part["id"], title, Severity(part["severity"]), ended=ended)


def prune(history: Queue, now: datetime) -> None:
    """Remove what is too old, and the oldest where all of it is too large. Raises OSError."""
    oldest = f"{now - timedelta(days=KEPT_DAYS):%Y-%m-%d}"
    left = MOST_BYTES
    for name in reversed(history.names()):
        path = history.path(name)
        left -= path.stat().st_size
        if name < oldest or left < 0:
            path.unlink(missing_ok=True)
