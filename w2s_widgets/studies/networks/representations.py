"""The representations of a `NetworkStudy` by name: exact, of so many layers, or with so much noise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from numbers import Integral

import numpy as np

from w2s_widgets.studies.networks.checkpoints import pretrained_network, true_network
from w2s_widgets.studies.networks.mlp import Network
from w2s_widgets.studies.noise_grid import check_level

PAIRS = ("realizable", "pretrained", "perturbed")

EXACT = "exact"
DEPTH_NAMES = {
    (2, True): "2 layers, few examples",
    (2, False): "2 layers",
    (8, True): "8 layers, few examples",
    (8, False): "8 layers",
}
"""(depth, whether pretrained on few examples) to the name."""

_NOISE = "noise "
_NOISE_STREAMS = {"teacher": 3, "student": 4}


def noise_name(level: float) -> str:
    """Return the name of the true representation with noise.

    Examples
    --------
    >>> noise_name(0.05), noise_name(0)
    ('noise 0.05', 'exact')
    """
    level = check_level(level)
    return f"{_NOISE}{level:.12g}" if level else EXACT


def read_name(name: object) -> float | tuple[int, bool]:
    """Return what a name says: the level of noise, or depth and whether there were few examples."""
    if name == EXACT:
        return 0.0
    for key, known in DEPTH_NAMES.items():
        if name == known:
            return key
    if isinstance(name, str) and name.startswith(_NOISE):
        try:
            return check_level(float(name.removeprefix(_NOISE)))
        except ValueError:
            pass
    raise ValueError(
        f"there is no representation {name!r}: choose from {EXACT}, {', '.join(DEPTH_NAMES.values())}, or "
        f"noise with its deviation, such as {_NOISE}0.05."
    )


def network_of(networks: Mapping[tuple[int, int, str], Network], role: str, name: str, seed: int) -> Network:
    """Return the network of a name: one of the given pretrained ones, the carried one, or a noisy copy."""
    told = read_name(name)
    if isinstance(told, tuple):
        key = (seed, told[0], "few" if told[1] else "many")
        return networks[key] if key in networks else pretrained_network(*key)
    return _noisy_copy(seed, role, told)


# The same object for the same copy, since fits are kept for the object.
@lru_cache(maxsize=64)
def _noisy_copy(seed: int, role: str, level: float) -> Network:
    if not level:
        return true_network(seed)
    return true_network(seed).perturbed(level, np.random.default_rng([seed, _NOISE_STREAMS[role]]))


def check_whole(name: str, value: object, low: int) -> int:
    """Return a whole number of at least ``low``, or raise."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} is {value!r}: give a whole number.")
    if int(value) < low:
        raise ValueError(f"{name} is {value}: give a whole number of at least {low}.")
    return int(value)
