"""`Study`: what a sweep asks of a study, and the sentence that says what an object lacks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from w2s_widgets.theory.outcome import Outcome

Setting = Mapping[str, Any]


class Study(Protocol):
    """An experiment with settings: whatever has these five members can be swept."""

    @property
    def axes(self) -> Mapping[str, Sequence[Any]]:
        """The values that each setting can take, by the setting's name, in the order of the table."""

    @property
    def defaults(self) -> Setting:
        """A value for every axis."""

    @property
    def fingerprint(self) -> str:
        """A digest of all data and options: studies with the same one give the same outcomes."""

    def batch_of(self, setting: Setting) -> Any:
        """Return something hashable that is equal for settings that are computed together."""

    def outcomes(self, settings: Sequence[Setting]) -> Sequence[Outcome | str]:
        """Compute settings together; a string in place of an outcome is the reason why there is none."""


_MEMBERS = ("axes", "defaults", "fingerprint", "batch_of", "outcomes")


def check_study(study: object) -> None:
    """Raise a ``TypeError`` unless an object has all that a sweep needs.

    Examples
    --------
    >>> check_study(42)
    Traceback (most recent call last):
    ...
    TypeError: study is an object of class int, which has no axes: give a study with axes, defaults, \
fingerprint, batch_of and outcomes, such as an own_pair's study.
    """
    # On the class where it is: a property may have much to compute, or fail for reasons of its own.
    absent = [name for name in _MEMBERS if not hasattr(type(study), name) and not hasattr(study, name)]
    if absent:
        raise TypeError(
            f"study is an object of class {type(study).__name__}, which has no {absent[0]}: give a study "
            f"with {', '.join(_MEMBERS[:-1])} and {_MEMBERS[-1]}, such as an own_pair's study."
        )
