"""Where a program runs: in a notebook, at a terminal, or where nobody looks."""

from __future__ import annotations

import sys


def in_notebook() -> bool:
    """Whether a kernel runs this."""
    # A kernel has imported IPython already: looking there spares everybody else the import.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


def surroundings() -> str:
    """Return "notebook", "terminal" or "nowhere": where what is written can be seen to change."""
    if in_notebook():
        return "notebook"
    return "terminal" if sys.stdout is not None and sys.stdout.isatty() else "nowhere"


def interactive() -> bool:
    """Whether a person can answer: in a notebook or at a terminal."""
    return in_notebook() or (sys.stdin is not None and sys.stdin.isatty())
