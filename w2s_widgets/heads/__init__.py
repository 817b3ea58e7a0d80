"""Heads: classes of functions on a frozen representation, convex or not, each fitted exactly."""

from w2s_widgets.heads.ball import BallHead
from w2s_widgets.heads.base import Head
from w2s_widgets.heads.box import BoxHead
from w2s_widgets.heads.cone import ConeHead
from w2s_widgets.heads.ensemble import FiniteHead, HullHead
from w2s_widgets.heads.linear import LinearHead
from w2s_widgets.heads.monotone import MonotoneHead
from w2s_widgets.heads.ridge import RidgeHead
from w2s_widgets.heads.sparse import SparseHead
from w2s_widgets.heads.sphere import SphereHead

__all__ = [
    "BallHead",
    "BoxHead",
    "ConeHead",
    "FiniteHead",
    "Head",
    "HullHead",
    "LinearHead",
    "MonotoneHead",
    "RidgeHead",
    "SparseHead",
    "SphereHead",
]
