"""Any function as an encoder: it takes a list of inputs and returns their features."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders.batches import BatchedEncoder, Pooled, checked_inputs
from w2s_widgets.encoders.modules import OUTPUT


class FunctionEncoder(BatchedEncoder):
    """A function that takes a list of inputs of any kind and returns numbers for each of them.

    Parameters
    ----------
    function : callable
        Returns an array with one row for each input, or a mapping from layers to such arrays.
    layers : sequence, optional
        The layers of the mapping; left out, they are learned from the first input of the first call.
    name : str, optional
        By default the name of the function.
    version : str, optional
        Names the code of the function, as for `ModuleEncoder`.
    cache, batch_size
        As for `ModuleEncoder`.
    """

    def __init__(
        self,
        function: Callable[[list[Any]], Any],
        layers: Sequence[Any] | None = None,
        *,
        name: str | None = None,
        version: str | None = None,
        cache: ArrayCache | None = None,
        batch_size: int = 64,
    ) -> None:
        if not callable(function):
            raise TypeError(f"function is a {type(function).__name__}: give something that can be called.")
        called = str(getattr(function, "__name__", type(function).__name__))
        super().__init__(name or called, cache, batch_size)
        self._function = function
        self._version = version
        self._layers = None if layers is None else tuple(layers)

    @property
    def layers(self) -> tuple[Any, ...]:
        """The layers; none before the first call, if they were not told."""
        return self._layers or ()

    def _checked(self, inputs: Sequence[Any]) -> list[Any]:
        items = checked_inputs(inputs)
        if self._layers is None:
            self._layers = tuple(self._arrays(items[:1]))
        return items

    def _identity(self, inputs: Sequence[Any]) -> Mapping[str, Any] | None:
        return None if self._version is None else {"function": self.name, "version": self._version}

    def _pool(self, inputs: list[Any], layers: list[Any]) -> Pooled:
        found = self._arrays(inputs)
        missing = [layer for layer in layers if layer not in found]
        if missing:
            raise ValueError(
                f"{self.name} returned the layers {', '.join(map(str, found))} and not {missing[0]!r}: "
                "it must return the same layers for all inputs."
            )
        return {layer: found[layer] for layer in layers}

    def _arrays(self, inputs: list[Any]) -> dict[Any, NDArray[Any]]:
        found = self._function(inputs)
        layers = found if isinstance(found, Mapping) else {OUTPUT: found}
        return {layer: _numbers(values, self.name) for layer, values in layers.items()}


def _numbers(values: Any, name: str) -> NDArray[Any]:
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    try:
        return np.asarray(values, dtype=np.float32)
    except (TypeError, ValueError):
        raise TypeError(
            f"{name} returned a {type(values).__name__} that is no table of numbers: return an array with "
            "one row for each input, or a mapping from layers to such arrays."
        ) from None
