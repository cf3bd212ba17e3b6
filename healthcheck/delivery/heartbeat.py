"""The dead-man's switch: a URL that is requested after every scheduled run.

Convention of healthchecks.io: the URL itself after a success, its path with /fail after a failure.
Whoever has the URL can pretend that all is well, so no more than its host is ever shown.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from logging import getLogger
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

_log = getLogger(__name__)
_TRIES = 3
_LIMIT_SECONDS = 10
_PAUSE_SECONDS = 2
_TOO_MANY, _SERVER_ERROR = 429, 500


def ping(url: str, *, failed: bool) -> None:
    """Report how a run went. It never raises, and ends within 40 seconds."""
    headers = {"User-Agent": "llm-health-check"}
    request = Request(fail_url(url) if failed else url, headers=headers)  # noqa: S310 - the settings checked it
    problem = ""
    for number in range(_TRIES):
        if number:
            time.sleep(_PAUSE_SECONDS)
        try:
            # The limit of a socket is between two bytes, and name resolution has none at all. A thread
            # that is left behind keeps nothing waiting: the program ends by os._exit.
            asked = ThreadPoolExecutor(1).submit(urlopen, request, timeout=_LIMIT_SECONDS)
            asked.result(_LIMIT_SECONDS).close()
        except HTTPError as error:
            error.close()
            problem = f"HTTP {error.code}"
            if error.code < _SERVER_ERROR and error.code != _TOO_MANY:
                break
        except Exception as error:  # noqa: BLE001 - no answer of a server may cost a report
            reason = getattr(error, "reason", None)
            cause = reason if isinstance(reason, OSError) else error
            # Other words of Python could hold the URL.
            problem = getattr(cause, "strerror", None) or type(cause).__name__
        else:
            return
    host = urlsplit(url).hostname or "its host"
    _log.warning("Heartbeat ping to %s failed: %s.", host, problem)


def fail_url(url: str) -> str:
    """The URL for a failure; a query stays at its end."""
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/fail", fragment="").geturl()
