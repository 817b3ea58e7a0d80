"""The representations of a `NetworkStudy`: the true one, with noise or without, or a pretrained one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from w2s_widgets._validation import real
from w2s_widgets.studies.networks.checkpoints import DEPTHS, pretrained_network, true_network
from w2s_widgets.studies.networks.mlp import Network

Networks = Mapping[tuple[int, int, str], Network]

EXACT = "exact"
_NOISE_STREAMS = {"teacher": 3, "student": 4}


class Representation(NamedTuple):
    """The true representation with noise of some deviation, or a pretrained one of some layers.

    Examples
    --------
    >>> noisy(0.05).name, noisy(0).name, Representation(depth=8, few=True).name
    ('noise 0.05', 'exact', '8 layers, few examples')
    >>> named("8 layers")
    Representation(noise=0.0, depth=8, few=False)
    """

    noise: float = 0.0
    depth: int = 0
    few: bool = False

    @property
    def name(self) -> str:
        """What readers call it."""
        if self.depth:
            return f"{self.depth} layers, few examples" if self.few else f"{self.depth} layers"
        return f"noise {self.noise:.12g}" if self.noise else EXACT

    @property
    def amount(self) -> str:
        """On how many examples it was pretrained."""
        return "few" if self.few else "many"

    def network(self, role: str, seed: int, networks: Networks) -> Network:
        """Return its network: one of the given pretrained ones, the carried one, or a noisy copy."""
        if self.depth:
            key = (seed, self.depth, self.amount)
            return networks[key] if key in networks else pretrained_network(*key)
        return _noisy_copy(seed, role, self.noise)


PRETRAINED = tuple(Representation(depth=depth, few=few) for depth in DEPTHS for few in (True, False))


def noisy(level: float) -> Representation:
    """Return the true representation with noise, whose level is that of its name, or raise."""
    return Representation(noise=float(f"{real('noise', level, 0):.12g}"))


def named(name: object) -> Representation:
    """Return the representation that readers call so, or raise a ``ValueError``."""
    for known in (Representation(), *PRETRAINED):
        if name == known.name:
            return known
    if isinstance(name, str) and name.startswith("noise "):
        try:
            return noisy(float(name.removeprefix("noise ")))
        except ValueError:
            pass
    raise ValueError(
        f"there is no representation {name!r}: choose from {EXACT}, "
        f"{', '.join(known.name for known in PRETRAINED)}, or noise with its deviation, such as noise 0.05."
    )


# The same object for the same copy, since fits are kept for the object.
@lru_cache(maxsize=64)
def _noisy_copy(seed: int, role: str, level: float) -> Network:
    if not level:
        return true_network(seed)
    return true_network(seed).perturbed(level, np.random.default_rng([seed, _NOISE_STREAMS[role]]))
