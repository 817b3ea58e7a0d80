"""From a key on a slider in JupyterLab to new pixels: single steps, and the end of a burst."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import jupyterlab
from playwright.sync_api import sync_playwright

from tests.benchmarks.harness import Times, machine
from tests.browser import chromium
from tests.browser.lab import Lab, LabScreen
from tests.browser.server import LabServer

STEPS, WARM_UPS = 100, 5
SWEEP = 40
BURST_EVENTS, BURST_SECONDS = 60, 1.0

# The clock starts when the key goes down and stops in the first frame that differs, sliders left out.
WATCH = """
([drawing]) => {
    const picture = () => [...document.querySelectorAll(drawing)].map(
        one => one.tagName === 'IMG' ? (one.complete ? one.src : 'loading') : one.outerHTML).join();
    const watch = window.watch = {times: [], lastKey: 0, lastChange: 0, frames: 0, waiting: null};
    let seen = picture();
    addEventListener('keydown', event => {
        watch.lastKey = event.timeStamp;
        watch.waiting = event.timeStamp;
    }, true);
    // Looking costs time too, so only where something changed.
    let changed = false;
    new MutationObserver(() => { changed = true; }).observe(
        document.body, {subtree: true, childList: true, attributes: true, characterData: true});
    const frame = () => {
        const now = changed ? picture() : seen;
        changed = now.includes('loading');
        if (now !== seen && now && !changed) {
            watch.lastChange = performance.now();
            watch.frames += 1;
            if (watch.waiting !== null) watch.times.push(watch.lastChange - watch.waiting);
            watch.waiting = null;
            seen = now;
        }
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}
"""


@contextmanager
def browser_lab() -> Iterator[Lab]:
    """Start JupyterLab and a browser, print which, and end both."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        if browser is None:
            sys.exit(chromium.HOW_TO_GET_ONE)
        machine(f"JupyterLab {jupyterlab.__version__}", f"Chromium {browser.version}")
        lab = Lab(LabServer(Path(folder)), browser)
        try:
            yield lab
        finally:
            lab.close_screens()
            lab.server.stop()
            browser.close()


@dataclass(frozen=True)
class Design:
    """A way to build the explorer, and where its slider and its drawing are on the page."""

    name: str
    code: str
    slider: str
    drawing: str
    python_value: str
    """From 0.2 at the slider's low end, 0.02 more with each step."""


@dataclass(frozen=True)
class SliderTimes(Times):
    """Milliseconds from key to picture, for single steps and after a burst."""

    burst_lag: float
    burst_frames: int
    burst_seconds: float
    agrees: bool

    def __str__(self) -> str:
        wrong = "" if self.agrees else ", WRONG LAST STATE"
        return (
            f"{super().__str__()}\n    burst of {BURST_EVENTS} events in {self.burst_seconds:.2f} s: "
            f"{self.burst_frames} frames, last state {self.burst_lag:.1f} ms after the last event{wrong}"
        )


def measure(lab: Lab, design: Design) -> SliderTimes:
    """Press real keys on one design and read the page's clock."""
    screen = lab.open([design.code], height=1000)
    screen.run_all()
    page = screen.page
    page.wait_for_selector(design.drawing)
    page.wait_for_timeout(1000)
    page.locator(design.slider).first.focus()
    page.evaluate(WATCH, [design.drawing])
    steps: list[float] = []
    while len(steps) < WARM_UPS + STEPS:
        home(screen, settle_ms=400)
        count = min(SWEEP, WARM_UPS + STEPS - len(steps))
        steps += [step(screen) for _ in range(count)]
    lag, frames, seconds = burst(screen)
    wanted = 0.2 + 0.02 * (SWEEP - (BURST_EVENTS - SWEEP))
    agrees = abs(float(screen.kernel_eval(design.python_value)) - wanted) < 1e-9
    screen.assert_quiet()
    lab.close_screens()
    return SliderTimes(design.name, steps[WARM_UPS:], lag, frames, seconds, agrees)


def home(screen: LabScreen, settle_ms: float) -> None:
    """Go to the slider's low end; it may already be there, and then nothing is drawn."""
    screen.page.keyboard.press("Home")
    screen.page.wait_for_timeout(settle_ms)
    screen.page.evaluate("() => { watch.waiting = null; }")


def step(screen: LabScreen) -> float:
    """Press a key, wait for its picture, and return the milliseconds that took."""
    page = screen.page
    before = page.evaluate("() => watch.times.length")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("count => watch.times.length > count", arg=before, timeout=10_000)
    page.wait_for_timeout(30)
    milliseconds: float = page.evaluate("() => watch.times.at(-1)")
    return milliseconds


def burst(screen: LabScreen) -> tuple[float, int, float]:
    """Press keys at a steady pace, right to the end and back; return lag, frames drawn and seconds taken."""
    page = screen.page
    home(screen, settle_ms=600)
    page.evaluate("() => { watch.frames = 0; }")
    start = time.perf_counter()
    for number in range(BURST_EVENTS):  # down without up repeats, as a key that is held does
        page.keyboard.down("ArrowRight" if number < SWEEP else "ArrowLeft")
        time.sleep(max(0.0, start + (number + 1) * BURST_SECONDS / BURST_EVENTS - time.perf_counter()))
    seconds = time.perf_counter() - start
    page.keyboard.up("ArrowRight")
    page.keyboard.up("ArrowLeft")
    page.wait_for_timeout(2000)
    seen = page.evaluate("() => [watch.lastChange - watch.lastKey, watch.frames]")
    return seen[0], seen[1], seconds
