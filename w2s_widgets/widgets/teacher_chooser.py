"""`TeacherChooser`: the reader picks one of several teachers first, and then sees what each student gets."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

import numpy as np
import traitlets

from w2s_widgets._numbers import format_number
from w2s_widgets._renamed import old_keyword
from w2s_widgets.studies.linear.teacher_selection import EPS, NOBODY, TRUE_LABELS, TeacherSelection
from w2s_widgets.theory.outcome_table import OutcomeTable
from w2s_widgets.widgets.bundles import STATIC
from w2s_widgets.widgets.explorer import AxisTrait
from w2s_widgets.widgets.outcome_explorer import OutcomeExplorer
from w2s_widgets.widgets.spec import ExplorerSpec, Preset, TableSpec

PRESETS = (
    Preset("A few labels", {"true_labels": 10, "eps": 0.0}, "The intervals overlap: the choice is a bet."),
    Preset("Many labels", {"true_labels": 320, "eps": 0.0}, "Realizable, and the ranking is reliable."),
    Preset("A blind spot", {"true_labels": 320, "eps": 0.05},
           "Many labels, and the rule still takes the wrong teacher."),
)  # fmt: skip

_SCREEN = ExplorerSpec(title="Teacher chooser", presets=PRESETS, code="w2s.TeacherChooser", code_arguments=())

SENTENCES = {
    "open": "Whose student will err least? Choose a teacher, then uncover the students’ errors.",
    "chosen": "You choose {choice}: from {true_labels} true labels its err_weak − misfit is estimated as "
    "{estimate}, somewhere between {low} and {high}.",
    "best": "You chose {choice}, the best teacher: its student errs by {err_student}.",
    "other": "You chose {choice}: its student errs by {err_student}. The best teacher was {best}, whose "
    "student errs by {best_error}.",
    "nobody": "Nobody was chosen. The best teacher is {best}: its student errs by {best_error}.",
}
"""Templates by case; Python and the page fill in the same words."""

_WHAT_RULES_TAKE = (
    "The smallest estimate of err_weak − misfit takes {rule}, whose student errs by {rule_error}; the "
    "smallest err_weak alone takes {accurate}: {accurate_error}. "
)

REASONS = {
    "covered": "Why a guess: the misfit needs no true labels and is known. The teacher’s error needs them, "
    "and {true_labels} leave it uncertain. For a teacher named before the draw the interval holds the right "
    "value in 95 of 100 draws; for the one that looks best, in fewer.",
    "realizable": _WHAT_RULES_TAKE + "Why: the truth is in the student’s linear class, so err_weak − misfit "
    "is its error. Only the few labels can mislead.",
    "blind": _WHAT_RULES_TAKE + "Why: the student has a blind spot of {eps}, so err_weak − misfit is "
    "off, by another amount for each teacher.",
}
"""Templates of what is said below."""

RULES = {
    "promise": "smallest err_weak − misfit",
    "err_weak": "smallest err_weak",
    "chance": "drawing lots",
    "best": "best possible",
}
"""Ways to choose, with the words of the second drawing."""


@cache
def contest() -> TeacherSelection:
    """Return the study of the widget."""
    return TeacherSelection()


@cache
def teacher_table() -> OutcomeTable:
    """Return every state of `TeacherChooser`, which shows no ceiling; see `TeacherSelection.table`."""
    return replace(contest().table(), err_ceiling=None)


@cache
def reliability() -> dict[str, list[list[float]]]:
    """Mean error of the chosen teacher's student over all draws, by rule, eps and true labels."""
    world = contest()
    found: dict[str, list[list[float]]] = {name: [] for name in (*RULES, "right")}
    for eps, errors in zip(EPS, world.sides(EPS).err_student, strict=True):
        by_rule = [world.picks(n, eps) for n in TRUE_LABELS]
        by_error = [world.picks(n, eps, by="err_weak") for n in TRUE_LABELS]
        found["promise"].append([float(errors[picks].mean()) for picks in by_rule])
        found["err_weak"].append([float(errors[picks].mean()) for picks in by_error])
        found["chance"].append([float(errors.mean())] * len(TRUE_LABELS))
        found["best"].append([float(errors.min())] * len(TRUE_LABELS))
        found["right"].append([float(np.mean(picks == np.argmin(errors))) for picks in by_rule])
    return found


