"""A .env file that belongs to another service, and our block in it. Bytes in, bytes out."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

BEGIN = b"# BEGIN llm-health-check"
END = b"# END llm-health-check"
MADE_BY_US = b"# This file was made by the deploy of llm-health-check."
# systemd hands a credential over up to this size: systemd.exec(5), LoadCredential=.
_LARGEST = 1_000_000
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ASSIGNMENT = re.compile(
    rb"^[ \t]*(?:export[ \t]+)?(?P<quote>['\"]?)(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P=quote)[ \t]*="
)


class UnusableError(Exception):
    """The file cannot be used; says in one sentence why, and what to do."""


def read(path: Path) -> bytes | None:
    """Return what the file holds, None where it is missing; raises UnusableError.

    Looks before it opens: a FIFO would never answer.
    """
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnusableError("it is not a regular file: replace it with one")
        if about.st_nlink > 1:
            raise UnusableError(
                f"it has {about.st_nlink} hard links, and replacing it would separate them: "
                "keep only this one"
            )
        if about.st_size > _LARGEST:
            raise UnusableError("it is larger than 1 MB, which systemd does not pass to a service")
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnusableError(f"{error.strerror}: check the path and its permissions") from error
    if content.startswith(_BYTE_ORDER_MARKS) or b"\0" in content:
        raise UnusableError(
            "it is UTF-16 or begins with a byte order mark: save it as UTF-8 without BOM"
        )
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise UnusableError(
            f"byte {error.start + 1} is not UTF-8: save it as UTF-8 without BOM"
        ) from None
    return content


class SharedEnv:
    """The file in three parts: `before + block + after`; what is outside the block is never touched."""

    def __init__(self, content: bytes) -> None:
        """Split a file; raises UnusableError."""
        lines = content.splitlines(keepends=True)
        begins = [n for n, line in enumerate(lines) if line.rstrip() == BEGIN]
        ends = [n for n, line in enumerate(lines) if line.rstrip() == END]
        if (len(begins), len(ends)) not in {(0, 0), (1, 1)} or ends < begins:
            raise UnusableError(
                f"the lines '{BEGIN.decode()}' and '{END.decode()}' must each occur once, in this "
                "order: restore them, or delete both"
            )
        first, last = (begins[0], ends[0] + 1) if begins else (0, 0)
        self.before, self.block, self.after = (
            b"".join(part) for part in (lines[:first], lines[first:last], lines[last:])
        )

    @property
    def foreign(self) -> bytes:
        """Every byte that is not ours."""
        return self.before + self.after

    def names_outside(self) -> set[str]:
        """The variables outside our block; a line within a longer value may count as one."""
        return set(lines_by_name(self.foreign))

    def made_by_us(self) -> bool:
        """Was the file missing before the first deploy."""
        return MADE_BY_US in self.block.splitlines()

    def with_lines(self, lines: dict[str, bytes], *, new: bool) -> bytes:
        """The whole file with these assignments in our block, except what is defined outside it.

        The last definition wins for every reader. A new block stands at the top: the rest stays
        byte for byte, whatever its last line is.
        """
        outside = self.names_outside()
        ours = [lines[name] for name in sorted(lines) if name not in outside]
        made_by_us = new or self.made_by_us()
        if not ours and not made_by_us:
            return self.foreign
        head = [BEGIN, MADE_BY_US] if made_by_us else [BEGIN]
        text = b"# Managed by the deploy of llm-health-check; changes here are lost and do not affect it."
        block = b"".join(line + b"\n" for line in [*head, text, *ours, END])
        return self.before + block + self.after


def lines_by_name(text: bytes) -> dict[str, bytes]:
    """The assignments in a text, one line each, by name; the last one wins."""
    return {
        match["name"].decode(): line
        for line in re.split(rb"[\r\n]+", text)
        if (match := _ASSIGNMENT.match(line))
    }


def names_only(block: bytes, reference: bytes) -> str:
    """The assignments of a block for people: no value, but whether it is that of the reference."""
    there = lines_by_name(reference)
    return "".join(
        f"{name}={'(a value)' if there.get(name, line) == line else '(another value)'}\n"
        for name, line in sorted(lines_by_name(block).items())
    )


def real(path: str) -> Path:
    """The file itself: a link stays a link."""
    return Path(os.path.realpath(path))
