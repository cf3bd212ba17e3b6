"""Findings about the catalog: what changed in it, what retires soon, what looks left behind."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from healthcheck.activity import Activity, CatalogueEntry, Pair, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.findings import Category, Finding, Severity
from healthcheck.diagnosis.record import Record
from healthcheck.diagnosis.timeline import Timeline
from healthcheck.diagnosis.wording import day, how_long, listed, reason_in_words, several, when

_Entries = Mapping[Pair, CatalogueEntry]
_PROBING = "probing"
_FOR_ACCESS = frozenset({"billing", "auth", "access", "credentials", "quota"})


def catalog_findings(
    activity: Activity, lines: Mapping[Pair, Timeline], records: Mapping[Pair, Record]
) -> list[Finding]:
    """All of them, for the current window."""
    catalogue, window = activity.catalogue, activity.current.window
    if not catalogue:
        return []
    found = [
        _disabled(catalogue, window, lines),
        _promoted(catalogue, window),
        _still_attempted(catalogue, window, lines),
        _probing_too_long(catalogue, window),
        _disabled_for_long(catalogue, window, records),
        _spelled_twice(activity),
        *_retiring(window, records),
    ]
    return [finding for finding in found if finding]


def _disabled(
    catalogue: _Entries, window: Window, lines: Mapping[Pair, Timeline]
) -> Finding | None:
    """What was switched off in the window, and whether that looks wanted."""
    off = {
        pair: entry
        for pair, entry in catalogue.items()
        if entry.enabled is False and _within(entry.disabled_at, window)
    }
    if not off:
        return None
    running = sum(entry.runs for entry in catalogue.values())
    enabled = running + len(off)
    gone = sorted(
        {pair.provider for pair in off}
        - {pair.provider for pair, entry in catalogue.items() if entry.runs}
    )
    worked = [pair for pair, entry in off.items() if _worked(lines.get(pair), entry)]
    why = Counter(entry.disabled_class or entry.disabled_reason or "" for entry in off.values())
    at = Counter(pair.provider for pair in off)
    doubts = []
    if len(off) > limits.DISABLED_SHARE * enabled:
        doubts.append(f"{100 * len(off) / enabled:.0f}% of the enabled models")
    if gone:
        doubts.append(f"all models of {listed(gone)}")
    if worked:
        doubts.append(f"{several(len(worked), 'model')} had just succeeded")
    reasons = [
        f"{count} {reason_in_words(reason)}" if reason else f"{count} without a reason"
        for reason, count in why.most_common()
    ]
    return Finding(
        category=Category.CATALOG_CHANGE,
        severity=Severity.WARNING if doubts else Severity.INFO,
        since=min(entry.disabled_at for entry in off.values() if entry.disabled_at),
        evidence=(
            f"{len(off):,} of {several(enabled, 'enabled model')} disabled: "
            f"{listed([f'{provider} {count}' for provider, count in at.most_common()])}; reasons: "
            f"{listed(reasons)}" + (f". Check it: {', '.join(doubts)}." if doubts else ".")
        ),
        models=tuple(sorted(off)),
        aspect="disabled",
    )


def _worked(line: Timeline | None, entry: CatalogueEntry) -> bool:
    """Whether it succeeded shortly before it was disabled, and did not fail since."""
    if line is None or not line.successes or entry.disabled_at is None:
        return False
    last = (
        max(cell.last for cell in line.successes if cell.first <= entry.disabled_at)
        if any(cell.first <= entry.disabled_at for cell in line.successes)
        else None
    )
    failed = [f.last for f in line.failures if f.last <= entry.disabled_at]
    return (
        last is not None
        and entry.disabled_at - last <= limits.MIN_QUIET
        and (not failed or max(failed) < last)
    )


def _promoted(catalogue: _Entries, window: Window) -> Finding | None:
    new = {
        pair: entry.promoted_at
        for pair, entry in catalogue.items()
        if entry.runs and entry.promoted_at and _within(entry.promoted_at, window)
    }
    if not new:
        return None
    at = Counter(pair.provider for pair in new)
    return Finding(
        category=Category.CATALOG_CHANGE,
        severity=Severity.INFO,
        since=min(new.values()),
        evidence=(
            f"{several(len(new), 'model')} {_were(len(new))} added: "
            f"{listed([f'{provider} {count}' for provider, count in at.most_common()], 5)}."
        ),
        models=tuple(sorted(new)),
        aspect="promoted",
    )


def _still_attempted(
    catalogue: _Entries, window: Window, lines: Mapping[Pair, Timeline]
) -> Finding | None:
    """Work that goes on for models that do not run costs money and pushes the others back."""
    counts: dict[Pair, int] = {}
    begins: list[datetime] = []
    for pair, line in lines.items():
        entry = catalogue.get(pair)
        if entry is None or entry.enabled is not False or entry.status == _PROBING:
            continue
        since = (
            entry.disabled_at + limits.DISABLED_GRACE
            if entry.disabled_at
            else window.until - limits.DISABLED_UNKNOWN_SINCE
        )
        late = [(f.last, f.count) for f in line.failures if f.last > since]
        late += [(cell.last, cell.count) for cell in line.successes if cell.last > since]
        count = sum(number for _, number in late)
        if count:
            counts[pair] = count
            begins.append(min(at for at, _ in late))
    total = sum(counts.values())
    if max(counts.values(), default=0) < limits.DISABLED_MIN_ATTEMPTS and (
        total < limits.DISABLED_MIN_ATTEMPTS_OF_ALL
    ):
        return None
    return Finding(
        category=Category.DISABLED_ATTEMPTED,
        severity=Severity.WARNING,
        attempts=total,
        since=min(begins),
        evidence=(
            f"{several(len(counts), 'disabled model')} {'is' if len(counts) == 1 else 'are'} still "
            f"attempted: {several(total, 'attempt')} since {when(min(begins))}. They cost money and "
            "delay the others."
        ),
        models=tuple(sorted(counts)),
    )


def _probing_too_long(catalogue: _Entries, window: Window) -> Finding | None:
    since = {
        pair: begin
        for pair, entry in catalogue.items()
        if not entry.runs
        and entry.status == _PROBING
        and (begin := entry.admission_started_at or entry.created_at)
        and window.until - begin > limits.PROBING_TOO_LONG
    }
    if not since:
        return None
    oldest = how_long(window.until - min(since.values()))
    return _review(
        "probing",
        since,
        min(since.values()),
        f"{several(len(since), 'candidate')} {_have(len(since))} been probing for more than 4 days, "
        f"the oldest for {oldest}: {_names(since)}.",
    )


def _disabled_for_long(
    catalogue: _Entries, window: Window, records: Mapping[Pair, Record]
) -> Finding | None:
    """Switched off for money or access, and their provider works again."""
    works = {pair.provider for pair, record in records.items() if record.succeeded}
    since = {
        pair: entry.disabled_at
        for pair, entry in catalogue.items()
        if entry.enabled is False
        and (entry.disabled_class or "").lower() in _FOR_ACCESS
        and entry.disabled_at
        and window.until - entry.disabled_at > limits.DISABLED_TOO_LONG
        and pair.provider in works
    }
    if not since:
        return None
    return _review(
        "disabled_long",
        since,
        min(since.values()),
        f"{several(len(since), 'model')} {_have(len(since))} been disabled for billing or access "
        f"for more than 7 days, at providers that work again: {_names(since)}.",
    )


def _spelled_twice(activity: Activity) -> Finding | None:
    catalogue = activity.catalogue or {}
    twice = {
        pair: spellings
        for pair, spellings in activity.spellings.items()
        if catalogue.get(pair) and catalogue[pair].runs and _enabled_twice(activity, spellings)
    }
    if not twice:
        return None
    examples = [" and ".join(each.model for each in spellings) for spellings in twice.values()]
    return _review(
        "spellings",
        twice,
        None,
        f"{several(len(twice), 'model')} {'is' if len(twice) == 1 else 'are'} enabled under two "
        f"spellings and measured twice: {listed(examples)}.",
    )


def _enabled_twice(activity: Activity, spellings: Sequence[Pair]) -> bool:
    return sum(pair in activity.enabled_spellings for pair in spellings) > 1


def _retiring(window: Window, records: Mapping[Pair, Record]) -> Iterable[Finding]:
    """Models that still work and have a date for their end: ahead, or behind."""
    soon: dict[str, dict[Pair, CatalogueEntry]] = defaultdict(dict)
    for pair, record in records.items():
        entry = record.entry
        if entry is None or entry.deprecation_date is None or not record.succeeded or record.run:
            continue
        left = entry.deprecation_date - window.until
        if left < timedelta():
            soon["past"][pair] = entry
        elif left <= limits.RETIRES_SOON:
            soon[pair.provider][pair] = entry
    for provider, models in sorted(soon.items()):
        for pair, entry in sorted(models.items()):
            date = entry.deprecation_date
            if date is None:
                continue
            follow = f"; successor {entry.successor}" if entry.successor else ""
            is_past = provider == "past"
            is_now = not is_past and date - window.until <= limits.RETIRES_NOW
            told = (
                f"Past its end date {day(date)} and still working"
                if is_past
                else f"Retires on {day(date)}, in {how_long(date - window.until)}"
            )
            yield Finding(
                category=Category.RETIRING_MODEL,
                severity=Severity.WARNING if is_now else Severity.INFO,
                provider=pair.provider,
                model=pair.model,
                attempts=records[pair].attempts,
                last_success=records[pair].last_success,
                evidence=f"{told}{follow}.",
                models=(pair,),
                successor=entry.successor,
                aspect="past_date" if is_past else None,
            )


def _review(aspect: str, pairs: Iterable[Pair], since: datetime | None, evidence: str) -> Finding:
    return Finding(
        category=Category.CATALOG_REVIEW,
        severity=Severity.INFO,
        since=since,
        evidence=evidence,
        models=tuple(sorted(pairs)),
        aspect=aspect,  # type: ignore[arg-type]  # one of its words
    )


def _names(pairs: Iterable[Pair]) -> str:
    return listed([" ".join(pair) for pair in sorted(pairs)])


def _within(moment: datetime | None, window: Window) -> bool:
    return moment is not None and window.since <= moment < window.until


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
