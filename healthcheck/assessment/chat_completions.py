"""The Chat Completions API, for servers without the Responses API: request and answer, translated."""

import json
from typing import Any


def chat_request(request: dict[str, Any]) -> dict[str, Any]:
    """The same request as for the Responses API; `max_tokens` is what such servers know."""
    form = request["text"]["format"]
    named = {key: form[key] for key in ("name", "strict", "schema")}
    return {
        "model": request["model"],
        "messages": [{"role": "system", "content": request["instructions"]}, *request["input"]],
        "response_format": {"type": "json_schema", "json_schema": named},
        "max_tokens": request["max_output_tokens"],
    }


def as_response(body: bytes) -> bytes:
    """The body of a response of the Responses API that says the same; any other body as it is."""
    try:
        answer = json.loads(body)
        choice = answer["choices"][0]
        message, usage = choice["message"], answer.get("usage") or {}
        refused, is_cut = message.get("refusal"), choice.get("finish_reason") == "length"
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return body
    content = (
        {"type": "refusal", "refusal": refused}
        if refused
        else {"type": "output_text", "text": message.get("content")}
    )
    translated = {
        "status": "incomplete" if is_cut else "completed",
        "incomplete_details": {"reason": "max_tokens"} if is_cut else None,
        "output": [{"type": "message", "content": [content]}],
        "usage": {
            "input_tokens": usage.get("prompt_tokens"),
            "output_tokens": usage.get("completion_tokens"),
        },
    }
    return json.dumps(translated).encode()
