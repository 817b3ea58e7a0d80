"""Make the carried file of molecule features from the packages, or recompute a slice of it and compare.

``python -m w2s_widgets.build_data.molecules`` makes the whole file. It can be interrupted: every
finished batch is kept, and the same command goes on from there. `recompute_slice` is the check that a reader
can run, in seconds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from w2s_widgets.datasets.feature_file import (
    FeatureFile,
    FeatureSet,
    feature_set,
)
from w2s_widgets.datasets.molecules import SOURCES, read_molecules
from w2s_widgets.datasets.quantised_features import SliceCheck, compare_steps
from w2s_widgets.encoders import Encoder, Features
from w2s_widgets.encoders.molecules import (
    atom_counts,
    carried_minimol,
    carried_rxnfp,
    carried_rxnmapper,
    morgan_bits,
)
from w2s_widgets.studies.molecule_file import FILE_NAME, MODELS, carried_molecules, layers_of, widths_of
from w2s_widgets.studies.molecules import same_molecules


def encoder_of(model: str, device: str | None = None) -> Encoder:
    """Return the encoder behind some carried representations.

    Parameters
    ----------
    model : {"minimol", "rxnfp", "rxnmapper", "morgan", "counts"}
        Which one.
    device : str, optional
        For the two transformers; the others run on the CPU.

    Raises
    ------
    ValueError
        If there is no such model.
    MissingPackageError
        If the package that carries it, or the software to run it, is not installed.
    """
    if model not in MODELS:
        raise ValueError(f"model is {model!r}: choose one of {', '.join(MODELS)}.")
    if model == "rxnfp":
        return carried_rxnfp(device)
    if model == "rxnmapper":
        return carried_rxnmapper(device)
    return {"minimol": carried_minimol, "morgan": morgan_bits, "counts": atom_counts}[model]()


def recompute_slice(
    model: str = "rxnmapper",
    count: int = 100,
    *,
    source: str = "freesolv",
    seed: int = 0,
    encoder: Encoder | None = None,
    progress: bool = True,
) -> SliceCheck:
    """Encode some molecules of the file with the model itself and compare with the carried features.

    Parameters
    ----------
    model : {"rxnmapper", "rxnfp", "minimol", "morgan", "counts"}
        The model to run.
    count : int
        How many molecules, drawn by ``seed``.
    source : {"freesolv", "solubility", "organic"}
        From which set.
    encoder : Encoder, optional
        By default the model that the package carries, on the CPU.

    Raises
    ------
    MissingPackageError
        If rdkit, the package with the molecules, the model's package or its software is not installed.
    ValueError
        If there is no such model or source, ``count`` is not between 1 and the number of molecules, or the
        installed rdkit writes the molecules in another way than the one that the file was made with.
    """
    encoder = encoder or encoder_of(model, "cpu")
    names = layers_of(model)
    carried = carried_molecules().data_set(source)
    if not 1 <= count <= len(carried):
        raise ValueError(f"count is {count}: give a number from 1 to {len(carried)}.")
    smiles = same_molecules(carried, source)
    rows = np.sort(np.random.default_rng(seed).choice(len(carried), count, replace=False))
    raw = encoder.encode([smiles[row] for row in rows], list(names.values()), progress=progress)
    return compare_steps(
        {name: raw[layer] for name, layer in names.items()},
        carried.projections,
        {name: carried.steps[name][rows] for name in names},
        model=encoder.name,
        device="cpu",
        unit="molecules",
    )


def make_features(*, device: str | None = None, progress: bool = True) -> FeatureFile:
    """Compute every carried representation of every set from the packages.

    Every finished batch is in the cache, so an interrupted call goes on where it stopped.

    Raises
    ------
    MissingPackageError
        If one of the packages, rdkit, torch or transformers is not installed.
    """
    encoders = {model: encoder_of(model, device) for model in MODELS}
    sets: dict[str, FeatureSet] = {}
    for source in SOURCES:
        molecules = read_molecules(source)
        raw: dict[str, Features] = {}
        for model, encoder in encoders.items():
            names = layers_of(model)
            layers = encoder.encode(molecules.smiles, list(names.values()), progress=progress)
            raw.update({name: layers[layer] for name, layer in names.items()})
        sets[source] = feature_set(
            raw,
            widths_of(source),
            rows=np.arange(len(molecules)),
            groups=molecules.groups,
            inputs=molecules.smiles,
            truths=molecules.values,
        )
    return FeatureFile(sets)


def main() -> None:
    """Run from the command line."""
    default = Path(__file__).parent.parent / "data" / FILE_NAME
    parser = argparse.ArgumentParser(
        description="Make the carried file of molecule features from the packages."
    )
    parser.add_argument("--out", type=Path, default=default, help="file to write")
    parser.add_argument("--device", help="cuda, mps or cpu; by default the first that is there")
    options = parser.parse_args()
    make_features(device=options.device).save(options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
