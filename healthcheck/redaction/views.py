"""Text as it reads once its escapes are taken off, and the way back to where it stood.

Logs nest: a header in JSON in a string in a query. Rules know the plain form only; each layer
of escapes that is taken off gives them a further view of the same text.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_DEPTH = 6
_SOME_LETTER = "\u00e9"
_FULL_WIDTH = 0xFEE0
"""So far from ASCII stand the letters and signs of East Asian type."""

_HEX = "[0-9A-Fa-f]"
_TAIL = "[89ABab]"


def _bytes(mark: str) -> str:
    # One character of UTF-8, or a byte that is none.
    more = f"{mark}{_TAIL}{_HEX}"
    return (
        f"{mark}[CDcd]{_HEX}{more}|{mark}[Ee]{_HEX}(?:{more}){{2}}|{mark}[Ff]{_HEX}(?:{more}){{3}}"
        f"|{mark}{_HEX}{{2}}"
    )


_BACKSLASH = re.compile(
    rf"\\u{_HEX}{{4}}|" + _bytes(r"\\x") + r"|\\[nrt\"'`\\/]|\x1b\[[0-9;]{0,12}m"
)
_ENTITY = re.compile(rf"(?i)&(?:quot|apos|amp|lt|gt|#\d{{2,5}}|#x{_HEX}{{2,4}});")
_PERCENT = re.compile(_bytes("%"))
_FORM = re.compile(_bytes("%") + r"|\+")
_TYPE = re.compile("[\uff01-\uff5e\u201c-\u201f\u2018-\u201b\u200b-\u200f\u2060\ufeff\u00ad]")

_SHORT = {"n": "\n", "r": "\r", "t": "\t"}
_ENTITIES = {"&quot;": '"', "&apos;": "'", "&amp;": "&", "&lt;": "<", "&gt;": ">"}


def _unbackslash(match: re.Match[str]) -> str:
    escape = match[0]
    if escape[0] != "\\":
        return ""
    if escape[1] == "u":
        return _character(int(escape.removeprefix("\\u"), 16))
    if escape[1] == "x":
        return _decoded_bytes(escape.replace("\\x", ""))
    return _SHORT.get(escape[1], escape[1])


def _unentity(match: re.Match[str]) -> str:
    entity = match[0].lower()
    if entity[1] != "#":
        return _ENTITIES[entity]
    digits = entity[2:-1]
    return _character(int(digits[1:], 16) if digits[0] == "x" else int(digits))


def _unpercent(match: re.Match[str]) -> str:
    return _decoded_bytes(match[0].replace("%", ""))


def _unform(match: re.Match[str]) -> str:
    return " " if match[0] == "+" else _unpercent(match)


def _untype(match: re.Match[str]) -> str:
    # Full-width letters and curly quotes read like ASCII; what has no width hides in a key.
    character = match[0]
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - _FULL_WIDTH)
    if "\u2018" <= character <= "\u201f":
        return "'" if character <= "\u201b" else '"'
    return ""


def _decoded_bytes(digits: str) -> str:
    try:
        return bytes.fromhex(digits).decode()
    except UnicodeDecodeError:
        return _SOME_LETTER


def _character(code: int) -> str:
    # Of half a pair it only matters that there is something.
    character = chr(code)
    return _SOME_LETTER if "\ud800" <= character <= "\udfff" else character


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
    return None if view.text.isascii() else _decoded(view, _TYPE, _untype)


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
