"""`StopButton`: a button on a page that interrupts the kernel while a cell is running."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

# A busy kernel reads no messages of widgets. The server can interrupt it all the same, and the page can ask
# the server: with the address and the token that every page of Jupyter carries.
_MODULE = """
function settings() {
  const node = document.getElementById("jupyter-config-data");
  return node ? JSON.parse(node.textContent) : null;
}

function interrupt(kernel) {
  const page = settings();
  if (!page || !kernel) return Promise.reject(new Error("no server"));
  const headers = {};
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("_xsrf="));
  if (cookie) headers["X-XSRFToken"] = cookie.slice("_xsrf=".length);
  if (page.token) headers.Authorization = `token ${page.token}`;
  const url = `${page.baseUrl || "/"}api/kernels/${kernel}/interrupt`;
  return fetch(url, { method: "POST", headers, credentials: "same-origin" }).then((answer) => {
    if (!answer.ok) throw new Error(answer.statusText);
  });
}

function render({ model, el }) {
  const button = document.createElement("button");
  button.className = "jupyter-button widget-button";
  const note = document.createElement("span");
  note.setAttribute("role", "status");
  note.style.marginLeft = "0.6em";
  el.append(button, note);
  const show = () => {
    button.textContent = model.get("words");
    button.disabled = model.get("ended");
    if (model.get("ended")) note.textContent = "";
  };
  button.addEventListener("click", () => {
    note.textContent = "Stopping …";
    interrupt(model.get("kernel")).catch(() => {
      note.textContent = "This page cannot stop it: use the stop button of the toolbar.";
    });
  });
  model.on("change:words change:ended", show);
  show();
}

export default { render };
"""


class StopButton(anywidget.AnyWidget):  # type: ignore[misc]
    """A button that is heard while a cell runs, because it interrupts the kernel through the server.

    What runs must catch the interrupt and keep what is done. Where the page knows no server, a sentence
    tells the reader to use the stop button of the toolbar, which does the same.

    Examples
    --------
    >>> button = StopButton()
    >>> button.end("Done")
    >>> button.words, button.ended
    ('Done', True)
    """

    _esm: ClassVar[str] = _MODULE
    words = traitlets.Unicode("Stop").tag(sync=True)
    ended = traitlets.Bool(False).tag(sync=True)
    kernel = traitlets.Unicode().tag(sync=True)

    _own_layout: Any = None

    def __init__(self, **traits: Any) -> None:
        super().__init__(kernel=_kernel_id(), **traits)
        self._own_layout = None if "layout" in traits else self.layout

    def close(self) -> None:
        """Free the button and the layout that was made for it."""
        if self._own_layout is not None:
            self._own_layout.close()
        super().close()

    def end(self, words: str) -> None:
        """Switch the button off and write what came of it."""
        self.words, self.ended = words, True


def _kernel_id() -> str:
    """Return the name under which a Jupyter server knows this kernel; empty outside of one."""
    try:
        from ipykernel import get_connection_file

        return Path(get_connection_file()).stem.removeprefix("kernel-")
    # RuntimeError: there is no kernel.
    except (ImportError, RuntimeError):
        return ""
