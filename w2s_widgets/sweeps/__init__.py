"""Sweeps: every combination of a study's settings as one row of a table, on one machine or on many."""

from w2s_widgets.studies.study import Study
from w2s_widgets.sweeps.run import sweep

__all__ = ["Study", "sweep"]
