"""How long from a key on a slider to new pixels: the explorer beside `interact` with pyplot, in one browser.

Run `python -m tests.benchmarks.slider_latency`; `--check` fails when a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import jupyterlab
from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.browser.lab import Lab, LabScreen
from tests.browser.server import LabServer

STEPS, WARM_UPS = 100, 5
SWEEP = 40
BURST_EVENTS, BURST_SECONDS = 60, 1.0
P95_MS, TIMES_FASTER, BURST_MS = 35, 5, 100

EXPLORER = "import w2s_widgets as w2s\nexplorer = w2s.GainExplorer(weak_quality=0.2)\nexplorer"

# The same three drawings from the same numbers, with fewer marks than the explorer has.
INTERACT = """
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
import w2s_widgets as w2s

shown = None

@interact(weak_quality=FloatSlider(value=0.2, min=0.2, max=1.0, step=0.02))
def draw(weak_quality):
    global shown
    outcome = w2s.LinearWorld(weak_quality=weak_quality, strong_capacity=16, misfit_share=0.5).outcome()
    figure, (triangle, ledger, cloud) = plt.subplots(1, 3, figsize=(10, 3.4))
    across, up = outcome.err_student**0.5, outcome.misfit**0.5
    triangle.plot([across, 0, 0, across], [0, 0, up, 0], "o-")
    triangle.set(aspect="equal", xlim=(-0.1, 1), ylim=(-0.1, 1))
    names = ["err_weak", "misfit", "err_student"]
    ledger.barh(names, [getattr(outcome, name) for name in names])
    ledger.set(xlim=(0, 1))
    cloud.plot([0, 1], [0, 1])
    cloud.plot(outcome.misfit, outcome.gain, "o")
    cloud.set(xlim=(0, 1), ylim=(0, 1))
    shown = weak_quality
    plt.show()
"""

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


@dataclass(frozen=True)
class Design:
    """A way to build the explorer, and where its slider and its drawing are on the page."""

    name: str
    code: str
    slider: str
    drawing: str
    python_value: str


DESIGNS = (
    Design(
        "GainExplorer",
        EXPLORER,
        ".w2s-explorer input[type=range][aria-label*=quality], .w2s-explorer input[type=range]",
        ".w2s-explorer svg",
        "explorer.weak_quality",
    ),
    Design("interact + pyplot", INTERACT, ".noUi-handle", ".widget-output img", "shown"),
)


@dataclass(frozen=True)
class Timing:
    """Milliseconds from key to picture, for single steps and after a burst."""

    name: str
    steps: list[float]
    burst_lag: float
    burst_frames: int
    burst_seconds: float
    agrees: bool

    @property
    def median(self) -> float:
        return statistics.median(self.steps)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.steps, n=20, method="inclusive")[-1]

    def __str__(self) -> str:
        wrong = "" if self.agrees else ", WRONG LAST STATE"
        return (
            f"{self.name}\n"
            f"    {len(self.steps)} steps: median {self.median:.1f} ms, p95 {self.p95:.1f} ms\n"
            f"    burst of {BURST_EVENTS} events in {self.burst_seconds:.2f} s: {self.burst_frames} frames, "
            f"last state {self.burst_lag:.1f} ms after the last event{wrong}"
        )


def measure(lab: Lab, design: Design) -> Timing:
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
        press(screen, "Home", settle_ms=400)
        count = min(SWEEP, WARM_UPS + STEPS - len(steps))
        steps += [press(screen, "ArrowRight", settle_ms=30) for _ in range(count)]
    lag, frames, seconds = burst(screen)
    wanted = 0.2 + 0.02 * (SWEEP - (BURST_EVENTS - SWEEP))
    agrees = abs(float(screen.kernel_eval(design.python_value)) - wanted) < 1e-9
    screen.assert_quiet()
    lab.close_screens()
    return Timing(design.name, steps[WARM_UPS:], lag, frames, seconds, agrees)


def press(screen: LabScreen, key: str, settle_ms: float) -> float:
    """Press one key, wait for its picture, and return the milliseconds that took."""
    page = screen.page
    before = page.evaluate("() => watch.times.length")
    page.keyboard.press(key)
    if key == "Home":  # it may already be there, and then nothing is drawn
        page.wait_for_timeout(settle_ms)
        page.evaluate("() => { watch.waiting = null; }")
        return 0.0
    page.wait_for_function("count => watch.times.length > count", arg=before, timeout=10_000)
    page.wait_for_timeout(settle_ms)
    milliseconds: float = page.evaluate("() => watch.times.at(-1)")
    return milliseconds


def burst(screen: LabScreen) -> tuple[float, int, float]:
    """Press keys at a steady pace, right to the end and back; return lag, frames drawn and seconds taken."""
    page = screen.page
    press(screen, "Home", settle_ms=600)
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


def main() -> None:
    """Measure both designs and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        if browser is None:
            sys.exit(chromium.HOW_TO_GET_ONE)
        server = LabServer(Path(folder))
        try:
            print(
                f"Python {platform.python_version()}, JupyterLab {jupyterlab.__version__}, "
                f"Chromium {browser.version}, {os.cpu_count()} cores"
            )
            lab = Lab(server, browser)
            timings = [measure(lab, design) for design in DESIGNS]
        finally:
            server.stop()
            browser.close()
    for timing in timings:
        print(timing)
    ours, theirs = timings
    faster = theirs.median / ours.median, theirs.p95 / ours.p95
    print(f"The explorer is {faster[0]:.1f} times faster by the median, {faster[1]:.1f} times by the p95.")
    bars = {
        f"p95 at most {P95_MS} ms": ours.p95 <= P95_MS,
        f"at least {TIMES_FASTER} times faster": min(faster) >= TIMES_FASTER,
        f"last state within {BURST_MS} ms of a burst": ours.burst_lag <= BURST_MS,
        "page and kernel agree after the burst": ours.agrees,
    }
    for bar, held in bars.items():
        print(f"{'held  ' if held else 'MISSED'} {bar}")
    if arguments.check and not all(bars.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
