"""The way every encoder works through its inputs: sorted batches, memory found by halving, nothing lost."""

from __future__ import annotations

import contextlib
import warnings
from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import integer
from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders.content_hash import UnknownContentError, content_of, kinds_of
from w2s_widgets.encoders.devices import out_of_memory, release_memory
from w2s_widgets.encoders.interface import Features
from w2s_widgets.encoders.pooling import Turns
from w2s_widgets.progress.bar import Progress

Pooled = dict[Any, NDArray[Any]]

GENERATION = 2
"""Part of every key: what this package makes of tokens and hidden states. Raise it where features change."""

_NEAR = 0.01
"""How far a feature may move with its batch, in units of the root mean square: rounding moves it less."""


class SessionStore:
    """Finished batches of a call that was interrupted, in memory, until the same call has finished."""

    key = staticmethod(ArrayCache.key)

    def __init__(self) -> None:
        self._arrays: dict[str, dict[str, NDArray[Any]]] = {}

    def load(self, key: str) -> dict[str, NDArray[Any]] | None:
        """Return what is kept under ``key``, or ``None``."""
        return self._arrays.get(key)

    def store(self, key: str, arrays: Mapping[str, NDArray[Any]], spare: Collection[str] = ()) -> None:
        """Keep arrays under ``key``."""
        self._arrays[key] = dict(arrays)

    def forget(self) -> None:
        """Drop everything."""
        self._arrays.clear()


