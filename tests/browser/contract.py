"""What the browser tests of any explorer share: to open it, read it, move it, and wait for its kernel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.lab import Lab, LabScreen
from tests.browser.screen import Screen

ROOT = ".w2s-explorer"
PROBES = Path(__file__).with_name("explorer_probes.js")
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
Pages = Callable[..., Screen]
"""Opens a page, with settings of `Screen`."""


def probe(screen: Screen, name: str, *arguments: object) -> Any:
    """Call a function of explorer_probes.js after the page has drawn."""
    if not screen.page.evaluate("() => 'probes' in window"):
        screen.page.add_script_tag(path=PROBES)
    screen.page.evaluate(TWO_FRAMES)
    return screen.page.evaluate("([name, values]) => window.probes[name](...values)", [name, arguments])


def drawn(screen: Screen, states: list[Any], more: str) -> list[Any]:
    """Draw states, given by their indices, and read their words, with what ``more`` reads of the page."""
    seen: list[Any] = probe(screen, "drawn", states, more)
    assert len(seen) == len(states)
    return seen


def shown(screen: Screen) -> dict[str, Any]:
    """Return what the first explorer of the page says now."""
    seen: dict[str, Any] = probe(screen, "shown")
    return seen


def opened(lab: Lab, *cells: str, **settings: Any) -> LabScreen:
    """Run cells in JupyterLab, and wait until an explorer has drawn itself."""
    screen = lab.open(cells, **settings)
    screen.run_all()
    errors = screen.error_outputs()
    assert not errors, "\n".join(errors)
    screen.page.wait_for_selector(f"{ROOT} .w2s-sentence:not(:empty)")
    return screen


def wait_for_kernel(screen: LabScreen, expression: str, wanted: str) -> None:
    """Wait until an expression has this `repr` in the kernel."""
    for _ in range(50):
        if screen.kernel_eval(expression) == wanted:
            return
        screen.page.wait_for_timeout(50)
    assert screen.kernel_eval(expression) == wanted
