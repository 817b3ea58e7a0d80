"""`CarriedStudy`: a study of features that the package carries, written and sent as a recipe."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from w2s_widgets.studies.features.study import FeatureStudy
from w2s_widgets.studies.split import IntArray
from w2s_widgets.studies.study import call_of


class CarriedStudy(FeatureStudy):
    """A `FeatureStudy` that is made again from the name of its data and some options."""

    _options: ClassVar[tuple[str, ...]]
    _round_all: ClassVar[bool] = True
    _recipe: tuple[str, dict[str, Any]]

    @property
    def code(self) -> str:
        """The expression in Python that makes this study."""
        data, options = self._recipe
        return call_of(self, options, json.dumps(data))

    def __reduce__(self) -> tuple[Any, ...]:
        # A worker reads the file itself: cheaper than to send it all its numbers.
        return _again, (type(self), *self._recipe)

    def _check_options(self, options: dict[str, Any]) -> None:
        for name in options:
            if name not in self._options:
                raise TypeError(f"there is no option {name!r}: choose from {', '.join(self._options)}.")

    def _chosen(self, indices: Sequence[int] | IntArray) -> IntArray:
        chosen = np.asarray(indices, dtype=np.int64)
        if chosen.size and not (chosen.min() >= 0 and chosen.max() < len(self.truth)):
            raise ValueError(f"indices go outside the set: give numbers from 0 to {len(self.truth) - 1}.")
        return chosen


def _again(kind: type[CarriedStudy], data: str, options: dict[str, Any]) -> CarriedStudy:
    made: Any = kind
    return made(data, **options)  # type: ignore[no-any-return]
