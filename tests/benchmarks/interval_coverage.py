"""Coverage of the intervals of one outcome, on own pairs of three kinds.

    python -m tests.benchmarks.interval_coverage --pairs 2000 --first 100000

Seeds from 0 were looked at while the method was chosen; others are an independent check.

Each pair draws its data, is divided, fitted and measured; the fits then stay as they are, and what their
numbers are over all inputs is measured on 200,000 fresh ones. The kinds: a student whose class holds the
truth; one whose class does not, with noise in the truth; and heavy tails (t with 6 degrees of freedom) in
groups of 1 to 8 inputs that share half of their variance, where whole groups are resampled.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import w2s_widgets as w2s
from tests.benchmarks.harness import machine, options, report

NUMBERS = ("err_weak", "err_student", "misfit", "gain", "slack", "pgr")
FRESH = 200_000
LOW, HIGH = 0.93, 0.97
KINDS = {"realizable": 300, "not realizable": 400, "groups, heavy tails": 250}
"""Inputs, or groups, of one pair; a fifth of them is the test part."""


class World(NamedTuple):
    """Inputs of one kind: two representations, the truth, and which group each is of."""

    weak: Any
    strong: Any
    truth: Any
    groups: Any


def draw(kind: str, count: int, rng: np.random.Generator, weights: Any) -> World:
    """Draw so many inputs, or groups of them."""
    if kind.startswith("groups"):
        groups = np.repeat(np.arange(count), rng.integers(1, 9, size=count))
        shared = rng.standard_t(6, (count, 8))[groups]
        strong = (shared + rng.standard_t(6, (len(groups), 8))) / np.sqrt(3)
    else:
        groups, strong = np.arange(count), rng.standard_normal((count, 8))
    weak = strong[:, :4] + 1.5 * np.cos(2 * strong @ weights[:, 1:5])
    truth = strong @ weights[:, 0]
    if kind != "realizable":
        truth = truth + 1.5 * np.sin(2 * strong[:, 0]) * strong[:, 1]
    if kind == "not realizable":
        truth = truth + 0.7 * rng.standard_normal(len(truth))
    return World(weak, strong, truth, groups)


def one(kind: str, seed: int, fresh: World, weights: Any) -> tuple[w2s.OutcomeIntervals, w2s.Outcome]:
    """Return the intervals of one pair, and the numbers of its fits over fresh inputs."""
    world = draw(kind, KINDS[kind], np.random.default_rng((1, seed)), weights)
    pair = w2s.own_pair(
        world.weak,
        world.strong,
        world.truth,
        head=w2s.LinearHead(),
        teacher_head=w2s.LinearHead(),
        groups=world.groups,
        seed=seed,
    )
    run = pair.fit.run
    return pair.intervals, w2s.measure(
        fresh.truth,
        run.teacher_head.predict(fresh.weak),
        run.student_head.predict(fresh.strong),
        run.ceiling_head.predict(fresh.strong),
    )


def main() -> None:
    """Measure and print."""
    arguments = options(__doc__, pairs=1000, first=0)
    machine(f"{arguments.pairs:,} pairs of each kind")
    held_by: dict[str, bool] = {}
    for kind in KINDS:
        weights = np.random.default_rng(0).standard_normal((8, 5))
        count = FRESH // 4 if kind.startswith("groups") else FRESH
        fresh = draw(kind, count, np.random.default_rng(2), weights)
        held: dict[str, list[bool]] = {name: [] for name in NUMBERS}
        doubts, units = 0, []
        for seed in range(arguments.first, arguments.first + arguments.pairs):
            intervals, population = one(kind, seed, fresh, weights)
            doubts += bool(intervals.doubt)
            units.append(intervals.units)
            # (The ceiling's error is left out: of a truth in the class it is rounding.)
            for name, interval in ((name, found) for name, found in intervals if name in held):
                held[name].append(interval.low <= getattr(population, name) <= interval.high)
        shares = {name: float(np.mean(values)) for name, values in held.items()}
        words = ", ".join(f"{name} {100 * share:.1f} %" for name, share in shares.items())
        print(
            f"{kind}, {min(units)} to {max(units)} units: {words} ({len(held['pgr'])} with PGR, "
            f"{doubts} with a doubt)"
        )
        held_by |= {f"{kind}, {name}": LOW <= share <= HIGH for name, share in shares.items()}
    report(held_by, arguments.check)


if __name__ == "__main__":
    main()
