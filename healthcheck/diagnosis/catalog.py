"""Findings about the catalog: what changed in it, what retires soon, what looks left behind."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from healthcheck.activity import Activity, CatalogEntry, ModelKey, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Aspect, Category
from healthcheck.diagnosis.causes import OF_THE_PROVIDER
from healthcheck.diagnosis.findings import Finding, Severity, for_information
from healthcheck.diagnosis.model import about_model
from healthcheck.diagnosis.record import Record
from healthcheck.diagnosis.timeline import Timeline
from healthcheck.diagnosis.wording import day, how_long, listed, reason_in_words, several, when

_Entries = Mapping[ModelKey, CatalogEntry]
_Lines = Mapping[ModelKey, Timeline]
_PROBING = "probing"
_POLICY = "policy"
"""The class of what was disabled by decision, however well it works."""
_FEW = 3
"""So many models are named."""
_STAYS_OFF = frozenset({"hard_model", "hard_capability", _POLICY})


def catalog_findings(
    activity: Activity,
    lines: _Lines,
    records: Mapping[ModelKey, Record],
    ended: Collection[Finding],
) -> list[Finding]:
    """All of them, for the current window; `ended` are problems that are over."""
    catalog, window = activity.catalog or {}, activity.current.window
    for_outage = _disabled_in_outage(catalog, window, ended)
    text = "been disabled during a problem that is over"
    to_enable = _to_review("disabled_in_outage", for_outage, "model", text)
    found = [
        _disabled(catalog, window, lines, for_outage),
        _promoted(catalog, window),
        _still_attempted(catalog, window, lines),
        _probing_too_long(catalog, window),
        replace(to_enable, severity=Severity.WARNING),
        _spelled_twice(activity),
        *(_retiring(record, window) for record in records.values()),
    ]
    return [finding for finding in found if finding and finding.models]


def _disabled_at(entry: CatalogEntry) -> datetime | None:
    return entry.disabled_at if entry.enabled is False else None


def _in_time(
    catalog: _Entries,
    moment: Callable[[CatalogEntry], datetime | None],
    until: datetime,
    since: datetime | None = None,
) -> dict[ModelKey, datetime]:
    """The models that this happened to, and when."""
    known = {pair: at for pair, entry in catalog.items() if (at := moment(entry))}
    return {pair: at for pair, at in known.items() if at < until and (not since or at >= since)}


def _disabled(
    catalog: _Entries, window: Window, lines: _Lines, others: Collection[ModelKey]
) -> Finding:
    """What was switched off in the window, but for `others`, and whether that looks wanted."""
    off = _in_time(catalog, _disabled_at, window.until, window.since)
    off = {pair: at for pair, at in off.items() if pair not in others}
    running = [pair.provider for pair, entry in catalog.items() if entry.runs]
    enabled = len(running) + len(off)
    unexplained = {p.provider for p in off if not _is_decided(catalog[p])}
    gone = sorted(unexplained - set(running))
    doubts = []
    if len(off) > limits.DISABLED_SHARE * enabled:
        doubts.append(f"{100 * len(off) / enabled:.0f}% of the enabled models")
    if gone:
        doubts.append(f"all models of {listed(gone)}")
    if in_vain := [pair.model for pair in off if _fails(catalog[pair].successor, pair, lines)]:
        doubts.append(f"the successor of {listed(in_vain)} fails")
    why = Counter(_reason(catalog[p], named=len(off) <= _FEW) for p in off)
    reasons = [f"{count} {reason_in_words(reason)}" for reason, count in why.most_common()]
    whose = listed([" ".join(p) for p in off]) if len(off) <= _FEW else _by_provider(off)
    evidence = f"{len(off):,} of {several(enabled, 'enabled model')} disabled: {whose}."
    evidence += f" Check it: {', '.join(doubts)}." if doubts else ""
    evidence += f" Reasons: {listed(reasons)}."
    finding = for_information(Category.CATALOG_CHANGE, evidence, off, off.values(), "disabled")
    return replace(finding, severity=Severity.WARNING) if doubts else finding


def _fails(successor: str | None, pair: ModelKey, lines: _Lines) -> bool:
    """Whether what replaces the model never succeeded, and not for what passes at a provider."""
    its = lines.get(pair._replace(model=successor or ""), Timeline())
    return not its.succeeded and any(f.kind not in OF_THE_PROVIDER for f in its.failures)


def _is_decided(entry: CatalogEntry) -> bool:
    """Whether somebody chose this, and wrote down why."""
    return entry.disabled_class == _POLICY and " " in (entry.disabled_reason or "")


def _reason(entry: CatalogEntry, *, named: bool) -> str:
    """What was written by whoever decided it; what failed was told of when it failed."""
    written = entry.disabled_reason if entry.disabled_class in (None, _POLICY) else None
    reason = written or entry.disabled_class or ""
    its = entry.successor
    return reason.replace(its, "another model") if its and not named else reason


def _promoted(catalog: _Entries, window: Window) -> Finding:
    new = _in_time(catalog, lambda e: e.promoted_at if e.runs else None, window.until, window.since)
    added = several(len(new), "model was added", "models were added")
    evidence = f"{added}: {_by_provider(new)}."
    return for_information(Category.CATALOG_CHANGE, evidence, new, new.values(), "promoted")


def _still_attempted(catalog: _Entries, window: Window, lines: _Lines) -> Finding | None:
    """Work that goes on for models that do not run costs money and pushes the others back."""
    counts: Counter[ModelKey] = Counter()
    begins: list[datetime] = []
    off = [pair for pair, e in catalog.items() if e.enabled is False and e.status != _PROBING]
    for pair in set(off) & set(lines):
        since, at = window.until - limits.DISABLED_UNKNOWN_SINCE, catalog[pair].disabled_at
        its = lines[pair].within(at + limits.DISABLED_GRACE if at else since, window.until)
        if its.attempts:
            counts[pair] = its.attempts
            begins += [failure.last for failure in its.failures]
            begins += [bucket.last for bucket in its.successes]
    total, most = counts.total(), max(counts.values(), default=0)
    if most < limits.DISABLED_MIN_ATTEMPTS and total < limits.DISABLED_MIN_ATTEMPTS_OF_ALL:
        return None
    finding = for_information(
        Category.DISABLED_ATTEMPTED,
        f"{several(len(counts), 'disabled model is', 'disabled models are')} still attempted: "
        f"{several(total, 'attempt')} since {when(min(begins))}.",
        counts,
        begins,
    )
    is_much = total >= limits.DISABLED_MIN_ATTEMPTS_OF_ALL
    return replace(finding, severity=Severity.WARNING) if is_much else finding


def _probing_too_long(catalog: _Entries, window: Window) -> Finding:
    def began(entry: CatalogEntry) -> datetime | None:
        is_probing = entry.status == _PROBING and not entry.runs
        return (entry.admission_started_at or entry.created_at) if is_probing else None

    since = _in_time(catalog, began, window.until - limits.PROBING_TOO_LONG)
    oldest = how_long(window.until - min(since.values(), default=window.until))
    text = f"been probing for more than 4 days, the oldest for {oldest}"
    return _to_review("probing", since, "candidate", text)


def _disabled_in_outage(
    catalog: _Entries, window: Window, ended: Collection[Finding]
) -> dict[ModelKey, datetime]:
    """What was switched off while its provider, or all, had a problem that is over since."""
    return {
        pair: at
        for pair, at in _in_time(catalog, _disabled_at, window.until).items()
        if (catalog[pair].disabled_class or "").lower() not in _STAYS_OFF
        and any(
            f.provider in (None, pair.provider) and f.since and f.until and f.since <= at <= f.until
            for f in ended
        )
    }


def _to_review(aspect: Aspect, since: Mapping[ModelKey, datetime], noun: str, text: str) -> Finding:
    names = listed([" ".join(pair) for pair in sorted(since)])
    have = several(len(since), f"{noun} has", f"{noun}s have")
    evidence = f"{have} {text}: {names}."
    return for_information(Category.CATALOG_REVIEW, evidence, since, since.values(), aspect)


def _spelled_twice(activity: Activity) -> Finding | None:
    twice = {
        pair: raw
        for pair, raw in activity.spellings.items()
        if sum(name in activity.enabled_spellings for name in raw) > 1
    }
    if not twice:
        return None
    examples = [" and ".join(name.model for name in raw) for raw in twice.values()]
    models = several(len(twice), "model is", "models are")
    evidence = f"{models} enabled under two spellings and measured twice: {listed(examples)}."
    return for_information(Category.CATALOG_REVIEW, evidence, twice, (), "spellings")


def _retiring(record: Record, window: Window) -> Finding | None:
    """A model that still works and has a date for its end: ahead, or behind."""
    entry, date = record.entry, record.entry.deprecation_date if record.entry else None
    if entry is None or date is None or not record.succeeded or record.run:
        return None
    left = date - window.until
    if left > limits.RETIRES_SOON:
        return None
    text = f"Retires on {day(date)}, in {how_long(left)}"
    if left < timedelta():
        text = f"Past its end date {day(date)} and still working"
    follow = f"; successor {entry.successor}" if entry.successor else ""
    return replace(
        about_model(Category.RETIRING_MODEL, record),
        severity=Severity.INFO,
        evidence=f"{text}{follow}.",
    )


def _by_provider(pairs: Iterable[ModelKey]) -> str:
    counts = Counter(pair.provider for pair in pairs).most_common()
    return listed([f"{provider} {count}" for provider, count in counts], 5)
