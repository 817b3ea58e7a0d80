"""`explain_slack`: the slack of an experiment, split into the broken assumptions that made it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._rich_display import Displayed
from w2s_widgets._validation import FloatArray, as_float_array, same_shape
from w2s_widgets.heads.base import Head
from w2s_widgets.theory.outcome import Outcome, measure


@dataclass(frozen=True)
class SlackParts(Displayed):
    """The slack of one experiment as a sum of parts, one for each assumption that can be broken.

    On the way from the theorem to a real student three functions of the class are passed: the truth's
    projection ``c`` (the ceiling), the teacher's projection ``p`` (the ideal student), and the teacher's
    projection on the sample ``q`` (what the student would be if its fit were finished). With the mean
    ``<.,.>`` over the inputs on which the slack is measured, truth f, teacher g and student s,

        ``alignment = -2 <g - p, f - c>``

        ``shape = -2 <g - p, c - p>``

        ``finite_sample = 2 <q - p, f + g - q - p>``

        ``unfinished_fit = 2 <s - q, f + g - s - q>``

    and their sum is the slack ``2 <f - s, s - g>``, for any functions at all. For a linear space
    ``g - p = r_g`` and ``f - c = r_f`` are the parts of teacher and truth that the class cannot express,
    and ``shape`` is 0.

    Parameters
    ----------
    alignment : float
        The part that comes from the truth not being in the class; 0 if it is. Negative when the teacher
        is right just where the class is blind, positive when the two oppose. What the class cannot express
        of the truth, the function ``f - c``, is its blind spot, and ``eps`` the square of its length.
    shape : float
        The part that comes from the shape of the class: 0 for spaces, at least 0 for closed convex
        classes, and negative only where a class is not convex.
    finite_sample : float
        The part that comes from projecting on a sample instead of the inputs measured on; 0 if these are
        the same.
    unfinished_fit : float
        The part that comes from the student not being the projection on its own sample: a fit that was
        stopped early, a penalty, another solver's tolerance.
    slack : float
        The slack, measured on its own and not as the sum.
    eps : float
        ``|f - c|^2``, the ceiling's error: how far the class is from holding the truth.
    sample_distance, fit_distance : float
        ``|q - p|^2`` and ``|s - q|^2``.

    Examples
    --------
    >>> from w2s_widgets.heads import LinearHead
    >>> X, teacher = [[0.0], [1.0], [2.0]], [0.0, 2.0, 1.0]
    >>> parts = explain_slack(LinearHead().fit(X, teacher), X, [0.0, 1.0, 3.0], teacher)
    >>> round(parts.alignment, 3), abs(parts.total - parts.slack) < 1e-9
    (0.333, True)
    """

    alignment: float
    shape: float
    finite_sample: float
    unfinished_fit: float
    slack: float
    eps: float
    sample_distance: float
    fit_distance: float

    @property
    def total(self) -> float:
        """The sum of the four parts: the slack, to rounding."""
        return self.alignment + self.shape + self.finite_sample + self.unfinished_fit

    def as_dict(self) -> dict[str, float]:
        """Return one flat row for a table.

        Examples
        --------
        >>> SlackParts(-0.2, 0.0, -0.1, 0.0, -0.3, 0.5, 0.01, 0.0).as_dict()["finite_sample"]
        -0.1
        """
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def learning_part(heads: Collection[str]) -> str:
    """Name what a table keeps of the slack besides alignment and shape: the price of learning.

    Heads that are projections on their sample have no ``unfinished_fit``, so it is the ``finite_sample``;
    with ridge heads among them it is the sum of both, ``sample_and_penalty``.
    """
    return "sample_and_penalty" if "ridge" in heads else "finite_sample"


def explain_slack(
    head: Head,
    X: ArrayLike,
    truth: ArrayLike,
    teacher: ArrayLike,
    *,
    student: Any = None,
    fitted_on: tuple[ArrayLike, ArrayLike] | None = None,
) -> SlackParts:
    """Split the slack of an experiment into the parts that each broken assumption made.

    Parameters
    ----------
    head : Head
        A head of the student's class. If it is fitted and no ``student`` is given, it is the student.
    X : array-like of shape (n, features)
        The student's representation of the inputs that the slack is measured on: the population, if they
        are all inputs there are, and else a sample that stands for it.
    truth, teacher : array-like of shape (n,) or (n, outputs)
        Their values on these inputs.
    student : array-like or fitted regressor, optional
        The student's values on these inputs, or an object with ``predict``.
    fitted_on : pair of array-like, optional
        Representation and teacher's labels of the inputs that the student was fitted on, shapes
        (m, features) and (m,) or (m, outputs). By default these are X and ``teacher``, so that no part is
        due to a sample.

    Returns
    -------
    SlackParts
        The parts, the slack, and the distances behind them.

    Raises
    ------
    TypeError, ValueError
        If ``head`` is no head of this package, shapes do not agree, or there is no fitted student.

    Examples
    --------
    A world in which the student lacks the second half of the truth, and has few inputs to learn from:

    >>> import numpy as np
    >>> from w2s_widgets.heads import LinearHead
    >>> everything = np.random.default_rng(0).standard_normal((5000, 4))
    >>> truth, teacher = everything @ [1.0, 1.0, 1.0, 1.0], everything @ [0.6, 1.0, 1.3, 1.4]
    >>> X = everything[:, :2]
    >>> student = LinearHead().fit(X[:20], teacher[:20])
    >>> parts = explain_slack(student, X, truth, teacher, fitted_on=(X[:20], teacher[:20]))
    >>> round(parts.alignment, 2), round(parts.shape, 2), round(parts.finite_sample, 2)
    (-5.31, 0.0, -1.53)
    >>> round(parts.unfinished_fit, 2), abs(parts.total - parts.slack) < 1e-9
    (0.0, True)
    """
    experiment = read_experiment(head, X, truth, teacher, student=student, fitted_on=fitted_on)
    return split_parts(experiment, project(head, experiment))


class Experiment(NamedTuple):
    """Checked arrays of one experiment; functions have shape (n, outputs)."""

    X: FloatArray
    truth: FloatArray
    teacher: FloatArray
    student: FloatArray
    sample_features: FloatArray
    sample_teacher: FloatArray
    outcome: Outcome


class Projections(NamedTuple):
    """Exact fits on a class: values on the inputs measured on, and the gaps of truth's and teacher's fit."""

    truth: FloatArray
    teacher: FloatArray
    from_sample: FloatArray
    truth_gap: float | None
    gap: float | None


def read_experiment(
    head: Any,
    X: ArrayLike,
    truth: ArrayLike,
    teacher: ArrayLike,
    *,
    student: Any = None,
    fitted_on: tuple[ArrayLike, ArrayLike] | None = None,
) -> Experiment:
    """Check the arguments that `explain_slack` and `certify` share, and measure the triangle."""
    features = _features(head, X)
    f, g = as_float_array(truth, "truth"), as_float_array(teacher, "teacher")
    same_shape(truth=f, teacher=g)
    if len(f) != len(features):
        raise ValueError(
            f"X has {len(features)} rows but truth has {len(f)}: give one value of the truth for each row."
        )
    s = _student_values(head, features, X, student)
    if s.size != f.size or len(s) != len(f):
        raise ValueError(
            f"student has shape {s.shape} but truth has shape {f.shape}: "
            "give them the same shape, one row for each input."
        )
    sample_X, sample_teacher = features, g
    if fitted_on is not None:
        sample_X, sample_teacher = _read_sample(head, fitted_on, features.shape[1], g)
    columns = (len(f), -1)
    return Experiment(
        features,
        f.reshape(columns),
        g.reshape(columns),
        s.reshape(columns),
        sample_X,
        sample_teacher.reshape(len(sample_teacher), -1),
        measure(f, g, s.reshape(f.shape)),
    )


def project(head: Head, experiment: Experiment) -> Projections:
    """Fit the class exactly to truth, teacher and the teacher's labels of the sample."""
    if not isinstance(head, Head):
        raise TypeError(
            f"head is {head!r}: give a head of the student's class, such as LinearHead(), "
            "so that the class can be projected on."
        )
    X: Any = experiment.X
    if hasattr(X, "project"):
        return _project_in_blocks(head, experiment)
    ceiling = head.projector().fit(X, experiment.truth)
    ideal = head.projector().fit(X, experiment.teacher)
    p = q = ideal.predict(X)
    if experiment.sample_features is not X:
        q = head.projector().fit(experiment.sample_features, experiment.sample_teacher).predict(X)
    return Projections(ceiling.predict(X), p, q, _gap(ceiling), _gap(ideal))


