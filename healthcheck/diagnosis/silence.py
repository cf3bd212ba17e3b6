"""Findings about what is missing: silence is an alarm, not health."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from healthcheck.activity import (
    OTHER,
    UNKNOWN_NAME,
    Activity,
    CatalogueEntry,
    Pair,
    Window,
    WindowActivity,
)
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.findings import Category, Finding, Severity
from healthcheck.diagnosis.last_attempts import LastAttempts
from healthcheck.diagnosis.wording import how_long, several, when


def silence_findings(
    activity: Activity,
    judged: WindowActivity,
    earlier: WindowActivity | None,
) -> list[Finding]:
    """What was expected at the end of the window and was not attempted.

    `judged` is one of the activity's windows, `earlier` the one before it where it is known.
    """
    known = LastAttempts(activity, judged, earlier)
    service = _silent_service(known, judged.window)
    if service:
        return [service]
    expected: dict[str, dict[Pair, datetime | None]] = defaultdict(dict)
    for pair, last in _expected(activity, judged, earlier, known).items():
        expected[pair.provider][pair] = last
    active = {pair.provider for pair, last in known.items() if not known.is_silent([pair], last)}
    findings = _gaps(judged, earlier, known)
    for provider, pairs in sorted(expected.items()):
        newest = max((last for last in pairs.values() if last), default=None)
        attempted = max(
            (last for pair, last in known.items() if pair.provider == provider), default=None
        )
        if known.is_silent(list(pairs), newest) and (provider not in active or attempted == newest):
            findings.append(_silent_provider(provider, list(pairs), known))
        else:
            findings += [
                _silent_model(pair, known)
                for pair, last in sorted(pairs.items())
                if known.is_silent([pair], last)
            ]
    return findings


def _expected(
    activity: Activity,
    judged: WindowActivity,
    earlier: WindowActivity | None,
    known: LastAttempts,
) -> dict[Pair, datetime | None]:
    """The pairs that should have been attempted, each with its last attempt."""
    if activity.catalogue:
        return {
            pair: known.get(pair)
            for pair, entry in activity.catalogue.items()
            if entry.enabled and not _is_young(entry, judged.window)
        }
    seen = {*judged.pairs, *(earlier.pairs if earlier else ())} - {OTHER}
    return {
        pair: known.get(pair)
        for pair in seen
        if UNKNOWN_NAME not in pair and known.usually_attempted(pair)
    }


def _is_young(entry: CatalogueEntry, window: Window) -> bool:
    """Added so lately that its first attempt may still be to come."""
    created = entry.created_at
    return created is not None and window.until - created < limits.SILENT_AFTER


def _silent_service(known: LastAttempts, window: Window) -> Finding | None:
    last = known.newest
    quiet = window.until - last if last else known.reach
    if last and quiet < limits.SERVICE_SILENT_AFTER:
        return None
    told = (
        f"No document at all since {when(last)}, for {how_long(quiet)}"
        if last
        else f"No document at all in the {how_long(known.reach)} that were read"
    )
    return Finding(
        category=Category.SILENT_SERVICE,
        provider=None,
        model=None,
        kind=None,
        severity=Severity.CRITICAL,
        count=0,
        attempts=known.attempts(),
        since=last,
        until=None,
        last_success=max(
            (m for pair, _ in known.items() if (m := known.success(pair))), default=None
        ),
        message=None,
        message_cut=False,
        evidence=f"{told}: the scheduler, the host or its database connection is down.",
    )


def _gaps(
    judged: WindowActivity, earlier: WindowActivity | None, known: LastAttempts
) -> list[Finding]:
    """The last time in the window in which the whole service was silent, and is no longer."""
    everything = [
        done for window in filter(None, (earlier, judged)) for done in window.pairs.values()
    ]
    spans = [(cell.first, cell.last) for done in everything for cell in done.errors]
    spans += [(cell.first, cell.last) for done in everything for cell in done.successes]
    spans.sort()
    gap, reached = None, spans[0][1] if spans else None
    for first, last in spans:
        if (
            reached
            and first - reached >= limits.SERVICE_SILENT_AFTER
            and (first >= judged.window.since)
        ):
            gap = (reached, first)
        reached = max(last, reached) if reached else last
    if gap is None:
        return []
    begin, end = gap
    return [
        Finding(
            category=Category.SILENT_SERVICE,
            provider=None,
            model=None,
            kind=None,
            severity=Severity.INFO,
            count=0,
            attempts=known.attempts(),
            since=begin,
            until=end,
            last_success=max(
                (m for pair, _ in known.items() if (m := known.success(pair))), default=None
            ),
            message=None,
            message_cut=False,
            evidence=(
                f"No document at all from {when(begin)} to {when(end)}, for "
                f"{how_long(end - begin)}; over."
            ),
        )
    ]


def _silent_provider(provider: str, pairs: Sequence[Pair], known: LastAttempts) -> Finding:
    last = max((m for pair in pairs if (m := known.get(pair))), default=None)
    models = several(len(pairs), "model")
    told = (
        f"None of its {models} was attempted since {when(last)}"
        if last
        else f"None of its {models} was attempted in the {how_long(known.reach)} that were read"
    )
    return Finding(
        category=Category.PROVIDER_ISSUE,
        provider=provider,
        model=None,
        kind=None,
        severity=Severity.CRITICAL,
        count=0,
        attempts=known.attempts(pairs),
        since=last,
        until=None,
        last_success=max((m for pair in pairs if (m := known.success(pair))), default=None),
        message=None,
        message_cut=False,
        evidence=f"{told}, though they are expected: its runner or its configuration.",
        models=tuple(sorted(pairs)),
        aspect="silent",
    )


def _silent_model(pair: Pair, known: LastAttempts) -> Finding:
    last = known.get(pair)
    interval = known.interval([pair])
    usual = f"; usually every {how_long(interval)}" if interval else ""
    told = (
        f"Expected and not attempted since {when(last)}{usual}"
        if last
        else f"Expected and not attempted in the {how_long(known.reach)} that were read"
    )
    return Finding(
        category=Category.SILENT_MODEL,
        provider=pair.provider,
        model=pair.model,
        kind=None,
        severity=Severity.WARNING,
        count=0,
        attempts=known.attempts([pair]),
        since=last,
        until=None,
        last_success=known.success(pair),
        message=None,
        message_cut=False,
        evidence=f"{told}.",
        models=(pair,),
    )
