"""`ProofExplorer`: the proof of Theorem 1 as a film whose points the reader moves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from w2s_widgets._numbers import format_fixed
from w2s_widgets.studies.linear.function_plane import SHAPES, Point, plane_set
from w2s_widgets.studies.linear.plane_reasons import CLASS_WORDS, REASONS, TIED
from w2s_widgets.studies.linear.proof_film import (
    CAPTIONS,
    CLASSES,
    SCENES,
    WHYS,
    as_point,
    caption,
    film_outcome,
    scene_of,
    why,
)
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.outcome_table import Axis
from w2s_widgets.widgets.bundles import STATIC
from w2s_widgets.widgets.explorer import AxisTrait, Explorer
from w2s_widgets.widgets.spec import AxisSpec, ExplorerSpec, PageSpec, Preset, axis_specs, axis_words

REACH = 2.5
"""A drawn answer lies between minus this and this."""

ANSWERS = ("truth_1", "truth_2", "teacher_1", "teacher_2")
LAST = len(SCENES) - 1
_HUNDREDTHS = 100


def _state(shape: str, truth: Point, teacher: Point) -> dict[str, float | str]:
    return dict(zip(("shape", *ANSWERS), (shape, *truth, *teacher), strict=True))


PRESETS = (
    Preset("A line", _state("line", (1.2, 1.2), (1.4, -0.6)),
           "The class is a linear space that holds the truth."),
    Preset("A disc", _state("disc", (0.5, -0.6), (1.9, 1.1)),
           "The class is convex, and it ends somewhere."),
    Preset("A crescent", _state("crescent", (1.5, -0.35), (1.1, 1.3)),
           "The class holds the truth, and is not convex."),
    Preset("Truth outside", _state("line", (1.7, 0.4), (1.9, -0.9)),
           "The class is a linear space that does not hold the truth."),
)  # fmt: skip


class ProofSpec(PageSpec):
    """What the page needs to show the film by itself."""

    axes: list[AxisSpec]
    shapes: dict[str, Any]
    reach: dict[str, float]
    coordinates: list[str]
    scenes: list[str]
    whys: dict[str, str]
    reasons: dict[str, str]
    tied: str
    moved_in: str


class ProofExplorer(Explorer):
    """Play the proof of Theorem 1 as a film, and drag its points at any moment.

    A function that answers two questions is a point in a plane. Seven scenes show the student's class, the
    circle around the teacher that grows until it touches it, the step from the student towards the truth
    and what becomes of the distance to the teacher, the angle that follows, and the squares on the sides,
    which turn and fit. On a class that is not convex, or does not hold the truth, the same film shows where
    the proof breaks. The theorem is Theorem 1 of Charikar, Pabbaraju and Shiragur (2024).

    The state is continuous in four answers, so the page computes the projection itself, as that of
    `ProjectionExplorer` does; a test compares the two.

    Parameters
    ----------
    shapes : sequence of str, optional
        The student's classes to choose from; ``"line"``, ``"disc"`` and ``"crescent"`` by default.
    presets : bool
        Whether to show the buttons that open a named state.
    **state
        Where to start, and to where Reset returns: ``shape``; ``moment`` from 0 to 6, how far the film has
        run; ``truth_1``, ``truth_2``, ``teacher_1`` and ``teacher_2``, the answers to the two questions,
        from -2.5 to 2.5.

    Examples
    --------
    >>> explorer = ProofExplorer(truth_1=1, truth_2=1, teacher_1=2, teacher_2=-2)
    >>> explorer.student, explorer.outcome.misfit, explorer.outcome.gain
    ((0.0, 0.0), 4.0, 4.0)
    >>> explorer.moment = 4
    >>> print(explorer.sentence)
    The first step led neither nearer to the teacher nor away: the angle at the student is a right angle.
    """

    _esm: ClassVar[Any] = STATIC / "proof_explorer.js"
    _css: ClassVar[Any] = STATIC / "proof_explorer.css"
    shape = AxisTrait(help="Name of the student's class.")
    moment = AxisTrait(help="How far the film has run.")
    truth_1, truth_2 = AxisTrait(), AxisTrait()
    teacher_1, teacher_2 = AxisTrait(), AxisTrait()

    def __init__(self, shapes: Sequence[str] | None = None, *, presets: bool = True, **state: Any) -> None:
        offered = _known(CLASSES if shapes is None else shapes)
        self.shapes = offered
        self._axes = {
            "shape": Axis("shape", "The student’s class", list(offered)),
            "moment": Axis("moment", "Film", np.linspace(0, LAST, 20 * LAST + 1).round(2).tolist()),
        }
        shown = [preset for preset in PRESETS if preset.state["shape"] in offered]
        wanted = state.get("shape", offered[0])
        start = next((preset for preset in shown if preset.state["shape"] == wanted), PRESETS[0]).state
        told = [] if shapes is None else [f"shapes=[{', '.join(f'{shape!r}' for shape in offered)}]"]
        screen = ExplorerSpec(
            title="Proof explorer",
            presets=shown if presets else (),
            code="w2s.ProofExplorer",
            code_arguments=told if presets else [*told, "presets=False"],
        )
        first = {"shape": wanted, "moment": state.pop("moment", 0)}
        answers = {name: state.pop(name, start[name]) for name in ANSWERS}
        state.pop("shape", None)
        super().__init__(screen, first | answers, **state)

    def snap(self, name: str, value: Any) -> float | str:
        """Return an answer to two decimals, or the nearest moment, or the name of an offered class."""
        if name in self._axes:
            return self._axes[name].snap(value)
        if name not in ANSWERS:
            raise ValueError(
                f"there is no control {name!r}: set shape, moment, or one of {', '.join(ANSWERS)}."
            )
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if isinstance(value, (str, bool)) or not abs(number) <= REACH:
            raise ValueError(f"{name} is {value!r}: give a number from {-REACH:g} to {REACH:g}.")
        return math.floor(number * _HUNDREDTHS + 0.5) / _HUNDREDTHS + 0.0

    def moved_in(self, name: str, value: Any) -> tuple[Any, str]:
        """Return the nearest value in the range, or the present one for what is no number."""
        if name in self._axes:
            axis = self._axes[name]
            value = axis.nearest(value, self.state[name])
            return value, f"{axis.bounds} It shows {axis_words(axis)[axis.index_of(value)]}."
        if isinstance(value, (str, bool)) or value is None or not math.isfinite(value):
            return getattr(self, name), _MOVED_IN
        return min(REACH, max(-REACH, float(value))), _MOVED_IN

    def outcome_of(self, state: Mapping[str, Any]) -> Outcome:
        """Project the teacher on the student's class."""
        truth, teacher = _answers(state)
        return film_outcome(state["shape"], truth, teacher)

    @property
    def truth(self) -> Point:
        """The truth's answers to the two questions."""
        return self.truth_1, self.truth_2

    @property
    def teacher(self) -> Point:
        """The teacher's answers to the two questions."""
        return self.teacher_1, self.teacher_2

    @property
    def student(self) -> Point:
        """The answers of the student: of all that its class can say, those nearest to the teacher's."""
        x, y = plane_set(self.shape).project(as_point(self.teacher))
        return x + y, x - y

    @property
    def sentence(self) -> str:
        """What the film shows at this moment; the page shows the same."""
        return caption(self.shape, self.truth, self.teacher, self.moment)

    @property
    def reason(self) -> str:
        """Why it is so; the page shows the same."""
        return why(self.shape, self.truth, self.teacher, self.moment)

    def to_spec(self) -> ProofSpec:
        """Return what the page needs beside the state."""
        return {
            **super().to_spec(),
            "sentences": CAPTIONS,
            "axes": axis_specs(list(self._axes.values()), self.screen.controls),
            "shapes": {name: SHAPES[name].as_json() | {"words": CLASS_WORDS[name]} for name in self.shapes},
            "reach": {"1": REACH, "2": REACH},
            "coordinates": list(ANSWERS),
            "scenes": list(SCENES),
            "whys": WHYS,
            "reasons": REASONS,
            "tied": TIED,
            "moved_in": _MOVED_IN,
        }

    def picture(self) -> Any:
        """Return the scenes until this moment as a static picture with ``save(path)`` for SVG and PNG."""
        from w2s_widgets.plots.proof import film_strip

        return film_strip(self.shape, self.truth, self.teacher, scene_of(self.moment), self.sentence)


_MOVED_IN = f"The answers of truth and teacher go from {format_fixed(-REACH, 1)} to {format_fixed(REACH, 1)}."


def _answers(state: Mapping[str, Any]) -> tuple[Point, Point]:
    return (state["truth_1"], state["truth_2"]), (state["teacher_1"], state["teacher_2"])


def _known(shapes: Sequence[str]) -> tuple[str, ...]:
    words = f"shapes is {shapes!r}: give a list of names from {', '.join(CLASSES)}."
    if isinstance(shapes, (str, Mapping)) or not isinstance(shapes, Iterable):
        raise TypeError(words)
    named = tuple(dict.fromkeys(shapes))
    if not named or any(shape not in CLASSES for shape in named):
        raise ValueError(words)
    return named
