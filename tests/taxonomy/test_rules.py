"""Every rule is proved by its example, and the index never hides a rule."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcheck.taxonomy import ErrorKind, judge
from healthcheck.taxonomy.anchor import anchors, branches
from healthcheck.taxonomy.evidence import cleaned
from healthcheck.taxonomy.rules import CLEAR, RULES
from healthcheck.taxonomy.table import Table, claims, holds

BY_ID = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


@BY_ID
def test_an_example_is_classified_by_its_own_rule(rule):
    verdict = judge(rule.example)
    assert (verdict.rule, verdict.kind) == (rule.id, rule.kind)
    assert verdict.retired == rule.retired


@BY_ID
def test_an_example_needs_no_hint_and_minds_none(rule):
    for status, kind in ((500, "network"), (401, "hard_model"), (None, "nonsense")):
        assert judge(rule.example, http_status=status, stored_kind=kind).rule == rule.id


def test_ids_are_unique_and_stable_words():
    assert [rule_id for rule_id, n in Counter(rule.id for rule in RULES).items() if n > 1] == []
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id) for rule in RULES)


def test_every_rule_says_why_and_where_its_example_is_from():
    for rule in RULES:
        assert 0 < len(rule.why) <= 80
        assert rule.source == "constructed" or re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", rule.source)


def test_every_kind_has_rules():
    assert {rule.kind for rule in RULES} == set(ErrorKind)


def test_only_rules_about_models_speak_of_retirement():
    assert {rule.kind for rule in RULES if rule.retired} == {ErrorKind.HARD_MODEL}


@BY_ID
def test_the_index_agrees_with_trying_every_rule(rule):
    text = cleaned(rule.example)
    slow = next((one for one in CLEAR if claims(one, text)), None)
    assert Table(CLEAR).first(text) is slow


@BY_ID
def test_every_match_of_a_branch_holds_one_of_its_anchors(rule):
    for other in RULES:
        text = cleaned(other.example)
        for branch in branches(rule.pattern):
            if holds(branch, text) and anchors(branch):
                assert any(anchor in text for anchor in anchors(branch))


@given(st.lists(st.sampled_from([rule.example for rule in RULES]), min_size=1, max_size=3))
def test_the_index_agrees_on_messages_in_a_row(examples):
    text = cleaned(" ".join(examples))
    slow = next((one for one in CLEAR if claims(one, text)), None)
    assert Table(CLEAR).first(text) is slow


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("overloaded", ("overloaded",)),
        ("rate limit|quota", ("quota", "rate limit")),
        (r"(?:api|access) key", (" key",)),
        (r"(?:cannot|could not) x", ("cannot", "could not")),
        (r"model[^{}]{0,90}? gone", ("model",)),
        (r"colou?r", ("colo",)),
        (r"\d+", ()),
        (r"a(?:b|c)?d|\w+", ()),
        (r"http\.status", ("http.status",)),
    ],
)
def test_anchors_are_what_no_match_can_do_without(pattern, expected):
    assert anchors(pattern) == expected
