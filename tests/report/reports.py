"""Reports as they may come, told in a few words."""

from datetime import UTC, date, datetime, timedelta

from healthcheck.diagnosis import CATEGORIES, Category, Severity, State, Status
from healthcheck.report import Report
from healthcheck.report.contract import (
    ActionPart,
    Analysis,
    Bucket,
    CoveragePart,
    FindingPart,
    ModelName,
    MutedPart,
    MutePart,
    PatternPart,
    ProblemPart,
    ProviderPart,
    Reading,
    Totals,
    Unpublished,
    WindowPart,
)
from healthcheck.taxonomy import ErrorKind

UNTIL = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
WELL = Bucket(attempts=5, errors=0)


def finding(category="deprecated_model", provider="groq", model="llama", **told) -> FindingPart:
    return FindingPart(
        **{
            "id": f"{category}-{provider}-{model}",
            "category": Category(category),
            "provider": provider,
            "model": model,
            "kind": ErrorKind.HARD_MODEL,
            "aspect": None,
            "severity": Severity.WARNING,
            "state": State.NEW,
            "count": 6,
            "since": UNTIL - timedelta(hours=6),
            "until": None,
            "message": "404 no such model",
            "evidence": "All 6 attempts say that the model does not exist.",
            "models": [],
            **told,
        }
    )


def problem(*findings: FindingPart, **told) -> ProblemPart:
    first = findings[0]
    named = [part for part in findings if part.provider]
    new = sum(part.state is State.NEW for part in findings)
    who = " ".join(filter(None, (first.provider, first.model)))
    return ProblemPart(
        **{
            "id": f"p-{first.id}",
            "title": f"{who}: likely deprecated",
            "section": CATEGORIES[first.category].section,
            "category": first.category,
            "cause": "hard_model",
            "severity": first.severity,
            "state": State.NEW if new == len(findings) else State.ONGOING,
            "new": new,
            "since": first.since,
            "until": first.until,
            "findings": [part.id for part in findings],
            "providers": sorted({part.provider for part in named}),
            "models": [
                ModelName(provider=part.provider, model=part.model) for part in named if part.model
            ],
            "action": "Disable it.",
            **told,
        }
    )


def action(about: ProblemPart, **told) -> ActionPart:
    return ActionPart(
        **{
            "problem": about.id,
            "severity": about.severity,
            "action": about.action or "",
            "reason": about.title,
            "command": None,
            **told,
        }
    )


def muted(about: FindingPart, until: date | None = None, reason: str | None = None) -> MutedPart:
    mute = MutePart(provider=about.provider, model=None, category=None, until=until, reason=reason)
    return MutedPart(finding=about, mute=mute)


def provider(name="groq", hourly_buckets=None, **told) -> ProviderPart:
    return ProviderPart(
        **{
            "provider": name,
            "models": 3,
            "attempts": 120,
            "errors": 0,
            "successes": 120,
            "errors_by_kind": {},
            "hourly_buckets": hourly_buckets or [WELL] * 24,
            **told,
        }
    )


def pattern(sample="flux capacitor misaligned", **told) -> PatternPart:
    return PatternPart(
        **{
            "provider": "groq",
            "count": 3,
            "models": [],
            "sample": sample,
            **told,
        }
    )


def totals(errors=0, successes=120, **told) -> Totals:
    attempts = errors + successes
    return Totals(
        **{
            "attempts": attempts,
            "errors": errors,
            "successes": successes,
            "malformed": 0,
            "not_stored": 0,
            "unpublished": Unpublished(pairs=0, errors=0, successes=0),
            "failure_rate": errors / attempts if attempts else None,
            **told,
        }
    )


def coverage(enabled=0, with_data=0, before=0) -> CoveragePart:
    return CoveragePart(
        enabled=enabled,
        with_data=with_data,
        with_data_before=before,
        not_attempted=0,
        providers=[],
    )


def report(*findings: FindingPart, **told) -> Report:
    """Each finding is a problem of its own, unless `problems` are given."""
    problems = told.pop("problems", [problem(part) for part in findings])
    worst = min((part.severity for part in problems), key=lambda s: s.rank, default=Severity.INFO)
    return Report(
        **{
            "version": "1.2.3",
            "window": WindowPart(since=UNTIL - timedelta(days=1), until=UNTIL),
            "status": Status.HEALTHY if worst is Severity.INFO else Status(worst.value),
            "reason": findings[0].evidence if findings else "Nothing needs attention.",
            "summary": "120 attempts.",
            "compared": True,
            "totals": totals(),
            "errors_by_kind": dict.fromkeys(ErrorKind, 0),
            "errors_by_cause": {},
            "providers": [provider()],
            "models": [],
            "patterns": [],
            "coverage": coverage(),
            "problems": problems,
            "findings": list(findings),
            "resolved": [],
            "muted": [],
            "analysis": Analysis(
                source="rules", model=None, status=Status.HEALTHY, summary="120 attempts."
            ),
            "recommended_actions": [
                action(part) for part in problems if part.severity is not Severity.INFO
            ],
            "command": "llm-health-check run --dry-run --until 2026-03-10T08:00:00Z",
            "notes": [],
            **told,
        }
    )


def worst_day(name="<&'\"\U0001f525>" * 33, message="<&'\"\U0001f525>" * 83) -> Report:
    """300 problems, 100 providers: names of 200 and messages of 500 characters.

    Their characters are those that grow most: escaped in HTML, and encoded as UTF-8.
    """
    name, message = name[:200], message[:500]
    categories = list(Category)
    states = (State.NEW, State.ONGOING)
    found = [
        finding(
            categories[number % len(categories)],
            name,
            name,
            id=str(number),
            severity=list(Severity)[number % 3],
            state=states[number % 7 == 0],
            message=message,
            evidence=message,
        )
        for number in range(300)
    ]
    found.sort(key=lambda part: part.severity.rank)
    problems = [problem(part, title=message, action=message) for part in found]
    steps = [
        action(part, action=message, command=f"f({message!r})", advice=message, host=name)
        for part in problems
        if part.severity is not Severity.INFO
    ]
    reading = Reading(kind=ErrorKind.HARD_CAPABILITY, words=message)
    return report(
        *found,
        problems=problems,
        reason=message,
        summary=message,
        totals=totals(10**8, 9 * 10**8, malformed=10**6, not_stored=10**5),
        errors_by_kind=dict.fromkeys(ErrorKind, 10**7),
        providers=[provider(name, errors=100) for _ in range(100)],
        patterns=[pattern(message, provider=name, reading=reading) for _ in range(50)],
        analysis=Analysis(
            source="openai",
            model=name,
            status=Status.HEALTHY,
            summary=message * 4,
            action=message,
            input_tokens=10**8,
            output_tokens=10**8,
            request_id="r" * 80,
            dropped_claims=10**6,
        ),
        resolved=found,
        muted=[muted(part) for part in found],
        recommended_actions=steps,
        disable_command=f"f({message!r})" * 9,
        command=f"llm-health-check run {message}",
        notes=[message] * 60,
    )