def _project_in_blocks(head: Head, experiment: Experiment) -> Projections:
    X: Any = experiment.X
    sample: Any = experiment.sample_features
    functions = np.concatenate([experiment.truth, experiment.teacher], axis=1)
    outputs = experiment.truth.shape[1]
    values, gap = X.project(head.projector(), functions, X)
    c, p = values[:, :outputs], values[:, outputs:]
    q = p if sample is X else sample.project(head.projector(), experiment.sample_teacher, X)[0]
    return Projections(c, p, q, gap, gap)


def split_parts(experiment: Experiment, projections: Projections) -> SlackParts:
    """Compute each part of the slack by its own formula."""
    f, g, s = experiment.truth, experiment.teacher, experiment.student
    c, p, q = projections.truth, projections.teacher, projections.from_sample
    return SlackParts(
        alignment=_mean(-2 * (g - p) * (f - c)),
        shape=_mean(-2 * (g - p) * (c - p)),
        finite_sample=_mean(2 * (q - p) * ((f - q) + (g - p))),
        unfinished_fit=_mean(2 * (s - q) * ((f - s) + (g - q))),
        slack=experiment.outcome.slack,
        eps=_mean((f - c) ** 2),
        sample_distance=_mean((q - p) ** 2),
        fit_distance=_mean((s - q) ** 2),
    )


