"""`encoder`: one call that makes an encoder of whatever one has."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from w2s_widgets.encoders.bundled import carried_minilm, carried_mpnet
from w2s_widgets.encoders.functions import FunctionEncoder
from w2s_widgets.encoders.hub import hub_folder
from w2s_widgets.encoders.interface import Encoder
from w2s_widgets.encoders.loaded import LoadedEncoder, SentenceEncoder, is_sentence_model
from w2s_widgets.encoders.modules import ModuleEncoder
from w2s_widgets.encoders.transformer import TransformerEncoder

CARRIED: dict[str, Callable[..., TransformerEncoder]] = {"minilm": carried_minilm, "mpnet": carried_mpnet}

_TEXT = ("name", "device", "cache", "precision", "tolerance", "batch_size")
_ACCEPTED = {
    "a carried model": ("device", "cache", "precision", "tolerance", "batch_size"),
    "a model in a folder": _TEXT,
    "a model of the hub": (*_TEXT, "download"),
    "a loaded transformer": (*_TEXT, "tokenizer"),
    "a sentence model": ("name", "device", "cache", "batch_size", "tokenizer"),
    "a torch module": (
        "layers", "collate", "pool", "name", "device", "version", "size_of", "cache", "batch_size",
    ),
    "a function": ("layers", "name", "version", "cache", "batch_size"),
    "an encoder": (),
}  # fmt: skip


def encoder(model: Any, **options: Any) -> Encoder:
    """Make an encoder of a model, whatever it is.

    Parameters
    ----------
    model : str, path-like, torch.nn.Module, tuple, callable or Encoder
        - ``"minilm"`` or ``"mpnet"``: the models that packages carry;
        - a folder, or the name of a model on the Hugging Face hub;
        - a loaded transformer, as ``(model, tokenizer)`` or with the option ``tokenizer``, without or with
          a head; or a model of sentence-transformers, whose own ``encode`` is asked;
        - any torch module, or any function from a list of inputs to an array or a mapping of arrays;
        - something with ``name``, ``layers`` and ``encode``, which is returned as it is.
    **options
        ``device``, ``cache``, ``batch_size``, ``name``; for transformers ``precision``, ``tolerance`` and
        ``tokenizer``; for names on the hub ``download`` (True, False or ``"ask"``, the default); for
        modules and functions ``layers`` and ``version``, for modules ``collate``, ``pool`` and ``size_of``.
        See `TextEncoder`, `ModuleEncoder` and `FunctionEncoder`.

    Returns
    -------
    Encoder
        With ``name``, ``layers`` and ``encode(inputs, layers=None, progress=True)``.

    Raises
    ------
    TypeError
        If there is no way to make an encoder of it, or an option does not apply.
    ValueError
        If there is no model of this name, or a setting is wrong.
    FileNotFoundError
        If the model is not on this machine and may not be fetched, or a folder has no safe weights.
    MissingPackageError
        If a package is missing.

    Examples
    --------
    >>> lengths = encoder(lambda texts: [[len(text)] for text in texts], name="lengths")
    >>> lengths.encode(["lemon", "idea"], progress=False)["output"].tolist()
    [[5.0], [4.0]]
    """
    given = {key: value for key, value in options.items() if value is not None}
    if isinstance(model, tuple) and len(model) == 2 and "tokenizer" not in given:
        model, given["tokenizer"] = model
    kind = _kind(model, given)
    for option in given:
        if option not in _ACCEPTED[kind]:
            near = difflib.get_close_matches(option, _ACCEPTED[kind], 1)
            hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(_ACCEPTED[kind]) or 'none'}."
            raise TypeError(f"{option} is no option of {kind}: {hint}")
    if kind == "a carried model":
        return CARRIED[model](given.pop("device", None), given.pop("cache", None), **given)
    if kind == "a model in a folder":
        folder = Path(model).expanduser()
        return TransformerEncoder(given.pop("name", folder.resolve().name), folder, **given)
    if kind == "a model of the hub":
        folder = hub_folder(model, given.pop("download", "ask"))
        return TransformerEncoder(given.pop("name", model.rsplit("/", 1)[-1]), folder, **given)
    if kind == "a loaded transformer":
        return LoadedEncoder(model, given.pop("tokenizer"), **given)
    if kind == "a sentence model":
        given.pop("tokenizer", None)  # it has its own
        return SentenceEncoder(model, **given)
    if kind == "a torch module":
        return ModuleEncoder(model, **given)
    if kind == "a function":
        return FunctionEncoder(model, **given)
    found: Encoder = model
    return found


def _kind(model: Any, given: dict[str, Any]) -> str:
    if isinstance(model, str) and model in CARRIED:
        return "a carried model"
    if isinstance(model, (str, Path)):
        folder = Path(model).expanduser()
        if folder.is_dir() or isinstance(model, Path):
            return "a model in a folder"
        if folder.is_file():
            raise ValueError(f"{model} is a file and no model: give the folder that a model is in.")
        return "a model of the hub"
    if is_sentence_model(model):
        return "a sentence model"
    if "tokenizer" in given:
        return "a loaded transformer"
    torch = sys.modules.get("torch")  # nobody has a module without it
    if torch is not None and isinstance(model, torch.nn.Module):
        if hasattr(model, "config") and "collate" not in given:
            raise TypeError(
                f"The {type(model).__name__} needs its tokenizer: give (model, tokenizer), or `collate` for "
                "inputs that are not text."
            )
        return "a torch module"
    if isinstance(model, Encoder) and not isinstance(model, type):
        return "an encoder"
    if callable(model):
        return "a function"
    raise TypeError(
        f"No encoder can be made of a {type(model).__name__}: give the name or folder of a model, "
        "(model, tokenizer), a torch module, or a function."
    )
