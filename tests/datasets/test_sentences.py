"""Sentences and ratings are read from the archive as it is, and what can be wrong with it is said."""

import hashlib
import io
import subprocess
import tarfile

import numpy as np
import pytest

from w2s_widgets.datasets import sentences as sentence_sources
from w2s_widgets.datasets.sentences import (
    ARCHIVE_COMMAND,
    FILES,
    default_archive,
    fetch_archive,
    read_sentences,
)

SENTENCES = (
    "\ufeff1_1\t0.9\tA &quot;fine&quot;   café.\r\n"
    "1_2\t-2.0\tDreadful &amp; dull.\r\n"
    "1_3\t0.0\tdreadful & DULL.\r\n"
)
RATINGS = "1_2\t-2.0\t0\t[-3, -2, -1]\r\n1_1\t1.0\t0\t[0, 2]\r\n1_3\t0.0\t0\t[0, 0, 0, 0]"


def packed(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def archive_content(*, leave_out=()):
    folder = {}
    for base in FILES.values():
        folder[f"hutto_ICWSM_2014/{base}_GroundTruth.txt"] = SENTENCES.encode()
        folder[f"hutto_ICWSM_2014/{base}_anonDataRatings.txt"] = RATINGS.encode()
    inner = packed({name: content for name, content in folder.items() if name not in leave_out})
    return packed({"vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz": inner})


@pytest.fixture
def archive(tmp_path, monkeypatch):
    path = tmp_path / "made.tar.gz"
    path.write_bytes(archive_content())
    trust(path, monkeypatch)
    sentence_sources._read.cache_clear()
    yield path
    sentence_sources._read.cache_clear()


def trust(path, monkeypatch):
    monkeypatch.setattr(sentence_sources, "ARCHIVE_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.mark.parametrize("name", FILES)
def test_texts_are_cleaned_and_ratings_found_by_identifier(archive, name):
    sentences = read_sentences(name, archive)
    assert sentences.texts == ('A "fine" café.', "Dreadful & dull.", "dreadful & DULL.")
    np.testing.assert_allclose(sentences.ratings, [1.0, -2.0, 0.0])
    np.testing.assert_allclose(sentences.noise, [2 / 2, 1 / 3, 0.0])


def test_sentences_that_differ_in_capitals_only_are_one_group(archive):
    assert read_sentences("news", archive).groups.tolist() == [0, 1, 1]


def test_the_noise_share_is_in_the_unit_of_the_standardised_truth(archive):
    sentences = read_sentences("movie", archive)
    assert sentences.noise_share == pytest.approx((4 / 3 / 3) / np.var([1.0, -2.0, 0.0]))
    assert sentences.take(np.array([0, 1])).noise_share == pytest.approx((4 / 3 / 2) / np.var([1.0, -2.0]))


def test_the_noise_share_is_what_other_raters_would_differ_by():
    rng = np.random.default_rng(0)
    opinion, raters = rng.normal(size=4000), 20
    asked = opinion[:, None] + rng.normal(scale=0.8, size=(4000, raters))
    sentences = sentence_sources.Sentences(
        tuple(map(str, range(4000))),
        np.arange(4000),
        asked.mean(axis=1),
        asked.var(axis=1, ddof=1) / raters,
    )
    error = np.mean((opinion - sentences.ratings) ** 2) / sentences.ratings.var()
    assert sentences.noise_share == pytest.approx(error, rel=0.05)


def test_an_unknown_set_is_said(archive):
    with pytest.raises(ValueError, match="choose one of movie, tweets, news, reviews"):
        read_sentences("poems", archive)


def test_a_missing_archive_says_what_to_run(tmp_path):
    with pytest.raises(FileNotFoundError, match="is missing: run `pip download --no-deps --no-binary"):
        read_sentences("movie", tmp_path / "none.tar.gz")


def test_another_archive_is_not_read(tmp_path):
    path = tmp_path / "other.tar.gz"
    path.write_bytes(archive_content())
    with pytest.raises(ValueError, match=r"is not the source archive of vaderSentiment 3\.3\.2"):
        read_sentences("movie", path)


def test_an_archive_without_the_ratings_is_said(tmp_path, monkeypatch):
    path = tmp_path / "part.tar.gz"
    path.write_bytes(archive_content(leave_out=["hutto_ICWSM_2014/tweets_anonDataRatings.txt"]))
    trust(path, monkeypatch)
    with pytest.raises(ValueError, match="cannot be read: fetch it again"):
        read_sentences("tweets", path)


@pytest.fixture
def downloads(tmp_path, monkeypatch):
    """A stand-in for the download, which tests do not do: it writes an archive, or fails."""
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))
    commands = []
    state = {"content": archive_content(), "returncode": 0}

    def run(command, **options):
        commands.append(command)
        if state["content"] is not None:
            default_archive().write_bytes(state["content"])
        return subprocess.CompletedProcess(command, state["returncode"], "", "a warning\nno such file\n")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sentence_sources, "ARCHIVE_SHA256", hashlib.sha256(state["content"]).hexdigest())
    return state, commands


def test_nothing_is_downloaded_without_a_yes(downloads):
    asked = []

    def ask(question):
        asked.append(question)
        return "n"

    with pytest.raises(RuntimeError, match="Nothing was downloaded"):
        fetch_archive(ask=ask)
    assert not downloads[1]
    assert ARCHIVE_COMMAND in asked[0]


def test_a_yes_downloads_once(downloads):
    assert fetch_archive(ask=lambda question: "Y") == default_archive()
    assert fetch_archive(ask=lambda question: pytest.fail("asked again")) == default_archive()
    [command] = downloads[1]
    assert command[1:3] == ["-m", "pip"]
    assert command[-1] == str(default_archive().parent)
    assert len(read_sentences("movie")) == 3


def test_a_failed_download_is_said(downloads):
    downloads[0].update(content=None, returncode=1)
    with pytest.raises(RuntimeError, match=r"The download failed \(no such file\)"):
        fetch_archive(ask=lambda question: "y")


def test_a_download_of_something_else_is_said(downloads):
    downloads[0].update(content=b"something else")
    with pytest.raises(ValueError, match="is not the source archive"):
        fetch_archive(ask=lambda question: "y")


def test_the_real_archive_has_the_four_sets():
    if not default_archive().is_file():
        pytest.skip(f"needs the archive: {ARCHIVE_COMMAND}, moved to {default_archive().parent}")
    for name, count in {"movie": 10_605, "tweets": 4_200, "news": 5_190, "reviews": 3_708}.items():
        sentences = read_sentences(name)
        assert len(sentences) == count
        assert all(sentences.texts)
        assert 0.005 < sentences.noise_share < 0.05
        assert -4 <= sentences.ratings.min() < -2.5 < 2.5 < sentences.ratings.max() <= 4
