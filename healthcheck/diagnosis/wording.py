"""How the diagnosis writes times, numbers, rates and kinds."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from textwrap import shorten

from healthcheck.activity import ModelKey
from healthcheck.diagnosis.causes import KINDS
from healthcheck.diagnosis.statistics import wilson_interval
from healthcheck.taxonomy import ErrorKind, RejectedParameter
from healthcheck.taxonomy.rejected_parameter import ENDPOINT

# Of why a model was disabled; in whole words, as half a secret would not be known as one.
_REASON = 80

THIS_MODEL, THESE_MODELS = "this model", "these models"
"""Those that the title above names."""


def in_words(kind: ErrorKind) -> str:
    """A kind for people."""
    return KINDS[kind].words


def reason_in_words(stored: str) -> str:
    """Why a model was disabled: the catalog may hold a kind, any text, or nothing."""
    if stored in list(ErrorKind):
        return in_words(ErrorKind(stored))
    return f'"{shorten(stored, _REASON, placeholder="…")}"' if stored else "without a reason"


def when(moment: datetime) -> str:
    """A moment, to the minute, in UTC."""
    return f"{moment.day} {moment:%b %H:%M} UTC"


def from_to(begin: datetime, end: datetime) -> str:
    """A time between two moments, its day once where both share it."""
    if begin.date() == end.date():
        return f"from {begin.day} {begin:%b %H:%M} to {end:%H:%M} UTC"
    return f"from {when(begin)} to {when(end)}"


def day(moment: date) -> str:
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


def all_of(count: int, noun: str) -> str:
    """All of so many."""
    return f"both {noun}s" if count == 2 else f"all {several(count, noun)}"  # noqa: PLR2004 - two are both


def named(models: Sequence[ModelKey]) -> str:
    """The only one by its name, else how many of which provider."""
    providers = {model.provider for model in models}
    if len(models) == 1:
        return " ".join(models[0])
    of = " ".join(providers) if len(providers) == 1 else f"{len(providers)} providers"
    return f"{several(len(models), 'model')} of {of}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """The first names, and how many more."""
    more = len(names) - most
    shown = ", ".join(names[:most])
    return f"{shown} and {more} more" if more > 0 else shown


def rejected(parameter: RejectedParameter) -> str:
    """What a provider rejects."""
    if parameter.name == ENDPOINT:
        return "wrong endpoint"
    return parameter.name if " " in parameter.name else f"`{parameter.name}`"


def request_fix(parameter: RejectedParameter, who: str) -> str:
    """What to change in our request for `who`."""
    name, expected = parameter
    if name == ENDPOINT:
        path = expected.lstrip("/")
        its = f"the /{path} endpoint" if path else "another endpoint (see the error message)"
        return f"Call {who} through {its}"
    if not expected:
        return f"Fix our request for {who}: {rejected(parameter)} is rejected"
    fix = f"Send `{expected}` instead of `{name}`"
    return fix if who in {THIS_MODEL, THESE_MODELS} else f"{fix} for {who}"


def rate(failed: int, tried: int) -> str:
    """A rate with its 95% interval: small counts say little."""
    low, high = wilson_interval(failed, tried)
    return f"{failed} of {tried} ({100 * failed / tried:.0f}%, {100 * low:.0f}-{100 * high:.0f}%)"
