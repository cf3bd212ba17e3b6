"""Text as it reads once its escapes are taken off, and the way back to where it stood.

Logs nest: a header in JSON in a string in a query. Rules know the plain form only; each layer
of escapes that is taken off gives them a further view of the same text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.line_joining import breaks

_DEPTH = 6
# So far from ASCII stand the letters and signs of East Asian type.
_FULL_WIDTH = 0xFEE0

_HEX = "[0-9A-Fa-f]"
_BYTE = r"(?:\\x|%)"
_ESCAPE = lazy_pattern(
    # A character, a byte of one, or one of several bytes of UTF-8.
    rf"\\u{_HEX}{{4}}|{_BYTE}[C-Fc-f]{_HEX}(?:{_BYTE}[89ABab]{_HEX}){{1,3}}|{_BYTE}{_HEX}{{2}}"
    rf"|\\[nrt\"'`\\/]|\x1b\[[0-9;]{{0,12}}m"
    rf"|&(?i:quot|apos|amp|lt|gt|#\d{{2,5}}|#x{_HEX}{{2,4}});|"
    # Full-width letters and curly quotes read like ASCII; what has no width hides in a key.
    # A comma of full width ends what stands before it; UTF-16 has a NUL behind every letter.
    "[\uff01-\uff0b\uff0d-\uff1a\uff1c-\uff5e\u201c-\u201f\u2018-\u201b\u200b-\u200f\u2060\ufeff\u00ad]|(?<=[!-~])\0(?=[!-~]\0)"
)
_PLUS = lazy_pattern(r"\+")
_SPACED = lazy_pattern(r"\s|\\[nrt]")
_SHORT = {"n": "\n", "r": "\r", "t": "\t"}
_TYPE = dict(zip("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f", "''''\"\"\"\"", strict=True))


def _plain(match: re.Match[str]) -> str:
    escape = match[0]
    first, second = escape[0], escape[1:2]
    if first == "&":
        from html import unescape  # noqa: PLC0415 - its table is large, and few texts need it

        return unescape(escape.lower())
    if first == "%" or escape.startswith("\\x"):
        coded = escape.replace("\\x", "").replace("%", "")
        return bytes.fromhex(coded).decode(errors="replace")[0]
    if first == "\\":
        code = escape.removeprefix("\\u")
        return chr(int(code, 16)) if second == "u" else _SHORT.get(second, second)
    if "\uff01" <= first <= "\uff5e":
        return chr(ord(first) - _FULL_WIDTH)
    return _TYPE.get(first, "")


class View(NamedTuple):
    """One reading of a text: of each of its characters where it began and ended in the text that was given first."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` stands in the text that was given first."""
        return self.starts[start], self.ends[end - 1]


def views(text: str) -> Iterator[View]:
    """Yield the text as it is, with one layer of escapes after the other off, and with lines joined."""
    view = View(text, range(len(text)), range(1, len(text) + 1))
    seen = [view, *_peeled(view)]
    if "+" in text and ("%" in text or not _SPACED.search(text.strip())):
        # A form writes a space as a plus sign, and holds no other. Lines of base64 are no form.
        form = _replaced(view, ((*match.span(), " ") for match in _PLUS.finditer(text)))
        if form is not None:
            seen += [form, *_peeled(form)]
    for view in seen:
        yield view
        if "\n" in view.text:
            joined = _replaced(view, ((*gap, "") for gap in breaks(view.text)))
            if joined is not None:
                yield joined


def _peeled(view: View) -> Iterator[View]:
    for _ in range(_DEPTH):
        matches = _ESCAPE.finditer(view.text)
        inner = _replaced(view, ((*match.span(), _plain(match)) for match in matches))
        if inner is None:
            return
        view = inner
        yield view


def _replaced(view: View, replacements: Iterable[tuple[int, int, str]]) -> View | None:
    """Return the view with a character, or none, in the place of each of these pieces."""
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for start, end, plain in replacements:
        texts += (view.text[done:start], plain)
        starts += view.starts[done:start]
        ends += view.ends[done:start]
        if plain:
            starts.append(view.starts[start])
            ends.append(view.ends[end - 1])
        done = end
    if not done:
        return None
    rest = view.text[done:]
    return View("".join((*texts, rest)), [*starts, *view.starts[done:]], [*ends, *view.ends[done:]])