def _features(head: Any, X: Any, name: str = "X") -> Any:
    """Return features as numbers; a table that only somebody else's head reads may hold anything."""
    if hasattr(X, "project"):  # rows that are read in blocks fit a class themselves
        return X
    if isinstance(head, Head) or not hasattr(X, "columns") or np.ndim(X) != 2:
        return as_float_array(X, name, ndims=(2,), columns="features")
    try:
        return as_float_array(X, name, ndims=(2,), columns="features")
    except (TypeError, ValueError):
        return np.zeros((len(X), len(X.columns)))  # the class is not known, and nothing is projected on it


def _student_values(head: Any, features: FloatArray, X: Any, student: Any) -> FloatArray:
    if student is None:
        if not callable(getattr(head, "predict", None)):
            raise TypeError(f"head is {head!r}, which cannot predict: give a fitted head, or student values.")
        if isinstance(head, Head) and not hasattr(head, "n_features_in_"):
            raise ValueError(
                f"this {type(head).__name__} has not been fitted and there is no student: "
                "call fit(X, y) first, or give the student's values as student=."
            )
        return _said(head, features, X, "head")
    if callable(getattr(student, "predict", None)):
        return _said(student, features, X, "student")
    return as_float_array(student, "student")


def _said(fitted: Any, features: FloatArray, X: Any, name: str) -> FloatArray:
    # A pipeline may pick its columns by their names, so it is given the table itself.
    seen = X if hasattr(X, "columns") and not isinstance(fitted, Head) else features
    return as_float_array(fitted.predict(seen), f"the prediction of {name}")


def _read_sample(
    head: Any, fitted_on: Any, features: int, teacher: FloatArray
) -> tuple[FloatArray, FloatArray]:
    if not isinstance(fitted_on, (tuple, list)) or len(fitted_on) != 2:
        raise TypeError("fitted_on is no pair: give (features, teacher's labels) of the student's inputs.")
    X = _features(head, fitted_on[0], "the features in fitted_on")
    y = as_float_array(fitted_on[1], "the labels in fitted_on")
    if X.shape[1] != features:
        raise ValueError(
            f"fitted_on has {X.shape[1]} features but X has {features}: give the same representation."
        )
    if len(X) != len(y) or y.shape[1:] != teacher.shape[1:]:
        raise ValueError(
            f"fitted_on has {len(X)} rows of features and labels of shape {y.shape}, with a teacher of shape "
            f"{teacher.shape}: give one label, with all outputs, for each row."
        )
    return X, y


def _gap(fitted: Head) -> float | None:
    """Return the largest certificate over the outputs; finite classes have none and need none."""
    gap = getattr(fitted, "optimality_gap_", None)
    return None if gap is None else float(np.max(gap))


def _mean(values: FloatArray) -> float:
    return 0.0 + float(np.mean(values))
