"""What holds on any day: every finding is in one problem, numbers add up, no sentence is empty."""

import re
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scene import BAD_KEY, BUSY, NO_MONEY, NO_ROUTE, RETIRED, STRANGE, TOO_SLOW, UNSUPPORTED, UNTIL
from service import BEDROCK, CLIFFORD, LEGACY, RATCHET, Fault, Runner, Service

from healthcheck.diagnosis import CATEGORIES, Category, Severity, Status, diagnose, timelines
from healthcheck.known_issues import apply_mutes
from healthcheck.report import Context, build

NONSENSE = re.compile(
    r"(?<!of )\b1 (models|attempts|providers|results|documents|findings|problems)\b|-\d+ (min|h|days)\b"
    r"|\bNone\b|\(\)|\[\]|\{|\}|,\s*[.;,]|\s[.,;:](?!\d)|\.\.(?!\.)|\b(since|from|of|at|for|to) ?[.;,]"
    r"|  |^\W|: ?\.$"
)

hours = st.floats(0, 216)
messages = st.sampled_from(
    [
        (BAD_KEY, "auth", "generate"),
        (NO_MONEY, "billing", "generate"),
        (BUSY, "transient_provider", "generate"),
        (NO_ROUTE, "network", "generate"),
        (TOO_SLOW, "timeout", "timeout"),
        (RETIRED, "hard_model", "generate"),
        (UNSUPPORTED, "hard_capability", "generate"),
        (STRANGE, "unknown", "generate"),
        ("NotFoundError: Error code: 404", "hard_model", "generate"),
        ("visible output empty after token budget was exhausted", "budget_exhausted", "validate"),
        ("output_tokens 0 <= 0 for x", "unknown", "validate"),
        ("lease expired", "timeout", "timeout"),
        ("Failed to post results to ingest API", "unknown", "ingest"),
        ("OSError: disk full", "unknown", "log"),
        ("", "unknown", "generate"),
    ]
)
faults = st.builds(
    lambda one, two, told, every: Fault(max(one, two), min(one, two), *told, every=every),
    hours,
    hours | st.just(0.0),
    messages,
    st.sampled_from([1, 1, 2, 5]),
)
entries = st.fixed_dictionaries(
    {},
    optional={
        "enabled": st.booleans(),
        "deprecated": st.booleans(),
        "status": st.sampled_from(["probing", "probation", "rejected"]),
        "disabled_at": hours.map(lambda ago: UNTIL - timedelta(hours=ago)),
        "disabled_class": st.sampled_from(["billing", "auth", "hard_model"]),
        "disabled_reason": st.sampled_from(["cleanup", ""]),
        "promoted_at": hours.map(lambda ago: UNTIL - timedelta(hours=ago)),
        "deprecation_date": st.integers(-20, 20).map(lambda days: UNTIL + timedelta(days=days)),
        "successor_model": st.just("next"),
    },
)
models = st.tuples(
    st.sampled_from(["alpha", "beta", "gamma", "bedrock"]),
    st.sampled_from(["m1", "m2", "M2", "m3", "m4", "m5"]),
    st.lists(faults, max_size=2),
    st.sampled_from([CLIFFORD, CLIFFORD, BEDROCK, LEGACY, RATCHET, Runner(300)]),
    st.just(216.0) | hours,
    st.just(0.0) | hours,
    entries,
)
days = st.lists(models, min_size=1, max_size=12, unique_by=lambda model: model[:2])


def service_of(day) -> Service:
    service = Service()
    for provider, model, its, runner, begin, end, entry in day:
        service.model(provider, model, *its, runner=runner, begin=begin, end=end, catalog=entry)
    return service


# A day takes a tenth of a second: to shrink one would take minutes.
@settings(
    max_examples=60,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(days, st.booleans())
def test_any_day(day, has_catalog):
    service = service_of(day)
    if not has_catalog:
        service.store.models = None
    with tempfile.TemporaryDirectory() as folder:
        activity = service.activity(Path(folder))
    lines = timelines(activity)
    diagnosis = diagnose(activity, lines)
    until = activity.current.window.until
    report = build(activity, lines, apply_mutes(diagnosis, [], until.date()), Context("x"))

    grouped = [finding for problem in diagnosis.problems for finding in problem.findings]
    assert sorted(f.id for f in grouped) == sorted(f.id for f in diagnosis.findings)
    assert len({f.id for f in grouped}) == len(grouped)
    assert len({problem.id for problem in diagnosis.problems}) == len(diagnosis.problems)
    worst = min((p.severity.rank for p in diagnosis.problems), default=2)
    assert diagnosis.status is [Status.CRITICAL, Status.WARNING, Status.HEALTHY][worst]

    said = [report.reason, report.summary, *report.notes]
    for problem in report.problems:
        said += [problem.title, *([problem.action] if problem.action else [])]
        assert problem.severity is Severity.INFO or problem.action
        assert problem.since is None or problem.since <= until
        assert problem.until is None or problem.since is None or problem.since <= problem.until
    for finding in (*report.findings, *report.resolved):
        said.append(finding.evidence)
    for sentence in said:
        assert not NONSENSE.search(sentence), sentence

    totals, providers = report.totals, report.providers
    assert totals.attempts == totals.errors + totals.successes
    own = totals.not_stored + totals.expired_leases
    shown = sum(part.errors for part in providers) + own
    assert totals.errors == shown + totals.unpublished.errors
    assert sum(report.errors_by_kind.values()) == shown
    assert totals.successes == (
        sum(part.successes for part in providers) + totals.unpublished.successes
    )
    covered = report.coverage
    assert covered.enabled == sum(part.enabled for part in covered.providers)
    assert {part.provider for part in covered.providers} <= {part.provider for part in providers}


def test_the_table_of_categories_has_a_row_for_each():
    assert set(CATEGORIES) == set(Category)
    for row in CATEGORIES.values():
        assert re.fullmatch(r"[a-z -]+", row.word)
