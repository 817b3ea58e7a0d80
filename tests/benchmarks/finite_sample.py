"""How long 200 repetitions of 50 sizes take in one batch, and in a Python loop of single fits.

    python -m tests.benchmarks.finite_sample [--share 10] [--times 3]

Both draw their own inputs (the loop one growing sample for each repetition), fit, and measure exactly in
population terms. The loop is timed on `--share` repetitions and scaled up; each time is the best of
`--times` runs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.benchmarks.harness import best, machine, options
from w2s_widgets.heads import LinearHead
from w2s_widgets.studies.linear.finite_sample import REPETITIONS, SIZES, FiniteSample
from w2s_widgets.studies.linear.gram_fits import population_sides

LABEL_NOISE = 0.5


def batched(**settings: float) -> None:
    """Fit and measure all students at once."""
    _ = FiniteSample(label_noise=LABEL_NOISE, **settings).sides  # type: ignore[arg-type]


def loop(repetitions: int, fit: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> None:
    """Fit and measure one student after the other."""
    study = FiniteSample()
    rng = np.random.default_rng(0)
    for _ in range(repetitions):
        inputs = rng.standard_normal((max(SIZES), len(study.truth)))
        labels = inputs @ study.teacher + LABEL_NOISE * rng.standard_normal(len(inputs))
        for n in SIZES:
            student = np.zeros(len(study.truth))
            student[: study.strong_capacity] = fit(inputs[:n, : study.strong_capacity], labels[:n])
            population_sides(study.truth, study.teacher, student)


def with_linear_head(inputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Fit by the library's own head."""
    return np.asarray(LinearHead(intercept=False).fit(inputs, labels).coef_)


def with_lstsq(inputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Fit by numpy alone."""
    return np.linalg.lstsq(inputs, labels, rcond=None)[0]


def compare(share: int = 10, times: int = 3) -> dict[str, float]:
    """Return seconds by name, the loops' scaled up from ``share`` repetitions."""
    scale = REPETITIONS / share
    batched()
    return {
        "batched": best(batched, times),
        "batched, ridge 0.1": best(lambda: batched(ridge=0.1), times),
        "batched, 10 steps": best(lambda: batched(steps=10), times),
        "loop, LinearHead": scale * best(lambda: loop(share, with_linear_head), times),
        "loop, lstsq": scale * best(lambda: loop(share, with_lstsq), times),
    }


def main() -> None:
    """Run from the command line."""
    chosen = options(__doc__, share=10, times=3)
    seconds = compare(chosen.share, chosen.times)
    machine(f"{REPETITIONS} repetitions x {len(SIZES)} sizes")
    for name, value in seconds.items():
        scaled = f" (scaled from {chosen.share} repetitions)" if name.startswith("loop") else ""
        print(f"{name:20s} {value:7.3f} s, {value / seconds['batched']:6.1f} times the batch{scaled}")


if __name__ == "__main__":
    main()
