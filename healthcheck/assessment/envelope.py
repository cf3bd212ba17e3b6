"""The body of a response of the Responses API, read with care: it may be anything."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from healthcheck.assessment.outcome import Reply, Unavailable, Usage
from healthcheck.report.sanitize import sanitized

_REQUEST_ID = re.compile(r"[\w-]{1,80}")
_MOST_SAID = 160
_Tokens = Field(default=None, ge=0, le=100_000_000)


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _Content(_Read):
    type: str
    text: str | None = None
    refusal: str | None = None


class _Item(_Read):
    type: str
    content: list[_Content] | None = None


class _Reason(_Read):
    reason: str | None = None


class _Failure(_Read):
    code: str | None = None
    message: str | None = None


class _Usage(_Read):
    input_tokens: int | None = _Tokens
    output_tokens: int | None = _Tokens


class _Envelope(_Read):
    status: str
    output: list[_Item]
    incomplete_details: _Reason | None = None
    error: _Failure | None = None
    usage: _Usage | None = None


def read_body(body: bytes, content_type: str, request_id: str | None) -> Reply | Unavailable:
    """The answer's text, or in half a sentence why there is none."""
    try:
        envelope = _Envelope.model_validate_json(body)
    except ValidationError as error:
        return Unavailable(_unreadable(body, content_type, error), usage=_usage(None, request_id))
    usage = _usage(envelope.usage, request_id)
    contents = [each for item in envelope.output for each in item.content or ()]
    refusals = [each.refusal for each in contents if each.type == "refusal"]
    if refusals:
        return Unavailable(f"it refused to answer{_said(refusals[0])}", usage=usage)
    if envelope.status == "incomplete":
        reason = envelope.incomplete_details.reason if envelope.incomplete_details else None
        return Unavailable(f"its answer is incomplete{_said(reason)}", usage=usage)
    if envelope.status != "completed":
        told = envelope.error.message if envelope.error else envelope.status
        return Unavailable(f"it could not answer{_said(told)}", usage=usage)
    text = "".join(each.text or "" for each in contents if each.type == "output_text")
    if not text.strip():
        return Unavailable("its answer is empty", usage=usage)
    return Reply(text, usage)


def known_request_id(value: Any) -> str | None:
    """A request id, where it looks like one."""
    return value if isinstance(value, str) and _REQUEST_ID.fullmatch(value) else None


def said(text: str | None) -> str:
    """What the other side said, harmless and short."""
    words = sanitized(text or "")
    return words if len(words) <= _MOST_SAID else words[: _MOST_SAID - 1].rstrip() + "…"


def _said(text: str | None) -> str:
    words = said(text)
    return f": {words}" if words else ""


def _usage(usage: _Usage | None, request_id: str | None) -> Usage:
    return Usage(
        usage.input_tokens if usage else None,
        usage.output_tokens if usage else None,
        known_request_id(request_id),
    )


def _unreadable(body: bytes, content_type: str, error: ValidationError) -> str:
    if not body.strip():
        return "the answer of the server is empty"
    if "html" in content_type.lower() or body.lstrip()[:1] == b"<":
        return "the server answered with a web page; check OPENAI_BASE_URL"
    if any(problem["type"] == "json_invalid" for problem in error.errors(include_input=False)):
        return "the answer of the server is no valid JSON"
    return "the answer of the server is none of the Responses API; check OPENAI_BASE_URL"
