"""Encoders of whatever one has: loaded models, torch modules, functions; and what is said when it fails."""

import sys
import warnings
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.optional import optional
from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders import MissingPackageError, TransformerEncoder

TEXTS = ["bad cab", "a", "fade in", "zebra crossing here"]


@pytest.fixture
def cache(tmp_path):
    return ArrayCache(tmp_path / "cache")


@pytest.fixture
def torch():
    return optional("torch")


@pytest.fixture
def pair(tiny_model):
    import transformers

    return (
        transformers.AutoModel.from_pretrained(tiny_model),
        transformers.AutoTokenizer.from_pretrained(tiny_model),
    )


@pytest.fixture
def network(torch):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return torch.nn.Sequential(
            torch.nn.Linear(3, 5), torch.nn.ReLU(), torch.nn.Dropout(0.5), torch.nn.Linear(5, 2)
        )


def same(one, two):
    assert list(one) == list(two)
    for layer in one:
        np.testing.assert_allclose(one[layer], two[layer], atol=1e-6)


def test_a_folder_and_a_loaded_model_are_the_same_encoder(pair, tiny_model, cache):
    folder = w2s.encoder(tiny_model, cache=cache, device="cpu")
    by_text = w2s.encoder(str(tiny_model), cache=cache, device="cpu", name="mine")
    assert (folder.name, by_text.name) == (tiny_model.name, "mine")
    model, tokenizer = pair
    model.train()
    loaded = w2s.encoder(pair, cache=cache, device="cpu")
    assert loaded.layers == folder.layers == range(3)
    assert all(isinstance(one, w2s.Encoder) for one in (folder, loaded))
    same(folder.encode(TEXTS, progress=False), loaded.encode(TEXTS, progress=False))
    assert model.training
    assert all(part.training for part in model.modules()), "left as it was"
    by_word = w2s.encoder(model, tokenizer=tokenizer, device="cpu")
    same(folder.encode(TEXTS, [1], progress=False), by_word.encode(TEXTS, [1]))


def test_what_a_loaded_model_computed_is_found_again_and_its_tokenizer_is_left_alone(pair, cache):
    pair[1].padding_side = "left"
    before = pair[1].backend_tokenizer.to_str()
    one = w2s.encoder(pair, cache=cache, device="cpu").encode(TEXTS, progress=False)
    entries = cache.info().entries
    same_pair = w2s.encoder(pair, cache=cache, device="cpu")
    same(one, same_pair.encode(TEXTS, progress=False))
    same(one, same_pair.encode(TEXTS, progress=False))
    assert cache.info().entries == entries == 2
    assert pair[1].padding_side == "left"
    assert pair[1].backend_tokenizer.to_str() == before


def test_changed_weights_of_a_loaded_model_are_seen(pair, cache, torch):
    loaded = w2s.encoder(pair, cache=cache, device="cpu")
    before = loaded.encode(TEXTS, progress=False)[0]
    with torch.no_grad():
        pair[0].embeddings.word_embeddings.weight.mul_(2)
    assert np.abs(loaded.encode(TEXTS, progress=False)[0] - before).max() > 1e-3


SHAPE = {"num_hidden_layers": 2, "num_attention_heads": 2, "hidden_size": 8, "intermediate_size": 16}
FAMILIES = {
    "GPT2": {"n_embd": 8, "n_layer": 2, "n_head": 2},
    "Llama": SHAPE,
    "T5": {"d_model": 8, "d_kv": 4, "d_ff": 16, "num_layers": 2, "num_heads": 2},
    "Albert": {"embedding_size": 8, **SHAPE},
    "Roberta": SHAPE,
}


