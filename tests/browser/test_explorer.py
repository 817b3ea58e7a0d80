"""The gain explorer in JupyterLab and on a page without a kernel: every number, and what cannot be."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.browser.contract import Pages, drawn, opened, shown, wait_for_kernel
from tests.browser.lab import Lab
from tests.browser.screen import Screen
from w2s_widgets._numbers import format_number
from w2s_widgets.display.text import sentence, slack_verdict
from w2s_widgets.theory.outcome import measure_many
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable
from w2s_widgets.widgets.gain_explorer import gain_table

make = w2s.GainExplorer
OPEN = "import w2s_widgets as w2s\nexplorer = w2s.GainExplorer()\nexplorer"
LEDGER_AND_MAP = """
root => {
    const [, ledger, map] = root.querySelectorAll('.w2s-picture');
    const words = [...ledger.querySelectorAll('.w2s-label')].map(text => text.textContent);
    return {ledger: words.join('|'), gain: map.querySelector('.w2s-name').textContent};
}
"""


def compare_every_state(screen: Screen, table: OutcomeTable) -> int:
    """Draw every state that can be reached, compare with Python, and return how many there are."""
    states = np.argwhere(table.reachable).tolist()
    for indices, seen in zip(states, drawn(screen, states, LEDGER_AND_MAP), strict=True):
        state = {axis.name: axis.values[i] for axis, i in zip(table.axes, indices, strict=True)}
        outcome = table.outcome(**state)
        write = partial(format_number, scale=max(outcome.err_weak, outcome.err_student, outcome.misfit))
        assert seen["sentence"] == sentence(outcome), state
        assert seen["gain"].removesuffix(", off the map") == f"gain {write(outcome.gain)}", state
        verdict = slack_verdict(outcome)
        plus = "+" if verdict == "gain > misfit" else ""
        for words in (
            f"teacher’s error {write(outcome.err_weak)}",
            f"minus misfit {write(outcome.misfit)}",
            f"student’s error {write(outcome.err_student)}",
            "no promise" if verdict == "gain < misfit" else f"promised {write(outcome.promise)}",
            f"slack {plus}{write(outcome.slack)}: {verdict}",
        ):
            assert words in seen["ledger"], state
    screen.assert_quiet()
    return len(states)


def test_every_entry_drawn_is_pythons_number(static_page: Pages) -> None:
    assert compare_every_state(static_page(), gain_table()) == gain_table().reachable.sum() > 15_000


@pytest.mark.parametrize("unit", [1e-9, 3e-3, 1.0, 4e5])
def test_errors_in_any_unit_are_written_as_python_writes_them(
    open_page: Pages, tmp_path: Path, unit: float
) -> None:
    truth, teacher, student = np.sqrt(unit) * np.random.default_rng(0).normal(size=(3, 2, 3, 40, 4))
    axes = [Axis(f"axis_{n}", f"Axis {n}", range(n)) for n in (2, 3, 40)]
    table = OutcomeTable(axes, measure_many(truth, teacher, student))
    screen = open_page(w2s.OutcomeExplorer(table).save_page(tmp_path / "page.html"))
    assert compare_every_state(screen, table) == 240


def test_impossible_settings_are_said_and_not_reached(lab: Lab) -> None:
    screen = opened(lab, OPEN)
    capacity = screen.page.get_by_label("Strong capacity", exact=True)
    capacity.press("End")
    seen = shown(screen)
    assert seen["numbers"] == ["0.40", "24", "0.00"]
    assert seen["note"] == gain_table().impossible
    wait_for_kernel(
        screen,
        "(explorer.state, explorer.note == explorer.table.impossible)",
        "({'weak_quality': 0.4, 'strong_capacity': 24, 'misfit_share': 0.0}, True)",
    )
    screen.page.get_by_label("Misfit share", exact=True).press("ArrowRight")
    assert shown(screen)["numbers"][2] == "0.00"
    capacity.press("ArrowLeft")
    assert shown(screen)["note"] == ""
    screen.kernel_run("explorer.set(strong_capacity=24, misfit_share=0.5)")
    screen.page.wait_for_function("() => document.querySelector('.w2s-note').textContent !== ''")
    assert shown(screen)["numbers"][1:] == ["24", "0.00"]
    screen.assert_quiet()


def test_typed_numbers_snap_and_the_trace_of_a_move_goes_with_reset(static_page: Pages) -> None:
    screen = static_page()
    screen.page.get_by_role("button", name="Worse than its teacher").click()
    steps = screen.page.locator(".w2s-step:visible")
    assert steps.count() == 2
    screen.page.get_by_role("button", name="Reset").click()
    assert steps.count() == 1
    number = screen.page.get_by_label("Weak-model quality, as a number")
    number.fill("0,731")
    number.press("Enter")
    assert shown(screen)["numbers"] == ["0.74", "16", "0.50"]
    screen.assert_quiet()
