"""`certify`: which assumptions of Theorem 1 hold for a student, and what is promised therefore."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from w2s_widgets.heads.base import Head, check_flag
from w2s_widgets.outcome import Outcome
from w2s_widgets.slack_parts import (
    Experiment,
    Projections,
    SlackParts,
    project,
    read_experiment,
    split_parts,
)

Promise = Literal["equality", "inequality", "bound", "nothing", "unknown"]

NEAR = 1e-7
"""A distance below this share of the triangle's longest side counts as 0, and is allowed for in `agrees`."""
_ROUNDING = 1e-12  # of the functions' own size: no distance is known better than that
_SMALL_GAP = 1e-6  # of the triangle's largest square: an exact fit with a larger gap is not trusted
_SLIP = 1e-9  # of the triangle's largest square: what rounding may do to a slack
_THEOREM_2 = (
    "It is the projection on a sample of its own, and for that Theorem 2 gives a bound whose extra terms "
    "shrink as the sample grows; their constants are not known here, so there is no number to check."
)


@dataclass(frozen=True)
class Assumption:
    """One assumption: whether it holds, and how that is known.

    Parameters
    ----------
    name : str
        In a word or two.
    holds : bool or None
        ``None`` when unknown.
    words : str
        How it is known, or why it is not.
    value : float or None
        The number behind it: eps for a realizable truth, the distance for a projection, n for the inputs.
    """

    name: str
    holds: bool | None
    words: str
    value: float | None = None


@dataclass(frozen=True)
class Certificate:
    """What Theorem 1 promises of one student, on which grounds, and whether the numbers agree.

    Made by `certify`. What cannot be known from what was given is reported as unknown, never guessed.

    Parameters
    ----------
    student_class : str
        The class of functions, as it would be written in Python.
    squared_loss, convex, affine, realizable, projection, population : Assumption
        Whether errors are mean squares; whether the class is convex, and affine (a space); whether it
        holds the truth, with eps; whether the student is the projection of the teacher on the class, with
        the distance between the two; whether the inputs are the whole population, with n. (The
        population decides for whom the promise is, not what it is.)
    promise : str
        ``"equality"`` (gain = misfit), ``"inequality"`` (gain >= misfit), ``"bound"`` (gain >= misfit +
        the blind spot's term, because the truth is not in the class; for a space, with equality),
        ``"nothing"``, or ``"unknown"``.
    reason : str
        Why it is that, in a sentence.
    promised_gain : float or None
        What the gain is promised to be, or to be at least; ``None`` if nothing is promised.
    terms : dict of str to float
        What a bound adds to the misfit: ``{"not_realizable": -2 <g - s, f - proj f>}`` for a bound,
        empty otherwise.
    agrees : bool or None
        Whether the measured gain is as promised; ``None`` if nothing is promised.
    outcome : Outcome
        The triangle that was judged.
    parts : SlackParts or None
        Where the slack comes from; ``None`` if the class is unknown.
    """

    student_class: str
    squared_loss: Assumption
    convex: Assumption
    affine: Assumption
    realizable: Assumption
    projection: Assumption
    population: Assumption
    promise: Promise
    reason: str
    promised_gain: float | None
    terms: dict[str, float]
    agrees: bool | None
    outcome: Outcome
    parts: SlackParts | None

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """All that was asked, in the order in which the theorem needs it."""
        return (
            self.squared_loss,
            self.convex,
            self.affine,
            self.realizable,
            self.projection,
            self.population,
        )

    def as_dict(self) -> dict[str, float | str | bool | None]:
        """Return one flat row for a table; what is unknown is ``None``.

        Examples
        --------
        >>> from w2s_widgets.heads import LinearHead
        >>> X, teacher = [[0.0], [1.0], [2.0]], [0.0, 2.0, 1.0]
        >>> row = certify(LinearHead().fit(X, teacher), X, [0.0, 1.0, 2.0], teacher).as_dict()
        >>> row["convex"], row["realizable"], row["population"], row["promise"], row["agrees"]
        (True, True, None, 'equality', True)
        """
        return {
            "student_class": self.student_class,
            **{assumption.name.replace(" ", "_"): assumption.holds for assumption in self.assumptions},
            "eps": self.realizable.value,
            "distance": self.projection.value,
            "n": self.outcome.n,
            "promise": self.promise,
            "promised_gain": self.promised_gain,
            "not_realizable": self.terms.get("not_realizable"),
            "gain": self.outcome.gain,
            "misfit": self.outcome.misfit,
            "slack": self.outcome.slack,
            "agrees": self.agrees,
        }

    def __str__(self) -> str:
        from w2s_widgets.certificate_views import certificate_text

        return certificate_text(self)

    def _repr_html_(self) -> str:
        from w2s_widgets.certificate_views import certificate_card

        return certificate_card(self)


