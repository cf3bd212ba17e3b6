"""Counting tokens offline, on the safe side."""

import re

_TOKEN = re.compile(r"[A-Za-z]{1,7}|\d{1,3}|[^\w\s]{1,2}|[^\x00-\x7f]|_|\n")
"""About what an encoding makes of a text: of 24 days' prompts it counts 12 to 14% more than o200k_base.

Counting exactly takes a package with native code, and 0.4 s of every run.
"""
_RARE = re.compile("[\u0300-\u036f\U00010000-\U0010ffff]")
"""Accents on their own and emoji: up to three tokens each."""


def count(text: str) -> int:
    """How many tokens the text takes, or some more."""
    return len(_TOKEN.findall(text)) + 2 * len(_RARE.findall(text))


def clipped(text: str, most: int) -> str:
    """The text, or as much of its beginning as takes about so many tokens."""
    while (taken := count(text)) > most:
        keep = min(len(text) - 2, len(text) * most // taken)
        text = f"{text[: max(keep, 0)].rstrip()}…" if keep > 0 else ""
    return text
