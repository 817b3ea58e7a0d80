"""The closed form of the linear world, for whole grids of settings at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_widgets._validation import FloatArray
from w2s_widgets.theory.outcome import Sides

DIMENSION = 24
TRUTH_CAPACITY = 12
DECAY = 0.9


def truth_coefficients(
    truth_capacity: int = TRUTH_CAPACITY, *, dimension: int = DIMENSION, decay: float = DECAY
) -> FloatArray:
    """Return the truth as a unit vector whose coefficients fall geometrically and then stop."""
    coefficients = np.zeros(dimension)
    coefficients[:truth_capacity] = decay ** np.arange(truth_capacity)
    unit: FloatArray = coefficients / np.linalg.norm(coefficients)
    return unit


def linear_world_eps(strong_capacity: ArrayLike, *, truth: FloatArray | None = None) -> FloatArray:
    """Return the squared length of what a student of each capacity cannot express of the truth.

    This is err_ceiling in the linear world, and 0 where the truth is realizable.
    """
    coefficients = truth_coefficients() if truth is None else truth
    tails = np.append(np.cumsum(coefficients[::-1] ** 2)[::-1], 0.0)
    return np.asarray(tails[np.asarray(strong_capacity)], dtype=np.float64)


def linear_world_possible(
    strong_capacity: ArrayLike,
    misfit_share: ArrayLike,
    *,
    truth: FloatArray | None = None,
    blind_cosine: ArrayLike = 0.0,
) -> NDArray[np.bool_]:
    """Tell which settings exist: an error that the student cannot copy needs a direction it lacks.

    A student with all directions copies everything, so its misfit can only be 0. A student that lacks
    just one direction, and that one is part of the truth, leaves only the cosines -1 and 1.
    """
    coefficients = truth_coefficients() if truth is None else truth
    capacity = np.asarray(strong_capacity)
    lacks = len(coefficients) - capacity
    forced = (lacks == 1) & (linear_world_eps(capacity, truth=coefficients) > 0)
    room = (lacks >= 1) & (~forced | (np.abs(np.asarray(blind_cosine, dtype=np.float64)) == 1))
    return np.asarray(room | (np.asarray(misfit_share, dtype=np.float64) == 0), dtype=np.bool_)


def linear_world_sides(
    weak_quality: ArrayLike,
    strong_capacity: ArrayLike,
    misfit_share: ArrayLike,
    *,
    truth: FloatArray | None = None,
    blind_cosine: ArrayLike = 0.0,
) -> Sides:
    """Compute the closed form of many linear worlds at once.

    With E = 1 - weak_quality, m the misfit_share, a the blind_cosine and eps the squared length of what
    the student cannot express of the truth:

    ====================  =========================================
    err_weak              E
    err_student           (1 - m) E + eps
    misfit                m E + eps + 2 a sqrt(m E eps)
    gain                  m E - eps
    slack                 -2 (eps + a sqrt(m E eps))
    ====================  =========================================

    Examples
    --------
    >>> sides = linear_world_sides(0.5, [6, 12, 24], 0.4)
    >>> sides.gain.round(3).tolist(), sides.slack.round(3).tolist()
    ([-0.02, 0.2, nan], [-0.44, 0.0, nan])
    """
    error = 1 - np.asarray(weak_quality, dtype=np.float64)
    share = np.asarray(misfit_share, dtype=np.float64)
    eps = linear_world_eps(strong_capacity, truth=truth)
    aligned = np.asarray(blind_cosine, dtype=np.float64)
    uncopied = share * error
    along = aligned * np.sqrt(uncopied)
    sides = Sides(
        err_weak=error,
        err_student=(1 - share) * error + eps,
        # A squared length that is nearly 0 can come out below it by rounding.
        misfit=np.maximum(0.0, uncopied + eps + 2 * along * np.sqrt(eps)),
        gain=uncopied - eps,
        # 0 - x and not -x: no minus zero where the truth is realizable.
        slack=0 - 2 * (eps + along * np.sqrt(eps)),
    )
    possible = linear_world_possible(strong_capacity, misfit_share, truth=truth, blind_cosine=blind_cosine)
    *filled, _ = np.broadcast_arrays(*(np.asarray(side) for side in sides), possible)
    return Sides(*(np.where(possible, side, np.nan) for side in filled))
