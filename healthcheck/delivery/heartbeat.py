"""The dead-man's switch: a URL that is requested after every scheduled run.

Convention of healthchecks.io: the URL itself after a success, its path with /fail after a failure.
Whoever has the URL can pretend that all is well, so no more than its host is ever shown.
"""

import ssl
import time
from collections.abc import Callable
from http.client import HTTPException
from threading import Thread
from urllib import request
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

_TRIES = 3
_LIMIT_SECONDS = 10
_PAUSE_SECONDS = 2
_TOO_MANY, _SERVER_ERROR = 429, 500
_HANDLERS = (
    *(request.ProxyHandler, request.HTTPHandler, request.HTTPSHandler),
    *(request.HTTPRedirectHandler, request.HTTPDefaultErrorHandler, request.HTTPErrorProcessor),
    request.UnknownHandler,
)
"""They follow redirects within the web, and nowhere else."""


def ping(url: str, *, failed: bool, on_warning: Callable[[str], None]) -> bool:
    """Report how a run went; whether that arrived. It never raises, and ends within 40 seconds."""
    target = fail_url(url) if failed else url
    for number in range(_TRIES):
        if number:
            time.sleep(_PAUSE_SECONDS)
        attempt = _Ping(target)
        attempt.start()
        attempt.join(_LIMIT_SECONDS)
        if attempt.error is None:
            return True
        if attempt.lasting:
            break
    host = urlsplit(url).hostname or "its host"
    on_warning(f"Heartbeat ping to {host} failed: {attempt.error}.")
    return False


def fail_url(url: str) -> str:
    """The URL for a failure; a query stays at its end."""
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/fail", fragment="").geturl()


class _Ping(Thread):
    """One request, in a thread of its own: a slow name server or a trickling answer cannot hold us.

    `error` is why it has not arrived, `lasting` whether another try is in vain.
    """

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.error: str | None = f"no answer within {_LIMIT_SECONDS} s"
        self.lasting = False

    def run(self) -> None:
        asked = request.Request(self.url, headers={"User-Agent": "llm-health-check"})  # noqa: S310 - the settings checked it
        opener = request.OpenerDirector()
        for handler in _HANDLERS:
            opener.add_handler(handler())
        try:
            with opener.open(asked, timeout=_LIMIT_SECONDS):
                self.error = None
        except HTTPError as error:
            with error:
                self.lasting = error.code < _SERVER_ERROR and error.code != _TOO_MANY
                self.error = f"HTTP {error.code}"
        except (OSError, HTTPException, ValueError) as error:
            self.error = _why(error.reason if isinstance(error, URLError) else error)


def _why(reason: BaseException | str) -> str:
    """Without what Python says in its own words, which could hold the URL."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({reason.verify_message})"
    if isinstance(reason, TimeoutError):
        return f"no answer within {_LIMIT_SECONDS} s"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror.lower()
    return "invalid answer"
