"""Where encoding runs and in which precision: by what is there and by what it does to the features."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._optional import import_optional

Pooled = Mapping[Any, NDArray[Any]]


def choose_device(device: str | None = None) -> str:
    """Return the device to compute on: the one asked for, or the first of cuda, mps and cpu that is there."""
    torch = import_optional("torch")
    there = [
        name
        for name, available in (
            ("cuda", torch.cuda.is_available()),
            ("mps", torch.backends.mps.is_available()),
        )
        if available
    ] + ["cpu"]
    if device is None:
        return there[0]
    match = re.fullmatch(r"(cuda|mps|cpu)(?::(\d+))?", str(device))
    if match is None:
        raise ValueError(f"device is {str(device)!r}: choose cuda, mps or cpu, or leave it out.")
    kind, number = match.group(1), int(match.group(2) or 0)
    if kind not in there or (kind == "cuda" and number >= torch.cuda.device_count()):
        raise ValueError(
            f"device is {str(device)!r}, which this machine has not got or torch cannot use: "
            f"choose {' or '.join(there)}, or leave it out."
        )
    return str(device)


def device_label(device: str) -> str:
    """Return the device, with its maker's name where it has one."""
    return (
        f"{device} ({import_optional('torch').cuda.get_device_name(device)})"
        if device[:4] == "cuda"
        else device
    )


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that the device, or the machine, has no more memory."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and ("out of memory" in text or "can't allocate memory" in text)


def release_memory() -> None:
    """Give back what torch holds in reserve on a CUDA device, so that a smaller batch finds it."""
    torch = sys.modules.get("torch")  # a callable needs none
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def halves_on(device: str) -> bool:
    """Whether half precision is worth a try: on CUDA, whose tensor cores are made for it."""
    return device.startswith("cuda")


class Precision(NamedTuple):
    """The precision that was decided on, and why, in one sentence."""

    half: bool
    sentence: str

    @property
    def dtype(self) -> str:
        """``"float16"`` or ``"float32"``: what the blocks compute in."""
        return "float16" if self.half else "float32"


def choose_precision(
    full: Callable[[], Pooled], half: Callable[[], Pooled], tolerance: float, device: str = "cuda"
) -> Precision:
    """Decide for half precision if it moves no feature of a probe batch by more than the tolerance.

    Examples
    --------
    >>> exact = {0: np.array([[1.0, -1.0]])}
    >>> rough = {0: np.array([[1.004, -1.0]])}
    >>> choose_precision(lambda: exact, lambda: rough, 0.01).sentence
    "On cuda in half precision: on a probe batch no feature moved by more than 0.004 of its layer's root mean
    square (0.01 is accepted)."
    >>> choose_precision(lambda: exact, lambda: rough, 0.001).half
    False
    """
    moved = largest_move(full(), half())
    if moved <= tolerance:
        return Precision(
            True,
            f"On {device} in half precision: on a probe batch no feature moved by more than {moved:.2g} of "
            f"its layer's root mean square ({tolerance:g} is accepted).",
        )
    return Precision(
        False,
        f"On {device} in single precision: half precision moved a feature by {moved:.2g} of its layer's root "
        f"mean square ({tolerance:g} is accepted).",
    )


def largest_move(exact: Pooled, other: Pooled) -> float:
    """Return the largest difference of two sets of features, in units of each layer's root mean square."""
    moves = [0.0]
    for layer, values in exact.items():
        scale = float(np.sqrt(np.mean(np.square(values, dtype=np.float64)))) or 1.0
        move = float(np.abs(np.asarray(other[layer], np.float64) - values).max()) / scale
        # Half precision that overflowed leaves no number to compare.
        moves.append(move if np.isfinite(move) else float("inf"))
    return max(moves)
