"""From a grid to settings, and from settings to batches that depend on nothing but the settings."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from w2s_widgets._renamed import with_new_names
from w2s_widgets._version import __version__
from w2s_widgets.studies.study import Setting, Study

LARGEST_BATCH = 1000
"""Settings in one batch at most: what is lost when a process is killed, and what one worker is given."""

_FORMAT = f"w2s-sweep-1/{__version__}"
"""Part of every key: a changed layout or program must not find the files of the old one."""


class Batch(NamedTuple):
    """Settings that are computed in one call, always together and always in this order."""

    key: str
    """The sha256 of the study's fingerprint and the settings."""
    settings: tuple[dict[str, Any], ...]
    rows: tuple[int, ...]
    """The row of the table that each setting fills."""


def read_grid(study: Study, grid: Mapping[str, Any] | Iterable[Setting]) -> list[dict[str, Any]]:
    """Return the full setting of every row, in the grid's order."""
    if isinstance(grid, Mapping):
        grid = with_new_names(grid, study.axes)
        lists = {name: _values(study, name, values) for name, values in grid.items()}
        chosen: list[dict[str, Any]] = [
            dict(zip(lists, values, strict=True)) for values in itertools.product(*lists.values())
        ]
    else:
        if isinstance(grid, (str, bytes)) or not isinstance(grid, Iterable):
            raise TypeError(
                f"grid is {grid!r}: give values by axis, such as {{'teacher': [...], 'split': [0, 1]}}, "
                "or a list of settings."
            )
        chosen = []
        for number, setting in enumerate(grid):
            if not isinstance(setting, Mapping):
                raise TypeError(f"setting {number} of the grid is {setting!r}: give a value by axis.")
            own = with_new_names(setting, study.axes)
            chosen.append({name: study.value_of(name, value) for name, value in own.items()})
        if not chosen:
            raise ValueError("grid is an empty list: give at least one setting.")
    settings = [{name: {**study.defaults, **own}[name] for name in study.axes} for own in chosen]
    seen: set[str] = set()
    for number, setting in enumerate(settings):
        text = _text(setting)
        if text in seen:
            words = ", ".join(f"{name}={value!r}" for name, value in setting.items())
            raise ValueError(f"setting {number} of the grid was there before ({words}): give each once.")
        seen.add(text)
    return settings


def make_batches(study: Study, settings: Sequence[Mapping[str, Any]]) -> list[Batch]:
    """Group settings into batches, the same ones in whatever order the settings come.

    Numbers of one batch share matrix products, whose last digits depend on what is multiplied along. So
    that an executor, an order or a resumed sweep cannot change a digit, a batch is never divided further,
    and its settings are in the order of the study's axes.
    """
    places = {
        name: {_text(value): place for place, value in enumerate(values)}
        for name, values in study.axes.items()
        if not isinstance(values, range)
    }

    def place_of(row: int) -> tuple[tuple[int, Any], ...]:
        return tuple(_place(places.get(name), value) for name, value in settings[row].items())

    groups: dict[Any, list[int]] = {}
    for row, setting in enumerate(settings):
        groups.setdefault(study.batch_of(setting), []).append(row)
    fingerprint = study.fingerprint  # by default all data is hashed for it
    batches = []
    for group in groups.values():
        ordered = sorted(group, key=place_of)
        for start in range(0, len(ordered), LARGEST_BATCH):
            rows = tuple(ordered[start : start + LARGEST_BATCH])
            members = tuple(dict(settings[row]) for row in rows)
            batches.append(Batch(_key(fingerprint, members), members, rows))
    return batches


def _place(known: Mapping[str, int] | None, value: Any) -> tuple[int, Any]:
    """Return where a value stands on its axis; numbers that no axis offers come behind, by their size."""
    if known is None:
        return 0, value
    place = known.get(_text(value))
    return (len(known), value) if place is None else (place, 0)


def _key(fingerprint: str, settings: Sequence[Setting]) -> str:
    return hashlib.sha256(_text([_FORMAT, fingerprint, list(settings)]).encode()).hexdigest()


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def _values(study: Study, name: str, values: Any) -> list[Any]:
    study.check_axis(name)
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        values = [values]
    own = [study.value_of(name, value) for value in values]
    if not own:
        raise ValueError(f"the grid has no value for {name}: give at least one, or leave the axis out.")
    seen: set[str] = set()
    for value in own:
        text = _text(value)
        if text in seen:
            raise ValueError(f"the grid has the value {value!r} of {name} twice: give each once.")
        seen.add(text)
    return own
