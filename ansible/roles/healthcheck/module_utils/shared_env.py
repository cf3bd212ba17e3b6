"""A .env file that belongs to another service, and our block in it. Bytes in, bytes out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

BEGIN = b"# BEGIN llm-health-check"
END = b"# END llm-health-check"
MADE_BY_US = b"# This file was made by the deploy of llm-health-check."
# In our own file: where the block is to be looked for when the shared one is another some day.
STANDS_IN = b"# A block of ours stands, or has stood, in "

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


@dataclass(frozen=True)
class Settings:
    """What is to be written."""

    block: bytes
    """The block with its two marker lines, one assignment a line."""
    private: Collection[str]
    """Variables that have no place in the shared file, whoever defines them there."""
    own_header: bytes
    """Comment lines for the top of our own file."""
    carried: dict[str, bytes]
    """Lines of a block that stands in another file, which was the shared one before."""


def written(
    shared_content: bytes | None, own_content: bytes | None, settings: Settings
) -> tuple[bytes, bytes]:
    """Return what the shared file and our own are to hold; None is a file that is not there.

    A variable that stands outside the block is not defined in it again, since the last definition wins
    for every reader; its line goes into our own file. One that is not given keeps the line that it has.
    """
    shared = SharedEnv(shared_content or b"")
    new = lines_by_name(settings.block)
    outside = shared.names_outside() | set(settings.private)
    known = {**settings.carried, **shared.lines()}
    ours = {name: line for name, line in {**known, **new}.items() if name not in outside}
    # A line of our own file goes when its variable now has its place in the block.
    own = {
        name: line for name, line in lines_by_name(own_content or b"").items() if name not in new
    }
    # A line of the block moves over when its variable has no place there any more.
    moved = {name: line for name, line in known.items() if name in outside and name not in own}
    own.update(moved)
    own.update({name: line for name, line in new.items() if name in outside})
    block = b""
    if shared_content is None or ours or shared.block:
        made_by_us = shared_content is None or shared.made_by_us()
        block = _block(settings.block, ours, made_by_us=made_by_us)
    return shared.with_block(block), settings.own_header + _in_order(own)


def lines_by_name(text: bytes) -> dict[str, bytes]:
    """The assignments in a text of ours, one a line, by name."""
    found = {}
    for line in text.splitlines():
        match = _ASSIGNMENT.match(line)
        if match:
            found[match["name"].decode()] = line
    return found


def places(own_content: bytes) -> list[str]:
    """The files that hold, or have held, a block of ours, as our own file remembers them."""
    lines = own_content.splitlines()
    return [
        line[len(STANDS_IN) :].decode(errors="replace")
        for line in lines
        if line.startswith(STANDS_IN)
    ]


def places_text(paths: Iterable[str]) -> bytes:
    """Return the lines by which our own file remembers."""
    return b"".join(STANDS_IN + path.encode() + b"\n" for path in sorted(set(paths)))


def names_only(text: bytes, reference: bytes) -> str:
    """Return the assignments of a text for people: no value, but whether it is that of the reference."""
    there = lines_by_name(reference)
    return "".join(
        f"{name}={'(a value)' if there.get(name, line) == line else '(another value)'}\n"
        for name, line in sorted(lines_by_name(text).items())
    )


def _block(given: bytes, lines: dict[str, bytes], *, made_by_us: bool) -> bytes:
    """The comments as they were rendered, then the lines in order."""
    begin, *comments = [
        line for line in given.splitlines() if line.startswith(b"#") and line != END
    ]
    if begin != BEGIN:
        raise AssertionError("the template must begin with the marker")
    head = [BEGIN, MADE_BY_US, *comments] if made_by_us else [BEGIN, *comments]
    return b"".join(line + b"\n" for line in head) + _in_order(lines) + END + b"\n"


def _in_order(lines: dict[str, bytes]) -> bytes:
    return b"".join(lines[name] + b"\n" for name in sorted(lines))


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
