"""`certify`: which assumptions of Theorem 1 hold for a student, and what is promised therefore."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import ArrayLike

from w2s_widgets._rich_display import Displayed
from w2s_widgets._validation import flag, real
from w2s_widgets.theory.assumptions import (
    Assumption,
    Evidence,
    affine_class,
    convex_class,
    population_inputs,
    same_distribution,
    squared_loss,
)
from w2s_widgets.theory.intervals import OutcomeIntervals
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.slack import Experiment, SlackParts, read_experiment

Promise = Literal["equality", "inequality", "bound", "nothing", "unknown"]

_THEOREM_2 = (
    "It is the projection on a sample of its own, and for that Theorem 2 gives a bound whose extra terms "
    "shrink as the sample grows; their constants are not known here, so there is no number to check."
)


@dataclass(frozen=True)
class Certificate(Displayed):
    """What Theorem 1 promises of one student, on which grounds, and whether the numbers agree.

    Made by `certify`. What cannot be known from what was given is reported as unknown, never guessed.

    Parameters
    ----------
    student_class : str
        The class of functions, as it would be written in Python.
    squared_loss, convex, affine, realizable, projection, same_distribution, population : Assumption
        Whether errors are mean squares; whether the class is convex, and affine (a space); whether it
        holds the truth, with eps; whether the student is the projection of the teacher on the class, with
        the distance between the two; whether it is measured where it was fitted; whether the inputs are the
        whole population, with n. (The last two decide for whom the promise is, not what it is.)
    promise : str
        ``"equality"`` (gain = misfit), ``"inequality"`` (gain >= misfit), ``"bound"`` (gain >= misfit +
        the alignment, because the truth is not in the class; for a space, with equality),
        ``"nothing"``, or ``"unknown"``.
    reason : str
        Why it is that, in a sentence.
    promised_gain : float or None
        What the gain is promised to be, or to be at least; ``None`` if nothing is promised.
    terms : dict of str to float
        What a bound adds to the misfit: ``{"alignment": -2 <g - s, f - proj f>}`` for a bound,
        empty otherwise.
    agrees : bool or None
        Whether the measured gain is as promised; ``None`` if nothing is promised.
    outcome : Outcome
        The triangle that was judged.
    parts : SlackParts or None
        Where the slack comes from; ``None`` if the class is unknown.
    intervals : OutcomeIntervals or None
        Of the outcome's numbers, where they were computed.

    Examples
    --------
    >>> from w2s_widgets.heads import LinearHead
    >>> X, teacher = [[0.0], [1.0], [2.0]], [0.0, 2.0, 1.0]
    >>> certificate = certify(LinearHead().fit(X, teacher), X, [0.0, 1.0, 2.0], teacher)
    >>> certificate.promise, certificate.realizable.holds, certificate.agrees
    ('equality', True, True)
    """

    student_class: str
    squared_loss: Assumption
    convex: Assumption
    affine: Assumption
    realizable: Assumption
    projection: Assumption
    same_distribution: Assumption
    population: Assumption
    promise: Promise
    reason: str
    promised_gain: float | None
    terms: dict[str, float]
    agrees: bool | None
    outcome: Outcome
    parts: SlackParts | None
    intervals: OutcomeIntervals | None = None

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """All that was asked, in the order in which the theorem needs it."""
        return (
            self.squared_loss,
            self.convex,
            self.affine,
            self.realizable,
            self.projection,
            self.same_distribution,
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
            "alignment": self.terms.get("alignment"),
            "gain": self.outcome.gain,
            "misfit": self.outcome.misfit,
            "slack": self.outcome.slack,
            "agrees": self.agrees,
        }


def certify(
    head: Any,
    X: ArrayLike,
    truth: ArrayLike,
    teacher: ArrayLike,
    *,
    student: Any = None,
    fitted_on: tuple[ArrayLike, ArrayLike] | None = None,
    population: bool | None = None,
    same: bool | None = None,
    rounding: float = 0.0,
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
    X, truth, teacher, student, fitted_on
        As in `explain_slack`; ``fitted_on`` tells a student that has seen too little from one whose fit was
        not finished. Several outputs are judged together, by their means.
    population : bool, optional
        Whether the rows of X are all inputs there are, each equally likely; unknown if not given.
    same : bool, optional
        Whether the rows of X were drawn as those that the student was fitted on; unknown if not given. It is
        asked only where ``fitted_on`` says that these were others.
    rounding : float
        How far the truth may be off, as a root mean square, because values were written with few digits: up
        to that distance the class is said to hold it.
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
    TypeError, ValueError
        If an argument is of the wrong kind, shapes do not agree, or there is no fitted student.

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
      yes      same distribution   measured on the very inputs of the fit
      yes      population          the 200 inputs are all there are: a promise is about all inputs
    Promise: gain >= misfit. The student is the projection of its teacher on a convex class that holds \
the truth.
    Measured: gain 0.426, misfit 0.115, slack 0.311. This agrees.
    >>> sphere = SphereHead(radius=1.0, intercept=False).fit(X, teacher)
    >>> certify(sphere, X, truth, teacher).promise
    'nothing'
    """
    experiment = read_experiment(head, X, truth, teacher, student=student, fitted_on=fitted_on)
    if population is not None:
        flag("population", population)
    if loss is not None and not isinstance(loss, str):
        raise TypeError(f"loss is {loss!r}: give the name of the loss, or None if it is unknown.")
    judged = _checked_outcome(outcome, experiment)
    if same is not None:
        flag("same", same)
    evidence = Evidence(head, experiment, real("rounding", rounding, 0))
    squared, convex, affine = squared_loss(loss), convex_class(head), affine_class(head)
    realizable, projection = evidence.realizable(), evidence.projection()
    promise, reason = _promise(squared, convex, affine, realizable, projection)
    if promise == "nothing" and squared.holds and convex.holds and evidence.only_the_sample():
        reason = f"{reason} {_THEOREM_2}"
    terms: dict[str, float] = {}
    if promise == "bound" and evidence.parts is not None:
        terms["alignment"] = evidence.alignment
    promised = None if promise in ("nothing", "unknown") else judged.misfit + sum(terms.values())
    agrees = None
    if promised is not None:
        exact = promise == "equality" or (promise == "bound" and affine.holds is True)
        agrees = evidence.confirms(judged) and _as_promised(
            judged.gain - promised, evidence.slip(), exact=exact
        )
    return Certificate(
        student_class=repr(head),
        squared_loss=squared,
        convex=convex,
        affine=affine,
        realizable=realizable,
        projection=projection,
        same_distribution=same_distribution(same, own_sample=experiment.sample_features is not experiment.X),
        population=population_inputs(population, len(experiment.X)),
        promise=promise,
        reason=reason,
        promised_gain=promised,
        terms=terms,
        agrees=agrees,
        outcome=judged,
        parts=evidence.parts,
    )


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
