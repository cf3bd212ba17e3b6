import re

import pytest

from healthcheck.redaction import RULES, RedactionRule, redact
from healthcheck.redaction.engine import MARKER

by_id = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


@by_id
def test_a_marker_has_the_one_shape_and_no_rule_takes_it_for_a_secret(rule: RedactionRule):
    assert re.fullmatch(r"\[redacted:[a-z0-9-]+\]", rule.marker)
    assert MARKER.fullmatch(rule.marker)
    for frame in ("{}", "password={}", "Authorization: Bearer {}", "https://u:{}@h.example/x"):
        text = frame.format(rule.marker)
        assert redact(text) == text


def test_every_rule_has_an_id_of_its_own():
    assert len({rule.id for rule in RULES}) == len(RULES)
