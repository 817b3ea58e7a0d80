"""What transformers that read text share: tokens, pooled hidden states, and the precision they run in."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from w2s_widgets._optional import import_optional, installed_version
from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders.batches import BatchedEncoder, Pooled, checked_texts, moved
from w2s_widgets.encoders.devices import (
    Precision,
    choose_device,
    choose_precision,
    device_label,
    halves_on,
)
from w2s_widgets.encoders.pooling import pooled_layers, whole_layers
from w2s_widgets.encoders.reading import check_tokens, longest

TOLERANCE = 0.01
"""How far half precision may move a feature, in units of its layer's root mean square."""

_PROBE = 8
"""Texts in the batch on which half precision is tried."""


class TextEncoder(BatchedEncoder):
    """What the transformers from a folder and the loaded ones share: texts in, pooled hidden states out.

    The representation of an input at layer k is the mean, over its tokens, of the hidden states after
    k blocks; layer 0 is the embedding. A text longer than the model can read is cut.

    Parameters
    ----------
    name, device, cache, batch_size
        As for `ModuleEncoder`.
    precision : {"auto", "float32"}
        ``"auto"`` computes in half precision on CUDA where that moves no feature of a probe batch by
        more than ``tolerance``; elsewhere, and with ``"float32"``, in single precision.
    tolerance : float
        In units of the root mean square of the layer.
    """

    def __init__(
        self,
        name: str,
        device: str | None = None,
        cache: ArrayCache | None = None,
        *,
        precision: str = "auto",
        tolerance: float = TOLERANCE,
        batch_size: int = 64,
    ) -> None:
        super().__init__(name, cache, batch_size)
        if precision not in ("auto", "float32"):
            raise ValueError(f"precision is {precision!r}: choose auto or float32.")
        if not tolerance >= 0:
            raise ValueError(f"tolerance is {tolerance}: give a number, 0 or more.")
        self.device = device
        if device is not None and device != "cpu":
            choose_device(device)
        self.precision = precision
        self.tolerance = float(tolerance)
        self._probed, self._run_whole = False, False
        self.decision: Precision | None = None
        """The precision of the last call and the reason for it, in one sentence."""

    @property
    def fingerprint(self) -> str:
        """The sha256 of the weights."""
        raise NotImplementedError

    @property
    def reading(self) -> str:
        """The sha256 of what else decides the features: configuration and tokenizer."""
        raise NotImplementedError

    @property
    def _loaded(self) -> tuple[Any, Any]:
        raise NotImplementedError

    @cached_property
    def device_name(self) -> str:
        """The device that computes, such as ``"cpu"``; with its maker's name where there is one."""
        return device_label(self._device)

    @cached_property
    def _device(self) -> str:
        return choose_device(self.device)

    def _checked(self, inputs: Sequence[Any]) -> list[str]:
        return checked_texts(inputs)

    def _label(self) -> str:
        return super()._label() + (" in half precision" if self._half else "")

    def _identity(self, inputs: Sequence[Any]) -> Mapping[str, Any]:
        self.decision = self._decide(list(inputs))
        return {
            "weights": self.fingerprint,
            "reading": self.reading,
            "pooling": "masked mean",
            "transformers": installed_version("transformers").partition(".")[0],
            "dtype": self.decision.dtype,
        }

    def _decide(self, texts: list[str]) -> Precision:
        if self.precision == "float32":
            return Precision(False, "In single precision, as asked for.")
        try:
            device = self._device
        except ImportError:  # what is kept can be read without torch
            return Precision(False, "In single precision.")
        if not halves_on(device):
            return Precision(False, f"On {device} in single precision: half is tried on CUDA only.")
        if self.decision is not None:
            return self.decision
        probe = sorted(set(texts), key=len)
        probe = probe[:: max(1, len(probe) // _PROBE)][:_PROBE]
        layers = list(self.layers)

        def computed(half: bool) -> Pooled:
            self.decision = Precision(half, "")
            parts = self._fitting(probe, layers)
            return {layer: parts[f"layer{number}"] for number, layer in enumerate(layers)}

        try:
            with self._ready():
                exact = computed(False)
                try:
                    return choose_precision(
                        lambda: exact, lambda: computed(True), self.tolerance, self.device_name
                    )
                except ValueError:  # not finite: it overflows
                    return Precision(
                        False, f"On {self.device_name} in single precision: half precision overflows."
                    )
        finally:
            self.decision = None

    def _sizes(self, inputs: list[str]) -> list[int]:
        import_optional("torch")
        tokenizer, model = self._loaded
        limit = longest(tokenizer, model)
        sizes: list[int] = []
        for start in range(0, len(inputs), 1000):
            tokens = tokenizer(inputs[start : start + 1000], truncation=True, max_length=limit)["input_ids"]
            check_tokens(tokens, tokenizer, self.name)
            sizes.extend(map(len, tokens))
        return sizes

    def _pool(self, inputs: list[Any], layers: list[Any]) -> Pooled:
        torch = import_optional("torch")
        placed = self._tokens(inputs)
        if not self._half:
            return self._proved(inputs, layers, placed)
        with torch.autocast(self._device.split(":")[0], dtype=torch.float16):
            pooled = self._taken(placed, layers)
        if self.decision is not None and self.decision.sentence and not all_finite(pooled):
            return self._taken(placed, layers)
        return pooled

    def _tokens(self, inputs: list[Any]) -> dict[str, Any]:
        """Return what the model takes for some texts, on its device."""
        torch = import_optional("torch")
        tokenizer, model = self._loaded
        tokens = tokenizer(
            inputs,
            padding=True,
            truncation=True,
            max_length=longest(tokenizer, model),
            return_attention_mask=True,
            return_tensors="pt",
        )
        taken = inspect.signature(model.forward).parameters
        if tokens["input_ids"].shape[1] == 0:
            # No text has a token, and of nothing no model makes anything: one that is not to be read.
            filler = {"input_ids": tokenizer.pad_token_id or 0}
            shape = (len(inputs), 1)
            for name in tokens:
                tokens[name] = torch.full(shape, filler.get(name, 0), dtype=torch.long)
        return {
            name: values.to(self._device)
            for name, values in tokens.items()
            if name in taken or name == "attention_mask"
        }

    def _taken(self, placed: dict[str, Any], layers: list[Any]) -> Pooled:
        model = self._loaded[1]
        # A family may hand its blocks something else than hidden states of texts by tokens.
        return (whole_layers if self._run_whole else pooled_layers)(model, placed, layers)

    def _proved(self, inputs: list[Any], layers: list[Any], placed: dict[str, Any]) -> Pooled:
        """Compute a batch, and the first time one text of it alone: it must come out the same."""
        single = next((i for i, row in enumerate(placed["attention_mask"].sum(1).tolist()) if row), None)
        if single is None and not self._probed:
            return whole_layers(self._loaded[1], placed, layers)  # nothing to prove it on
        if self._probed or single is None:
            return self._taken(placed, layers)
        alone = whole_layers(self._loaded[1], self._tokens([inputs[single]]), layers)
        for whole in (False, True):
            self._run_whole = whole
            try:
                found = self._taken(placed, layers)
            except (AttributeError, IndexError, KeyError, TypeError, ValueError):
                if whole:
                    raise
                continue
            if not any(moved(found[layer][single], alone[layer], found[layer]) for layer in layers):
                self._probed = True
                return found
        raise ValueError(
            f"{self.name} gives other numbers for a text that is computed alone: what it fills up shorter "
            "texts with counts, so its features would depend on which texts share a batch. With batch_size=1 "
            "each text is computed alone."
        )

    @property
    def _half(self) -> bool:
        return self.decision is not None and self.decision.half


def text_part(model: Any) -> Any:
    """Return the part that reads: without a head, and of a model that also writes its first half."""
    if hasattr(model, "peft_config") and hasattr(model, "get_base_model"):
        model = model.get_base_model()  # adapters stay inside it
    base = getattr(model, "base_model", None)
    reader = model if base is None else base
    if getattr(reader.config, "is_encoder_decoder", False) and hasattr(reader, "get_encoder"):
        return reader.get_encoder()
    return reader


def all_finite(pooled: Pooled) -> bool:
    """Whether all features are numbers, as they are not where half precision overflowed."""
    return all(bool(np.isfinite(values).all()) for values in pooled.values())
