import pytest
from hypothesis import given
from hypothesis import strategies as st
from redaction.rows import OWN, rows_of

from healthcheck.redaction import excerpt, redact
from healthcheck.redaction.engine import MARKER

KEY = "sk-" + "proj-FAKE_9aBcDeFgHiJkLmNoPqRsTuVwXyZ012345"
ROWS = [row for row in rows_of(OWN) if row.secrets]
PARTS = 8  # so that several processes share them


def test_a_text_that_fits_is_only_redacted():
    assert excerpt("404 model not found", 100) == "404 model not found"


def test_a_longer_text_ends_with_an_ellipsis_at_the_limit():
    assert excerpt("abcdefghij", 5) == "abcd…"


def test_a_text_is_redacted_before_it_is_shortened():
    assert "FAKE" not in excerpt(f"key {KEY} refused", 20)


def test_a_marker_is_whole_or_not_there_at_all():
    for limit in range(60):
        shortened = excerpt(f"key {KEY} and {KEY} refused", limit)
        assert len(shortened) <= limit
        assert "[" not in MARKER.sub("", shortened), shortened


@given(st.text(), st.integers(min_value=0, max_value=40), st.booleans())
def test_an_excerpt_is_never_longer_than_its_limit(text, limit, was_cut):
    assert len(excerpt(text, limit, was_cut=was_cut)) <= limit


def test_the_last_token_of_a_text_that_was_cut_is_dropped():
    assert excerpt("model gpt-4o refused sec", 100, was_cut=True) == "model gpt-4o refused …"


def test_a_cut_text_of_one_token_says_nothing():
    assert excerpt("FAKEq8Zq2Lr7", 100, was_cut=True) == "…"


def test_compact_json_that_was_cut_loses_no_more_than_its_last_value():
    assert excerpt('{"error":{"code":404,"id":"FAK', 100, was_cut=True).startswith(
        '{"error":{"code"'
    )


def test_half_an_address_with_a_password_goes_as_a_whole():
    cut = excerpt("uri=mongodb://bench:p,w;FA", 100, was_cut=True)
    assert "p,w" not in cut


@pytest.mark.parametrize("part", range(PARTS))
def test_wherever_the_server_cuts_no_half_secret_of_eight_characters_is_left(part):
    left = []
    for row in ROWS[part::PARTS]:
        whole = redact(row.text)
        for secret in row.secrets:
            start = row.text.find(secret)
            for end in range(start + 4, start + len(secret)):
                cut = excerpt(row.text[:end], 10_000, was_cut=True)
                if secret[:8] in cut and secret[:8] not in whole:
                    left.append((row.note, end, cut))
    assert left == []
