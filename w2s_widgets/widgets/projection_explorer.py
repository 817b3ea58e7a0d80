"""`ProjectionExplorer`: drag truth and teacher in a plane of functions and watch the student follow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from w2s_widgets._numbers import format_fixed
from w2s_widgets.studies.linear.function_plane import SHAPES, Point, plane_outcome, plane_set
from w2s_widgets.studies.linear.plane_reasons import CLASS_WORDS, JUMPED, REASONS, TIED, reason
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.widgets.bundles import STATIC
from w2s_widgets.widgets.explorer import AxisTrait, Explorer
from w2s_widgets.widgets.spec import ExplorerSpec, PageSpec, Preset

REACH = {"x": 2.5, "y": 2.0}
"""How far from the origin truth and teacher may lie, across and up."""

_STEPS_IN_ONE = 10_000
COORDINATES = ("truth_x", "truth_y", "teacher_x", "teacher_y")


def _state(shape: str, truth: Point, teacher: Point) -> dict[str, float | str]:
    return dict(zip(("shape", *COORDINATES), (shape, *truth, *teacher), strict=True))


PRESETS = (
    Preset("A space: right angle", _state("line", (1.2, 0.0), (-0.4, 1.2)),
           "The class is a line and the truth is on it: gain = misfit, wherever the teacher is."),
    Preset("A budget: gain > misfit", _state("disc", (0.5, -0.5), (1.3, 1.0)),
           "The class is a disc with the truth inside: the angle is obtuse, gain > misfit."),
    Preset("Stuck at a corner", _state("polygon", (-0.4, -0.4), (1.9, 0.7)),
           "Move the teacher a little: the student stays."),
    Preset("The truth outside", _state("cone", (-0.9, 0.7), (-0.7, 1.6)),
           "Convex, but not realizable: nothing is promised. Here gain < misfit."),
    Preset("Almost a tie", _state("two points", (-0.9, 0.0), (0.02, 1.0)),
           "Move the teacher a little to the left: the student jumps, and it is suddenly right."),
    Preset("Around the hole", _state("ring", (-0.8, 0.4), (0.25, 0.1)),
           "The truth is in the class, and the student is worse than its teacher."),
    Preset("Two horns", _state("crescent", (0.6, 0.95), (1.2, -0.15)),
           "The student is drawn to the wrong horn."),
)  # fmt: skip


class PlaneSpec(PageSpec):
    """What the page needs to compute on the plane by itself."""

    shapes: dict[str, Any]
    reach: dict[str, float]
    coordinates: list[str]
    reasons: dict[str, str]
    tied: str
    jumped: str
    moved_in: dict[str, str]
    ranges: dict[str, list[float]]


class ProjectionExplorer(Explorer):
    """Drag truth and teacher in a plane of functions; the student is the teacher's projection on a set.

    A point ``(x, y)`` stands for the function that answers ``x + y`` on one of two equally likely inputs
    and ``x - y`` on the other, so a mean squared difference is a squared distance, and the squares drawn
    on the sides of the triangle have the areas of the errors. The page draws the set, the three squares,
    the tangent at the student, and the half-plane behind it in which the gain is at least the misfit: by
    Theorem 1 of Charikar, Pabbaraju and Shiragur (2024) a truth in a convex class always lies there.

    The state is continuous in four numbers, so no table of outcomes can travel to the page: this is the
    one explorer whose page computes, by the arithmetic of `w2s_widgets.studies.linear.function_plane`. A
    test compares the two on thousands of positions.

    Parameters
    ----------
    shapes : sequence of str, optional
        The sets to choose from; all of ``"line"``, ``"disc"``, ``"polygon"``, ``"cone"``, ``"ring"``,
        ``"two points"`` and ``"crescent"`` by default.
    presets : bool
        Whether to show the buttons that open a named state; False leaves the finding to the reader.
    **state
        Where to start, and to where Reset returns: ``shape``, ``truth_x``, ``truth_y``, ``teacher_x``,
        ``teacher_y``; those left out are those of the first preset of the shape.

    Examples
    --------
    >>> explorer = ProjectionExplorer(shape="line", truth_x=1.0, truth_y=0.0, teacher_x=0.0, teacher_y=2.0)
    >>> explorer.outcome.misfit, explorer.outcome.gain, explorer.student
    (4.0, 4.0, (0.0, 0.0))
    >>> explorer.shape = "ring"
    >>> explorer.student
    (0.0, 1.2)
    """

    _esm: ClassVar[Any] = STATIC / "projection_explorer.js"
    _css: ClassVar[Any] = STATIC / "projection_explorer.css"
    shape = AxisTrait(help="Name of the student's class.")
    truth_x, truth_y = AxisTrait(), AxisTrait()
    teacher_x, teacher_y = AxisTrait(), AxisTrait()

    def __init__(self, shapes: Sequence[str] | None = None, *, presets: bool = True, **state: Any) -> None:
        self.shapes = _known(tuple(SHAPES) if shapes is None else shapes)
        listed = ", ".join(f'"{shape}"' for shape in self.shapes)
        arguments = [] if shapes is None else [f"shapes=[{listed}]"]
        offered = [preset for preset in PRESETS if preset.state["shape"] in self.shapes]
        wanted = state.get("shape", self.shapes[0])
        start = next((preset for preset in offered if preset.state["shape"] == wanted), offered[0]).state
        screen = ExplorerSpec(
            title="Projection explorer",
            presets=offered if presets else (),
            code="w2s.ProjectionExplorer",
            code_arguments=arguments if presets else [*arguments, "presets=False"],
        )
        super().__init__(screen, {name: state.pop(name, value) for name, value in start.items()}, **state)

    def snap(self, name: str, value: Any) -> float | str:
        """Return a coordinate to four decimals, or the name of an offered shape."""
        if name == "shape":
            if not isinstance(value, str) or value not in self.shapes:
                raise ValueError(f"shape is {value!r}: choose one of {', '.join(self.shapes)}.")
            return value
        if name not in COORDINATES:
            raise ValueError(f"there is no control {name!r}: set one of shape, {', '.join(COORDINATES)}.")
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        limit = _reach(name)
        if isinstance(value, (str, bool)) or not abs(number) <= limit:
            raise ValueError(f"{name} is {value!r}: give a number from {-limit:g} to {limit:g}.")
        return rounded(number)

    def moved_in(self, name: str, value: Any) -> tuple[Any, str]:
        """Return the nearest coordinate in the plane, or the present value for what is none."""
        if name == "shape":
            return self.shape, f"The choices are {', '.join(self.shapes)}. It shows {self.shape}."
        if isinstance(value, (str, bool)) or value is None or not math.isfinite(value):
            return getattr(self, name), _moved_in(name)
        limit = _reach(name)
        return min(limit, max(-limit, float(value))), _moved_in(name)

    def outcome_of(self, state: Mapping[str, Any]) -> Outcome:
        """Project the teacher on the student's class."""
        truth, teacher = (state["truth_x"], state["truth_y"]), (state["teacher_x"], state["teacher_y"])
        return plane_outcome(state["shape"], truth, teacher)

    def to_spec(self) -> PlaneSpec:
        """Return what the page needs beside the state."""
        return {
            **super().to_spec(),
            "shapes": {name: SHAPES[name].as_json() | {"words": CLASS_WORDS[name]} for name in self.shapes},
            "reach": REACH,
            "coordinates": list(COORDINATES),
            "reasons": REASONS,
            "tied": TIED,
            "jumped": JUMPED,
            "moved_in": {name: _moved_in(name) for name in COORDINATES},
            # Room in the ledger for a promise below zero.
            "ranges": {"ledger": [-0.35, 1.0]},
        }

    @property
    def truth(self) -> Point:
        """Where the truth is."""
        return self.truth_x, self.truth_y

    @property
    def teacher(self) -> Point:
        """Where the teacher is."""
        return self.teacher_x, self.teacher_y

    @property
    def student(self) -> Point:
        """Where the student is: the point of its class nearest to the teacher."""
        return plane_set(self.shape).project(self.teacher)

    @property
    def ceiling(self) -> Point:
        """The point of the student's class nearest to the truth."""
        return plane_set(self.shape).project(self.truth)

    @property
    def reason(self) -> str:
        """Why the slack is what it is, in one or two sentences; the page shows the same."""
        return reason(plane_set(self.shape), self.truth, self.teacher, self.outcome)

    def picture(self) -> Any:
        """Return the present state as a static picture with ``save(path)`` for SVG and PNG."""
        from w2s_widgets.plots.plane import projection_picture

        return projection_picture(self.outcome, self.shape, self.truth, self.teacher)


def rounded(number: float) -> float:
    """Round to four decimals, halves up, as the page does; never a minus zero."""
    return math.floor(number * _STEPS_IN_ONE + 0.5) / _STEPS_IN_ONE + 0.0


def _reach(name: str) -> float:
    return REACH[name[-1]]


def _moved_in(name: str) -> str:
    """Say where a point can be after it was moved into the plane."""
    role, axis = name.split("_")
    low, high = (format_fixed(end, 1) for end in (-_reach(name), _reach(name)))
    return f"The {role} can go from {low} to {high} {'across' if axis == 'x' else 'up'}."


def _known(shapes: Sequence[str]) -> tuple[str, ...]:
    words = f"shapes is {shapes!r}: give a list of names from {', '.join(SHAPES)}."
    if isinstance(shapes, (str, Mapping)) or not isinstance(shapes, Iterable):
        raise TypeError(words)
    named = tuple(shapes)
    if not named:
        raise ValueError(words)
    for shape in named:
        plane_set(shape)
    return tuple(dict.fromkeys(named))
