"""Messages of providers, SDKs, gateways and our own code, bare and behind those who pass them on."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from healthcheck.taxonomy import classify

PLACE = Path(__file__).with_name("messages.jsonl")


class Row(NamedTuple):
    kinds: set[str]
    message: str
    exc_type: str | None


def rows():
    for line in PLACE.read_text(encoding="utf-8").split("\n"):
        if line:
            row = json.loads(line)
            kinds = {row["kind"], *row.get("alt", [])}
            yield Row(kinds, row["message"], row.get("exc_type"))


ROWS = list(rows())
SPEAKERS = {
    "speaker": "Error calling model gpt-4o: {}",
    "log line": "model=meta-llama/Llama-3-70b provider=together error={}",
    "attempts": "openai/gpt-4o failed after 3 attempts: {}",
    "wrapper": "Exception: Failed to generate completion with model 'claude-3-opus': {}",
    "afterwards": "{} (model: gemini-2.5-pro, request_id=req_123)",
    "advice": "{}\n\nFor more information see the API documentation.",
    "traceback": (
        'Traceback (most recent call last):\n  File "/app/bench.py", line 404, in run_model\n'
        "    client.chat.completions.create(model=model, messages=messages, max_tokens=64)\n"
        '  File "/usr/lib/python3.11/site-packages/httpx/_client.py", line 914, in send\n'
        "    raise exc\n{}"
    ),
}


def misunderstood(shape):
    """The messages whose kind is another one once they are put into this shape."""
    return [
        (verdict.kind, verdict.rule, row.message)
        for row in ROWS
        if (verdict := classify(shape.format(row.message), exc_type=row.exc_type)).kind
        not in row.kinds
    ]


def test_a_message_is_understood():
    assert misunderstood("{}") == []


@pytest.mark.parametrize("shape", SPEAKERS.values(), ids=SPEAKERS.keys())
def test_who_passes_a_message_on_does_not_decide(shape):
    assert misunderstood(shape) == []


def test_every_kind_has_messages():
    assert len(set().union(*(row.kinds for row in ROWS))) == 9
