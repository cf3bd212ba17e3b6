"""Keys that a terminal or a mailer broke over lines."""

import re

from healthcheck.redaction.plausibility import has_all_kinds, is_named_id

_NEXT_LINE = re.compile(
    r"[ \t]*[\\=]?\r?\n[ \t>|]*(?P<more>[A-Za-z0-9_+/.-]{4,200}={0,2})(?=[\s\"'`,;)}\]<]|$)"
)
_LINES = 40


def continued(text: str, end: int) -> int:
    """Return where the key that seems to end at `end` really does."""
    for _ in range(_LINES):
        match = _NEXT_LINE.match(text, end)
        if match is None or not _goes_on(match["more"]):
            return end
        end = match.end()
    return end


def _goes_on(line: str) -> bool:
    # Ids, hashes and words stand on lines of their own as well; they mix no three kinds.
    return not is_named_id(line) and has_all_kinds(line)