def certify(
    head: Any,
    X: ArrayLike,
    truth: ArrayLike,
    teacher: ArrayLike,
    *,
    student: Any = None,
    fitted_on: tuple[ArrayLike, ArrayLike] | None = None,
    population: bool | None = None,
    loss: str | None = "squared",
    outcome: Outcome | None = None,
) -> Certificate:
    """Check the assumptions of Theorem 1 one by one, and the measured outcome against what they promise.

    The theorem (Charikar, Pabbaraju and Shiragur 2024, Theorem 1): if the student is the projection of
    its teacher on a convex class that holds the truth, then ``err_student <= err_weak - misfit``, that is
    gain >= misfit, with equality if the class is affine. If the class does not hold the truth, every
    closed convex class still gives ``gain >= misfit - 2 <g - s, f - c>``, with c the truth's own
    projection, and a space gives equality. Whether the class holds the truth, and whether the student is
    the projection, is decided by fitting the class exactly on the inputs given here, so the verdict is
    about these inputs: about everything if they are the population, and else about this sample of it.

    Parameters
    ----------
    head : Head or fitted regressor
        A head of the student's class. If it is fitted and no ``student`` is given, it is the student. Of
        a regressor that is not one of this package's heads the class is unknown; give the class as
        ``head`` and the regressor as ``student`` if you know it.
    X : array-like of shape (n, features)
        The student's representation of the inputs that the outcome is measured on.
    truth, teacher : array-like of shape (n,) or (n, outputs)
        Their values on these inputs. Several outputs are judged together, by their means.
    student : array-like or fitted regressor, optional
        The student's values on these inputs, or an object with ``predict``.
    fitted_on : pair of array-like, optional
        Representation and teacher's labels of the inputs that the student was fitted on, if they are
        others. It tells a student that has seen too little from one whose fit was not finished.
    population : bool, optional
        Whether the rows of X are all inputs there are, each equally likely; unknown if not given.
    loss : str or None
        The loss that student and errors go by; ``None`` if unknown. Theorem 1 is about ``"squared"``.
    outcome : Outcome, optional
        An outcome to judge; by default it is measured from the functions given here.

    Returns
    -------
    Certificate
        Assumptions, promise and verdict. It prints as text and shows as a card in a notebook.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If shapes do not agree, or there is no fitted student.

    Examples
    --------
    >>> import numpy as np
    >>> from w2s_widgets.heads import BallHead, SphereHead
    >>> X = np.random.default_rng(0).standard_normal((200, 3))
    >>> truth, teacher = X @ [0.6, 0.8, 0.0], X @ [0.9, 0.2, 1.0]
    >>> ball = BallHead(radius=1.0, intercept=False).fit(X, teacher)
    >>> print(certify(ball, X, truth, teacher, population=True))
    Certificate for BallHead(radius=1.0, intercept=False), 200 inputs
      yes      squared loss        errors are mean squares
      yes      convex              the mean of two functions of the class is in the class
      no       affine              the class ends somewhere, so it is no space
      yes      realizable          the class holds the truth: eps is 0 to rounding
      yes      projection reached  the student is the teacher’s projection: their distance is 0 to rounding
      yes      population          the 200 inputs are all there are: a promise is about all inputs
    Promise: gain ≥ misfit. The student is the projection of its teacher on a convex class that holds \
the truth.
    Measured: gain 0.426, misfit 0.115, slack 0.311. This agrees.
    >>> sphere = SphereHead(radius=1.0, intercept=False).fit(X, teacher)
    >>> certify(sphere, X, truth, teacher).promise
    'nothing'
    """
    experiment = read_experiment(head, X, truth, teacher, student=student, fitted_on=fitted_on)
    if population is not None:
        check_flag("population", population)
    if loss is not None and not isinstance(loss, str):
        raise TypeError(f"loss is {loss!r}: give the name of the loss, or None if it is unknown.")
    judged = _checked_outcome(outcome, experiment)
    judge = _Judge(head, experiment)
    squared, convex, affine = _squared(loss), _convex(head), _affine(head)
    realizable, projection = judge.realizable(), judge.projection()
    promise, reason = _promise(squared, convex, affine, realizable, projection)
    if promise == "nothing" and squared.holds and convex.holds and judge.only_the_sample():
        reason = f"{reason} {_THEOREM_2}"
    terms: dict[str, float] = {}
    if promise == "bound" and judge.parts is not None:
        terms["not_realizable"] = judge.blind_spot
    promised = None if promise in ("nothing", "unknown") else judged.misfit + sum(terms.values())
    agrees = None
    if promised is not None:
        exact = promise == "equality" or (promise == "bound" and affine.holds is True)
        agrees = judge.confirms(judged) and _as_promised(judged.gain - promised, judge.slip(), exact=exact)
    return Certificate(
        student_class=repr(head),
        squared_loss=squared,
        convex=convex,
        affine=affine,
        realizable=realizable,
        projection=projection,
        population=_population(population, len(experiment.X)),
        promise=promise,
        reason=reason,
        promised_gain=promised,
        terms=terms,
        agrees=agrees,
        outcome=judged,
        parts=judge.parts,
    )


