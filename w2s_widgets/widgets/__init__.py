"""Live explorers of outcomes, for notebooks and for pages without a kernel."""

from w2s_widgets.widgets.gain_explorer import GainExplorer
from w2s_widgets.widgets.outcome_explorer import OutcomeExplorer, Preset, Screen
from w2s_widgets.widgets.word_explorer import WordExplorer

__all__ = ["GainExplorer", "OutcomeExplorer", "Preset", "Screen", "WordExplorer"]