@pytest.mark.parametrize("family", FAMILIES)
def test_families_of_transformers_give_what_their_hidden_states_say(pair, cache, torch, family):
    import transformers

    tokenizer = pair[1]
    tokenizer.model_input_names = ["input_ids", "attention_mask"]
    torch.manual_seed(0)
    config = getattr(transformers, f"{family}Config")(vocab_size=len(tokenizer), **FAMILIES[family])
    model = getattr(transformers, f"{family}Model")(config).eval()
    features = w2s.encoder((model, tokenizer), cache=cache, device="cpu").encode(TEXTS, progress=False)
    reader = model.get_encoder() if family == "T5" else model
    for row, words in enumerate(TEXTS):
        tokens = tokenizer(words, return_tensors="pt")
        with torch.inference_mode():
            states = reader(**tokens, output_hidden_states=True).hidden_states
        assert len(states) == len(features) == 3
        for layer, state in enumerate(states):
            np.testing.assert_allclose(features[layer][row], state[0].mean(0).numpy(), atol=2e-6)


def test_a_text_longer_than_the_model_reads_is_cut(pair, cache):
    pair[1].model_max_length = 10**30  # what a tokenizer says that was not told
    loaded = w2s.encoder(pair, cache=cache, device="cpu")
    long = "a " * 500
    assert loaded.encode([long, "b"], progress=False)[2].shape == (2, 16)


def test_layers_of_a_module_are_what_its_parts_return(network, cache, torch):
    inputs = np.random.default_rng(0).normal(size=(150, 3))
    encoder = w2s.encoder(network, layers=["0", "3", "output"], cache=cache, device="cpu", name="net")
    network.train()
    features = encoder.encode(inputs, progress=False)
    assert network.training
    assert encoder.name == "net"
    with torch.inference_mode():
        network.eval()
        rows = torch.as_tensor(inputs, dtype=torch.float32)
        np.testing.assert_allclose(features["0"], network[0](rows).numpy(), atol=1e-6)
        np.testing.assert_allclose(features["output"], network(rows).numpy(), atol=1e-6)
    np.testing.assert_array_equal(features["3"], features["output"])
    assert list(encoder.encode(inputs, "0", progress=False)) == ["0"]
    assert cache.info().entries == 0, "its code cannot be read, so nothing is kept on disk"
    assert not any(part._forward_hooks for part in network.modules())


def test_parts_behind_the_last_layer_are_not_run(network, monkeypatch):
    encoder = w2s.encoder(network, layers=["1"], device="cpu")

    def fail(*_):
        raise AssertionError

    monkeypatch.setattr(network[3], "forward", fail)
    assert encoder.encode([[1.0, 2, 3]], progress=False)["1"].shape == (1, 5)