class BatchedEncoder(ABC):
    """An encoder that computes batch by batch and keeps every batch that is finished.

    Inputs of like size share a batch, so that little is computed on padding. The batches are laid out
    once for a list of inputs, whatever the memory of the device: what does not fit is computed in parts.
    Subclasses say what the layers are and compute one batch.
    """

    def __init__(
        self, name: str, cache: ArrayCache | None = None, batch_size: int = 64, batch_items: int = 2048
    ) -> None:
        self.name = name
        self.cache = cache or ArrayCache()
        self.batch_size = integer("batch_size", batch_size, 1)
        self.batch_items = integer("batch_items", batch_items, 1)
        self.fitting_size: int | None = None
        """How many inputs fit into memory at once, where fewer did than were tried."""
        self._session = SessionStore()

    @property
    @abstractmethod
    def layers(self) -> Sequence[Any]:
        """The layers that can be asked for."""

    @abstractmethod
    def _checked(self, inputs: Sequence[Any]) -> list[Any]:
        """Return the inputs as a list, or raise the sentence that says what is wrong with them."""

    @abstractmethod
    def _identity(self, inputs: Sequence[Any]) -> Mapping[str, Any] | None:
        """Everything but the inputs that decides the features; ``None`` if that cannot be told."""

    @abstractmethod
    def _pool(self, inputs: list[Any], layers: list[Any]) -> Pooled:
        """Return one row for each input, for each layer."""

    def _sizes(self, inputs: list[Any]) -> list[int]:
        """How much there is to compute on each input, such as its number of tokens."""
        return [1] * len(inputs)

    def _label(self) -> str:
        """Return what the progress bar says."""
        return f"Encoding with {self.name}"

    def encode(
        self, inputs: Sequence[Any], layers: Sequence[Any] | None = None, *, progress: bool = True
    ) -> dict[Any, Features]:
        """Return, for each layer, a float32 array with one row for each input, in their order.

        Finished batches are kept at once. An interrupted call loses at most the batch under way, and
        the same call goes on from there.
        """
        with self._turn():
            return self._encoded(inputs, layers, progress=progress)

    def _encoded(
        self, inputs: Sequence[Any], layers: Sequence[Any] | None, *, progress: bool
    ) -> dict[Any, Features]:
        items = self._checked(inputs)
        wanted = self._wanted(layers)
        store, parts = self._place(items)
        batches = self._batches(items, store, parts)
        keys = [
            None
            if store is None
            else store.key(**parts, layers=wanted, inputs=content_of([items[i] for i in b]))
            for b in batches
        ]
        known = {key for key in keys if key is not None}
        rows: dict[Any, Features] = {}
        done = 0
        bar = Progress(len(items), self._label(), unit="inputs", where="auto" if progress else "nowhere")
        try:
            with bar, self._ready():
                # The largest batch first shows at once how much fits; the others in no order of size, so
                # that the time left is not promised by short inputs and broken by long ones.
                for place in _fair_order(len(batches)):
                    batch, key = batches[place], keys[place]
                    kept = None if key is None or store is None else store.load(key)
                    pooled = kept or self._fitting([items[i] for i in batch], wanted)
                    if kept is None and key is not None and store is not None:
                        store.store(key, pooled, known)
                    for number, layer in enumerate(wanted):
                        values = pooled[f"layer{number}"]
                        if layer not in rows:
                            rows[layer] = np.empty((len(items), values.shape[1]), np.float32)
                        table = rows[layer]
                        if values.shape[1] != table.shape[1]:
                            raise ValueError(
                                f"{self.name} gives {values.shape[1]} numbers for an input of one batch and "
                                f"{table.shape[1]} for one of another: every input needs as many."
                            )
                        table[batch] = values
                    done += len(batch)
                    (bar.advance if kept is None else bar.skip)(len(batch))
        except KeyboardInterrupt:
            kept_words = "what is finished is kept, and the same call goes on from there"
            told = kept_words if store else "nothing is kept"
            raise KeyboardInterrupt(
                f"Encoding with {self.name} stopped after {done:,} of {len(items):,} inputs: {told}."
            ) from None
        self._session.forget()
        return rows

    def _wanted(self, layers: Sequence[Any] | None) -> list[Any]:
        there = list(self.layers)
        chosen = there if layers is None else [layers] if isinstance(layers, str) else list(layers)
        known = [
            layer for layer in there for asked in chosen if isinstance(asked, Hashable) and asked == layer
        ]
        if not chosen or any(asked not in there for asked in chosen):
            have = (
                f"the layers {there[0]} to {there[-1]}"
                if isinstance(self.layers, range)
                else f"{'the layer' if len(there) == 1 else 'the layers'} {', '.join(map(str, there))}"
            )
            raise ValueError(f"layers is {layers}: {self.name} has {have}.")
        return list(dict.fromkeys(known))

    def _place(self, items: list[Any]) -> tuple[ArrayCache | SessionStore | None, Mapping[str, Any]]:
        """Where finished batches are kept, and the part of their keys that is not the inputs."""
        try:
            content_of(items)
        except UnknownContentError:
            warnings.warn(
                f"The inputs are {kinds_of(items)}, whose content cannot be read, so finished batches of "
                f"{self.name} are not kept: give texts, numbers or arrays.",
                stacklevel=4,
            )
            return None, {}
        parts = self._identity(items)
        return (self._session, {}) if parts is None else (self.cache, {"code": GENERATION, **parts})

    def _batches(
        self, items: list[Any], store: ArrayCache | SessionStore | None, parts: Mapping[str, Any]
    ) -> list[list[int]]:
        """Lay out the batches: the numbers of the inputs of each, smallest inputs first.

        They are kept too: to find what is kept then takes no tokenizer and no torch.
        """
        key = None
        if store is not None:
            layout = [self.batch_size, self.batch_items]
            key = store.key(batches=layout, **parts, inputs=content_of(items))
            kept = store.load(key)
            if kept is not None:
                return [list(map(int, part)) for part in np.split(kept["order"], kept["starts"][1:])]
        sizes = self._sizes(items)
        batches: list[list[int]] = []
        texts = all(isinstance(item, str) for item in items)
        for i in sorted(range(len(items)), key=lambda i: (sizes[i], items[i] if texts else i)):
            full = batches and (
                len(batches[-1]) >= self.batch_size or (len(batches[-1]) + 1) * sizes[i] > self.batch_items
            )
            if full or not batches:
                batches.append([])
            batches[-1].append(i)
        if store is not None and key is not None:
            starts = np.cumsum([0] + [len(batch) for batch in batches[:-1]])
            store.store(key, {"order": np.concatenate(batches), "starts": starts}, [key])
        return batches

    def _turn(self) -> Any:
        """Return the context of a whole call, in which threads that use one encoder wait for each other."""
        return Turns.of(self)

    def _ready(self) -> Any:
        """Return the context in which batches are computed."""
        return contextlib.nullcontext()

    def _fitting(self, items: list[Any], layers: list[Any]) -> dict[str, NDArray[Any]]:
        """Compute a batch, in parts where it does not fit into memory whole."""
        parts: list[Pooled] = []
        start = 0
        while start < len(items):
            size = min(self.fitting_size or len(items), len(items) - start)
            try:
                found = self._pool(items[start : start + size], layers)
            except Exception as error:
                if not out_of_memory(error):
                    raise
            else:
                parts.append(
                    {
                        layer: checked_rows(found[layer], size, f"layer {layer} of {self.name}")
                        for layer in layers
                    }
                )
                start += size
                continue
            # Outside the handler: inside, the error still holds the tensors that filled the memory.
            if size == 1:
                raise MemoryError(
                    f"{self.name} does not fit into the memory of the device with even one input: choose "
                    'another device, such as "cpu", shorten the inputs, or take a smaller model.'
                ) from None
            self.fitting_size = size // 2
            warnings.warn(
                f"The device ran out of memory with {size} inputs at once, so {self.name} goes on with "
                f"{self.fitting_size}.",
                stacklevel=3,
            )
            release_memory()
        return {
            f"layer{number}": np.concatenate([part[layer] for part in parts])
            for number, layer in enumerate(layers)
        }


