"""`Explorer`: what all explorers share, over a few hooks.

A new explorer is one new file. Over a table of outcomes it is these ten lines, and needs no JavaScript:

>>> import numpy as np
>>> from w2s_widgets.studies.linear.closed_form import linear_world_sides
>>> from w2s_widgets.theory.outcome_table import Axis, OutcomeTable
>>> from w2s_widgets.widgets import ExplorerSpec, OutcomeExplorer
>>> class CapacityExplorer(OutcomeExplorer):
...     strong_capacity = AxisTrait()
...
...     def __init__(self, **state: Any) -> None:
...         spec = ExplorerSpec(title="Capacity", code="w2s.CapacityExplorer", code_arguments=())
...         axis = Axis("strong_capacity", "Strong capacity", [6, 12, 18])
...         table = OutcomeTable([axis], linear_world_sides(0.4, np.array(axis.values), 0.5))
...         super().__init__(table, spec, **state)
>>> CapacityExplorer(strong_capacity=12).outcome.gain
0.3

One whose states no table can hold derives from `Explorer` and says what its docstring lists.
"""

from __future__ import annotations

import base64
import json
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from keyword import iskeyword
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from w2s_widgets._numbers import plain
from w2s_widgets._renamed import OldName, with_new_names
from w2s_widgets.cache import write_file
from w2s_widgets.display.text import SENTENCES, sentence
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.widgets.bundles import STATIC, BuiltWidget
from w2s_widgets.widgets.lasting import Lasting
from w2s_widgets.widgets.spec import ExplorerSpec, PageSpec
from w2s_widgets.widgets.static_page import page_text

_NOT_OF_THE_PAGE = {*anywidget.AnyWidget.class_trait_names(sync=True), "_esm", "_css", "_anywidget_id"}


