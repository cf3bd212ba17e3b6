"""The windows that a run is about, and the daily slot for which a report is due."""

from datetime import UTC, date, datetime, time, timedelta

from healthcheck.activity import Lookback
from healthcheck.errors import UsageError

MOST_DAYS = 90
DUE = time(8, tzinfo=UTC)
_DAY = timedelta(days=1)
_LEAST = timedelta(minutes=1)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_CLOCK_SKEW = timedelta(minutes=1)


def parse_until(text: str) -> datetime:
    """Read an ISO 8601 time; without a zone it is UTC. Raises UsageError."""
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"invalid --until {text!r}: expected ISO 8601, for example 2026-03-10T08:00:00Z"
        ) from None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def parse_days(days: float) -> timedelta:
    """Return the length of so many days, at most 90. Raises UsageError."""
    if not _LEAST / _DAY <= days <= MOST_DAYS:  # NaN is nowhere
        raise UsageError("--days must be between 0.001 and 90.")
    return timedelta(milliseconds=round(days * 86_400_000))


def lookback(until: datetime, length: timedelta, now: datetime) -> Lookback:
    """Return the windows that end at `until`. Raises UsageError where that is in the future."""
    if until > now + _CLOCK_SKEW:
        raise UsageError(f"--until {until:%Y-%m-%dT%H:%M:%SZ} is in the future.")
    if until < _EARLIEST:
        raise UsageError("--until must be 2000-01-01 or later.")
    return Lookback(until, length)


def daily_slot(moment: datetime) -> date:
    """Return the day of the latest 08:00 UTC at or before a moment."""
    moment = moment.astimezone(UTC)
    return moment.date() if moment.timetz() >= DUE else (moment - _DAY).date()


def daily_slots(last: date, count: int) -> tuple[date, ...]:
    """Return so many slots up to the last one, oldest first."""
    return tuple(last - _DAY * back for back in reversed(range(count)))
