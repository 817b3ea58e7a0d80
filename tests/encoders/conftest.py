"""A tiny transformer on disk, so that encoding is tested with real software and in no time."""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest

from tests.optional import optional

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    torch = optional("torch")
    transformers = optional("transformers")
    folder = tmp_path_factory.mktemp("tiny-model")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{c}" for c in LETTERS)]
    (folder / "vocab.txt").write_text("\n".join(vocabulary))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        config = transformers.BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=64,
        )
        transformers.BertModel(config).save_pretrained(folder)
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder
