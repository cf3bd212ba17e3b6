"""Passwords and keys in the cells of a table: the head of their column tells what they are."""

from collections.abc import Iterator

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import is_drawn, is_mixed, is_no_password, looks_random
from healthcheck.redaction.rule import RedactionRule
from healthcheck.redaction.secret_names import Holds, holds

_LEAST = 4
_CELL = lazy_pattern(r"(?:[^\s|│┃,;]+[ ]?)+")
_LINE = lazy_pattern(r"[^\n]+")
_HEAD = lazy_pattern(r"[A-Za-z][\w .-]{0,30}")


class TableRule(RedactionRule):
    """The rule for columns whose head is the name of a secret."""

    def spans(self, text: str, _lowered: str) -> Iterator[tuple[int, int]]:
        """Yield the cells below such a head, as long as lines have as many cells as the head."""
        width = 0
        kinds: list[Holds] = []
        for line in _LINE.finditer(text):
            cells = list(_CELL.finditer(text, *line.span()))
            if len(cells) != width and any(map(str.isalnum, line[0])):
                names = [cell[0].strip() for cell in cells]
                heads = [holds(name) for name in names] if all(map(_HEAD.fullmatch, names)) else []
                # A line with an empty cell ends no table.
                if any(heads) or not any(kinds) or len(cells) == 1:
                    width, kinds = len(cells), heads if len(cells) > 1 else []
                continue
            for cell, kind in zip(cells, kinds, strict=False):
                if kind is not Holds.NOTHING and _is_secret(kind, cell[0].strip()):
                    yield cell.start(), cell.start() + len(cell[0].rstrip())


def _is_secret(kind: Holds, value: str) -> bool:
    if len(value) < _LEAST or is_no_password(value) or " " in value or not value.strip("-+="):
        return False
    if kind is Holds.PASSWORD:
        return not value.isdigit()
    return is_mixed(value) or looks_random(value) or is_drawn(value)


TABLE_RULES = (TableRule("table-cell", "pass|pwd|secret|token|key", r"[^\n]+"),)
