"""`sweep`: every combination of a study's settings as one row of a tidy table."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

from w2s_widgets._optional import import_optional
from w2s_widgets.cache import default_folder
from w2s_widgets.progress.bar import Progress
from w2s_widgets.studies.study import Setting, Study, check_study
from w2s_widgets.sweeps.batches import Computed, Result
from w2s_widgets.sweeps.dispatch import compute_here, compute_on
from w2s_widgets.sweeps.settings import Batch, make_batches, read_grid
from w2s_widgets.sweeps.store import SweepStore
from w2s_widgets.sweeps.worker import check_executor
from w2s_widgets.theory.outcome import Outcome

_COLUMNS = tuple(Outcome(0.0, 0.0, 0.0, 0.0, 0.0).as_dict())
_COUNTS = ("n",)
_WORDS = ("loss",)


def sweep(
    study: Study,
    grid: Mapping[str, Any] | Iterable[Setting],
    executor: Any = None,
    *,
    folder: str | os.PathLike[str] | None = None,
    progress: bool = True,
) -> Any:
    """Compute every combination of a grid and return one row for each.

    Settings that share their fits are computed together, as one batch. A batch is the unit of work: it
    is fixed by the grid alone and computed with one BLAS thread, so that the numbers are the same to the
    last bit whatever computes them, in whatever order, and however often a sweep was stopped on the way
    (on one machine: another processor may round differently).

    Parameters
    ----------
    study : Study
        What has ``axes``, ``defaults``, ``outcomes``, ``batch_of`` and ``fingerprint``.
    grid : mapping or sequence of mappings
        Values by axis, of which all combinations are taken, the last axis fastest; or a list of
        settings. Axes that are not named have the study's default.
    executor : concurrent.futures.Executor, optional
        Where batches are computed: a ``ThreadPoolExecutor`` or ``ProcessPoolExecutor``, Dask's
        ``client.get_executor()``, or ipyparallel's ``view.executor``. By default in this process. A
        batch that is lost with its worker is sent out again. The executor is not shut down.
    folder : path-like, optional
        Where each finished batch is kept at once. The same call goes on from there after an interrupt,
        a crash or a kill. By default nothing is kept, unless the sweep is interrupted.
    progress : bool
        Whether to show a bar with the time left.

    Returns
    -------
    pandas.DataFrame
        In the grid's order: a column for each axis, the columns of `Outcome.as_dict`, and ``failed``,
        the reason why a row has no outcome, else missing. Write it with ``to_csv`` or ``to_parquet``.

    Raises
    ------
    TypeError
        If the study, grid or executor is of the wrong kind.
    ValueError
        If the grid has an axis or a value that the study has not. Nothing has been computed then.
    MissingPackageError
        If the packages of the extra ``sweep`` are not installed.
    OSError
        If the folder cannot be written.
    KeyboardInterrupt
        If interrupted; it says where the finished batches are.

    Warns
    -----
    UserWarning
        Once if files in the folder were damaged, and once if the executor stopped working for good.

    Examples
    --------
    >>> import numpy as np
    >>> import w2s_widgets as w2s
    >>> rng = np.random.default_rng(0)
    >>> strong = rng.standard_normal((400, 12))
    >>> weak = strong[:, :6] + rng.standard_normal((400, 6))
    >>> study = w2s.own_pair(weak, strong, strong @ np.ones(12)).study
    >>> rows = w2s.sweep(study, {"split": [0, 1], "realizability": [0.0, 1.0]})
    >>> rows.shape[0], rows["failed"].isna().all(), bool((rows["misfit"] > 0).all())
    (4, np.True_, True)
    """
    import_optional("pandas", "A sweep", extra="sweep")
    check_study(study)
    taken = [name for name in study.axes if name in (*_COLUMNS, "failed")]
    if taken:
        raise ValueError(
            f"the study has an axis called {taken[0]}, which is the name of a result: rename the axis."
        )
    if executor is not None:
        check_executor(executor)
    settings = read_grid(study, grid)
    batches = make_batches(study, settings)
    store = None if folder is None else SweepStore(folder)
    results: list[Result | None] = [None] * len(settings)
    left: list[Batch] = []
    finished: list[tuple[Batch, Computed]] = []
    bar = Progress(len(settings), "Sweeping", unit="rows", where="auto" if progress else "nowhere")
    with bar:
        for batch in batches:
            kept = None if store is None else store.load(batch)
            if kept is None:
                left.append(batch)
            else:
                _fill(results, batch, kept)
                bar.skip(len(batch.rows))
        if store is not None and store.damaged:
            files = "1 file was" if store.damaged == 1 else f"{store.damaged} files were"
            warnings.warn(
                f"{files} damaged in the folder {store.folder}, so what was in there is computed again.",
                stacklevel=2,
            )
        source = compute_here(study, left) if executor is None else compute_on(executor, study, left)
        try:
            # Closed at once, so that an interrupt takes back what still waits for a worker.
            with closing(source):
                for batch, computed in source:
                    _fill(results, batch, computed.results)
                    if computed.lasting and not (
                        store and _kept(store, batch, computed, told=bool(finished))
                    ):
                        finished.append((batch, computed))
                    bar.advance(len(batch.rows))
        except KeyboardInterrupt:
            raise KeyboardInterrupt(_how_to_go_on(study, store, finished, bar)) from None
    return _frame(study, settings, [result for result in results if result is not None])


def _kept(store: SweepStore, batch: Batch, computed: Computed, *, told: bool) -> bool:
    """Write a batch; where that fails, warn once and go on in memory: what was computed is not lost."""
    try:
        store.store(batch, computed.results)
    except OSError as error:
        if not told:
            warnings.warn(
                f"The folder {store.folder} cannot be written ({error.strerror or error}), so what is "
                "computed from here on is only in the table that you get: make room, and the same call keeps "
                "it.",
                stacklevel=3,
            )
        return False
    return True


def _fill(results: list[Result | None], batch: Batch, found: Sequence[Result]) -> None:
    for row, result in zip(batch.rows, found, strict=True):
        results[row] = result


def _frame(study: Study, settings: Sequence[Setting], results: Sequence[Result]) -> Any:
    import pandas as pd

    columns: dict[str, Any] = {name: [setting[name] for setting in settings] for name in study.axes}
    names = dict.fromkeys([*_COLUMNS, *(name for row in results if isinstance(row, dict) for name in row)])
    for name in names:
        values = [row.get(name) if isinstance(row, dict) else None for row in results]
        if name in _COUNTS:
            columns[name] = pd.array(values, dtype="Int64")
        elif name in _WORDS or any(isinstance(value, str) for value in values):
            columns[name] = values
        else:
            columns[name] = pd.Series(values, dtype="float64")
    reasons = [row if isinstance(row, str) else None for row in results]
    # With one row that failed pandas sees a column of strings; with none it must be one as well.
    columns["failed"] = pd.Series(reasons, dtype=pd.Series(["a reason", None]).dtype)
    return pd.DataFrame(columns)


def _how_to_go_on(
    study: Study, store: SweepStore | None, finished: Sequence[tuple[Batch, Computed]], bar: Progress
) -> str:
    done = f"the sweep was stopped with {bar.done:,} of {bar.total:,} rows done"
    if store is not None:
        lost = sum(len(batch.rows) for batch, one in finished if not _kept(store, batch, one, told=True))
        if lost:
            where = f"{lost:,} of them could not be kept in {store.folder}"
            return f"{done}, and {where}: make room, and the same call computes those again."
        return f"{done}: the same call goes on from there."
    if not finished:
        return f"{done}: the same call starts again."
    folder = default_folder() / "sweeps" / f"{study.fingerprint[:12]}-{time.strftime('%Y%m%d-%H%M%S')}"
    try:
        kept = SweepStore(folder)
        for batch, computed in finished:
            kept.store(batch, computed.results)
    except OSError as error:
        return f"{done}, and they could not be kept ({error}): give a folder next time."
    return f"{done}: the same call with folder={str(folder)!r} goes on from there."
