"""The carried file of molecule features: which representations it has, and how wide."""

from __future__ import annotations

from w2s_widgets._validation import choice
from w2s_widgets.datasets.feature_file import FeatureFile, carried_file

FILE_NAME = "molecule_features.npz"
COMMAND = "python -m w2s_widgets.build_data molecules"

MODELS = ("counts", "morgan", "rxnmapper", "rxnfp", "minimol")
"""What gives numbers for a molecule: two sets of rules, two transformers, and the strong model."""

TRANSFORMER_LAYERS = (0, 2, 4, 6)

WIDTHS: dict[str, int] = {
    "counts": 8,
    "morgan": 64,
    **{f"rxnmapper-{layer}": 48 for layer in TRANSFORMER_LAYERS},
    **{f"rxnfp-{layer}": 48 for layer in TRANSFORMER_LAYERS},
    "minimol": 256,
}
"""Carried representations (model and layer) and the number of principal directions kept of each."""


def carried_molecules() -> FeatureFile:
    """Read the file that the package carries, once."""
    return carried_file(FILE_NAME, COMMAND)


def widths_of(source: str) -> dict[str, int]:
    """Return how many directions of each representation the file has for one set of molecules.

    The organic molecules have only carbon, hydrogen, nitrogen, oxygen and sulphur, so that their counts
    vary in seven directions.
    """
    return WIDTHS | ({"counts": 7} if source == "organic" else {})


def layers_of(model: str) -> dict[str, int]:
    """Return the carried representations of a model, with the layer of each.

    Examples
    --------
    >>> layers_of("rxnfp")
    {'rxnfp-0': 0, 'rxnfp-2': 2, 'rxnfp-4': 4, 'rxnfp-6': 6}
    >>> layers_of("morgan")
    {'morgan': 0}
    """
    choice("model", model, MODELS)
    return {name: int(name.partition("-")[2] or 0) for name in WIDTHS if name.split("-")[0] == model}
