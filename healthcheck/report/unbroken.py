"""What a narrow screen should not break in two, marked in HTML."""

import re

from markupsafe import Markup, escape

_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\d(?: \d\d:\d\d)?(?: UTC)?")
_ARGUMENT = re.compile(r"(?:(?<=^)|(?<= ))--?[\w-]{1,30}(?= |$)")


def moments(text: str) -> Markup:
    """A sentence, escaped, whose dates and times stay whole."""
    return _marked(_MOMENT, text)


def arguments(command: str) -> Markup:
    """A shell's line, escaped, whose options stay whole."""
    return _marked(_ARGUMENT, command)


def _marked(pattern: re.Pattern[str], text: str) -> Markup:
    """Neither pattern fits into what escaping makes, so that nothing of that is torn apart."""
    marked = pattern.sub(r"<span class=w>\g<0></span>", str(escape(text)))
    return Markup(marked)  # noqa: S704 - escaped in the line above
