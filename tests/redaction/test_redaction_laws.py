from base64 import encodebytes
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redaction.rows import OWN, rows_of

from healthcheck.redaction import redact
from healthcheck.redaction.engine import MARKER

KEY = "gsk" + "_FAKE7vQ2mTzKx9LwYbNc4RdWGdyb3FYpXsH"

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


def rest_of(redacted: str) -> list[str]:
    return [piece for piece in MARKER.split(redacted) if piece]


@settings(max_examples=400, deadline=None)
@given(texts)
def test_nothing_is_said_that_was_not_there(text):
    place = 0
    for piece in rest_of(redact(text)):
        place = text.find(piece, place)
        assert place >= 0, piece
        place += len(piece)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_a_text_grows_by_no_more_than_its_markers(text):
    redacted = redact(text)
    markers = sum(len(marker[0]) for marker in MARKER.finditer(redacted))
    assert len(redacted) <= len(text) + markers


@pytest.mark.parametrize("nothing", ["\u200b", "\u00ad", "\ufeff"])
def test_what_has_no_width_hides_no_key(nothing):
    for place in range(1, len(KEY)):
        redacted = redact(f"sent {KEY[:place]}{nothing}{KEY[place:]} to groq")
        assert rest_of(redacted) == ["sent ", " to groq"], place


def test_full_width_letters_hide_no_key():
    wide = "".join(chr(ord(character) + 0xFEE0) for character in KEY)
    assert rest_of(redact(f"sent {wide} to groq")) == ["sent ", " to groq"]


def test_a_secret_goes_wherever_it_stands_again():
    key = "fa4e23e2bab07822d4d0" + "64500393daaba499d3ce"
    assert key not in redact(f"API_KEY={key}\nretried: {key}")


def test_every_secret_goes_wherever_it_stands_again_however_many_there_are():
    keys = [sha256(bytes([number % 256, number // 256])).hexdigest() for number in range(600)]
    named = "".join(f"api_key={key}\n" for key in keys)
    redacted = redact(named + "".join(f"again: <{key}>\n" for key in keys))
    assert [key for key in keys if key in redacted] == []


def test_a_file_in_lines_of_base64_stays():
    coded = encodebytes(b"".join(sha256(bytes([n])).digest() for n in range(57 * 2))).decode()
    assert redact(coded) == coded
