"""Where to look: the host of ours and commands that change nothing there."""

from datetime import UTC, datetime

import pytest

from healthcheck.diagnosis import Category, Severity
from healthcheck.diagnosis.causes import INTERNAL_CAUSES, NOT_ATTEMPTED, UNSAVED
from healthcheck.diagnosis.coverage import Coverage
from healthcheck.diagnosis.findings import Finding
from healthcheck.diagnosis.problems import Problem
from healthcheck.report import Context
from healthcheck.report.actions import action_part
from healthcheck.taxonomy import ErrorKind

CONTEXT = Context("llm-health-check run", host="here", runner="bench")
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
    ({"provider": "groq", "kind": ErrorKind.AUTH, "alternating": True}, ("bench", PS, None)),
    ({"provider": "groq", "kind": ErrorKind.RATE_LIMIT, "alternating": True}, (None, None, None)),
])  # fmt: skip
def test_it_is_seen_where_the_remedy_is(told, place):
    found = Finding(
        **{
            "category": Category.PROVIDER_ISSUE,
            "severity": Severity.WARNING,
            "evidence": "",
            **told,
        }
    )
    part = action_part(Problem((found,), Coverage()), CONTEXT, None)
    assert (part.host, part.shell, part.log) == place
