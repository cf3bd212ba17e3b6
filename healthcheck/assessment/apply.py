"""From the AI's answer to the report: the rules' problems and numbers stay, all of them."""

from collections.abc import Iterable, Mapping

from healthcheck.assessment.answer import AIResponse, Sentence
from healthcheck.assessment.grounding import is_borne_out
from healthcheck.assessment.prompt import Prompt
from healthcheck.assessment.sentences import DayNames, filled
from healthcheck.assessment.subjects import DAY, Subject
from healthcheck.diagnosis import Status
from healthcheck.report.contract import Analysis, Reading, Report
from healthcheck.taxonomy import ErrorKind

_MOST_SENTENCES = 3
_MOST_OF_ONE = 2
_MOST_READ = 100
"""Of a list whose honest length is a dozen."""


class Checker:
    """Fills and checks sentences of one day, and counts those that are dropped."""

    def __init__(self, report: Report, prompt: Prompt) -> None:
        """`prompt`: what the AI was told, and so what it may speak of."""
        self.subjects = prompt.subjects
        self.dropped = 0
        self._names = DayNames.of(
            [part.provider for part in report.providers],
            (part.model for part in report.models),
        )
        self._whole = _whole(prompt.subjects, report)

    def checked(
        self, sentences: Iterable[Sentence], about: Subject | None = None, most: int = _MOST_OF_ONE
    ) -> str | None:
        """The first sentences that hold."""
        kept: list[str] = []
        named: set[str] = set()
        for sentence in sentences:
            for each in filled(sentence, self.subjects, about, self._names):
                if each and is_borne_out(each, self._whole, self.subjects[DAY], named):
                    kept.append(each.text)
                    named |= {subject.id for subject, _ in each.cited}
                else:
                    self.dropped += 1
        return " ".join(kept[:most]) or None


def applied(report: Report, prompt: Prompt, answer: AIResponse, analysis: Analysis) -> Report:
    """Add what keeps the form and the data bears out; count what does not."""
    checker = Checker(report, prompt)
    problems = {each.id: each for each in prompt.subjects.values() if each.key}
    advice: dict[str, str | None] = {}
    for step in answer.advice[:_MOST_READ]:
        problem = problems.get(step.problem)
        if problem is None:
            checker.dropped += 1
        elif problem.key not in advice:
            advice[problem.key] = checker.checked([step], problem)
    readings: dict[int, Reading] = {}
    for reading in answer.readings[:_MOST_READ]:
        part = prompt.messages.get(reading.message)
        if part is None:
            checker.dropped += 1
        elif reading.kind is not ErrorKind.UNKNOWN:
            words = checker.checked(
                [reading], _read(prompt.subjects[reading.message], reading.kind)
            )
            readings.setdefault(id(part), Reading(kind=reading.kind, words=words))
    order = list(advice)
    # Who calls a day healthy on which the rules found something has not read them.
    withheld = answer.status is Status.HEALTHY and report.status is not Status.HEALTHY
    summary = checker.checked(answer.summary[:_MOST_READ], most=_MOST_SENTENCES)
    reason = checker.checked([answer.status_reason] if answer.status_reason.text.strip() else [])
    actions = [
        part.model_copy(update={"advice": advice.get(part.problem)})
        for part in report.recommended_actions
    ]
    actions.sort(
        key=lambda part: (
            part.severity.rank,
            order.index(part.problem) if part.problem in order else len(order),
        )
    )
    return report.model_copy(
        update={
            "patterns": [
                part.model_copy(update={"reading": readings.get(id(part))})
                for part in report.patterns
            ],
            "recommended_actions": actions,
            "analysis": analysis.model_copy(
                update={
                    "source": "openai",
                    "status": answer.status,
                    "summary": None if withheld else summary,
                    "reason": None if withheld else reason,
                    "dropped_claims": checker.dropped + (len(answer.summary) if withheld else 0),
                }
            ),
        }
    )


def _read(message: Subject, kind: ErrorKind) -> Subject:
    """The reason must not be another one than the kind."""
    return Subject(message.id, message.words, kinds=frozenset({kind}), said=message.said)


def _whole(subjects: Mapping[str, Subject], report: Report) -> Subject:
    """All problems as one, for sentences that name none."""
    every = [each for each in subjects.values() if each.key]
    pressing = [each for each in every if each.lasting] or every
    if len(pressing) == 1:
        return pressing[0]
    return Subject(
        DAY,
        {},
        kinds=frozenset(kind for each in pressing for kind in each.kinds),
        lasting=None if report.status is Status.HEALTHY else True,
        said=" ".join((report.summary, *(each.said for each in every))),
        action=" ".join(each.action for each in every),
        related=frozenset(each.id for each in every if each.lasting and each.row.get("action")),
        reach=next((r for r in ("service", "most") if r in {each.reach for each in pressing}), ""),
    )
