import re

import pytest

from healthcheck.redaction import RULES, RedactionRule, redact
from healthcheck.redaction.engine import MARKER, redact_with
from healthcheck.redaction.rule import BREAK

by_id = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


@by_id
def test_a_rule_finds_its_example_by_itself(rule: RedactionRule):
    assert rule.marker in redact_with([rule], rule.sample)


@by_id
def test_a_rule_names_its_example_among_all_others(rule: RedactionRule):
    assert rule.marker in redact(rule.sample)


@by_id
def test_without_the_rule_its_example_comes_out_differently(rule: RedactionRule):
    others = [other for other in RULES if other is not rule]
    assert redact_with(others, rule.sample) != redact(rule.sample)


@by_id
def test_an_example_is_stored_broken_up(rule: RedactionRule):
    assert BREAK in rule.example
    assert rule.sample not in rule.example


@by_id
def test_a_rule_says_why_in_words(rule: RedactionRule):
    assert len(rule.why.split()) >= 4


@by_id
def test_a_marker_has_the_one_shape_and_no_rule_takes_it_for_a_secret(rule: RedactionRule):
    assert re.fullmatch(r"\[redacted:[a-z0-9-]+\]", rule.marker)
    assert MARKER.fullmatch(rule.marker)
    for frame in ("{}", "password={}", "Authorization: Bearer {}", "https://u:{}@h.example/x"):
        text = frame.format(rule.marker)
        assert redact(text) == text


def test_every_rule_has_an_id_of_its_own():
    assert len({rule.id for rule in RULES}) == len(RULES)
