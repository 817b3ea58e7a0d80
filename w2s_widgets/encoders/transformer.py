"""A transformer in a folder as a ladder of representations, of which only the blocks asked for are run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders.interface import Features
from w2s_widgets.encoders.missing import MissingPackageError
from w2s_widgets.progress import Progress

_BATCH = 64
_READING_FILES = (
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "spiece.model",
    "tokenizer.model",
    "sentencepiece.bpe.model",
)


@dataclass(frozen=True)
class TransformerEncoder:
    """A transformer in a local folder, frozen: each layer is a representation of text.

    The representation of an input at layer k is the mean, over its tokens, of the hidden states after
    k blocks; layer 0 is the embedding. Nothing is fetched: the folder holds the weights
    (``model.safetensors``) and the tokenizer.

    Parameters
    ----------
    name : str
        What readers call the model.
    folder : path-like
        The folder with the files of the model.
    device : str, optional
        ``"cuda"``, ``"mps"`` or ``"cpu"``; by default the first of these that is there.
    cache : ArrayCache, optional
        Where finished batches are kept; by default the user's cache folder.
    weights_sha256 : str, optional
        What the sha256 of the weights must be.

    Raises
    ------
    FileNotFoundError
        If the folder has no ``model.safetensors``.
    ValueError
        If the weights are not the expected ones.
    MissingPackageError
        When encoding starts and torch or transformers is missing.
    """

    name: str
    folder: Path
    device: str | None = None
    cache: ArrayCache = field(default_factory=ArrayCache, repr=False)
    weights_sha256: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "folder", Path(self.folder))
        weights = self.folder / "model.safetensors"
        if not weights.is_file():
            raise FileNotFoundError(
                f"{self.folder} has no model.safetensors: give the folder of a transformers model "
                "whose weights are saved as safetensors."
            )
        if self.weights_sha256 is not None and self.fingerprint != self.weights_sha256:
            raise ValueError(
                f"The weights of {self.name} in {self.folder} are not the expected ones (sha256 begins with "
                f"{self.fingerprint[:12]}, not {self.weights_sha256[:12]}): install the package again."
            )

    @cached_property
    def fingerprint(self) -> str:
        """The sha256 of the weights."""
        with (self.folder / "model.safetensors").open("rb") as file:
            digest = hashlib.sha256()
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()

    @cached_property
    def reading(self) -> str:
        """The sha256 of what else decides the features: the configuration and the files of the tokenizer."""
        digest = hashlib.sha256()
        for name in _READING_FILES:
            path = self.folder / name
            if path.is_file():
                content = path.read_bytes()
                digest.update(f"{name} {len(content)} ".encode() + content)
        return digest.hexdigest()

    @cached_property
    def layers(self) -> range:
        """The layers that can be asked for: 0 (the embedding) up to the number of blocks."""
        config = json.loads((self.folder / "config.json").read_text(encoding="utf-8"))
        return range(int(config["num_hidden_layers"]) + 1)

    @cached_property
    def device_name(self) -> str:
        """The device that computes, such as ``"cpu"``; with its maker's name where there is one."""
        torch = _torch()
        device = self._device
        return f"{device} ({torch.cuda.get_device_name()})" if device.startswith("cuda") else device

    def encode(
        self,
        inputs: Sequence[str],
        layers: Sequence[int] | None = None,
        *,
        progress: bool = True,
    ) -> dict[int, Features]:
        """Return the representations of some texts.

        Finished batches are kept in the cache at once. An interrupted call loses at most the batch under
        way, and the same call goes on from there.

        Parameters
        ----------
        inputs : sequence of str
            The texts.
        layers : sequence of int, optional
            Which layers; by default all.
        progress : bool
            Whether to show a progress bar.

        Returns
        -------
        dict of int to numpy.ndarray of shape (n, width)
            For each layer one float32 row for each input, in the order of the inputs.

        Raises
        ------
        ValueError
            If there is no input, or the model has no such layer.
        TypeError
            If an input is not a string.
        MissingPackageError
            If torch or transformers is missing and a batch is not in the cache.
        """
        texts = _checked_texts(inputs)
        chosen = list(self.layers if layers is None else layers)
        if not chosen or any(layer not in self.layers for layer in chosen):
            raise ValueError(f"layers is {layers}: {self.name} has the layers 0 to {self.layers[-1]}.")
        wanted = sorted({int(layer) for layer in chosen})
        # Texts of like length share a batch, so that little is computed on padding.
        order = sorted(range(len(texts)), key=lambda i: (len(texts[i]), texts[i]))
        batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
        rows: dict[int, Features] = {}
        bar = Progress(
            len(texts),
            f"Encoding with {self.name}",
            unit="inputs",
            where="auto" if progress else "nowhere",
        )
        with bar:
            for batch in batches:
                pooled, computed = self._batch([texts[i] for i in batch], wanted)
                for layer in wanted:
                    values = pooled[f"layer{layer}"]
                    rows.setdefault(layer, np.empty((len(texts), values.shape[1]), np.float32))[batch] = (
                        values
                    )
                (bar.advance if computed else bar.skip)(len(batch))
        return rows

    def _batch(self, texts: list[str], layers: list[int]) -> tuple[dict[str, np.ndarray], bool]:
        key = self.cache.key(
            weights=self.fingerprint,
            reading=self.reading,
            layers=layers,
            pooling="masked mean",
            dtype="float32",
            inputs=texts,
        )
        kept = self.cache.load(key)
        if kept is not None:
            return kept, False
        pooled = self._pool(texts, layers)
        self.cache.store(key, pooled)
        return pooled, True

    def _pool(self, texts: list[str], layers: list[int]) -> dict[str, np.ndarray]:
        _torch()
        tokenizer, model = self._loaded
        tokens = tokenizer(texts, padding=True, truncation=True, return_tensors="pt").to(self._device)
        return pooled_layers(model, dict(tokens), layers)

    @cached_property
    def _device(self) -> str:
        if self.device is not None:
            return self.device
        torch = _torch()
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        _torch()
        import transformers

        # transformers draws a bar of its own on stderr while it loads; ours is the only one.
        transformers.utils.logging.disable_progress_bar()
        options = {"local_files_only": True, "trust_remote_code": False}
        tokenizer = transformers.AutoTokenizer.from_pretrained(self.folder, **options)
        model = transformers.AutoModel.from_pretrained(self.folder, use_safetensors=True, **options)
        return tokenizer, model.float().to(self._device).eval()


