"""Sweeps: every combination of a study's settings as one row of a table, on one machine or on many."""

from w2s_widgets.sweeps.run import sweep
from w2s_widgets.sweeps.study import Study

__all__ = ["Study", "sweep"]
