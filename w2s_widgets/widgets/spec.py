"""What an explorer's page needs to know of its table: ranges, words and codes for every state."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from w2s_widgets._numbers import format_fixed
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


@dataclass(frozen=True, kw_only=True)
class Screen:
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
    ladder : str, optional
        An axis whose every value gets a dot on the map.
    slack_parts : mapping
        Fields of the table's ``extra`` that the ledger shows below the slack, with their words.
    """

    title: str
    class_words: str = "what the student can express"
    presets: Sequence[Preset] = ()
    controls: Collection[str] | None = None
    code: str = "w2s.OutcomeExplorer"
    code_arguments: Sequence[str] = ("table",)
    ladder: str | None = None
    slack_parts: Mapping[str, str] = field(default_factory=dict)


def describe(table: OutcomeTable, screen: Screen, initial: Mapping[str, float | str]) -> dict[str, Any]:
    """Return everything that the front end needs beside the numbers, as JSON-ready data.

    Raises
    ------
    TypeError
        If ``controls`` is one string and not a collection of them.
    ValueError
        If the screen names an axis, a value or a field that the table has not, or two presets alike.
    """
    _check(table, screen)
    shown = {axis.name for axis in table.axes} if screen.controls is None else set(screen.controls)
    hidden = {axis.name for axis in table.axes} - shown
    return {
        "title": screen.title,
        "file_name": "".join(c if c.isalnum() else "-" for c in screen.title.lower()),
        "class_words": screen.class_words,
        "axes": [_describe_axis(axis, shown=axis.name in shown) for axis in table.axes],
        "fields": list(_fields(table)),
        "codes": list(_CODES),
        "sentences": SENTENCES,
        "cases": list(CASES),
        "reasons": list(table.reasons),
        "yields": table.yields,
        "impossible": table.impossible,
        "ranges": _ranges(table),
        "presets": [
            {"name": preset.name, "state": dict(preset.state), "explain": preset.explain}
            for preset in screen.presets
            if all(preset.state.get(name, initial[name]) == initial[name] for name in hidden)
        ],
        "initial": dict(initial),
        "code": screen.code,
        "code_arguments": list(screen.code_arguments),
        "ladder": screen.ladder,
        "ladder_names": list(axis_words(table.axis(screen.ladder))) if screen.ladder else [],
        "slack_parts": [{"field": name, "words": words} for name, words in screen.slack_parts.items()],
    }


def _check(table: OutcomeTable, screen: Screen) -> None:
    if isinstance(screen.controls, str):
        raise TypeError(f"controls is one string: give a list of names, such as [{screen.controls!r}].")
    for name in (*(screen.controls or ()), *([screen.ladder] if screen.ladder else ())):
        table.axis(name)
    for name in screen.slack_parts:
        if name not in table.extra:
            raise ValueError(f"slack_parts names {name!r}: choose fields of the table's extra.")
    taken = set()
    for preset in screen.presets:
        if preset.name in taken:
            raise ValueError(f"two presets are called {preset.name!r}: give each a name of its own.")
        taken.add(preset.name)
        try:
            for name, value in preset.state.items():
                table.axis(name).index_of(value)
        except ValueError as problem:
            raise ValueError(f"preset {preset.name!r}: {problem}") from None


def pack_numbers(table: OutcomeTable) -> bytes:
    """Return all fields of all states as one run of little-endian float64."""
    fields = _fields(table).values()
    return b"".join(np.ascontiguousarray(values, dtype="<f8").tobytes() for values in fields)


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

    Examples
    --------
    >>> axis_words(Axis("misfit", "Misfit", [0.0, 0.25, 1.0]))
    ('0.00', '0.25', '1.00')
    """
    if axis.is_choice:
        return tuple(str(value) for value in axis.values)
    numbers = [float(value) for value in axis.values]
    decimals = next((d for d in range(6) if all(abs(round(v, d) - v) < 1e-9 for v in numbers)), 6)
    return tuple(format_fixed(value, decimals) for value in numbers)


def _describe_axis(axis: Axis, *, shown: bool) -> dict[str, Any]:
    return {
        "name": axis.name,
        "label": axis.label,
        "explain": axis.explain,
        "values": list(axis.values),
        "words": list(axis_words(axis)),
        "choice": axis.is_choice,
        "shown": shown,
    }


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
    return {
        "triangle": {
            "x_min": 0.0,
            "x_max": _high(reach),
            "y_min": min(0.0, _low(height)),
            "y_max": max(_high(upright), _high(height)),
        },
        "ledger": [min(0.0, _low(signed)), _high(errors)],
        "map": {
            "x": [0.0, 1.06 * _high(misfit)],
            "y": _padded(min(0.0, _low(gain)), _high(gain)),
        },
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
