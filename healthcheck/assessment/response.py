"""What came of asking: an answer's text, or why there is none. A body may be anything: it is read with care."""

import json
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from healthcheck.redaction import redact
from healthcheck.report.sanitize import sanitized
from healthcheck.report.text_filters import cut

_REQUEST_ID = re.compile(r"[\w-]{1,80}")
_MOST_SAID = 160
_MOST_TOKENS = 100_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call took, as far as the API said so."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    request_id: str | None = None


class Reply(NamedTuple):
    """The text of an answer, not looked at yet."""

    text: str
    usage: Usage


@dataclass(eq=False)
class Unavailable(Exception):  # noqa: N818 - it is an outcome like the other
    """There is no answer: `why` completes the sentence "not available, because"."""

    why: str
    action: str | None = None
    usage: Usage = Usage()


def read_body(body: bytes, content_type: str, request_id: str | None) -> Reply:
    """The answer's text. Raises Unavailable."""
    known_id = known_request_id(request_id)
    try:
        answer = json.loads(body)
        return _read(_as_response(answer) if answer.get("choices") else answer, known_id)
    except (ValueError, RecursionError):
        what = "no valid JSON"
    except (LookupError, TypeError, AttributeError):
        what = "none of the Responses API; check OPENAI_BASE_URL"
    why = f"the answer of the server is {what if body.strip() else 'empty'}"
    if "html" in content_type.lower() or body.lstrip()[:1] == b"<":
        why = "the server answered with a web page; check OPENAI_BASE_URL"
    raise Unavailable(why, usage=Usage(request_id=known_id))


def known_request_id(value: Any) -> str | None:
    """A request id, where it looks like one and not like a key, which a server may send back."""
    is_one = isinstance(value, str) and _REQUEST_ID.fullmatch(value) and redact(value) == value
    return value if is_one else None


def said(text: str | None) -> str:
    """Sanitize and shorten the server's message."""
    return cut(sanitized(text or ""), _MOST_SAID)


def behind(words: str) -> str:
    """What the other side said, where it said something."""
    return f": {words.rstrip('.')}" if words else ""


def _as_response(chat: Any) -> Any:
    """An answer of Chat Completions, as the Responses API gives it."""
    choice, usage = chat["choices"][0], chat.get("usage") or {}
    message, reason = choice["message"], choice.get("finish_reason")
    contents = [{"type": "output_text", "text": message.get("content")}]
    if message.get("refusal"):
        contents.append({"type": "refusal", "refusal": message["refusal"]})
    return {
        "output": [{"content": contents}],
        "status": "incomplete" if reason in ("length", "content_filter") else "completed",
        "incomplete_details": {"reason": "max_tokens" if reason == "length" else reason},
        "usage": {
            "input_tokens": usage.get("prompt_tokens"),
            "output_tokens": usage.get("completion_tokens"),
        },
    }


def _read(answer: Any, request_id: str | None) -> Reply:
    error, told = answer.get("error") or {}, answer.get("usage") or {}
    usage = Usage(_tokens(told, "input_tokens"), _tokens(told, "output_tokens"), request_id)
    if error and not answer.get("output"):
        raise _none("it could not answer", _words_of(error), usage)
    contents = [each for item in answer["output"] for each in item.get("content") or ()]
    text = "".join(_text(each, "text") for each in contents if each["type"] == "output_text")
    refusals = [_text(each, "refusal") for each in contents if each["type"] == "refusal"]
    if refusals:
        raise _none("it refused to answer", refusals[0], usage)
    status = _text(answer, "status")
    if status == "incomplete":
        reason = _text(answer.get("incomplete_details") or {}, "reason")
        raise _none("its answer is incomplete", reason, usage)
    if status != "completed":
        raise _none("it could not answer", _words_of(error) or status, usage)
    if not text.strip():
        raise _none("its answer is empty", "", usage)
    return Reply(text, usage)


def _none(why: str, text: str, usage: Usage) -> Unavailable:
    return Unavailable(why + behind(said(text)), usage=usage)


def _text(part: Any, key: str) -> str:
    text = part.get(key) or ""
    if not isinstance(text, str):
        raise TypeError(key)
    return text


def _words_of(error: Any) -> str:
    """What an error in a body says, be it an object or a sentence."""
    return error if isinstance(error, str) else _text(error, "message")


def _tokens(usage: Any, key: str) -> int | None:
    count = usage.get(key)
    return count if type(count) is int and 0 <= count <= _MOST_TOKENS else None
