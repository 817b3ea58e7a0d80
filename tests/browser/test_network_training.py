"""Pretraining in JupyterLab: curve and time left while the cell runs, and a Stop button heard meanwhile."""

from __future__ import annotations

import time

from tests.browser.lab import Lab
from tests.optional import optional

optional("torch")

# Batches so large that the whole would take many minutes: only the button can end the cell in time.
TRAIN = """
import numpy as np
from w2s_widgets.studies.networks.mlp import draw_examples, random_network
from w2s_widgets.studies.networks.pretraining import Job, pretrain
examples = draw_examples(random_network(5, rng=0), tasks=4, count=500, rng=1)
done = pretrain([Job("teacher", 2, examples)], steps=400_000, batch=1000, device="cpu", keep=False)
print("finished:", done.finished, "some steps:", 0 < done.steps < 400_000)
"""


def test_stop_is_heard_while_the_cell_runs_and_keeps_what_is_done(lab: Lab) -> None:
    screen = lab.open([TRAIN, 'print("the next cell runs,", len(done.networks), "network")'])
    page = screen.page
    page.set_default_timeout(40_000)
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    button = page.locator("button.jupyter-button", has_text="Stop")
    button.wait_for()
    # The curve is drawn again and again while the cell is busy.
    curve = page.locator('svg[role="img"][aria-label^="Loss"]')
    curve.wait_for()
    first = curve.get_attribute("aria-label")
    page.wait_for_function(
        'first => document.querySelector(\'svg[role="img"][aria-label^="Loss"]\')'
        ".getAttribute('aria-label') !== first",
        arg=first,
    )
    assert "left" in page.locator(".widget-label", has_text="Pretraining 1 networks").inner_text()
    start = time.monotonic()
    button.click()
    page.get_by_text("the next cell runs, 1 network").wait_for()
    assert time.monotonic() - start < 30
    assert page.get_by_text("finished: False some steps: True").is_visible()
    note = page.locator(".widget-label", has_text="Pretraining 1 networks").inner_text()
    assert note.endswith("stopped here; what is done is kept")
    stopped = page.locator("button.jupyter-button", has_text="Stopped")
    stopped.wait_for()
    assert stopped.is_disabled()
