"""Make a file that the package carries, or compute some of it again and compare.

Run ``python -m w2s_widgets.build_data --help``. What runs models keeps every finished batch: an interrupted
command goes on from there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from w2s_widgets.build_data import finite_samples, molecules, networks, sentences, words
from w2s_widgets.datasets.sentences import default_archive, fetch_archive
from w2s_widgets.studies.linear.finite_sample_grid import compute_grid
from w2s_widgets.studies.networks.pretraining import STEPS

DATA = Path(__file__).parents[1] / "data"
FILES = {
    "words": "word_features.npz",
    "sentences": "sentence_features.npz",
    "molecules": "molecule_features.npz",
    "networks": "network_weights.npz",
    "finite_samples": "finite_samples.npz",
}
OF_ONE = {"archive": "sentences", "fetch": "sentences", "steps": "networks", "compare_ratings": "words"}
"""Options that one file alone has."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; return 1 if what was computed again is not what is carried."""
    parser = argparse.ArgumentParser("python -m w2s_widgets.build_data", description=__doc__)
    parser.add_argument("data", choices=FILES, help="which file")
    parser.add_argument("--check", type=int, metavar="N", help="write nothing, compute N of its rows again")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write; by default the carried one")
    parser.add_argument("--device", help="cuda, mps or cpu; by default the first that is there")
    parser.add_argument("--archive", type=Path, help="of sentences: source archive of vaderSentiment 3.3.2")
    parser.add_argument("--fetch", action="store_true", help="of sentences: download it if it is not there")
    parser.add_argument("--steps", type=int, help="of networks: how long each is trained")
    parser.add_argument(
        "--compare-ratings",
        action="store_true",
        help="of words: write no file, compare the ratings on development words, which the file has not",
    )
    options = parser.parse_args(arguments)
    for name, data in OF_ONE.items():
        if getattr(options, name) and options.data != data:
            parser.error(f"--{name.replace('_', '-')} is of {data}: leave it out.")
    if options.check is not None and options.check < 1:
        parser.error(f"--check is {options.check}: give a whole number of at least 1.")
    if options.fetch:
        options.archive = fetch_archive()
    if options.check is not None:
        agrees, sentence = _check(options)
        print(sentence)
        return 0 if agrees else 1
    if options.compare_ratings:
        print(words.compare_ratings(words.make_file(development=True, device=options.device)))
        return 0
    out = options.out or DATA / FILES[options.data]
    _make(options, out)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")
    return 0


def _check(options: argparse.Namespace) -> tuple[bool, str]:
    if options.data == "finite_samples":
        return finite_samples.check(options.check)
    if options.data == "networks":
        return networks.check(options.check)
    if options.data == "molecules":
        found = molecules.recompute_slice(count=options.check)
    else:
        name = "words" if options.data == "words" else "movie"
        found = sentences.recompute_slice(name, "minilm", options.check, archive=options.archive)
    return found.agrees, str(found)


def _make(options: argparse.Namespace, out: Path) -> None:
    if options.data == "words":
        words.make_file(device=options.device).save(out)
    elif options.data == "sentences":
        sentences.make_file(options.archive or default_archive(), options.device).save(out)
    elif options.data == "molecules":
        molecules.make_features(device=options.device).save(out)
    elif options.data == "networks":
        out.write_bytes(networks.make_file(options.steps or STEPS))
    else:
        compute_grid().save(out)


if __name__ == "__main__":
    sys.exit(main())
