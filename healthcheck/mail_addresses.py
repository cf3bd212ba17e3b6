"""Mail addresses as the settings name them: plain ones, so that every server on the way takes them."""

import re
from collections.abc import Sequence
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.policy import default

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# It begins with no "-": it stands among the arguments of msmtp.
_ADDRESS = re.compile(rf"(?!-)(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)*{_LABEL}")
_LONGEST = 254


def recipients(text: str) -> tuple[str, ...]:
    """The addresses of a comma-separated list, each once, without names. Raises ValueError."""
    written = ", ".join(part.strip(" ") for part in text.split(",") if part.strip(" "))
    found = [address.addr_spec for address in _addresses(written)]
    if not found or not all(map(_is_plain, found)):
        raise ValueError(
            "must hold plain ASCII addresses such as ops@example.org or Ops <ops@example.org>, "
            "separated by commas"
        )
    return tuple(dict.fromkeys(found))


def sender(text: str) -> Address:
    """One address, with a name before it or without. Raises ValueError."""
    problem = "must be one address, such as health@example.org or Health <health@example.org>"
    found = _addresses(text)
    if len(found) != 1 or not _is_plain(found[0].addr_spec):
        raise ValueError(problem)
    return found[0]


def _addresses(text: str) -> Sequence[Address]:
    """Those of a header; none where it has a defect."""
    if not text.isprintable() or ";" in text:
        return ()
    try:
        header = default.header_factory("To", text)
    except (HeaderParseError, LookupError):  # "ops@" is too short for its parser
        return ()
    addresses: Sequence[Address] = () if header.defects else header.addresses
    return addresses


def _is_plain(address: str) -> bool:
    return len(address) <= _LONGEST and _ADDRESS.fullmatch(address) is not None
