"""Models as they come: with heads, in any dtype, without a tokenizer or some weights, from threads."""

from __future__ import annotations

import functools
import json
import shutil
import threading
import warnings
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.optional import optional
from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders.content_hash import UnknownContentError, code_content
from w2s_widgets.encoders.reading import longest, tokenizer_content

RNG = np.random.default_rng(0)
WORDS = [f"w{i}" for i in range(60)]
TEXTS = [" ".join(RNG.choice(WORDS, size=RNG.integers(2, 20))) for _ in range(70)]
SHAPE = {
    "vocab_size": 63,
    "hidden_size": 8,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "max_position_embeddings": 40,
}


def tokenizer(limit: int = 10**30, **options: Any) -> Any:
    transformers, tokenizers = optional("transformers"), optional("tokenizers")
    words = {word: i for i, word in enumerate(["[PAD]", "[UNK]", "</s>", *WORDS])}
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    told = {
        "unk_token": "[UNK]",
        "eos_token": "</s>",
        "pad_token": "[PAD]",
        "model_max_length": limit,
    } | options
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made, **told)


def model(kind: str = "BertModel", **options: Any) -> Any:
    torch, transformers = optional("torch"), optional("transformers")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        made = getattr(transformers, kind)
        told = {name: value for name, value in (SHAPE | options).items() if value is not None}
        return made(made.config_class(**told)).eval()


def encoder(one: Any, cache: ArrayCache, **options: Any) -> Any:
    return w2s.encoder(one, device="cpu", cache=cache, **options)


@pytest.fixture
def cache(tmp_path: Any) -> ArrayCache:
    return ArrayCache(tmp_path / "cache")


# --- keys that hold everything that changes a feature --------------------------------------------------


def scaled(texts: list[str], by: float = 1.0) -> list[list[float]]:
    return [[by * len(text), by] for text in texts]


def closing_over(by: Any) -> Any:
    return lambda texts: [[len(text), np.sum(by)] for text in texts]


def with_default(by: float) -> Any:
    def function(texts: list[str], by: float = by) -> list[list[float]]:
        return [[len(text), by] for text in texts]

    return function


FACTOR = 1.0


def using_a_global(texts: list[str]) -> list[list[float]]:
    return [[len(text), FACTOR] for text in texts]


@pytest.mark.parametrize(
    "make",
    [
        lambda by: functools.partial(scaled, by=by),
        lambda by: functools.partial(scaled, by=np.array(by)),
        lambda by: functools.partial(functools.partial(scaled), by=by),
        closing_over,
        lambda by: closing_over([by, {"x": (by,)}["x"][0]]),
        lambda by: closing_over(np.full(3, by)),
        lambda by: (lambda inner: lambda texts: inner(texts))(closing_over(by)),
        with_default,
        lambda by: eval(f"lambda texts: [[len(t), {by}] for t in texts]"),
    ],
    ids=["partial", "array", "nested", "closure", "lists", "arrays", "inner", "default", "code"],
)
def test_any_two_functions_of_one_version_are_told_apart(make: Any, cache: ArrayCache) -> None:
    rows = {
        by: w2s.encoder(make(by), version="1", cache=cache).encode(TEXTS, progress=False)["output"]
        for by in (1, 2)
    }
    assert not np.array_equal(rows[1], rows[2])
    entries = cache.info().entries
    again = w2s.encoder(make(1), version="1", cache=cache).encode(TEXTS, progress=False)["output"]
    np.testing.assert_array_equal(again, rows[1])
    assert cache.info().entries == entries, "and one of them is found again"


def test_a_name_outside_that_changes_is_seen(cache: ArrayCache, monkeypatch: pytest.MonkeyPatch) -> None:
    before = w2s.encoder(using_a_global, version="1", cache=cache).encode(TEXTS, progress=False)["output"]
    same = w2s.encoder(using_a_global, version="1", cache=cache)
    monkeypatch.setitem(globals(), "FACTOR", 5.0)
    for encoder in (same, w2s.encoder(using_a_global, version="1", cache=cache)):
        after = encoder.encode(TEXTS, progress=False)["output"]
        assert (before[0, 1], after[0, 1]) == (1, 5)


class Scale:
    def __init__(self, by: float) -> None:
        self.by = by

    def __call__(self, texts: list[str]) -> list[list[float]]:
        return scaled(texts, self.by)


