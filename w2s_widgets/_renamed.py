"""Old public names and keywords: each works for one release, with a warning that names the new one."""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping
from numbers import Real
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

CALLS = {
    "WordExplorer": ("widgets.study_explorer", "word_explorer"),
    "WordStudy": ("studies.text", "word_study"),
}
"""Where the functions are that stand for old names whose arguments were others."""


def _realizability(dial: Any) -> Any:
    """Turn the old dial, 0 for a truth in the class, around."""
    if isinstance(dial, Iterable) and not isinstance(dial, str):
        return [_realizability(one) for one in dial]
    return round(1 - float(dial), 12) if isinstance(dial, Real) and not isinstance(dial, bool) else dial


def _realizabilities(dials: Any) -> Any:
    return sorted(_realizability(dials))


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


def warn_renamed(old: str, new: str) -> None:
    """Warn whoever called into the package that a name is going away.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     warn_renamed("LadderStudy", "FeatureStudy")
    >>> print(caught[0].message)
    LadderStudy is now FeatureStudy: use the new name, the old one goes with the next release.
    """
    sentence = f"{old} is now {new}: use the new name, the old one goes with the next release."
    level, frame = 1, sys._getframe()
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "w2s_widgets":
        level, frame = level + 1, frame.f_back
    warnings.warn(sentence, DeprecationWarning, stacklevel=level)


class OldName(property):
    """An attribute that warns, and reads and sets the one of its new name."""


def old_name(old: str, new: str, apply: Callable[[Any], Any] = lambda value: value) -> OldName:
    """Make an `OldName`; ``apply`` makes the new value of the old one, and the other way round."""

    def read(self: Any) -> Any:
        warn_renamed(old, new)
        return apply(getattr(self, new))

    def write(self: Any, value: Any) -> None:
        warn_renamed(old, new)
        setattr(self, new, apply(value))

    return OldName(read, write, doc=f"Old name of ``{new}``.")


def old_keyword(old: str) -> OldName:
    """Make an `OldName` of one of `KEYWORDS`."""
    new, change = KEYWORDS[old]
    return old_name(old, new, change) if change else old_name(old, new)


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


def with_new_names(given: Mapping[str, Any], axes: Collection[str]) -> dict[str, Any]:
    """Give old `KEYWORDS` their new names, in the order given, where the axes have the new one alone."""
    return _new([old for old, (new, _) in KEYWORDS.items() if new in axes and old not in axes], given)


def accepts_positions(*names: str) -> Callable[[Accepts], Accepts]:
    """Let a method that takes keywords take some of them by position, with a warning."""

    def decorate(target: Accepts) -> Accepts:
        @functools.wraps(target)
        def call(self: Any, *values: Any, **given: Any) -> Any:
            named = dict(zip(names, values, strict=False))
            if named:
                old = ", ".join(map(repr, named.values()))
                new = ", ".join(f"{name}={value!r}" for name, value in named.items())
                warn_renamed(f"{target.__name__}({old})", f"{target.__name__}({new})")
            return target(self, *values[len(names) :], **named, **given)

        return call  # type: ignore[return-value]

    return decorate


def _new(keywords: Collection[str], given: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {}
    for old, value in given.items():
        if old not in keywords:
            renamed[old] = value
            continue
        new, change = KEYWORDS[old]
        if new in given:
            raise TypeError(f"{old} is the old name of {new}: give {new} alone.")
        warn_renamed(old, new)
        renamed[new] = change(value) if change else value
    return renamed
