"""How much is read and kept, whatever the day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Each bound with its reason; tests use small ones."""

    failures_read: int = 5_000
    """So many failures of both judged windows are all read: a real day has some hundred."""

    samples_per_window: int = 1_000
    """Of more failures, the newest of so many buckets: of each model, kind and stage, and some more."""

    message_characters: int = 4_000
    """An error page with its reason; what comes behind is boilerplate."""

    fewest_characters: int = 800
    """Of more failures than are all read; the reason stands in the beginning."""

    name_characters: int = 200
    """The longest names are ARNs of Bedrock, about 120 characters; a longer name is cut."""

    query_ms: int = 120_000
    """Thirty times what the largest day took."""

    failover_seconds: float = 20
    """An election takes up to 12 s with default settings."""

    indexless_documents: int = 200_000
    """So many are read in a second or two without an index."""


LIMITS = Limits()
"""Those of a report."""
