"""The names that the AI may use: what each stands for in the report and in the facts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from healthcheck.assessment.facts import Candidate
from healthcheck.diagnosis import Finding
from healthcheck.report.contract import FindingPart, PatternPart

_MOST = 100
_CUT = "..."
_UNFIT = re.compile(r'["\\`<>{}]')
"""What the API may refuse in an enumeration, or what would end a quotation."""


@dataclass(slots=True)
class Subject:
    """A model of the day: its finding by the rules, and what else may be claimed of it."""

    finding: FindingPart | None = None
    candidate: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """By the name that stands in the prompt; `before` are the figures of the window before."""

    findings: Mapping[str, FindingPart] = field(default_factory=dict)
    models: Mapping[str, Subject] = field(default_factory=dict)
    providers: Mapping[str, Finding | None] = field(default_factory=dict)
    patterns: Mapping[str, PatternPart] = field(default_factory=dict)
    successors: Mapping[str, str] = field(default_factory=dict)
    before: tuple[int, ...] = ()

    @property
    def by_sort(self) -> dict[str, list[str]]:
        """The enumerations of the schema."""
        return {
            "finding": list(self.findings),
            "model": list(self.models),
            "provider": list(self.providers),
            "pattern": list(self.patterns),
        }


def short(name: str) -> str:
    """A name as a prompt can bear it: bounded, and nothing in it that ends a quotation."""
    cut = name if len(name) <= _MOST else name[: _MOST - len(_CUT)].rstrip() + _CUT
    return _UNFIT.sub("'", cut)


def label(provider: str | None, model: str | None) -> str:
    """A model is the pair."""
    return " ".join(short(name) for name in (provider, model) if name)
