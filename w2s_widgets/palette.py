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
    "student": Role(light="#0b57a4", dark="#7fbcff", marker="o", dash=()),
    "ceiling": Role(light="#5c5c5c", dark="#b5b5b5", marker="^", dash=(1, 2)),
    "misfit": Role(light="#8e2a86", dark="#f0a3e8", marker="P", dash=(2, 2)),
    "gain": Role(light="#00705a", dark="#4fd6b4", marker="*", dash=(8, 2, 2, 2)),
    "slack": Role(light="#b3123f", dark="#ff9db4", marker="X", dash=(3, 2)),
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