class AxisTrait(traitlets.TraitType):  # type: ignore[misc,type-arg,unused-ignore]
    """A trait that holds a value of the explorer's axis of the same name, snapped to what it can be.

    Examples
    --------
    >>> from w2s_widgets.widgets import GainExplorer
    >>> explorer = GainExplorer(strong_capacity=12)
    >>> explorer.strong_capacity = 15.9
    >>> explorer.strong_capacity
    16
    """

    default_value: Any = None
    info_text = "a value of the axis"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.tag(sync=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Snap ``value``, or raise a ``TraitError`` that says what is possible."""
        return obj._validated(self.name, value)

    if TYPE_CHECKING:  # an attribute of an explorer is a value

        def __get__(self, obj: Any, owner: Any = None) -> Any: ...
        def __set__(self, obj: Any, value: Any) -> None: ...


class Explorer(Lasting, BuiltWidget):
    """Controls on a screen whose state is traits, with the outcome of every state in words and pictures.

    A kind of explorer says how a value is snapped (`snap`), which states can be reached
    (`nearest_possible`), what a state's outcome is (`outcome_of`), why (`reason`), how it looks
    (`picture`), what its page needs (`to_spec`), and what to do with a page's value out of range
    (`moved_in`).

    Parameters
    ----------
    spec : ExplorerSpec
        Title, presets, controls, and the code that opens the explorer.
    initial : mapping
        The first value of every axis that ``state`` does not name.
    **state
        Values of axes to start with, to which Reset returns, and of other traits.

    Raises
    ------
    traitlets.TraitError
        If a value is outside its axis, or a name is not that of an axis; the state stays as it was.
    TypeError, ValueError
        If the screen names what there is not, or an axis has a name that no trait can have.

    Examples
    --------
    >>> from w2s_widgets.widgets import GainExplorer
    >>> explorer = GainExplorer()
    >>> explorer.set(strong_capacity=24)
    >>> isinstance(explorer, Explorer), explorer.outcome.gain, explorer.note[:11]
    (True, 0.0, 'With all 24')
    """

    _esm: ClassVar[Any] = STATIC / "explorer.js"
    _css: ClassVar[Any] = STATIC / "explorer.css"

    _spec = traitlets.Dict().tag(sync=True)
    note = traitlets.Unicode(
        help="One sentence about a setting that could not be reached or a leap of the student; mostly empty."
    ).tag(sync=True)
    outcome = traitlets.Instance(Outcome, read_only=True, help="The `Outcome` of the present state.")

    adjusts: str | None = None
    """The axis that moves when a setting cannot be reached, if any cannot."""
    impossible: str = ""
    """The sentence that says why it cannot."""

    def __init__(self, spec: ExplorerSpec, initial: Mapping[str, Any], /, **state: Any) -> None:
        self.screen = spec
        self._together = False
        self._settled: dict[str, Any] = {}
        state = with_new_names(state, initial)
        settings = {name: state.pop(name) for name in initial if name in state}
        try:
            for name, value in state.items():
                if not self.has_trait(name):
                    self.snap(name, value)
            wanted = {name: self.snap(name, value) for name, value in (dict(initial) | settings).items()}
            first = self._initial = self.nearest_possible(wanted)
        except ValueError as problem:
            raise traitlets.TraitError(str(problem)) from None
        # A subclass may declare the traits of its axes; those of any other are added here.
        missing = [name for name in first if not isinstance(self.traits().get(name), AxisTrait)]
        for name in missing:
            taken = name in vars(self) or not isinstance(getattr(type(self), name, OldName()), OldName)
            if not name.isidentifier() or iskeyword(name) or taken:
                raise ValueError(f"an axis is called {name!r}, which no trait can be: give it another name.")
        self.add_traits(**{name: AxisTrait(first[name]) for name in missing})
        self._check_screen()
        super().__init__(_spec=self.to_spec(), **first, **state)
        # ipywidgets makes a layout for a widget without one, keeps it alive, and would leave it behind.
        self._made = () if "layout" in state else (self.layout,)
        self._settled = first
        self.set_trait("outcome", self.outcome_of(first))
        if first != wanted:
            self.note = self.impossible
        self._watch()

    def _watch(self) -> None:
        if self._settled:
            self.observe(self._follow, list(self._settled))

    @abstractmethod
    def snap(self, name: str, value: Any) -> Any:
        """Return the nearest value of an axis, or raise a ValueError that says what is possible."""

    @abstractmethod
    def moved_in(self, name: str, value: Any) -> tuple[Any, str]:
        """Return what an axis shows when a page sends a value outside it, and a sentence about that."""

    def nearest_possible(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Return a snapped state, or the nearest one to it that can be reached."""
        return dict(state)

    @abstractmethod
    def outcome_of(self, state: Mapping[str, Any]) -> Outcome:
        """Return the outcome of a state that can be reached."""

    def to_spec(self) -> PageSpec:
        """Return everything that the page needs beside the state, as JSON-ready data."""
        screen = self.screen
        hidden = set() if screen.controls is None else set(self._initial) - set(screen.controls)
        return {
            "title": screen.title,
            "file_name": "".join(c if c.isalnum() else "-" for c in screen.title.lower()),
            "sentences": SENTENCES,
            "presets": [
                {"name": preset.name, "state": dict(preset.state), "explain": preset.explain}
                for preset in screen.presets
                if all(preset.state.get(name, self._initial[name]) == self._initial[name] for name in hidden)
            ],
            "initial": dict(self._initial),
            "code": screen.code,
            "code_arguments": list(screen.code_arguments),
            "slack_parts": [{"field": name, "words": words} for name, words in screen.slack_parts.items()],
        }

    @property
    def state(self) -> dict[str, Any]:
        """The value of every axis, by name."""
        return {name: getattr(self, name) for name in self._initial}

    @property
    def sentence(self) -> str:
        """What the triangle shows, in one sentence; the page shows the same."""
        return sentence(self.outcome)

    @property
    @abstractmethod
    def reason(self) -> str:
        """Why the slack is what it is, in one or two sentences; the page shows the same."""

    def set(self, **state: float | str) -> None:
        """Move several controls at once, with one notification for each and one new outcome.

        A name or value that is not possible is a ValueError, and the state stays as it was.

        Examples
        --------
        >>> from w2s_widgets.widgets import GainExplorer
        >>> explorer = GainExplorer()
        >>> explorer.set(weak_quality=0.3, misfit_share=0.2)
        >>> explorer.weak_quality, explorer.misfit_share
        (0.3, 0.2)
        """
        state = self.state | with_new_names(state, self._initial)
        wanted = {name: self.snap(name, value) for name, value in state.items()}
        possible = self.nearest_possible(wanted)
        self._apply(possible, self.impossible if possible != wanted else "")

    def reset(self) -> None:
        """Return to the state that was opened."""
        self._apply(self._initial, "")

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

    @abstractmethod
    def picture(self) -> Any:
        """Return the present state as a static picture with ``save(path)`` for SVG and PNG."""

    def save_page(self, path: str | PathLike[str]) -> Path:
        """Write one HTML file in which everything works without a kernel and without a network."""
        path = Path(path)
        traits = {name: getattr(self, name) for name in self.keys if name not in _NOT_OF_THE_PAGE}
        buffers = {name: traits.pop(name) for name in list(traits) if isinstance(traits[name], bytes)}
        text = page_text(
            self.screen.title,
            module=self._esm,
            style=self._css,
            traits=traits,
            buffers=buffers,
            picture=self.picture()._repr_png_(),
            words=f"{self.sentence} {self.reason}",
        )
        write_file(path, text.encode())
        return path

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a state from the page; what is outside an axis is moved into it, with a note."""
        notes = []
        for name in self._initial:
            if name not in sync_data:
                continue
            try:
                self.snap(name, sync_data[name])
            except ValueError:
                sync_data[name], note = self.moved_in(name, sync_data[name])
                notes.append(note)
        with self._moving_together():
            super().set_state(sync_data)
        if notes and not sync_data.get("note"):
            self.note = " ".join(notes)

    def _static_content(self) -> Mapping[str, str]:
        picture = base64.b64encode(self.picture()._repr_png_()).decode("ascii")
        return {"text/plain": self._text(), "image/png": picture}

    def _static_words(self) -> str:
        return f"{self.sentence} {self.reason}".rstrip()

    def _text(self) -> str:
        return f"{self.as_code()}\n{self.sentence}\n{self.reason}".rstrip()

    def __repr__(self) -> str:
        return object.__repr__(self) if "outcome" not in self._trait_values else plain(self._text())

    def _check_screen(self) -> None:
        controls, taken = self.screen.controls, set()
        if isinstance(controls, str):
            raise TypeError(f"controls is one string: give a list of names, such as [{controls!r}].")
        for name in controls or ():
            if name not in self._initial:
                self.snap(name, None)
        for preset in self.screen.presets:
            if preset.name in taken:
                raise ValueError(f"two presets are called {preset.name!r}: give each a name of its own.")
            taken.add(preset.name)
            try:
                for name, value in preset.state.items():
                    self.snap(name, value)
            except ValueError as problem:
                raise ValueError(f"preset {preset.name!r}: {problem}") from None

    def _validated(self, name: str, value: Any) -> Any:
        try:
            snapped = self.snap(name, value)
        except ValueError as problem:
            raise traitlets.TraitError(str(problem)) from None
        if name != self.adjusts or self._together or not self._settled:
            return snapped
        # Corrected here and not afterwards, so that no observer ever sees a state that cannot be reached.
        reached = self.nearest_possible(self.state | {name: snapped})[name]
        self.note = "" if reached == snapped else self.impossible
        return reached

    def _follow(self, change: Any) -> None:
        """Follow a changed axis: correct an impossible setting, then renew the outcome."""
        wanted = self.state
        possible = self.nearest_possible(wanted)
        if possible != wanted:
            self._apply(possible, self.impossible)
            return
        if possible == self._settled:
            return
        self._settled = possible
        if not self._together and change["name"] != self.adjusts:
            self.note = ""
        self.set_trait("outcome", self.outcome_of(possible))

    def _apply(self, state: Mapping[str, Any], note: str) -> None:
        with self._moving_together(), self.hold_trait_notifications():
            for name, value in state.items():
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


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(int(value)) if value == int(value) else repr(value)
