"""One colour, marker and dash pattern for each role, in every figure and widget, light and dark.

The hues are chosen so that deuteranopes, protanopes and tritanopes can tell them apart, and each text
colour has a contrast of at least 4.5 to 1 with its background (WCAG 2.2 AA); tests compute both.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """How one thing looks: colours for light and dark themes, matplotlib marker and dash pattern."""

    light: str
    dark: str
    marker: str
    dash: tuple[float, ...]


ROLES: dict[str, Role] = {
    "truth": Role(light="#222222", dark="#f2f2f2", marker="D", dash=()),
    "teacher": Role(light="#a84300", dark="#ffa95c", marker="s", dash=(6, 3)),
    "student": Role(light="#2c4a94", dark="#4c9afe", marker="o", dash=()),
    "ceiling": Role(light="#5c5c5c", dark="#b7b7b7", marker="^", dash=(1, 2)),
    "misfit": Role(light="#69145d", dark="#faa2f1", marker="P", dash=(2, 2)),
    "gain": Role(light="#267843", dark="#86f4af", marker="*", dash=(8, 2, 2, 2)),
    "slack": Role(light="#721314", dark="#e36376", marker="X", dash=(3, 2)),
}
"""The roles of the glossary."""

PAPER: dict[str, str] = {"light": "#ffffff", "dark": "#111111"}
"""Backgrounds that contrast is computed against."""

INK: dict[str, str] = {"light": "#222222", "dark": "#f2f2f2"}
"""Text and axes."""


def css_variables(theme: str) -> str:
    """Return CSS custom properties such as ``--w2s-teacher: #a84300;`` for ``"light"`` or ``"dark"``.

    Examples
    --------
    >>> css_variables("light").split(";")[0]
    '--w2s-truth: #222222'
    """
    colours = {name: role.light if theme == "light" else role.dark for name, role in ROLES.items()}
    return "; ".join(f"--w2s-{name}: {colour}" for name, colour in colours.items()) + ";"
