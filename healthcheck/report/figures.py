"""The numbers of the mail."""

from collections import Counter
from datetime import timedelta
from math import ceil

from healthcheck.diagnosis.wording import in_words
from healthcheck.report.contract import (
    ModelPart,
    PartOfTime,
    PatternPart,
    ProviderPart,
    Reading,
    Report,
)
from healthcheck.report.phrases import cut, cut_name, share, span
from healthcheck.report.story import (
    Figures,
    KindLine,
    Limits,
    ModelLine,
    PatternLine,
    ProviderLine,
    cut_rows,
)
from healthcheck.report.strip import PARTS
from healthcheck.taxonomy import ErrorKind

LEVELS = 4
"""How many shades of failing a strip tells apart."""
_SAMPLE = 220
_TELLING_SHARE, _TELLING_ERRORS = 0.5, 2


def figures(report: Report, limits: Limits) -> Figures:
    """Totals, kinds, providers, the models that fail most, and what no rule knows."""
    length = report.window.until - report.window.since
    failing = (part for part in report.models if part.errors)
    unknown = (part for part in report.patterns if part.kind is ErrorKind.UNKNOWN)
    return Figures(
        attempts=report.totals.attempts,
        errors=report.totals.errors,
        not_stored=report.totals.not_stored,
        share=share(report.totals.errors, report.totals.attempts),
        models=len(report.models),
        kinds=_kinds(report),
        providers=cut_rows(
            report.providers, limits.providers, lambda part: _provider(part, report)
        ),
        part=span(length / PARTS),
        models_failing=cut_rows(failing, limits.models, _model),
        unknown=cut_rows(unknown, limits.unknown, _pattern),
    )


def _kinds(report: Report) -> tuple[KindLine, ...]:
    """As the providers' rows count: without results that could not be stored."""
    totals: Counter[ErrorKind] = Counter()
    for part in report.providers:
        totals.update(part.errors_by_kind)
    counts = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    most = counts[0][1] if counts else 0
    return tuple(
        KindLine(kind.value, in_words(kind), count, ceil(100 * count / most))
        for kind, count in counts
        if count
    )


def _provider(part: ProviderPart, report: Report) -> ProviderLine:
    return ProviderLine(
        provider=cut_name(part.provider),
        attempts=part.attempts,
        errors=part.errors,
        share=share(part.errors, part.attempts),
        levels=tuple(map(_level, part.strip)),
        worst=_worst(part, report),
    )


def _level(part: PartOfTime) -> int | None:
    """0 where nothing failed, LEVELS where more than three quarters did."""
    return ceil(LEVELS * part.errors / part.attempts) if part.attempts else None


def _worst(part: ProviderPart, report: Report) -> str | None:
    """When the worst part of the window began, where there is one that says something."""
    length = report.window.until - report.window.since
    shares = [
        (its.errors / its.attempts, its.errors, number)
        for number, its in enumerate(part.strip)
        if its.errors >= _TELLING_ERRORS
    ]
    worst = max(shares, default=(0.0, 0, 0))
    if worst[0] < _TELLING_SHARE:
        return None
    begin = report.window.since + worst[2] * length / PARTS
    return f"{begin:%H:%M}" if length <= timedelta(days=1) else f"{begin:%m-%d %H:%M}"


def _model(part: ModelPart) -> ModelLine:
    ranked = sorted(part.errors_by_kind.items(), key=lambda item: (-item[1], item[0]))
    return ModelLine(
        name=cut_name(part.provider, part.model),
        attempts=part.attempts,
        errors=part.errors,
        kinds=", ".join(f"{count} {kind}" for kind, count in ranked),
    )


def _pattern(part: PatternPart) -> PatternLine:
    return PatternLine(
        provider=cut_name(part.provider),
        count=part.count,
        sample=cut(part.sample, _SAMPLE),
        reading=None if part.reading is None else _reading(part.reading),
    )


def _reading(part: Reading) -> str:
    words = f" {cut(part.words, _SAMPLE)}" if part.words else ""
    return f"it reads as {part.kind}, {in_words(part.kind)}.{words}"
