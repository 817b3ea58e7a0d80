"""What differs between executors: how many workers there are, and whether one call reaches one of them."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import suppress
from typing import Any

UNKNOWN = 16
"""How many workers an executor is taken to have that does not say."""

_DEATHS = ("KilledWorker", "EngineError", "CommClosedError")


def check_executor(executor: Any) -> None:
    """Raise a ``TypeError`` unless an object is an executor.

    Dask's client has a ``submit`` that is none, and ipyparallel's views have executors and are none.

    Examples
    --------
    >>> check_executor(4)
    Traceback (most recent call last):
    ...
    TypeError: executor is an object of class int, which has no submit: give a concurrent.futures Executor, \
such as Dask's client.get_executor() or ipyparallel's view.executor.
    """
    kind = type(executor).__name__
    if isinstance(executor, type):
        raise TypeError(f"executor is the class {executor.__name__}: give one of it, {executor.__name__}().")
    if hasattr(executor, "get_executor"):
        raise TypeError(f"executor is Dask's {kind}: give its get_executor().")
    if type(executor).__module__.startswith("ipyparallel") and not callable(
        getattr(executor, "submit", None)
    ):
        raise TypeError(f"executor is ipyparallel's {kind}: give its executor, such as client[:].executor.")
    if callable(getattr(executor, "apply_async", None)) and not callable(getattr(executor, "submit", None)):
        library = type(executor).__module__.partition(".")[0]
        threads = "Thread" in kind
        raise TypeError(
            f"executor is a {kind} of {library}, a pool that is no executor: give concurrent.futures's "
            f"{'Thread' if threads else 'Process'}PoolExecutor, with as many workers."
        )
    if not callable(getattr(executor, "submit", None)):
        raise TypeError(
            f"executor is an object of class {kind}, which has no submit: give a concurrent.futures "
            "Executor, such as Dask's client.get_executor() or ipyparallel's view.executor."
        )


def one_worker_for_each(executor: Any) -> Any:
    """Return an executor that gives each call to one worker that is alive.

    ipyparallel's gives each call to all engines of a DirectView, as often as there are, and none to
    anybody once an engine of its view has died.
    """
    view = getattr(executor, "view", None)
    return LiveEngines(view) if hasattr(view, "client") else executor


class LiveEngines:
    """Give each call to one of those engines of an ipyparallel view that are alive."""

    def __init__(self, view: Any) -> None:
        self._client = view.client
        targets = getattr(view, "targets", None)
        self._targets = None if targets is None or isinstance(targets, str) else set(_as_list(targets))

    @property
    def alive(self) -> list[int]:
        """The engines that are alive, by number."""
        ids = set(self._client.ids)
        return sorted(ids if self._targets is None else ids & self._targets)

    def submit(self, function: Any, *arguments: Any) -> Future[Any]:
        """Send a call to one engine."""
        while alive := self.alive:
            try:
                view = self._client.load_balanced_view(alive)
                future: Future[Any] = view.apply_async(function, *arguments)
            except KeyError:  # one of them has died between two lines
                continue
            return future
        raise RuntimeError("none of its engines is alive")


def count_workers(executor: Any) -> int:
    """Return how many workers there are now."""
    if isinstance(executor, LiveEngines):
        try:
            return len(executor.alive)
        except Exception:  # its client is closed
            return 0
    client: Any = getattr(executor, "_client", None)  # Dask's
    if hasattr(client, "ncores"):
        try:
            return int(sum(client.ncores().values()))
        except Exception:  # closed, or its scheduler is gone: each version says that in another way
            return 0
    count = getattr(executor, "_max_workers", None)
    return count if isinstance(count, int) else UNKNOWN


def is_death(error: BaseException) -> bool:
    """Whether an engine says by this error that the worker died."""
    names = {kind.__name__ for kind in type(error).__mro__} | {getattr(error, "ename", "")}
    return bool(names.intersection(_DEATHS))


def take_back(future: Future[Any]) -> None:
    """Cancel a call that is not wanted any more, as far as it has not begun."""
    # ipyparallel's futures cannot be cancelled, but aborted.
    with suppress(Exception):  # nor can they be where the client is closed
        getattr(future, "abort", future.cancel)()


def _as_list(targets: Any) -> list[int]:
    return [targets] if isinstance(targets, int) else list(targets)
