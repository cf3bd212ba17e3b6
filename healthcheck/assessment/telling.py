"""The AI's summary, advice and readings, as far as the data bears them out."""

from collections.abc import Iterable, Mapping

from healthcheck.assessment.grounds import of_finding, of_pattern
from healthcheck.assessment.names import Names
from healthcheck.assessment.prose import Ground, checked, names_one_of, sentences_of
from healthcheck.assessment.schema import PatternClaim, Sentence, Step
from healthcheck.report.contract import FindingPart, Reading
from healthcheck.taxonomy import ErrorKind

MOST_SENTENCES = 3
_MOST_READ = 12
"""Of a list whose honest length is three."""
_MOST_STEPS = 100


def tell(
    sentences: Iterable[Sentence], names: Names, day: Ground, whole: Ground, *, withheld: bool
) -> tuple[str | None, int]:
    """The sentences that stand on the findings they cite, and how many do not.

    Without any, on those whose provider it names, or else on the `whole` day.
    """
    every = list(sentences)
    kept: list[str] = []
    dropped = max(0, len(every) - _MOST_READ)
    for sentence in every[:_MOST_READ]:
        cited = [names.findings.get(each) for each in sentence.findings]
        if withheld or None in cited:
            dropped += len(sentences_of(sentence.text)) or 1
            continue
        about = [part for part in cited if part] or named_in(sentence.text, names.findings.values())
        base = day if about else whole
        for part in about:
            base |= of_finding(part, names)
        words, unsupported = checked(sentence.text, base | _counted(len(about)))
        dropped += unsupported
        if words:
            kept.append(words)
    return " ".join(kept[:MOST_SENTENCES]) or None, dropped


def advise(
    steps: Iterable[Step], names: Names, day: Ground
) -> tuple[list[str], Mapping[str, str], int]:
    """The order of the findings, the advice on each, and how much was dropped."""
    every = list(steps)
    order: list[str] = []
    advice: dict[str, str] = {}
    dropped = max(0, len(every) - _MOST_STEPS)
    for step in every[:_MOST_STEPS]:
        part = names.findings.get(step.finding)
        if part is None:
            dropped += 1
            continue
        if part.id in order:
            continue
        order.append(part.id)
        words, unsupported = checked(step.advice, day | of_finding(part, names), most=2)
        dropped += unsupported
        if words:
            advice[part.id] = words
    return order, advice, dropped


def read(claims: Iterable[PatternClaim], names: Names) -> tuple[Mapping[int, Reading], int]:
    """What the AI takes unknown messages for, by the identity of the pattern."""
    readings: dict[int, Reading] = {}
    dropped = 0
    for claim in claims:
        part = names.patterns.get(claim.pattern)
        if part is None:
            dropped += 1
            continue
        if claim.kind is ErrorKind.UNKNOWN or id(part) in readings:
            continue
        words, unsupported = checked(claim.why, of_pattern(part), most=2)
        dropped += unsupported
        readings[id(part)] = Reading(kind=claim.kind, words=words)
    return readings, dropped


def named_in(text: str, parts: Iterable[FindingPart]) -> list[FindingPart]:
    """The findings whose provider stands in a text."""
    return [part for part in parts if part.provider and names_one_of(text, {part.provider})]


def _counted(cited: int) -> Ground:
    return Ground(figures=frozenset({str(cited)}))
