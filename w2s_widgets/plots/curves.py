"""Curves of answers as a static picture: truth, teacher and student, and misfit and gain by capacity."""

from __future__ import annotations

from w2s_widgets._validation import FloatArray
from w2s_widgets.plots.page import Picture
from w2s_widgets.theory.outcome import Outcome


def curve_picture(teacher: FloatArray, strong_capacity: int, outcome: Outcome) -> Picture:
    raise NotImplementedError
