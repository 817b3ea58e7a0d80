"""`MoleculeStudy`: real molecules, ten weak representations of them, and MiniMol as the strong one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_widgets._renamed import accepts_old
from w2s_widgets._validation import FloatArray, choice
from w2s_widgets.datasets.feature_file import FeatureFile, FeatureSet, inputs_checksum
from w2s_widgets.datasets.molecules import SOURCES, Property, read_molecules
from w2s_widgets.studies.features.carried import CarriedStudy
from w2s_widgets.studies.molecule_file import carried_molecules

SHARES = (0.2, 0.4, 0.4)
"""Shares of the molecules for teacher, student and test."""

MOLECULES_PER_DIRECTION = 8
"""A student's usual width is the largest of which each direction has so many unlabelled molecules."""


class _Setting(NamedTuple):
    """What a study of one property is made of: where the molecules are, and what is offered."""

    title: str
    source: str
    property: str
    widths: tuple[int, ...]
    n_teacher: tuple[int, ...]
    n_student: tuple[int, ...]


# Budgets near a student's number of directions are left out: there least squares errs without bound.
_SMALL = ((16, 32, 64), (30, 120), (120, 180, 250))
_MIDDLE = ((32, 64, 128), (30, 120, 250), (250, 370, 510))
_LARGE = ((32, 64, 128, 256), (120, 500, 2000), (1000, 2000, 4000))

STUDIES: dict[str, _Setting] = {
    "freesolv": _Setting("FreeSolv", "freesolv", "hydration", *_SMALL),
    "solubility": _Setting("solubility", "solubility", "solubility", *_MIDDLE),
    "refraction": _Setting("organic molecules", "organic", "refraction", *_LARGE),
    "polarizability": _Setting("organic molecules", "organic", "polarizability", *_LARGE),
    "density": _Setting("organic molecules", "organic", "density", *_LARGE),
}


class MoleculeStudy(CarriedStudy):
    """Weak-to-strong on molecules: teachers and students predict a property of a molecule from its formula.

    Teachers are representations of a molecule's SMILES, a line of text: four layers of each of two small
    transformers that were trained on chemical reactions (rxnfp, rxnmapper), a fingerprint of neighbourhoods
    (Morgan), and counts of atoms. Students are the first principal directions of MiniMol, a graph network
    trained on thousands of tasks with molecules. All stay frozen; features come with the package, so that
    nothing here needs torch or rdkit.

    The student's usual width is the largest that leaves eight unlabelled molecules for each direction: one
    rule for all sets, which looks at no label. Molecules with the same atoms and bonds are never in two
    parts.

    Parameters
    ----------
    data : {"freesolv", "solubility", "refraction", "polarizability", "density"}
        What is to be predicted: the measured energy that a molecule gains in water (642 molecules), its
        measured solubility in water (1,282), or a computed property of 10,000 organic molecules.
    widths : sequence of int, optional
        Numbers of MiniMol's principal directions to offer as students, at most 256.
    splits, seed : int
        As in `FeatureStudy`.
    features : FeatureFile, optional
        By default the file that the package carries.
    **options
        Of `FeatureStudy`: ``n_teacher``, ``n_student``, ``realizabilities``, ``heads``,
        ``radius`` or ``teacher_head``.

    Attributes
    ----------
    data : str
        As above.
    property : Property
        What is predicted, with its unit, and whether it was measured.

    Raises
    ------
    ValueError
        If there is no such data, or an option does not fit it.
    TypeError
        If there is no such option.

    Examples
    --------
    >>> study = MoleculeStudy("solubility")
    >>> outcome = study.outcome(teacher="Morgan fingerprint")
    >>> outcome.gain > 0, len(study.teachers), study.defaults["student"]
    (True, 10, 'MiniMol, width 64')
    """

    _options: ClassVar[tuple[str, ...]] = (
        "n_teacher", "n_student", "realizabilities", "heads", "radius", "teacher_head",
    )  # fmt: skip

    @accepts_old("dials", "teacher_labels", "unlabelled")
    def __init__(
        self,
        data: str = "freesolv",
        *,
        widths: Sequence[int] | None = None,
        splits: int = 5,
        seed: int = 0,
        features: FeatureFile | None = None,
        **options: Any,
    ) -> None:
        choice("data", data, STUDIES)
        self._check_options(options)
        setting = STUDIES[data]
        self.data = data
        self.property: Property = next(
            known for known in SOURCES[setting.source].properties if known.name == setting.property
        )
        self._features = features
        self.widths = tuple(setting.widths if widths is None else widths)
        own = None if self.widths == setting.widths else self.widths
        self._recipe = (
            data,
            {"widths": own, "splits": splits, "seed": seed, "features": features, **options},
        )
        carried = self._carried
        values = carried.truth(setting.property)
        self._mean, self._deviation = float(values.mean()), float(values.std())
        super().__init__(
            {model_name(name): carried.representation(name) for name in carried.steps if name != "minimol"},
            {student_name(width): carried.representation("minimol", width) for width in self.widths},
            values,
            **{
                "name": f"{setting.title}: {self.property.title}",
                "unit": "molecules",
                "shares": SHARES,
                "groups": carried.groups,
                "splits": splits,
                "n_teacher": setting.n_teacher,
                "n_student": setting.n_student,
                "seed": seed,
                **options,
            },
        )

    @property
    def defaults(self) -> dict[str, Any]:
        """A value for every axis: the teacher in the middle, and the usual student."""
        room = self.n_student[-1] // MOLECULES_PER_DIRECTION + 1
        fitting = [width for width in self.widths if width <= room]
        width = max(fitting) if fitting else min(self.widths)
        return super().defaults | {"student": student_name(width)}

    def values(self, standardised: ArrayLike) -> FloatArray:
        """Turn predictions back to the property's own unit.

        Examples
        --------
        >>> study = MoleculeStudy("refraction")
        >>> study.values(0.0).round(3).item(), study.property.title
        (1.591, 'refractive index')
        """
        return np.asarray(standardised, dtype=float) * self._deviation + self._mean

    def smiles(self, indices: Sequence[int] | NDArray[Any]) -> list[str]:
        """Return molecules as SMILES, read from the installed package that carries them.

        Raises
        ------
        MissingPackageError
            If that package, or rdkit, is not installed.
        ValueError
            If an index is outside the data, or the installed rdkit writes molecules in another way.
        """
        chosen, molecules = self._chosen(indices), same_molecules(self._carried, STUDIES[self.data].source)
        return [molecules[index] for index in chosen]

    @property
    def _carried(self) -> FeatureSet:
        file = carried_molecules() if self._features is None else self._features
        return file.data_set(STUDIES[self.data].source)


def model_name(representation: str) -> str:
    """Return what readers call a carried representation."""
    model, _, layer = representation.partition("-")
    rules = {"counts": "atom counts", "morgan": "Morgan fingerprint", "minimol": "MiniMol"}
    return rules.get(model, f"{model} layer {layer}")


def student_name(width: int) -> str:
    """Return what readers call the first directions of MiniMol."""
    return f"MiniMol, width {width}"


def same_molecules(carried: FeatureSet, source: str) -> tuple[str, ...]:
    """Return the molecules of a carried set as SMILES, read from the installed package."""
    smiles = read_molecules(source).smiles
    if inputs_checksum(smiles) != carried.inputs_sha256:
        raise ValueError(
            "The installed rdkit writes these molecules in another way than rdkit 2026.9.1 did when the "
            "features were made: run `pip install rdkit==2026.9.1`."
        )
    return smiles
