"""The browser harness sees what it is there to see: both what works and what goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.contract import Pages
from tests.browser.lab import KernelError, Lab

COUNTER = '''
import anywidget, traitlets

class Counter(anywidget.AnyWidget):
    """A slider whose value Python sees, and which Python refuses at 13."""
    _esm = """
    export default { render({ model, el }) {
        el.innerHTML = `<label>Value <input type="range" min="0" max="20"></label> <output></output>`;
        const input = el.querySelector('input');
        input.dataset.lmSuppressShortcuts = 'true';
        const show = () => { input.value = model.get('value');
                             el.querySelector('output').textContent = model.get('value'); };
        input.addEventListener('input', () => {
            model.set('value', Number(input.value));
            model.save_changes();
        });
        model.on('change:value', show);
        show();
    } }
    """
    value = traitlets.Int(3).tag(sync=True)

    @traitlets.observe("value")
    def _seen(self, change):
        if change.new == 13:
            raise ValueError("thirteen was refused")

counter = Counter()
counter
'''
WAIT_FOR = "text => document.querySelector('.jp-OutputArea output')?.textContent === text"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_and_kernel_agree(lab: Lab, theme: str) -> None:
    screen = lab.open([COUNTER], theme=theme)
    screen.run_all()
    slider = screen.page.get_by_label("Value")
    slider.focus()
    screen.page.keyboard.press("ArrowRight")
    screen.page.wait_for_function(WAIT_FOR, arg="4")
    assert screen.kernel_eval("counter.value") == "4"
    assert screen.kernel_run("counter.value = 9; print('set')") == "set\n"
    screen.page.wait_for_function(WAIT_FOR, arg="9")
    assert screen.error_outputs() == []
    assert screen.overflow(".jp-OutputArea-output") == []
    assert screen.axe(".jp-OutputArea") == []
    screen.assert_quiet()


def test_an_exception_in_a_widget_callback_is_heard(lab: Lab) -> None:
    screen = lab.open([COUNTER])
    screen.run_all()
    screen.page.get_by_label("Value").fill("13")
    screen.page.wait_for_function("() => window.kernelSaid.length > 0")
    assert "thirteen was refused" in "\n".join(screen.kernel_errors())
    with pytest.raises(AssertionError, match="thirteen was refused"):
        screen.assert_quiet()


def test_errors_of_cells_and_of_outputs_inside_widgets_are_found(lab: Lab) -> None:
    inside = "import ipywidgets\nout = ipywidgets.Output()\ndisplay(out)\nwith out:\n    1 / 0"
    screen = lab.open([inside, "undefined_name"])
    screen.run_all()
    errors = "\n".join(screen.error_outputs())
    assert "ZeroDivisionError" in errors
    with pytest.raises(KernelError, match="NameError"):
        screen.kernel_run("undefined_name")
    with pytest.raises(KernelError, match="NameError"):
        screen.kernel_eval("undefined_name")


def test_the_cell_that_fails_is_reported(lab: Lab) -> None:
    screen = lab.open(["undefined_name"])
    screen.run_all()
    assert "NameError" in "\n".join(screen.error_outputs())


def test_the_page_survives_its_kernel(lab: Lab) -> None:
    screen = lab.open([COUNTER])
    screen.run_all()
    screen.shutdown_kernel()
    screen.page.get_by_label("Value").fill("7")
    screen.page.wait_for_function(WAIT_FOR, arg="7")


def test_a_page_that_misbehaves_is_caught(open_page: Pages, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text(
        "<!doctype html><title>bad</title><div class=box>good</div><div class=box style='width:100px'>"
        "<div style='width:300px'><img src='http://example.org/a.png'><input></div></div>"
        "<script>console.error('spoken'); setTimeout(() => { throw Error('thrown') })</script>"
    )
    screen = open_page(page, width=700, theme="dark")
    screen.page.wait_for_timeout(200)
    assert screen.outside_requests == ["http://example.org/a.png"]
    assert screen.page_errors == ["thrown"]
    assert any("spoken" in text for text in screen.console_errors)
    assert {found.split()[0] for found in screen.axe(".box")} == {"image-alt", "label"}
    assert any("300 px wide inside" in found for found in screen.overflow(".box"))
    with pytest.raises(AssertionError, match="requests off this machine"):
        screen.assert_quiet()


def test_a_page_without_fault_is_quiet(open_page: Pages, tmp_path: Path) -> None:
    page = tmp_path / "good.html"
    page.write_text("<!doctype html><html lang=en><title>good</title><main class=box><h1>Good</h1></main>")
    screen = open_page(page)
    assert screen.axe(".box") == []
    assert screen.overflow(".box") == []
    screen.assert_quiet()
