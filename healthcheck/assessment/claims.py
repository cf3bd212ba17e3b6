"""The AI's claims: each is borne out by the data, or dropped and counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from healthcheck.assessment.grounds import of_finding
from healthcheck.assessment.names import Names, short
from healthcheck.assessment.prose import Ground, checked
from healthcheck.assessment.schema import Answer
from healthcheck.diagnosis import Category, Finding, Severity, Status
from healthcheck.report.build import finding_part
from healthcheck.report.contract import FindingPart
from healthcheck.taxonomy import ErrorKind

MOST_CLAIMS = 60
"""Of each sort; an honest answer has a handful."""
_MOST_WORDS = 2
_OTHERWISE = {
    Category.DEPRECATED_MODEL: "It takes the model for retired.",
    Category.CODE_FIX: "It takes our request for wrong.",
}
_KINDS = {
    Category.DEPRECATED_MODEL: frozenset({ErrorKind.HARD_MODEL}),
    Category.CODE_FIX: frozenset({ErrorKind.HARD_CAPABILITY}),
    Category.PROVIDER_ISSUE: frozenset[ErrorKind](),
}
"""A claim may name its own cause, whatever the rules found."""


class _Claim(NamedTuple):
    category: Category
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is borne out. `additions`: findings of the AI alone; `opinions` by the id of a finding."""

    additions: tuple[FindingPart, ...]
    agreed: frozenset[str]
    opinions: Mapping[str, str]
    dropped: int


def weigh(names: Names, answer: Answer, day: Ground) -> Weighed:
    """Look each claim up in the facts; the opposite of another claim takes both away."""
    additions: list[FindingPart] = []
    agreed: set[str] = set()
    opinions: dict[str, str] = {}
    both = {c.model for c in answer.deprecated_models} & {c.model for c in answer.code_fixes}
    claims, dropped = _claims(answer)
    for claim in claims:
        supported = None if claim.name in both else _supported(claim, names)
        if supported is None:
            dropped += 1
            continue
        part = supported if isinstance(supported, FindingPart) else finding_part(supported)
        base = day | of_finding(part, names) | Ground(kinds=_KINDS[claim.category])
        words, unsupported = checked(claim.why, base, most=_MOST_WORDS)
        dropped += unsupported
        if isinstance(supported, Finding):
            additions.append(_added(part, words, answer.status))
            continue
        agreed.add(part.id)
        told = [_OTHERWISE.get(claim.category) if claim.category != part.category else None, words]
        opinions.setdefault(part.id, " ".join(filter(None, told)))
    return Weighed(
        tuple(additions),
        frozenset(agreed),
        {key: words for key, words in opinions.items() if words},
        dropped,
    )


def _claims(answer: Answer) -> tuple[list[_Claim], int]:
    """Each once, and how many there were beyond all measure."""
    claims = dict.fromkeys((claim.category, claim.name) for claim in _every(answer))
    first = {(claim.category, claim.name): claim for claim in reversed(list(_every(answer)))}
    kept = [first[key] for key in claims][: 3 * MOST_CLAIMS]
    return kept, len(claims) - len(kept)


def _every(answer: Answer) -> Iterator[_Claim]:
    for claim in answer.deprecated_models:
        yield _Claim(Category.DEPRECATED_MODEL, claim.model, claim.why)
    for claim in answer.code_fixes:
        yield _Claim(Category.CODE_FIX, claim.model, claim.why)
    for issue in answer.provider_issues:
        yield _Claim(Category.PROVIDER_ISSUE, issue.provider, issue.why)


def _supported(claim: _Claim, names: Names) -> FindingPart | Finding | None:
    """The finding of the rules that it is about, else the one that the data would bear out."""
    if claim.category is Category.PROVIDER_ISSUE:
        its = (
            part
            for part in names.findings.values()
            if part.category is claim.category and short(part.provider or "") == claim.name
        )
        return next(its, None) or names.providers.get(claim.name)
    subject = names.models.get(claim.name)
    if subject is None:
        return None
    own = subject.finding
    if own and own.category is claim.category:
        return own
    possible = subject.candidate.claims.get(claim.category) if subject.candidate else None
    # Where the rules only watch, the claim is more than an opinion on what they found.
    return own if possible and own and own.severity is not Severity.INFO else possible


def _added(part: FindingPart, words: str | None, rating: Status) -> FindingPart:
    """What the AI itself would not call a warning is none."""
    severity = Severity.INFO if rating is Status.HEALTHY else part.severity
    return part.model_copy(update={"sources": ("ai",), "opinion": words, "severity": severity})
