"""Find a Chromium-like browser on this machine and start it headless, or say how to get one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, Playwright
from playwright.sync_api import Error as PlaywrightError

ON_THE_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALLED_CHANNELS = ("chrome", "msedge")
HOW_TO_GET_ONE = (
    "No Chromium found: install Chromium or Google Chrome (Debian, Ubuntu: apt-get install chromium), "
    "or run `playwright install chromium`, or set W2S_CHROMIUM to the program's path."
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A name that is looked up is a request too: nothing but this machine has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def required() -> bool:
    """Whether a missing browser is a failure (CI, or W2S_REQUIRE_BROWSER=1) and not a reason to skip."""
    return os.environ.get("CI", "").lower() in {"1", "true"} or os.environ.get("W2S_REQUIRE_BROWSER") == "1"


def missing(how_to_get_it: str) -> NoReturn:
    """Skip, or fail where a browser is required, with a sentence on how to get what is not here."""
    if required():
        pytest.fail(how_to_get_it, pytrace=False)
    pytest.skip(how_to_get_it)


def programs(playwright: Playwright) -> list[str]:
    """List the browsers on this machine's path, best first, or the one that W2S_CHROMIUM names."""
    named = os.environ.get("W2S_CHROMIUM")
    if named:
        return [named]
    found = [path for name in ON_THE_PATH if (path := shutil.which(name))]
    bundled = playwright.chromium.executable_path
    return [*found, bundled] if Path(bundled).exists() else found


def launch(playwright: Playwright, **environment: str) -> Browser | None:
    """Start a browser; ``None`` when this machine has none. One that is there and fails, raises."""
    found = programs(playwright)
    settings: dict[str, Any] = {"args": ARGUMENTS, "env": {**os.environ, **environment}}
    if found:
        return playwright.chromium.launch(executable_path=found[0], **settings)
    started = (_launch_installed(playwright, channel, settings) for channel in INSTALLED_CHANNELS)
    return next((browser for browser in started if browser), None)


def _launch_installed(playwright: Playwright, channel: str, settings: dict[str, Any]) -> Browser | None:
    # On macOS and Windows a browser is not on the path; only an attempt tells whether it is there.
    try:
        return playwright.chromium.launch(channel=channel, **settings)
    except PlaywrightError:
        return None
