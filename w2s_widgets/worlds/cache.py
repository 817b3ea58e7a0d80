"""A cache of computed arrays that is addressed by content, survives a kill, and notices damage."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import sys
import time
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Arrays = dict[str, np.ndarray]

_FORMAT = "w2s-arrays-1"
"""Part of every key: a changed file layout must not find files of the old one."""

_CHECKSUM = "sha256"
_STALE_SECONDS = 3600.0


class CacheInfo(NamedTuple):
    """What a cache holds: its folder, the number of its files, and their size in bytes."""

    folder: Path
    entries: int
    size: int

    def __str__(self) -> str:
        return f"{self.entries:,} entries, {self.size / 1e6:.1f} MB, in {self.folder}"


class ArrayCache:
    """Arrays on disk, under a key made of everything that they depend on.

    A file is written beside its place and moved there in one step, so that a process killed at any
    moment leaves either the whole file or none. Every file carries a checksum of its content; a file
    that is truncated or damaged is reported in one warning, removed, and counts as absent.

    Parameters
    ----------
    folder : path-like, optional
        Where the files are; by default `default_folder`.

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

    @staticmethod
    def key(**parts: Any) -> str:
        """Return the sha256 of the parts: strings, numbers, and lists or mappings of them.

        Raises
        ------
        TypeError
            If a part is something else, whose text would not tell its content.
        """
        text = json.dumps([_FORMAT, parts], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def path(self, key: str) -> Path:
        """Where the arrays of ``key`` are, or would be."""
        return self.folder / key[:2] / f"{key}.npz"

    def load(self, key: str) -> Arrays | None:
        """Return the arrays stored under ``key``; ``None`` when there are none that are sound.

        Warns
        -----
        UserWarning
            If the file is damaged. It is removed, so that it is computed and stored again.
        """
        path = self.path(key)
        if not path.exists():
            return None
        try:
            # From memory: numpy leaves a file open when it turns out to be damaged.
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            sound = arrays.pop(_CHECKSUM).tobytes() == _checksum(arrays)
        # RuntimeError: a damaged header may ask for a password or an unknown method of compression.
        except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
            sound = False
        if sound:
            return arrays
        warnings.warn(
            f"The cached file {path.name} was damaged, so it is thrown away and computed again.", stacklevel=2
        )
        path.unlink(missing_ok=True)
        return None

    def store(self, key: str, arrays: Mapping[str, np.ndarray]) -> None:
        """Write arrays of numbers under ``key``, in one step that cannot be seen half done.

        Warns
        -----
        UserWarning
            If the folder cannot be written: the result is then only not kept.

        Raises
        ------
        TypeError
            If an array holds objects, which only a pickle could store.
        """
        content = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        for name, array in content.items():
            if array.dtype.hasobject:
                raise TypeError(f"{name} holds Python objects: the cache stores arrays of numbers only.")
        buffer = io.BytesIO()
        content[_CHECKSUM] = np.frombuffer(_checksum(content), dtype=np.uint8)
        np.savez(buffer, **content)  # type: ignore[arg-type]  # numpy 2's stubs take names for its flag
        try:
            self._sweep()
            write_atomically(self.path(key), buffer.getvalue())
        except OSError as error:
            warnings.warn(
                f"The cache folder {self.folder} cannot be written ({error.strerror}), so nothing is kept: "
                "set W2S_CACHE to a folder that can.",
                stacklevel=2,
            )

    def info(self) -> CacheInfo:
        """Return the folder, the number of entries and their size in bytes."""
        sizes = [path.stat().st_size for path in self.folder.glob("*/*.npz")]
        return CacheInfo(self.folder, len(sizes), sum(sizes))

    def clear(self) -> int:
        """Remove every entry and every leftover of a killed process; return the number of entries."""
        entries = list(self.folder.glob("*/*.npz"))
        for path in [*entries, *self.folder.glob("*/*.part")]:
            path.unlink(missing_ok=True)
        return len(entries)

    def _sweep(self) -> None:
        """Remove what killed processes left half written, but not what another one writes just now."""
        now = time.time()
        for path in self.folder.glob("*/*.part"):
            if now - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader, or a kill, finds the whole of it or nothing.

    Raises
    ------
    OSError
        If the folder cannot be made or written.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "new" / "file"
    >>> write_atomically(path, b"whole")
    >>> path.read_bytes()
    b'whole'
    """
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


def default_folder() -> Path:
    """Return ``$W2S_CACHE``, or the folder where this platform keeps what programs can compute again.

    Examples
    --------
    >>> isinstance(default_folder(), Path)
    True
    """
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


def _checksum(arrays: Mapping[str, np.ndarray]) -> bytes:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(json.dumps([name, array.dtype.str, array.shape]).encode())
        digest.update(array.tobytes())
    return digest.digest()
