"""`WordExplorer`: twelve real teachers, three real students, and human ratings of words."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from w2s_widgets.widgets.explorer import AxisTrait
from w2s_widgets.widgets.outcome_explorer import OutcomeExplorer
from w2s_widgets.widgets.spec import ExplorerSpec, Preset

if TYPE_CHECKING:
    from w2s_widgets.studies.words import WordStudy

TEACHER = "MiniLM layer 2, width 64"
STRONG = "mpnet layer 9, width 256"
NOT_STRONG = "MiniLM layer 6, width 192"

_INITIAL: dict[str, float | str] = {
    "teacher": TEACHER,
    "student": STRONG,
    "n_teacher": 600,
    "n_student": 6000,
    "dial": 1.0,
}

PRESETS = (
    Preset("Human ratings", _INITIAL, "Real teachers and ratings: the dots lie below the diagonal."),
    Preset(
        "A truth it can express",
        _INITIAL | {"dial": 0.0},
        "The same models, and a truth inside the student's class: the dots go to the diagonal.",
    ),
    Preset(
        "Few unlabelled words",
        _INITIAL | {"n_student": 1000},
        "The student sees few words: the second part of the slack grows.",
    ),
    Preset(
        "MiniLM as the student",
        _INITIAL | {"student": NOT_STRONG},
        "A student that is blind to what its teacher has right gains little or nothing.",
    ),
)


class WordExplorer(OutcomeExplorer):
    """Live controls over a `WordStudy`: teacher, student, numbers of words, and the realizability dial.

    Every dot on the map is one teacher at the present setting of the other controls. The ledger divides
    the slack into its two parts, `WordStudy.slack_parts`.

    Parameters
    ----------
    study : WordStudy, optional
        The study to show; ``WordStudy()`` by default.
    controls : collection of str, optional
        Which controls to show; all by default.
    **state
        Values of ``teacher``, ``student``, ``n_teacher``, ``n_student`` and ``dial`` to start with.

    Raises
    ------
    traitlets.TraitError
        If a value is not one of the control's; the state stays as it was.

    Examples
    --------
    >>> explorer = WordExplorer(dial=0.0)
    >>> explorer.outcome.gain > 0.9 * explorer.outcome.misfit
    True
    """

    teacher = AxisTrait()
    student = AxisTrait()
    n_teacher = AxisTrait()
    n_student = AxisTrait()
    dial = AxisTrait()

    def __init__(
        self,
        study: WordStudy | None = None,
        *,
        controls: Collection[str] | None = None,
        **state: Any,
    ) -> None:
        from w2s_widgets.studies.words import WordStudy

        arguments: tuple[str, ...] = () if study is None else ("study",)
        if controls is not None:
            arguments += (f"controls={sorted(controls)!r}",)
        screen = ExplorerSpec(
            title="Words and models",
            presets=PRESETS,
            controls=controls,
            code="w2s.WordExplorer",
            code_arguments=arguments,
            ladder="teacher",
            slack_parts={"alignment": "alignment", "finite_sample": "finite sample"},
        )
        table = (WordStudy() if study is None else study).table()
        super().__init__(table, screen, initial=_INITIAL, **state)
