"""`own_pair`: weak-to-strong with two models of your own, in three lines."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._numbers import format_fixed, format_number
from w2s_widgets.display.certificate_html import certificate_card
from w2s_widgets.display.html import card, outcome_card, paragraph
from w2s_widgets.plots import Picture, gain_map
from w2s_widgets.studies.features.fit import FeatureFit
from w2s_widgets.studies.features.study import FeatureStudy
from w2s_widgets.studies.pair_inputs import read_pair
from w2s_widgets.theory.certificate import Certificate, certify
from w2s_widgets.theory.outcome import Outcome

_ROUNDING = 1e-9
"""Shares of the truth's variance below this are rounding."""


class OwnPair:
    """A teacher and a student of your own: one experiment, its certificate, and a cloud of others.

    Made by `own_pair`. In a notebook it shows the triangle, the certificate and the scatter together.

    Parameters
    ----------
    study : FeatureStudy
        With one teacher and one student. Sweep it, or give it to a `StudyExplorer`.

    Examples
    --------
    >>> X = np.random.default_rng(0).standard_normal((200, 4))
    >>> pair = own_pair(X[:, :1], X, X.sum(axis=1))
    >>> pair.certificate.promise, len(pair.cloud)
    ('equality', 15)
    """

    def __init__(self, study: FeatureStudy) -> None:
        self.study = study

    @cached_property
    def fit(self) -> FeatureFit:
        """The fitted heads and all values on the test part, at the study's defaults."""
        return self.study.fit(**self.study.defaults)

    @cached_property
    def outcome(self) -> Outcome:
        """The triangle on the test part, with all labels of the student's part."""
        return self.fit.outcome

    @cached_property
    def certificate(self) -> Certificate:
        """Which assumptions of Theorem 1 hold for the student, on the test part."""
        fit = self.fit
        return certify(
            fit.student_head,
            fit.features,
            fit.truth,
            fit.teacher,
            fitted_on=fit.fitted_on,
            population=False,
            outcome=self.outcome,
        )

    @cached_property
    def cloud(self) -> list[tuple[dict[str, Any], Outcome]]:
        """Setting and outcome for every split and every number of the teacher's labels."""
        axes = self.study.axes
        settings = [
            {**self.study.defaults, "split": split, "n_teacher": labels}
            for labels, split in itertools.product(axes["n_teacher"], axes["split"])
        ]
        measured = zip(settings, self.study.outcomes(settings), strict=True)
        return [(setting, outcome) for setting, outcome in measured if isinstance(outcome, Outcome)]

    def scatter(self) -> Picture:
        """Draw gain against misfit over splits and numbers of the teacher's labels.

        Returns
        -------
        Picture
            One dot for each split, one colour and marker for each number of labels. Its text says the
            ranges of gain and misfit, and their correlation.

        Raises
        ------
        ValueError
            If no setting can be fitted.
        """
        if not self.cloud:
            raise ValueError("no split of this study can be fitted: give more inputs or fewer features.")
        picture = gain_map(
            [outcome for _, outcome in self.cloud],
            [f"{setting['n_teacher']} labels" for setting, _ in self.cloud],
            title="Each dot is one split of the inputs",
        )
        return Picture(picture.figure, f"Gain against misfit. {self.cloud_words}")

    @property
    def cloud_words(self) -> str:
        """What the scatter shows, in words."""
        splits, budgets = len(self.study.splits), self.study.n_teacher
        misfit, gain = np.array([(outcome.misfit, outcome.gain) for _, outcome in self.cloud]).T
        low_misfit, high_misfit, low_gain, high_gain = (
            format_number(value, scale=1.0) for value in (misfit.min(), misfit.max(), gain.min(), gain.max())
        )
        words = (
            f"Over {splits} splits, with {', '.join(map(str, budgets))} true labels for the teacher, misfit "
            f"goes from {low_misfit} to {high_misfit} and gain from {low_gain} to {high_gain}"
        )
        # A student that copies leaves only rounding, and that correlates with nothing.
        if len(gain) < 3 or min(misfit.std(), gain.std()) < _ROUNDING:
            return f"{words}."
        return f"{words}; they correlate with {format_fixed(np.corrcoef(misfit, gain)[0, 1], 2)}."

    def summary(self) -> str:
        """Say who taught whom, on how many inputs.

        Examples
        --------
        >>> X = np.random.default_rng(0).standard_normal((200, 4))
        >>> print(own_pair(X[:, :1], X, X.sum(axis=1)).summary())
        Teacher: teacher, 1 feature, fitted on 25 true labels. Student: student, 4 features, fitted by a \
linear head on 110 inputs that the teacher labelled. Measured on 40 others; errors are shares of the truth's \
variance.
        """
        setting, study = self.fit.setting, self.study
        weak, strong = (
            f"{name}, {features.shape[1]} {'feature' if features.shape[1] == 1 else 'features'}"
            for given in (study.teachers, study.students)
            for name, features in given.items()
        )
        return (
            f"Teacher: {weak}, fitted on {setting['n_teacher']:,} true labels. Student: {strong}, "
            f"fitted by a {setting['head']} head on {setting['n_student']:,} inputs that the teacher "
            f"labelled. Measured on {len(self.fit.truth):,} others; errors are shares of the truth's "
            "variance."
        )

    def __repr__(self) -> str:
        return "\n".join((self.summary(), str(self.outcome), str(self.certificate), repr(self.scatter())))

    def _repr_html_(self) -> str:
        image = self.scatter()._repr_mimebundle_()[0]["text/html"]
        scatter = f'<div class="w2s-card">{paragraph(self.cloud_words)}{image}</div>'
        measured = outcome_card(self.outcome) + certificate_card(self.certificate)
        return card(paragraph(self.summary())) + measured + scatter


