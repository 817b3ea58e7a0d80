"""`StudyExplorer`: every teacher of a study on one map, and controls for all other choices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, ClassVar, Protocol

from w2s_widgets._numbers import SHOWN_AS_ZERO
from w2s_widgets._renamed import accepts_old, old_keyword
from w2s_widgets.display.palette import TEACHER_MARKS, teacher_marks
from w2s_widgets.theory.outcome_table import OutcomeTable
from w2s_widgets.widgets.bundles import STATIC
from w2s_widgets.widgets.outcome_explorer import OutcomeExplorer
from w2s_widgets.widgets.spec import ExplorerSpec, Preset, TableSpec

PART_WORDS = {
    "alignment": "alignment",
    "shape": "shape of the class",
    "sample_and_penalty": "sample and penalty",
    "finite_sample": "finite sample",
}
"""What the ledger calls the parts of the slack; of any other the name is shown."""


class HasTable(Protocol):
    """A study that an explorer can show."""

    def table(self, *split: Any) -> OutcomeTable:
        """Return the outcomes of all settings."""


class StudySpec(TableSpec):
    """What the page needs beside a table's outcomes."""

    teacher_marks: list[dict[str, Any]]


class StudyExplorer(OutcomeExplorer):
    """Live controls over many teachers: teacher, student, budgets, head class and realizability.

    Every teacher has one mark and one colour on the map, where it stands at the present setting of all other
    controls; clicking on a mark chooses it. The ledger divides the slack into its parts.

    Parameters
    ----------
    study : object with ``table()``, or OutcomeTable
        A `FeatureStudy` of any kind, or any other study whose table has axes to move on.
    split : int or "mean", optional
        What ``study.table`` is asked for: one split, or the mean over all; its own default if not given.
    controls : collection of str, optional
        Which controls to show; all by default.
    teacher_axis : str
        The axis whose every value gets a mark on the map; without effect if the table has no such axis.
    title : str, optional
        What the explorer is called; the study's name by default.
    presets : sequence of Preset, optional
        Buttons; by default one for each thing that a `FeatureStudy` can vary.
    **state
        Values of the axes to start with.

    Examples
    --------
    >>> import numpy as np
    >>> import w2s_widgets as w2s
    >>> rng = np.random.default_rng(0)
    >>> strong = rng.standard_normal((400, 8))
    >>> blurred = strong + rng.standard_normal(strong.shape)
    >>> teachers = {"half": blurred[:, :4], "all": blurred}
    >>> study = w2s.FeatureStudy(teachers, {"strong": strong}, strong.sum(axis=1))
    >>> explorer = StudyExplorer(study, teacher="half", realizability=0.0)
    >>> round(explorer.outcome.gain, 6) == round(study.outcome(**explorer.state).gain, 6)
    True
    """

    _esm: ClassVar[Any] = STATIC / "study_explorer.js"
    _css: ClassVar[Any] = STATIC / "study_explorer.css"

    dial = old_keyword("dial")
    teacher_labels, unlabelled = old_keyword("teacher_labels"), old_keyword("unlabelled")

    @accepts_old("ladder")
    def __init__(
        self,
        study: HasTable | OutcomeTable,
        *,
        split: int | str | None = None,
        controls: Collection[str] | None = None,
        teacher_axis: str = "teacher",
        title: str | None = None,
        presets: Collection[Preset] | None = None,
        **state: Any,
    ) -> None:
        table = _table(study, split)
        names = [axis.name for axis in table.axes]
        arguments = [str(getattr(study, "code", "table" if isinstance(study, OutcomeTable) else "study"))]
        if split is not None:
            arguments.append(f"split={split!r}")
        initial = _initial(study, table)
        shown = teacher_axis if teacher_axis in names else None
        screen = ExplorerSpec(
            title=title or str(getattr(study, "name", "Teachers, from weak to strong")),
            presets=_presets(table, initial) if presets is None else tuple(presets),
            code="w2s.StudyExplorer",
            code_arguments=arguments,
            teacher_axis=shown,
            slack_parts={name: PART_WORDS.get(name, name.replace("_", " ")) for name in _parts(table)},
        )
        super().__init__(table, screen, initial=initial, controls=controls, **state)

    def picture(self) -> Any:
        """Return the present state as a static picture, the map with all teachers and their names."""
        from w2s_widgets.plots.ranking import study_explorer_picture

        if self.screen.teacher_axis is None:
            return super().picture()
        names = self.table.axis(self.screen.teacher_axis).values
        states = {str(name): {**self.state, self.screen.teacher_axis: name} for name in names}
        outcomes = {
            name: self.table.outcome(**state)
            for name, state in states.items()
            if self.table.reachable[self.table.index(**state)]
        }
        return study_explorer_picture(
            outcomes,
            present=str(getattr(self, self.screen.teacher_axis)),
            order=[str(name) for name in names],
        )

    def to_spec(self) -> StudySpec:
        """Return what the page needs beside the table."""
        spec = super().to_spec()
        colours = [role.light for role in TEACHER_MARKS]
        looks = teacher_marks(len(spec["teacher_names"]))
        marks = [{"shape": look.marker, "colour": colours.index(look.light)} for look in looks]
        return {**spec, "teacher_marks": marks}


