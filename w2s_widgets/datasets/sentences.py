"""Where the sentences of a `TextStudy` come from: four sets with human ratings of sentiment.

The sentences and every single rating are those of Hutto and Gilbert (2014). They lie in the source archive of
vaderSentiment 3.3.2, and not in the package that an installation puts on a computer. The sentences were
written by others, so none of them is in this project: they are read from the archive.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.cache import default_folder

ARCHIVE_NAME = "vaderSentiment-3.3.2.tar.gz"
ARCHIVE_COMMAND = "pip download --no-deps --no-binary :all: vaderSentiment==3.3.2"
ARCHIVE_SHA256 = "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"

_INNER = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
_FOLDER = "hutto_ICWSM_2014"

FILES: dict[str, str] = {
    "movie": "movieReviewSnippets",
    "tweets": "tweets",
    "news": "nytEditorialSnippets",
    "reviews": "amazonReviewSnippets",
}
"""Snippets of film reviews, short messages, sentences of newspaper editorials, and of product reviews."""


@dataclass(frozen=True)
class Sentences:
    """One set of sentences with their human ratings."""

    texts: tuple[str, ...]
    """The sentences, in the order of the archive; character entities are replaced and white space is made
    single."""
    groups: NDArray[Any]
    """Sentences that are equal but for capitals have the same number: they must never be in two parts of
    a split."""
    ratings: FloatArray
    """Mean of the single ratings of each sentence, from -4, very negative, to 4, very positive. (For 196
    tweets the archive also states another mean, of fewer or other people; it is not used.)"""
    noise: FloatArray
    """Estimated variance of each mean rating: what it would vary if other people were asked."""

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: NDArray[Any]) -> Sentences:
        """Return some of the sentences."""
        return Sentences(
            tuple(self.texts[row] for row in rows), self.groups[rows], self.ratings[rows], self.noise[rows]
        )

    @property
    def noise_share(self) -> float:
        """Mean variance of a mean rating as a share of the variance of the mean ratings.

        The error, in the units of a study, that even a perfect guess of what people think on average
        would make on these ratings.
        """
        return float(self.noise.mean() / self.ratings.var())


def read_sentences(name: str, archive: str | Path | None = None) -> Sentences:
    """Read one set of sentences and ratings from the archive."""
    if name not in FILES:
        raise ValueError(f"set of sentences is {name!r}: choose one of {', '.join(FILES)}.")
    return _read(name, Path(archive) if archive is not None else default_archive())


def default_archive() -> Path:
    """Return where `fetch_archive` puts the archive."""
    return default_folder() / "archives" / ARCHIVE_NAME


def fetch_archive(*, ask: Callable[[str], str] = input) -> Path:
    """Download the archive, after a question, to the folder where computed features are kept too.

    Parameters
    ----------
    ask : callable
        Puts the question and returns the answer; only "y" or "yes" starts the download.

    Returns
    -------
    pathlib.Path
        The archive.

    Raises
    ------
    RuntimeError
        If the answer was no, or the download failed.
    ValueError
        If what was downloaded is another archive.
    """
    path = default_archive()
    if os.path.isfile(path) and _sha256(path) == ARCHIVE_SHA256:
        return path
    question = f"Download the sentences and their ratings (2.5 MB) with `{ARCHIVE_COMMAND}`? [y/N] "
    if ask(question).strip().lower() not in ("y", "yes"):
        raise RuntimeError("Nothing was downloaded: call again and answer y, or give the archive's path.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RuntimeError(
            f"The folder {path.parent} cannot be made ({error.strerror}): set W2S_CACHE to a folder that "
            "can be written."
        ) from None
    command = [sys.executable, "-m", *ARCHIVE_COMMAND.split(), "--dest", str(path.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not os.path.isfile(path):
        told = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(
            f"The download failed ({told}): run `{ARCHIVE_COMMAND}` and give the archive's path."
        )
    _content(path)
    return path


@lru_cache(maxsize=len(FILES))
def _read(name: str, path: Path) -> Sentences:
    try:
        with tarfile.open(fileobj=io.BytesIO(_content(path))) as outer:
            inner = _member(outer, _INNER)
        with tarfile.open(fileobj=io.BytesIO(inner)) as folder:
            sentences = _member(folder, f"{_FOLDER}/{FILES[name]}_GroundTruth.txt")
            ratings = _member(folder, f"{_FOLDER}/{FILES[name]}_anonDataRatings.txt")
    except (tarfile.TarError, KeyError, EOFError):
        raise ValueError(f"{path} cannot be read: fetch it again with `{ARCHIVE_COMMAND}`.") from None
    rows = _rows(sentences)
    texts = [" ".join(html.unescape(text).split()) for _, _, text in rows]
    # By identifier: the two files of the reviews are not in the same order.
    given = {columns[0]: np.array(json.loads(columns[3]), dtype=np.float64) for columns in _rows(ratings)}
    single = [given[identifier] for identifier, _, _ in rows]
    place: dict[str, int] = {}
    groups = np.array([place.setdefault(text.casefold(), len(place)) for text in texts])
    return Sentences(
        tuple(texts),
        groups,
        np.array([people.mean() for people in single]),
        np.array([people.var(ddof=1) / len(people) for people in single]),
    )


def _content(path: Path) -> bytes:
    if not os.path.isfile(path):
        raise FileNotFoundError(
            f"{path} is missing: run `{ARCHIVE_COMMAND}` and give its path, or call fetch_archive()."
        )
    if _sha256(path) != ARCHIVE_SHA256:
        raise ValueError(
            f"{path} is not the source archive of vaderSentiment 3.3.2: fetch it again with "
            f"`{ARCHIVE_COMMAND}`."
        )
    return path.read_bytes()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    # Read in memory: nothing of the archive is unpacked or run.
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()


def _rows(content: bytes) -> list[list[str]]:
    return [line.split("\t") for line in content.decode("utf-8-sig").split("\r\n") if line.strip()]
