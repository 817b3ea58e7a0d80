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

RUNGS: tuple[Role, ...] = tuple(
    Role(light, dark, marker, ())
    for light, dark, marker in (
        ("#440154", "#472a7a", "o"),
        ("#481d6f", "#414487", "s"),
        ("#453882", "#375a8c", "^"),
        ("#3c508b", "#2e6f8e", "D"),
        ("#31668e", "#26828e", "v"),
        ("#297a8e", "#1f958b", "P"),
        ("#218e8d", "#22a884", "X"),
        ("#1fa187", "#3bbb75", "<"),
        ("#31b57b", "#63cb5f", ">"),
        ("#56c667", "#95d840", "*"),
        ("#86d549", "#cae11f", "p"),
        ("#bddf26", "#fde725", "h"),
    )
)
"""Teachers of a ladder, the worst first: shades of viridis in one order of lightness, which those see too
who see no hue, drawn with an outline in the colour of text, and a marker for each."""

PAPER: dict[str, str] = {"light": "#ffffff", "dark": "#111111"}
"""Backgrounds that contrast is computed against."""

INK: dict[str, str] = {"light": "#222222", "dark": "#f2f2f2"}
"""Text and axes."""


def rungs(count: int) -> list[Role]:
    """Return looks for so many teachers, spread over `RUNGS`; beyond twelve they start again.

    Examples
    --------
    >>> [role.marker for role in rungs(3)]
    ['o', 's', '^']
    >>> [role.light for role in rungs(3)] == [RUNGS[i].light for i in (0, 6, 11)]
    True
    """
    shown = min(count, len(RUNGS))
    # Half up and not to even, so that a count of two takes both ends and more are spread evenly.
    places = [int(i * (len(RUNGS) - 1) / max(1, shown - 1) + 0.5) for i in range(shown)]
    looks = [
        Role(RUNGS[place].light, RUNGS[place].dark, RUNGS[i].marker, ()) for i, place in enumerate(places)
    ]
    return [looks[i % shown] for i in range(count)]


def css_variables(theme: str) -> str:
    """Return CSS custom properties such as ``--w2s-teacher: #a84300;`` for ``"light"`` or ``"dark"``.

    Examples
    --------
    >>> css_variables("light").split(";")[0]
    '--w2s-truth: #222222'
    """
    return _variables(ROLES, theme)


def rung_variables(theme: str) -> str:
    """Return CSS custom properties ``--w2s-rung-0`` to ``--w2s-rung-11`` for a theme.

    Examples
    --------
    >>> rung_variables("dark").split(";")[-2]
    ' --w2s-rung-11: #fde725'
    """
    return _variables({f"rung-{number}": role for number, role in enumerate(RUNGS)}, theme)


def _variables(roles: dict[str, Role], theme: str) -> str:
    colours = {name: role.light if theme == "light" else role.dark for name, role in roles.items()}
    return "; ".join(f"--w2s-{name}: {colour}" for name, colour in colours.items()) + ";"
