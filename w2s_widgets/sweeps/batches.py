"""What a worker does: it holds the study, and computes one batch of settings with one BLAS thread."""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from w2s_widgets.studies.study import Setting, Study
from w2s_widgets.theory.outcome import Outcome

Result = dict[str, Any] | str
"""An outcome as a flat row, or the reason why there is none."""

_HELD = 2  # studies in one thread: an endless worker must not keep them all

# Each thread has its own: a study may keep what it computed last, and two batches at once would mix it up.
_thread = threading.local()


class Parcel(NamedTuple):
    """How a worker comes by the study."""

    key: str
    """The sha256 of the pickled study."""
    path: str
    """A file with the pickled study; other machines may not see it."""
    content: bytes | None = None
    """The pickled study itself, for a worker that said that it had no other way."""


class Computed(NamedTuple):
    """The results of one batch."""

    results: list[Result]
    lasting: bool
    """Whether they hold for good; a batch that raised an error is tried again by the next sweep."""


def run_batch(parcel: Parcel, settings: Sequence[Setting], ticket: str) -> Computed | None:
    """Compute one batch in a worker; ``None`` when it cannot get at the study and needs its content.

    The ticket differs at each submission: an engine that remembers calls must compute a lost one again.
    """
    known: dict[str, Study] = _thread.__dict__
    if parcel.key not in known:
        content = parcel.content if parcel.content is not None else _read(parcel)
        if content is None:
            return None
        known[parcel.key] = pickle.loads(content)
        while len(known) > _HELD:
            del known[next(iter(known))]
    return compute(known[parcel.key], settings)


def compute(study: Study, settings: Sequence[Setting]) -> Computed:
    """Compute one batch in this process with one BLAS thread."""
    with _one_thread.limited() as outgrown:
        computed = _compute(study, settings)
        late = outgrown()
    if late:
        # A library that the batch itself was the first to load has used as many threads as it liked.
        with _one_thread.limited():
            return _compute(study, settings)
    return computed


class _OneThread:
    """Limit BLAS and OpenMP to one thread while any thread of this process computes a batch.

    The limit of BLAS belongs to the process: with several batches at once the first one sets it and the
    last one takes it away. The limit of OpenMP belongs to each thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._limited = 0
        self._limits: list[Any] = []

    @contextmanager
    def limited(self) -> Iterator[Any]:
        """Yield a function that says whether a library with threads was loaded since."""
        from threadpoolctl import ThreadpoolController

        controller = ThreadpoolController()
        libraries = len(controller.lib_controllers)
        with self._lock:
            self._inside += 1
            if libraries > self._limited:
                with _any_thread_may_limit():
                    self._limits.append(controller.select(user_api="blas").limit(limits=1))
                self._limited = libraries
        try:
            with controller.select(user_api="openmp").limit(limits=1):
                yield lambda: len(ThreadpoolController().lib_controllers) > libraries
        finally:
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


_one_thread = _OneThread()


def _compute(study: Study, settings: Sequence[Setting]) -> Computed:
    try:
        found = list(study.outcomes(settings))
    except Exception:
        # One impossible setting must not take the others with it.
        alone = [_alone(study, setting) for setting in settings]
        return Computed([computed.results[0] for computed in alone], all(c.lasting for c in alone))
    if len(found) != len(settings):
        raise TypeError(
            f"{type(study).__name__}.outcomes returned {len(found)} results for {len(settings)} settings: "
            "it must return one for each."
        )
    return Computed([_row(outcome) for outcome in found], True)


def _alone(study: Study, setting: Setting) -> Computed:
    try:
        (found,) = study.outcomes([setting])
    except Exception as error:
        return Computed([f"{type(error).__name__}: {error}"], False)
    return Computed([_row(found)], True)


def _row(found: object) -> Result:
    if isinstance(found, str):
        return found
    if not isinstance(found, Outcome):
        raise TypeError(
            f"a study returned {type(found).__name__} for a setting: it must return an Outcome, or the "
            "reason why there is none."
        )
    return {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in found.as_dict().items()
    }


def _read(parcel: Parcel) -> bytes | None:
    try:
        content = Path(parcel.path).read_bytes()
    except OSError:
        return None
    # A path of another machine may be somebody else's file on this one.
    return content if hashlib.sha256(content).hexdigest() == parcel.key else None