class ChooserSpec(TableSpec):
    """What the page needs beside a table's outcomes."""

    nobody: str
    chooser_sentences: dict[str, str]
    chooser_reasons: dict[str, str]
    rules: dict[str, str]
    reliability: dict[str, list[list[float]]]
    range: list[float]
    uncover_first: str


class TeacherChooser(OutcomeExplorer):
    """Choose one of eight teachers with few true labels; only then see how much each student errs.

    For every teacher the widget shows its error as estimated from the true labels, the misfit, which
    needs none, and their difference with a 95 % interval. The students' errors stay covered until a choice
    is recorded. The world is `TeacherSelection`.

    Parameters
    ----------
    choice : str
        ``"none yet"`` or a teacher, ``"A"`` to ``"H"``.
    true_labels : int
        5, 10, 20, 40, 80, 160 or 320.
    draw : int
        From 1 to 100: which inputs have true labels.
    eps : float
        0, 0.02, 0.05 or 0.1: share of the truth's variance that no student can express.
    uncovered : bool
        Whether the students' errors are shown; given here, also before a choice.

    Attributes
    ----------
    first_choice : str
        The choice at the moment of uncovering; ``"none yet"`` while covered.
    picks : list of dict
        Every recorded choice since the widget was made, with the state it was made in.
    outcome : Outcome
        The exact outcome of the chosen teacher, covered or not; before a choice the mean over all teachers.

    Examples
    --------
    >>> chooser = TeacherChooser(true_labels=20)
    >>> chooser.uncovered = True
    Traceback (most recent call last):
    ...
    traitlets.traitlets.TraitError: the students' errors stay covered until there is a choice: \
set choice to one of A, B, C, D, E, F, G, H first.
    >>> chooser.choice = "A"
    >>> chooser.uncovered = True
    >>> print(chooser.sentence)
    You chose A: its student errs by 0.190. The best teacher was H, whose student errs by 0.021.
    """

    _esm: ClassVar[Any] = STATIC / "teacher_chooser.js"
    _css: ClassVar[Any] = STATIC / "teacher_chooser.css"

    choice, true_labels = AxisTrait(), AxisTrait()
    draw, eps = AxisTrait(), AxisTrait()
    blind_spot = old_keyword("blind_spot")
    uncovered = traitlets.Bool(help="Whether the students' errors are shown.").tag(sync=True)
    first_choice = traitlets.Unicode(NOBODY, help="The choice at the moment of uncovering.").tag(sync=True)
    picks = traitlets.List(traitlets.Dict(), help="Every recorded choice, with its state.")

    def __init__(self, *, uncovered: bool = False, **state: Any) -> None:
        self._opening = True
        table, initial = teacher_table(), contest().defaults
        # Every state can be reached, and the page has sentences of its own: two of the three codes stay 0.
        codes = bytes(2 * table.sides.gain.size) + b"\1" * table.sides.gain.size
        super().__init__(table, _SCREEN, initial=initial, uncovered=uncovered, _codes=codes, **state)
        self._opening = False
        if uncovered:
            self._fix_choice()

    def _watch(self) -> None:
        super()._watch()
        self.observe(self._record, "first_choice")
        self.observe(self._fix_choice, "uncovered")

    @property
    def estimates(self) -> dict[str, tuple[float, float, float]]:
        """Estimate of ``err_weak - misfit`` and its interval for every teacher: (estimate, low, high)."""
        return {
            name: (self._number("estimate", name), self._number("low", name), self._number("high", name))
            for name in contest().names
        }

    @property
    def sentence(self) -> str:
        """What is known of the chosen teacher, in one sentence; the page shows the same."""
        return SENTENCES[self._case()].format(**self._words())

    @property
    def reason(self) -> str:
        """Why it is a guess, or what each rule would have chosen; the page shows the same."""
        if not self.uncovered:
            return REASONS["covered"].format(**self._words())
        return REASONS["blind" if self.eps else "realizable"].format(**self._words())

    def reset(self) -> None:
        """Return to the first state, covered."""
        self.uncovered = False
        super().reset()

    def as_code(self) -> str:
        """Return the line of Python that opens this state."""
        code = super().as_code()
        return f"{code[:-1]}, uncovered=True)" if self.uncovered else code

    def picture(self) -> Any:
        """Return the present state as a static picture with ``save(path)`` for SVG and PNG."""
        from w2s_widgets.plots.teachers import teachers_picture

        names = contest().names
        students = [self._outcome(name).err_student for name in names]
        return teachers_picture(
            names,
            estimates=list(self.estimates.values()),
            misfits=[self._outcome(name).misfit for name in names],
            students=students if self.uncovered else None,
            choice=self.choice,
            words=self.sentence,
        )

    def to_spec(self) -> ChooserSpec:
        """Return what the page needs beside the table."""
        return {
            **super().to_spec(),
            "nobody": NOBODY,
            "chooser_sentences": SENTENCES,
            "chooser_reasons": REASONS,
            "rules": RULES,
            "reliability": reliability(),
            "range": list(limits()),
            "uncover_first": _uncover_first(),
        }

    def _outcome(self, name: str) -> Any:
        return self.outcome_of(self.state | {"choice": name})

    def _number(self, field: str, name: str) -> float:
        where = self.table.index(**(self.state | {"choice": name}))
        return float(self.table.extra[field][where])

    def _case(self) -> str:
        if not self.uncovered:
            return "open" if self.choice == NOBODY else "chosen"
        if self.choice == NOBODY:
            return "nobody"
        return "best" if self.choice == self._smallest("err_student") else "other"

    def _smallest(self, field: str) -> str:
        names = contest().names
        if field == "err_student":
            return min(names, key=lambda name: float(self._outcome(name).err_student))
        return min(names, key=lambda name: self._number(field, name))

    def _words(self) -> dict[str, str]:
        best, rule, accurate = (
            self._smallest(field) for field in ("err_student", "estimate", "estimated_error")
        )
        numbers = {
            "err_student": self.outcome.err_student,
            "best_error": self._outcome(best).err_student,
            "rule_error": self._outcome(rule).err_student,
            "accurate_error": self._outcome(accurate).err_student,
        } | {name: self._number(name, self.choice) for name in ("estimate", "low", "high")}
        names = {"best": best, "rule": rule, "accurate": accurate}
        return {name: format_number(value) for name, value in numbers.items()} | self.words | names

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a state from the page, which uncovers only what was chosen."""
        # Moves may come together: the choice that was uncovered can be withdrawn in the same message.
        self._opening = True
        try:
            super().set_state(sync_data)
        finally:
            self._opening = False

    def _fix_choice(self, change: Any = None) -> None:
        if not self.uncovered:
            self.first_choice = NOBODY
        elif self.first_choice == NOBODY:
            self.first_choice = self.choice

    def _record(self, change: Any) -> None:
        if change.new != NOBODY:
            self.picks = [*self.picks, self.state | {"choice": change.new}]

    @traitlets.validate("uncovered")  # type: ignore[untyped-decorator,unused-ignore]
    def _choose_first(self, proposal: Any) -> bool:
        if proposal["value"] and not self._opening and self.choice == NOBODY:
            raise traitlets.TraitError(_uncover_first())
        return bool(proposal["value"])


def limits() -> tuple[float, float]:
    """Smallest and largest error of the drawing; an interval that is longer ends in an arrow."""
    extra = teacher_table().extra
    return float(np.floor(10 * extra["low"].min()) / 10), 1.0


def _uncover_first() -> str:
    names = ", ".join(contest().names)
    return f"the students' errors stay covered until there is a choice: set choice to one of {names} first."
