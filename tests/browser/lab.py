"""Notebooks in JupyterLab as a reader sees them: open, run, look, and speak with the same kernel."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser

from tests.browser.screen import Screen
from tests.browser.server import LabServer

OPEN_MS = 120_000
RUN_MS = 120_000

PANEL = "window.jupyterapp?.shell?.currentWidget"

KERNEL_IS_IDLE = f"() => {PANEL}?.sessionContext?.session?.kernel?.status === 'idle'"

LISTEN = f"""
() => {{
    window.kernelSaid = [];
    {PANEL}.sessionContext.iopubMessage.connect((_, message) => {{
        const {{msg_type}} = message.header, {{content}} = message;
        if (msg_type === 'error')
            window.kernelSaid.push({{kind: 'error', text: content.traceback.join('\\n')}});
        else if (msg_type === 'stream' && content.name === 'stderr')
            window.kernelSaid.push({{kind: 'stderr', text: content.text}});
    }});
}}
"""

RUN_ALL = f"""
async () => {{
    const done = await window.jupyterapp.commands.execute('notebook:run-all-cells');
    const panel = {PANEL};
    return {{done, cells: panel.content.model.toJSON().cells}};
}}
"""

EXECUTE = f"""
async ([code, expression]) => {{
    const kernel = {PANEL}.sessionContext.session.kernel;
    const wanted = expression === null ? {{}} : {{value: expression}};
    const future = kernel.requestExecute({{code, user_expressions: wanted, store_history: false}});
    let printed = '';
    future.onIOPub = message => {{
        if (message.header.msg_type === 'stream' && message.content.name === 'stdout')
            printed += message.content.text;
    }};
    const {{content}} = await future.done;
    return {{content, printed}};
}}
"""


CHANGE_THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"


def theme_selector(theme: str) -> str:
    """Return what matches JupyterLab's page once a theme is on."""
    return f"body[data-jp-theme-light={'false' if theme == 'dark' else 'true'}]"


class KernelError(AssertionError):
    """Code sent to the kernel by a test raised there."""


class LabScreen(Screen):
    """A notebook open in JupyterLab. Made by `Lab.open`."""

    def run_all(self) -> list[dict[str, Any]]:
        """Run every cell, wait for the last, and return the cells with their outputs (nbformat JSON)."""
        self.page.set_default_timeout(RUN_MS)
        answer = self.page.evaluate(RUN_ALL)
        self.page.wait_for_function(KERNEL_IS_IDLE)
        self.cells: list[dict[str, Any]] = answer["cells"]
        return self.cells

    def error_outputs(self) -> list[str]:
        """Tracebacks of the cells last run, and those that a widget shows inside its own output."""
        stored = [
            "\n".join(output["traceback"])
            for cell in self.cells
            for output in cell.get("outputs", [])
            if output["output_type"] == "error"
        ]
        inside = self.page.locator(".widget-output [data-mime-type='application/vnd.jupyter.stderr']")
        broken = self.page.locator(".jupyter-widgets-error-widget")
        # A progress bar writes to stderr too; an exception there has a traceback.
        raised = [text for text in inside.all_inner_texts() if "Traceback" in text]
        return stored + raised + broken.all_inner_texts()

    def kernel_eval(self, expression: str) -> str:
        """Evaluate an expression in the notebook's kernel and return its `repr`."""
        answer = self._execute("", expression)
        value = answer["content"]["user_expressions"]["value"]
        if value["status"] != "ok":
            raise KernelError(f"{expression} raised {value['ename']}: {value['evalue']}")
        text: str = value["data"]["text/plain"]
        return text

    def kernel_run(self, code: str) -> str:
        """Execute statements in the notebook's kernel and return what they print."""
        answer = self._execute(code, None)
        if answer["content"]["status"] != "ok":
            raise KernelError("\n".join(answer["content"].get("traceback", [str(answer["content"])])))
        printed: str = answer["printed"]
        return printed

    def _execute(self, code: str, expression: str | None) -> dict[str, Any]:
        answer: dict[str, Any] = self.page.evaluate(EXECUTE, [code, expression])
        return answer

    def kernel_errors(self) -> list[str]:
        """Tracebacks from the kernel since the notebook was opened, those of widget callbacks included."""
        said: list[dict[str, str]] = self.page.evaluate("() => window.kernelSaid")
        return [one["text"] for one in said if one["kind"] == "error" or "Traceback" in one["text"]]

    def assert_quiet(self) -> None:
        """Fail with all that went wrong, in the page or in the kernel."""
        super().assert_quiet()
        errors = self.kernel_errors()
        assert not errors, "kernel errors:\n" + "\n".join(errors)

    def switch_theme(self, theme: str) -> None:
        """Change JupyterLab's theme, "light" or "dark", while the page is open."""
        dark = theme == "dark"
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        self.page.evaluate(CHANGE_THEME, f"JupyterLab {'Dark' if dark else 'Light'}")
        self.page.wait_for_selector(theme_selector(theme), state="attached")

    def shutdown_kernel(self) -> None:
        """End the kernel while the page stays open, as when a server stops or a session times out."""
        self.page.evaluate(f"() => {PANEL}.sessionContext.shutdown()")
        self.page.wait_for_function(f"() => !{PANEL}.sessionContext.session?.kernel")


class Lab:
    """JupyterLab and a browser, shared by all browser tests."""

    def __init__(self, server: LabServer, browser: Browser) -> None:
        self.server = server
        self.browser = browser
        self.screens: list[LabScreen] = []
        self._numbers = itertools.count()

    def open(
        self,
        notebook: Sequence[str] | Path,
        *,
        theme: str = "light",
        whole: bool = False,
        **settings: Any,
    ) -> LabScreen:
        """Open the sources of code cells, or a file in a copy of its folder, and wait for the kernel.

        ``whole`` draws every cell, also those out of sight, which JupyterLab otherwise leaves out.
        """
        place = f"place_{next(self._numbers)}"
        folder = self.server.root / place
        if isinstance(notebook, Path):
            shutil.copytree(notebook.parent, folder, ignore=shutil.ignore_patterns("_cache", ".*"))
            name = notebook.name
        else:
            folder.mkdir()
            name = "notebook.ipynb"
            content = new_notebook(cells=[new_code_cell(source) for source in notebook])
            kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
            content.metadata.kernelspec = kernel
            nbformat.write(content, folder / name)
        dark = theme == "dark"
        self.server.write_setting(
            "@jupyterlab/apputils-extension:themes", {"theme": f"JupyterLab {'Dark' if dark else 'Light'}"}
        )
        self.server.write_setting(
            "@jupyterlab/notebook-extension:tracker", {"windowingMode": "none"} if whole else {}
        )
        screen = LabScreen(self.browser, theme=theme, **settings)
        self.screens.append(screen)
        page = screen.page
        page.set_default_timeout(OPEN_MS)
        # A workspace of its own, so that nothing of an earlier page is restored.
        page.goto(
            f"{self.server.url}/lab/workspaces/{place}/tree/{place}/{name}?reset&token={self.server.token}"
        )
        page.wait_for_function(KERNEL_IS_IDLE)
        page.wait_for_selector(theme_selector(theme), state="attached")
        page.evaluate(
            "() => { window.jupyterapp.shell.collapseLeft(); window.jupyterapp.shell.collapseRight(); }"
        )
        page.evaluate(LISTEN)
        return screen

    def close_screens(self) -> None:
        """Close what is open and end the kernels."""
        for screen in self.screens:
            screen.close()
        self.screens.clear()
        self.server.shut_down_kernels()
