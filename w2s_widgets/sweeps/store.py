"""`SweepStore`: finished batches on disk, whole or not at all, so that a killed sweep goes on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from w2s_widgets.cache import write_atomically
from w2s_widgets.sweeps.batches import Result
from w2s_widgets.sweeps.settings import Batch


class SweepStore:
    """A folder with one file for each finished batch, under the batch's key.

    A file is written beside its place and moved there in one step, and carries a checksum.

    Parameters
    ----------
    folder : path-like
        Made when needed.

    Attributes
    ----------
    damaged : int
        How many files `load` found damaged and removed.

    Raises
    ------
    OSError
        If the folder cannot be made or written.

    Examples
    --------
    >>> import tempfile
    >>> store = SweepStore(tempfile.mkdtemp())
    >>> batch = Batch("0f" * 32, ({"teacher": "small"},), (0,))
    >>> store.load(batch) is None
    True
    >>> store.store(batch, [{"gain": 0.1}])
    >>> store.load(batch)
    [{'gain': 0.1}]
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder).expanduser()
        self.damaged = 0
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            writable = os.access(self.folder, os.W_OK)
        except OSError as error:
            raise OSError(
                f"the folder {self.folder} cannot be made ({error.strerror}): give another one."
            ) from None
        if not writable:
            raise OSError(f"the folder {self.folder} cannot be written: give another one.")

    def path(self, batch: Batch) -> Path:
        """Where the file of a batch is, or would be."""
        return self.folder / f"{batch.key}.json"

    def load(self, batch: Batch) -> list[Result] | None:
        """Return the results of a batch, or ``None`` when there are none that are sound."""
        path = self.path(batch)
        try:
            content = path.read_bytes()
        except OSError:  # not there, or not to be read
            return None
        try:
            document = json.loads(content)
            results: list[Result] = document["results"]
            sound = document["sha256"] == _digest(results) and len(results) == len(batch.settings)
        except (ValueError, KeyError, TypeError):
            sound = False
        if sound:
            return results
        self.damaged += 1
        with contextlib.suppress(OSError):  # it is written anew, if anything can be
            path.unlink()
        return None

    def store(self, batch: Batch, results: list[Result]) -> None:
        """Write the results of a batch, in one step that cannot be seen half done."""
        document = {"settings": batch.settings, "results": results, "sha256": _digest(results)}
        write_atomically(self.path(batch), _json(document))


def _digest(results: list[Result]) -> str:
    return hashlib.sha256(_json(results)).hexdigest()


def _json(value: Any) -> bytes:
    # Python writes a float with as many digits as it takes to read the same bits again.
    return json.dumps(value, indent=0, default=repr).encode()