def test_what_cannot_be_read_needs_a_name(cache: ArrayCache) -> None:
    for function in (
        Scale(2.0),
        Scale(2.0).__call__,
        closing_over(Scale(1.0)),
        functools.partial(Scale(1.0)),
    ):
        with pytest.raises(
            ValueError, match=r"^version needs a name beside it, .* \(it holds a Scale\): give a name"
        ):
            w2s.encoder(function, version="1", cache=cache)
        w2s.encoder(function, version="1", name="mine", cache=cache)
        w2s.encoder(function, cache=cache)
    with pytest.raises(UnknownContentError):
        code_content(Scale(1.0))


def test_collate_pool_and_settings_of_a_module_are_part_of_its_key(cache: ArrayCache) -> None:
    torch = optional("torch")

    class Power(torch.nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self, exponent: float) -> None:
            super().__init__()
            self.exponent = exponent

        def forward(self, values: Any) -> Any:
            return values**self.exponent

    items = list(RNG.random((9, 3), dtype=np.float32))

    def rows(module: Any, **options: Any) -> Any:
        return encoder(module, cache, version="1", **options).encode(items, progress=False)["output"]

    def collated(by: float) -> Any:
        return lambda inputs: by * torch.as_tensor(np.stack(inputs))

    assert not np.allclose(rows(Power(1.0)), rows(Power(2.0)))
    assert not np.allclose(rows(Power(1.0), collate=collated(1.0)), rows(Power(1.0), collate=collated(3.0)))
    pools = [rows(Power(1.0), pool=lambda values, batch, by=by: by * values) for by in (1.0, 2.0)]
    assert not np.allclose(*pools)


SETTINGS = {
    "length": lambda t: setattr(t, "model_max_length", 3),
    "side": lambda t: (setattr(t, "model_max_length", 3), setattr(t, "truncation_side", "left")),
    "words": lambda t: t.add_tokens(["w1 w2"]),
    "split": lambda t: setattr(
        t.backend_tokenizer, "pre_tokenizer", optional("tokenizers").pre_tokenizers.CharDelimiterSplit("1")
    ),
    "normalizer": lambda t: setattr(
        t.backend_tokenizer, "normalizer", optional("tokenizers").normalizers.Replace("w1", "w2")
    ),
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_a_tokenizer_is_told_after_loading_counts(
    setting: str, cache: ArrayCache, tmp_path: Any
) -> None:
    words = tokenizer(30)
    net = model()
    if setting == "words":
        net.resize_token_embeddings(70)
    before = encoder((net, words), cache).encode(TEXTS, [2], progress=False)[2]
    SETTINGS[setting](words)
    after = encoder((net, words), cache).encode(TEXTS, [2], progress=False)[2]
    fresh = encoder((net, words), ArrayCache(tmp_path / "fresh")).encode(TEXTS, [2], progress=False)[2]
    np.testing.assert_allclose(after, fresh, atol=1e-6)
    assert np.abs(after - before).max() > 1e-3


def test_a_tokenizer_of_one_s_own_shows_in_what_comes_out() -> None:
    plain = tokenizer(30)

    class Shouting(type(plain)):  # type: ignore[misc]
        def __call__(self, texts: Any, **options: Any) -> Any:
            return super().__call__([text.replace("one", "w1") for text in texts], **options)

    loud = tokenizer(30)
    loud.__class__ = Shouting
    loud.__class__.__qualname__ = type(plain).__qualname__
    assert tokenizer_content(loud) != tokenizer_content(plain)


def test_every_file_of_a_folder_that_is_no_weights_counts(
    tiny_model: Any, tmp_path: Any, cache: ArrayCache
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    first = encoder(folder, cache).reading
    for name in ("normalizer.json", "bpe.codes", "special.spm"):
        (folder / name).write_text("x")
        assert encoder(folder, cache).reading != first
        first = encoder(folder, cache).reading
    (folder / "README.md").write_text("x")
    assert encoder(folder, cache).reading == first


# --- what is missing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["BertModel", "GPT2Model", "T5Model"])
def test_weights_that_are_missing_are_not_drawn_at_random(
    kind: str, tmp_path: Any, cache: ArrayCache
) -> None:
    safetensors = optional("safetensors.torch")
    made = {
        "BertModel": lambda: model(),
        "GPT2Model": lambda: model("GPT2Model", n_embd=8, n_layer=2, n_head=2),
        "T5Model": lambda: model("T5Model", d_model=8, d_kv=4, d_ff=16, num_layers=2, num_heads=2),
    }[kind]()
    made.save_pretrained(tmp_path)
    tokenizer(30).save_pretrained(tmp_path)
    whole = encoder(tmp_path, cache).encode(TEXTS, progress=False)
    entries = cache.info().entries
    weights = safetensors.load_file(tmp_path / "model.safetensors")
    last = sorted(
        key for key in weights if key.endswith("weight") and "decoder" not in key and "pooler" not in key
    )
    for dropped in (last[0], last[-1]):
        kept = {key: value for key, value in weights.items() if key != dropped}
        safetensors.save_file(kept, tmp_path / "model.safetensors", metadata={"format": "pt"})
        with pytest.raises(
            ValueError, match=r"lack \d+ of those that a .*Model has, such as .* drawn at random"
        ):
            encoder(tmp_path, cache).encode(TEXTS, progress=False)
    assert cache.info().entries == entries, "and nothing is kept"
    unread = {key: value for key, value in weights.items() if "pooler" not in key and "decoder" not in key}
    safetensors.save_file(unread, tmp_path / "model.safetensors", metadata={"format": "pt"})
    without = encoder(tmp_path, cache).encode(TEXTS, progress=False)
    np.testing.assert_array_equal(without[2], whole[2])


def test_a_folder_without_a_tokenizer_is_refused_by_name(tmp_path: Any, cache: ArrayCache) -> None:
    model().save_pretrained(tmp_path)
    for config in (None, {}, {"tokenizer_class": "BertTokenizer"}):
        if config is not None:
            (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
        with pytest.raises(
            FileNotFoundError, match=r"has no tokenizer, such as tokenizer\.json or vocab\.txt"
        ):
            encoder(tmp_path, cache).encode(TEXTS, progress=False)
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "ByT5Tokenizer"}))
    model(vocab_size=400).save_pretrained(tmp_path)
    assert encoder(tmp_path, cache).encode(TEXTS[:5], [2], progress=False)[2].shape == (5, 8)
    with pytest.raises(ValueError, match=r"^The tokenizer of BertModel knows no word of these texts"):
        encoder((model(), tokenizer()), cache).encode(["strange", "words of others"], progress=False)


