"""Mail addresses as the settings name them: plain ones, so that every server on the way takes them."""

import re
from email.headerregistry import Address
from email.policy import default

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~][A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{0,63}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_LONGEST = 254


def recipients(text: str) -> tuple[str, ...]:
    """The addresses of a comma-separated list, each once. Raises ValueError."""
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not found or not all(map(_is_plain, found)):
        raise ValueError(
            "must hold plain ASCII addresses such as ops@example.org, separated by commas"
        )
    return tuple(dict.fromkeys(found))


def sender(text: str) -> Address:
    """One address, with a name before it or without. Raises ValueError."""
    problem = "must be one address, such as health@example.org or Health <health@example.org>"
    if not text.isprintable():
        raise ValueError(problem)
    header = default.header_factory("From", text)
    if header.defects or len(header.addresses) != 1 or not _is_plain(header.addresses[0].addr_spec):
        raise ValueError(problem)
    address: Address = header.addresses[0]
    return address


def _is_plain(address: str) -> bool:
    return (
        len(address) <= _LONGEST
        and _ADDRESS.fullmatch(address) is not None
        and ".." not in address
        and ".@" not in address
    )
