"""The slot of a moment is the latest 08:00 UTC at or before it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcheck.run_window import daily_slot, daily_slots


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        ("2026-03-10T08:00:00+00:00", "2026-03-10"),
        ("2026-03-10T07:59:59.999999+00:00", "2026-03-09"),
        ("2026-03-10T23:59:59+00:00", "2026-03-10"),
        ("2026-03-11T07:00:00+00:00", "2026-03-10"),
        ("2026-03-10T09:30:00+02:00", "2026-03-09"),
        ("2026-03-10T02:00:00-06:00", "2026-03-10"),
        ("2026-03-01T00:00:00+00:00", "2026-02-28"),
    ],
)
def test_examples(moment, slot):
    assert daily_slot(datetime.fromisoformat(moment)) == date.fromisoformat(slot)


@given(
    st.datetimes(datetime(2000, 1, 2), datetime(2100, 1, 1)),  # noqa: DTZ001 - the zone follows
    st.integers(-14, 14),
)
def test_every_moment_lies_within_the_day_that_its_slot_begins(naive, hours):
    moment = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    begin = datetime.combine(daily_slot(moment), datetime.min.time(), UTC) + timedelta(hours=8)
    assert begin <= moment < begin + timedelta(days=1)


def test_slots_are_days_in_a_row_oldest_first():
    days = daily_slots(date(2026, 3, 1), 3)
    assert [day.isoformat() for day in days] == ["2026-02-27", "2026-02-28", "2026-03-01"]
