"""Carried feature files: representations of several data sets as small whole numbers, written and read.

Each representation is reduced by a `Projection`, which is in the file too, so that the features of any input
can be computed from the models and compared. No truth is used for any of it, and the file holds numbers only:
no text and no pickles.

The directions are fitted on the rows of one data set, or on the rows of several together. One data set's own
directions waste no width on what only varies elsewhere, so that is the choice for sets of different kinds
(and a few hundred molecules beside ten thousand others would have no say). Directions of all sets together
are kept once, which leaves room for more of them: the choice for sets of one kind, such as sentences.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.cache import DAMAGES, array_bytes, read_arrays, write_atomically
from w2s_widgets.datasets.quantised_features import STEPS_PER_DEVIATION, Projection, principal_projection

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_SHARED = "every_set"


@dataclass(frozen=True)
class FeatureSet:
    """One data set of a feature file."""

    rows: NDArray[Any]
    """Row of each input in its source, which is read from elsewhere: the file has no inputs."""
    groups: NDArray[Any]
    """Inputs with the same number are the same thing, and must never be in two parts of a split."""
    inputs_sha256: bytes
    """Checksum of the inputs as text, one a line (`inputs_checksum`)."""
    truths: Mapping[str, NDArray[Any]]
    """What can be asked about the inputs, each in its own unit."""
    steps: Mapping[str, NDArray[Any]]
    """Features of each representation, in steps of a 16th of a standard deviation."""
    projections: Mapping[str, Projection]
    """What made them from the numbers of the models."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """Single numbers that belong to the set, such as the noise of its truth."""

    def __len__(self) -> int:
        return len(self.rows)

    def representation(self, name: str, width: int | None = None) -> FloatArray:
        """Return features in standard deviations, shape (n, width), the largest share of variance first."""
        if name not in self.steps:
            raise ValueError(f"representation is {name!r}: choose one of {', '.join(self.steps)}.")
        steps = self.steps[name]
        kept = steps.shape[1]
        if width is not None and not 1 <= width <= kept:
            raise ValueError(f"width is {width}: {name} has 1 to {kept} directions in the file.")
        features: FloatArray = steps[:, :width].astype(np.float64) / STEPS_PER_DEVIATION
        return features

    def truth(self, name: str) -> FloatArray:
        """Return one truth of every input, shape (n,), in its unit."""
        if name not in self.truths:
            raise ValueError(f"truth is {name!r}: choose one of {', '.join(self.truths)}.")
        return self.truths[name].astype(np.float64)


@dataclass(frozen=True)
class FeatureFile:
    """The content of a carried file: data sets by name."""

    sets: Mapping[str, FeatureSet]

    def data_set(self, name: str) -> FeatureSet:
        """Return one data set."""
        if name not in self.sets:
            raise ValueError(f"data set is {name!r}: choose one of {', '.join(self.sets)}.")
        return self.sets[name]

    def save(self, path: Path) -> None:
        """Write the file in one step; the same content always gives the same bytes."""
        names = {name for content in self.sets.values() for name in (*content.truths, *content.steps)}
        for name in sorted({*self.sets, *names}):
            if not _NAME.fullmatch(name):
                raise ValueError(
                    f"{name!r} cannot be a name in the file: use letters, digits, hyphens and underscores."
                )
        arrays: dict[str, NDArray[Any]] = {}
        for name, projection in _common_projections(self.sets).items():
            arrays[f"{_SHARED}.{name}.mean"] = projection.mean
            arrays[f"{_SHARED}.{name}.directions"] = projection.directions
        for set_name, content in self.sets.items():
            arrays[f"{set_name}.rows"] = content.rows.astype(np.int32)
            arrays[f"{set_name}.groups"] = content.groups.astype(np.int32)
            arrays[f"{set_name}.inputs_sha256"] = np.frombuffer(content.inputs_sha256, dtype=np.uint8)
            for name, truth in content.truths.items():
                arrays[f"{set_name}.{name}.truth"] = truth.astype(np.float32)
            for name, number in content.numbers.items():
                arrays[f"{set_name}.{name}.number"] = np.array(number, dtype=np.float64)
            for name, steps in content.steps.items():
                arrays[f"{set_name}.{name}.steps"] = steps.astype(np.int8)
                if f"{_SHARED}.{name}.mean" not in arrays:
                    arrays[f"{set_name}.{name}.mean"] = content.projections[name].mean
                    arrays[f"{set_name}.{name}.directions"] = content.projections[name].directions
        write_atomically(path, array_bytes(arrays))


def read_feature_file(path: Path, command: str) -> FeatureFile:
    """Read a file that ``command`` makes; its arrays cannot be changed."""
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: {_remedy(command)}")
    try:
        return FeatureFile(_sets(read_arrays(path.read_bytes())))
    except (IndexError, *DAMAGES):
        raise ValueError(f"{path} is damaged or no file of features: {_remedy(command)}") from None


@lru_cache(maxsize=4)
def carried_file(file_name: str, command: str) -> FeatureFile:
    """Read a file of features that the package carries, once."""
    return read_feature_file(Path(str(resources.files("w2s_widgets") / "data" / file_name)), command)


def feature_set(
    raw: Mapping[str, NDArray[Any]],
    widths: Mapping[str, int],
    *,
    rows: NDArray[Any],
    groups: NDArray[Any],
    inputs: Sequence[str],
    truths: Mapping[str, NDArray[Any]],
    numbers: Mapping[str, float] | None = None,
    projections: Mapping[str, Projection] | None = None,
) -> FeatureSet:
    """Reduce raw features of one data set, by given directions or its own, to what a file carries."""
    count = len(inputs)
    for name, values in {**raw, **truths, "rows": rows, "groups": groups}.items():
        if len(values) != count:
            raise ValueError(f"{name} has {len(values)} rows for {count} inputs: give one row for each.")
    fitted = dict(projections or {})
    for name, width in widths.items():
        if name not in fitted:
            fitted[name] = principal_projection(raw[name], width)
    return FeatureSet(
        rows=rows,
        groups=groups,
        inputs_sha256=inputs_checksum(inputs),
        truths={name: np.asarray(truth, dtype=np.float32) for name, truth in truths.items()},
        steps={name: fitted[name].steps(raw[name]) for name in widths},
        projections={name: fitted[name] for name in widths},
        numbers=dict(numbers or {}),
    )


def inputs_checksum(inputs: Sequence[str]) -> bytes:
    """Return the sha256 of inputs as text, one a line."""
    return hashlib.sha256("\n".join(inputs).encode()).digest()


def _common_projections(sets: Mapping[str, FeatureSet]) -> dict[str, Projection]:
    """Projections that several data sets have, and that all which have them have alike."""
    found: dict[str, list[Projection]] = {}
    for content in sets.values():
        for name, projection in content.projections.items():
            found.setdefault(name, []).append(projection)
    return {
        name: alike[0]
        for name, alike in found.items()
        if len(alike) > 1
        and all(
            np.array_equal(alike[0].mean, other.mean)
            and np.array_equal(alike[0].directions, other.directions)
            for other in alike[1:]
        )
    }


def _sets(arrays: dict[str, NDArray[Any]]) -> dict[str, FeatureSet]:
    for array in arrays.values():
        array.flags.writeable = False
    set_names = [key.removesuffix(".rows") for key in arrays if key.endswith(".rows") and key.count(".") == 1]
    if not set_names:
        raise ValueError("no data set")

    def named(set_name: str, kind: str) -> list[str]:
        before, after = f"{set_name}.", f".{kind}"
        return [
            key[len(before) : -len(after)]
            for key in arrays
            if key.startswith(before) and key.endswith(after) and key.count(".") == 2
        ]

    def projection(set_name: str, name: str) -> Projection:
        home = set_name if f"{set_name}.{name}.mean" in arrays else _SHARED
        return Projection(arrays[f"{home}.{name}.mean"], arrays[f"{home}.{name}.directions"])

    return {
        set_name: FeatureSet(
            rows=arrays[f"{set_name}.rows"],
            groups=arrays[f"{set_name}.groups"],
            inputs_sha256=arrays[f"{set_name}.inputs_sha256"].tobytes(),
            truths={name: arrays[f"{set_name}.{name}.truth"] for name in named(set_name, "truth")},
            steps={name: arrays[f"{set_name}.{name}.steps"] for name in named(set_name, "steps")},
            projections={name: projection(set_name, name) for name in named(set_name, "steps")},
            numbers={name: float(arrays[f"{set_name}.{name}.number"]) for name in named(set_name, "number")},
        )
        for set_name in set_names
    }


def _remedy(command: str) -> str:
    return f"install the package again, or make the file with `{command}`."