def pooled_layers(model: Any, tokens: dict[str, Any], layers: Sequence[int]) -> dict[str, np.ndarray]:
    """Return, for each layer, the mean of the hidden states over the tokens; run no block beyond the last.

    Each layer is pooled where it passes, so that no hidden state is kept. A model whose blocks are not one
    list (such as one that uses the same block again and again) is run whole.
    """
    torch = _torch()
    wanted = set(layers)
    mask = tokens["attention_mask"].unsqueeze(-1).float()
    shares = mask / mask.sum(1, keepdim=True)
    pooled: dict[int, Any] = {}

    def keep(layer: int, states: Any) -> None:
        pooled[layer] = (states.float() * shares).sum(1)

    def before(layer: int) -> Any:
        def look(block: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            keep(layer, args[0] if args else kwargs["hidden_states"])
            if layer == max(wanted):
                raise _EnoughError

        return look

    blocks = blocks_of(model)
    with torch.inference_mode():
        if blocks is None:
            states = model(**tokens, output_hidden_states=True).hidden_states
            for layer in wanted:
                keep(layer, states[layer])
        else:
            hooks = [
                block.register_forward_pre_hook(before(layer), with_kwargs=True)
                for layer, block in enumerate(blocks)
                if layer in wanted
            ]
            try:
                last = model(**tokens).last_hidden_state
                if len(blocks) in wanted:
                    keep(len(blocks), last)
            except _EnoughError:
                pass
            finally:
                for hook in hooks:
                    hook.remove()
    return {f"layer{layer}": pooled[layer].cpu().numpy() for layer in layers}


def blocks_of(model: Any) -> Any:
    """Return the list of blocks of a transformer; ``None`` if there is no one such list."""
    torch = _torch()
    lists = [
        module
        for module in model.modules()
        if isinstance(module, torch.nn.ModuleList) and len(module) == model.config.num_hidden_layers
    ]
    return lists[0] if len(lists) == 1 else None


class _EnoughError(Exception):
    """Ends a forward pass after the last layer that is wanted."""


def _torch() -> Any:
    try:
        import torch
        import transformers  # noqa: F401
    except ImportError as error:
        raise MissingPackageError(
            f"Encoding needs torch and transformers, and {error.name} is not installed: "
            'run `pip install -e ".[models]"` in the folder of this project.'
        ) from None
    return torch


def _checked_texts(inputs: Sequence[str]) -> list[str]:
    if isinstance(inputs, str):
        raise TypeError("inputs is one string: give a list of strings.")
    texts = list(inputs)
    if not texts:
        raise ValueError("inputs is empty: give at least one text.")
    wrong = next((i for i, text in enumerate(texts) if not isinstance(text, str)), None)
    if wrong is not None:
        raise TypeError(f"input {wrong} is {type(texts[wrong]).__name__}, not text: give a list of strings.")
    return texts