def checked_inputs(inputs: Sequence[Any], many: str = "a list", one: str = "one") -> list[Any]:
    """Return inputs of any kind as a list, or say how many of which kind are wanted."""
    if isinstance(inputs, (str, bytes, Mapping)):
        kind = {str: "string", bytes: "string of bytes"}.get(type(inputs), type(inputs).__name__)
        raise TypeError(f"inputs is one {kind}: give {many}.")
    given: Any = inputs
    if hasattr(given, "columns") and hasattr(given, "shape"):
        # As a sequence a table is the names of its columns.
        if len(given.columns) != 1:
            raise ValueError(
                f"inputs is a table of {len(given.columns)} columns: give the one to be encoded, such as "
                f"table[{str(next(iter(given.columns), 'text'))!r}]."
            )
        given = given[given.columns[0]]
    # Arrow's own values are wrapped, and no text for who reads texts.
    listed = next((getattr(given, name) for name in ("to_pylist", "to_list") if hasattr(given, name)), None)
    items = list(given if listed is None else listed())
    if not items:
        raise ValueError(f"inputs is empty: give at least {one}.")
    return items


def checked_texts(inputs: Sequence[Any], many: str = "a list of strings", one: str = "one text") -> list[str]:
    """Return texts as a list, or say what is wrong with them."""
    texts = checked_inputs(inputs, many, one)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"input {i} is {type(text).__name__}, not text: give {many}.")
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(
                f"input {i} has half of a character, {text[error.start]!r} at place {error.start}: it was "
                "cut or decoded wrongly, so repair the text."
            ) from None
    return [str(text) for text in texts]


def moved(one: Any, other: Any, among: Any) -> bool:
    """Whether two rows of features differ by more than rounding, in units of all rows beside them."""
    first, second = (np.asarray(row, np.float64).ravel() for row in (one, other))
    if first.shape != second.shape:  # what else is wrong with it is said elsewhere
        return False
    scale = float(np.sqrt(np.mean(np.square(among, dtype=np.float64)))) or 1.0
    return bool(np.abs(first - second).max(initial=0.0) > _NEAR * scale)


def checked_rows(values: Any, count: int, what: str) -> Features:
    """Return the features of a batch as float32 rows, or say what is wrong with them."""
    table = np.asarray(values, dtype=np.float32)
    rows = table[:, None] if table.ndim == 1 else table
    if rows.ndim != 2 or len(rows) != count:
        raise ValueError(
            f"{what} has shape {table.shape} for {count} inputs: one row of numbers for each was expected."
        )
    if not np.isfinite(rows).all():
        raise ValueError(f"{what} has a number that is not finite: look at its inputs and its weights.")
    return rows


def _fair_order(count: int) -> list[int]:
    order = np.random.default_rng(0).permutation(count - 1).tolist()
    return [count - 1, *order]
