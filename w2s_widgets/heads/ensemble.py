"""What classes made of given heads share: `HullHead` mixes them, `FiniteHead` chooses one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

import numpy as np

from w2s_widgets._validation import FloatArray, as_float_array
from w2s_widgets.heads.base import Head

GivenHeadsT = TypeVar("GivenHeadsT", bound="FixedHeads")


class FixedHeads(Head):
    """A class that is made of heads which are fitted already, and which it never fits again."""

    _parameters: ClassVar[tuple[str, ...]] = ("heads",)
    _smallest: ClassVar[int]

    def __init__(self, heads: Sequence[Any]) -> None:
        self._check({"heads": heads})
        self.heads = heads

    def _check(self, parameters: dict[str, Any]) -> None:
        heads = parameters["heads"]
        if isinstance(heads, (str, bytes)) or not isinstance(heads, Sequence):
            raise TypeError(f"heads is {heads!r}: give a list of fitted heads.")
        if len(heads) < self._smallest:
            raise ValueError(
                f"heads has {len(heads)} entries: give a list of at least {self._smallest} fitted heads."
            )
        for place, head in enumerate(heads):
            if isinstance(head, type) or not callable(getattr(head, "predict", None)):
                raise TypeError(
                    f"heads[{place}] is {head!r}, which cannot predict: give fitted heads, "
                    "objects with predict(X)."
                )

    def __sklearn_clone__(self: GivenHeadsT) -> GivenHeadsT:
        # scikit-learn would unfit the given heads, and the class would be gone.
        return type(self)(self.heads)

    def _solve(self, X: FloatArray, y: FloatArray) -> dict[str, Any]:
        given = self._given_values(X, outputs=y.shape[1])
        return self._choose(np.broadcast_to(given, (len(given), *y.shape)), y)

    @abstractmethod
    def _choose(self, given: FloatArray, y: FloatArray) -> dict[str, Any]:
        """Return the fitted attributes; ``given`` has shape (heads, n, outputs), y (n, outputs)."""

    def _given_values(self, X: FloatArray, outputs: int) -> FloatArray:
        """Return the given heads' values, shape (heads, n, outputs) or (heads, n, 1) if they are shared."""
        columns = []
        for place, head in enumerate(self.heads):
            values = as_float_array(head.predict(X), f"the prediction of heads[{place}]")
            if len(values) != len(X) or (values.ndim == 2 and values.shape[1] not in (1, outputs)):
                raise ValueError(
                    f"heads[{place}] predicts an array of shape {values.shape} for {len(X)} inputs and "
                    f"{outputs} outputs: give heads with one value, or one for each output, for each input."
                )
            columns.append(values.reshape(len(X), -1))
        widest = max(column.shape[1] for column in columns)
        return np.stack([np.broadcast_to(column, (len(X), widest)) for column in columns])
