"""How a text becomes tokens: what a tokenizer does now, how many tokens count, what it cannot read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

_PROBE = (
    "",
    "A probe: 12.5 % of Größe, naïve café — 東京 🙂\n\ttwice  spaced",
    "Upper lower UPPER under_score don't re-read",
    "one " * 3000,
)
"""What a tokenizer is asked for its key: short, odd and long."""

_TOKENIZER_FILES = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "*.model",
    "*.spm",
    "*.tiktoken",
    "*.bpe",
    "*.codes",
)
_WITHOUT_WORDS = ("ByT5Tokenizer", "CanineTokenizer", "PerceiverTokenizer")
"""Tokenizers that read bytes or letters, and have no file of words."""

_TABLES = ("position_embeddings", "embed_positions", "wpe", "position_embedding", "pos_embed")
_LENGTHS = ("max_position_embeddings", "n_positions", "max_seq_len", "max_sequence_length")

_LONGEST = 512
"""Tokens of a text that count where neither tokenizer nor model has a limit."""


def tokenizer_content(tokenizer: Any) -> str:
    """Return the sha256 of what a tokenizer does now, whatever it was loaded as."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        told: Any = sorted(getattr(tokenizer, "get_vocab", dict)().items())
    else:
        # How long the last texts were cut and filled up to is kept with the tokenizer, and says nothing.
        told = {**json.loads(backend.to_str()), "truncation": None, "padding": None}
    settings = {name: str(value) for name, value in getattr(tokenizer, "init_kwargs", {}).items()}
    state = {
        name: value for name, value in vars(tokenizer).items() if _plain(value) and name != "name_or_path"
    }
    special = {name: str(value) for name, value in getattr(tokenizer, "special_tokens_map", {}).items()}
    try:
        # Classes of one's own, and what was set after loading, show in what comes out.
        probe: Any = {
            name: [list(map(int, row)) for row in rows]
            for name, rows in tokenizer(list(_PROBE), truncation=True, max_length=limit_of(tokenizer)).items()
            if name != "overflow_to_sample_mapping"
        }
    except Exception as error:
        probe = type(error).__name__
    text = json.dumps(
        [type(tokenizer).__qualname__, told, settings, state, special, probe], sort_keys=True, default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()


def readable(tokenizer: Any) -> Any:
    """Return a tokenizer that can fill up short texts, on the right: models that write do without."""
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
    tokenizer.padding_side = "right"
    return tokenizer


def limit_of(tokenizer: Any) -> int:
    """Return how many tokens a tokenizer was told to make at most."""
    told = int(getattr(tokenizer, "model_max_length", None) or 10**9)
    return told if told < 10**6 else 10**6  # who was not told gives a number beyond all texts


def longest(tokenizer: Any, model: Any) -> int:
    """Return how many tokens of a text the model can read: the smaller of what both are told."""
    limits = [limit_of(tokenizer)]
    for name, part in model.named_modules():
        rows = getattr(part, "num_embeddings", None)
        if name.rpartition(".")[2] in _TABLES and isinstance(rows, int):
            # Some families count positions from the padding on, which takes up to two of them.
            padding = getattr(part, "padding_idx", None)
            limits.append(rows if padding is None else rows - padding - 1)
    told = (getattr(model.config, name, None) for name in _LENGTHS)
    limits.extend(length for length in told if isinstance(length, int) and length > 0)
    smallest = min(limits)
    return smallest if smallest < 10**6 else _LONGEST


def check_tokenizer_files(folder: Path) -> None:
    """Raise a ``FileNotFoundError`` if a folder has no tokenizer: one made up would know no word."""
    if any(path.is_file() for pattern in _TOKENIZER_FILES for path in folder.glob(pattern)):
        return
    try:
        config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        config = {}
    if config.get("tokenizer_class") not in _WITHOUT_WORDS:
        raise FileNotFoundError(
            f"{folder} has no tokenizer, such as tokenizer.json or vocab.txt: save it with "
            "tokenizer.save_pretrained, or give (model, tokenizer)."
        )


def check_tokens(tokens: Any, tokenizer: Any, name: str) -> None:
    """Raise a ``ValueError`` if a tokenizer tells many texts only by their lengths."""
    unknown = getattr(tokenizer, "unk_token_id", None)
    if unknown is None:
        return
    special = set(getattr(tokenizer, "all_special_ids", ()))
    rows = [set(row) for row in tokens]
    if sum(map(len, tokens)) and unknown in set().union(*rows) and all(row <= special for row in rows):
        raise ValueError(
            f"The tokenizer of {name} knows no word of these texts: give the one that it was trained with."
        )


def _plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_plain(part) for part in value)
    return value is None or isinstance(value, (str, bool, int, float))