def own_pair(
    teacher: Any,
    student: Any,
    y: ArrayLike | str,
    *,
    inputs: Sequence[Any] | None = None,
    head: str | None = None,
    shares: Sequence[float] = (0.25, 0.55, 0.20),
    splits: int = 5,
    groups: str | ArrayLike | None = "duplicates",
    seed: int = 0,
    progress: bool = True,
) -> OwnPair:
    """Run weak-to-strong with a teacher and a student of your own.

    Parameters
    ----------
    teacher, student : array-like of shape (n, features), path, table, model name, Encoder or callable
        Two representations of the same inputs: the features themselves, as an array or a table of pandas,
        polars or pyarrow; a path to a CSV, TSV, NPY, NPZ, Parquet, Feather or Arrow file; or a model (its
        name, a local path to it, an `Encoder`, a torch module, a function of a list of inputs), whose last
        layer is taken. Rows are matched by the column or index ``id`` if both have one, else by their order.
        Row numbers that were written along are left out, with a warning.
    y : array-like of shape (n,), table or str
        The truth, in the teacher's order or with an ``id`` of its own; or the name of the column that holds
        it, which is then no feature. A feature that says the truth is refused.
    inputs : sequence, optional
        What a model is to encode, such as texts.
    head : "linear", "ball" or "ridge", optional
        The student's class; by default the first of these that the inputs suffice for.
    shares : sequence of three floats
        Of the inputs for teacher, student and test.
    splits : int
        How often the inputs are divided, for the scatter.
    groups : "duplicates", array-like of shape (n,), or None
        Inputs of one group are never in two parts; see `FeatureStudy`.
    seed : int
        Of the splits.
    progress : bool
        Whether to show a bar while a model encodes.

    Returns
    -------
    OwnPair
        With ``study``, ``outcome``, ``certificate`` and ``scatter()``.

    Raises
    ------
    FileNotFoundError
        If a path leads nowhere.
    MissingPackageError
        If a model or a Parquet file needs a package that is not installed.
    TypeError, ValueError
        If rows differ in number or cannot be matched, a value is no number or stands for "no data", the
        truth is constant, is among the features or its column is not there, or there are too few inputs.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> strong = rng.standard_normal((500, 8))
    >>> weak = strong + rng.standard_normal((500, 8))
    >>> pair = own_pair(weak, strong, strong @ np.ones(8))
    >>> round(pair.outcome.gain, 1), round(pair.outcome.misfit, 1), len(pair.cloud)
    (0.1, 0.2, 20)
    """
    read = read_pair(teacher, student, y, inputs, progress=progress)
    options: dict[str, Any] = {} if head is None else {"heads": (head,)}
    study = FeatureStudy(
        {read.teacher_name: read.teacher},
        {read.student_name: read.student},
        read.y,
        name="Your own pair",
        shares=shares,
        splits=splits,
        groups=groups,
        seed=seed,
        **options,
    )
    pair = OwnPair(study)
    _ = pair.fit  # what cannot be fitted is said now, and not when somebody looks
    return pair
