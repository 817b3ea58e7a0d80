"""`TrainingMonitor`: time left, loss curves and, in a notebook, a Stop button."""

from __future__ import annotations

import html
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from w2s_widgets._validation import FloatArray
from w2s_widgets.progress.bar import Progress
from w2s_widgets.progress.surroundings import in_notebook

_CURVE_STEP = 0.5
"""Seconds between two drawings of the curves."""
_WIDTH, _HEIGHT = 360, 120


class TrainingMonitor:
    """Show how far a training is, and hear when it shall stop.

    In a notebook it shows a bar with the time left, a Stop button and the curve of every network's loss, in
    a terminal one line, elsewhere nothing. The button interrupts the kernel, as the toolbar's own stop button
    does. While `listening`, an interrupt is a wish to stop at the next occasion, so that nothing is left half
    done; a second one is not waited with.

    Examples
    --------
    >>> watch = TrainingMonitor("Pretraining", ["teacher"], where="nowhere")
    >>> watch.start(100, 0, [])
    >>> watch.show(40, np.array([0.5]))
    >>> watch.stop()
    >>> watch.stopped
    True
    """

    def __init__(self, label: str, names: Sequence[str], *, where: str = "auto") -> None:
        self.label, self.names = label, list(names)
        self._in_notebook = in_notebook() if where == "auto" else where == "notebook"
        self._where = where
        self._asked = threading.Event()
        self._history: list[FloatArray] = []
        self._done = 0
        self._drawn = -float("inf")
        self._progress: Progress | None = None
        self._box: Any = None
        self._button: Any = None
        self._curve: Any = None

    @property
    def stopped(self) -> bool:
        """Whether somebody asked to stop."""
        return self._asked.is_set()

    def stop(self) -> None:
        """Ask to stop at the next occasion. Any thread may ask."""
        self._asked.set()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take an interrupt as a wish to stop; outside of a notebook it is raised at the end."""
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread hears interrupts
            return
        interrupted = False

        def note(number: int, frame: object) -> None:
            nonlocal interrupted
            if interrupted:
                raise KeyboardInterrupt
            interrupted = True
            self.stop()

        before = signal.signal(signal.SIGINT, note)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
        if interrupted and not self._in_notebook:
            raise KeyboardInterrupt

    def start(self, total: int, done: int, history: Sequence[FloatArray]) -> None:
        """Show the beginning, or where an earlier run was left."""
        self._history, self._done = list(history), done
        self._progress = Progress(total, self.label, unit="steps", where=self._where)
        self._progress.__enter__()
        if done:
            self._progress.skip(done)
        if self._in_notebook and done < total:
            self._show_button()

    def show(self, done: int, losses: FloatArray) -> None:
        """Show the losses after ``done`` steps."""
        self._history.append(losses)
        if self._progress is not None:
            self._progress.advance(done - self._done)
        self._done = done
        now = time.monotonic()
        if self._curve is not None and now - self._drawn >= _CURVE_STEP:
            self._drawn = now
            self._curve.value = curves(self.names, np.array(self._history))

    def finish(self, done: int) -> None:
        """Show the end."""
        if self._progress is not None:
            stopped = done < self._progress.total
            # As an exception would: the bar then says that what is done is kept.
            self._progress.__exit__(KeyboardInterrupt if stopped else None, None, None)
        if self._button is not None:
            self._curve.value = curves(self.names, np.array(self._history))
            self._button.end("Stopped" if self.stopped else "Done")

    def _show_button(self) -> None:
        import ipywidgets
        from IPython.display import display

        from w2s_widgets.progress.stop_button import StopButton

        self._button = StopButton()
        self._curve = ipywidgets.HTML(value=curves(self.names, np.array(self._history)))
        self._box = ipywidgets.VBox([self._button, self._curve])
        display(self._box)


def curves(names: Sequence[str], history: FloatArray) -> str:
    """Draw losses over time as a small picture, on a logarithmic scale, and say the last ones.

    Examples
    --------
    >>> "teacher" in curves(["teacher"], np.array([[2.0], [1.0]]))
    True
    """
    if not len(history):
        return "<div>No loss yet.</div>"
    # As many points as the picture has room for: a long training would send a long text.
    looks = history[np.unique(np.linspace(0, len(history) - 1, _WIDTH // 3).astype(int))]
    levels = np.log10(np.maximum(looks, 1e-12))
    low, high = float(levels.min()), float(levels.max())
    across = np.linspace(4, _WIDTH - 4, len(looks)) if len(looks) > 1 else np.array([4.0])
    up = _HEIGHT - 4 - (levels - low) / max(high - low, 1e-9) * (_HEIGHT - 8)
    lines = "".join(
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, row, strict=True))}" '
        'fill="none" stroke="currentColor" stroke-width="1.3" opacity="0.75"/>'
        for row in up.T
    )
    last = ", ".join(
        f"{html.escape(name)} {loss:.3g}" for name, loss in zip(names[:6], history[-1], strict=False)
    )
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    said = f"Loss on a logarithmic scale, from {10**high:.3g} down to {10**low:.3g}. Now: {last}{more}"
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" role="img" '
        f'aria-label="{said}" style="max-width:100%">{lines}</svg><div>{said}</div>'
    )
