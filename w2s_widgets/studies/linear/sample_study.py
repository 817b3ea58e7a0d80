"""`SampleStudy`: students fitted on n inputs, for a grid of capacities, noises and regularizations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.studies.linear.closed_form import DIMENSION, TRUTH_CAPACITY
from w2s_widgets.studies.linear.finite_sample import ASYMPTOTIC, SIZES, FiniteSample
from w2s_widgets.studies.linear.finite_sample_grid import (
    CAPACITIES,
    NOISES,
    REGULARIZATIONS,
    carried_grid,
    settings,
)
from w2s_widgets.studies.linear.linear_study import too_small
from w2s_widgets.studies.reasons import Condition, Reason, every, on, otherwise
from w2s_widgets.studies.study import Setting, Study
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.outcome_table import OutcomeTable


def fewer_inputs(share: float) -> Condition:
    """Hold where there are fewer inputs than so many for each dimension of the student."""
    return lambda table: np.asarray(table.values_of("n") < share * table.values_of("strong_capacity"))


def _as_many_inputs(table: OutcomeTable) -> NDArray[Any]:
    return np.asarray(table.values_of("n") == table.values_of("strong_capacity"))


def _enough_inputs(table: OutcomeTable) -> NDArray[Any]:
    return ~fewer_inputs(1)(table)


class SampleStudy(Study):
    """`FiniteSample` at many settings: the outcome of the one with the median err_student, of 200.

    Examples
    --------
    >>> table = SampleStudy().table()
    >>> outcome = table.outcome(strong_capacity=12, label_noise=0.5, regularization="none", n=5000)
    >>> round(outcome.gain, 2), round(outcome.misfit, 2)
    (0.2, 0.2)
    """

    name = "Finite samples"
    code = "w2s.SampleStudy()"
    axes: ClassVar[dict[str, Sequence[Any]]] = {
        "strong_capacity": CAPACITIES,
        "label_noise": NOISES,
        "regularization": tuple(REGULARIZATIONS),
        "n": SIZES,
    }
    defaults: ClassVar[dict[str, Any]] = {
        "strong_capacity": TRUTH_CAPACITY,
        "label_noise": 0.5,
        "regularization": "none",
        "n": 46,
    }
    words: ClassVar[dict[str, tuple[str, str]]] = {
        "strong_capacity": (
            "Dimension of the student",
            f"its capacity; the truth needs {TRUTH_CAPACITY} of {DIMENSION}",
        ),
        "label_noise": ("Noise of the labels", "standard deviation; the truth’s is 1"),
        "regularization": ("Ridge or early stopping", "what holds the student back"),
        "n": ("Unlabelled inputs n", "labelled by the teacher, for one student"),
    }
    reasons = (
        Reason(
            on("regularization", *(name for name, options in REGULARIZATIONS.items() if "ridge" in options)),
            "Why: {regularization} pulls the weights towards zero and so makes the spike small. But the "
            "penalty stays however many inputs there are: they do not bring it to the population value.",
        ),
        Reason(
            on("regularization", *(name for name, options in REGULARIZATIONS.items() if "steps" in options)),
            "Why: gradient descent stops after {regularization}. Directions that the inputs hardly show are "
            "hardly learnt, which makes the spike small. With many inputs nothing is lost here, where all "
            "directions are equally easy.",
        ),
        Reason(
            every(on("strong_capacity", DIMENSION), on("label_noise", 0), _enough_inputs),
            f"Why: with all {DIMENSION} directions, no noise and {{n}} inputs the student finds its teacher "
            "exactly, and copies it, mistakes and all.",
        ),
        Reason(
            fewer_inputs(1),
            "Why: with {n} inputs for {strong_capacity} dimensions the student fits every label of its own "
            "inputs, mistakes and noise and all, and knows nothing of the directions that it has not seen.",
        ),
        Reason(
            _as_many_inputs,
            "Why: n = dimension, {n}. The inputs are just enough to fit every label in one way only. Some "
            "direction is hardly seen, so what is noise to the student is divided by almost nothing: the "
            "double-descent spike.",
        ),
        Reason(
            fewer_inputs(ASYMPTOTIC),
            "Why: with {n} inputs for {strong_capacity} dimensions, what the student cannot copy and label "
            "noise look like something to learn. This estimation error adds to the misfit and takes from the "
            "gain.",
        ),
        Reason(
            too_small(),
            f"Why: the truth needs {TRUTH_CAPACITY} directions and the student has {{strong_capacity}}. With "
            "{n} inputs the estimation error is small; the slack that is left stays, however many inputs "
            "there are.",
        ),
        Reason(
            otherwise,
            "Why: with {n} inputs for {strong_capacity} dimensions the estimation error is small. The misfit "
            "comes to its population value like 1/n, one student’s error like one over the root of n.",
        ),
    )

    def sample(self, **setting: Any) -> FiniteSample:
        """Return all 200 students of a setting, for every n, computed anew."""
        full = self.setting(**setting)
        return FiniteSample(
            strong_capacity=full["strong_capacity"],
            label_noise=full["label_noise"],
            **REGULARIZATIONS[full["regularization"]],
        )

    def batch_of(self, setting: Setting) -> Any:
        """Return capacity, noise and regularization, whose students of all sizes are fitted together."""
        return tuple(setting[name] for name in self.axes if name != "n")

    def _measure(self, settings: Sequence[dict[str, Any]]) -> list[Outcome | str]:
        samples: dict[Any, FiniteSample] = {}
        found: list[Outcome | str] = []
        for setting in settings:
            key = self.batch_of(setting)
            if key not in samples:
                samples[key] = self.sample(**setting)
            found.append(samples[key].outcome(n=setting["n"]))
        return found

    def _table(self) -> OutcomeTable:
        sides = carried_grid().sides
        eps = np.zeros(sides.gain.shape)
        for where, sample in settings():
            eps[where] = sample.population.err_ceiling
        return OutcomeTable(
            [self._axis(name) for name in self.axes],
            type(sides)(*(np.ascontiguousarray(side) for side in sides)),
            err_ceiling=eps,
            truth_variance=1.0,
        )
