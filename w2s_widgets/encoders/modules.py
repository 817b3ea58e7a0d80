"""Any torch module as an encoder: layers by the names of its parts, any kind of input through `collate`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from w2s_widgets._optional import import_optional
from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders.batches import BatchedEncoder, Pooled, checked_inputs, moved
from w2s_widgets.encoders.content_hash import key_of, module_content, state_digest
from w2s_widgets.encoders.devices import choose_device, device_label
from w2s_widgets.encoders.pooling import StopForward, on_device

OUTPUT = "output"
"""The layer that is what the module returns."""


class ModuleEncoder(BatchedEncoder):
    """A torch module, frozen: each layer is what one of its parts returns, pooled to one row an input.

    While it encodes, the module is in evaluation mode and on the chosen device; afterwards it is as it
    was. A part that runs more than once in a pass counts the first time.

    Parameters
    ----------
    module : torch.nn.Module
    layers : sequence of str
        Names of parts, as in ``module.named_modules()``, or ``"output"`` for what the module returns.
    collate : callable, optional
        Turns a list of inputs into what the module takes: a tensor, a tuple of arguments or a mapping of
        keyword arguments. By default arrays, tensors or numbers are stacked.
    pool : callable, optional
        ``pool(values, batch)`` turns what a part returned into a tensor of shape (inputs, width), where
        ``batch`` is what `collate` returned. By default (n, d) is left, (n, tokens, d) is averaged over
        tokens (those of the ``attention_mask``, if the batch has one), and (n, channels, height, width)
        over the places.
    name : str, optional
        By default the class of the module.
    device : str, optional
        ``"cuda"``, ``"mps"`` or ``"cpu"``; by default the first of these that is there.
    version : str, optional
        Names the code of the module, of `collate` and of `pool`, which cannot be read from outside. With
        it, finished batches are kept on disk; change it when the code changes. Without it they are
        kept in memory, until the call has finished. The weights are looked at in any case.
    size_of : callable, optional
        How much there is to compute on one input, such as its length: like ones share a batch.
    cache : ArrayCache, optional
        Where finished batches are kept; by default the user's cache folder.
    batch_size : int
        The most inputs in a batch.
    """

    def __init__(
        self,
        module: Any,
        layers: Sequence[str] = (OUTPUT,),
        *,
        collate: Callable[[list[Any]], Any] | None = None,
        pool: Callable[[Any, Any], Any] | None = None,
        name: str | None = None,
        device: str | None = None,
        version: str | None = None,
        size_of: Callable[[Any], int] | None = None,
        cache: ArrayCache | None = None,
        batch_size: int = 64,
    ) -> None:
        torch = import_optional("torch")
        if not isinstance(module, torch.nn.Module):
            raise TypeError(f"module is a {type(module).__name__}: give a torch.nn.Module.")
        super().__init__(name or type(module).__name__, cache, batch_size, 10**9)
        parts = [OUTPUT, *(part for part, _ in module.named_modules() if part)]
        chosen = (layers,) if isinstance(layers, str) else tuple(layers)
        for layer in chosen:
            if layer not in parts:
                near = difflib.get_close_matches(str(layer), parts, 3, 0.3) or parts[:4]
                raise ValueError(
                    f"{self.name} has no part {layer!r}: choose names of module.named_modules(), such as "
                    f"{', '.join(near)}."
                )
        if not chosen:
            raise ValueError(f"layers is empty: name at least one part of {self.name}, such as {OUTPUT!r}.")
        self._module = module
        self._layers = tuple(dict.fromkeys(chosen))
        self._collate = collate or stacked
        self._pooling = pool or row_each
        self._version = version
        self._code = [
            (name, what, part) for what, part in (("collate", collate), ("pool", pool)) if part is not None
        ]
        _ = None if version is None else self._code_content()
        self._probed = False
        self._size_of = size_of
        self._device = choose_device(device)

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers."""
        return self._layers

    @property
    def device_name(self) -> str:
        """The device that computes, with its maker's name where there is one."""
        return device_label(self._device)

    def _checked(self, inputs: Sequence[Any]) -> list[Any]:
        return checked_inputs(inputs)

    def _identity(self, inputs: Sequence[Any]) -> Mapping[str, Any] | None:
        if self._version is None:
            return None
        return {
            "module": module_content(self._module),
            "weights": state_digest(self._module),
            "version": self._version,
            "code": self._code_content(),
            "dtype": "float32",
        }

    def _code_content(self) -> list[Any]:
        return [[what, key_of(part, name, f"the code of {what}")] for name, what, part in self._code]

    def _sizes(self, inputs: list[Any]) -> list[int]:
        return [1 if self._size_of is None else int(self._size_of(item)) for item in inputs]

    def _ready(self) -> Any:
        return on_device(self._module, self._device)

    def _pool(self, inputs: list[Any], layers: list[Any]) -> Pooled:
        found = self._run(inputs, layers)
        if len(inputs) > 1 and not self._probed:
            self._probed = True
            # The last one has all others before it, should the first axis be time; the first one, the
            # smallest, has most filled up places.
            for place in (-1, 0):
                self._compare(found, place, self._run([inputs[place]], layers))
        return found

    def _compare(self, found: Pooled, place: int, alone: Pooled) -> None:
        """Raise a ``ValueError`` if the features of an input depend on what is computed along with it."""
        for layer, rows in found.items():
            if moved(rows[place], alone[layer], rows):
                raise ValueError(
                    f"The layer {layer} of {self.name} gives other numbers for an input that is computed "
                    "alone: its features depend on which inputs share a batch. Is the first axis of its "
                    "inputs time (then batch_first=True, or a `collate`), or do filled up places count (then "
                    "an attention_mask, or a `pool`)? With batch_size=1 each input is computed alone."
                )

    def _run(self, inputs: list[Any], layers: list[Any]) -> Pooled:
        batch = self._collate(inputs)
        dtype = next(
            (tensor.dtype for tensor in self._module.parameters() if tensor.is_floating_point()), None
        )
        if dtype is not None and self._collate is stacked:
            batch = as_dtype(batch, dtype)
        batch = placed(batch, self._device)
        try:
            return self._passed(batch, layers)
        except RuntimeError as error:
            # Whole numbers are names of tokens to some modules, and quantities to others.
            if (
                dtype is None
                or self._collate is not stacked
                or "type" not in str(error)
                or batch.is_floating_point()
            ):
                raise
        return self._passed(batch.to(dtype), layers)

    def _passed(self, batch: Any, layers: list[Any]) -> Pooled:
        torch = import_optional("torch")
        found: dict[str, Any] = {}

        def after(layer: str) -> Any:
            def look(part: Any, args: Any, values: Any) -> None:
                found.setdefault(layer, self._pooling(tensor_in(values), batch))
                if len(found) == len(layers):
                    raise StopForward

            return look

        parts = dict(self._module.named_modules())
        hooks = [parts[layer].register_forward_hook(after(layer)) for layer in layers if layer != OUTPUT]
        try:
            with torch.inference_mode():
                if isinstance(batch, Mapping):
                    values = self._module(**batch)
                else:
                    values = self._module(*(batch if isinstance(batch, tuple) else (batch,)))
                if OUTPUT in layers:
                    found[OUTPUT] = self._pooling(tensor_in(values), batch)
        except StopForward:
            pass
        finally:
            for hook in hooks:
                hook.remove()
        silent = [layer for layer in layers if layer not in found]
        if silent:
            raise ValueError(f"The part {silent[0]!r} of {self.name} did not run: choose another layer.")
        return {layer: torch.as_tensor(found[layer]).float().cpu().numpy() for layer in layers}


