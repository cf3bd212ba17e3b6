"""Error messages from a stream, each with the verdict of the taxonomy."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from healthcheck.errors import UsageError
from healthcheck.taxonomy import judge


def verdicts(lines: Iterable[bytes], *, jsonl: bool) -> Iterator[str]:
    """Give a JSON object for each line; raises UsageError for a line that is no object."""
    for number, line in enumerate(lines, start=1):
        text = line.decode("utf-8", errors="replace").rstrip("\r\n")
        hints = _object(text, number) if jsonl else {"message": text}
        verdict = judge(
            hints.get("message"),
            http_status=hints.get("http_status"),
            exc_type=hints.get("exc_type"),
        )
        yield json.dumps({"kind": verdict.kind, "rule": verdict.rule, "why": verdict.why})


def _object(text: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise UsageError(
            f"Line {number} is no JSON object; --jsonl takes one a line, such as "
            '{"message": "...", "http_status": 404}.'
        )
    return value
