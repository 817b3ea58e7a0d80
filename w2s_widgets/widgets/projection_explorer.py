"""`ProjectionExplorer`: drag truth and teacher in a plane of functions and watch the student follow."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from w2s_widgets.display.text import SENTENCES, sentence
from w2s_widgets.studies.linear.function_plane import SHAPES, Point, plane_outcome, plane_set
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.widgets.bundles import STATIC, BundledWidget
from w2s_widgets.widgets.plane_traits import REACH, Coordinate, Shape, moved_in, reach
from w2s_widgets.widgets.projection_words import CLASS_WORDS, JUMPED, REASONS, TIED, reason
from w2s_widgets.widgets.spec import Preset
from w2s_widgets.widgets.static_page import page_text

CONVEX = tuple(shape for shape, chosen in SHAPES.items() if chosen.is_convex)
COORDINATES = ("truth_x", "truth_y", "teacher_x", "teacher_y")


def _state(shape: str, truth: Point, teacher: Point) -> dict[str, float | str]:
    return dict(zip(("shape", *COORDINATES), (shape, *truth, *teacher), strict=True))


PRESETS = (
    Preset(
        "A space: right angle",
        _state("line", (1.2, 0.0), (-0.4, 1.2)),
        "The class is a line and the truth is on it: gain = misfit, wherever the teacher is.",
    ),
    Preset(
        "A budget: better still",
        _state("disc", (0.5, -0.5), (1.3, 1.0)),
        "The class is a disc with the truth inside: the angle is obtuse, gain > misfit.",
    ),
    Preset(
        "Stuck at a corner",
        _state("polygon", (-0.4, -0.4), (1.9, 0.7)),
        "Move the teacher a little: the student stays.",
    ),
    Preset(
        "The truth outside",
        _state("cone", (-0.9, 0.7), (-0.7, 1.6)),
        "Convex, but not realizable: the promise is broken.",
    ),
    Preset(
        "Almost a tie",
        _state("two points", (-0.9, 0.0), (0.02, 1.0)),
        "Move the teacher a little to the left: the student jumps, and it is suddenly right.",
    ),
    Preset(
        "Around the hole",
        _state("ring", (-0.8, 0.4), (0.25, 0.1)),
        "The truth is in the class, and the student is worse than its teacher.",
    ),
    Preset(
        "Two horns",
        _state("crescent", (0.6, 0.95), (1.2, -0.15)),
        "The student is drawn to the wrong horn.",
    ),
)


class ProjectionExplorer(BundledWidget):
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

    Raises
    ------
    ValueError
        If ``shapes`` names a set that does not exist, or is empty.
    traitlets.TraitError
        If a coordinate lies outside the plane that is drawn; the state stays as it was.

    Examples
    --------
    >>> explorer = ProjectionExplorer(shape="line", truth_x=1.0, truth_y=0.0, teacher_x=0.0, teacher_y=2.0)
    >>> explorer.outcome.misfit, explorer.outcome.gain, explorer.student
    (4.0, 4.0, (0.0, 0.0))
    >>> explorer.shape = "ring"
    >>> explorer.student
    (0.0, 1.2)
    """

    _own_layout: Any = None  # ipywidgets closes explorers, too, that were refused before they had one
    _esm: ClassVar[Any] = STATIC / "projection_explorer.js"
    _css: ClassVar[Any] = STATIC / "projection_explorer.css"
    _spec = traitlets.Dict().tag(sync=True)
    shape = Shape(help="Name of the student's class.").tag(sync=True)
    truth_x = Coordinate().tag(sync=True)
    truth_y = Coordinate().tag(sync=True)
    teacher_x = Coordinate().tag(sync=True)
    teacher_y = Coordinate().tag(sync=True)
    note = traitlets.Unicode(
        help="One sentence about a setting that could not be reached or a leap of the student; mostly empty."
    ).tag(sync=True)
    outcome = traitlets.Instance(Outcome, read_only=True, help="The `Outcome` of the present state.")

    def __init__(self, shapes: Sequence[str] | None = None, *, presets: bool = True, **state: Any) -> None:
        self.shapes = _known(tuple(SHAPES) if shapes is None else shapes)
        self._extra_code = [] if shapes is None else [f"shapes={_listed(self.shapes)}"]
        if not presets:
            self._extra_code.append("presets=False")
        self._together = False
        offered = [preset for preset in PRESETS if preset.state["shape"] in self.shapes]
        wanted = state.get("shape", self.shapes[0])
        start = next(
            (preset.state for preset in offered if preset.state["shape"] == wanted), offered[0].state
        )
        settings = {name: state.pop(name) for name in start if name in state}
        unknown = [name for name in state if not self.has_trait(name)]
        if unknown:
            raise traitlets.TraitError(
                f"there is no control {unknown[0]!r}: set one of shape, {', '.join(COORDINATES)}."
            )
        super().__init__(
            **(dict(start) | settings),
            **state,
        )
        # ipywidgets makes a layout for a widget without one, keeps it alive, and would leave it behind.
        self._own_layout = None if "layout" in state else self.layout
        self._settled: tuple[Any, ...] = ()
        self._settle()
        self._spec = self._describe(offered if presets else [])
        self.observe(self._settle, list(self.state))

    def close(self) -> None:
        """Free the explorer and what was made for it; a layout that was handed in stays alive."""
        if self._own_layout is not None:
            self._own_layout.close()
        super().close()

    @property
    def state(self) -> dict[str, float | str]:
        """The shape and the four coordinates, by name."""
        return {name: getattr(self, name) for name in ("shape", *COORDINATES)}

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
    def sentence(self) -> str:
        """What the triangle shows, in one sentence; the page shows the same."""
        return sentence(self.outcome)

    @property
    def reason(self) -> str:
        """Why the slack is what it is, in one or two sentences; the page shows the same."""
        return reason(plane_set(self.shape), self.truth, self.teacher, self.outcome)

    def set(self, **state: float | str) -> None:
        """Move several coordinates at once, with one new outcome.

        Raises
        ------
        ValueError
            If a name or a value is not possible; the state stays as it was.

        Examples
        --------
        >>> explorer = ProjectionExplorer()
        >>> explorer.set(shape="two points", teacher_x=0.1, teacher_y=0.0)
        >>> explorer.student
        (0.9, 0.0)
        """
        unknown = sorted(set(state) - set(self.state))
        if unknown:
            raise ValueError(f"there is no control {unknown[0]!r}: set one of {', '.join(self.state)}.")
        try:
            checked = {name: self.traits()[name].validate(self, value) for name, value in state.items()}
        except traitlets.TraitError as problem:
            raise ValueError(str(problem)) from None
        with self._moving_together(), self.hold_trait_notifications():
            for name, value in checked.items():
                setattr(self, name, value)
        self._settle()
        self.note = ""

    def reset(self) -> None:
        """Return to the first state."""
        self.set(**self._spec["initial"])

    def as_code(self) -> str:
        """Return the line of Python that opens this state.

        Examples
        --------
        >>> ProjectionExplorer(shape="disc", truth_x=0.5).as_code()
        'w2s.ProjectionExplorer(shape="disc", truth_x=0.5, truth_y=-0.5, teacher_x=1.3, teacher_y=1)'
        """
        settings = [f'shape="{self.shape}"'] + [
            f"{name}={value:g}" for name, value in self.state.items() if name != "shape"
        ]
        return f"w2s.ProjectionExplorer({', '.join([*self._extra_code, *settings])})"

    def picture(self) -> Any:
        """Return the present state as a static picture with ``save(path)`` for SVG and PNG."""
        from w2s_widgets.plots.plane import projection_picture

        return projection_picture(self.shape, self.truth, self.teacher)

    def save_page(self, path: str | PathLike[str]) -> Path:
        """Write one HTML file in which the handles work without a kernel and without a network.

        Parameters
        ----------
        path : path-like
            Where to write; the folder must exist.

        Returns
        -------
        pathlib.Path
            The file.
        """
        path = Path(path)
        text = page_text(
            self._spec["title"],
            module=self._esm,
            style=self._css,
            traits={"_spec": self._spec, "note": self.note, **self.state},
            buffers={},
            picture=self.picture()._repr_png_(),
            words=f"{self.sentence} {self.reason}",
        )
        path.write_text(text, encoding="utf-8")
        return path

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a state from the page; what is outside the plane is moved into it, with a note."""
        notes = []
        for name in self.state:
            if name not in sync_data:
                continue
            try:
                self.traits()[name].validate(self, sync_data[name])
            except traitlets.TraitError:
                sync_data[name] = self._nearest_value(name, sync_data[name])
                choices = f"The choices are {', '.join(self.shapes)}. It shows {self.shape}."
                notes.append(choices if name == "shape" else moved_in(name))
        with self._moving_together():
            super().set_state(sync_data)
        self._settle()
        if notes and not sync_data.get("note"):
            self.note = " ".join(notes)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        data["text/plain"] = repr(self)
        data["image/png"] = base64.b64encode(self.picture()._repr_png_()).decode("ascii")
        return data, metadata

    def __repr__(self) -> str:
        if "outcome" not in self._trait_values:
            return object.__repr__(self)
        return f"{self.as_code()}\n{self.sentence}\n{self.reason}"

    def _nearest_value(self, name: str, value: Any) -> Any:
        if name == "shape" or isinstance(value, (str, bool)) or value is None or not math.isfinite(value):
            return getattr(self, name)
        limit = reach(name)
        return min(limit, max(-limit, float(value)))

    def _settle(self, change: Any = None) -> None:
        """Follow a changed coordinate with a new outcome, unless more changes come with it."""
        now = tuple(self.state.values())
        if self._together or now == self._settled:
            return
        self._settled = now
        if change is not None:
            self.note = ""
        self.set_trait("outcome", plane_outcome(self.shape, self.truth, self.teacher))

    @contextmanager
    def _moving_together(self) -> Iterator[None]:
        before, self._together = self._together, True
        try:
            yield
        finally:
            self._together = before

    def _describe(self, presets: Sequence[Preset]) -> dict[str, Any]:
        """Return everything that the front end needs beside the state, as JSON-ready data."""
        return {
            "title": "Projection explorer",
            "file_name": "projection-explorer",
            "shapes": {
                shape: SHAPES[shape].as_json() | {"words": CLASS_WORDS[shape]} for shape in self.shapes
            },
            "reach": REACH,
            "coordinates": list(COORDINATES),
            "sentences": SENTENCES,
            "reasons": REASONS,
            "tied": TIED,
            "jumped": JUMPED,
            "moved_in": {name: moved_in(name) for name in COORDINATES},
            "presets": [
                {"name": preset.name, "state": dict(preset.state), "explain": preset.explain}
                for preset in presets
            ],
            "initial": self.state,
            "code": "w2s.ProjectionExplorer",
            "code_arguments": self._extra_code,
            # What the ledger asks for: nothing below the slack, and room for a promise below zero.
            "slack_parts": [],
            "ranges": {"ledger": [-0.35, 1.0]},
        }


def _known(shapes: Sequence[str]) -> tuple[str, ...]:
    if isinstance(shapes, (str, Mapping)) or not shapes:
        raise ValueError(f"shapes is {shapes!r}: give a list of names from {', '.join(SHAPES)}.")
    for shape in shapes:
        plane_set(shape)
    return tuple(dict.fromkeys(shapes))


def _listed(shapes: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{shape}"' for shape in shapes) + "]"
