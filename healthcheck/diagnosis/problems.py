"""Findings that one cause explains and one remedy ends are one problem."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from healthcheck.activity import HOUR, ModelKey
from healthcheck.diagnosis.categories import CATEGORIES, Category, CategoryRow, Text, order
from healthcheck.diagnosis.causes import KINDS, ON_ONE_RUNNER, Page
from healthcheck.diagnosis.coverage import Coverage
from healthcheck.diagnosis.findings import Finding, Severity, State, short_id
from healthcheck.diagnosis.thresholds import ONSET_REACH, PROVIDER_MIN_MODELS
from healthcheck.diagnosis.wording import (
    THESE_MODELS,
    THIS_MODEL,
    all_of,
    from_to,
    listed,
    named,
    rejected,
    request_fix,
    several,
    when,
)
from healthcheck.taxonomy import ErrorKind

_NO_ACCESS = re.compile(r"(?:not|n't|no) have (?:\w+ )?access|/locations/[a-z]", re.IGNORECASE)
_NEVER = datetime.min.replace(tzinfo=UTC)
_NOT_REQUEUED = Text("{who}: not requeued after a past failure: {words}{how_many}", "{remedy}")
"""What stays of a cause that is gone, whatever it was."""
_MAY_LACK_ACCESS = Text(
    "{who}: not found, or no access",
    "Check whether our account, project and region still have access to {it}: requeue those that we "
    "may use, disable the others{successors}.",
)
"""For models that vanished together, where no message says more than that."""


class Problem(NamedTuple):
    """Findings with one cause, most urgent first; new only where all of them are."""

    findings: tuple[Finding, ...]
    coverage: Coverage

    @property
    def id(self) -> str:
        """Made of category, providers and cause, so that it stays while models come and go."""
        return short_id(self.category, self.category.value, *self.providers, "", self.cause)

    @property
    def category(self) -> Category:
        """That of its most urgent finding."""
        return self.findings[0].category

    @property
    def cause(self) -> str:
        """What one remedy ends."""
        return self.findings[0].cause

    @property
    def row(self) -> CategoryRow:
        """That of its category."""
        return CATEGORIES[self.category]

    @property
    def severity(self) -> Severity:
        """The worst of its findings."""
        return min((f.severity for f in self.findings), key=lambda severity: severity.rank)

    @property
    def state(self) -> State:
        """New only where all of it is."""
        return State.ONGOING if self.new < len(self.findings) else State.NEW

    @property
    def new(self) -> int:
        """How many of its findings are new."""
        return sum(finding.state is State.NEW for finding in self.findings)

    @property
    def since(self) -> datetime | None:
        """When the first of it began, as far as that is known."""
        return min((f.since for f in self.findings if f.since), default=None)

    @property
    def since_is_bound(self) -> bool:
        """Whether it may have begun before."""
        return any(f.since_is_bound for f in self.findings if f.since == self.since)

    @property
    def recurs_since(self) -> datetime | None:
        """When what began again in the window began the first time, as far as that is known."""
        return min((f.recurs_since for f in self.findings if f.recurs_since), default=None)

    @property
    def until(self) -> datetime | None:
        """When the last of it ended; None while any lasts."""
        if any(finding.until is None for finding in self.findings):
            return None
        return max(finding.until for finding in self.findings if finding.until)

    @property
    def models(self) -> tuple[ModelKey, ...]:
        """All that it touches."""
        return tuple(sorted({pair for finding in self.findings for pair in finding.models}))

    @property
    def providers(self) -> tuple[str, ...]:
        """Of its findings, or of its models where they name none."""
        named = {finding.provider for finding in self.findings if finding.provider}
        return tuple(sorted(named or {pair.provider for pair in self.models}))

    @property
    def enabled(self) -> int:
        """How many models of its providers the catalog runs."""
        shares = self.coverage.providers
        return sum(shares[name].enabled for name in self.providers if name in shares)

    @property
    def section(self) -> str:
        """Its heading in the mail: that of its category, unless its action is of another kind."""
        is_other = self._text in {_NOT_REQUEUED, _MAY_LACK_ACCESS} and not self.row.wide
        return CATEGORIES[Category.FAILING_MODEL].section if is_other else self.row.section

    @property
    def page(self) -> Page | None:
        """The page of its only provider that its action is done on."""
        first, is_one = self.findings[0], len(self.providers) == 1
        is_ours = self._needs_requeue or _is_of_one_runner(first) or first.rejected_parameter
        return first.known_cause.page if first.known_cause and is_one and not is_ours else None

    @property
    def name(self) -> str:
        """What it is about: providers, or the model, or how many models of which providers."""
        return self._where if self.row.wide else named(self.models)

    @property
    def title(self) -> str:
        """Who, what and how many, in a line."""
        return self._text.title.format_map(self._words())

    @property
    def action(self) -> str | None:
        """What to do; None where there is nothing to do."""
        is_fine = self.until is not None or self.category is Category.CATALOG_CHANGE
        if self._text.action is None or (is_fine and self.severity is Severity.INFO):
            return None
        words = self._words() | {"who": self._this_model_or(self.name), "remedy": self._remedy()}
        return self._text.action.format_map(words)

    @property
    def _needs_requeue(self) -> bool:
        """Whether its cause is gone."""
        return all(finding.needs_requeue for finding in self.findings)

    @property
    def _text(self) -> Text:
        first = self.findings[0]
        if self._needs_requeue and self.row.text.action == _NOT_REQUEUED.action:
            return _NOT_REQUEUED
        if self.may_lack_access:
            return _MAY_LACK_ACCESS
        return self.row.aspects.get(first.aspect, self.row.text) if first.aspect else self.row.text

    @property
    def may_lack_access(self) -> bool:
        """Whether models vanished together, and no message says more than that or that we lack access."""
        is_gone = self.category is Category.DEPRECATED_MODEL
        many = len(self.models) >= PROVIDER_MIN_MODELS
        return is_gone and many and all(_NO_ACCESS.search(f.message or "") for f in self.findings)

    def _this_model_or(self, who: str) -> str:
        """Whom an action is about: its models stand in the title already."""
        if self.row.wide or self.name not in self.title:
            return who
        return THIS_MODEL if len(self.models) == 1 else THESE_MODELS

    @property
    def _where(self) -> str:
        """The providers that it hits, or all but those that it does not."""
        hit, every = self.providers, list(self.coverage.providers)
        others = [name for name in every if name not in hit]
        if len(hit) > 2 and len(others) == 1:  # noqa: PLR2004 - "all but one" is shorter than three names
            return f"{len(hit)} of {len(every)} providers (all except {others[0]})"
        if len(hit) > 3:  # noqa: PLR2004 - three names can be read at a glance
            return f"{len(hit)} of {len(every)} providers ({listed(hit)})"
        return ", ".join(hit)

    def _words(self) -> dict[str, str]:
        """What the templates of categories and causes may name."""
        one, is_one, first = len(self.models) == 1, len(self.providers) == 1, self.findings[0]
        words, parameter = first.words or self.row.word, first.rejected_parameter
        is_lost = all(finding.severity is Severity.CRITICAL for finding in self.findings)
        successors = sorted({f.successor for f in self.findings if f.successor})
        ending = "" if len(successors) == 1 else "s"
        follow = f"{'its' if one else 'their'} successor{ending} {listed(successors)}"
        end = ", no requests succeed" if is_lost and first.kind else self._ended()
        return {
            "who": self.name,
            "where": self._where,
            "providers": listed(self.providers),
            "words": words + (f" ({rejected(parameter)})" if parameter else ""),
            "share": self._share(),
            "end": end,
            "how_many": f", {self._share()}{end}" if self.row.wide else "",
            "no_data": self._no_data(),
            "not_attempted": self._not_attempted(),
            "added": self._added(),
            "successors": f", and add {follow}" if successors else "",
            # --- what depends on the number of models
            "fail": "fails" if one else "fail",
            "it": "it" if one else "them",
            "respond": "responds" if one or (is_one and self.row.wide) else "respond",
        }

    def _ended(self) -> str:
        """What is over and needs somebody all the same says so; what needs nobody says it later."""
        if self.until is None or self.severity is Severity.INFO:
            return ""
        return f", ended {when(self.until)}"

    def _added(self) -> str:
        """When the models were added that have not succeeded since."""
        moments = [finding.added_at for finding in self.findings if finding.added_at]
        if len(moments) < len(self.findings) or max(moments) - min(moments) > HOUR:
            return ""
        return f", added {when(min(moments))}, no success yet"

    def _share(self) -> str:
        count = len(self.models)
        models = (all_of if self.enabled == count > 1 else several)(count, "model")
        partly = any(finding.alternating for finding in self.findings)
        return f"{'some attempts of ' if partly else ''}{models}"

    def _no_data(self) -> str:
        if self.until and self.since:
            return f"no data {from_to(self.since, self.until)}"
        return f"no data received since {when(self.since)}" if self.since else "no data received"

    def _not_attempted(self) -> str:
        if len(self.models) == 1 or len(self.providers) != 1:
            return f"{self.name}: not attempted"
        return f"{len(self.models)} of {self.enabled} {self.providers[0]} models are not attempted"

    def _remedy(self) -> str:
        """What ends the cause; what the queue has given up stays given up, whatever is fixed."""
        first = self.findings[0]
        is_unfit = first.internal_cause is not None and first.internal_cause.unfit
        by_model = not self.row.wide or (is_unfit and any(f.model for f in self.findings))
        if self._needs_requeue:
            who = self._this_model_or(named(self.models))
            return f"Requeue {who}: others that failed at the same time succeed again."
        who = self._this_model_or(named(self.models) if by_model else listed(self.providers))
        text = self._what_to_do(who)
        if given_up := sorted({pair for f in self.findings for pair in f.given_up}):
            its = "its" if len(self.providers) == 1 else "their"
            requeue = ("it" if len(self.models) == 1 else "them") if by_model else f"{its} models"
            if len(given_up) < len(self.models):
                requeue = named(given_up)
            return f"{text}; then requeue {requeue}."
        passes = first.kind is ErrorKind.TRANSIENT_PROVIDER and "status page" in text
        return f"{text}; no action on our side." if passes else f"{text}."

    def _what_to_do(self, who: str) -> str:
        first, is_everywhere = self.findings[0], self.category is Category.SERVICE_ISSUE
        if _is_of_one_runner(first):
            return (
                f"Find the runner of {who} that lacks {ON_ONE_RUNNER[first.cause]}, and fix or stop "
                "it: the same models succeed on another runner"
            )
        if first.rejected_parameter and not first.specific_cause and not is_everywhere:
            return request_fix(first.rejected_parameter, who)
        known = first.known_cause or KINDS[ErrorKind.UNKNOWN]
        template = known.everywhere if is_everywhere else not self.row.wide and known.of_models
        return (template or known.remedy).format_map(self._words() | {"who": who})


def problems(findings: Iterable[Finding], coverage: Coverage) -> tuple[Problem, ...]:
    """All findings, each in one problem; most urgent first."""
    groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[_group(finding)].append(finding)
    at_a_moment: dict[tuple[object, ...], list[list[Finding]]] = defaultdict(list)
    for group in groups.values():
        first = group[0]
        joins = CATEGORIES[first.category].joins == "moment" and not _is_one_fix(first)
        key = (first.category, first.cause, first.over) if joins else (first.id,)
        at_a_moment[key].append(group)
    together = [group for those in at_a_moment.values() for group in _simultaneous(those)]
    made = (Problem(tuple(sorted(group, key=_urgency)), coverage) for group in together)
    return tuple(sorted(made, key=_problem_urgency))


def _group(finding: Finding) -> tuple[object, ...]:
    if _is_one_fix(finding):
        return "one fix", finding.cause, finding.over
    if CATEGORIES[finding.category].joins:
        return finding.category, finding.provider, finding.cause, finding.over
    return (finding.id,)


def _is_one_fix(finding: Finding) -> bool:
    """Whether it is ours, whichever provider it shows at: one remedy ends it everywhere."""
    if finding.category is Category.SERVICE_ISSUE or finding.kind is None:
        return False
    return finding.internal_cause is not None or finding.rejected_parameter is not None


def _simultaneous(groups: Iterable[list[Finding]]) -> list[list[Finding]]:
    """Join what began at one moment: the same cause at several providers."""
    joined: list[list[Finding]] = []
    before = _NEVER
    for group in sorted(groups, key=lambda group: (_begun(group), group[0].id)):
        if not joined or _begun(group) - before > ONSET_REACH:
            joined.append([])
        joined[-1] += group
        before = _begun(group)
    return joined


def _begun(group: Iterable[Finding]) -> datetime:
    return min((finding.since for finding in group if finding.since), default=_NEVER)


def _is_of_one_runner(finding: Finding) -> bool:
    """Whether another runner has what this one lacks."""
    return finding.alternating and finding.cause in ON_ONE_RUNNER


def _urgency(finding: Finding) -> tuple[object, ...]:
    return (
        finding.severity.rank,
        order(finding.category),
        finding.state is State.ONGOING,
        -finding.count,
        finding.key,
    )


def _problem_urgency(problem: Problem) -> tuple[object, ...]:
    """Of those about models, what hits the most models is the most urgent."""
    place, models = order(problem.category), order(Category.DEPRECATED_MODEL)
    is_of_models = models <= place <= order(Category.DEGRADED_MODEL)
    return (
        problem.severity.rank,
        not problem.new,
        models if is_of_models else place,
        -len(problem.models),
        place,
        -sum(finding.count for finding in problem.findings),
        problem.id,
    )
