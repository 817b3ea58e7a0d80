"""Every explorer holds its layout in a narrow, a middling and a wide system font, at three widths."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import fonts
from tests.browser.contract import ROOT, probe
from tests.browser.screen import Screen
from tests.widgets.contract import EXPLORERS, make

# For each width of the page: its theme, and in how many states beside the presets it is looked at.
LOOKS = {1280: ("light", 8), 700: ("dark", 8), 480: ("dark", 2), 390: ("light", 24)}
TEXT = "student’s error 0.250, promised 0.250"
WIDTH = "() => document.querySelector('p').firstChild.getBoundingClientRect().width"

widths: dict[str, float] = {}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Each explorer saved as a page, once for all families."""
    folder = tmp_path_factory.mktemp("pages")

    def page(kind: str) -> Path:
        path = folder / f"{kind}.html"
        return path if path.exists() else make(kind).save_page(path)

    return page


def test_families_are_in_use_and_differ_in_width(family_browser: tuple[str, Browser]) -> None:
    family, browser = family_browser
    with Screen(browser) as screen:
        screen.page.set_content(f"<p style='font: 13px system-ui'><span>{TEXT}</span></p>")
        assert fonts.drawn_with(screen.page, "p") == {family}
        widths[family] = screen.page.evaluate(WIDTH)
    seen = [widths[name] for name in fonts.FAMILIES if name in widths]
    assert all(wide > 1.05 * narrow for narrow, wide in itertools.pairwise(seen)), widths


@pytest.mark.parametrize("kind", EXPLORERS)
def test_layout_holds(family_browser: tuple[str, Browser], pages: Callable[[str], Path], kind: str) -> None:
    family, browser = family_browser
    wrong = []
    with Screen(browser) as screen:
        screen.page.goto(pages(kind).as_uri())
        assert family in fonts.drawn_with(screen.page, f"{ROOT} .w2s-sentence")
        for width, (theme, states) in LOOKS.items():
            screen.page.set_viewport_size({"width": width, "height": 900})
            screen.page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            found = probe(screen, "crowded", states) + screen.overflow("body")
            wrong += [f"{width} px: {words}" for words in found]
        screen.screenshot(f"fonts_{family.split()[0].lower()}_{kind}", ROOT)
        screen.assert_quiet()
    assert not wrong, "\n".join(wrong)
