"""The cache of computed features: addressed by content, sound after a kill, limited in size.

`info` tells what it holds, `clear` empties it, `limit` says how large it may grow.

Examples
--------
>>> from w2s_widgets import cache
>>> cache.info().limit >= 0
True
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import math
import os
import secrets
import shutil
import sys
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import real

Arrays = dict[str, NDArray[Any]]

_FORMAT = "w2s-arrays-1"
"""Part of every key: a changed file layout must not find files of the old one."""

_CHECKSUM = "sha256"

DAMAGES = (ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What `read_arrays` may raise: a damaged header may ask for a password, or a method that is not known."""
_STALE_SECONDS = 3600.0


DEFAULT_LIMIT = 2e9
"""Bytes that a cache may take where nobody set a limit."""

_LIMIT_FILE = "limit.txt"
_NOWHERE = Path(os.devnull) / "w2s-widgets"
_SCAN_EVERY = 64
"""Stores between two looks at the whole folder, which other processes write too."""


class CacheInfo(NamedTuple):
    """What a cache holds: its files, their bytes and limit, and the bytes of models beside them."""

    folder: Path
    entries: int
    size: int
    limit: float
    models: int = 0

    def __str__(self) -> str:
        amounts = f"{_amount(self.size)} of at most {_amount(self.limit)}"
        line = f"{self.entries:,} entries, {amounts}, in {self.folder}"
        return f"{line}; {_amount(self.models)} of models beside them" if self.models else line

    def __repr__(self) -> str:
        return str(self)


