"""A widget's front end is a file: a new text of it reaches open widgets, and keeps no closed one alive."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

from w2s_widgets.widgets.bundles import BuiltWidget


def test_a_rebuilt_bundle_reaches_the_widgets_that_live(tmp_path: Path) -> None:
    script, style = tmp_path / "card.js", tmp_path / "card.css"
    script.write_text("export default {}")
    style.write_text("p {}")

    class Card(BuiltWidget):
        _esm: Any = script
        _css: Any = style

    source = Card.__dict__["_esm"]
    kept, closed = Card(), Card()
    assert (kept._esm, kept._css) == ("export default {}", "p {}")
    seen = weakref.ref(closed)
    closed.close()
    del closed
    gc.collect()
    assert seen() is None
    source.changed.emit("export default 1")
    assert kept._esm == "export default 1"
    kept.close()
