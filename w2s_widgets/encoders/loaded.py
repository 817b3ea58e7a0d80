"""A transformer that is already in memory as representations, one a layer."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders.content_hash import state_digest
from w2s_widgets.encoders.pooling import on_device
from w2s_widgets.encoders.text import TextEncoder, readable, text_part


class LoadedEncoder(TextEncoder):
    """A transformer and its tokenizer that are already in memory.

    While it encodes, the model is in evaluation mode and on the chosen device; afterwards it is as it was.

    Parameters
    ----------
    model : transformers.PreTrainedModel
        The model.
    tokenizer : transformers.PreTrainedTokenizerBase
        Its tokenizer.
    name : str, optional
        What readers call it; by default the name that it was loaded under.
    device, cache, **options
        As for `TextEncoder`.

    Raises
    ------
    TypeError
        If the model has no configuration that tells its number of blocks, or the tokenizer is none.
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
        """The sha256 of the configuration and the tokenizer."""
        backend = getattr(self._tokenizer, "backend_tokenizer", None)
        if backend is None:
            told: Any = sorted(self._tokenizer.get_vocab().items())
        else:
            # How long the last texts were cut and filled up to is kept with the tokenizer, and says nothing.
            told = {**json.loads(backend.to_str()), "truncation": None, "padding": None}
        settings = {name: str(value) for name, value in self._tokenizer.init_kwargs.items()}
        text = json.dumps([self._whole.config.to_json_string(), told, settings, type(self._whole).__name__])
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
