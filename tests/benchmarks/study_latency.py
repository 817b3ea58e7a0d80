"""A study of many teachers: its table, two thousand settings at once and alone, and a key to new pixels.

Run `python -m tests.benchmarks.study_latency`; `--check` fails when a bar is missed, `--no-browser` leaves
out what needs Chromium. Times are of the processor (one thread of it, with OMP_NUM_THREADS=1) where nothing
else is said, so that other work on the machine plays a smaller part.
"""

from __future__ import annotations

import itertools
import time

import numpy as np

import w2s_widgets as w2s
from tests.benchmarks.harness import machine, options, report, timed
from w2s_widgets.theory.outcome import Outcome

TABLE_SECONDS, TIMES_FASTER, P95_MS = 3.0, 50, 50
SETTINGS, ALONE = 2000, 24

STUDY = """
import numpy as np
import w2s_widgets as w2s
rng = np.random.default_rng(0)
strong = rng.standard_normal((10_000, 256))
y = strong @ rng.standard_normal(256) / 16 + rng.standard_normal(10_000)
blurred = [strong[:, 8 * i : 8 * i + 64] + rng.standard_normal((10_000, 64)) for i in range(10)]
teachers = {f"teacher {i}": features for i, features in enumerate(blurred)}
students = {"width 256": strong, "width 64": strong[:, :64], "width 192": strong[:, :192]}
study = w2s.FeatureStudy(teachers, students, y, groups=None)
"""

# A slider with as many steps as the benchmark of sliders sweeps, over the same drawings as every study has.
EXPLORER = """
realizabilities = [step / 40 for step in range(41)]
study = w2s.FeatureStudy(teachers, {"width 64": strong[:, :64]}, y, groups=None, splits=1, heads=["linear"],
                        n_teacher=[1000], n_student=[2000], realizabilities=realizabilities)
from w2s_widgets.studies.features import table as feature_table
feature_table.MOST_REALIZABILITIES = 41
explorer = w2s.StudyExplorer(study, realizability=1.0)
explorer
"""


def timed_table(study: w2s.FeatureStudy) -> float:
    """Return the seconds that a table takes, the features already standardised."""
    seconds, table = timed(study.table, time.process_time)
    print(f"table of {table.sides.gain.size} states, 10 teachers, 3 students, 10,000 inputs: {seconds:.2f} s")
    return seconds


def timed_settings(study: w2s.FeatureStudy) -> float:
    """Return how many times faster two thousand settings are together than alone."""
    axes = study.axes
    grid = [
        dict(zip(axes, values, strict=True))
        for values in itertools.product(
            *(values if name != "realizability" else (0.0,) for name, values in axes.items())
        )
    ]
    chosen = [grid[i] for i in np.random.default_rng(0).permutation(len(grid))[:SETTINGS]]
    batched, together = timed(lambda: study.outcomes(chosen), time.process_time)
    seconds, alone = timed(lambda: [study.outcome(**one) for one in chosen[:ALONE]], time.process_time)
    single = seconds / ALONE * SETTINGS
    worst = max(
        abs(getattr(one, name) - getattr(other, name))
        for one, other in zip(alone, together, strict=False)
        if isinstance(other, Outcome)
        for name in ("err_weak", "err_student", "misfit", "gain", "slack")
    )
    print(
        f"{SETTINGS} settings of {len(grid)}: {batched:.1f} s together, {single:.0f} s one at a time "
        f"(from {ALONE} of them), {single / batched:.0f} times faster; largest difference {worst:.1e}"
    )
    return single / batched


def timed_keys() -> float:
    """Return the 95th percentile of milliseconds from a key to new pixels."""
    from tests.benchmarks.pixels import Design, browser_lab, measure

    design = Design(
        "StudyExplorer",
        STUDY + EXPLORER,
        ".w2s-explorer [data-axis=realizability] input[type=range]",
        ".w2s-explorer svg.w2s-picture",
        "0.2 + 0.8 * explorer.realizability",  # on the scale of the benchmark of sliders
    )
    with browser_lab() as lab:
        times = measure(lab, design)
    print(times)
    return times.p95


def main() -> None:
    """Measure and print."""
    chosen = options(__doc__, no_browser=False)
    machine()
    found: dict[str, w2s.FeatureStudy] = {}
    exec(STUDY, found)
    study = found["study"]
    print(study, "teachers by error:", len(study.axes["teacher"]))
    bars = {
        f"table in under {TABLE_SECONDS:g} s": timed_table(study) < TABLE_SECONDS,
        f"{SETTINGS} settings {TIMES_FASTER} times faster together": timed_settings(study) >= TIMES_FASTER,
    }
    if not chosen.no_browser:
        bars[f"p95 at most {P95_MS} ms"] = timed_keys() <= P95_MS
    report(bars, chosen.check)


if __name__ == "__main__":
    main()
