"""The name of this host, for the ids of a mail."""

import re
import socket
from email.headerregistry import Address
from threading import Thread

_PATIENCE_SECONDS = 2
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


def mail_domain(sender: Address | None) -> str:
    """The sender's domain, or the host's own name, in full where it knows it within two seconds."""
    if sender:
        return sender.domain
    found: list[str] = []
    looking = Thread(target=_look_up, args=(found,), daemon=True)
    looking.start()
    looking.join(_PATIENCE_SECONDS)
    name = next((name for name in found if "localhost" not in name), socket.gethostname())
    return name if _DOMAIN.fullmatch(name) else "localhost"


def _look_up(found: list[str]) -> None:
    try:
        answers = socket.getaddrinfo(socket.gethostname(), None, flags=socket.AI_CANONNAME)
    except OSError:
        return
    found.append(answers[0][3].rstrip("."))
