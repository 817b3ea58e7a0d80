"""One BLAS thread for what studies compute: products this small take many times longer when several wait.

On two cores that something else keeps busy, idle threads of BLAS spin, and a chapter takes ten times as long.
"""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
_BRING_BLAS = ("numpy.linalg", "scipy.linalg", "torch", "sklearn")

_thread = threading.local()


class _OneThread:
    """Limit BLAS and OpenMP to one thread while any thread of this process computes.

    The limit of BLAS belongs to the process: with several batches at once the first one sets it and the
    last one takes it away. The limit of OpenMP belongs to each thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._limited = 0
        self._limits: list[Any] = []

    @contextmanager
    def blas(self) -> Iterator[None]:
        """Limit BLAS alone, quickly enough for a computation of microseconds."""
        controller = _blas_of(frozenset(name for name in _BRING_BLAS if name in sys.modules))
        self._enter(controller)
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def limited(self) -> Iterator[Any]:
        """Yield a function that says whether a library with threads was loaded since."""
        from threadpoolctl import ThreadpoolController

        controller = ThreadpoolController()
        libraries = len(controller.lib_controllers)
        self._enter(controller.select(user_api="blas"))
        try:
            with controller.select(user_api="openmp").limit(limits=1):
                yield lambda: len(ThreadpoolController().lib_controllers) > libraries
        finally:
            self._leave()

    def _enter(self, blas: Any) -> None:
        libraries = len(blas.lib_controllers)
        with self._lock:
            self._inside += 1
            if libraries > self._limited:
                with _any_thread_may_limit():
                    self._limits.append(blas.limit(limits=1))
                self._limited = libraries

    def _leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                with _any_thread_may_limit():
                    while self._limits:
                        self._limits.pop().restore_original_limits()
                self._limited = 0


@contextmanager
def _any_thread_may_limit() -> Iterator[None]:
    """Let this thread limit OpenBLAS although another one did before, and the next one after it.

    Newer versions of threadpoolctl heed only the thread that set a limit first, as long as it lives; here
    it is the lock that sees to it that limits are set and taken away in pairs.
    """
    import threadpoolctl

    openblas = getattr(threadpoolctl, "OpenBLASController", None)
    release = getattr(openblas, "clear_controlling_thread", lambda force: None)
    release(force=True)
    try:
        yield
    finally:
        release(force=True)


one_thread = _OneThread()


def on_one_thread(compute: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a function compute with one BLAS thread; inside another such function it is as it was.

    Examples
    --------
    >>> import numpy as np
    >>> @on_one_thread
    ... def trace(matrix):
    ...     return float(np.trace(matrix @ matrix))
    >>> trace(np.eye(3))
    3.0
    """

    @functools.wraps(compute)
    def limited(*arguments: _P.args, **named: _P.kwargs) -> _R:
        if getattr(_thread, "limited", False):
            return compute(*arguments, **named)
        _thread.limited = True
        try:
            with one_thread.blas():
                return compute(*arguments, **named)
        finally:
            _thread.limited = False

    return limited


def methods_on_one_thread(kind: type) -> None:
    """Make every public method that a class itself defines compute with one BLAS thread."""
    for name, method in vars(kind).items():
        if isinstance(method, FunctionType) and not name.startswith("_"):
            setattr(kind, name, on_one_thread(method))


@functools.lru_cache(maxsize=16)
def _blas_of(loaded: frozenset[str]) -> Any:
    """Return the BLAS libraries that are there once these modules are loaded; to look takes a millisecond."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")