# --- kinds of models -----------------------------------------------------------------------------------

HEADS = {
    "BertForSequenceClassification": {},
    "BertForMaskedLM": {},
    "GPT2LMHeadModel": {"n_embd": 8, "n_layer": 2, "n_head": 2},
    "LlamaForCausalLM": {},
    "T5ForConditionalGeneration": {"d_model": 8, "d_kv": 4, "d_ff": 16, "num_layers": 2, "num_heads": 2},
    "BartForConditionalGeneration": {
        "d_model": 8, "encoder_layers": 2, "decoder_layers": 2, "encoder_ffn_dim": 16, "decoder_ffn_dim": 16,
        "encoder_attention_heads": 2, "decoder_attention_heads": 2,
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", HEADS)
def test_a_head_is_left_off(kind: str, cache: ArrayCache) -> None:
    torch = optional("torch")
    whole = model(kind, **HEADS[kind])
    features = encoder((whole, tokenizer(30, pad_token=None)), cache).encode(TEXTS, progress=False)
    reader = whole.get_encoder() if whole.config.is_encoder_decoder else whole.base_model
    for row in (0, 11):
        tokens = tokenizer(30)(TEXTS[row], return_tensors="pt", return_token_type_ids=False)
        with torch.inference_mode():
            states = reader(**tokens, output_hidden_states=True).hidden_states
        for layer, state in enumerate(states):
            np.testing.assert_allclose(features[layer][row], state[0].mean(0).numpy(), atol=2e-6)


OTHERS: dict[str, Any] = {
    "XLNetModel": {"d_model": 8, "n_layer": 2, "n_head": 2, "d_inner": 16, "max_position_embeddings": None},
    "LongformerModel": {"attention_window": [6, 6], "pad_token_id": 0, "max_position_embeddings": 50},
    "MambaModel": {"state_size": 4},
}


@pytest.mark.parametrize("kind", OTHERS)
def test_families_that_work_in_a_way_of_their_own(kind: str, cache: ArrayCache) -> None:
    torch = optional("torch")
    net = model(kind, **OTHERS[kind])
    features = encoder((net, tokenizer(30)), cache).encode(TEXTS, progress=False)
    for row in (3, 40):
        tokens = tokenizer(30)(TEXTS[row], return_tensors="pt")
        taken = {name: tokens[name] for name in ("input_ids", "attention_mask")}
        with torch.inference_mode():
            states = net(**taken, output_hidden_states=True).hidden_states
        for layer, state in enumerate(states):
            alone = state[0, : taken["input_ids"].shape[1]].mean(0).numpy()
            np.testing.assert_allclose(features[layer][row], alone, atol=5e-6)


def test_a_model_that_mixes_in_what_fills_up_is_not_believed(cache: ArrayCache) -> None:
    net = model("FNetModel")
    with pytest.raises(ValueError, match=r"^FNetModel gives other numbers for a text that is computed alone"):
        encoder((net, tokenizer(30)), cache).encode(TEXTS, progress=False)
    assert encoder((net, tokenizer(30)), cache, batch_size=1).encode(TEXTS[:9], [1], progress=False)[
        1
    ].shape == (9, 8)


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        ("BertModel", {"max_position_embeddings": 7}, 7),
        ("RobertaModel", {"max_position_embeddings": 9, "pad_token_id": 1}, 7),
        ("GPT2Model", {"max_position_embeddings": 6, "n_embd": 8, "n_layer": 2, "n_head": 2}, 6),
        (
            "DistilBertModel",
            {"dim": 8, "n_layers": 2, "n_heads": 2, "hidden_dim": 16, "max_position_embeddings": 5},
            5,
        ),
    ],
)
def test_the_smaller_of_two_limits_counts(kind: str, options: Any, expected: int, cache: ArrayCache) -> None:
    net = model(kind, **options)
    for told, smaller in ((1000, expected), (10**30, expected), (expected - 1, expected - 1)):
        assert longest(tokenizer(told), net) == smaller
        assert encoder((net, tokenizer(told)), cache).encode(TEXTS, [2], progress=False)[2].shape == (70, 8)


