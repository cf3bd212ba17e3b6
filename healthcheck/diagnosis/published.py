"""Which pairs a report is about: those whose results the service publishes."""

from collections.abc import Callable

from healthcheck.activity import Activity, ModelKey


def publication(activity: Activity) -> Callable[[ModelKey], bool]:
    """Whether a pair counts, by the catalog as of now.

    Disabled, deprecated and probing ones do not, and neither do pairs that the catalog lacks where
    it has entries of their provider. Without a catalog all do.
    """
    known = activity.catalog or {}
    described = {pair.provider for pair in known}

    def is_published(pair: ModelKey) -> bool:
        entry = known.get(pair)
        if entry is not None:
            return entry.enabled is not False and not entry.deprecated
        return pair.provider not in described

    return is_published
