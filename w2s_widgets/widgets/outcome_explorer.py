"""`OutcomeExplorer`: sliders over a table of outcomes, with linked live drawings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import traitlets

from w2s_widgets._numbers import SHOWN_AS_ZERO
from w2s_widgets.display.text import fill_reason
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.outcome_table import OutcomeTable
from w2s_widgets.widgets.explorer import Explorer
from w2s_widgets.widgets.spec import (
    ExplorerSpec,
    Preset,
    TableSpec,
    axis_words,
    pack_codes,
    pack_numbers,
    table_spec,
)


class OutcomeExplorer(Explorer):
    """Move through a table of outcomes and see the triangle, the ledger and the map at once.

    Every axis of the table is a control on the screen and a trait of the same name, settable from both
    sides and linkable with ``jslink``. All outcomes travel to the page once, so moving a control needs
    no kernel; the kernel follows, and ``outcome`` can be observed.

    Parameters
    ----------
    table : OutcomeTable
        The outcomes of every state.
    screen : ExplorerSpec, optional
        Title, presets and which controls to show.
    initial : mapping, optional
        The first state: a value for some or all axes, the middle of the grid
        for the others.
    controls : collection of str, optional
        Which controls to show, if not those of the screen; the code of a state then says so.
    presets : sequence of Preset, optional
        Buttons, if not those of the screen.
    **state
        Values of axes to start with, if not with ``initial``.

    Examples
    --------
    >>> import numpy as np
    >>> from w2s_widgets.theory.outcome import measure_many
    >>> from w2s_widgets.theory.outcome_table import Axis
    >>> sides = measure_many(np.zeros((2, 3)), np.ones((2, 3)), np.array([[1.0, 1, 1], [0, 0, 0]]))
    >>> table = OutcomeTable([Axis("student", "Student", ["copy", "perfect"])], sides)
    >>> explorer = OutcomeExplorer(table, student="perfect")
    >>> explorer.outcome.gain
    1.0
    >>> explorer.student = "copy"
    >>> print(explorer.sentence)
    The student copies its teacher, mistakes and all: misfit 0.000, gain 0.000, no angle.
    """

    _table = traitlets.Bytes().tag(sync=True)
    _codes = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        table: OutcomeTable,
        screen: ExplorerSpec | None = None,
        *,
        initial: Mapping[str, float | str] | None = None,
        controls: Collection[str] | None = None,
        presets: Sequence[Preset] | None = None,
        **state: Any,
    ) -> None:
        screen = screen or ExplorerSpec(title="Outcome explorer")
        if controls is not None:
            told = f"controls={sorted(controls)!r}"
            screen = replace(screen, controls=controls, code_arguments=(*screen.code_arguments, told))
        if presets is not None:
            screen = replace(screen, presets=presets)
        self.table = table
        self.adjusts, self.impossible = table.adjusts, table.impossible
        middle = {axis.name: axis.values[len(axis.values) // 2] for axis in table.axes}
        if "_codes" not in state:
            state["_codes"] = pack_codes(table)
        state["_table"] = pack_numbers(table)
        super().__init__(screen, middle | dict(initial or {}), **state)

    def snap(self, name: str, value: Any) -> float | str:
        """Return the nearest value of the table's axis."""
        return self.table.axis(name).snap(value)

    def moved_in(self, name: str, value: Any) -> tuple[float | str, str]:
        """Return the nearest value in the range, or the present one for what is no number."""
        axis = self.table.axis(name)
        value = axis.nearest(value, self.state[name])
        return value, f"{axis.bounds} It shows {axis_words(axis)[axis.index_of(value)]}."

    def nearest_possible(self, state: Mapping[str, Any]) -> dict[str, float | str]:
        """Return the state with the adjusting axis moved, if it cannot be reached."""
        return self.table.nearest_possible(**state)

    def outcome_of(self, state: Mapping[str, Any]) -> Outcome:
        """Look the outcome up."""
        return self.table.outcome(**state)

    def to_spec(self) -> TableSpec:
        """Return what the page needs beside the table's numbers."""
        return table_spec(self.table, self.screen, super().to_spec())

    @property
    def words(self) -> dict[str, str]:
        """The value of every axis as the screen writes it."""
        where = self.table.index(**self.state)
        return {axis.name: axis_words(axis)[i] for axis, i in zip(self.table.axes, where, strict=True)}

    @property
    def reason(self) -> str:
        """Why the slack is what it is, in one sentence; the page shows the same."""
        return fill_reason(self.table.reason_of(**self.state), self.outcome, self.words)

    def picture(self) -> Any:
        """Return the present state as a static picture with ``save(path)`` for SVG and PNG."""
        from w2s_widgets.plots import explorer_picture

        on_line = abs(self.outcome.slack) < SHOWN_AS_ZERO
        words = self.screen.class_words if on_line else "here gain equals misfit"
        return explorer_picture(self.outcome, class_words=words)

    def _check_screen(self) -> None:
        super()._check_screen()
        if self.screen.teacher_axis:
            self.table.axis(self.screen.teacher_axis)
        for name in self.screen.slack_parts:
            if name not in self.table.extra:
                raise ValueError(f"slack_parts names {name!r}: choose fields of the table's extra.")
