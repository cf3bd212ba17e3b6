"""Every rule is proved by its examples, and the table is written as it has to be."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from healthcheck.taxonomy import ErrorKind, classify
from healthcheck.taxonomy.evidence import cleaned
from healthcheck.taxonomy.rules import PRIMARY, RULES

ROWS = [
    json.loads(line)
    for line in Path(__file__).with_name("examples.jsonl").read_text(encoding="utf-8").splitlines()
]
BY_ID = {rule.id: rule for rule in RULES}
PRIMARY_IDS = {rule.id for rule in PRIMARY}
EXAMPLES = pytest.mark.parametrize("row", ROWS, ids=lambda row: row["rule"])


@EXAMPLES
def test_an_example_is_decided_by_its_own_rule(row):
    verdict = classify(row["message"])
    rule = BY_ID[row["rule"]]
    assert (verdict.rule, verdict.kind, verdict.retired) == (rule.id, rule.kind, rule.retired)


@EXAMPLES
def test_no_hint_changes_what_is_stated(row):
    if row["rule"] in PRIMARY_IDS:
        for status, kind in ((500, "network"), (401, "hard_model"), (None, "nonsense")):
            assert (
                classify(row["message"], http_status=status, stored_kind=kind).rule == row["rule"]
            )


def test_every_rule_has_an_example_and_says_why():
    assert {row["rule"] for row in ROWS} == BY_ID.keys()
    assert all(0 < len(rule.why) <= 80 for rule in RULES)


def test_a_rule_has_codes_or_words():
    assert all(rule.codes or rule.says for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_a_rule_looks_for_can_occur_in_a_cleaned_message(rule):
    assert all(re.fullmatch(r"[a-z0-9]+", code) for code in rule.codes.split())
    assert not re.search(r'["`]', rule.says), "every quote is cleaned to a plain one"


def test_ids_are_unique_and_stable_words():
    assert [rule_id for rule_id, n in Counter(rule.id for rule in RULES).items() if n > 1] == []
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id) for rule in RULES)


def test_every_kind_has_rules_and_only_rules_about_models_speak_of_retirement():
    assert {rule.kind for rule in RULES} == set(ErrorKind)
    assert {rule.kind for rule in RULES if rule.retired} == {ErrorKind.HARD_MODEL}


@pytest.mark.parametrize(
    "written",
    ["insufficient_quota", "InsufficientQuota", "insufficient-quota", "InsufficientQuotaError"],
)
def test_a_code_is_known_however_it_is_written(written):
    assert classify(f"it broke: {written}").rule == "balance-spent"


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ("an extra_forbidden field", "unknown-parameter"),  # holds "forbidden"
        ("it is forbidden", "permission-denied"),
        ("the typeof: x", "none"),  # holds "eof: "
        ("服务过载", "localized-transient-provider"),
        ("gateway令牌已过期", "localized-auth"),
    ],
)
def test_words_match_from_their_beginning_where_a_script_has_spaces(message, rule):
    assert classify(message).rule == rule


def test_words_without_their_subject_say_nothing():
    assert classify("it is used up").rule == "none"
    assert classify("the credits are used up").kind == ErrorKind.BILLING
    assert classify("no first token within 300000ms").kind == ErrorKind.TIMEOUT
    assert cleaned("x") == "x"
