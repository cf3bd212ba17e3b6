import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redaction.rows import OWN, rows_of

from healthcheck.redaction import redact

HANG = 120
"""Seconds: far more than any of these takes, far less than one that runs away."""

SECRETS = [secret for row in rows_of(OWN) for secret in row.secrets]
GRAMMAR = [
    "password=", "token: ", '"', "'", "\\", "\\n", "%3D", "%25", "%0A", "&quot;", "://", "@", ":",
    "Bearer ", "Authorization: ", "Cookie: a=", ";", ",", "\n", " ", "eyJ", ".", "sk-", "****",
    "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "[redacted:", "[redacted:email]",
    "api_key", "=", "key", "{", "}", "[", "]", "b'", "a.example", "\ud800", "\x00", "İ", "x9",
]  # fmt: skip
texts = st.lists(
    st.sampled_from(GRAMMAR) | st.sampled_from(SECRETS) | st.text(max_size=8), max_size=14
).map("".join)

REPEATED = [
    "a", " ", "\n", "\\", "*", "sk-", "eyJ.", "eyJhbGciOi.", "password=", "password=$", "password=)",
    "https://", "https://a:", "x://a:", "x://a@", "a@", "a.", "key: ", "api key ", 'token: "',
    "token: 'token: \"", "-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n",
    "Bearer ", "digest response=", "%41", "%25", '\\"', "&amp;", "[redacted:", "[redacted:email]",
    "Cookie: a=b; ", "a=b; ", "AKIA", "bench@x.org ", "password=abc123 ", "key ending in ", "İ",
    "\ud800", "aKey=", "<password>", "mysql a -p", "keys=[", "code ", "sk-aB3dE5gH7jK9\n",
]  # fmt: skip


@given(st.text())
def test_any_text_is_redacted_to_rest(text):
    redacted = redact(text)
    assert redact(redacted) == redacted


@settings(max_examples=400, deadline=None)
@given(texts)
def test_texts_made_of_secrets_and_grammar_are_redacted_to_rest(text):
    redacted = redact(text)
    assert redact(redacted) == redacted
    assert redact(text) == redacted


@pytest.mark.parametrize("part", REPEATED)
def test_a_hostile_megabyte_does_not_hang(part):
    text = (part * (1_000_000 // len(part) + 1))[:1_000_000]
    start = time.monotonic()
    assert isinstance(redact(text), str)
    assert time.monotonic() - start < HANG


def test_a_secret_goes_wherever_it_stands_again():
    key = "fa4e23e2bab07822d4d0" + "64500393daaba499d3ce"
    assert key not in redact(f"API_KEY={key}\nretried: {key}")
