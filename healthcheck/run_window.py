"""The windows that a run is about, and the daily slot for which a report is due."""

from datetime import UTC, date, datetime, time, timedelta

from healthcheck.activity import Lookback
from healthcheck.errors import UsageError

DUE = time(8, tzinfo=UTC)
_DAY = timedelta(days=1)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_CLOCK_SKEW = timedelta(minutes=1)


def lookback(until: datetime, length: timedelta, now: datetime) -> Lookback:
    """Return the windows that end at `until`. Raises UsageError where they cannot be read."""
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
