"""The note that an export leaves beside its files: which window they hold."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from healthcheck.errors import SourceError
from healthcheck.sources.times import from_ms, parse_iso

NAME = "manifest.json"
FORMAT = 1
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """`since` is where the oldest window of the baseline begins, `until` where the newest ends."""

    since: datetime
    until: datetime
    knows_last_success: bool


def read(folder: Path) -> Manifest | None:
    """What the folder's manifest says; None where it has none."""
    path = folder / NAME
    try:
        with path.open("rb") as stream:
            said = json.loads(stream.read(_LONGEST))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise SourceError(f"{path} is no JSON text; remove it, or export again.") from None
    if type(said) is not dict or said.get("format") != FORMAT:
        raise SourceError(f"{path} is no manifest of format {FORMAT}; remove it, or export again.")
    since, until = _time(said.get("since")), _time(said.get("until"))
    if since is None or until is None or since >= until:
        raise SourceError(f"{path} names no window (since, until); remove it, or export again.")
    return Manifest(since, until, said.get("last_success_looked_up") is not False)


def _time(value: object) -> datetime | None:
    ms = parse_iso(value) if type(value) is str else None
    return None if ms is None else from_ms(ms)
