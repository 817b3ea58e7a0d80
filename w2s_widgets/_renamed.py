"""Old public names and keywords: each works for one release, with a warning that names the new one."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Accepts = TypeVar("Accepts", bound=Callable[..., Any])

NAMES = {
    "LadderExplorer": "StudyExplorer",
    "LadderStudy": "FeatureStudy",
    "NetworkWorld": "NetworkStudy",
    "NoisyCopies": "PerturbedRepresentations",
    "Screen": "ExplorerSpec",
    "SentenceStudy": "TextStudy",
    "TeacherContest": "TeacherSelection",
    "WordExplorer": "StudyExplorer",
    "WordStudy": 'TextStudy("words")',
    "gain_follows_misfit": "gain_misfit_correlation",
}


def _realizability(dial: Any) -> Any:
    """Turn the old dial, 0 for a truth in the class, around."""
    return round(1 - dial, 12) if isinstance(dial, (int, float)) else dial


def _realizabilities(dials: Any) -> Any:
    return sorted(_realizability(dial) for dial in dials)


KEYWORDS: dict[str, tuple[str, Callable[[Any], Any] | None]] = {
    "blind_spot": ("eps", None),
    "dial": ("realizability", _realizability),
    "dials": ("realizabilities", _realizabilities),
    "ladder": ("teacher_axis", None),
    "misfit": ("misfit_share", None),
    "restraint": ("regularization", None),
    "teacher_labels": ("n_teacher", None),
    "unlabelled": ("n_student", None),
}
"""The new keyword, and what its value is made by where it means something else than the old one's."""


def warn_renamed(old: str, new: str, stacklevel: int = 3) -> None:
    """Warn whoever called the caller that a name is going away.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     warn_renamed("LadderStudy", "FeatureStudy", stacklevel=2)
    >>> print(caught[0].message)
    LadderStudy is now FeatureStudy: use the new name, the old one goes with the next release.
    """
    sentence = f"{old} is now {new}: use the new name, the old one goes with the next release."
    warnings.warn(sentence, DeprecationWarning, stacklevel=stacklevel)


def old_name(old: str, new: str) -> property:
    """Make an attribute that warns and is the one of its new name."""

    def read(self: Any) -> Any:
        warn_renamed(old, new)
        return getattr(self, new)

    return property(read, doc=f"Old name of ``{new}``.")


def accepts_old(*keywords: str) -> Callable[[Accepts], Accepts]:
    """Let a function, or the constructor of a class, take old keywords of `KEYWORDS` under their new names.

    Raises
    ------
    TypeError
        When called with an old keyword and its new one.

    Examples
    --------
    >>> @accepts_old("unlabelled")
    ... def fit(n_student=100):
    ...     return n_student
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     fit(unlabelled=5)
    5
    """

    def decorate(target: Accepts) -> Accepts:
        if isinstance(target, type):
            target.__init__ = decorate(target.__init__)  # type: ignore[misc]
            return target

        @functools.wraps(target)
        def call(*arguments: Any, **given: Any) -> Any:
            return target(*arguments, **(_new(keywords, given) if given else given))

        return call  # type: ignore[return-value]

    return decorate


def _new(keywords: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    renamed = dict(given)
    for old in keywords:
        if old in renamed:
            new, change = KEYWORDS[old]
            if new in renamed:
                raise TypeError(f"{old} is the old name of {new}: give {new} alone.")
            warn_renamed(old, new, stacklevel=4)
            value = renamed.pop(old)
            renamed[new] = change(value) if change else value
    return renamed
