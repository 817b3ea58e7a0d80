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

TEACHER_MARKS: tuple[Role, ...] = tuple(
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
"""Marks of teachers, the worst first: shades of viridis in one order of lightness, which those see too
who see no hue, drawn with an outline in the colour of text, and a marker for each."""

PAPER: dict[str, str] = {"light": "#ffffff", "dark": "#111111"}
"""Backgrounds that contrast is computed against."""

INK: dict[str, str] = {"light": "#222222", "dark": "#f2f2f2"}
"""Text and axes."""

_GREYS = {
    "light": "--w2s-soft: #595959; --w2s-line: #d0d0d0; --w2s-line-strong: #767676; "
    "--w2s-wash: #eef3f8; --w2s-focus: #0b57a4;",
    "dark": "--w2s-soft: #b5b5b5; --w2s-line: #444444; --w2s-line-strong: #8f8f8f; "
    "--w2s-wash: #1f2a36; --w2s-focus: #7fbcff;",
}
_DARK_PAGES = (
    '[data-jp-theme-light="false"]',
    'body[data-vscode-theme-kind="vscode-dark"]',
    'html[theme="dark"]',
    '[data-theme="dark"]',
)


def teacher_marks(count: int) -> list[Role]:
    """Return looks for so many teachers, spread over `TEACHER_MARKS`; beyond twelve they start again.

    Examples
    --------
    >>> [role.marker for role in teacher_marks(3)]
    ['o', 's', '^']
    >>> [role.light for role in teacher_marks(3)] == [TEACHER_MARKS[i].light for i in (0, 6, 11)]
    True
    """
    shown = min(count, len(TEACHER_MARKS))
    # Half up and not to even, so that a count of two takes both ends and more are spread evenly.
    places = [int(i * (len(TEACHER_MARKS) - 1) / max(1, shown - 1) + 0.5) for i in range(shown)]
    looks = [
        Role(TEACHER_MARKS[place].light, TEACHER_MARKS[place].dark, TEACHER_MARKS[i].marker, ())
        for i, place in enumerate(places)
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


def theme_css() -> str:
    """Return the style sheet of the front end's colours, for light and dark pages.

    Examples
    --------
    >>> "--w2s-teacher-11: #fde725" in theme_css()
    True
    """
    shades = {f"teacher-{number}": role for number, role in enumerate(TEACHER_MARKS)}
    light, dark = (
        f"--w2s-paper: {PAPER[theme]}; --w2s-ink: {INK[theme]}; {_GREYS[theme]} "
        f"{css_variables(theme)} {_variables(shades, theme)}".replace("; ", ";\n  ")
        for theme in ("light", "dark")
    )
    scope = '[class^="w2s-"]'
    dark_scope = ",\n".join(f"{page} {scope}" for page in _DARK_PAGES)
    note = "/* The colours of display/palette.py, written by python -m tests.front_end.build. */"
    return f"{note}\n\n{scope} {{\n  {light}\n}}\n\n{dark_scope} {{\n  {dark}\n}}\n"


def _variables(roles: dict[str, Role], theme: str) -> str:
    colours = {name: role.light if theme == "light" else role.dark for name, role in roles.items()}
    return "; ".join(f"--w2s-{name}: {colour}" for name, colour in colours.items()) + ";"
