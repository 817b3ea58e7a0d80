"""A transformer in a folder as representations, one a layer."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any

from w2s_widgets._optional import import_optional
from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders.reading import check_tokenizer_files, readable
from w2s_widgets.encoders.text import TextEncoder, text_part

_WEIGHTS = (
    ".safetensors",
    ".bin",
    ".pt",
    ".pth",
    ".ckpt",
    ".h5",
    ".msgpack",
    ".onnx",
    ".ot",
    ".gguf",
    ".npz",
)
_UNREAD = (".md", ".lock", ".png", ".jpg", ".gitattributes", ".gitignore")
"""Endings of files that no tokenizer and no configuration is in."""

_NOT_NEEDED = ("pooler", "lm_head", "cls.", "classifier", "qa_outputs", "score", "decoder")
"""What parameters are called that no hidden state of the reading part depends on."""


class TransformerEncoder(TextEncoder):
    """A transformer in a local folder, frozen: each layer is a representation of text.

    Nothing is fetched: the folder holds the weights (as safetensors) and the tokenizer.

    Parameters
    ----------
    folder : path-like
        The folder with the files of the model.
    weights_sha256 : str, optional
        What the sha256 of the weights must be.
    name, device, cache, **options
        As for `TextEncoder`.
    """

    def __init__(
        self,
        name: str,
        folder: str | Path,
        device: str | None = None,
        cache: ArrayCache | None = None,
        weights_sha256: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name, device, cache, **options)
        self.folder = Path(folder)
        if not self._weights:
            raise FileNotFoundError(
                f"{self.folder} has no model.safetensors: give the folder of a transformers model "
                "whose weights are saved as safetensors."
            )
        if weights_sha256 is not None and self.fingerprint != weights_sha256:
            raise ValueError(
                f"The weights of {self.name} in {self.folder} are not the expected ones (sha256 begins with "
                f"{self.fingerprint[:12]}, not {weights_sha256[:12]}): install the package again."
            )

    @property
    def _weights(self) -> list[Path]:
        """The one file, or the parts of large weights in their order."""
        one = self.folder / "model.safetensors"
        return [one] if one.is_file() else sorted(self.folder.glob("model-*-of-*.safetensors"))

    @cached_property
    def fingerprint(self) -> str:
        """The sha256 of the weights."""
        digest = hashlib.sha256()
        for path in self._weights:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
        return digest.hexdigest()

    @cached_property
    def reading(self) -> str:
        """The sha256 of what else decides the features: the configuration and the files of the tokenizer."""
        digest = hashlib.sha256()
        # Which files a tokenizer is made of differs between families: all that are no weights count.
        for path in sorted(self.folder.iterdir()):
            if path.is_file() and not path.name.lower().endswith((*_WEIGHTS, *_UNREAD)):
                content = path.read_bytes()
                digest.update(f"{path.name} {len(content)} ".encode() + content)
        return digest.hexdigest()

    @cached_property
    def layers(self) -> range:
        """The layers that can be asked for: 0 (the embedding) up to the number of blocks."""
        try:
            config = json.loads((self.folder / "config.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise ValueError(
                f"{self.folder} has no config.json that can be read: give the folder of a transformers model."
            ) from None
        # What the number of blocks is called differs between families.
        for key in ("num_hidden_layers", "n_layer", "n_layers", "num_layers"):
            if isinstance(config.get(key), int):
                return range(config[key] + 1)
        raise ValueError(f"The config.json in {self.folder} does not tell the number of blocks.")

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        import_optional("torch")
        transformers = import_optional("transformers")
        # transformers draws a bar of its own on stderr while it loads; ours is the only one.
        transformers.utils.logging.disable_progress_bar()
        options = {"local_files_only": True, "trust_remote_code": False}
        check_tokenizer_files(self.folder)
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(self.folder, **options)
            model, found = transformers.AutoModel.from_pretrained(
                self.folder, use_safetensors=True, output_loading_info=True, **options
            )
        except Exception as error:  # each library that reads a part of it has errors of its own
            raise ValueError(
                f"The model in {self.folder} cannot be loaded ({_first_line(error)}): give the folder of a "
                "transformers model with its tokenizer, of a kind that needs no code of its own."
            ) from None
        self._check_weights(model, found)
        return readable(tokenizer), text_part(model.float().to(self._device).eval())

    def _check_weights(self, model: Any, found: Any) -> None:
        """Raise a ``ValueError`` if weights are missing: transformers draws them at random."""
        writes = bool(getattr(model.config, "is_encoder_decoder", False))
        unread = _NOT_NEEDED if writes else _NOT_NEEDED[:-1]
        lacking = [*found.get("missing_keys", ()), *(key[0] for key in found.get("mismatched_keys", ()))]
        missing = sorted(key for key in lacking if not any(word in key for word in unread))
        if missing:
            raise ValueError(
                f"The weights in {self.folder} lack {len(missing)} of those that a {type(model).__name__} "
                f"has, such as {missing[0]}, which would be drawn at random: give the whole model."
            )


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
