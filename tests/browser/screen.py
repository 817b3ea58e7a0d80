"""A page under watch: what went wrong on it, what it asked of the network, how it looks and reads."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import Browser, ConsoleMessage, Page, Route
from playwright.sync_api import Error as PlaywrightError

SCREENSHOTS = Path(__file__).parent / "screenshots"
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
ON_THIS_MACHINE = {"127.0.0.1", "localhost"}

OVERFLOW = """
selector => [...document.querySelectorAll(selector)].flatMap(box => {
    const right = box.getBoundingClientRect().right, found = [];
    if (box.scrollWidth > box.clientWidth + 1)
        found.push(`${box.className} is ${box.scrollWidth} px wide inside, ${box.clientWidth} px outside`);
    for (const inner of box.querySelectorAll('*'))
        if (inner.getBoundingClientRect().right > right + 1 && inner.getClientRects().length
            // What a drawing clips is not seen.
            && !inner.closest('[aria-hidden=true], [clip-path], .jp-mod-hidden, .sr-only, .visually-hidden'))
            found.push(`${inner.tagName} ${inner.getAttribute('class') || ''} ends `
                + `${Math.round(inner.getBoundingClientRect().right - right)} px right of its output`);
    return found;
})
"""

AXE_RUN = """
async selector => {
    const result = await axe.run({include: [selector]}, {resultTypes: ['violations']});
    return result.violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id} (${rule.impact}): ${node.failureSummary} -- ${node.html}`));
}
"""


class Screen:
    """A browser page of a given size and colour theme that records what should not happen."""

    def __init__(
        self,
        browser: Browser,
        *,
        width: int = 1280,
        height: int = 900,
        theme: str = "light",
        reduced_motion: bool = False,
    ) -> None:
        if theme not in {"light", "dark"}:
            raise ValueError(f"theme is {theme!r}: give 'light' or 'dark'.")
        self.page_errors: list[str] = []
        self.console_errors: list[str] = []
        self.outside_requests: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce" if reduced_motion else "no-preference",
            accept_downloads=True,
        )
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.context.route(lambda url: not _is_inside(url), self._refuse)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.page_errors.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("websocket", self._see_socket)

    def _refuse(self, route: Route) -> None:
        self.outside_requests.append(route.request.url)
        route.abort()

    def _see_socket(self, socket: Any) -> None:
        if not _is_inside(socket.url):
            self.outside_requests.append(socket.url)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(f"{message.text} ({message.location.get('url', '')})")

    def assert_quiet(self) -> None:
        """Fail with all that went wrong: page errors, console errors, requests off this machine."""
        seen = {
            "page errors": self.page_errors,
            "console errors": self.console_errors,
            "requests off this machine": self.outside_requests,
        }
        loud = {what: list(found) for what, found in seen.items() if found}
        assert not loud, "\n".join(f"{what}: {found}" for what, found in loud.items())

    def screenshot(self, name: str, selector: str | None = None) -> Path:
        """Keep a picture of the page, or of the first match of `selector`, for somebody to look at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        if selector is None:
            self.page.screenshot(path=path)
        else:
            self.page.locator(selector).first.screenshot(path=path)
        return path

    def axe(self, selector: str) -> list[str]:
        """List what axe-core finds wrong inside `selector`; raises when nothing matches it."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.add_script_tag(path=AXE)
        found: list[str] = self.page.evaluate(AXE_RUN, selector)
        return found

    def overflow(self, selector: str) -> list[str]:
        """List what is wider than the boxes that match `selector`."""
        found: list[str] = self.page.evaluate(OVERFLOW, selector)
        return found

    def close(self) -> None:
        """Close the page."""
        try:
            self.context.close()
        except PlaywrightError as error:
            if "closed" not in str(error):
                raise

    def __enter__(self) -> Screen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _is_inside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob", "file", "about"} or parts.hostname in ON_THIS_MACHINE
