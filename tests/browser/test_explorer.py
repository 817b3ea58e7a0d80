"""The gain explorer in JupyterLab and on a page without a kernel: seen, moved, fuzzed, read aloud."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.browser.contract import opened, probe, shown, wait_for_kernel
from tests.browser.lab import Lab
from tests.browser.screen import Screen
from w2s_widgets._numbers import format_number
from w2s_widgets.display.text import slack_verdict
from w2s_widgets.theory.outcome import measure_many
from w2s_widgets.theory.outcome_table import Axis, OutcomeTable
from w2s_widgets.widgets.gain_explorer import gain_table

OPEN = "import w2s_widgets as w2s\nexplorer = w2s.GainExplorer()\nexplorer"


@pytest.fixture
def static_page(open_page: Callable[..., Screen], tmp_path: Path) -> Callable[..., Screen]:
    """The explorer saved as a page and opened from disk, where there is no kernel."""
    path = w2s.GainExplorer().save_page(tmp_path / "explorer.html")
    return lambda **settings: open_page(path, **settings)


def compare_every_state(screen: Screen, table: OutcomeTable) -> int:
    """Draw every state of a table of three axes, compare with Python, and return how many there were."""
    drawn = probe(screen, "everyState")
    assert len(drawn) == table.sides.gain.size
    compared = 0
    for indices, seen in zip(itertools.product(*(range(n) for n in table.shape)), drawn, strict=True):
        assert (seen is None) == (not table.reachable[indices])
        if seen is None:
            continue
        state = {axis.name: axis.values[i] for axis, i in zip(table.axes, indices, strict=True)}
        outcome = table.outcome(**state)
        ledger = seen["ledger"]
        write = partial(format_number, scale=max(outcome.err_weak, outcome.err_student, outcome.misfit))
        assert seen["sentence"] == str(outcome), state
        assert seen["gain"].removesuffix(", off the map") == f"gain {write(outcome.gain)}", state
        for words, value in [
            ("teacher’s error", outcome.err_weak),
            ("minus misfit", outcome.misfit),
            ("student’s error", outcome.err_student),
            ("promised", outcome.promise),
        ]:
            assert f"{words} {write(value)}" in ledger, state
        verdict = slack_verdict(outcome)
        plus = "+" if verdict == "better than promised" else ""
        assert f"slack {plus}{write(outcome.slack)}: {verdict}" in ledger, state
        compared += 1
    return compared


def test_every_entry_drawn_is_pythons_number(static_page: Callable[..., Screen]) -> None:
    assert compare_every_state(static_page(), gain_table()) == gain_table().reachable.sum() > 15_000


@pytest.mark.parametrize("unit", [1e-9, 3e-3, 1.0, 4e5])
def test_errors_in_any_unit_are_written_as_python_writes_them(
    open_page: Callable[..., Screen], tmp_path: Path, unit: float
) -> None:
    truth, teacher, student = np.sqrt(unit) * np.random.default_rng(0).normal(size=(3, 2, 3, 40, 4))
    axes = [Axis(f"axis_{n}", f"Axis {n}", range(n)) for n in (2, 3, 40)]
    table = OutcomeTable(axes, measure_many(truth, teacher, student))
    screen = open_page(w2s.OutcomeExplorer(table).save_page(tmp_path / "page.html"))
    assert compare_every_state(screen, table) == 240
    screen.assert_quiet()


def test_impossible_settings_are_said_and_not_reached(lab: Lab) -> None:
    screen = opened(lab, OPEN)
    capacity = screen.page.get_by_label("Strong capacity", exact=True)
    capacity.focus()
    screen.page.keyboard.press("End")
    seen = shown(screen)
    assert seen["numbers"] == ["0.40", "24", "0.00"]
    assert seen["note"] == gain_table().impossible
    wait_for_kernel(
        screen,
        "(explorer.state, explorer.note == explorer.table.impossible)",
        "({'weak_quality': 0.4, 'strong_capacity': 24, 'misfit_share': 0.0}, True)",
    )
    screen.page.get_by_label("Misfit share", exact=True).focus()
    screen.page.keyboard.press("ArrowRight")
    assert shown(screen)["numbers"][2] == "0.00"
    capacity.focus()
    screen.page.keyboard.press("ArrowLeft")
    assert shown(screen)["note"] == ""
    screen.kernel_run("explorer.set(strong_capacity=24, misfit_share=0.5)")
    screen.page.wait_for_function("() => document.querySelector('.w2s-note').textContent !== ''")
    assert shown(screen)["numbers"][1:] == ["24", "0.00"]
    screen.assert_quiet()


def test_typed_numbers_snap_and_the_trace_of_a_move_goes_with_reset(
    static_page: Callable[..., Screen],
) -> None:
    screen = static_page()
    screen.page.get_by_role("button", name="Worse than its teacher").click()
    steps = screen.page.locator(".w2s-step:visible")
    assert steps.count() == 2
    screen.page.get_by_role("button", name="Reset").click()
    assert shown(screen)["numbers"] == ["0.40", "16", "0.50"]
    assert steps.count() == 1
    number = screen.page.get_by_label("Weak-model quality, as a number")
    number.fill("0,731")
    number.press("Enter")
    assert shown(screen)["numbers"][0] == "0.74"
    screen.assert_quiet()
