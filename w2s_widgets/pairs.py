"""`own_pair`: weak-to-strong with two models of your own, in three lines."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets._numbers import format_fixed, format_number, plain
from w2s_widgets.datasets.written_digits import rounding_of_truth
from w2s_widgets.display.certificate_html import certificate_card
from w2s_widgets.display.html import card, outcome_card, paragraph
from w2s_widgets.display.interval_html import interval_words
from w2s_widgets.display.pair_headline import pair_headline
from w2s_widgets.plots import Picture, gain_map
from w2s_widgets.studies.features.fit import FeatureFit
from w2s_widgets.studies.features.study import FeatureStudy
from w2s_widgets.studies.pair_inputs import read_pair, take_column
from w2s_widgets.studies.pair_study import pair_study, scale_of
from w2s_widgets.studies.predictions import Predictions
from w2s_widgets.studies.split import Split
from w2s_widgets.studies.study import Study
from w2s_widgets.theory.certificate import Certificate, certify
from w2s_widgets.theory.intervals import OutcomeIntervals, outcome_intervals
from w2s_widgets.theory.outcome import Outcome

_ROUNDING = 1e-9
"""Shares of the truth's variance below this are rounding."""


class OwnPair:
    """A teacher and a student of your own: one experiment, its certificate, and a cloud of others.

    Made by `own_pair`. In a notebook it shows the triangle with intervals, the certificate and the scatter.

    Parameters
    ----------
    study : FeatureStudy or WeakToStrong
        With one teacher and one student. Sweep it; a `FeatureStudy` can be given to a `StudyExplorer`.
    names : tuple of two str, optional
        What teacher and student are called; by default what the study calls them.
    truth : array-like, optional
        The truth in its own unit, if the study has it in another.
    repeats : int
        How many divisions of the inputs the cloud has.
    progress : bool
        Whether to show a bar while many inputs are read.
    own_split : bool
        Whether the inputs were divided otherwise than at random.

    Examples
    --------
    >>> X = np.random.default_rng(0).standard_normal((200, 4))
    >>> pair = own_pair(X[:, :1], X, X.sum(axis=1))
    >>> pair.certificate.promise, len(pair.cloud)
    ('equality', 15)
    """

    def __init__(
        self,
        study: Study,
        *,
        names: tuple[str, str] | None = None,
        truth: ArrayLike | None = None,
        repeats: int = 5,
        progress: bool = True,
        own_split: bool = False,
    ) -> None:
        self.study: Any = study
        own = ("teacher", "student")
        if isinstance(study, FeatureStudy):
            own = next(iter(study.teachers)), next(iter(study.students))
        self.teacher_name, self.student_name = own if names is None else names
        self._truth = None if truth is None else np.asarray(truth, dtype=np.float64)
        self._repeats = repeats
        self._progress = progress
        self._own_split = own_split

    @cached_property
    def fit(self) -> FeatureFit:
        """The fitted heads and all values on the test part, at the study's defaults."""
        with self._watched("Fitting"):
            fitted: FeatureFit = self.study.fit(**self.study.defaults)
        return fitted

    @cached_property
    def outcome(self) -> Outcome:
        """The triangle on the test part, with all labels of the student's part."""
        return self.fit.outcome

    @cached_property
    def intervals(self) -> OutcomeIntervals:
        """Intervals of all numbers of the outcome, 95 %; see `outcome_intervals`.

        Test inputs are resampled, and where some belong to one group, whole groups. The fits stay as they
        are: `cloud` shows what other splits and labels do.
        """
        fit = self.fit
        groups = self.study.groups[self.split.test]
        return outcome_intervals(fit.truth, fit.teacher, fit.student, fit.ceiling, groups=groups)

    @property
    def split(self) -> Split:
        """Row numbers of the inputs that teacher and student were fitted on, and of the test inputs."""
        if self.fit.run is not None:
            found: Split = self.fit.run.split
            return found
        setting, study = self.fit.setting, self.study
        parts: Split = study.splits[setting["split"]]
        return Split(parts.teacher[: setting["n_teacher"]], parts.student[: setting["n_student"]], parts.test)

    @cached_property
    def predictions(self) -> Predictions:
        """Truth, teacher, student and ceiling on all inputs, in the truth's unit and in the order of y."""
        study, run = self.study, self.fit.run
        if run is not None:
            said = (run.truth, run.teacher, run.student, run.ceiling)
        else:
            said = study.predictions(**self.fit.setting)
        level, unit = (0.0, 1.0)
        if self._truth is not None:
            level, unit = scale_of(self._truth)
        truth, teacher, student, ceiling = (values * unit + level for values in said)
        return Predictions(
            truth if self._truth is None else self._truth, teacher, student, ceiling, self.split
        )

    @cached_property
    def certificate(self) -> Certificate:
        """Which assumptions of Theorem 1 hold for the student on the test part, out of sample."""
        fit = self.fit
        with self._watched("Certifying"):
            return self._certify(fit)

    @cached_property
    def certificate_in_sample(self) -> Certificate:
        """Which of them hold on the very inputs that the student learned from.

        There a fit to the end is the projection of its teacher, so the theorem can speak.
        """
        features, said = self.fit.fitted_on
        found, rows = self.predictions, self.split.student
        level, unit = (0.0, 1.0) if self._truth is None else scale_of(self._truth)
        with self._watched("Certifying"):
            return certify(
                self.fit.student_head,
                features,
                (found.truth[rows] - level) / unit,
                said,
                student=(found.student[rows] - level) / unit,
                population=False,
                rounding=self._rounding,
            )

    @property
    def headline(self) -> str:
        """What was measured, what is promised in sample, and what a promise elsewhere lacks, in words."""
        return pair_headline(self.certificate_in_sample, self.certificate, self.intervals)

    @cached_property
    def _rounding(self) -> float:
        study = self.study
        if self._truth is None or not isinstance(study, FeatureStudy) or study.large:
            return 0.0
        (features,) = study.students.values()
        return rounding_of_truth(features, self._truth)

    def _certify(self, fit: FeatureFit) -> Certificate:
        found = certify(
            fit.student_head,
            fit.features,
            fit.truth,
            fit.teacher,
            student=fit.student,
            fitted_on=fit.fitted_on,
            population=False,
            # Of a division of somebody's own, by time or by scaffold, it is not known.
            same=None if self._own_split else True,
            rounding=self._rounding,
            outcome=self.outcome,
        )
        return replace(found, intervals=self.intervals)

    @cached_property
    def cloud(self) -> list[tuple[dict[str, Any], Outcome]]:
        """Setting and outcome for every split and every number of the teacher's labels."""
        axes, defaults = self.study.axes, self.study.defaults
        again = "split" if "split" in axes else "seed"
        numbers = (
            axes[again] if again == "split" else range(defaults["seed"], defaults["seed"] + self._repeats)
        )
        if again == "seed" and len(axes["seed"]) == 1:
            numbers = axes["seed"]
        budgets = [{"n_teacher": count} for count in axes.get("n_teacher", ())] or [{}]
        settings = [
            {**defaults, again: number, **budget} for budget, number in itertools.product(budgets, numbers)
        ]
        with self._watched("Other splits", len(numbers)):
            measured = zip(settings, self.study.outcomes(settings), strict=True)
        return [(setting, outcome) for setting, outcome in measured if isinstance(outcome, Outcome)]

    def _watched(self, label: str, splits: int = 1) -> Any:
        watched = getattr(self.study, "watched", None) if self._progress else None
        return nullcontext() if watched is None else watched(label, splits)

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
            [
                f"{setting['n_teacher']} labels" if "n_teacher" in setting else "this teacher"
                for setting, _ in self.cloud
            ],
            title="Each dot is one split of the inputs",
            promised=self.certificate.promise not in ("nothing", "unknown"),
        )
        return Picture(picture.figure, f"Gain against misfit. {self.cloud_words}")

    @property
    def cloud_words(self) -> str:
        """What the scatter shows, in words."""
        splits = len({setting.get("split", setting.get("seed")) for setting, _ in self.cloud})
        budgets = sorted({setting["n_teacher"] for setting, _ in self.cloud if "n_teacher" in setting})
        misfit, gain = np.array([(outcome.misfit, outcome.gain) for _, outcome in self.cloud]).T
        low_misfit, high_misfit, low_gain, high_gain = (
            format_number(value, scale=1.0) for value in (misfit.min(), misfit.max(), gain.min(), gain.max())
        )
        labels = f", with {', '.join(map(str, budgets))} true labels for the teacher," if budgets else ""
        words = (
            f"Over {splits} {'split' if splits == 1 else 'splits'}{labels} misfit "
            f"goes from {low_misfit} to {high_misfit} and gain from {low_gain} to {high_gain}"
        )
        # A student that copies leaves only rounding, and that correlates with nothing.
        if len(gain) < 3 or min(misfit.std(), gain.std()) < _ROUNDING:
            return f"{words}."
        return f"{words}; they correlate with {format_fixed(np.corrcoef(misfit, gain)[0, 1], 2)}."

    def summary(self) -> str:
        """Say who taught whom, on how many inputs, and what came of it.

        Examples
        --------
        >>> X = np.random.default_rng(0).standard_normal((200, 4))
        >>> print(own_pair(X[:, :1], X, X.sum(axis=1)).summary())
        Teacher: teacher, 1 feature, fitted on 50 true labels. Student: student, 4 features, fitted by a \
linear head on 110 inputs that the teacher labelled. Measured on 40 others; errors are shares of the truth's \
variance. Gain 0.000 [0.000, 0.000], misfit 0.000 [0.000, 0.000], slack 0.000 [0.000, 0.000] (95 % \
intervals: other test inputs, the same fits).
        """
        return plain(self._summary)

    @property
    def _summary(self) -> str:
        split = self.split
        weak = f"{self.teacher_name}{self._width('teacher')}"
        strong = f"{self.student_name}{self._width('student')}"
        taught = "with labels of its own" if self._given else f"fitted on {len(split.teacher):,} true labels"
        unit = "in the squared unit of y" if self._own_unit else "shares of the truth's variance"
        return (
            f"Teacher: {weak}, {taught}. Student: {strong}, "
            f"fitted by {self._head_words} on {len(split.student):,} inputs that the teacher "
            f"labelled. Measured on {len(split.test):,} others; errors are {unit}. {self._interval_words}"
        )

    @property
    def _interval_words(self) -> str:
        found, scale = self.intervals, self.outcome.scale
        numbers = ", ".join(
            f"{name} {interval_words(getattr(found, name), scale)}" for name in ("gain", "misfit", "slack")
        )
        doubt = f" {found.doubt}" if found.doubt else ""
        first = numbers[0].upper() + numbers[1:]
        return f"{first} (95 % intervals: other test inputs, the same fits).{doubt}"

    @property
    def _given(self) -> bool:
        return getattr(self.study, "predictions", None) is not None and not isinstance(
            self.study, FeatureStudy
        )

    @property
    def _own_unit(self) -> bool:
        return not isinstance(self.study, FeatureStudy) and self._truth is None

    @property
    def _head_words(self) -> str:
        setting = self.fit.setting
        return f"a {setting['head']} head" if "head" in setting else repr(self.fit.student_head)

    def _width(self, role: str) -> str:
        study: Any = self.study
        if isinstance(study, FeatureStudy):
            (features,) = (study.teachers if role == "teacher" else study.students).values()
            width = features.shape[1]
        elif role == "teacher" and study.teacher_features is None:
            return ""
        else:
            width = getattr(study, f"{role}_features").shape[1]
        return f", {width} {'feature' if width == 1 else 'features'}"

    def __repr__(self) -> str:
        shown = (self.summary(), plain(self.headline), str(self.outcome), str(self.certificate))
        return "\n".join((*shown, repr(self.scatter())))

    def _repr_html_(self) -> str:
        image = self.scatter()._repr_mimebundle_()[0]["text/html"]
        scatter = f'<div class="w2s-card">{paragraph(self.cloud_words)}{image}</div>'
        measured = outcome_card(self.outcome, self.intervals)
        headline = card(f"<p class='w2s-sentence'><strong>{escape(self.headline)}</strong></p>")
        said = card(paragraph(self._summary))
        return headline + said + measured + certificate_card(self.certificate) + scatter


