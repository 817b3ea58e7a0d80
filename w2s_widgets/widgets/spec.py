"""What an explorer's page needs to know of its table: ranges, words and codes for every state."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypedDict

import numpy as np

from w2s_widgets._numbers import format_fixed
from w2s_widgets._renamed import accepts_old
from w2s_widgets._validation import FloatArray
from w2s_widgets.display.text import SENTENCES, sentence_case
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable

CASES = tuple(SENTENCES)
_CODES = ("case", "reason", "possible")


@dataclass(frozen=True)
class Preset:
    """A named state that one button of an explorer opens.

    Parameters
    ----------
    name : str
        The words on the button.
    state : mapping
        The values of some or all axes; the others stay as they are.
    explain : str
        What is to be seen there; shown when the pointer rests on the button.

    Examples
    --------
    >>> Preset("A student that copies", {"strong_capacity": 24}).name
    'A student that copies'
    """

    name: str
    state: Mapping[str, float | str]
    explain: str = ""


@accepts_old("ladder")
@dataclass(frozen=True, kw_only=True)
class ExplorerSpec:
    """The words and choices of an explorer that do not depend on its state.

    Parameters
    ----------
    title : str
        What the explorer is called by a screen reader, and on a page.
    class_words : str
        What is written on the line through the student where the slack is zero, so that the line lies in
        the student's class; elsewhere it says that gain equals misfit there.
    presets : sequence of Preset
        Buttons that open a state. One that moves a control which is not shown has no button.
    controls : collection of str, optional
        Names of the axes whose controls are shown; all by default.
    code : str
        The Python call that opens such an explorer, without its arguments.
    code_arguments : sequence of str
        Arguments to write before those of the state.
    teacher_axis : str, optional
        An axis whose every value gets a dot on the map.
    slack_parts : mapping
        Fields of the table's ``extra`` that the ledger shows below the slack, with their words.

    Examples
    --------
    >>> ExplorerSpec(title="Capacity", controls=["strong_capacity"]).class_words
    'what the student can express'
    """

    title: str
    class_words: str = "what the student can express"
    presets: Sequence[Preset] = ()
    controls: Collection[str] | None = None
    code: str = "w2s.OutcomeExplorer"
    code_arguments: Sequence[str] = ("table",)
    teacher_axis: str | None = None
    slack_parts: Mapping[str, str] = field(default_factory=dict)


class PresetSpec(TypedDict):
    """A preset, as the page reads it."""

    name: str
    state: dict[str, float | str]
    explain: str


class PageSpec(TypedDict):
    """What the page of every explorer needs beside its state."""

    title: str
    file_name: str
    sentences: dict[str, str]
    presets: list[PresetSpec]
    initial: dict[str, float | str]
    code: str
    code_arguments: list[str]
    slack_parts: list[dict[str, str]]


class AxisSpec(TypedDict):
    """One control."""

    name: str
    label: str
    explain: str
    values: list[float] | list[str]
    words: list[str]
    choice: bool
    shown: bool


class TableSpec(PageSpec):
    """What the page needs of a table of outcomes."""

    class_words: str
    axes: list[AxisSpec]
    fields: list[str]
    codes: list[str]
    cases: list[str]
    reasons: list[str]
    adjusts: str | None
    impossible: str
    ranges: dict[str, Any]
    teacher_axis: str | None
    teacher_names: list[str]


def table_spec(table: OutcomeTable, screen: ExplorerSpec, page: PageSpec) -> TableSpec:
    """Return everything that the front end needs beside the numbers of a table, as JSON-ready data."""
    return {
        **page,
        "class_words": screen.class_words,
        "axes": axis_specs(table.axes, screen.controls),
        "fields": list(_fields(table)),
        "codes": list(_CODES),
        "cases": list(CASES),
        "reasons": list(table.reasons),
        "adjusts": table.adjusts,
        "impossible": table.impossible,
        "ranges": _ranges(table),
        "teacher_axis": screen.teacher_axis,
        "teacher_names": list(axis_words(table.axis(screen.teacher_axis))) if screen.teacher_axis else [],
    }


def axis_specs(axes: Sequence[Axis], controls: Collection[str] | None) -> list[AxisSpec]:
    """Return each control as the page needs it; those that ``controls`` does not name are not shown."""
    return [
        {
            "name": axis.name,
            "label": axis.label,
            "explain": axis.explain,
            "values": list(axis.values),  # type: ignore[typeddict-item]
            "words": list(axis_words(axis)),
            "choice": axis.is_choice,
            "shown": controls is None or axis.name in controls,
        }
        for axis in axes
    ]


@lru_cache(maxsize=8)  # many explorers of one table share its bytes
def pack_numbers(table: OutcomeTable) -> bytes:
    """Return all fields of all states as one run of little-endian float64."""
    fields = _fields(table).values()
    return b"".join(np.ascontiguousarray(values, dtype="<f8").tobytes() for values in fields)


@lru_cache(maxsize=8)
def pack_codes(table: OutcomeTable) -> bytes:
    """Return case, reason and possibility of all states as one run of bytes."""
    possible = table.reachable
    code_of = {case: code for code, case in enumerate(CASES)}

    def case_code(err_weak: float, err_student: float, misfit: float, gain: float, slack: float) -> int:
        return code_of[sentence_case(Outcome(err_weak, err_student, misfit, gain, slack))]

    cases = np.zeros(table.shape, dtype=np.uint8)
    cases[possible] = np.frompyfunc(case_code, 5, 1)(*(side[possible] for side in table.sides))
    reason = np.zeros(table.shape, dtype=np.uint8) if table.reason is None else table.reason
    return b"".join(
        np.ascontiguousarray(codes, dtype=np.uint8).tobytes() for codes in (cases, reason, possible)
    )


def axis_words(axis: Axis) -> tuple[str, ...]:
    """Write the values of an axis with as many decimals as its finest value needs.

    >>> axis_words(Axis("misfit", "Misfit", [0.0, 0.25, 1.0]))
    ('0.00', '0.25', '1.00')
    """
    if axis.is_choice:
        return tuple(str(value) for value in axis.values)
    numbers = [float(value) for value in axis.values]
    decimals = next((d for d in range(6) if all(abs(round(v, d) - v) < 1e-9 for v in numbers)), 6)
    return tuple(format_fixed(value, decimals) for value in numbers)


def _fields(table: OutcomeTable) -> dict[str, FloatArray]:
    fields = dict(table.sides._asdict())
    fields["angle"] = table.angles()
    if table.err_ceiling is not None:
        fields["err_ceiling"] = table.err_ceiling
    return fields | dict(table.extra)


def _ranges(table: OutcomeTable) -> dict[str, Any]:
    """Fix the extent of each drawing for all states, so that moving a slider never moves an axis."""
    possible = table.reachable
    err_weak, err_student, misfit, gain, slack = (side[possible] for side in table.sides)
    upright = np.sqrt(misfit)
    safe = np.where(upright > 0, upright, 1.0)
    height = np.where(upright > 0, -slack / (2 * safe), 0.0)
    reach = np.sqrt(np.maximum(0.0, err_student - height**2))
    errors = np.concatenate([err_weak, err_student])
    signed = np.concatenate([err_weak - misfit, *(values[possible] for values in table.extra.values())])
    highest = max(_high(upright), _high(height))
    triangle = {"x_min": 0.0, "x_max": _high(reach), "y_min": min(0.0, _low(height)), "y_max": highest}
    return {
        "triangle": triangle,
        "ledger": [min(0.0, _low(signed)), _high(errors)],
        "map": {"x": [0.0, 1.06 * _high(misfit)], "y": _padded(min(0.0, _low(gain)), _high(gain))},
    }


# A few extreme states may not make all others small: beyond this share they are drawn at the edge,
# if that gains at least this factor.
_SHARE = 0.97
_WORTH = 2.0


def _high(values: FloatArray) -> float:
    highest, usual = float(np.max(values)), float(np.quantile(values, _SHARE))
    if highest <= 0:
        return 1.0
    return usual if 0 < usual * _WORTH < highest else highest


def _low(values: FloatArray) -> float:
    lowest, usual = float(np.min(values)), float(np.quantile(values, 1 - _SHARE))
    return usual if lowest < usual * _WORTH < 0 else lowest


def _padded(low: float, high: float) -> list[float]:
    margin = 0.06 * (high - low)
    return [low - margin if low < 0 else low, high + margin]
