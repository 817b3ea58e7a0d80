"""What an input says, as text for a key: texts, numbers, arrays, tensors, and lists and mappings of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


class UnknownContentError(TypeError):
    """Something whose content cannot be read from outside, so that no key can be made of it."""


def content_of(value: Any) -> Any:
    """Return the content of a value in a form that JSON can write: equal only if the values are."""
    if value is None or type(value) in (str, bool, int, float):
        return value
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": hashlib.sha256(value).hexdigest()}
    if isinstance(value, (list, tuple)):
        return [content_of(part) for part in value]
    if isinstance(value, Mapping):
        return {"map": [[content_of(key), content_of(part)] for key, part in value.items()]}
    if type(value).__module__.split(".")[0] == "torch" and hasattr(value, "detach"):
        value = value.detach().cpu()
        value = (value.float() if str(value.dtype) == "torch.bfloat16" else value).numpy()
    if isinstance(value, (np.ndarray, np.generic)) and not np.asarray(value).dtype.hasobject:
        array = np.ascontiguousarray(value)
        digest = hashlib.sha256(array.tobytes()).hexdigest()
        return {"array": digest, "dtype": array.dtype.str, "shape": list(np.shape(value))}
    raise UnknownContentError(f"The content of a {type(value).__name__} cannot be read from outside.")


def state_digest(model: Any) -> str:
    """Return the sha256 of all parameters and buffers of a torch module, with their names."""
    digest = hashlib.sha256()
    for name, tensor in model.state_dict().items():
        if hasattr(tensor, "detach"):
            digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)} ".encode())
            # A view of bytes: numpy does not know every dtype of torch.
            flat = tensor.detach().cpu().contiguous().flatten()
            digest.update(flat.view(_byte()).numpy().tobytes() if flat.numel() else b"")
        else:
            digest.update(f"{name} {tensor!r} ".encode())
    return digest.hexdigest()


def kinds_of(inputs: Sequence[Any]) -> str:
    """Return what the inputs are, for a sentence."""
    return ", ".join(sorted({type(value).__name__ for value in inputs}))


def _byte() -> Any:
    import torch

    return torch.uint8