def test_sentence_models_are_taken_as_they_are(tmp_path: Any, cache: ArrayCache) -> None:
    package, models = optional("sentence_transformers"), optional("sentence_transformers.models")
    model().save_pretrained(tmp_path)
    tokenizer(30).save_pretrained(tmp_path)
    word = models.Transformer(str(tmp_path))
    one = package.SentenceTransformer(modules=[word, models.Pooling(8)], device="cpu")
    wanted = one.encode(TEXTS, show_progress_bar=False)
    for given in (one, (one, one.tokenizer)):
        made = w2s.encoder(given, device="cpu", cache=cache)
        assert made.layers == ("output",)
        np.testing.assert_allclose(made.encode(TEXTS, progress=False)["output"], wanted, atol=1e-6)
    entries = cache.info().entries
    one.max_seq_length = 3
    shorter = w2s.encoder(one, device="cpu", cache=cache).encode(TEXTS, progress=False)["output"]
    np.testing.assert_allclose(shorter, one.encode(TEXTS, show_progress_bar=False), atol=1e-6)
    assert cache.info().entries > entries
    normed = package.SentenceTransformer(modules=[word, models.Pooling(8), models.Normalize()], device="cpu")
    lengths = np.linalg.norm(
        w2s.encoder(normed, device="cpu", cache=cache).encode(TEXTS, progress=False)["output"], axis=1
    )
    np.testing.assert_allclose(lengths, 1, atol=1e-5)


# --- texts that are none -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("GPT2Model", {"n_embd": 8, "n_layer": 2, "n_head": 2}),
        ("BertModel", {}),
        ("LlamaModel", {}),
        ("XLNetModel", OTHERS["XLNetModel"]),
        ("MambaModel", OTHERS["MambaModel"]),
    ],
)
def test_texts_without_a_token_are_zeros_alone_and_among_others(
    kind: str, options: Any, cache: ArrayCache
) -> None:
    net = (model(kind, **options), tokenizer(30, pad_token=None))
    empty = ["", " ", "\n\t"]
    for texts in (empty, [""] * 130, [*empty, *TEXTS], [*TEXTS[:3], ""]):
        features = encoder(net, cache).encode(texts, progress=False)
        none = [row for row, text in enumerate(texts) if not text.strip()]
        for rows in features.values():
            assert (rows[none] == 0).all()
            assert np.isfinite(rows).all()
    assert np.abs(features[2][0]).max() > 0


@pytest.mark.parametrize("text", ["w1 \ud83d w2", "\udc00", "caf\udce9"])
def test_half_a_character_is_one_sentence(text: str, cache: ArrayCache) -> None:
    for texts, number in (([text], 0), (["w1", "w2", text], 2)):
        with pytest.raises(
            ValueError, match=rf"^input {number} has half of a character, .* at place \d+: it was"
        ):
            encoder((model(), tokenizer()), cache).encode(texts, progress=False)


