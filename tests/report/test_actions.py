"""Where to look: the host of ours and commands that change nothing there."""

from datetime import UTC, datetime

import pytest

from healthcheck.activity import ModelKey
from healthcheck.diagnosis import Category, Severity
from healthcheck.diagnosis.causes import (
    BY_RULE,
    INTERNAL_CAUSES,
    KINDS,
    NOT_ATTEMPTED,
    UNSAVED,
)
from healthcheck.diagnosis.coverage import Coverage
from healthcheck.diagnosis.findings import Finding
from healthcheck.diagnosis.problems import Problem
from healthcheck.report import Context
from healthcheck.report.actions import action_part
from healthcheck.report.provider_links import PROVIDER_LINKS
from healthcheck.taxonomy import ErrorKind

CONTEXT = Context("llm-health-check run", host="here", runner="bench")
DNS = BY_RULE["dns"]
NOON = datetime(2026, 8, 5, 12, 59, 42, tzinfo=UTC)
PS = "docker ps -a --filter name=llm-bench"
AWS_PROFILE = next(cause for cause in INTERNAL_CAUSES if cause.id == "aws_profile")


@pytest.mark.parametrize(("told", "place"), [
    ({"provider": "groq", "specific_cause": NOT_ATTEMPTED, "since": NOON},
     ("bench", PS, "docker logs --since 2026-08-05T12:29Z ID")),
    ({"category": Category.LOW_VOLUME}, ("bench", PS, "docker logs --tail 200 ID")),
    ({"category": Category.SILENT_MODEL, "since": NOON}, ("bench", PS, None)),
    ({"specific_cause": UNSAVED}, ("here", "llm-health-check doctor", None)),
    ({"provider": "bedrock", "specific_cause": NOT_ATTEMPTED}, (None, None, None)),
    ({"provider": "bedrock", "specific_cause": AWS_PROFILE}, (None, None, None)),
    ({"provider": "bedrock", "specific_cause": AWS_PROFILE, "alternating": True}, ("bench", PS, None)),
    ({"provider": "groq"}, (None, None, None)),
    ({"provider": "groq", "specific_cause": DNS}, ("bench", "cat /etc/resolv.conf", None)),
    ({"provider": "bedrock", "specific_cause": DNS}, (None, None, None)),
    ({"provider": "groq", "kind": ErrorKind.AUTH, "alternating": True}, ("bench", PS, None)),
    ({"provider": "groq", "kind": ErrorKind.RATE_LIMIT, "alternating": True}, (None, None, None)),
])  # fmt: skip
def test_it_is_seen_where_the_remedy_is(told, place):
    part = action_of(**told)
    assert (part.host, part.shell, part.log) == place


@pytest.mark.parametrize("kind", list(ErrorKind))
def test_it_is_linked_to_the_page_that_its_remedy_names(kind):
    known = {"billing": "billing", "auth": "keys", "rate_limit": "console"}
    known |= dict.fromkeys(("transient_provider", "network", "timeout"), "status")
    link = action_of(provider="openai", kind=kind).link
    assert (link and link.url) == PROVIDER_LINKS["openai"].get(known.get(kind))


@pytest.mark.parametrize("told", [
    {"provider": "https://evil.example"},
    {"needs_requeue": True},
    {"provider": None, "models": (ModelKey("openai", "a"), ModelKey("groq", "b"))},
    {"specific_cause": DNS},
    {"specific_cause": AWS_PROFILE},
    {"kind": ErrorKind.AUTH, "alternating": True},
])  # fmt: skip
def test_what_is_not_done_on_a_page_of_one_known_provider_has_no_link(told):
    assert action_of(**{"provider": "openai", "kind": ErrorKind.BILLING, **told}).link is None


def test_a_remedy_that_names_a_status_page_has_it():
    for cause in {*KINDS.values(), *BY_RULE.values()}:
        assert "status page" not in cause.remedy or cause.page == "status"


def action_of(**told):
    found = {"category": Category.PROVIDER_ISSUE, "severity": Severity.WARNING, "evidence": ""}
    return action_part(Problem((Finding(**found | told),), Coverage()), CONTEXT, None)
