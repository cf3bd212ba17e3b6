"""Which pairs a report is about: those whose results the service publishes."""

from collections import Counter
from collections.abc import Callable
from itertools import chain

from healthcheck.activity import Activity, ModelKey
from healthcheck.diagnosis.thresholds import LISTED_MIN_SHARE


def publication(activity: Activity) -> Callable[[ModelKey], bool]:
    """Whether a pair counts, by the catalog as of now.

    Disabled, deprecated and probing ones do not, and neither do pairs that the catalog lacks where
    it describes their provider. Without a catalog all do.
    """
    known = activity.catalog or {}
    tried: Counter[str] = Counter()
    listed: Counter[str] = Counter()
    for pair, done in chain(activity.current.pairs.items(), activity.previous.pairs.items()):
        count = sum(bucket.count for bucket in done.errors)
        count += sum(bucket.count for bucket in done.successes)
        tried[pair.provider] += count
        listed[pair.provider] += count if pair in known else 0
    providers = {pair.provider for pair in known}
    described = {name for name in providers if listed[name] >= LISTED_MIN_SHARE * tried[name]}

    def is_published(pair: ModelKey) -> bool:
        entry = known.get(pair)
        if entry is not None:
            return entry.enabled is not False and not entry.deprecated
        return pair.provider not in described

    return is_published
