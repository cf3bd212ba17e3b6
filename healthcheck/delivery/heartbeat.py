"""The dead-man's switch: a URL that is requested after every scheduled run.

Convention of healthchecks.io: the URL itself after a success, its path with /fail after a failure.
Whoever has the URL can pretend that all is well, so no more than its host is ever shown.
"""

import ssl
import time
from collections.abc import Callable
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from healthcheck.deadline import run_with_deadline

_TRIES = 3
_LIMIT_SECONDS = 10
_PAUSE_SECONDS = 2
_TOO_MANY, _SERVER_ERROR = 429, 500


def ping(url: str, *, failed: bool, on_warning: Callable[[str], None]) -> None:
    """Report how a run went. It never raises, and ends within 40 seconds."""
    target = fail_url(url) if failed else url
    problem = ""
    for number in range(_TRIES):
        if number:
            time.sleep(_PAUSE_SECONDS)
        try:
            run_with_deadline(lambda: _request(target), _LIMIT_SECONDS)
        except HTTPError as error:
            problem = f"HTTP {error.code}"
            if error.code < _SERVER_ERROR and error.code != _TOO_MANY:
                break
        except Exception as error:  # noqa: BLE001 - no answer of a server may cost a report
            problem = _why(error.reason if isinstance(error, URLError) else error)
        else:
            return
    host = urlsplit(url).hostname or "its host"
    on_warning(f"Heartbeat ping to {host} failed: {problem}.")


def fail_url(url: str) -> str:
    """The URL for a failure; a query stays at its end."""
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/fail", fragment="").geturl()


def _request(url: str) -> None:
    asked = Request(url, headers={"User-Agent": "llm-health-check"})  # noqa: S310 - the settings checked it
    try:
        urlopen(asked, timeout=_LIMIT_SECONDS).close()  # noqa: S310 - likewise
    except HTTPError as error:
        error.close()
        raise


def _why(reason: BaseException | str) -> str:
    """Without what Python says in its own words, which could hold the URL."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({reason.verify_message})"
    if isinstance(reason, TimeoutError):
        return f"no answer within {_LIMIT_SECONDS} s"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror.lower()
    return "invalid answer"
