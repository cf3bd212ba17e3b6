"""The one place where text from the store becomes text of the report."""

from functools import lru_cache

from healthcheck.redaction import excerpt, redact
from healthcheck.report.harmless import harmless

MESSAGE_CHARACTERS = 500
"""Enough for the sentence that matters; a provider's HTML page is not."""


@lru_cache(maxsize=20_000)
def shown(text: str) -> str:
    """Names and sentences: redacted and harmless, in full."""
    return harmless(redact(text))


def shown_message(text: str, *, cut: bool, limit: int = MESSAGE_CHARACTERS) -> str:
    """An error message: redacted first, then shortened, then made harmless."""
    return harmless(excerpt(text, limit, was_cut=cut))
