"""Make the carried file of molecule features from the packages, or recompute a slice of it and compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets.build_data.slices import SliceCheck, compare_slice
from w2s_widgets.datasets.feature_file import FeatureFile, FeatureSet, feature_set
from w2s_widgets.datasets.molecules import SOURCES, read_molecules
from w2s_widgets.encoders import Encoder, Features
from w2s_widgets.encoders.molecules import (
    atom_counts,
    carried_minimol,
    carried_rxnfp,
    carried_rxnmapper,
    morgan_bits,
)
from w2s_widgets.studies.molecule_file import MODELS, carried_molecules, layers_of, widths_of
from w2s_widgets.studies.molecules import same_molecules


def encoder_of(model: str, device: str | None = None) -> Encoder:
    """Return the encoder behind some carried representations; only the transformers heed the device."""
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
    """
    encoder = encoder or encoder_of(model, "cpu")
    carried, names = carried_molecules().data_set(source), layers_of(model)

    def compute(rows: NDArray[Any]) -> tuple[dict[str, Features], str, str]:
        smiles = same_molecules(carried, source)
        return _raw(encoder, names, [smiles[row] for row in rows], progress), encoder.name, "cpu"

    return compare_slice(carried, count, seed, compute, "molecules")


def make_features(*, device: str | None = None, progress: bool = True) -> FeatureFile:
    """Compute every carried representation of every set from the packages.

    Every finished batch is in the cache, so an interrupted call goes on where it stopped.
    """
    encoders = {model: encoder_of(model, device) for model in MODELS}
    sets: dict[str, FeatureSet] = {}
    for source in SOURCES:
        molecules = read_molecules(source)
        raw: dict[str, Features] = {}
        for model, encoder in encoders.items():
            raw |= _raw(encoder, layers_of(model), molecules.smiles, progress)
        sets[source] = feature_set(
            raw,
            widths_of(source),
            rows=np.arange(len(molecules)),
            groups=molecules.groups,
            inputs=molecules.smiles,
            truths=molecules.values,
        )
    return FeatureFile(sets)


def _raw(
    encoder: Encoder, names: dict[str, int], smiles: Sequence[str], progress: bool
) -> dict[str, Features]:
    layers = encoder.encode(smiles, list(names.values()), progress=progress)
    return {name: layers[layer] for name, layer in names.items()}
