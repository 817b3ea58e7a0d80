"""What an encoder is: a name, layers, and one array of features for each layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float32]


@runtime_checkable
class Encoder(Protocol):
    """Anything that turns inputs into representations: with these three it can stand for a model.

    Attributes
    ----------
    name : str
        What readers call it.
    layers : sequence
        The layers that can be asked for: numbers or names.

    Examples
    --------
    >>> class Lengths:
    ...     name, layers = "lengths", (0,)
    ...
    ...     def encode(self, inputs, layers=None, *, progress=True):
    ...         return {0: np.array([[len(text)] for text in inputs], np.float32)}
    >>> isinstance(Lengths(), Encoder)
    True
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def layers(self) -> Sequence[Any]: ...  # noqa: D102

    def encode(
        self, inputs: Sequence[Any], layers: Sequence[Any] | None = None, *, progress: bool = True
    ) -> Mapping[Any, Features]:
        """Return, for each layer, a float32 array with one row for each input, in their order."""
        ...
