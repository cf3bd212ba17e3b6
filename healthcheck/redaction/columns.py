"""Values that stand in a column below their name: tables, CSV, the rows of an INSERT."""

import re
from collections.abc import Iterator

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import is_no_secret, looks_random
from healthcheck.redaction.rule import RedactionRule
from healthcheck.redaction.secret_names import Holds, holds

_LONGEST_LINE = 1000
_LEAST = {Holds.PASSWORD: 6, Holds.KEY: 8}
# What the cells of a line are, by what divides them: the rarest sign first.
_DIVIDED = (r"[^|│┃]+", r"[^\t]+", r"[^;]+", r"(?<![^,])\s*[^,\s]+\s*(?![^,])", r"\S+(?: \S+)*")
_CELLS = tuple(map(lazy_pattern, _DIVIDED))
_NAME = lazy_pattern(r"[\s\"'`(]*[A-Za-z][\w .-]{0,40}[\"'`)]?\s*")
# What a logger, a mapping or a statement puts before the first name.
_LEAD = lazy_pattern(r"^(?:.*[:=(]\s?|\d{3}\s+)?(?:b?[\"'])?(?=[\w|│┃ ])")


class ColumnRule(RedactionRule):
    """The rule for tables: a line whose cells are names may be the head of one; `pattern` is what divides rows as a line break does."""

    def spans(self, text: str, lowered: str) -> Iterator[tuple[int, int]]:
        """Yield where `text` holds secrets below their names."""
        start, cells, kinds = 0, _CELLS[0], list[Holds]()
        for line in self.pattern.sub(lambda match: "\n".center(len(match[0])), text).split("\n"):
            row = list(cells.finditer(line)) if kinds else []
            if len(row) - len(kinds) not in (0, 1) and any(map(str.isalnum, line)):
                kinds = []
            # The rows of a frame of pandas begin with their number; behind a last bar may stand more.
            row = row[len(row) - len(kinds) :] if cells is _CELLS[-1] else row
            for kind, cell in zip(kinds, row, strict=False):
                found = cell[0].strip(" \t\r\"'`();")
                if _tells(kind, found):
                    place = start + cell.start() + cell[0].index(found)
                    yield place, place + len(found)
            if not kinds and self.occurs(lowered[start : start + min(len(line), _LONGEST_LINE)]):
                cells, kinds = _head(line)
            start += len(line) + 1


def _head(line: str) -> tuple[re.Pattern[str], list[Holds]]:
    line = _LEAD.sub("", line[:_LONGEST_LINE])
    for cells in _CELLS:
        names = cells.findall(line)
        if len(names) > 1 and line[-1] != "," and all(map(_NAME.fullmatch, names)):
            kinds = [holds("_".join(name.split())) for name in names]
            return cells, kinds if any(kinds) else []
    return _CELLS[0], []


def _tells(kind: Holds, value: str) -> bool:
    if kind not in _LEAST or is_no_secret(value) or " " in value:
        return False
    word = value.isalnum() and (value.istitle() or value == value.lower() or value.isupper())
    is_long = len(value) >= _LEAST[kind]
    return looks_random(value, _LEAST[kind]) or (kind is Holds.PASSWORD and is_long and not word)
