"""Any function as an encoder: it takes a list of inputs and returns their features."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders.batches import BatchedEncoder, Pooled, checked_inputs, moved
from w2s_widgets.encoders.content_hash import key_of
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
        Names the code of the function, as for `ModuleEncoder`. Without a name, what the function holds is
        part of the key, too; where that cannot be read, a name is asked for.
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
        self._told = name
        self._identity([])  # what cannot be told is said now, and not when something is encoded
        self._first: tuple[Any, dict[Any, NDArray[Any]]] | None = None
        self._layers = None if layers is None else tuple(layers)

    @property
    def layers(self) -> tuple[Any, ...]:
        """The layers; none before the first call, if they were not told."""
        return self._layers or ()

    def _checked(self, inputs: Sequence[Any]) -> list[Any]:
        items = checked_inputs(inputs)
        if self._layers is None:
            found = self._arrays(items[:1])
            self._layers = tuple(found)
            self._first = (items[0], found)
        return items

    def _identity(self, inputs: Sequence[Any]) -> Mapping[str, Any] | None:
        if self._version is None:
            return None
        # Looked at in each call: what a function holds may have changed in the meantime.
        told = key_of(self._function, self._told, f"the code of {self.name}")
        return {"function": told, "version": self._version}

    def _turn(self) -> Any:
        return contextlib.nullcontext()  # functions may well be called by several threads at once

    def _pool(self, inputs: list[Any], layers: list[Any]) -> Pooled:
        found = self._arrays(inputs)
        missing = [layer for layer in layers if layer not in found]
        if missing:
            raise ValueError(
                f"{self.name} returned the layers {', '.join(map(str, found))} and not {missing[0]!r}: "
                "it must return the same layers for all inputs."
            )
        self._compare(inputs, found)
        return {layer: found[layer] for layer in layers}

    def _compare(self, inputs: list[Any], found: dict[Any, NDArray[Any]]) -> None:
        """Warn if the features of an input depend on what is computed along with it."""
        place = next((i for i, item in enumerate(inputs) if self._first and item is self._first[0]), None)
        if place is None or self._first is None or len(inputs) == 1:
            return
        (_, alone), self._first = self._first, None
        count = (len(inputs),)
        known = [layer for layer in alone if layer in found and np.shape(found[layer])[:1] == count]
        if any(moved(found[layer][place], alone[layer], found[layer]) for layer in known):
            warnings.warn(
                f"{self.name} gives other numbers for an input that is computed alone: its features depend "
                "on which inputs share a call, unless they are drawn at random. Make it look at each input "
                "by itself, or set batch_size to the number of inputs.",
                stacklevel=5,
            )

    def _arrays(self, inputs: list[Any]) -> dict[Any, NDArray[Any]]:
        found = self._function(inputs)
        layers = found if isinstance(found, Mapping) else {OUTPUT: found}
        return {layer: as_numbers(values, self.name) for layer, values in layers.items()}


def as_numbers(values: Any, name: str) -> NDArray[Any]:
    """Return what a function gave as an array of float32, or say that it is none."""
    try:
        return np.asarray(_without_torch(values), dtype=np.float32)
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(
            f"{name} returned a {type(values).__name__} that is no table of numbers: return an array with "
            "one row for each input, or a mapping from layers to such arrays."
        ) from None


def _without_torch(values: Any) -> Any:
    """Return tensors, also in lists, as arrays: numpy has no bfloat16, and reads no gradients."""
    if hasattr(values, "detach") and hasattr(values, "cpu"):
        values = values.detach()
        dense = values.to_dense() if getattr(values, "is_sparse", False) else values
        return dense.float().cpu().numpy()
    if isinstance(values, (list, tuple)):
        return [_without_torch(value) for value in values]
    return values
