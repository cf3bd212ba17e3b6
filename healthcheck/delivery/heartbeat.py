"""The dead-man's switch: a URL that is requested after every scheduled run.

Convention of healthchecks.io: the URL itself after a success, its path with /fail after a failure.
Whoever has the URL can pretend that all is well, so no more than its host is ever shown.
"""

import ssl
import time
from collections.abc import Callable
from http.client import HTTPException
from threading import Thread
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

_TRIES = 3
_LIMIT_SECONDS = 10
_PAUSE_SECONDS = 2
_TOO_MANY, _SERVER_ERROR = 429, 500


class _Heard:
    """How a try went: the trouble that it met, and whether it is worth another."""

    def __init__(self) -> None:
        self.trouble: str | None = f"no answer within {_LIMIT_SECONDS} s"
        self.lasting = False


def beat(url: str, *, failed: bool, on_warning: Callable[[str], None]) -> bool:
    """Tell how a run went; whether that was heard. It never raises, and ends within 40 seconds."""
    target = fail_url(url) if failed else url
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE_SECONDS)
        heard = _try(target)
        if heard.trouble is None:
            return True
        if heard.lasting:
            break
    on_warning(f"Heartbeat ping to {_host(url)} failed: {heard.trouble}.")
    return False


def fail_url(url: str) -> str:
    """The URL for a failure; a query stays at its end."""
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/fail", fragment="").geturl()


def _try(url: str) -> _Heard:
    # In a thread of its own: neither a slow name server nor an answer that trickles can hold us.
    heard = _Heard()
    asking = Thread(target=_ask, args=(url, heard), daemon=True)
    asking.start()
    asking.join(_LIMIT_SECONDS)
    return heard


def _ask(url: str, heard: _Heard) -> None:
    request = Request(url, headers={"User-Agent": "llm-health-check"})  # noqa: S310 - the settings checked it
    try:
        with _opener().open(request, timeout=_LIMIT_SECONDS):
            heard.trouble = None
    except HTTPError as error:
        with error:
            heard.lasting = error.code < _SERVER_ERROR and error.code != _TOO_MANY
            heard.trouble = f"HTTP {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        heard.trouble = _why(error.reason if isinstance(error, URLError) else error)


def _opener() -> OpenerDirector:
    """One that follows redirects within the web, and nowhere else."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(context=ssl.create_default_context()),
        HTTPRedirectHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
        UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _why(reason: BaseException | str) -> str:
    """Without what Python says in its own words, which could hold the URL."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({reason.verify_message})"
    if isinstance(reason, TimeoutError):
        return f"no answer within {_LIMIT_SECONDS} s"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror.lower()
    return "no answer that can be understood"


def _host(url: str) -> str:
    return urlsplit(url).hostname or "its host"