class _Judge:
    """Measures how far truth and student are from the class, and what is too small to tell."""

    def __init__(self, head: Any, experiment: Experiment) -> None:
        self.head = head
        self.experiment = experiment
        outcome = experiment.outcome
        self.square = max(outcome.err_weak, outcome.err_student, outcome.misfit)
        self.side = math.sqrt(self.square)
        functions = (experiment.truth, experiment.teacher, experiment.student)
        self.floor = _ROUNDING * max(_length(values) for values in functions)
        self.projections: Projections | None = None
        self.parts: SlackParts | None = None
        if isinstance(head, Head):
            self.projections = project(head, experiment)
            self.parts = split_parts(experiment, self.projections)

    def is_zero(self, distance: float) -> bool | None:
        """Whether a distance is 0 as far as the triangle goes; ``None`` if rounding could have made it."""
        if distance <= NEAR * self.side or (distance <= self.floor and self.side <= self.floor):
            return True
        return None if distance <= self.floor else False

    def realizable(self) -> Assumption:
        name = "realizable"
        if self.projections is None:
            return Assumption(name, None, "the class is not known, so it cannot be asked for the truth")
        eps = _length(self.experiment.truth - self.projections.truth) ** 2
        holds = self.is_zero(math.sqrt(eps))
        words = {
            True: "the class holds the truth: eps is 0 to rounding",
            False: f"the class does not hold the truth: its best function is off by eps = {eps:.3g}",
            None: f"eps is {eps:.3g}, which rounding could have made: the triangle is too small to tell",
        }[holds]
        return Assumption(name, holds, words, eps)

    def projection(self) -> Assumption:
        name = "projection reached"
        if self.projections is None:
            return Assumption(name, None, "the class is not known, so there is nothing to project on")
        distance = _length(self.experiment.student - self.projections.teacher)
        if not self._certified():
            return Assumption(
                name, None, f"the exact fit could not be certified: its gap is {self.projections.gap:.3g}"
            )
        holds = self.is_zero(distance)
        if holds is not True and not self.head.is_convex:
            holds = self._as_near_as(self.projections.teacher, holds)
        if holds is True:
            return Assumption(
                name,
                True,
                "the student is the teacher’s projection: their distance is 0 to rounding"
                if distance <= NEAR * self.side or distance <= self.floor
                else "the student is as near to the teacher as the class gets; another function ties",
                distance,
            )
        if holds is None:
            return Assumption(
                name, None, f"the student’s distance to it is {distance:.3g}: too small to tell", distance
            )
        return Assumption(name, False, self._why_not(distance), distance)

    def _as_near_as(self, projected: Any, holds: bool | None) -> bool | None:
        """Without convexity two functions can be equally near: ask for the distance to the teacher."""
        student, teacher = self.experiment.student, self.experiment.teacher
        behind = _length(student - teacher) - _length(projected - teacher)
        if self.is_zero(abs(behind)) is False:
            return holds
        # Values that were handed over may be as near and yet be no function of the class.
        fitted = hasattr(self.head, "n_features_in_")
        inside = fitted and np.array_equal(
            self.head.predict(self.experiment.X).reshape(student.shape), student
        )
        return True if inside else None

    def _why_not(self, distance: float) -> str:
        away = f"the student is {distance:.3g} away from its teacher’s projection"
        assert self.parts is not None
        assert self.projections is not None
        if self.experiment.sample_features is self.experiment.X:
            if not self.head.is_projection:
                return f"{away}: its fit is penalised"
            return f"{away}: fitted on other inputs, or not finished"
        m = len(self.experiment.sample_features)
        if self.only_the_sample():
            return f"{away}: it is the exact fit, but on the {m:,} inputs of its own sample"
        if not self.head.is_projection:
            return f"{away}: its fit is penalised, and on {m:,} inputs of its own"
        return f"{away}: it was fitted on {m:,} inputs of its own, and the fit there is not finished"

    def only_the_sample(self) -> bool:
        """Whether the student is the projection, but on a sample of its own."""
        if self.projections is None or self.experiment.sample_features is self.experiment.X:
            return False
        return self.is_zero(_length(self.experiment.student - self.projections.from_sample)) is True

    def _certified(self) -> bool:
        assert self.projections is not None
        gap = self.projections.gap
        return gap is None or gap <= _SMALL_GAP * self.square or self.side <= self.floor

    @property
    def blind_spot(self) -> float:
        """``-2 <g - s, f - c>``, with the student itself in the place of the projection."""
        assert self.projections is not None
        e = self.experiment
        return 0.0 + float(np.mean(-2 * (e.teacher - e.student) * (e.truth - self.projections.truth)))

    def slip(self) -> float:
        """How far a gain may be off its promise for reasons that were counted as 0."""
        if self.projections is None:
            return 0.0
        e = self.experiment
        to_projection = _length(e.student - self.projections.teacher)
        to_ceiling = _length(e.truth - self.projections.truth)
        counted_as_zero = 0.0
        if self.is_zero(to_projection):
            counted_as_zero += 4 * to_projection * self.side
        if self.is_zero(to_ceiling):
            counted_as_zero += 2 * to_ceiling * self.side
        counted_as_zero += self.projections.gap or 0.0
        return _SLIP * self.square + 2 * self.floor * (self.side + self.floor) + counted_as_zero

    def confirms(self, outcome: Outcome) -> bool:
        """Whether an outcome is that of these functions."""
        measured, slip = self.experiment.outcome, self.slip()
        pairs = (
            (outcome.err_weak, measured.err_weak),
            (outcome.err_student, measured.err_student),
            (outcome.misfit, measured.misfit),
            (outcome.gain, measured.gain),
        )
        return all(abs(given - own) <= slip for given, own in pairs)


