"""From the AI's answer to the report: the rules' problems and numbers stay, all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from healthcheck.assessment.answer import AIResponse, Sentence
from healthcheck.assessment.grounding import Grounding
from healthcheck.assessment.prompt import Prompt
from healthcheck.assessment.subjects import DAY, TREND, Subject
from healthcheck.diagnosis import Status
from healthcheck.report.contract import Analysis, Reading, Report
from healthcheck.taxonomy import ErrorKind

_MOST_SENTENCES = 3
_MOST_OF_ONE = 2
_MOST_READ = 100
"""Of a list whose honest length is a dozen."""


class Checker:
    """Grounds sentences of one day, and counts those that are dropped."""

    def __init__(self, report: Report, prompt: Prompt) -> None:
        """`prompt`: what the AI was told, and so what it may speak of."""
        self.dropped = 0
        self._grounding = Grounding(report, prompt.subjects)
        self._whole = _whole(prompt.subjects)

    def checked(
        self,
        sentences: Iterable[Sentence],
        about: Subject | None = None,
        most: int = _MOST_OF_ONE,
        reading: ErrorKind | None = None,
    ) -> str | None:
        """The first sentences that hold."""
        told = [
            each
            for sentence in sentences
            for each in self._grounding.sentences(sentence, about or self._whole, reading)
        ]
        self.dropped += told.count(None)
        return " ".join([each for each in told if each][:most]) or None


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
            about = prompt.subjects[reading.message]
            words = checker.checked([reading], about, reading=reading.kind)
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


def _whole(subjects: Mapping[str, Subject]) -> Subject:
    """The day, for sentences that name nothing: with what its problems have, but not their trends."""
    every = [each for each in subjects.values() if each.key]
    lasting = [each for each in every if "lasting" in each.facts] or every
    return replace(
        subjects[DAY],
        problems=tuple(replace(each, facts=each.facts - TREND) for each in lasting),
        action=" ".join(each.action for each in every),
    )
