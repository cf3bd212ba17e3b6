"""Text that may be printed anywhere: no control of the terminal, no hidden direction."""

import re

_SPACES = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_HIDDEN = re.compile(
    "["
    "\u00ad\u061c\u180e"
    "\u200b\u200e\u200f"  # zero width space and direction marks; joiners stay, scripts need them
    "\u202a-\u202e\u2060-\u206f"  # direction embeddings, overrides and isolates
    "\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f"  # tags: invisible text
    "\ud800-\udfff"  # lone surrogates: no encoding takes them
    "]"
)


def harmless(text: str) -> str:
    """The text on one line; what would hide, reorder or break it becomes U+FFFD."""
    return _HIDDEN.sub("\ufffd", _SPACES.sub(" ", text)).strip()
