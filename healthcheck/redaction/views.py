"""Text as it reads once its escapes are taken off, and the way back to where it stood.

Logs nest: a header in JSON in a string in a query. Rules know the plain form only; each layer
of escapes that is taken off gives them a further view of the same text.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_DEPTH = 6
_ASCII_END = 0x80
_SOME_LETTER = "\u00e9"

_BACKSLASH = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[nrt\"'`\\/])|\x1b\[[0-9;]{0,12}m")
_ENTITY = re.compile(r"&(?:quot|apos|amp|lt|gt|#39|#34|#x27|#x22|#64|#x40);")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_FORM = re.compile(r"%[0-9A-Fa-f]{2}|\+")

_SHORT = {"n": "\n", "r": "\r", "t": "\t"}
_ENTITIES = {
    "&quot;": '"',
    "&#34;": '"',
    "&#x22;": '"',
    "&apos;": "'",
    "&#39;": "'",
    "&#x27;": "'",
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&#64;": "@",
    "&#x40;": "@",
}


def _unbackslash(match: re.Match[str]) -> str:
    escape = match[0]
    if escape[0] != "\\":
        return ""
    if escape[1] in "ux":
        return _character(escape.lstrip("\\ux"))
    return _SHORT.get(escape[1], escape[1])


def _unentity(match: re.Match[str]) -> str:
    return _ENTITIES[match[0]]


def _unpercent(match: re.Match[str]) -> str:
    return _character(match[0].lstrip("%"))


def _unform(match: re.Match[str]) -> str:
    return " " if match[0] == "+" else _unpercent(match)


def _character(digits: str) -> str:
    # Beyond ASCII it only matters that there is a letter: a byte may be a part of one.
    code = int(digits, 16)
    return chr(code) if code < _ASCII_END else _SOME_LETTER


_Layer = tuple[tuple[str, ...], re.Pattern[str], Callable[[re.Match[str]], str]]
_LAYERS: tuple[_Layer, ...] = (
    (("\\", "\x1b"), _BACKSLASH, _unbackslash),
    (("&",), _ENTITY, _unentity),
    (("%",), _PERCENT, _unpercent),
)


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a text; `starts` and `sources` lead each piece back to where it stood."""

    text: str
    starts: tuple[int, ...] = (0,)
    sources: tuple[int, ...] = (0,)
    inner: "View | None" = None

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` stands in the text that was given first."""
        if self.inner is None:
            return start, end
        return self.inner.locate(self._source(start), self._source(end - 1, end=True))

    def _source(self, position: int, *, end: bool = False) -> int:
        index = bisect_right(self.starts, position) - 1
        offset = position - self.starts[index]
        source = self.sources[index]
        if source < 0:  # a decoded character: one here, several there
            return self.sources[index + 1] if end else -source - 1
        return source + offset + (1 if end else 0)


def views(text: str) -> Iterator[View]:
    """Yield the text as it is, then with one layer of escapes after the other taken off."""
    view = View(text)
    yield view
    yield from _peeled(view)
    if "+" in text and ("%" in text or " " not in text):
        # A form writes a space as a plus sign.
        form = _decoded(view, _FORM, _unform)
        if form is not None:
            yield form
            yield from _peeled(form)


def _peeled(view: View) -> Iterator[View]:
    for _ in range(_DEPTH):
        inner = _peel(view)
        if inner is None:
            return
        view = inner
        yield view


def _peel(view: View) -> View | None:
    for marks, pattern, decode in _LAYERS:
        if any(mark in view.text for mark in marks):
            peeled = _decoded(view, pattern, decode)
            if peeled is not None:
                return peeled
    return None


def _decoded(
    view: View, pattern: re.Pattern[str], decode: Callable[[re.Match[str]], str]
) -> View | None:
    pieces: list[str] = []
    starts: list[int] = []
    sources: list[int] = []
    length = done = 0
    for match in pattern.finditer(view.text):
        if match.start() > done:
            starts.append(length)
            sources.append(done)
            pieces.append(view.text[done : match.start()])
            length += match.start() - done
        plain = decode(match)
        if plain:
            starts.append(length)
            sources.append(-match.start() - 1)
            pieces.append(plain)
            length += 1
            # Where the escape ends: `_source` looks there for the end of the character.
            starts.append(length)
            sources.append(match.end())
        done = match.end()
    if not done:
        return None
    starts.append(length)
    sources.append(done)
    pieces.append(view.text[done:])
    return View("".join(pieces), tuple(starts), tuple(sources), view)
