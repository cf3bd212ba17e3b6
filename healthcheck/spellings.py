"""Names that differ only in case or blanks are one model."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from healthcheck.activity import (
    Activity,
    AttemptCounts,
    CatalogEntry,
    ErrorBucket,
    ModelActivity,
    ModelKey,
    ResultChecks,
    WindowActivity,
)
from healthcheck.report.sanitize import sanitized


def with_merged_spellings(activity: Activity) -> Activity:
    """The same with one pair for all spellings of a name; `spellings` has the raw ones.

    The name shown is that of the catalog, of the enabled spelling first; enabled if any is. It is
    redacted here, before any sentence is made of it: a secret in a name is known by what ends it.
    """
    catalog = activity.catalog or {}
    counted = [activity.current.pairs, activity.previous.pairs, activity.baseline, catalog]
    by_folded: dict[tuple[str, str], set[ModelKey]] = defaultdict(set)
    for names in counted:
        for pair in names:
            by_folded[_folded(pair.provider), _folded(pair.model)].add(pair)
    chosen: dict[ModelKey, ModelKey] = {}
    spellings: dict[ModelKey, tuple[ModelKey, ...]] = {}
    for pairs in by_folded.values():
        raw = min(pairs, key=lambda pair: (_rank(catalog.get(pair)), pair))
        name = ModelKey(sanitized(raw.provider), sanitized(raw.model))
        if len(pairs) > 1 or name != raw:
            chosen |= dict.fromkeys(pairs, name)
            spellings[name] = tuple(sorted(pairs))
    if not spellings:
        return activity
    return replace(
        activity,
        current=_window(activity.current, chosen),
        previous=_window(activity.previous, chosen),
        baseline=_baseline(activity.baseline, chosen),
        last_success=(
            None if activity.last_success is None else _newest(activity.last_success, chosen)
        ),
        last_failures=_last_failures(activity, chosen),
        results=_results(activity.results, chosen),
        catalog=None if activity.catalog is None else _entries(catalog, chosen),
        spellings=dict(sorted(spellings.items())),
        enabled_spellings=frozenset(
            pair for pair in chosen if (entry := catalog.get(pair)) and entry.runs
        ),
    )


def _folded(name: str) -> str:
    return "".join(name.casefold().split())


def _rank(entry: CatalogEntry | None) -> int:
    if entry is None:
        return 2
    return 0 if entry.runs else 1


def _window(window: WindowActivity, chosen: Mapping[ModelKey, ModelKey]) -> WindowActivity:
    pairs: dict[ModelKey, ModelActivity] = {}
    for pair, done in window.pairs.items():
        name = chosen.get(pair, pair)
        other = pairs.get(name, ModelActivity())
        errors = sorted(
            (*other.errors, *done.errors), key=lambda c: (c.hour, c.stored_kind or "", c.stage)
        )
        successes = sorted((*other.successes, *done.successes), key=lambda cell: cell.hour)
        pairs[name] = ModelActivity(tuple(errors), tuple(successes))
    return replace(window, pairs=dict(sorted(pairs.items())))


def _baseline(
    baseline: Mapping[ModelKey, tuple[AttemptCounts, ...]], chosen: Mapping[ModelKey, ModelKey]
) -> dict[ModelKey, tuple[AttemptCounts, ...]]:
    merged: dict[ModelKey, tuple[AttemptCounts, ...]] = {}
    for pair, tallies in baseline.items():
        name = chosen.get(pair, pair)
        other = merged.get(name)
        merged[name] = tuple(map(_both, other, tallies)) if other else tallies
    return dict(sorted(merged.items()))


def _both(one: AttemptCounts, other: AttemptCounts) -> AttemptCounts:
    return AttemptCounts(
        one.errors + other.errors,
        one.successes + other.successes,
        _later(one.last_error, other.last_error),
        _later(one.last_success, other.last_success),
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)


def _newest(
    moments: Mapping[ModelKey, datetime], chosen: Mapping[ModelKey, ModelKey]
) -> dict[ModelKey, datetime]:
    newest: dict[ModelKey, datetime] = {}
    for pair, moment in moments.items():
        name = chosen.get(pair, pair)
        newest[name] = max(moment, newest.get(name, moment))
    return dict(sorted(newest.items()))


def _last_failures(
    activity: Activity, chosen: Mapping[ModelKey, ModelKey]
) -> dict[ModelKey, ErrorBucket]:
    """Of the spelling that failed last; none where another spelling was attempted since."""
    attempted = {chosen.get(pair, pair) for pair in activity.previous.pairs}
    newest: dict[ModelKey, ErrorBucket] = {}
    for pair, cell in activity.last_failures.items():
        name = chosen.get(pair, pair)
        if name not in attempted and (name not in newest or cell.last > newest[name].last):
            newest[name] = cell
    return dict(sorted(newest.items()))


def _results(
    results: Mapping[ModelKey, ResultChecks], chosen: Mapping[ModelKey, ModelKey]
) -> dict[ModelKey, ResultChecks]:
    merged: dict[ModelKey, ResultChecks] = {}
    for pair, checks in results.items():
        name = chosen.get(pair, pair)
        merged[name] = _both_results(merged[name], checks) if name in merged else checks
    return dict(sorted(merged.items()))


def _both_results(one: ResultChecks, other: ResultChecks) -> ResultChecks:
    return ResultChecks(
        results=one.results + other.results,
        no_visible_tokens=one.no_visible_tokens + other.no_visible_tokens,
        off_length=one.off_length + other.off_length,
        off_tokens=_least(one.off_tokens, other.off_tokens),
        requested=_most(one.requested, other.requested),
        fastest=_most(one.fastest, other.fastest),
        usual_speed=_most(one.usual_speed, other.usual_speed),
    )


def _least(*values: Any) -> Any:
    return min((value for value in values if value is not None), default=None)


def _most(*values: Any) -> Any:
    return max((value for value in values if value is not None), default=None)


def _entries(
    catalog: Mapping[ModelKey, CatalogEntry], chosen: Mapping[ModelKey, ModelKey]
) -> dict[ModelKey, CatalogEntry]:
    """The entry of the best spelling: it is enabled if any is."""
    entries: dict[ModelKey, CatalogEntry] = {}
    for pair, entry in catalog.items():
        name = chosen.get(pair, pair)
        if name not in entries or _rank(entry) < _rank(entries[name]) or name == pair:
            entries[name] = entry
    return entries
