"""`CurveExplorer`: a teacher that knows only stairs, and a student of waves that draws the hill from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import traitlets

from w2s_widgets._numbers import SHOWN_AS_ZERO, format_fixed, format_number
from w2s_widgets._validation import FloatArray
from w2s_widgets.display.text import fill_reason
from w2s_widgets.studies.linear.curves import (
    DRAWS,
    KNOTS,
    QUALITIES,
    QUESTIONS,
    TRUTH_WAVES,
    WAVES,
    CurveStudy,
    ErrorParts,
    curve_outcome,
    drawn_curve,
    error_parts,
    error_shape,
    stairs,
    student_curve,
    teacher_curve,
    truth,
    waves,
)
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.outcome_table import Axis
from w2s_widgets.widgets.bundles import STATIC
from w2s_widgets.widgets.explorer import AxisTrait, Explorer
from w2s_widgets.widgets.spec import AxisSpec, ExplorerSpec, PageSpec, Preset, axis_specs, axis_words

DRAWN = "drawn by you"
"""The teacher that the reader draws."""

REACH = 3.0
"""A drawn answer lies between minus this and this."""

_ROUNDED = 2
_CLEARLY = 0.1


def _stairs(weak_quality: float, strong_capacity: int) -> dict[str, float | str]:
    return {"teacher": "stairs", "weak_quality": weak_quality, "strong_capacity": strong_capacity, "draw": 1}


PRESETS = (
    Preset("It knows only stairs", _stairs(0.6, 8),
           "The student has eight waves and no stairs: the steps fall away."),
    Preset("Wrong everywhere", {"teacher": "wiggle", "weak_quality": 0.4, "strong_capacity": 8},
           "None of this teacher's error can be said in eight waves."),
    Preset("A tilt is copied", {"teacher": "tilt", "weak_quality": 0.6, "strong_capacity": 8},
           "This error is as smooth as the truth: the student copies it whole."),
    Preset("Too few waves", _stairs(0.9, 5),
           "The student cannot draw the truth: much misfit, and a loss."),
    Preset("Too many waves", _stairs(0.6, 30),
           "With thirty waves it learns the stairs as well."),
)  # fmt: skip

SENTENCES: dict[str, str] = {
    "copies": "The student copies its teacher’s error whole: nothing falls away, and nothing is gained.",
    "right": "The student is right everywhere: all of its teacher’s error, {err_weak}, fell away.",
    "gains": "The student beats its teacher by {gain}, which is its misfit: what fell away was error.",
    "beats": "The student beats its teacher by {gain}, but its misfit is {misfit}: truth fell away, too.",
    "even": "The student is as good as its teacher: as much truth fell away as error.",
    "loses": "The student is worse than its teacher by {loss}: more truth fell away than error.",
}
"""What is seen, by case; `{loss}` is minus the gain."""

REASONS: dict[str, str] = {
    "copies": "Why: the student’s {strong_capacity} waves can say this error as well as the truth.",
    "held": f"Why: the truth is made of {TRUTH_WAVES} waves and the student has {{strong_capacity}}, so of "
    "the truth nothing falls away. What falls away is error: that is the misfit, and that is the gain.",
    "too_few": f"Why: the truth is made of {TRUTH_WAVES} waves and the student has {{strong_capacity}}: it "
    "cannot say {eps} of the truth. Here nothing is promised; gain and misfit are two numbers.",
}
"""Why the gain is what it is, by case."""

DARES: tuple[dict[str, Any], ...] = (
    {
        "name": "perfect student",
        "words": "A teacher wrong by over 0.1 on 8 of 10 questions, and a student’s error of at most 0.01",
        "needs": [["wrong", ">=", 0.8], ["err_student", "<=", 0.01]],
    },
    {
        "name": "worse student",
        "words": "A student worse than its teacher by 0.05 or more",
        "needs": [["gain", "<=", -0.05]],
    },
    {
        "name": "misfit without gain",
        "words": "A misfit of 0.1 or more, and a gain of 0.02 at the most, and no loss above 0.02",
        "needs": [["misfit", ">=", 0.1], ["gain", "<=", 0.02], ["gain", ">=", -0.02]],
    },
    {
        "name": "impossible",
        "words": f"With {TRUTH_WAVES} waves or more: a gain that differs from the misfit by 0.001",
        "needs": [["strong_capacity", ">=", TRUTH_WAVES], ["difference", ">=", 0.001]],
    },
)
"""What a reader is dared to find: bounds on what is measured. The last one is what the theorem excludes."""


class CurveSpec(PageSpec):
    """What the page needs to fit the student by itself."""

    axes: list[AxisSpec]
    questions: int
    waves: int
    draws: int
    counts: list[int]
    drawn: str
    reach: float
    knots: int
    truth_waves: int
    dares: list[dict[str, Any]]
    reasons: dict[str, str]
    shake: list[float]
    initial_drawing: list[float]


class CurveExplorer(Explorer):
    """Fit a student of waves to a teacher of another kind, or to one that you draw, and see what it keeps.

    Questions lie on the x axis, answers on the y axis. The truth is a curve, the teacher is wrong in one of
    four ways or drawn by hand, and the student is the best curve of the first ``strong_capacity`` waves of
    an orthonormal family *through the teacher's answers*; nobody shows it the truth. A bar divides the
    teacher's error into what the student copies and what falls away, and below, misfit and gain are drawn
    for every capacity. Misfit is measured here, never set. The study is `CurveStudy`.

    The page fits the student itself, since a drawn teacher is in no table: it multiplies with the family
    that Python made. A test compares the two on thousands of drawn teachers.

    Parameters
    ----------
    controls : collection of str, optional
        Which controls to show; all by default.
    presets, dares : bool
        Whether to show the buttons that open a named state, and the list of things to find.
    drawing : sequence of float, optional
        60 answers from -3 to 3, the teacher when ``teacher`` is ``"drawn by you"``; flat at 0 by default.
    **state
        Where to start, and to where Reset returns: ``teacher``, ``"stairs"``, ``"wiggle"``, ``"bad
        stretch"``, ``"tilt"`` or ``"drawn by you"``; ``weak_quality`` from 0.1 to 0.95, the share of the
        truth's variance that the teacher explains (a drawn teacher has its own); ``strong_capacity`` from
        1 to 30, the student's waves, of which the truth needs eight; ``draw`` from 1 to 8, the noise.

    Attributes
    ----------
    won : list of str
        Names of the dares that were met since the widget was made.

    Examples
    --------
    >>> explorer = CurveExplorer()
    >>> round(explorer.outcome.err_weak, 9), explorer.outcome.gain > 0.3
    (0.4, True)
    >>> explorer.strong_capacity = 4
    >>> explorer.outcome.gain < 0 < explorer.outcome.misfit
    True
    >>> explorer.set(teacher="drawn by you")
    >>> explorer.drawing = [1.0] * 60
    >>> round(explorer.outcome.misfit, 12), round(explorer.outcome.err_student, 12)
    (0.0, 2.0)
    """

    _esm: ClassVar[Any] = STATIC / "curve_explorer.js"
    _css: ClassVar[Any] = STATIC / "curve_explorer.css"
    teacher, weak_quality = AxisTrait(), AxisTrait()
    strong_capacity, draw = AxisTrait(), AxisTrait()
    drawing = traitlets.List(traitlets.Float(), help="The answers of the drawn teacher.").tag(sync=True)
    won = traitlets.List(traitlets.Unicode(), help="Names of the dares that were met.").tag(sync=True)
    _numbers = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        *,
        controls: Collection[str] | None = None,
        presets: bool = True,
        dares: bool = True,
        drawing: Sequence[float] = (),
        **state: Any,
    ) -> None:
        told = [] if controls is None else [f"controls={sorted(controls)!r}"]
        told += [f"{name}=False" for name, shown in (("presets", presets), ("dares", dares)) if not shown]
        screen = ExplorerSpec(
            title="Curve explorer",
            presets=PRESETS if presets else (),
            controls=controls,
            code="w2s.CurveExplorer",
            code_arguments=told,
        )
        self._dares = DARES if dares else ()
        self._first_drawing = self._checked(drawing)
        super().__init__(
            screen,
            {name: state.pop(name, value) for name, value in CurveStudy.defaults.items()},
            drawing=self._first_drawing,
            _numbers=_packed(),
            **state,
        )
        self.observe(self._follow_drawing, "drawing")
        self._judge()

    def snap(self, name: str, value: Any) -> float | str:
        """Return the nearest value of an axis."""
        return _axis(name).snap(value)

    def moved_in(self, name: str, value: Any) -> tuple[float | str, str]:
        """Return the nearest value in the range, or the present one for what is no number."""
        axis = _axis(name)
        value = axis.nearest(value, self.state[name])
        return value, f"{axis.bounds} It shows {axis_words(axis)[axis.index_of(value)]}."

    def outcome_of(self, state: Mapping[str, Any]) -> Outcome:
        """Fit the student to its teacher and measure both."""
        return curve_outcome(self.teacher_answers(state), state["strong_capacity"])

    def teacher_answers(self, state: Mapping[str, Any] | None = None) -> FloatArray:
        """Return the teacher's answers to the 240 questions, in a state or now."""
        now = self.state if state is None else state
        if now["teacher"] == DRAWN:
            return drawn_curve(self.drawing)
        return teacher_curve(now["teacher"], now["weak_quality"], now["draw"])

    @property
    def student_answers(self) -> FloatArray:
        """The student's answers to the 240 questions."""
        return student_curve(self.teacher_answers(), self.strong_capacity)

    @property
    def parts(self) -> ErrorParts:
        """The teacher's error, divided by what the student can copy."""
        return error_parts(self.teacher_answers(), self.strong_capacity)

    @property
    def sentence(self) -> str:
        """What becomes of the teacher's error, in one sentence; the page shows the same."""
        return fill_reason(SENTENCES[self._case()[0]], self.outcome, {})

    @property
    def reason(self) -> str:
        """Why the gain is what it is; the page shows the same."""
        eps = format_number(self.parts.eps, scale=self.outcome.scale)
        words = {"strong_capacity": str(self.strong_capacity), "eps": eps}
        return fill_reason(REASONS[self._case()[1]], self.outcome, words)

    def reset(self) -> None:
        """Return to the first state and the first drawing; what was won stays."""
        self.drawing = self._first_drawing
        super().reset()

    def as_code(self) -> str:
        """Return the line of Python that opens this state."""
        code = super().as_code()
        if self.teacher != DRAWN or not any(self.drawing):
            return code
        return f"{code[:-1]}, drawing=[{', '.join(_short(value) for value in self.drawing)}])"

    def to_spec(self) -> CurveSpec:
        """Return what the page needs beside the state."""
        shake = np.random.default_rng(0).uniform(-0.5, 0.5, 8 * KNOTS).round(_ROUNDED)
        return {
            **super().to_spec(),
            "sentences": SENTENCES,
            "axes": axis_specs(_AXES, self.screen.controls),
            "questions": QUESTIONS,
            "waves": WAVES,
            "draws": DRAWS,
            "counts": [len(stairs(quality, 1)) for quality in QUALITIES],
            "drawn": DRAWN,
            "reach": REACH,
            "knots": KNOTS,
            "truth_waves": TRUTH_WAVES,
            "dares": [dict(dare) for dare in self._dares],
            "reasons": REASONS,
            "shake": shake.tolist(),
            "initial_drawing": self._first_drawing,
        }

    def picture(self) -> Any:
        """Return the present state as a static picture with ``save(path)`` for SVG and PNG."""
        from w2s_widgets.plots.curves import curve_picture

        return curve_picture(self.teacher_answers(), self.strong_capacity, self.sentence)

    @traitlets.validate("drawing")  # type: ignore[untyped-decorator,unused-ignore]
    def _take_drawing(self, proposal: Any) -> list[float]:
        try:
            return self._checked(proposal["value"])
        except (TypeError, ValueError) as problem:
            raise traitlets.TraitError(str(problem)) from None

    @staticmethod
    def _checked(drawing: Sequence[float]) -> list[float]:
        if len(drawing) == 0:
            return [0.0] * KNOTS
        drawn_curve(drawing)
        heights = np.asarray(drawing, dtype=float)
        if np.abs(heights).max() > REACH:
            raise ValueError(
                f"drawing has an answer beyond {REACH:g}: give answers from {-REACH:g} to {REACH:g}."
            )
        return [round(value, _ROUNDED) + 0.0 for value in heights.tolist()]

    def _follow(self, change: Any) -> None:
        super()._follow(change)
        self._judge()

    def _follow_drawing(self, change: Any) -> None:
        if self.teacher == DRAWN:
            self.set_trait("outcome", self.outcome_of(self.state))
            self._judge()

    def _case(self) -> tuple[str, str]:
        """Name sentence and reason, judged by the numbers as they are written."""
        outcome = self.outcome
        if self.strong_capacity < TRUTH_WAVES:
            if abs(outcome.gain) < SHOWN_AS_ZERO:
                return "even", "too_few"
            return "beats" if outcome.gain > 0 else "loses", "too_few"
        if outcome.misfit < SHOWN_AS_ZERO:
            return "copies", "copies"
        return "right" if outcome.err_student < SHOWN_AS_ZERO else "gains", "held"

    def _judge(self) -> None:
        outcome = self.outcome
        measured = {
            **outcome.as_dict(),
            "wrong": float(np.mean(np.abs(self.teacher_answers() - truth()) > _CLEARLY)),
            "difference": abs(outcome.gain - outcome.misfit),
            "strong_capacity": self.strong_capacity,
        }
        met = [dare["name"] for dare in self._dares if _holds(dare["needs"], measured)]
        new = [name for name in met if name not in self.won]
        if new:
            self.won = [*self.won, *new]


