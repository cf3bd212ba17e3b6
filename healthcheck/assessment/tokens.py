"""Counting tokens offline, with the encoding of the models of today."""

from functools import cache
from typing import Protocol, cast

_ENCODING = "o200k_base"


class _Encoding(Protocol):
    """What is used of an encoding; the package has no types."""

    def encode_ordinary(self, text: str) -> list[int]: ...


def count(text: str) -> int:
    """How many tokens the text takes."""
    return len(_encoding().encode_ordinary(text))


def clipped(text: str, most: int) -> str:
    """The text, or as much of its beginning as takes about so many tokens."""
    while (taken := count(text)) > most:
        keep = min(len(text) - 2, len(text) * most // taken)
        text = f"{text[: max(keep, 0)].rstrip()}…" if keep > 0 else ""
    return text


@cache
def _encoding() -> _Encoding:
    from bpe_openai import get_encoding  # noqa: PLC0415 - it takes a second

    return cast(_Encoding, get_encoding(_ENCODING))
