"""What the AI picks for the summary, in the words of the report; nothing where it is not so."""

from collections.abc import Mapping
from typing import NamedTuple

from healthcheck.assessment.answer import Highlight, Say, Word
from healthcheck.assessment.subjects import Subject

_MOST_NAMED = 3


class _Row(NamedTuple):
    """`needs` is a fact that each entry must have; `words` are those that follow its name."""

    label: str
    needs: str
    words: tuple[Word, ...]


_ROWS = {
    Say.MOST_URGENT: _Row("Most urgent", "lasting", (Word.CAUSE, Word.SINCE, Word.SHARE)),
    Say.NEW: _Row("New", "new", (Word.CAUSE, Word.SINCE)),
    Say.ONGOING: _Row("Ongoing", "ongoing", (Word.CAUSE, Word.AGE)),
    Say.OVER: _Row("Over", "ended", (Word.CAUSE, Word.UNTIL)),
    Say.SAME_CAUSE: _Row("Same cause", "problem", (Word.CAUSE,)),
    Say.FAILING_MORE: _Row("More failures", "up", (Word.RATE, Word.YESTERDAY)),
    Say.FAILING_LESS: _Row("Fewer failures", "down", (Word.RATE, Word.YESTERDAY)),
    Say.QUIET: _Row("A quiet day", "healthy", (Word.RATE, Word.COVERAGE)),
}


def highlighted(highlight: Highlight, subjects: Mapping[str, Subject]) -> str | None:
    """The sentence, if it is so of every entry."""
    row = _ROWS[highlight.say]
    its = [subjects.get(each) for each in dict.fromkeys(highlight.of[:_MOST_NAMED])]
    told = [_told(each, row) for each in its if each and row.needs in each.facts]
    is_tie = highlight.say is Say.SAME_CAUSE
    if not told or len(told) < len(its) or None in told or (is_tie and not _tied(its)):
        return None
    return f"{row.label}: {'; '.join(filter(None, told))}."


def _told(subject: Subject, row: _Row) -> str | None:
    words = [subject.words[word] for word in row.words if word in subject.words]
    name = subject.words.get(Word.NAME)
    return f"{name} ({', '.join(words)})" if name and words else None


def _tied(its: list[Subject | None]) -> bool:
    return len(its) > 1 and bool(frozenset.intersection(*(each.ties for each in its if each)))
