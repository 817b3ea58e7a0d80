"""Sentences per second of the carried MiniLM on the CPU: `Encoder.encode` against a plain loop in file order.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.encoding_throughput [--sentences 1280] [--rounds 3]

The sentences are strings of words of the concreteness norms, made here with a fixed seed; their lengths
follow a log-normal law, from 1 to about 60 tokens, like sentences of reviews. The plain loop is what one
writes first, without being careless: batches of 64 in the order of the file, padded to the longest,
`torch.inference_mode`, all hidden states, averaged over tokens. Both give the averages of all 7 layers, with
the same model in memory. The two take turns; the best round of each counts. `encode` tokenizes twice, lays
out its batches and writes every batch to an empty cache: that is part of its time.
"""

from __future__ import annotations

import os
import tempfile
import time

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np

from tests.benchmarks.harness import machine, options, report, timed
from w2s_widgets.cache import ArrayCache
from w2s_widgets.datasets.words import read_norms
from w2s_widgets.encoders import carried_minilm

BATCH = 64
BAR_RATIO, BAR_DIFFERENCE = 2.0, 1e-5


def sentences(count: int) -> list[str]:
    """Return sentences of words of the norms, in an order that says nothing about their lengths."""
    rng = np.random.default_rng(0)
    words = np.array(read_norms().words)
    lengths = np.clip(np.round(rng.lognormal(np.log(8), 0.6, count)), 1, 28).astype(int)
    return [" ".join(rng.choice(words, length)) for length in lengths]


def plain_loop(texts: list[str], tokenizer, model) -> dict[int, np.ndarray]:
    """Encode in file order."""
    import torch

    found: dict[int, list[np.ndarray]] = {}
    for start in range(0, len(texts), BATCH):
        tokens = tokenizer(texts[start : start + BATCH], padding=True, truncation=True, return_tensors="pt")
        with torch.inference_mode():
            states = model(**tokens, output_hidden_states=True).hidden_states
            mask = tokens["attention_mask"].unsqueeze(-1).float()
            for layer, state in enumerate(states):
                found.setdefault(layer, []).append(((state * mask).sum(1) / mask.sum(1)).numpy())
    return {layer: np.concatenate(parts) for layer, parts in found.items()}


def main() -> None:
    """Measure and print."""
    import torch

    chosen = options(__doc__, sentences=1280, rounds=3)
    count = chosen.sentences
    machine(f"torch {torch.__version__}", f"{torch.get_num_threads()} thread(s)")
    texts = sentences(count)
    encoder = carried_minilm("cpu")
    tokenizer, model = encoder._loaded
    tokens = np.array([len(ids) for ids in tokenizer(texts, truncation=True)["input_ids"]])
    padded = sum(
        len(tokens[start : start + BATCH]) * tokens[start : start + BATCH].max()
        for start in range(0, count, BATCH)
    )
    print(
        f"{count} sentences of {tokens.min()} to {tokens.max()} tokens (mean {tokens.mean():.1f}, 5 % below "
        f"{np.percentile(tokens, 5):.0f}, 5 % above {np.percentile(tokens, 95):.0f}); in file order "
        f"{padded / tokens.sum():.2f} tokens with padding for each real one"
    )
    plain_loop(texts[:BATCH], tokenizer, model)
    best = {"plain loop": np.inf, "encode": np.inf}
    processor = dict(best)
    for _ in range(chosen.rounds):
        with tempfile.TemporaryDirectory() as folder:
            encoder.cache = ArrayCache(folder)
            for name, run in (
                ("plain loop", lambda: plain_loop(texts, tokenizer, model)),
                ("encode", lambda: encoder.encode(texts, progress=False)),
            ):
                cpu = time.process_time()
                wall, rows = timed(run)
                best[name] = min(best[name], wall)
                processor[name] = min(processor[name], time.process_time() - cpu)
                if name == "plain loop":
                    wanted = rows
    difference = max(float(np.abs(rows[layer] - wanted[layer]).max()) for layer in wanted)
    scale = max(float(np.abs(wanted[layer]).max()) for layer in wanted)
    for name in best:
        print(
            f"{name:>10}: {best[name]:7.2f} s, {count / best[name]:6.1f} sentences/s "
            f"({processor[name]:.2f} s of processor time)"
        )
    ratio = best["plain loop"] / best["encode"]
    by_processor = processor["plain loop"] / processor["encode"]
    print(
        f"encode is {ratio:.2f} times as fast ({by_processor:.2f} by processor time); largest absolute "
        f"difference of any feature {difference:.1e} (largest feature {scale:.2f})"
    )
    bars = {
        f"at least {BAR_RATIO:g} times as fast": ratio >= BAR_RATIO,
        f"features differ by at most {BAR_DIFFERENCE:g}": difference <= BAR_DIFFERENCE,
    }
    report(bars, chosen.check)


if __name__ == "__main__":
    main()