def _holds(needs: Sequence[Sequence[Any]], measured: Mapping[str, float]) -> bool:
    return all(
        measured[name] >= bound if sign == ">=" else measured[name] <= bound for name, sign, bound in needs
    )


def _packed() -> bytes:
    """Return family, truth, stairs by draw and quality, and shapes of errors by draw, as float64."""
    parts = [waves(), truth()]
    parts += [stairs(quality, draw) for draw in range(1, DRAWS + 1) for quality in QUALITIES]
    parts += [error_shape("wiggle", draw) for draw in range(1, DRAWS + 1)]
    parts += [error_shape(kind, 1) for kind in ("bad stretch", "tilt")]
    return b"".join(np.ascontiguousarray(part, dtype="<f8").tobytes() for part in parts)


def _short(value: float) -> str:
    return format_fixed(value, _ROUNDED).replace("−", "-").rstrip("0").rstrip(".") or "0"


_AXES = tuple(
    Axis(name, label, [*values, DRAWN] if name == "teacher" else values, explain)
    for (name, values), (label, explain) in zip(
        CurveStudy.axes.items(), CurveStudy.words.values(), strict=True
    )
)


def _axis(name: str) -> Axis:
    for axis in _AXES:
        if axis.name == name:
            return axis
    names = ", ".join(axis.name for axis in _AXES)
    raise ValueError(f"there is no control {name!r}: set one of {names}.")