def own_pair(
    teacher: Any,
    student: Any,
    y: ArrayLike | str | Sequence[str],
    *,
    predictions: Any = None,
    inputs: Sequence[Any] | None = None,
    head: Any = None,
    teacher_head: Any = None,
    shares: Sequence[float] = (0.25, 0.55, 0.20),
    splits: int = 5,
    split: Any = None,
    groups: str | ArrayLike | None = "duplicates",
    n_teacher: int | Sequence[int] | None = None,
    n_student: int | Sequence[int] | None = None,
    seed: int = 0,
    progress: bool = True,
) -> OwnPair:
    """Run weak-to-strong with a teacher and a student of your own.

    The teacher is a head on its representation, fitted to all true labels of its part of the inputs; it
    labels the student's part, and a head on the student's representation is fitted to these labels alone.
    All is measured on the test part, which no fit sees. (Its features are not hidden: the heads that are
    named here see features standardised over all inputs, test inputs among them. No label is looked at for
    that. Heads of your own see features as you gave them.)

    Parameters
    ----------
    teacher, student : array-like of shape (n, features), path, table, model name, Encoder or callable
        Two representations of the same inputs: the features themselves, as an array or a table of pandas,
        polars or pyarrow; a path to a CSV, TSV, NPY, NPZ, Parquet, Feather or Arrow file; or a model (its
        name, a local path to it, an `Encoder`, a torch module, a function of a list of inputs), whose last
        layer is taken. Rows are matched by the column or index ``id`` if both have one, else by their order.
        Row numbers that were written along are left out, with a warning. A teacher whose ``predictions`` are
        given is ``None``.
    y : array-like of shape (n,) or (n, outputs), table, path, str or list of str
        The truth, in the teacher's order or with an ``id`` of its own; or the name of the column that holds
        it, which is then no feature. A feature that says the truth is refused. Several outputs are several
        tasks on the same inputs, and errors are means over them.
    predictions : as y, optional
        What a teacher says that already has labels for all inputs: a language model, a forest, people. Then
        nothing is fitted to true labels but the ceiling. (Leave out inputs that it has learned from: there
        it knows too much.)
    inputs : sequence, optional
        What a model is to encode, such as texts.
    head : "linear", "ball", "ridge" or regressor, optional
        The student's class; by default the first two that the inputs suffice for. Of your own any object with
        ``fit`` and ``predict``; errors are then in the squared unit of y and not shares of its variance.
    teacher_head : "ridge", "least squares" or regressor, optional
        How the teacher is fitted; by default with the penalty that generalised cross-validation chooses.
    shares : sequence of three floats
        Of the inputs for teacher, student and test.
    splits : int
        How often the inputs are divided, for the scatter.
    split : array-like of shape (n,), three lists of row numbers or str, optional
        A division of your own, by scaffold or by time: "teacher", "student" or "test" for each input (other
        words leave it out), or the row numbers of the three parts; or the name of a column of a table or a
        file, which is then no feature. It is then the only division.
    groups : "duplicates", array-like of shape (n,), str or None
        Inputs of one group are never in two parts, and intervals resample whole groups. ``"duplicates"``
        groups inputs with equal rows of the student's representation; any other string is the name of a
        column, as of ``split``.
    n_teacher, n_student : int or sequence of int, optional
        How many inputs of its part a teacher or a student is fitted on: several are offered, and the last
        is the default. By default shares of the part up to all of it.
    seed : int
        Of the splits: `WeakToStrong` with the same seed, shares and groups divides the same inputs in the
        same way, and the next split is that of the next seed.
    progress : bool
        Whether to show a bar while a model encodes, or many inputs are read.

    Returns
    -------
    OwnPair
        With ``study``, ``outcome``, ``intervals``, ``certificate``, ``predictions`` and ``scatter()``.

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
    (0.3, 0.4, 20)
    """
    if isinstance(split, str):
        teacher, student, split = take_column(teacher, student, split, "split")
    if isinstance(groups, str) and groups != "duplicates":
        teacher, student, groups = take_column(teacher, student, groups, "groups")
    read = read_pair(teacher, student, y, inputs, predictions, progress=progress)
    study = pair_study(
        read,
        head=head,
        teacher_head=teacher_head,
        shares=shares,
        splits=splits,
        split=split,
        groups=groups,
        n_teacher=n_teacher,
        n_student=n_student,
        seed=seed,
    )
    of_own = any(one is not None and not isinstance(one, str) for one in (head, teacher_head))
    pair = OwnPair(
        study,
        names=(read.teacher_name, read.student_name),
        truth=None if of_own else read.y,
        repeats=splits,
        progress=progress,
        own_split=split is not None,
    )
    _ = pair.fit  # what cannot be fitted is said now, and not when somebody looks
    return pair
