"""Times as whole milliseconds since 1970, as the store has them, and where they lie in a lookback."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bson import ObjectId

from healthcheck.activity import BASELINE_WINDOWS, Lookback

HOUR_MS = 3_600_000
SKEW_MS = HOUR_MS
"""How far the clock that made an `_id` may be ahead of or behind the time beside it."""
JUDGED_WINDOWS = 2
"""The current and the previous window are kept by the hour; of the others a number remains."""
WINDOWS = JUDGED_WINDOWS + BASELINE_WINDOWS

# The years 1 to 9999: what lies outside is no time of an attempt, and no datetime can hold it.
EARLIEST_MS = -62_135_596_800_000
LATEST_MS = 253_402_300_799_999

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(time: datetime) -> int:
    """Rounded up: a time in whole milliseconds is before `time` when it is before the result."""
    return -((_EPOCH - time) // _MILLISECOND)


def from_ms(milliseconds: int) -> datetime:
    """The aware datetime; the caller has made sure that it is one."""
    return _EPOCH + milliseconds * _MILLISECOND


def in_range(milliseconds: int) -> int | None:
    """The time itself where a datetime can hold it."""
    return milliseconds if EARLIEST_MS <= milliseconds <= LATEST_MS else None


def parse_iso(text: str) -> int | None:
    """The time that an ISO 8601 text names; UTC where it names no zone; None where it is none."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    since = (time if time.tzinfo else time.replace(tzinfo=UTC)) - _EPOCH
    return in_range(since // _MILLISECOND)


def object_id_ms(value: ObjectId) -> int:
    """When it was made; unsigned, good until 2106."""
    return int.from_bytes(value.binary[:4], "big") * 1000


def object_id_of(milliseconds: int) -> ObjectId:
    """The smallest of that second, or of the first or last second that there is."""
    seconds = min(max(milliseconds // 1000, 0), 2**32 - 1)
    return ObjectId(seconds.to_bytes(4, "big") + b"\0" * 8)


class Span(NamedTuple):
    """A lookback in milliseconds."""

    lookback: Lookback
    earliest: int
    """When what belongs to the windows may have been stored, in whole seconds."""
    begin: int
    judged: int
    """Where the previous window begins."""
    newest: int
    """Where the current window begins."""
    until: int
    length: int

    @classmethod
    def of(cls, lookback: Lookback) -> "Span":
        """The same nine windows; their length is a whole number of milliseconds."""
        until, length = to_ms(lookback.until), lookback.length // _MILLISECOND
        begin, judged, newest = (until - number * length for number in (WINDOWS, JUDGED_WINDOWS, 1))
        earliest = (begin - SKEW_MS) // 1000 * 1000
        return cls(lookback, earliest, begin, judged, newest, until, length)

    def place(self, time: int) -> tuple[int, int]:
        """In which window a time between begin and until lies, and in which hour of a judged one."""
        window, back = divmod(self.until - 1 - time, self.length)
        return window, back // HOUR_MS if window < JUDGED_WINDOWS else 0
