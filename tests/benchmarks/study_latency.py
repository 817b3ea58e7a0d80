"""How long a study takes: its table, two thousand settings at once and alone, and a key to new pixels.

Run `python -m tests.benchmarks.study_latency`; `--check` fails when a bar is missed, `--no-browser` leaves
out what needs Chromium. Times are of the processor (one thread of it, with OMP_NUM_THREADS=1) where nothing
else is said, so that other work on the machine plays a smaller part.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import w2s_widgets as w2s
from tests.benchmarks.slider_latency import Design, measure
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
    start = time.process_time()
    table = study.table()
    seconds = time.process_time() - start
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
    start = time.process_time()
    together = study.outcomes(chosen)
    batched = time.process_time() - start
    start = time.process_time()
    alone = [study.outcome(**setting) for setting in chosen[:ALONE]]
    single = (time.process_time() - start) / ALONE * SETTINGS
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
    from playwright.sync_api import sync_playwright

    from tests.browser import chromium
    from tests.browser.lab import Lab
    from tests.browser.server import LabServer

    design = Design(
        "StudyExplorer",
        STUDY + EXPLORER,
        ".w2s-explorer [data-axis=realizability] input[type=range]",
        ".w2s-explorer svg.w2s-picture",
        "0.2 + 0.8 * explorer.realizability",  # on the scale of the benchmark of sliders
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        if browser is None:
            sys.exit(chromium.HOW_TO_GET_ONE)
        server = LabServer(Path(folder))
        try:
            timing = measure(Lab(server, browser), design)
        finally:
            server.stop()
            browser.close()
    print(timing)
    return timing.p95


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    parser.add_argument("--no-browser", action="store_true", help="leave out what needs Chromium")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} cores")
    found: dict[str, w2s.FeatureStudy] = {}
    exec(STUDY, found)
    study = found["study"]
    print(study, "teachers by error:", len(study.axes["teacher"]))
    bars = {
        f"table in under {TABLE_SECONDS:g} s": timed_table(study) < TABLE_SECONDS,
        f"{SETTINGS} settings at least {TIMES_FASTER} times faster together": timed_settings(study)
        >= TIMES_FASTER,
    }
    if not arguments.no_browser:
        bars[f"p95 at most {P95_MS} ms"] = timed_keys() <= P95_MS
    for bar, held in bars.items():
        print(f"{'held  ' if held else 'MISSED'} {bar}")
    if arguments.check and not all(bars.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
