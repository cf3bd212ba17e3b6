"""Which pairs a report is about: those whose results the service publishes."""

from collections import Counter
from collections.abc import Callable
from itertools import chain

from healthcheck.activity import Activity, ModelKey
from healthcheck.diagnosis.thresholds import LISTED_MIN_SHARE
from healthcheck.diagnosis.timeline import Timelines


def publication(activity: Activity, lines: Timelines) -> Callable[[ModelKey], bool]:
    """Whether a pair counts, by the catalog as of now.

    Disabled, deprecated and probing ones do not, and neither do pairs that the catalog lacks where
    it describes their provider. Without a catalog all do.
    """
    known = activity.catalog or {}
    tried, listed = Counter[str](), Counter[str]()
    for pair, line in chain(lines.current.items(), lines.previous.items()):
        tried[pair.provider] += line.attempts
        listed[pair.provider] += line.attempts if pair in known else 0
    providers = {pair.provider for pair in known}
    described = {name for name in providers if listed[name] >= LISTED_MIN_SHARE * tried[name]}

    def is_published(pair: ModelKey) -> bool:
        entry = known.get(pair)
        if entry is not None:
            return entry.enabled is not False and not entry.deprecated
        return pair.provider not in described

    return is_published
