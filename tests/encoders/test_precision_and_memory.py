"""Precision and memory: half only where it changes nothing much, smaller batches where memory ends."""

import warnings

import numpy as np
import pytest

from tests.optional import optional
from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders import TransformerEncoder, pooling, text
from w2s_widgets.encoders.devices import choose_device, choose_precision, out_of_memory

WORDS = ["bad", "cab", "a", "fade in", "z", "abcdefg", "face the bad cab", "egg"] * 4


@pytest.fixture
def encoder(tiny_model, tmp_path):
    return TransformerEncoder("tiny", tiny_model, "cpu", ArrayCache(tmp_path / "cache"))


@pytest.fixture
def device_of(monkeypatch):
    """A device that runs out of memory beyond a number of texts: a real batch, and torch's own error."""
    import torch

    whole = TransformerEncoder._pool

    def limited(fits, error=torch.cuda.OutOfMemoryError):
        tried = []

        def pool(self, inputs, layers):
            tried.append(len(inputs))
            if len(inputs) > fits:
                raise error("CUDA out of memory. Tried to allocate 20.00 MiB")
            return whole(self, inputs, layers)

        monkeypatch.setattr(TransformerEncoder, "_pool", pool)
        return tried

    return limited


@pytest.mark.parametrize("kind", ["torch", "runtime", "machine"])
def test_batches_are_halved_until_they_fit_and_the_features_are_the_same(encoder, tmp_path, device_of, kind):
    import torch

    whole = encoder.encode(WORDS, progress=False)
    encoder.cache = ArrayCache(tmp_path / "other")
    errors = {"torch": torch.cuda.OutOfMemoryError, "runtime": RuntimeError, "machine": MemoryError}
    tried = device_of(5, errors[kind])
    with pytest.warns(UserWarning, match="out of memory") as caught:
        parts = encoder.encode(WORDS, progress=False)
    assert [str(w.message) for w in caught] == [
        f"The device ran out of memory with {size} inputs at once, so tiny goes on with {size // 2}."
        for size in (32, 16, 8)
    ]
    assert tried == [32, 16, 8, *[4] * 8]
    for layer, rows in whole.items():
        np.testing.assert_allclose(parts[layer], rows, atol=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        encoder.encode([*WORDS, "more"], progress=False)
    assert set(tried[11:]) <= {1, 4}, "what fits is remembered"


def test_one_input_that_does_not_fit_is_told_in_one_sentence_and_nothing_is_lost(
    encoder, device_of, monkeypatch
):
    encoder.encode(WORDS, progress=False)
    entries = encoder.cache.info().entries
    device_of(0)
    with (
        pytest.warns(UserWarning, match="out of memory"),
        pytest.raises(
            MemoryError, match=r"^tiny does not fit into the memory of the device with even one input"
        ),
    ):
        encoder.encode(["two", "new"], progress=False)
    assert encoder.cache.info().entries == entries + 1, "the layout of the new batches"
    encoder.encode(WORDS, progress=False)


def test_another_error_is_not_taken_for_a_lack_of_memory(encoder, monkeypatch):
    def pool(self, inputs, layers):
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(TransformerEncoder, "_pool", pool)
    with pytest.raises(RuntimeError, match="mat1"):
        encoder.encode(["a"], progress=False)
    assert encoder.fitting_size is None
    assert not out_of_memory(ValueError("out of memory"))


def test_half_precision_where_it_moves_little_and_single_where_it_moves_more(
    tiny_model, tmp_path, monkeypatch
):
    monkeypatch.setattr(text, "halves_on", lambda device: True)
    exact = TransformerEncoder("tiny", tiny_model, "cpu", ArrayCache(tmp_path), precision="float32")
    wanted = exact.encode(WORDS, progress=False)
    assert exact.decision.sentence == "In single precision, as asked for."

    near = TransformerEncoder("tiny", tiny_model, "cpu", ArrayCache(tmp_path), tolerance=0.05)
    halved = near.encode(WORDS, progress=False)
    assert near.decision.half
    assert near._label() == "Encoding with tiny in half precision"
    assert "in half precision: on a probe batch no feature moved by more than" in near.decision.sentence
    moves = [np.abs(halved[k] - wanted[k]).max() / np.sqrt(np.mean(wanted[k] ** 2)) for k in wanted]
    assert 0 < max(moves) < 0.05, "computed in half precision, and not far off"

    strict = TransformerEncoder("tiny", tiny_model, "cpu", ArrayCache(tmp_path), tolerance=1e-6)
    single = strict.encode(WORDS, progress=False)
    assert not strict.decision.half
    assert "in single precision: half precision moved a feature by" in strict.decision.sentence
    for layer in wanted:
        np.testing.assert_array_equal(single[layer], wanted[layer])


def test_half_precision_that_overflows_is_not_taken(tiny_model, tmp_path, monkeypatch):
    monkeypatch.setattr(text, "halves_on", lambda device: True)
    whole = pooling.pooled_layers

    def overflowing(model, tokens, layers):
        import torch

        pooled = whole(model, tokens, layers)
        if torch.is_autocast_enabled("cpu"):
            pooled[max(pooled)] = pooled[max(pooled)] * np.inf
        return pooled

    monkeypatch.setattr(text, "pooled_layers", overflowing)
    encoder = TransformerEncoder("tiny", tiny_model, "cpu", ArrayCache(tmp_path), tolerance=1.0)
    encoder.encode(WORDS, progress=False)
    assert encoder.decision.sentence == "On cpu in single precision: half precision overflows."


def test_a_batch_that_overflows_later_is_computed_again_in_single_precision(
    tiny_model, tmp_path, monkeypatch
):
    import torch

    monkeypatch.setattr(text, "halves_on", lambda device: True)
    encoder = TransformerEncoder("tiny", tiny_model, "cpu", ArrayCache(tmp_path), tolerance=0.05)
    encoder.encode(WORDS, progress=False)
    assert encoder.decision.half
    whole = pooling.pooled_layers

    def overflowing(model, tokens, layers):
        pooled = whole(model, tokens, layers)
        return {k: v * np.nan for k, v in pooled.items()} if torch.is_autocast_enabled("cpu") else pooled

    monkeypatch.setattr(text, "pooled_layers", overflowing)
    exact = TransformerEncoder("tiny", tiny_model, "cpu", ArrayCache(tmp_path), precision="float32")
    other = ["a new text", "another"]
    np.testing.assert_array_equal(
        encoder.encode(other, [2], progress=False)[2], exact.encode(other, [2], progress=False)[2]
    )


def test_on_the_cpu_half_precision_is_not_tried(encoder):
    encoder.encode(["cab"], progress=False)
    assert encoder.decision.sentence == "On cpu in single precision: half is tried on CUDA only."


def test_no_number_in_half_precision_is_no_agreement():
    full = {0: np.ones((1, 2))}
    assert not choose_precision(lambda: full, lambda: {0: np.array([[1.0, np.nan]])}, 1e9).half


@pytest.mark.parametrize("device", ["gpu", "cuda:x", "CPU", "", 3])
def test_a_misspelt_device(tiny_model, device):
    with pytest.raises(ValueError, match=r"^device is '.*': choose cuda, mps or cpu, or leave it out\.$"):
        TransformerEncoder("tiny", tiny_model, device)


def test_devices_that_are_there_and_not(monkeypatch):
    torch = optional("torch")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert choose_device() == "cpu"
    for device in ("cuda", "cuda:0", "mps"):
        with pytest.raises(
            ValueError, match=r"which this machine has not got .*: choose cpu, or leave it out"
        ):
            choose_device(device)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert choose_device() == "mps"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert choose_device() == "cuda"
    assert choose_device("cuda:0") == "cuda:0"
    with pytest.raises(ValueError, match="choose cuda or mps or cpu"):
        choose_device("cuda:1")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"precision": "half"}, "precision is 'half': choose auto or float32"),
        ({"tolerance": -1}, "tolerance is -1: give a number, 0 or more"),
        ({"tolerance": float("nan")}, "tolerance is nan"),
        ({"batch_size": 0}, "batch_size is 0: give a whole number of at least 1"),
        ({"batch_size": 2.5}, r"batch_size is 2\.5: give a whole number of at least 1"),
    ],
)
def test_bad_settings(tiny_model, options, sentence):
    error = TypeError if options.get("batch_size") == 2.5 else ValueError
    with pytest.raises(error, match=sentence):
        TransformerEncoder("tiny", tiny_model, "cpu", **options)
