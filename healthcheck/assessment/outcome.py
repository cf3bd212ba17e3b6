"""What came of asking: an answer's text, or why there is none."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call took, as far as the API said so."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The text of an answer, not looked at yet."""

    text: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class Unavailable:
    """There is no answer: `why` completes the sentence "not available, because"."""

    why: str
    action: str | None = None
    usage: Usage = Usage()
    retry: bool = False
    """Whether the same question may get an answer soon."""
    wait_seconds: float | None = None
    """What the API asks to wait before."""
