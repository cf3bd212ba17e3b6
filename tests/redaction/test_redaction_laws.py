import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redaction.rows import OWN, rows_of

from healthcheck.redaction import RULES, RedactionRule, redact
from healthcheck.redaction.engine import MARKER, redact_with

STEEPEST = 50
"""Sixteen times the text takes sixteen times as long; where work is squared, 256 times."""
UNMEASURABLE = 0.3
"""Seconds of work that are too few to tell anything from."""
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

REPEATED = [
    "a", " ", "\n", "\\", "*", "sk-", "eyJ.", "eyJhbGciOi.", "password=", "password=$", "password=)",
    "https://", "https://a:", "x://a:", "x://a@", "a@", "a.", "key: ", "api key ", 'token: "',
    "token: 'token: \"", "-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n",
    "Bearer ", "digest response=", "%41", "%25", '\\"', "&amp;", "[redacted:", "[redacted:email]",
    "Cookie: a=b; ", "a=b; ", "AKIA", "bench@x.org ", "password=abc123 ", "key ending in ", "İ",
    "mongosh -p ", "redis-cli ", "http -a x:", "USER a ", "LOGIN a ", "AUTH ", ":5432:a:a:", "$2a$",
    "{'key': '", "keys: {'a': 'b1", "'a': 'FAKE7vQ2mTzKx9Lw', ", "密码: ", "password a1b2c3 ", "\u200b",
    "backup codes: AB12-CD34,", "482913 is your ", "%E5%AF", "\\xe5\\xaf", "&#61;", "ｓk-", "signature: ",
    '"name": "key", "value": ', "abcd efgh ", "pass={a1;", "&a=", "code A1B2-",
    "eyJrZXki ", "key   ", "key\t", "key | ", "key: |\n ", "keys:\n  a: FAKE7vQ2mTzKx9Lw\n", "_headers=a=b,",
    "FAKE7vQ2mTzKx9LwYbNc from A_KEY ", "  a: FAKE7vQ2mTzKx9LwYbNc\n", "curl -b ", "key='a...(", "Some(",
    "key[:1]=a", "x://a:b@/", "--key\0", "key header ", "netloc='a:", "'auth', args: ['a', ", "Private-Lines: 1\nAAAA ", "Credential('a', ", "\ud800", "aKey=", "<password>", "mysql a -p", "keys=[", "code ", "sk-aB3dE5gH7jK9\n",
    "key rejected ", "bearer a b ", "/reset/", "a:b1c2d3@", "api_key\n  input_value='", "keys={'a', ", "Cookie(", "1) 'a'\n", "://a:b1c2d3", "key</b><b>",
    "session=", "a@b.co:", "FAKE7vQ2mTzKx9LwYbNc4RdWGdyb3FYpXs ", "a_session=FAKE7vQ2mTzKx9LwYbNc4RdW;",
    "PWD=/", "psk=x[", "password=key(",
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


@pytest.mark.parametrize("place", range(1, len(KEY)))
@pytest.mark.parametrize("nothing", ["\u200b", "\u00ad", "\ufeff"])
def test_what_has_no_width_hides_no_key(nothing, place):
    redacted = redact(f"sent {KEY[:place]}{nothing}{KEY[place:]} to groq")
    assert rest_of(redacted) == ["sent ", " to groq"]


def test_full_width_letters_hide_no_key():
    wide = "".join(chr(ord(character) + 0xFEE0) for character in KEY)
    assert rest_of(redact(f"sent {wide} to groq")) == ["sent ", " to groq"]


def seconds(work: Callable[[str], object], part: str, length: int) -> float:
    text = (part * (length // len(part) + 1))[:length]
    start = time.process_time()
    work(text)
    return time.process_time() - start


def is_linear(work: Callable[[str], object], part: str, length: int) -> bool:
    # The machine has other work: once is enough, and a curve that is squared shows every time.
    for _ in range(3):
        whole = seconds(work, part, length)
        if whole < UNMEASURABLE or whole < STEEPEST * seconds(work, part, length // 16):
            return True
    return False


@pytest.mark.parametrize("part", REPEATED)
def test_the_work_on_a_hostile_megabyte_grows_with_its_length(part):
    assert is_linear(redact, part, 1_000_000)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_work_of_a_rule_grows_with_the_length(rule: RedactionRule):
    sample = rule.sample
    for part in (sample + " ", sample[: len(sample) // 2], sample[:12] + "a1", rule.anchors[0]):
        assert is_linear(lambda text: redact_with([rule], text), part, 100_000), part


def test_a_secret_goes_wherever_it_stands_again():
    key = "fa4e23e2bab07822d4d0" + "64500393daaba499d3ce"
    assert key not in redact(f"API_KEY={key}\nretried: {key}")
