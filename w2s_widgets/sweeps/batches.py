"""What a worker does: it holds the study, and computes one batch of settings with one BLAS thread."""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from w2s_widgets.studies.blas_threads import one_thread
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
    with one_thread.limited() as outgrown:
        computed = _compute(study, settings)
        late = outgrown()
    if late:
        # A library that the batch itself was the first to load has used as many threads as it liked.
        with one_thread.limited():
            return _compute(study, settings)
    return computed


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
