"""The rows of the prompt's data, from the report and the facts: redacted, short, and in order."""

from collections.abc import Mapping
from typing import Any

from healthcheck.activity import CatalogueEntry
from healthcheck.assessment.facts import Candidate, Facts
from healthcheck.assessment.names import label, short
from healthcheck.assessment.tokens import clipped
from healthcheck.report.contract import FindingPart, PatternPart, ProviderPart, Report
from healthcheck.report.door import shown, shown_message
from healthcheck.taxonomy import ErrorKind

Row = dict[str, Any]

_MESSAGE_TOKENS = 90
_SENTENCE_TOKENS = 90
_BRIEF_TOKENS = 36
_MESSAGE_CHARACTERS = 400
_QUARTERS = 6


def day_row(report: Report, facts: Facts) -> Row:
    """The whole day, and what was before it."""
    totals = report.totals
    attempts, errors = facts.before
    return {
        "window": [
            f"{report.window.since:%Y-%m-%d %H:%M}",
            f"{report.window.until:%Y-%m-%d %H:%M}",
        ],
        "status_by_rules": report.status.value,
        "reason_by_rules": clipped(report.reason, _SENTENCE_TOKENS),
        "summary_by_rules": clipped(report.summary, _SENTENCE_TOKENS),
        "attempts": totals.attempts,
        "errors": totals.errors,
        "results_not_stored": totals.not_stored,
        "errors_by_kind": {kind.value: n for kind, n in report.errors_by_kind.items() if n},
        "window_before": {"attempts": attempts, "errors": errors},
        "error_share_of_the_windows_before_that": [_percent(*tally) for tally in facts.tallies],
        "models_disabled_in_catalogue": facts.disabled,
        "muted_findings": len(report.muted),
    }


def finding_row(part: FindingPart, facts: Facts, *, brief: bool) -> Row:
    """A finding, with its newest message."""
    pair = facts.pairs.get(part.id)
    most = _BRIEF_TOKENS if brief else _SENTENCE_TOKENS
    return _without_empty(
        {
            "id": part.id,
            "category": part.category.value,
            "about": label(part.provider, part.model) or "benchmark service",
            "kind": part.kind.value if part.kind else None,
            "severity": part.severity.value,
            "state": part.state.value,
            "over": True if part.until else None,
            "errors": part.count,
            "attempts": part.attempts,
            "models": len(part.models) if part.model is None else None,
            "evidence": clipped(part.evidence, most),
            "catalogue": _entry(facts.entries.get(pair)) if pair else None,
            "message": clipped(part.message, most) if part.message else None,
        }
    )


def pattern_row(name: str, part: PatternPart) -> Row:
    """Messages that no rule knows."""
    return _without_empty(
        {
            "pattern": name,
            "provider": short(part.provider),
            "http_status": part.http_status,
            "errors": part.count,
            "models": len(part.models),
            "sample": clipped(part.sample, _MESSAGE_TOKENS),
        }
    )


def candidate_row(name: str, candidate: Candidate) -> Row:
    """A model that fails at the end of the window, without a finding."""
    newest = candidate.newest
    message = newest.message
    return _without_empty(
        {
            "model": name,
            "errors": candidate.errors,
            "attempts": candidate.attempts,
            "failed_since_last_success": _kinds(candidate.run),
            "last_success": f"{newest.last_success:%Y-%m-%d %H:%M}"
            if newest.last_success
            else None,
            "catalogue": _entry(candidate.entry),
            "message": None
            if message is None
            else clipped(
                shown_message(message, cut=newest.message_cut, limit=_MESSAGE_CHARACTERS),
                _MESSAGE_TOKENS,
            ),
        }
    )


def provider_row(part: ProviderPart) -> Row:
    """A provider, with its trend over the window in six parts."""
    size = len(part.strip) // _QUARTERS
    parts = [part.strip[at : at + size] for at in range(0, len(part.strip), size)]
    return _without_empty(
        {
            "provider": short(part.provider),
            "models": part.models,
            "errors": part.errors,
            "attempts": part.attempts,
            "kinds": _kinds(part.errors_by_kind),
            "error_share_over_the_window": [
                _percent(sum(p.attempts for p in its), sum(p.errors for p in its)) for its in parts
            ]
            if part.errors
            else None,
        }
    )


def resolved_row(part: FindingPart) -> Row:
    """What was found in the window before and is well again."""
    return {
        "about": label(part.provider, part.model) or "benchmark service",
        "category": part.category.value,
        "evidence": clipped(part.evidence, _SENTENCE_TOKENS),
    }


def _kinds(counts: Mapping[ErrorKind, int]) -> dict[str, int]:
    return {kind.value: counts[kind] for kind in sorted(counts) if counts[kind]}


def _percent(attempts: int, errors: int) -> str:
    return f"{100 * errors / attempts:.0f}%" if attempts else "-"


def _entry(entry: CatalogueEntry | None) -> Row | None:
    if entry is None:
        return None
    return _without_empty(
        {
            "enabled": entry.enabled,
            "deprecated": entry.deprecated or None,
            "deprecation_date": f"{entry.deprecation_date:%Y-%m-%d}"
            if entry.deprecation_date
            else None,
            "successor": short(shown(entry.successor)) if entry.successor else None,
        }
    )


def _without_empty(row: Row) -> Row:
    return {key: value for key, value in row.items() if value not in (None, {}, [])}
