"""Where the front ends are: a built script and a style sheet for each of ``front_end/entries``.

``python -m tests.front_end.build`` builds them anew; a widget names its own in ``_esm`` and ``_css``.
"""

from __future__ import annotations

from pathlib import Path

FRONT_END = Path(__file__).with_name("front_end")
STATIC = FRONT_END / "static"