class ArrayCache:
    """Arrays on disk, under a key made of everything that they depend on.

    A file is written beside its place and moved there in one step, so that a process killed at any
    moment leaves either the whole file or none. Every file carries a checksum of its content; a file
    that is truncated or damaged is reported in one warning, removed, and counts as absent.
    When the files grow beyond `limit`, those go first that were read or written longest ago.

    Examples
    --------
    >>> import tempfile
    >>> cache = ArrayCache(tempfile.mkdtemp())
    >>> key = cache.key(model="tiny", inputs=["lemon", "idea"])
    >>> cache.load(key) is None
    True
    >>> cache.store(key, {"layer 0": np.eye(2)})
    >>> cache.load(key)["layer 0"].tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    >>> cache.info().entries, cache.clear(), cache.info().entries
    (1, 1, 0)
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self.folder = Path(folder) if folder is not None else default_folder() / "features"
        self._size = 0.0
        self._stores = 0
        self._full = False
        self._told = False

    @property
    def limit(self) -> float:
        """The most bytes that the files may take; it is kept in the folder, for every later session."""
        try:
            return float((self.folder / _LIMIT_FILE).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return DEFAULT_LIMIT

    @limit.setter
    def limit(self, size: float) -> None:
        if not size >= 0:
            raise ValueError(f"The limit is {size}: give a number of bytes, 0 or more.")
        try:
            write_atomically(self.folder / _LIMIT_FILE, f"{float(size)}\n".encode("ascii"))
            self._make_room(0, frozenset())
        except OSError as error:
            self._say_closed(error)

    @staticmethod
    def key(**parts: Any) -> str:
        """Return the sha256 of the parts: strings, numbers, and lists or mappings of them."""
        text = json.dumps([_FORMAT, parts], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def path(self, key: str) -> Path:
        """Where the arrays of ``key`` are, or would be."""
        return self.folder / key[:2] / f"{key}.npz"

    def load(self, key: str) -> Arrays | None:
        """Return the arrays stored under ``key``; ``None`` when there are none that are sound."""
        path = self.path(key)
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:  # somebody else's folder, or a disk that is gone
            self._say_closed(error, "read")
            return None
        try:
            arrays = read_arrays(content)
            sound = arrays.pop(_CHECKSUM).tobytes() == _checksum(arrays)
        except DAMAGES:
            sound = False
        if sound:
            _mark_used(path)
            return arrays
        warnings.warn(
            f"The cached file {path.name} was damaged, so it is thrown away and computed again.", stacklevel=2
        )
        with contextlib.suppress(OSError):  # a folder that can only be read
            path.unlink()
        return None

    def store(self, key: str, arrays: Mapping[str, NDArray[Any]], spare: Collection[str] = ()) -> None:
        """Write arrays of numbers in one step; ``spare`` are keys of files that must not make room."""
        content = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        for name, array in content.items():
            if array.dtype.hasobject:
                raise TypeError(f"{name} holds Python objects: the cache stores arrays of numbers only.")
        content[_CHECKSUM] = np.frombuffer(_checksum(content), dtype=np.uint8)
        written = array_bytes(content, np.savez)
        size = len(written)
        try:
            if not self._make_room(size, {*spare, key}):
                self._say_full()
                return
            write_atomically(self.path(key), written)
            self._size += size
        except OSError as error:
            self._say_closed(error)

    def info(self) -> CacheInfo:
        """Return the folder, the number of entries, their size and the limit, both in bytes."""
        files = self._files()
        return CacheInfo(self.folder, len(files), sum(size for _, size, _ in files), self.limit)

    def clear(self) -> int:
        """Remove every entry and every leftover of a killed process; return the number of entries."""
        removed = 0
        try:
            for path in [*self._paths("*.npz"), *self._paths("*.part")]:
                path.unlink(missing_ok=True)
                removed += path.suffix == ".npz"
        except OSError as error:
            self._say_closed(error)
        self._size, self._full = 0.0, False
        return removed

    def _files(self) -> list[tuple[float, int, Path]]:
        """When last used, size and path of every file."""
        files = []
        try:
            for path in self._paths("*.npz"):
                with contextlib.suppress(FileNotFoundError):  # another process may remove it now
                    state = path.stat()
                    files.append((state.st_mtime, state.st_size, path))
        except OSError as error:
            self._say_closed(error)
        return files

    def _paths(self, names: str) -> list[Path]:
        """Return files of the cache; an OSError where it may not be looked into, as globbing has none."""
        try:
            parts = [Path(entry) for entry in os.scandir(self.folder) if entry.is_dir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return [path for part in parts for path in part.glob(names)]

    def _make_room(self, size: int, spare: Collection[str]) -> bool:
        """Remove what was used longest ago until ``size`` more bytes fit; say whether they do."""
        limit = self.limit
        looked = self._stores % _SCAN_EVERY == 0 or self._size + size > limit
        self._stores += 1
        if not looked:
            return True
        remove_leftovers(self._paths("*.part"))
        files = sorted(self._files(), key=lambda file: file[0])
        total = sum(taken for _, taken, _ in files)
        for _, taken, path in files:
            if total + size <= limit:
                break
            if path.stem not in spare:
                path.unlink(missing_ok=True)
                total -= taken
        self._size = total
        return total + size <= limit

    def _say_closed(self, error: OSError, use: str = "written") -> None:
        if not self._told:
            folder = f"The cache folder {self.folder} cannot be {use} ({error.strerror})"
            where = "There is no home folder to keep anything in" if _is_nowhere(self.folder) else folder
            warnings.warn(f"{where}, so nothing is kept: set W2S_CACHE to a folder that can.", stacklevel=3)
        self._told = True

    def _say_full(self) -> None:
        if not self._full:
            warnings.warn(
                f"The cache in {self.folder} is full with what this computation keeps (limit "
                f"{_amount(self.limit)}), so the rest is not kept: raise the limit with "
                "w2s_widgets.cache.limit(gigabytes).",
                stacklevel=3,
            )
        self._full = True


def info() -> CacheInfo:
    """Return what the cache of features holds: it reads as a sentence.

    Examples
    --------
    >>> info().entries >= 0
    True
    """
    models = 0
    for folder, _, files in os.walk(_models_folder()):  # passes over what may not be looked into
        for file in files:
            with contextlib.suppress(OSError):
                models += Path(folder, file).stat().st_size
    return ArrayCache().info()._replace(models=models)


def clear(*, models: bool = False) -> int:
    """Remove all kept features; they are computed again when they are asked for.

    Parameters
    ----------
    models : bool
        Whether to remove the models that were put together from packages too.

    Returns
    -------
    int
        The number of files of features that were there.
    """
    if models:
        shutil.rmtree(_models_folder(), ignore_errors=True)
    return ArrayCache().clear()


def limit(gigabytes: float | None = None) -> float:
    """Set how large the cache of features may grow, for this and every later session; return it.

    Parameters
    ----------
    gigabytes : float, optional
        In units of 10^9 bytes; infinity for no limit. Left out, nothing changes. What does not fit
        any more is removed at once, first what was used longest ago.

    Examples
    --------
    >>> limit() >= 0
    True
    """
    cache = ArrayCache()
    if gigabytes is not None:
        unlimited = gigabytes == math.inf
        cache.limit = math.inf if unlimited else real("gigabytes", gigabytes, 0) * 1e9
    return cache.limit / 1e9


def array_bytes(arrays: Mapping[str, NDArray[Any]], save: Callable[..., None] = np.savez_compressed) -> bytes:
    """Return arrays as the content of an NPZ file."""
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return buffer.getvalue()


def read_arrays(content: bytes) -> Arrays:
    """Return the arrays of an NPZ file, or raise one of `DAMAGES`; of a file, numpy would leave it open."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def remove_leftovers(paths: Iterable[Path]) -> None:
    """Remove what killed processes left half written, but not what another one writes just now."""
    now = time.time()
    for path in paths:
        with contextlib.suppress(OSError):  # whoever wrote it may finish now
            if now - path.stat().st_mtime > _STALE_SECONDS:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader, or a kill, finds the whole of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.stem[:16]}-{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_file(path: Path, content: bytes) -> None:
    """Write a file that a user asked for in one step: a full disk leaves what was there before.

    Raises
    ------
    FileNotFoundError
        If its folder is not there.
    OSError
        If it cannot be written.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"{path} cannot be written, for there is no folder {path.parent}: make it first."
        )
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)  # a pipe or a device
        else:
            write_atomically(path, content)
    except OSError as error:
        raise type(error)(
            f"{path} cannot be written ({error.strerror}), and what was there is as it was: make room, "
            "or give another folder."
        ) from None


def default_folder() -> Path:
    """Return ``$W2S_CACHE``, or the folder where this platform keeps what programs can compute again.

    Where a user has no home, as in some containers, it is one that cannot be made: nothing is kept there.
    """
    try:
        return _chosen_folder()
    except RuntimeError:  # what pathlib raises without a home
        return _NOWHERE


def _chosen_folder() -> Path:
    chosen = os.environ.get("W2S_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "w2s-widgets"


def _is_nowhere(folder: Path) -> bool:
    return _NOWHERE in (folder, *folder.parents)


def _models_folder() -> Path:
    return default_folder() / "models"


def _mark_used(path: Path) -> None:
    # The time of the last reading is not kept by every system; that of the last change is.
    with contextlib.suppress(OSError):
        os.utime(path)


def _amount(size: float) -> str:
    """Write a number of bytes as a reader would say it."""
    if size == float("inf"):
        return "any size"
    return f"{size / 1e9:.3g} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def _checksum(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(json.dumps([name, array.dtype.str, array.shape]).encode())
        digest.update(array.tobytes())
    return digest.digest()
