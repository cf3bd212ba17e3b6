import re

from healthcheck.redaction import RULES, redact
from healthcheck.redaction.engine import MARKER
from healthcheck.redaction.rule import marker

FRAMES = ("{}", "password={}", "Authorization: Bearer {}", "https://u:{}@h.example/x")


def test_a_marker_has_the_one_shape_and_no_rule_takes_it_for_a_secret():
    for rule in RULES:
        assert re.fullmatch(r"\[redacted:[a-z0-9-]+\]", marker(rule.id))
        assert MARKER.fullmatch(marker(rule.id))
        texts = [frame.format(marker(rule.id)) for frame in FRAMES]
        assert [redact(text) for text in texts] == texts


def test_the_word_in_a_marker_makes_no_key_of_what_follows():
    text = "[redacted:named-key] Zq8xLm3TvB7nRw2KpY5sHd9F+abc"
    assert redact(text) == text


def test_every_rule_has_an_id_of_its_own():
    assert len({rule.id for rule in RULES}) == len(RULES)
