"""The browser, JupyterLab and pages on this machine, shared by the browser tests, which run last."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser import chromium, fonts
from tests.browser.contract import Pages
from tests.browser.lab import Lab
from tests.browser.screen import Screen
from tests.browser.server import LabServer

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The browser's event loop stays in this thread for the rest of the session, and the kernels that
    # notebook tests start want one of their own: so these tests come last.
    items.sort(key=lambda item: HERE in item.path.parents)
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    running = chromium.launch(driver)
    if running is None:
        chromium.missing(chromium.HOW_TO_GET_ONE)
    yield running
    running.close()


@pytest.fixture(scope="session", params=fonts.FAMILIES)
def family_browser(
    request: pytest.FixtureRequest, driver: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Browser]]:
    """A font family, and a browser in which the system's own font is that family."""
    config = fonts.config(tmp_path_factory.mktemp("fonts"), request.param)
    running = chromium.launch(driver, FONTCONFIG_FILE=str(config))
    if running is None:
        chromium.missing(chromium.HOW_TO_GET_ONE)
    page = running.new_page()
    page.set_content("<p style='font-family: system-ui'>student</p>")
    drawn = fonts.drawn_with(page, "p")
    page.close()
    if drawn != {request.param}:
        running.close()
        chromium.missing(fonts.HOW_TO_GET_THEM.format(family=request.param, drawn=", ".join(drawn)))
    yield request.param, running
    running.close()


@pytest.fixture(scope="session")
def shared_lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    server = LabServer(tmp_path_factory.mktemp("lab"))
    yield Lab(server, browser)
    server.stop()


@pytest.fixture
def lab(shared_lab: Lab) -> Iterator[Lab]:
    """JupyterLab: `lab.open(["code of a cell", ...], width=700, theme="dark")`."""
    yield shared_lab
    shared_lab.close_screens()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Pages]:
    """Open a page without a kernel: `open_page(path_of_html, width=700, theme="dark")`."""
    screens: list[Screen] = []

    def opened(path: Path, **settings: object) -> Screen:
        screen = Screen(browser, **settings)  # type: ignore[arg-type]
        screens.append(screen)
        screen.page.goto(path.resolve().as_uri())
        return screen

    yield opened
    for screen in screens:
        screen.close()


@pytest.fixture
def static_page(request: pytest.FixtureRequest, open_page: Pages, tmp_path: Path) -> Pages:
    """Open the explorer that the test's module makes, saved as a page: there is no kernel."""
    return partial(open_page, request.module.make().save_page(tmp_path / "explorer.html"))
