"""The one door from a value up to what shows it: `w2s_widgets.display` stands above the theory.

A value that shows itself in a notebook inherits `Displayed`; `w2s_widgets.display.rich` says how. It is
loaded by name when something is shown, so that computing never imports a drawing.
"""

from __future__ import annotations

from importlib import import_module


class Displayed:
    """Shown by `w2s_widgets.display.rich`, as text and as HTML."""

    def __str__(self) -> str:
        return str(import_module("w2s_widgets.display.rich").printed(self))

    def _repr_html_(self) -> str:
        return str(import_module("w2s_widgets.display.rich").html(self))
