"""A report that is ready to go: its mail, and what the history will know of it."""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

_FORMAT = 1


class UnreadableError(Exception):
    """A file that holds no queued."""


@dataclass(frozen=True, slots=True)
class QueuedReport:
    """`mail` are the finished bytes, the same at every try.

    `slot` is the day whose scheduled report it is, None where it was asked for by hand. `tries`
    counts what was in vain, `doubts` those of them after which it may have arrived all the same;
    `trouble` is what the last one met.
    """

    made: datetime
    slot: date | None
    mail: bytes
    report: dict[str, Any] = field(repr=False)
    tries: int = 0
    doubts: int = 0
    trouble: str | None = None

    @property
    def name(self) -> str:
        """The slot's day, or the moment of its making."""
        if self.slot:
            return self.slot.isoformat()
        return f"{self.made:%Y-%m-%dT%H%M%S}.{self.made.microsecond // 1000:03d}Z"

    def after(self, trouble: str, *, doubt: bool) -> "QueuedReport":
        """As it is to be kept after a try that went wrong."""
        return replace(self, trouble=trouble, tries=self.tries + 1, doubts=self.doubts + doubt)

    def afresh(self) -> "QueuedReport":
        """As if it had never been tried."""
        return replace(self, trouble=None, tries=0, doubts=0)


def to_bytes(queued: QueuedReport) -> bytes:
    """As a file holds it. A mail is ASCII, so that it stays readable there."""
    held = asdict(queued) | {
        "format": _FORMAT,
        "made": queued.made.isoformat(),
        "slot": queued.slot and queued.slot.isoformat(),
        "mail": queued.mail.decode("ascii"),
    }
    return json.dumps(held, indent=1).encode()


def from_bytes(data: bytes) -> QueuedReport:
    """What a file holds. Raises UnreadableError."""
    try:
        held = json.loads(data)
        if held["format"] != _FORMAT:
            raise UnreadableError(f"format {held['format']} is not known")
        made = datetime.fromisoformat(held["made"]).astimezone(UTC)
        slot = date.fromisoformat(held["slot"]) if held["slot"] else None
        mail = held["mail"].encode("ascii")
        if not mail or not isinstance(held["report"], dict):
            raise UnreadableError("it holds no mail")
        trouble = None if held["trouble"] is None else str(held["trouble"])
        tries, doubts = int(held["tries"]), int(held["doubts"])
        return QueuedReport(made, slot, mail, held["report"], tries, doubts, trouble)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableError("it holds no report") from error
