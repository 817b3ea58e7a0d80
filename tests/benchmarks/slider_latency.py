"""How long from a key on a slider to new pixels: the explorer beside `interact` with pyplot, in one browser.

Run `python -m tests.benchmarks.slider_latency`; `--check` fails when a bar is missed.
"""

from __future__ import annotations

from tests.benchmarks.harness import options, report
from tests.benchmarks.pixels import Design, browser_lab, measure

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


def main() -> None:
    """Measure both designs and print them."""
    check = options(__doc__).check
    with browser_lab() as lab:
        ours, theirs = (measure(lab, design) for design in DESIGNS)
    print(ours, theirs, sep="\n")
    faster = theirs.median / ours.median, theirs.p95 / ours.p95
    print(f"The explorer is {faster[0]:.1f} times faster by the median, {faster[1]:.1f} times by the p95.")
    bars = {
        f"p95 at most {P95_MS} ms": ours.p95 <= P95_MS,
        f"at least {TIMES_FASTER} times faster": min(faster) >= TIMES_FASTER,
        f"last state within {BURST_MS} ms of a burst": ours.burst_lag <= BURST_MS,
        "page and kernel agree after the burst": ours.agrees,
    }
    report(bars, check)


if __name__ == "__main__":
    main()
