"""How the diagnosis writes times, numbers, rates and kinds."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from healthcheck.diagnosis.causes import KINDS
from healthcheck.diagnosis.statistics import wilson_interval
from healthcheck.taxonomy import ErrorKind


def in_words(kind: ErrorKind) -> str:
    """A kind for people."""
    return KINDS[kind].words


def reason_in_words(stored: str) -> str:
    """Why a model was disabled: the catalog may hold a kind, or any text."""
    kind = next((kind for kind in ErrorKind if kind == stored), None)
    if kind:
        return in_words(kind)
    return stored if " " in stored else stored.replace("_", " ")


def when(moment: datetime) -> str:
    """A moment, to the minute, in UTC."""
    return f"{moment.day} {moment:%b %H:%M} UTC"


def day(moment: datetime) -> str:
    """A day, in full."""
    return f"{moment.day} {moment:%b %Y}"


def how_long(span: timedelta) -> str:
    """A span in the largest unit that suits it."""
    minutes = span.total_seconds() / 60
    if minutes < 90:  # noqa: PLR2004 - an hour and a half, where minutes become clumsy
        return f"{minutes:.0f} min"
    hours = minutes / 60
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} days"  # noqa: PLR2004 - likewise


def several(count: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """The first names, and how many more."""
    more = len(names) - most
    shown = ", ".join(names[:most])
    return f"{shown} and {more} more" if more > 0 else shown


_WANTED = re.compile(r"(.+) \((.+) is wanted\)")


def rejected(rejected_parameter: str) -> str:
    """What a provider rejects."""
    found = _WANTED.fullmatch(rejected_parameter)
    name = found[1] if found else rejected_parameter
    if found and "endpoint" in name:
        return "wrong endpoint"
    return name if " " in name else f"`{name}`"


def request_fix(rejected_parameter: str, who: str) -> str:
    """What to change in our request for `who`."""
    found = _WANTED.fullmatch(rejected_parameter)
    if found is None:
        return f"Fix our request for {who}: {rejected(rejected_parameter)} is not accepted"
    name, wanted = found.groups()
    if "endpoint" in name:
        return f"Call {who} through the /{wanted.lstrip('/')} endpoint"
    return f"Send `{wanted}` instead of `{name}` for {who}"


def rate(failed: int, tried: int) -> str:
    """A rate with its 95% interval: small counts say little."""
    low, high = wilson_interval(failed, tried)
    return f"{failed} of {tried} ({100 * failed / tried:.0f}%, {100 * low:.0f}-{100 * high:.0f}%)"


def chance(probability: float) -> str:
    """How unlikely something is to be chance."""
    return f"p < {'0.000001' if probability < 1e-6 else '0.001'}"  # noqa: PLR2004 - more digits tell nothing