# --- dtypes and batches --------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16", "float16"])
@pytest.mark.parametrize("given", ["float64", "float32", "int64", "uint8", "list"])
def test_inputs_get_the_dtype_of_the_module(dtype: str, given: str) -> None:
    torch = optional("torch")
    module = torch.nn.Linear(3, 2).to(getattr(torch, dtype))
    items = RNG.integers(0, 9, (20, 3))
    inputs = items.tolist() if given == "list" else list(items.astype(given))
    rows = w2s.encoder(module, device="cpu").encode(inputs, progress=False)["output"]
    wanted = module(torch.as_tensor(items).to(module.weight.dtype)).detach().float().numpy()
    np.testing.assert_allclose(rows, wanted, rtol=2e-2, atol=2e-2)


def test_double_precision_is_not_rounded_on_the_way() -> None:
    torch = optional("torch")
    module = torch.nn.Linear(1, 1).double()
    with torch.no_grad():
        module.weight.fill_(1e9)
        module.bias.fill_(-1e9)
    rows = w2s.encoder(module, device="cpu").encode([np.array([1 + 1e-8])], progress=False)["output"]
    assert rows[0, 0] == pytest.approx(10, rel=1e-6)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float64", "int8"])
@pytest.mark.parametrize("form", ["tensor", "list", "mapping", "gradient", "sparse"])
def test_functions_return_tensors_of_any_dtype(dtype: str, form: str) -> None:
    torch = optional("torch")
    if form == "gradient" and dtype == "int8":
        pytest.skip("whole numbers have no gradient")

    def function(texts: list[str]) -> Any:
        table = torch.ones(len(texts), 2, dtype=getattr(torch, dtype), requires_grad=form == "gradient")
        if form == "sparse":
            return table.float().to_sparse()
        return {"list": list(table), "mapping": {"output": table}}.get(form, table)

    assert (w2s.encoder(function).encode(TEXTS, progress=False)["output"] == 1).all()


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "MultiheadAttention", "TransformerEncoderLayer"])
def test_features_that_depend_on_the_batch_are_not_believed(kind: str) -> None:
    torch = optional("torch")
    torch.manual_seed(0)
    items = [RNG.standard_normal((5, 6)).astype("f4") for _ in range(30)]

    def made(**options: Any) -> Any:
        if kind in ("LSTM", "GRU"):
            return getattr(torch.nn, kind)(6, 4, **options)
        if kind == "MultiheadAttention":
            part = torch.nn.MultiheadAttention(6, 2, **options)

            class Self(torch.nn.Module):  # type: ignore[misc,name-defined]
                def __init__(self) -> None:
                    super().__init__()
                    self.part = part

                def forward(self, values: Any) -> Any:
                    return self.part(values, values, values)

            return Self()
        return torch.nn.TransformerEncoderLayer(6, 2, 8, **options)

    with pytest.raises(
        ValueError, match=r"gives other numbers for an input that is computed alone: .*batch_first=True"
    ):
        w2s.encoder(made(), device="cpu").encode(items, progress=False)
    assert (
        w2s.encoder(made(), device="cpu", batch_size=1).encode(items, progress=False)["output"].shape[0] == 30
    )
    good = made(batch_first=True)
    together = w2s.encoder(good, device="cpu").encode(items, progress=False)["output"]
    alone = w2s.encoder(good, device="cpu", batch_size=1).encode(items, progress=False)["output"]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_filled_up_places_that_count_are_told() -> None:
    torch = optional("torch")
    items = [list(range(1, n)) for n in (3, 9, 5, 7)]

    def collate(rows: list[list[int]]) -> Any:
        width = max(map(len, rows))
        return torch.tensor([row + [0] * (width - len(row)) for row in rows])

    table = torch.nn.Embedding(10, 4)
    with pytest.raises(ValueError, match="do filled up places count"):
        w2s.encoder(table, collate=collate, size_of=len, device="cpu").encode(items, progress=False)


