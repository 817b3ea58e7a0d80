"""Where the front ends are: a built script and a style sheet for each of ``front_end/entries``.

``python -m tests.front_end.build`` builds them anew; a widget names its own in ``_esm`` and ``_css``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

FRONT_END = Path(__file__).with_name("front_end")
STATIC = FRONT_END / "static"


class BundledWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """A widget whose front end is in files, and that can be freed.

    anywidget lets a file that may change hold every widget that shows it; here the file holds them weakly.
    """

    def __init__(self, *args: Any, **traits: Any) -> None:
        for name in ("_esm", "_css"):
            contents = getattr(type(self), name)
            self.add_traits(**{name: traitlets.Unicode(str(contents)).tag(sync=True)})
            contents.changed.connect_setattr(self, name, maxargs=1)
        super().__init__(*args, **traits)
