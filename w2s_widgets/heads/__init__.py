"""Heads: classes of functions on a frozen representation, each fitted exactly."""

from w2s_widgets.heads.ball import BallHead
from w2s_widgets.heads.base import Head
from w2s_widgets.heads.linear import LinearHead

__all__ = ["BallHead", "Head", "LinearHead"]