def test_a_function_that_looks_at_its_whole_call_is_told(cache: ArrayCache) -> None:
    def centred(texts: list[str]) -> Any:
        lengths = np.array([[float(len(text))] for text in texts])
        return lengths - lengths.mean(axis=0)

    with pytest.warns(UserWarning, match=r"^centred gives other numbers for an input that is computed alone"):
        w2s.encoder(centred, cache=cache).encode(TEXTS, progress=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        w2s.encoder(scaled, cache=cache).encode(TEXTS, progress=False)


# --- threads -------------------------------------------------------------------------------------------


def in_threads(*calls: Any) -> list[Any]:
    found: list[Any] = [None] * len(calls)

    def work(place: int) -> None:
        try:
            found[place] = calls[place]()
        except BaseException as error:
            found[place] = error

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return found


def test_threads_that_share_a_module_or_a_part_of_it_take_turns() -> None:
    torch = optional("torch")
    torch.manual_seed(0)
    shared = torch.nn.Sequential(torch.nn.Linear(6, 6), torch.nn.Dropout(0.5))
    outer = torch.nn.Sequential(shared, torch.nn.Tanh())
    items = list(RNG.standard_normal((3000, 6)).astype("f4"))

    def call(module: Any, count: int) -> Any:
        return lambda: w2s.encoder(module, device="cpu").encode(items[:count], progress=False)["output"]

    shared.eval()
    inner, whole = call(shared, 3000)(), call(outer, 3000)()
    for _ in range(6):
        outer.train()
        jobs = [(shared, 3000), (outer, 200), (shared, 60), (outer, 1500)]
        found = in_threads(*(call(*job) for job in jobs))
        assert all(part.training for part in outer.modules()), "left as it was"
        for (module, count), rows in zip(jobs, found, strict=True):
            np.testing.assert_allclose(rows, (inner if module is shared else whole)[:count], atol=1e-6)


def test_threads_that_share_an_encoder_of_texts_do_not_mix_their_layers(
    tiny_model: Any, tmp_path: Any
) -> None:
    letters = ["abc def", "a", "bad cab fade", "z" * 9, "egg"] * 30
    shared = encoder(tiny_model, ArrayCache(tmp_path / "shared"))
    jobs = [(letters[:n], [layer]) for n in (150, 40, 90) for layer in (0, 1, 2)]
    alone = encoder(tiny_model, ArrayCache(tmp_path / "alone")).encode(letters, progress=False)
    found = in_threads(*(lambda job=job: shared.encode(*job, progress=False) for job in jobs))
    for (texts, (layer,)), rows in zip(jobs, found, strict=True):
        np.testing.assert_allclose(rows[layer], alone[layer][: len(texts)], atol=1e-6)


@pytest.mark.parametrize(
    ("package", "versions"), [("rdkit", ("2024.9.1", "2025.3.1")), ("transformers", ("4.57.0", "5.1.0"))]
)
def test_another_version_of_what_reads_the_inputs_is_another_key(
    package: str,
    versions: tuple[str, str],
    tiny_model: Any,
    cache: ArrayCache,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import importlib.metadata

    from w2s_widgets.encoders.molecules import MoleculeEncoder

    def lengths(smiles: list[str], layers: list[int]) -> dict[int, Any]:
        return {0: np.array([[len(text)] for text in smiles])}

    reads = MoleculeEncoder("lengths", range(1), "lengths", lengths, cache)
    one = reads if package == "rdkit" else encoder(tiny_model, cache)
    keys = set()
    for version in versions:
        monkeypatch.setattr(importlib.metadata, "version", lambda name, told=version: told)
        keys.add(cache.key(**one._identity(["C"])))
    assert len(keys) == 2


def test_a_column_is_a_list_and_a_table_is_none(cache: ArrayCache) -> None:
    import pandas as pd

    pyarrow = optional("pyarrow", "sweep")
    one = encoder((model(), tokenizer(30)), cache)
    wanted = one.encode(TEXTS, [2], progress=False)[2]
    column = pd.Series(TEXTS, index=range(5, 5 + len(TEXTS)))
    for given in (
        column,
        column.to_frame("text"),
        pyarrow.array(TEXTS),
        np.array(TEXTS),
        tuple(TEXTS),
        iter(TEXTS),
    ):
        np.testing.assert_array_equal(one.encode(given, [2], progress=False)[2], wanted)
    for made in (one, w2s.encoder(scaled)):
        with pytest.raises(ValueError, match=r"^inputs is a table of 2 columns: give the one to be encoded"):
            made.encode(pd.DataFrame({"a": TEXTS, "b": TEXTS}), progress=False)
        with pytest.raises(TypeError, match=r"^inputs is one dict: give a list"):
            made.encode({"a": "b"}, progress=False)
        with pytest.raises(ValueError, match=r"^inputs is empty"):
            made.encode(pd.Series([], dtype=object), progress=False)