def word_explorer(study: HasTable | None = None, **state: Any) -> StudyExplorer:
    """Open the explorer of words by the arguments of the old ``WordExplorer``."""
    from w2s_widgets.studies.text import TextStudy

    return StudyExplorer(TextStudy("words") if study is None else study, **state)


def _table(study: Any, split: int | str | None) -> OutcomeTable:
    if isinstance(study, OutcomeTable):
        if split is not None:
            raise ValueError("a table has no splits to choose from: leave split out.")
        return study
    if not callable(getattr(study, "table", None)):
        raise TypeError(
            f"study is {study!r}: give a study with table(), such as a FeatureStudy, or an OutcomeTable."
        )
    table = study.table() if split is None else study.table(split)
    if not isinstance(table, OutcomeTable):
        raise TypeError(
            f"table() of {study!r} gives a {type(table).__name__}: it should give an OutcomeTable."
        )
    return table


def _initial(study: Any, table: OutcomeTable) -> dict[str, float | str]:
    """Return the study's defaults where it has some, else the middle of each axis."""
    defaults = getattr(study, "defaults", {})
    initial = {}
    for axis in table.axes:
        value = defaults.get(axis.name, axis.values[len(axis.values) // 2])
        initial[axis.name] = axis.nearest(value, axis.values[0]) if not axis.is_choice else value
    return table.nearest_possible(**initial)


def _parts(table: OutcomeTable) -> list[str]:
    """Name the parts of the slack in the table's extra that anywhere are not written as zero."""
    reachable = table.reachable
    return [name for name, values in table.extra.items() if abs(values[reachable]).max() > SHOWN_AS_ZERO]


def _presets(table: OutcomeTable, initial: dict[str, float | str]) -> tuple[Preset, ...]:
    """Return a button for each thing that can vary: the first of its values that can be reached from here."""
    axes: dict[str, Sequence[float | str]] = {axis.name: list(axis.values) for axis in table.axes}
    found = [Preset("First setting", initial, "The study’s own setting.")]
    for name, axis, values, explain in (
        ("A truth it can express", "realizability", [1.0] if axes.get("realizability", [0])[-1] == 1 else [],
         "The same models and a truth inside the student's class: the marks go to the diagonal."),
        ("Few true labels", "n_teacher", axes.get("n_teacher", [])[:1],
         "Teachers learn from few labels: they err more, and there is more to gain."),
        ("Few unlabelled inputs", "n_student", axes.get("n_student", []),
         "The student learns from few inputs: the sample's part of the slack grows."),
        ("A budget on the weights", "head", ["ball"] if "ball" in axes.get("head", []) else [],
         "A convex class that is no space."),
        ("Another student", "student", axes.get("student", [])[::-1],
         "The last of the strong models that can be fitted here."),
    ):  # fmt: skip
        states = (initial | {axis: value} for value in values)
        state = next((state for state in states if table.nearest_possible(**state) == state), initial)
        # A preset that changes no number would show nothing.
        if state != initial and str(table.outcome(**state)) != str(table.outcome(**initial)):
            found.append(Preset(name, state, explain))
    return tuple(found) if len(found) > 1 else ()
