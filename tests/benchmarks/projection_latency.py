"""How long from a pointer's move or a key to new pixels in the projection explorer, in JupyterLab.

Run `python -m tests.benchmarks.projection_latency`; `--check` fails when a bar is missed.
"""

from __future__ import annotations

from tests.benchmarks.harness import Times, options, report
from tests.benchmarks.pixels import browser_lab
from tests.browser.lab import Lab

STEPS, WARM_UPS = 100, 10
P95_MS = 35
OPEN = "import w2s_widgets as w2s\nexplorer = w2s.ProjectionExplorer(shape='crescent')\nexplorer"

# The clock starts with the event's own time stamp and stops in the first frame in which the drawing differs.
WATCH = """
() => {
    const drawing = document.querySelector('.w2s-panels');
    const watch = window.watch = {times: {pointermove: [], keydown: []}, waiting: null};
    for (const kind of ['pointermove', 'keydown'])
        addEventListener(kind, event => { watch.waiting ??= [kind, event.timeStamp]; }, true);
    let changed = false;
    new MutationObserver(() => { changed = true; }).observe(
        drawing, {subtree: true, childList: true, attributes: true, characterData: true});
    const frame = () => {
        // The explorer draws inside a frame; this one is the next, when those pixels are on the screen.
        if (changed && watch.waiting) {
            watch.times[watch.waiting[0]].push(performance.now() - watch.waiting[1]);
            watch.waiting = null;
        }
        changed = false;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}
"""


def measure(lab: Lab) -> list[Times]:
    """Move a handle by mouse and by keys, one move at a time, and read the page's clock."""
    screen = lab.open([OPEN], height=1100)
    screen.run_all()
    page = screen.page
    handle = page.get_by_role("slider", name="Teacher, moved by the arrow keys")
    handle.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)
    box = handle.locator(".w2s-handle-touch").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(WATCH)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(STEPS + WARM_UPS):
        page.mouse.move(x - 2 * (step % 40), y + 3 * (step % 35))
        page.wait_for_timeout(40)
    page.mouse.up()
    handle.focus()
    for step in range(STEPS + WARM_UPS):
        page.keyboard.press(("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown")[step // 4 % 4])
        page.wait_for_timeout(40)
    page.wait_for_timeout(1000)
    shown = page.locator(".w2s-code").input_value()
    agrees = screen.kernel_eval("explorer.as_code()") == repr(shown)
    assert agrees, f"Python and page end in different states: {shown}"
    times: dict[str, list[float]] = page.evaluate("() => window.watch.times")
    screen.assert_quiet()
    return [Times(kind, found[WARM_UPS:]) for kind, found in times.items()]


def main() -> None:
    """Measure and print."""
    check = options(__doc__).check
    with browser_lab() as lab:
        times = measure(lab)
    print(*times, sep="\n")
    bars = {f"p95 at most {P95_MS} ms: {one.name}": one.p95 <= P95_MS for one in times}
    bars["a picture for most moves"] = all(len(one.moves) >= 0.8 * STEPS for one in times)
    report(bars, check)


if __name__ == "__main__":
    main()
