"""Join a widget's JavaScript modules and style sheets into the two texts that a page needs.

A page loads a widget from one module text. The modules import each other by name
(``import { a } from "./b.js";``); joined, each becomes a function scope of its own that returns what it
exports, written once, after the modules it needs.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from w2s_widgets.display.palette import INK, PAPER, css_variables, rung_variables

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\.{1,2}/(?:\w+/)?(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)

# The other greys of a theme, beside the palette's roles.
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


@cache
def module_text(entry: str) -> str:
    """Return the JavaScript of ``entry`` and everything it imports, as one module.

    Parameters
    ----------
    entry : str
        File name in the ``front_end`` folder, such as ``"explorer.js"``.

    Examples
    --------
    >>> text = module_text("explorer.js")
    >>> "import {" in text, text.count("export ")
    (False, 1)
    """
    written: list[str] = []
    _write(entry, written, set())
    return "\n".join(written)


@cache
def style_text(*names: str) -> str:
    """Return style sheets with the palette's custom properties for light and dark pages before them.

    Examples
    --------
    >>> "--w2s-teacher: #a84300" in style_text("explorer.css")
    True
    """
    light, dark = (
        f"--w2s-paper: {PAPER[theme]}; --w2s-ink: {INK[theme]}; {_GREYS[theme]} "
        f"{css_variables(theme)} {rung_variables(theme)}"
        for theme in ("light", "dark")
    )
    scope = '[class^="w2s-"]'
    dark_scope = ", ".join(f"{page} {scope}" for page in _DARK_PAGES)
    variables = f"{scope} {{ {light} }}\n{dark_scope} {{ {dark} }}\n"
    return variables + "\n".join(_read(name) for name in names)


def _write(name: str, written: list[str], seen: set[str], *, is_entry: bool = True) -> None:
    if name in seen:
        return
    seen.add(name)
    text = _read(name)
    for _, needed in _IMPORT.findall(text):
        _write(f"{needed}.js", written, seen, is_entry=False)
    text = _IMPORT.sub(r"const \1 = module_\2;", text)
    if not is_entry:
        exports = ", ".join(_EXPORT.findall(text))
        body = re.sub(r"^export ", "", text, flags=re.MULTILINE)
        text = f"const module_{name.removesuffix('.js')} = (() => {{\n{body}return {{ {exports} }};\n}})();\n"
    written.append(text)


def _read(name: str) -> str:
    found = next(Path(__file__).with_name("front_end").glob(f"*/{name}"))
    return found.read_text(encoding="utf-8")
