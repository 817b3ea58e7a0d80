"""Static figures of outcomes, drawn with matplotlib's objects alone: nothing is registered with pyplot."""

from w2s_widgets.plots.bars import ledger
from w2s_widgets.plots.gain_map import explorer_picture, gain_map
from w2s_widgets.plots.page import Picture
from w2s_widgets.plots.ranking import ranking, teacher_map
from w2s_widgets.plots.tasks import task_clouds
from w2s_widgets.plots.triangle import triangle

__all__ = [
    "Picture",
    "explorer_picture",
    "gain_map",
    "ledger",
    "ranking",
    "task_clouds",
    "teacher_map",
    "triangle",
]
