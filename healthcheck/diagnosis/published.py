"""Which pairs a report is about: those whose results the service publishes."""

from collections.abc import Callable, Mapping

from healthcheck.activity import CatalogueEntry, Pair


def publication(catalogue: Mapping[Pair, CatalogueEntry] | None) -> Callable[[Pair], bool]:
    """Whether a pair counts, by the catalog as of now.

    Disabled, deprecated and probing ones do not, and neither do pairs that the catalog lacks where
    it has entries of their provider. Without a catalog all do.
    """
    known = catalogue or {}
    providers = {pair.provider for pair in known}

    def is_published(pair: Pair) -> bool:
        entry = known.get(pair)
        if entry is not None:
            return entry.enabled is not False and not entry.deprecated
        return pair.provider not in providers

    return is_published
