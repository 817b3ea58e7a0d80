"""Models that read texts and are already in memory: a transformer with its tokenizer, a sentence model."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders.batches import BatchedEncoder, Pooled, checked_texts
from w2s_widgets.encoders.content_hash import module_content, state_digest
from w2s_widgets.encoders.devices import choose_device, device_label
from w2s_widgets.encoders.functions import as_numbers
from w2s_widgets.encoders.modules import OUTPUT
from w2s_widgets.encoders.pooling import on_device
from w2s_widgets.encoders.reading import readable, tokenizer_content
from w2s_widgets.encoders.text import TextEncoder, text_part


class LoadedEncoder(TextEncoder):
    """A transformer and its tokenizer that are already in memory.

    While it encodes, the model is in evaluation mode and on the chosen device; afterwards it is as it was.

    Parameters
    ----------
    model, tokenizer
        As transformers loads them.
    name : str, optional
        What readers call it; by default the name that it was loaded under.
    device, cache, **options
        As for `TextEncoder`.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        name: str | None = None,
        device: str | None = None,
        cache: ArrayCache | None = None,
        **options: Any,
    ) -> None:
        if not isinstance(getattr(getattr(model, "config", None), "num_hidden_layers", None), int):
            raise TypeError(
                f"The {type(model).__name__} is no transformer: it has no config.num_hidden_layers."
            )
        if not callable(tokenizer) or not hasattr(tokenizer, "pad_token"):
            raise TypeError(f"tokenizer is a {type(tokenizer).__name__}: give the tokenizer of the model.")
        loaded_as = Path(str(getattr(model, "name_or_path", "") or "")).name
        super().__init__(name or loaded_as or type(model).__name__, device, cache, **options)
        self._whole, self._tokenizer = model, readable(copy.deepcopy(tokenizer))

    @property
    def fingerprint(self) -> str:
        """The sha256 of the weights as they are now."""
        return state_digest(self._whole)

    @property
    def reading(self) -> str:
        """The sha256 of the configuration, the kind of model, and what the tokenizer does now."""
        kind = [type(self._whole).__name__, repr(self._whole), self._whole.config.to_json_string()]
        text = json.dumps([*kind, tokenizer_content(self._tokenizer)])
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def layers(self) -> range:
        """The layers that can be asked for: 0 (the embedding) up to the number of blocks."""
        return range(int(self._whole.config.num_hidden_layers) + 1)

    @property
    def _loaded(self) -> tuple[Any, Any]:
        return self._tokenizer, text_part(self._whole)

    def _ready(self) -> Any:
        return on_device(self._whole, self._device)


def is_sentence_model(model: Any) -> bool:
    """Whether a model has the face of sentence-transformers: it reads sentences by itself."""
    return (
        hasattr(model, "state_dict")
        and callable(getattr(model, "encode", None))
        and hasattr(model, "tokenizer")
    )


class SentenceEncoder(BatchedEncoder):
    """A model of sentence-transformers: texts in, the rows of its own ``encode`` out.

    Parameters
    ----------
    model : SentenceTransformer
        With its tokenizer, pooling and prompts, as it was loaded.
    name, device, cache, batch_size
        As for `ModuleEncoder`.
    """

    def __init__(
        self,
        model: Any,
        name: str | None = None,
        device: str | None = None,
        cache: ArrayCache | None = None,
        batch_size: int = 64,
    ) -> None:
        super().__init__(name or type(model).__name__, cache, batch_size)
        self._model = model
        self._device = choose_device(device)

    @property
    def layers(self) -> tuple[str, ...]:
        """The one layer that there is: ``"output"``."""
        return (OUTPUT,)

    @property
    def device_name(self) -> str:
        """The device that computes, with its maker's name where there is one."""
        return device_label(self._device)

    def _checked(self, inputs: Sequence[Any]) -> list[Any]:
        return checked_texts(inputs)

    def _identity(self, inputs: Sequence[Any]) -> Mapping[str, Any]:
        told = {
            key: str(getattr(self._model, key, None))
            for key in ("prompts", "default_prompt_name", "truncate_dim")
        }
        return {
            "weights": state_digest(self._model),
            "sentences": module_content(self._model),
            "reading": tokenizer_content(self._model.tokenizer),
            "length": str(getattr(self._model, "max_seq_length", None)),
            **told,
        }

    def _sizes(self, inputs: list[Any]) -> list[int]:
        return [len(text) for text in inputs]

    def _ready(self) -> Any:
        return on_device(self._model, self._device)

    def _pool(self, inputs: list[Any], layers: list[Any]) -> Pooled:
        rows = self._model.encode(
            inputs, batch_size=len(inputs), show_progress_bar=False, device=self._device
        )
        return {OUTPUT: as_numbers(rows, self.name)}
