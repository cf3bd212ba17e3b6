"""Slots: a report is due every day at 08:00 UTC."""

from datetime import UTC, date, datetime, time, timedelta

DUE = time(8, tzinfo=UTC)
_DAY = timedelta(days=1)


def slot_of(moment: datetime) -> date:
    """The day of the latest 08:00 UTC at or before a moment."""
    moment = moment.astimezone(UTC)
    return moment.date() if moment.timetz() >= DUE else (moment - _DAY).date()


def slots_up_to(last: date, count: int) -> tuple[date, ...]:
    """So many days in a row, oldest first."""
    return tuple(last - _DAY * back for back in reversed(range(count)))
