"""A sweep of 2,000 rows of a carried study: batched against one at a time, and what executors add.

Run `python -m tests.benchmarks.sweep`; `--check` fails when the bar is missed, `--all` computes every row one
at a time (else a random sample of them, its time scaled up), `--study` takes another study.
"""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import product
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

import w2s_widgets as w2s
from tests.benchmarks.harness import machine, options, report, timed

TIMES_FASTER, AGREE = 10, 1e-9
SAMPLE = 100
ROWS = 2000
NUMBERS = ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling")

STUDIES: dict[str, Callable[[], Any]] = {
    "text": lambda: w2s.TextStudy("movie"),
    "molecules": lambda: w2s.MoleculeStudy("solubility"),
}


def grid_of(study: Any) -> list[dict[str, Any]]:
    """Return 2,000 settings: ten teachers, two students, five splits, all budgets, and enough truths."""
    axes = study.axes
    chosen = {
        "teacher": axes["teacher"][:10],
        "student": axes["student"][:2],
        "split": axes["split"][:5],
        "n_teacher": axes["n_teacher"],
        "head": ["ridge"],
    }
    each = math.prod(len(values) for values in chosen.values())
    chosen["realizability"] = axes["realizability"][-math.ceil(ROWS / each) :]
    return [dict(zip(chosen, values, strict=True)) for values in product(*chosen.values())][:ROWS]


@contextmanager
def dask() -> Iterator[Any]:
    """Two processes of Dask's."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client.get_executor()


@contextmanager
def engines() -> Iterator[Any]:
    """Two engines of ipyparallel's."""
    import ipyparallel

    with ipyparallel.Cluster(n=2, log_level=40) as client:
        yield client[:].executor


def main() -> None:
    """Measure and print."""
    arguments = options(__doc__, all=False, study=tuple(STUDIES))
    new_study = STUDIES[arguments.study]
    settings = grid_of(new_study())
    machine(f"a sweep of {len(settings):,} rows")

    def swept(executor: Any = None) -> tuple[float, Any]:
        # A new study each time: nothing that an earlier one prepared may help.
        return timed(lambda: w2s.sweep(new_study(), settings, executor, progress=False))

    batched, rows = swept()
    failed = rows["failed"].notna().sum()
    print(f"batched in process: {batched:.2f} s, {failed} rows failed")

    study = new_study()
    everything = np.arange(len(settings))
    drawn = everything if arguments.all else np.random.default_rng(0).choice(everything, SAMPLE, False)
    chosen = [int(row) for row in sorted(drawn) if rows["failed"].isna()[row]]
    study.outcome(**settings[chosen[0]])  # the features are made ready outside the clock, in favour of it
    with threadpool_limits(1):
        seconds, outcomes = timed(lambda: [study.outcome(**settings[row]) for row in chosen])
    alone = seconds * len(settings) / len(chosen)
    scaled = "" if arguments.all else f" ({seconds:.2f} s for {len(chosen)} rows at random, scaled)"
    print(f"one at a time, one BLAS thread: {alone:.1f} s{scaled}")
    apart = max(
        abs(getattr(outcome, name) - rows[name][row])
        for row, outcome in zip(chosen, outcomes, strict=True)
        for name in NUMBERS
    )
    print(f"batched is {alone / batched:.0f} times faster; the largest difference of a number is {apart:.1e}")

    spawned = multiprocessing.get_context("spawn")
    pools: dict[str, Callable[[], Any]] = {
        "2 threads": lambda: ThreadPoolExecutor(2),
        "2 processes": lambda: ProcessPoolExecutor(2, mp_context=spawned),
        "Dask, 2 processes": dask,
        "ipyparallel, 2 engines": engines,
    }

    same = True
    for name, pool in pools.items():
        with pool() as executor:
            (first, found), (again, _) = swept(executor), swept(executor)
        bits = found.equals(rows)
        same = same and bits
        print(f"{name}: {first:.2f} s, again {again:.2f} s; {'the same bits' if bits else 'OTHER BITS'}")
    bars = {
        f"at least {TIMES_FASTER} times faster": alone >= TIMES_FASTER * batched,
        f"numbers agree to {AGREE:g}": apart <= AGREE,
        "every executor gives the same bits": same,
    }
    report(bars, arguments.check)


if __name__ == "__main__":
    main()
