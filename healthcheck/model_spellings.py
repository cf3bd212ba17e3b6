"""Names that differ only in case or blanks are one model."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from operator import add, attrgetter
from typing import TypeVar

from healthcheck.activity import Activity, CatalogEntry, ModelActivity, ModelKey
from healthcheck.redaction import redact

_Value = TypeVar("_Value")


def merge_spellings(activity: Activity) -> Activity:
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
        name = ModelKey(*map(redact, raw))
        if len(pairs) > 1 or name != raw:
            chosen |= dict.fromkeys(pairs, name)
            spellings[name] = tuple(sorted(pairs))
    return replace(
        activity,
        current=activity.current._replace(pairs=_merged(activity.current.pairs, chosen, _both)),
        previous=activity.previous._replace(pairs=_merged(activity.previous.pairs, chosen, _both)),
        baseline=_merged(activity.baseline, chosen, lambda *both: tuple(map(add, *both))),
        last_success=(
            None if activity.last_success is None else _merged(activity.last_success, chosen, max)
        ),
        last_failures=_merged(activity.last_failures, chosen, partial(max, key=attrgetter("last"))),
        results=_merged(activity.results, chosen, add),
        catalog=None
        if activity.catalog is None
        else _merged(catalog, chosen, partial(min, key=_rank)),
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


def _merged(
    values: Mapping[ModelKey, _Value],
    chosen: Mapping[ModelKey, ModelKey],
    both: Callable[[_Value, _Value], _Value],
) -> dict[ModelKey, _Value]:
    """The values by the chosen names, in their order; `both` makes one of two."""
    merged: dict[ModelKey, _Value] = {}
    for pair, value in values.items():
        name = chosen.get(pair, pair)
        merged[name] = both(merged[name], value) if name in merged else value
    return dict(sorted(merged.items()))


def _both(one: ModelActivity, other: ModelActivity) -> ModelActivity:
    return ModelActivity(one.errors + other.errors, one.successes + other.successes)
