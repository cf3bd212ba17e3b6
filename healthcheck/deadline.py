"""A deadline for calls that have none of their own."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

_Result = TypeVar("_Result")


def run_with_deadline(call: Callable[[], _Result], seconds: float) -> _Result:
    """Return or raise what the call does; TimeoutError where it takes longer.

    Its thread is left alone then: time-outs of sockets are between two bytes, and name resolution
    has none at all.
    """
    future: Future[_Result] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except Exception as error:  # noqa: BLE001 - it is raised where the result is wanted
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future.result(seconds)
