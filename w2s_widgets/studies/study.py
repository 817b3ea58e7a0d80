"""`Study`: an experiment with settings, which can be asked for outcomes, swept and shown in an explorer."""

from __future__ import annotations

import hashlib
import inspect
import itertools
import math
import pickle
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._renamed import with_new_names
from w2s_widgets.studies.blas_threads import methods_on_one_thread
from w2s_widgets.studies.reasons import Reason, explained
from w2s_widgets.theory.outcome import Outcome, Sides
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable

Setting = Mapping[str, Any]

_SHOWN = 12
_NO_DEFAULT = object()


class Study(ABC):
    """An experiment with settings. A kind of it says what can be set and measures settings; the rest is here.

    Its public methods compute with one BLAS thread.

    To make one, give ``axes``, ``defaults`` and ``_measure``. It can then be asked for its `outcome`, swept
    by `w2s_widgets.sweep`, and shown in a `StudyExplorer`.

    Attributes
    ----------
    name : str
        What an explorer of it is called.
    words : mapping of str to (str, str)
        For an axis the label of its control and one short sentence of explanation.

    Examples
    --------
    >>> class Halved(Study):
    ...     axes = {"error": (0.5, 1.0), "share": (0.0, 0.5)}
    ...     defaults = {"error": 1.0, "share": 0.5}
    ...
    ...     def _measure(self, settings):
    ...         both = ((s["error"], s["share"]) for s in settings)
    ...         return [Outcome(e, e - e * m, e * m, e * m, 0.0) for e, m in both]
    >>> study = Halved()
    >>> study.outcome(error=0.5).gain, study.table().shape
    (0.25, (2, 2))
    >>> study.outcomes([{"share": 0.0}, {"share": 0.3}])[1]
    'there is no share 0.3 in this study: choose from 0.0, 0.5.'
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        methods_on_one_thread(cls)

    name: str = "A study"
    words: ClassVar[Mapping[str, tuple[str, str]]] = {}

    @property
    @abstractmethod
    def axes(self) -> Mapping[str, Sequence[Any]]:
        """The values that each part of a setting can take, by its name, in the order of the table."""

    @property
    @abstractmethod
    def defaults(self) -> Setting:
        """A value for every axis."""

    @abstractmethod
    def _measure(self, settings: Sequence[dict[str, Any]]) -> Sequence[Outcome | str]:
        """Measure full settings that were checked; a string in place of an outcome is the reason why."""

    @property
    def reasons(self) -> Sequence[Reason]:
        """Why the slack of a state of the `table` is what it is: the first that holds is said."""
        return ()

    @property
    def code(self) -> str:
        """The expression in Python that makes this study; ``"study"`` where none can be written."""
        return "study"

    @property
    def fingerprint(self) -> str:
        """The sha256 of all that outcomes depend on beside settings; by default of the pickled study."""
        return hashlib.sha256(pickle.dumps(self)).hexdigest()

    def __getstate__(self) -> dict[str, Any]:
        # What was read and can be computed again must not change the fingerprint.
        own = type(self)
        return {
            name: value
            for name, value in vars(self).items()
            if not isinstance(inspect.getattr_static(own, name, None), cached_property)
        }

    def batch_of(self, setting: Setting) -> Any:
        """Return something hashable that is equal for settings that are computed together."""
        return ()

    def setting(self, **partial: Any) -> dict[str, Any]:
        """Return a full setting, checked, with defaults for what is not named.

        Raises
        ------
        TypeError, ValueError
            If there is no such axis, or a value is none of it.
        """
        axes = self.axes
        partial = with_new_names(partial, axes)
        for name in partial:
            self.check_axis(name)
        full = partial if len(partial) == len(axes) else {**self.defaults, **partial}
        return {name: self._checked(name, full[name]) for name in axes}

    def outcome(self, **setting: Any) -> Outcome:
        """Measure one setting; axes that are not named have their default.

        Raises
        ------
        TypeError, ValueError
            As `setting`, and if the setting is impossible.
        """
        (found,) = self._measured([self.setting(**setting)])
        if isinstance(found, str):
            raise ValueError(found)
        return found

    def outcomes(self, settings: Sequence[Setting]) -> list[Outcome | str]:
        """Measure many settings, sharing work between them.

        Parameters
        ----------
        settings : sequence of mapping
            Each as in `outcome`.

        Returns
        -------
        list of Outcome or str
            In the same order; a sentence where a setting is wrong or impossible.

        Raises
        ------
        TypeError
            If the study measures more or fewer settings than it is given.
        """
        checked = [self._setting_or_reason(setting) for setting in settings]
        found = iter(self._measured([setting for setting in checked if not isinstance(setting, str)]))
        return [setting if isinstance(setting, str) else next(found) for setting in checked]

    def table(self) -> OutcomeTable:
        """Compute the outcomes of all settings, for an explorer, each with the reason of its slack."""
        return explained(self._table(), self.reasons)

    def value_of(self, name: str, value: Any) -> Any:
        """Return the axis's own value that is meant: 0.30000000000000004 and numpy's 0.3 are its 0.3.

        Raises
        ------
        TypeError
            If the value is of another kind than those of the axis.
        ValueError
            If there is no such axis or value.
        """
        self.check_axis(name)
        if isinstance(value, np.generic):
            value = value.item()
        values = self.axes[name]
        if isinstance(values, range):
            whole = isinstance(value, int) and not isinstance(value, bool)
            if whole and value in values:
                return value
            problem = ValueError if whole else TypeError
            raise problem(f"{name} is {value!r}: give a whole number from {values[0]} to {values[-1]}.")
        for own in values:
            if _same(own, value):
                return own
        shown = ", ".join(repr(own) for own in values[:_SHOWN])
        more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
        problem = ValueError if _kind(value) in map(_kind, values) else TypeError
        raise problem(f"there is no {name} {value!r} in this study: choose from {shown}{more}.")

    def check_axis(self, name: object) -> None:
        """Raise a ``ValueError`` unless there is an axis of this name."""
        if name not in self.axes:
            raise ValueError(f"there is no axis {name!r} in this study: choose from {', '.join(self.axes)}.")

    def _checked(self, name: str, value: Any) -> Any:
        """Return a value as it is measured, or raise; a study may measure more values than its axes offer."""
        return self.value_of(name, value)

    def _measured(self, settings: Sequence[dict[str, Any]]) -> Sequence[Outcome | str]:
        found = list(self._measure(settings))
        if len(found) != len(settings):
            raise TypeError(
                f"{type(self).__name__}._measure returned {len(found)} results for {len(settings)} settings: "
                "it must return one for each."
            )
        return found

    def _setting_or_reason(self, setting: Setting) -> dict[str, Any] | str:
        try:
            return self.setting(**setting)
        except (TypeError, ValueError) as problem:
            return str(problem)

    def _axis(self, name: str, values: Sequence[Any] | None = None) -> Axis:
        """Return an axis of the table with its words; by default with all its values."""
        label, explain = self.words.get(name, (name.replace("_", " ").capitalize(), ""))
        return Axis(name, label, tuple(self.axes[name] if values is None else values), explain)

    def _table(self) -> OutcomeTable:
        """Compute the table without its reasons, one outcome at a time unless a study knows a faster way."""
        axes = [self._axis(name) for name in self.axes]
        shape = tuple(len(axis.values) for axis in axes)
        states = itertools.product(*self.axes.values())
        found = self.outcomes([dict(zip(self.axes, values, strict=True)) for values in states])
        outcomes = [one if isinstance(one, Outcome) else None for one in found]
        possible = np.array([one is not None for one in outcomes]).reshape(shape)
        whole, measured = bool(possible.all()), [one for one in outcomes if one is not None]
        if not measured:
            raise ValueError(f"no setting of this study is possible: {found[0]}")

        def numbers(name: str) -> NDArray[Any]:
            return np.array([math.nan if one is None else getattr(one, name) for one in outcomes]).reshape(
                shape
            )

        def known(name: str) -> Any:
            values = {getattr(one, name) for one in measured}
            if None in values:
                return None
            return values.pop() if len(values) == 1 and name != "err_ceiling" else numbers(name)

        return OutcomeTable(
            axes,
            Sides(*(numbers(name) for name in Sides._fields)),
            err_ceiling=known("err_ceiling"),
            possible=None if whole else possible,
            adjusts=None if whole else _yielding(axes, possible),
            impossible="" if whole else next(one for one in found if isinstance(one, str)),
            n=known("n"),
            truth_variance=known("truth_variance"),
        )


def call_of(study: Study, options: Mapping[str, Any], *first: str) -> str:
    """Return the expression that makes a study with some options; those that are the default are left out."""
    usual = {name: option.default for name, option in inspect.signature(type(study)).parameters.items()}
    own = (f"{name}={value!r}" for name, value in options.items() if value != usual.get(name, _NO_DEFAULT))
    return f"w2s.{type(study).__name__}({', '.join([*first, *own])})"


def check_study(study: object) -> None:
    """Raise a ``TypeError`` unless an object is a study."""
    if not isinstance(study, Study):
        raise TypeError(
            f"study is an object of class {type(study).__name__}: give a Study, such as a FeatureStudy or an "
            "own_pair's study."
        )


methods_on_one_thread(Study)


def _same(own: Any, value: Any) -> bool:
    if _kind(own) is not _kind(value):
        return False
    return (
        math.isclose(own, value, rel_tol=1e-9, abs_tol=1e-12) if _kind(own) is float else bool(own == value)
    )


def _kind(value: Any) -> type:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float if number else type(value)


def _yielding(axes: Sequence[Axis], possible: NDArray[Any]) -> str:
    """Name the last axis that always has a possible value."""
    for place in reversed(range(len(axes))):
        if possible.any(axis=place).all():
            return axes[place].name
    raise ValueError(
        "there is no axis along which every line of settings has a possible one: leave values out, or give "
        "the study a table of its own."
    )
