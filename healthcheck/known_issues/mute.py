"""Known issues: findings that somebody has decided not to be told of, for a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from healthcheck.diagnosis import CATEGORIES, Category, Diagnosis, Finding, judged


@dataclass(frozen=True, slots=True)
class Mute:
    """What to be silent about; a field that is None fits everything.

    `model` may hold the wildcards of shells; `until` is the last day on which it holds, in UTC.
    """

    provider: str | None = None
    model: str | None = None
    category: Category | None = None
    until: date | None = None
    reason: str | None = None

    def expired(self, today: date) -> bool:
        """Whether it no longer holds."""
        return self.until is not None and self.until < today

    def fits(self, finding: Finding) -> bool:
        """Whether it is about this finding; one about models leaves wider findings alone."""
        return self.hides(finding.category, finding.provider, finding.model)

    def hides(self, category: Category, provider: str | None, model: str | None) -> bool:
        """Whether it is about a finding of that category, provider and model."""
        if self.category not in (None, category):
            return False
        if self.provider not in (None, provider):
            return False
        return self.model is None or (model is not None and fnmatchcase(model, self.model))

    def __str__(self) -> str:
        """What it is about, for people."""
        category = self.category and CATEGORIES[self.category].word
        parts = [self.provider, self.model, category]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class MutedFinding:
    """A finding and what hides it."""

    finding: Finding
    mute: Mute


@dataclass(frozen=True, slots=True)
class Muting:
    """A diagnosis without what is muted, and what a reader is told of the mutes."""

    diagnosis: Diagnosis
    muted: tuple[MutedFinding, ...]
    expired: tuple[Mute, ...]
    unused: tuple[Mute, ...]


def apply_mutes(diagnosis: Diagnosis, mutes: Sequence[Mute], today: date) -> Muting:
    """Take muted findings out of the lists and the status.

    What a muted finding explains stays explained: that was settled before.
    """
    valid = [mute for mute in mutes if not mute.expired(today)]
    muted = [
        MutedFinding(finding, mute)
        for finding in diagnosis.findings
        if (mute := _first(valid, finding)) is not None
    ]
    hidden = {entry.finding.key for entry in muted}
    used = {
        mute
        for mute in valid
        if any(mute.fits(finding) for finding in (*diagnosis.findings, *diagnosis.resolved))
    }
    return Muting(
        diagnosis=judged(
            replace(
                diagnosis,
                findings=tuple(f for f in diagnosis.findings if f.key not in hidden),
                resolved=tuple(f for f in diagnosis.resolved if _first(valid, f) is None),
            )
        ),
        muted=tuple(muted),
        expired=tuple(mute for mute in mutes if mute.expired(today)),
        unused=tuple(mute for mute in valid if mute not in used),
    )


def _first(mutes: Sequence[Mute], finding: Finding) -> Mute | None:
    return next((mute for mute in mutes if mute.fits(finding)), None)
