"""`OutcomeExplorer`: sliders over a table of outcomes, with linked live drawings."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from keyword import iskeyword
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from w2s_widgets.display.text import fill_reason, sentence
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.outcome_table import OutcomeTable
from w2s_widgets.widgets.bundles import STATIC, BundledWidget
from w2s_widgets.widgets.spec import Preset, Screen, axis_words, describe, pack_codes, pack_numbers
from w2s_widgets.widgets.static_page import page_text

__all__ = ["OnGrid", "OutcomeExplorer", "Preset", "Screen"]


SHOWN_AS_ZERO = 5e-4
"""Below this an error is written as 0.000."""


class OnGrid(traitlets.TraitType):  # type: ignore[misc,type-arg,unused-ignore]
    """A trait that holds a value of the explorer's axis of the same name, snapped to its grid."""

    default_value: Any = None
    info_text = "a value of the axis"

    def validate(self, obj: Any, value: Any) -> Any:
        """Snap ``value``, or raise a ``TraitError`` that says what is possible."""
        return obj._on_grid(self.name, value)


class OutcomeExplorer(BundledWidget):
    """Move through a table of outcomes and see the triangle, the ledger and the map at once.

    Every axis of the table is a control on the screen and a trait of the same name, settable from both
    sides and linkable with ``jslink``. All outcomes travel to the page once, so moving a control needs
    no kernel; the kernel follows, and ``outcome`` can be observed.

    Parameters
    ----------
    table : OutcomeTable
        The outcomes of every state.
    screen : Screen, optional
        Title, presets and which controls to show.
    initial : mapping, optional
        The first state, to which Reset returns: a value for some or all axes, the middle of the grid
        for the others.
    **state
        Values of axes to start with, if not with ``initial``.

    Raises
    ------
    traitlets.TraitError
        If a value is outside its axis, or a name is not that of an axis; the state stays as it was.
    TypeError, ValueError
        If the screen does not fit the table, or an axis has a name that no trait can have.

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

    # What a kind of explorer with other drawings changes: its front end, and more numbers for it.
    _esm: ClassVar[Any] = STATIC / "explorer.js"
    _css: ClassVar[Any] = STATIC / "explorer.css"
    _buffers: ClassVar[tuple[str, ...]] = ("_table", "_codes")

    _spec = traitlets.Dict().tag(sync=True)
    _table = traitlets.Bytes().tag(sync=True)
    _codes = traitlets.Bytes().tag(sync=True)
    note = traitlets.Unicode(
        help="One sentence about the last setting that could not be reached; empty when there is none."
    ).tag(sync=True)
    outcome = traitlets.Instance(Outcome, read_only=True, help="The `Outcome` of the present state.")
    _own_layout: Any = None  # ipywidgets closes explorers, too, that were refused before they had one

    def __init__(
        self,
        table: OutcomeTable,
        screen: Screen | None = None,
        *,
        initial: Mapping[str, float | str] | None = None,
        **state: Any,
    ) -> None:
        self.table = table
        self.screen = screen or Screen(title="Outcome explorer")
        self._together = False
        names = [axis.name for axis in table.axes]
        start = {axis.name: axis.values[len(axis.values) // 2] for axis in table.axes} | dict(initial or {})
        settings = {name: state.pop(name) for name in names if name in state}
        self._settled: dict[str, Any] = {}
        try:
            for name in state:
                if not self.has_trait(name):
                    table.axis(name)
            first = table.settle(**(start | settings))
        except ValueError as problem:
            raise traitlets.TraitError(str(problem)) from None
        # A subclass may declare the traits of its axes; those of any other table are added here.
        missing = [name for name in names if not isinstance(self.traits().get(name), OnGrid)]
        for name in missing:
            if not name.isidentifier() or iskeyword(name) or name in vars(self) or hasattr(type(self), name):
                raise ValueError(f"an axis is called {name!r}, which no trait can be: give it another name.")
        self.add_traits(**{name: OnGrid(first[name]).tag(sync=True) for name in missing})
        super().__init__(
            _spec=self._describe(table.settle(**start)),
            _table=_numbers(table),
            _codes=self._pack_codes(),
            **first,
            **state,
        )
        # ipywidgets makes a layout for a widget without one, keeps it alive, and would leave it behind.
        self._own_layout = None if "layout" in state else self.layout
        self._settled = first
        self.set_trait("outcome", table.outcome(**first))
        if first != {name: table.axis(name).snap(value) for name, value in (start | settings).items()}:
            self.note = table.impossible
        self.observe(self._settle, names)

    @property
    def state(self) -> dict[str, Any]:
        """The value of every axis, by name."""
        return {axis.name: getattr(self, axis.name) for axis in self.table.axes}

    @property
    def sentence(self) -> str:
        """What the triangle shows, in one sentence; the page shows the same."""
        return sentence(self.outcome)

    @property
    def reason(self) -> str:
        """Why the slack is what it is, in one sentence; the page shows the same."""
        words = {
            axis.name: axis_words(axis)[axis.index_of(self.state[axis.name])] for axis in self.table.axes
        }
        return fill_reason(self.table.reason_of(**self.state), self.outcome, words)

    def set(self, **state: float | str) -> None:
        """Move several controls at once, with one notification for each.

        Raises
        ------
        ValueError
            If a name is not an axis or a value is outside its axis; the state stays as it was.

        Examples
        --------
        >>> from w2s_widgets.widgets import GainExplorer
        >>> explorer = GainExplorer()
        >>> explorer.set(weak_quality=0.3, misfit_share=0.2)
        >>> explorer.weak_quality, explorer.misfit_share
        (0.3, 0.2)
        """
        wanted = {name: self.table.axis(name).snap(value) for name, value in (self.state | state).items()}
        settled = self.table.settle(**wanted)
        self._apply(settled, self.table.impossible if settled != wanted else "")

    def reset(self) -> None:
        """Return to the first state."""
        self._apply(self._spec["initial"], "")

    def as_code(self) -> str:
        """Return the line of Python that opens this state.

        Examples
        --------
        >>> from w2s_widgets.widgets import GainExplorer
        >>> GainExplorer(misfit_share=0.25).as_code()
        'w2s.GainExplorer(weak_quality=0.4, strong_capacity=16, misfit_share=0.25)'
        """
        settings = [f"{name}={_literal(value)}" for name, value in self.state.items()]
        return f"{self.screen.code}({', '.join([*self.screen.code_arguments, *settings])})"

    def picture(self) -> Any:
        """Return the present state as a static picture with ``save(path)`` for SVG and PNG."""
        from w2s_widgets.plots import explorer_picture

        on_line = abs(self.outcome.slack) < SHOWN_AS_ZERO
        words = self.screen.class_words if on_line else "here gain equals misfit"
        return explorer_picture(self.outcome, class_words=words)

    def save_page(self, path: str | PathLike[str]) -> Path:
        """Write one HTML file in which the controls work without a kernel and without a network.

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
        traits = self._page_traits()
        buffers = {name: getattr(self, name) for name in self._buffers}
        text = page_text(
            self.screen.title,
            module=self._esm,
            style=self._css,
            traits=traits,
            buffers=buffers,
            picture=self.picture()._repr_png_(),
            words=f"{self.sentence} {self.reason}",
        )
        path.write_text(text, encoding="utf-8")
        return path

    def close(self) -> None:
        """Free the explorer and what was made for it; a layout that was handed in stays alive."""
        if self._own_layout is not None:
            self._own_layout.close()
        super().close()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a state from the page; what is outside an axis is moved into it, with a note."""
        notes = []
        for axis in self.table.axes:
            if axis.name not in sync_data:
                continue
            try:
                axis.index_of(sync_data[axis.name])
            except ValueError:
                value = axis.nearest(sync_data[axis.name], self.state[axis.name])
                notes.append(f"{axis.bounds} It shows {axis_words(axis)[axis.index_of(value)]}.")
                sync_data[axis.name] = value
        with self._moving_together():
            super().set_state(sync_data)
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
        return f"{self.as_code()}\n{self.sentence}\n{self.reason}".rstrip()

    def _describe(self, initial: Mapping[str, float | str]) -> dict[str, Any]:
        """Return what the page needs beside the numbers."""
        return describe(self.table, self.screen, initial)

    def _pack_codes(self) -> bytes:
        """Return the codes of all states, as the page's grid reads them."""
        return _state_codes(self.table)

    def _page_traits(self) -> dict[str, Any]:
        """Return the traits that a page without a kernel starts from."""
        return {name: getattr(self, name) for name in ("_spec", "note", *self.state)}

    def _on_grid(self, name: str, value: Any) -> Any:
        try:
            snapped = self.table.axis(name).snap(value)
        except ValueError as problem:
            raise traitlets.TraitError(str(problem)) from None
        if name != self.table.yields or self._together or not self._settled:
            return snapped
        # Corrected here and not afterwards, so that no observer ever sees a state that cannot be reached.
        reached = self.table.settle(**(self.state | {name: snapped}))[name]
        self.note = "" if reached == snapped else self.table.impossible
        return reached

    def _settle(self, change: Any) -> None:
        """Follow a changed axis: correct an impossible setting, then renew the outcome."""
        wanted = self.state
        settled = self.table.settle(**wanted)
        if settled != wanted:
            self._apply(settled, self.table.impossible)
            return
        if settled == self._settled:
            return
        self._settled = settled
        if not self._together and change["name"] != self.table.yields:
            self.note = ""
        self.set_trait("outcome", self.table.outcome(**settled))

    def _apply(self, settled: Mapping[str, Any], note: str) -> None:
        with self._moving_together(), self.hold_trait_notifications():
            for name, value in settled.items():
                setattr(self, name, value)
        self.note = note

    @contextmanager
    def _moving_together(self) -> Iterator[None]:
        """Take several values as one move, whose note is written by whoever makes it."""
        before, self._together = self._together, True
        try:
            yield
        finally:
            self._together = before


_PACKED: dict[int, tuple[OutcomeTable, bytes, bytes]] = {}
_KEPT_TABLES = 4


def _packed(table: OutcomeTable) -> tuple[OutcomeTable, bytes, bytes]:
    # Many explorers of one table share its bytes; the table is kept so that its id stays its own.
    if id(table) not in _PACKED:
        while len(_PACKED) >= _KEPT_TABLES:
            _PACKED.pop(next(iter(_PACKED)))
        _PACKED[id(table)] = (table, pack_numbers(table), pack_codes(table))
    return _PACKED[id(table)]


def _numbers(table: OutcomeTable) -> bytes:
    return _packed(table)[1]


def _state_codes(table: OutcomeTable) -> bytes:
    return _packed(table)[2]


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(int(value)) if value == int(value) else repr(value)