def stacked(inputs: list[Any]) -> Any:
    """Return arrays, tensors or numbers of one shape as one tensor."""
    torch = import_optional("torch")
    try:
        return torch.stack([_tensor(item) for item in inputs])
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(
            f"The inputs ({type(inputs[0]).__name__}) cannot be stacked into one tensor: give `collate`, a "
            "function that turns a list of inputs into what the module takes."
        ) from None


def row_each(values: Any, batch: Any) -> Any:
    """Return one row for each input: averaged over tokens or places, if there are any."""
    if values.ndim <= 2:
        return values
    if values.ndim == 3:
        mask = batch.get("attention_mask") if isinstance(batch, Mapping) else None
        if mask is None:
            return values.mean(1)
        mask = mask.unsqueeze(-1).to(values.dtype)
        return (values * mask).sum(1) / mask.sum(1).clamp(min=1)
    if values.ndim == 4:
        return values.mean((2, 3))
    raise ValueError(
        f"A layer has shape {tuple(values.shape)}: give `pool`, a function that turns it into one row for "
        "each input."
    )


def placed(batch: Any, device: str) -> Any:
    """Return what a module takes, its tensors moved to a device."""
    if isinstance(batch, Mapping):
        return {key: placed(value, device) for key, value in batch.items()}
    if isinstance(batch, (tuple, list)):
        return tuple(placed(value, device) for value in batch)
    return batch.to(device) if hasattr(batch, "to") else batch


def tensor_in(values: Any) -> Any:
    """Return the tensor in what a part of a network returned."""
    if hasattr(values, "last_hidden_state"):
        return values.last_hidden_state
    if isinstance(values, Mapping):
        values = list(values.values())
    if isinstance(values, (tuple, list)) and values:
        return tensor_in(values[0])
    if not hasattr(values, "ndim"):
        raise TypeError(f"A layer returned a {type(values).__name__}: choose one that returns a tensor.")
    return values


def _tensor(item: Any) -> Any:
    torch = import_optional("torch")
    if isinstance(item, torch.Tensor):
        return item
    return torch.as_tensor(np.asarray(item))


def as_dtype(values: Any, dtype: Any) -> Any:
    """Return a tensor of real numbers in the dtype of a module's parameters."""
    return values.to(dtype) if values.is_floating_point() else values
