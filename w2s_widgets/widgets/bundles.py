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


class BuiltWidget(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget has no types
    """A widget that follows its built files, for hot reload, without being kept alive by them."""

    def __init__(self, **traits: Any) -> None:
        for key in ("_esm", "_css"):
            contents = getattr(type(self), key)
            self.add_traits(**{key: traitlets.Unicode(str(contents)).tag(sync=True)})
            contents.changed.connect_setattr(self, key, maxargs=1, on_ref_error="ignore")
        super().__init__(**traits)
