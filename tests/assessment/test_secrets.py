"""No secret leaves, wherever in a day it stands: the request's body is searched for each."""

import json
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from days import day_of
from scene import UNTIL
from scripted import answer, replied
from stores import Store

from healthcheck.activity import Lookback
from healthcheck.assessment import assess
from healthcheck.sources import snapshot

OWN = Path(__file__).parents[1] / "redaction" / "secrets.jsonl"
CORPUS = os.environ.get("HEALTHCHECK_CORPUS")
FILES = [OWN, *(sorted(Path(CORPUS).glob("secrets-*.jsonl")) if CORPUS else [])]
BREAK = "\u2016"
_A_PROMPTFUL = 4
"""So few texts at a time that the budget leaves none of them out."""


def rows_of(path: Path) -> list[dict]:
    lines = path.read_text(encoding="utf-8").replace(BREAK, "").split("\n")
    rows = [json.loads(line) for line in lines if line]
    return [row for row in rows if row["secrets"]]


def the_body(texts: list[str], folder, script, settings) -> str:
    """What is sent of a day on which each text is a message, a model and a provider."""
    store = Store(until=UNTIL)
    for number, text in enumerate(texts):
        for hours in range(4):
            at = UNTIL - timedelta(hours=hours, minutes=number + 1)
            store.error("groq", f"model-{number}", at, text)
            store.error("groq", text[:300], at, f"ValueError: {number}")
            store.error(text[:300], "model", at, f"404 {text}")
        store.catalog("groq", f"model-{number}", successor_model=text)
    folder.mkdir()
    day = day_of(
        snapshot.collect(store.write_snapshot(folder, "bson"), Lookback(UNTIL, timedelta(days=1)))
    )
    assess(day.report, settings)
    body = json.dumps(script.requests[-1], ensure_ascii=False)
    # The digest in the delimiters may hold a secret of three digits by chance.
    return re.sub(r"(BEGIN|END) DATA [0-9a-f]{16}", r"\1 DATA", body)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_secret_is_in_the_request(path, scripted, settings, tmp_path):
    script = scripted(replied(answer()))
    rows = rows_of(path)
    assert len(rows) > 20
    sent = 0
    for begin in range(0, len(rows), _A_PROMPTFUL):
        batch = rows[begin : begin + _A_PROMPTFUL]
        texts = [row["text"] for row in batch]
        body = the_body(texts, tmp_path / str(begin), script, settings)
        # The digits of one row's secret are those of another row's request id.
        for kept in (each for row in batch for each in row["keep"]):
            body = body.replace(kept, "")
        for row in batch:
            for secret in row["secrets"]:
                assert secret not in body
                assert json.dumps(secret, ensure_ascii=False)[1:-1] not in body
        sent += body.count("[redacted:")
    assert sent > len(rows) / 2, "the texts are in there, without their secrets"


def test_the_key_is_in_the_header_alone(assessed, sample_day):
    _, script = assessed(sample_day, replied(answer()))
    assert script.keys == ["Bearer key-of-the-test"]
    assert "key-of-the-test" not in json.dumps(script.requests)