def test_molecules_as_text_through_a_collate_of_one_s_own(torch, cache):
    letters = "CNO()=1"

    def collate(smiles):
        width = max(map(len, smiles))
        ids = [[letters.index(c) for c in s] + [0] * (width - len(s)) for s in smiles]
        mask = [[1] * len(s) + [0] * (width - len(s)) for s in smiles]
        return {"ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}

    class Reader(torch.nn.Module):  # type: ignore[name-defined]
        def __init__(self):
            super().__init__()
            self.embed = torch.nn.Embedding(len(letters), 4)

        def forward(self, ids, attention_mask):
            return self.embed(ids)

    reader = Reader()
    encoder = w2s.encoder(reader, layers=["embed"], collate=collate, size_of=len, cache=cache, version="1")
    together = encoder.encode(["C", "CC(=O)N", "CO"], progress=False)["embed"]
    np.testing.assert_allclose(
        together[2], reader.embed.weight.detach()[[0, 2]].mean(0).numpy(), atol=1e-6, err_msg="padding counts"
    )
    assert cache.info().entries == 2
    with torch.no_grad():
        reader.embed.weight.mul_(2)
    again = encoder.encode(["C", "CC(=O)N", "CO"], progress=False)["embed"]
    np.testing.assert_allclose(again, 2 * together, atol=1e-6, err_msg="weights are part of the key")


def test_images_are_averaged_over_places_and_other_shapes_need_a_pool(torch):
    conv = torch.nn.Conv2d(1, 4, 3)
    images = np.random.default_rng(1).random((5, 1, 6, 6), dtype=np.float32)
    assert w2s.encoder(conv).encode(images, progress=False)["output"].shape == (5, 4)
    volume = torch.nn.Conv3d(1, 4, 3)
    cubes = images[:, :, None].repeat(6, axis=2)
    with pytest.raises(ValueError, match="give `pool`, a function that turns it into one row for each input"):
        w2s.encoder(volume).encode(cubes, progress=False)
    pooled = w2s.encoder(volume, pool=lambda values, batch: values.flatten(1)).encode(cubes, progress=False)
    assert pooled["output"].shape == (5, 4 * 64)


def test_a_module_on_another_device_comes_back(network, torch):
    from w2s_widgets.encoders.pooling import on_device

    network.train()
    with on_device(network, "meta"):
        assert not network.training
        assert {p.device.type for p in network.parameters()} == {"meta"}
        network.to_empty(device="cpu")
    assert network.training
    assert {p.device.type for p in network.parameters()} == {"cpu"}


def test_functions_of_one_or_several_layers(cache):
    inputs = ["lemon", "idea", "a"] * 50
    one = w2s.encoder(lambda texts: np.array([[len(t), t.count("e")] for t in texts]), name="counts")
    assert one.encode(inputs, progress=False)["output"][:3].tolist() == [[5, 1], [4, 1], [1, 0]]

    def both(texts):
        return {"length": [len(t) for t in texts], 2: [[ord(t[0]), 0] for t in texts]}

    two = w2s.encoder(both)
    features = two.encode(inputs, progress=False)
    assert two.name == "both"
    assert two.layers == ("length", 2) == tuple(features)
    assert features["length"][:3].ravel().tolist() == [5, 4, 1]
    assert list(two.encode(inputs, [2], progress=False)) == [2]


def test_a_function_with_a_version_is_kept_on_disk_and_without_only_until_it_is_done(cache):
    calls = []

    def function(texts):
        calls.append(len(texts))
        if len(calls) == stop:
            raise KeyboardInterrupt
        return [[len(t)] for t in texts]

    texts = [f"text {i}" for i in range(40)]
    encoder = w2s.encoder(function, layers=["output"], batch_size=10, cache=cache)
    stop = 3
    with pytest.raises(KeyboardInterrupt, match=r"after 20 of 40 inputs: what is finished is kept"):
        encoder.encode(texts, progress=False)
    encoder.encode(texts, progress=False)
    assert len(calls) == 3 + 2, "the two finished batches were not computed again"
    encoder.encode(texts, progress=False)
    assert len(calls) == 3 + 2 + 4
    stop = None
    kept = w2s.encoder(function, layers=["output"], batch_size=10, cache=cache, version="1", name="lengths")
    kept.encode(texts, progress=False)
    count = len(calls)
    again = w2s.encoder(function, layers=["output"], batch_size=10, cache=cache, version="1", name="lengths")
    again.encode(texts, progress=False)
    assert len(calls) == count
    changed = w2s.encoder(
        function, layers=["output"], batch_size=10, cache=cache, version="2", name="lengths"
    )
    changed.encode(texts, progress=False)
    assert len(calls) == count + 4


def test_inputs_without_content_are_encoded_and_not_kept(cache):
    class Molecule:
        pass

    encoder = w2s.encoder(lambda items: np.ones((len(items), 2)), version="1", cache=cache)
    with pytest.warns(UserWarning, match=r"The inputs are Molecule, whose content cannot be read") as caught:
        assert encoder.encode([Molecule(), Molecule()], progress=False)["output"].shape == (2, 2)
    assert len(caught) == 1
    assert cache.info().entries == 0


def test_arrays_with_the_same_bytes_and_another_shape_are_other_inputs(cache):
    encoder = w2s.encoder(lambda items: [[np.ndim(i), np.size(i)] for i in items], version="1", cache=cache)
    flat = encoder.encode([np.zeros(4)], progress=False)["output"]
    square = encoder.encode([np.zeros((2, 2))], progress=False)["output"]
    assert (flat.tolist(), square.tolist()) == ([[1, 4]], [[2, 4]])


@pytest.mark.parametrize(
    ("function", "error", "sentence"),
    [
        (
            lambda x: np.zeros((1 + len(x), 2)),
            ValueError,
            r"layer output of f has shape \(3, 2\) for 2 inputs",
        ),
        (lambda x: 3.0, ValueError, r"has shape \(\) for 2 inputs: one row of numbers for each was expected"),
        (lambda x: [[np.nan]] * len(x), ValueError, "has a number that is not finite"),
        (lambda x: "text", TypeError, "f returned a str that is no table of numbers"),
        (lambda x: {str(len(x)): [[1]] * len(x)}, ValueError, "it must return the same layers for all"),
    ],
)
def test_functions_that_return_something_else(function, error, sentence):
    with pytest.raises(error, match=sentence):
        w2s.encoder(function, name="f").encode(["a", "b"], progress=False)


def test_rows_of_another_width_are_noticed():
    encoder = w2s.encoder(lambda x: np.ones((len(x), len(x[0]))), name="f", batch_size=1)
    with pytest.raises(ValueError, match=r"f gives . numbers for an input of one batch and"):
        encoder.encode(["a", "bb", "ccc"], progress=False)


def test_what_no_encoder_can_be_made_of(network, pair, torch):
    for model, error, sentence in [
        (3, TypeError, "No encoder can be made of a int: give the name or folder of a model"),
        (pair[0], TypeError, r"The BertModel needs its tokenizer: give \(model, tokenizer\), or `collate`"),
        ((pair[0], 3), TypeError, "tokenizer is a int: give the tokenizer of the model"),
        ((network, pair[1]), TypeError, "The Sequential is no transformer"),
    ]:
        with pytest.raises(error, match=sentence):
            w2s.encoder(model)
    with pytest.raises(ValueError, match=r"Sequential has no part '4': choose names of .*, such as"):
        w2s.encoder(network, layers=["4"])
    with pytest.raises(ValueError, match=r"layers is \['5'\]: Sequential has the layers 0, output"):
        w2s.encoder(network, layers=["0", "output"]).encode([[1.0, 2, 3]], ["5"])
    with pytest.raises(TypeError, match=r"colate is no option of a torch module: did you mean collate\?"):
        w2s.encoder(network, colate=len)
    with pytest.raises(TypeError, match=r"device is no option of a function: it takes layers, name"):
        w2s.encoder(len, device="cpu")
    with pytest.raises(TypeError, match=r"The inputs \(str\) cannot be stacked .*: give `collate`"):
        w2s.encoder(network).encode(["a"], progress=False)
    with pytest.raises(ValueError, match="inputs is empty"):
        w2s.encoder(network).encode(np.zeros((0, 3)))
    with pytest.raises(TypeError, match="inputs is one string"):
        w2s.encoder(len).encode("lemon")


def test_an_encoder_is_taken_as_it_is(tiny_model):
    mine = TransformerEncoder("tiny", tiny_model, "cpu")
    assert w2s.encoder(mine) is mine


def test_carried_models_by_their_short_names(monkeypatch):
    from w2s_widgets.encoders import factory as choice

    made = {}
    monkeypatch.setitem(choice.CARRIED, "minilm", lambda device, cache, **more: made.update(more) or device)
    chosen: Any = w2s.encoder("minilm", device="cpu", batch_size=3)
    assert chosen == "cpu"
    assert made == {"batch_size": 3}


def test_functions_work_without_torch(monkeypatch, cache):
    monkeypatch.setitem(sys.modules, "torch", None)
    encoder = w2s.encoder(lambda texts: [[len(t)] for t in texts])
    assert encoder.encode(["lemon"], progress=False)["output"].tolist() == [[5.0]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        hungry = w2s.encoder(lambda texts: [[1.0]] if len(texts) == 1 else [][MemoryError], layers=["output"])
        with pytest.raises(TypeError):
            hungry.encode(["a", "b"], progress=False)


def test_torch_that_is_missing_is_named(monkeypatch, tiny_model):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingPackageError, match=r"torch, which is not installed: run `pip install -e"):
        TransformerEncoder("tiny", tiny_model, "cuda")
