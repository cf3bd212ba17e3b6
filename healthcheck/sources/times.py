"""Times as whole milliseconds since 1970, as the store has them, and where they lie in a lookback."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bson import ObjectId

from healthcheck.activity import BASELINE_WINDOWS, Lookback

HOUR_MS = 3_600_000
WINDOWS = 2 + BASELINE_WINDOWS

# The years 1 to 9999: what lies outside is no time of an attempt, and no datetime can hold it.
EARLIEST_MS = -62_135_596_800_000
LATEST_MS = 253_402_300_799_999

# The ISO 8601 that counts, for Python and for MongoDB's PCRE alike: extended format, to the day or
# at least to the minute. `(?![\s\S])` is the end of the text in both; `$` is not.
ISO_8601 = (
    "^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    "(?:[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.,]([0-9]{1,9}))?)?"
    "(?:Z|([+-])([01][0-9]|2[0-3])(?::?([0-5][0-9]))?)?)?"
    r"(?![\s\S])"
)
ISO_8601_CHARACTERS = 40

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_pattern = re.compile(ISO_8601)


def to_ms(time: datetime) -> int:
    """Rounded up: a time in whole milliseconds is before `time` when it is before the result."""
    return -((_EPOCH - time) // _MILLISECOND)


def from_ms(milliseconds: int) -> datetime:
    """The aware datetime; the caller has made sure that it is one."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def in_range(milliseconds: int) -> int | None:
    """The time itself where a datetime can hold it."""
    return milliseconds if EARLIEST_MS <= milliseconds <= LATEST_MS else None


def parse_iso(text: str) -> int | None:
    """The time that an ISO 8601 text names; UTC where it names no zone; None where it is none."""
    found = _pattern.match(text) if len(text) <= ISO_8601_CHARACTERS else None
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, ahead_h, ahead_min = found.groups()
    try:
        local = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            tzinfo=UTC,
        )  # fmt: skip
    except ValueError:  # the 30th of February, the year 0
        return None
    milliseconds = (local - _EPOCH) // _MILLISECOND + int(((fraction or "") + "000")[:3])
    if sign:
        ahead = (int(ahead_h) * 60 + int(ahead_min or 0)) * 60_000
        milliseconds += ahead if sign == "-" else -ahead
    return in_range(milliseconds)


def parse_utc(text: str) -> int | None:
    """The same for what MongoDB's tools write; several times as fast."""
    if not text.endswith("Z"):
        return parse_iso(text)
    try:
        since = datetime.fromisoformat(text) - _EPOCH
    except ValueError:
        return None
    return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def object_id_seconds(value: ObjectId) -> int:
    """When it was made; unsigned, good until 2106."""
    return int.from_bytes(value.binary[:4], "big")


def object_id_of(milliseconds: int) -> ObjectId:
    """The smallest of that second, or of the first or last second that there is."""
    seconds = min(max(milliseconds // 1000, 0), 2**32 - 1)
    return ObjectId(seconds.to_bytes(4, "big") + b"\0" * 8)


@dataclass(frozen=True, slots=True)
class Span:
    """A lookback in milliseconds."""

    begin: int
    until: int
    length: int

    @classmethod
    def of(cls, lookback: Lookback) -> "Span":
        """The same nine windows; their length is a whole number of milliseconds."""
        until, length = to_ms(lookback.until), lookback.length // _MILLISECOND
        return cls(until - WINDOWS * length, until, length)

    def place(self, time: int) -> tuple[int, int]:
        """In which window a time between begin and until lies, and in which hour of it."""
        window, back = divmod(self.until - 1 - time, self.length)
        return window, back // HOUR_MS