def _promise(
    squared: Assumption,
    convex: Assumption,
    affine: Assumption,
    realizable: Assumption,
    projection: Assumption,
) -> tuple[Promise, str]:
    """Say what the theorem promises, by what is known; one broken assumption outweighs unknown ones."""
    needed = {
        "the loss is not squared": squared,
        "the class is not convex": convex,
        "the student is not the projection of its teacher": projection,
    }
    broken = [words for words, assumption in needed.items() if assumption.holds is False]
    if broken:
        return "nothing", f"The theorem is silent, because {' and '.join(broken)}."
    unknown = [assumption.name for assumption in needed.values() if assumption.holds is None]
    if unknown:
        return "unknown", f"Not known: {', '.join(unknown)}. So it is not known whether the theorem applies."
    start = "The student is the projection of its teacher on a "
    if realizable.holds is True:
        if affine.holds is True:
            return "equality", f"{start}space that holds the truth."
        return "inequality", f"{start}convex class that holds the truth."
    truth = "does not hold the truth" if realizable.holds is False else "may not hold the truth"
    if affine.holds is True:
        return "bound", f"{start}space that {truth}; for a space the bound is exact."
    return "bound", f"{start}convex class that {truth}."


def _as_promised(excess: float, slip: float, *, exact: bool) -> bool:
    return bool(abs(excess) <= slip if exact else excess >= -slip)


def _squared(loss: str | None) -> Assumption:
    name = "squared loss"
    if loss is None:
        return Assumption(name, None, "it was not said which loss the errors go by")
    if loss == "squared":
        return Assumption(name, True, "errors are mean squares")
    return Assumption(name, False, f"the loss is {loss}, and Theorem 1 is about mean squares")


def _convex(head: Any) -> Assumption:
    name = "convex"
    if not isinstance(head, Head):
        return Assumption(name, None, f"the class of {type(head).__name__} is not known")
    if head.is_convex:
        return Assumption(name, True, "the mean of two functions of the class is in the class")
    return Assumption(name, False, "the mean of two functions of the class need not be in the class")


def _affine(head: Any) -> Assumption:
    name = "affine"
    if not isinstance(head, Head):
        return Assumption(name, None, f"the class of {type(head).__name__} is not known")
    if head.is_affine:
        return Assumption(name, True, "the class is a space: it holds the whole line through two functions")
    if head.is_convex:
        return Assumption(name, False, "the class ends somewhere, so it is no space")
    return Assumption(name, False, "the class is not even convex")


def _population(population: bool | None, n: int) -> Assumption:
    name = "population"
    inputs = "the 1 input is" if n == 1 else f"the {n:,} inputs are"
    if population is None:
        words = f"it was not said whether {inputs} all there are: a promise is about them alone"
    elif population:
        words = f"{inputs} all there are: a promise is about all inputs"
    else:
        words = f"{inputs} a sample: a promise is about them, and not certain for others"
    return Assumption(name, None if population is None else bool(population), words, float(n))


def _checked_outcome(outcome: Outcome | None, experiment: Experiment) -> Outcome:
    if outcome is None:
        return experiment.outcome
    if not isinstance(outcome, Outcome):
        raise TypeError(f"outcome is {outcome!r}: give an Outcome, as measure returns it, or nothing.")
    if outcome.n is not None and outcome.n != len(experiment.X):
        raise ValueError(
            f"outcome is over {outcome.n} inputs but X has {len(experiment.X)} rows: "
            "give the inputs that it was measured on, or no outcome."
        )
    return outcome


def _length(values: Any) -> float:
    return float(np.sqrt(np.mean(values**2)))
