"""A .env file that belongs to another service, and our block in it. Bytes in, bytes out."""

from __future__ import annotations

import re
from collections.abc import Iterator

BEGIN = b"# BEGIN llm-health-check"
END = b"# END llm-health-check"
MADE_BY_US = b"# This file was made by the deploy of llm-health-check."

_ASSIGNMENT = re.compile(
    rb"^[ \t]*(?:export[ \t]+)?(?P<quote>['\"]?)(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P=quote)[ \t]*="
)


class BrokenBlockError(Exception):
    """The markers of our block do not pair."""


class SharedEnv:
    """The file in three parts: `before + block + after`; what is not the block is never touched."""

    def __init__(self, content: bytes) -> None:
        """Split a file; raises BrokenBlockError."""
        self.before, self.block, self.after = _parts(content)

    @property
    def foreign(self) -> bytes:
        """Every byte that is not ours."""
        return self.before + self.after

    def names_outside(self) -> set[str]:
        """The variables that stand outside our block; a line within a longer value may count as one."""
        return {found["name"].decode() for found in _assignments(self.foreign)}

    def lines(self) -> dict[str, bytes]:
        """The assignments in our block, by name."""
        return lines_by_name(self.block)

    def made_by_us(self) -> bool:
        """Was the file not there before the first deploy."""
        return MADE_BY_US in self.block.splitlines()

    def with_block(self, block: bytes) -> bytes:
        """The whole file with another block, at the place of the old one.

        A new block stands at the top: so the rest stays byte for byte, whatever its last line is,
        and what stands below has the last word.
        """
        return self.before + block + self.after


def lines_by_name(text: bytes) -> dict[str, bytes]:
    """The assignments in a text of ours, one a line, by name."""
    found = {}
    for line in text.splitlines():
        match = _ASSIGNMENT.match(line)
        if match:
            found[match["name"].decode()] = line
    return found


def _assignments(text: bytes) -> Iterator[re.Match[bytes]]:
    for line in re.split(rb"[\r\n]+", text):
        match = _ASSIGNMENT.match(line)
        if match:
            yield match


def _parts(content: bytes) -> tuple[bytes, bytes, bytes]:
    lines = content.splitlines(keepends=True)
    # splitlines() of bytes splits at \n, \r and \r\n alone.
    begins = [n for n, line in enumerate(lines) if line.rstrip() == BEGIN]
    ends = [n for n, line in enumerate(lines) if line.rstrip() == END]
    if not begins and not ends:
        return b"", b"", content
    if len(begins) != 1 or len(ends) != 1 or ends[0] < begins[0]:
        raise BrokenBlockError(
            f"the lines '{BEGIN.decode()}' and '{END.decode()}' must both stand there once, in this order"
        )
    first, last = begins[0], ends[0] + 1
    return b"".join(lines[:first]), b"".join(lines[first:last]), b"".join(lines[last:])
