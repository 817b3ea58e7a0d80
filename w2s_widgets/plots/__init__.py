"""Static figures of outcomes, drawn with matplotlib's objects alone: nothing is registered with pyplot."""

from typing import Any

from w2s_widgets._renamed import warn_renamed
from w2s_widgets.plots.bars import ledger
from w2s_widgets.plots.curves import answers
from w2s_widgets.plots.gain_map import explorer_picture, gain_map
from w2s_widgets.plots.page import Picture
from w2s_widgets.plots.ranking import ranking, teacher_map
from w2s_widgets.plots.tasks import task_clouds
from w2s_widgets.plots.triangle import triangle

__all__ = [
    "Picture",
    "answers",
    "explorer_picture",
    "gain_map",
    "ledger",
    "ranking",
    "task_clouds",
    "teacher_map",
    "triangle",
]


def __getattr__(name: str) -> Any:
    if name == "ladder_map":
        warn_renamed("plots.ladder_map", "plots.teacher_map")
        return teacher_map
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
