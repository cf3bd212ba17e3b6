"""What the provider itself said: a message without the wrapping, the echoes and the names."""

import re

from healthcheck.lazy_pattern import lazy_pattern

_LONGEST = 4000

# What a request or an answer held, repeated in the message: the value of a key, up to a quote that is
# escaped exactly as often as the one that opened it.
_ECHO = lazy_pattern(
    r"""(?<!\\)(\\{0,40}+)(["']?)\b(?:failed_generation|prompt|inputs?|input_value
    |role\1\2\s*:\s*\1["']\w{1,20}\1["']\s*,\s*\1\2content)\1\2\s*[:=]\s*
    (\\{0,40}+)(["'`])(?!\3\4).{0,3000}?(?<!\\)\3\4(?=\s*(?:[,}\])]|\\|$))""",
    re.VERBOSE | re.DOTALL,
)
# The answer that a tool call was made of comes last and is often cut short.
_FAILED = lazy_pattern(r"failed_generation\\*[\"']?\s*[:=].*", re.DOTALL)
_FRAME = lazy_pattern(
    r"file ['\"][^'\"\n]{1,300}['\"], line \d+(?:, in \S{1,100}(?:\n[ \t]{2,9}[^\n]{1,300})?)?"
    r"|\bat \S{1,200} ?\([^()\s]{1,300}:\d+(?::\d+)?\)"
)
# What LiteLLM's router says of itself behind every error.
_ROUTER = lazy_pattern(r"received model group ?=.*?(?:max retries: \d+|$)")
_ESCAPED = lazy_pattern(r"(?<!\\)\\++u(?!d[89a-f])([0-9a-f]{4})", re.IGNORECASE)
_ESCAPED_SPACE = lazy_pattern(r"(?<!\\)\\++[nrt]")
_URL = lazy_pattern(r"\b(?:https?|wss?|grpc)://[^\s'<>()]{1,500}")
_NAMED_MODEL = lazy_pattern(
    r"\b(model(?:s|_?id|_?name| id| name)?'?\s*[:=]?\s*)'[a-z0-9][^'\s]{0,150}'"
)
_SHAPED_MODEL = lazy_pattern(r"(?<![a-z0-9_.@:/+%-])[a-z][a-z0-9_.@:/+%]*+(?:-[a-z0-9_.@:/+%]*+)++")
# A name as people say it: "Claude 3.5 Sonnet". Three digits are a status: "Gemini 404".
_SPOKEN_MODEL = lazy_pattern(
    r"\b(?:gemini|gemma|claude|gpt|llama|mistral|mixtral|grok|qwen|deepseek|nova|titan|command|kimi"
    r"|glm|sonar)(?: (?:\d{1,2}(?:\.\d+)*|\d+b|pro|flash|lite|vision|sonnet|opus|haiku|instruct|preview"
    r"|ultra|nano|micro|large|medium|small|mini|turbo|coder|reasoner|instant|plus|maverick|scout"
    r"|express|premier)(?![\w.-]*\w))+"
)
_MARKS = str.maketrans('"`\u2018\u2019\u201c\u201d│', "'''''' ")
_NOT_A_MODEL = ("http", "error", "status", "code", "errno")


def clip(message: object) -> str:
    """Return as much of a message as counts; anything but text is empty."""
    return message[:_LONGEST] if isinstance(message, str) else ""


def plain(text: str) -> str:
    """Undo escaping and quoting, so that an error inside an error reads like one outside."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    text = _ESCAPED_SPACE.sub(" ", text).replace("\\", "")
    if "&" in text:
        from html import unescape  # noqa: PLC0415 - its table is large, and few messages need it

        text = unescape(text)
    text = text.replace("\n\n", ". ")  # a blank line ends a sentence
    return " ".join(text.translate(_MARKS).split())


def cleaned(message: object, exc_type: object = None) -> str:
    """Return what rules look at: lower case, unwrapped, without echoes, addresses, model names."""
    text = clip(message)
    if isinstance(exc_type, str) and exc_type and exc_type not in text:
        text = f"{clip(exc_type)}: {text}"
    text = text.lower()
    for pattern in (_ECHO, _FAILED, _FRAME):
        text = pattern.sub(" ", text)
    text = plain(text).lower()  # once more: what was escaped may be a capital
    text = _ROUTER.sub("; ", _URL.sub("<url>", text))
    text = _SPOKEN_MODEL.sub("<m>", _NAMED_MODEL.sub(r"\1'<m>'", text))
    return _SHAPED_MODEL.sub(_mask, text)


def _mask(found: re.Match[str]) -> str:
    token = found[0]
    if token.startswith(_NOT_A_MODEL) or not any(digit in token for digit in "0123456789"):
        return token
    return "<m>" + (token[-1] if token[-1] in ".:" else "")
