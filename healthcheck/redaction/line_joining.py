"""Where lines were broken inside of a value: by a terminal, a mailer or a box."""

from collections.abc import Iterator

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import has_all_kinds, is_drawn, is_no_secret, looks_random

_VALUE_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/=.-~%"
_BORDERS = "│┃║"
_ENDS = f"\r\t \\{_BORDERS}"
_LEAST, _SHORT, _WIDE = 16, 8, 50
_DIGITS = str.maketrans("123456789", "000000000")

# A box; a quotation or a diff; an offset; an indent.
_PREFIX = lazy_pattern(r"[│┃║] ?|[ \t]*(?:[>+] ?){1,3}|[0-9a-f]{4,8}:\s|[\w.-]+ +\| |[ \t]{1,40}")
_NAMED = lazy_pattern(r"[\w.-]{1,60}[\"']?\s{0,40}[=:]")
_ASSIGNMENT = lazy_pattern(r"[\w.-]{1,60}[\"']?\s?[=:](?!=?[\"'\s,;)}]|=?$)|[\w.-]{1,60}:\s")


def breaks(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a value is interrupted: from where its first part ends to where it goes on."""
    lines, start = text.split("\n"), 0
    for last, line, following in zip(["", *lines], lines, lines[1:], strict=False):
        after = start + len(line) + 1
        if line and following:
            cut = _are_cut(line, last) or _are_cut(line, following)
            kept = line if cut and line[-1] == " " else line.rstrip(_ENDS)
            prefix = _PREFIX.match(following)
            offset = prefix.end() if prefix else 0
            if cut or _goes_on(line, kept, following[offset:]):
                yield start + len(kept), after + offset
        start = after


def _are_cut(line: str, other: str) -> bool:
    # Lines that are as wide as each other were cut at this width, unless they begin in the same way,
    # or each with a name of its own.
    is_wide = len(line) == len(other) >= _WIDE and line[-1] not in "|│┃"
    same = line[:_SHORT].translate(_DIGITS) == other[:_SHORT].translate(_DIGITS)
    return is_wide and not same and not (_NAMED.match(line) and _NAMED.match(other))


def _goes_on(line: str, kept: str, rest: str) -> bool:
    left = kept[len(kept.rstrip(_VALUE_SIGNS)) :]
    right = rest[: len(rest) - len(rest.lstrip(_VALUE_SIGNS))]
    if not left or not right.strip("-") or _ASSIGNMENT.match(rest):
        return False
    if line[-1] in _BORDERS:
        return True
    value = left.rpartition("=")[2] or left
    if is_no_secret(right) or is_no_secret(value) or len(value) + len(right) < _LEAST:
        return False
    return (_is_part(right) and _is_no_word(value)) or (
        _is_part(value) and len(right) < _LEAST and _is_no_word(right)
    )


def _is_no_word(run: str) -> bool:
    return any(map(str.isdigit, run)) or not (run[1:].islower() or run.isupper())


def _is_part(run: str) -> bool:
    return has_all_kinds(run) or is_drawn(run) or looks_random(run)
