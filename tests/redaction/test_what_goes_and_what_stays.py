import json
from urllib.parse import quote, quote_plus, unquote

import pytest
from redaction.rows import BREAK, CORPUS, OWN, rows_of

from healthcheck.redaction import redact

ROWS = rows_of(OWN)
DEV = sorted(CORPUS.glob("secrets-dev*.jsonl"))
ERRORS = CORPUS / "errors-dev.jsonl"

WRAPPINGS = {
    "JSON": json.dumps,
    "JSON in JSON": lambda text: json.dumps(json.dumps({"message": text})),
    "a repr": lambda text: repr({"message": text}),
    "bytes": lambda text: repr(text.encode()),
    "a log line": lambda text: f"2026-04-23 15:23:14,242 ERROR bench.runner: {text}",
    "a query": lambda text: "https://logs.example.com/?message=" + quote(text, safe=""),
    "a form": lambda text: "message=" + quote_plus(text),
    "JSON in a query": lambda text: "message=" + quote(json.dumps(text)),
}
SECRET_ROWS = [row for row in ROWS if row.secrets]


def forms_of(secret: str) -> set[str]:
    plain = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]}
    return plain | {quote(form, safe="") for form in plain} | {quote_plus(form) for form in plain}


def test_every_secret_goes_and_everything_else_stays():
    wrong = []
    for row in ROWS:
        redacted = redact(row.text)
        left = [secret for secret in row.secrets if secret in redacted]
        lost = [keep for keep in row.keep if keep not in redacted]
        if left or lost or not (row.secrets or redacted == row.text):
            wrong.append((row.note, left, lost, redacted))
    assert wrong == []


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_no_wrapping_brings_a_secret_through(wrap):
    through = []
    for row in SECRET_ROWS:
        redacted = redact(wrap(row.text))
        forms = {form for secret in row.secrets for form in forms_of(secret)}
        if left := [form for form in forms if form in redacted]:
            through.append((row.note, left, redacted))
    assert through == []


@pytest.mark.parametrize("width", range(60, 100, 2))
def test_lines_that_were_cut_at_one_width_hide_no_secret(width):
    told = (
        "The request failed; a terminal cut each line of what it told where its own width ended: "
    )
    phrase = "correct-horse-battery-staple"
    text = f"{told}headers={{'user': 'svc', 'password': '{phrase}'}} after three tries of the run."
    cut = "\n".join(text[start : start + width] for start in range(0, len(text), width))
    assert not any(part in redact(cut) for part in phrase.split("-"))


def test_what_is_redacted_is_not_redacted_again():
    once = [redact(row.text) for row in ROWS]
    assert [text for text in once if redact(text) != text] == []


@pytest.mark.skipif(not DEV, reason="no corpus here: set HEALTHCHECK_CORPUS to its folder")
def test_of_the_corpora_hardly_a_secret_is_left_and_hardly_a_word_lost():
    rows = [row for path in DEV for row in rows_of(path)]
    redacted = [(row, redact(row.text)) for row in rows]
    left = [secret for row, text in redacted for secret in row.secrets if secret in text]
    lost = [keep for row, text in redacted for keep in row.keep if keep not in text]
    assert len(left) <= 0.02 * sum(len(row.secrets) for row in rows)
    assert len(lost) <= 0.005 * sum(len(row.keep) for row in rows)


@pytest.mark.skipif(
    not ERRORS.exists(), reason="no corpus here: set HEALTHCHECK_CORPUS to its folder"
)
def test_real_messages_without_a_key_in_them_stay_as_they_are():
    lines = ERRORS.read_text(encoding="utf-8").replace(BREAK, "").split("\n")
    messages = [json.loads(line)["message"] for line in lines if line]
    changed = [message for message in messages if redact(message) != message]
    assert [message for message in changed if "sk-AAAA****" not in message] == []


def test_the_collection_stores_no_credential_in_one_piece():
    for line in OWN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        broken = [secret for secret in row["secrets"] if BREAK in secret]
        whole = [secret for secret in row["secrets"] if secret not in broken]
        assert broken or all(len(secret) < 8 or "@" in unquote(secret) for secret in whole)
        assert [secret for secret in broken if secret.replace(BREAK, "") in row["text"]] == []
