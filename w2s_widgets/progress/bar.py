"""Progress of long computations: a bar with the time left in a notebook, one line in a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from w2s_widgets.progress.surroundings import surroundings

_NOTEBOOK_STEP = 0.1
"""Seconds between two messages to the page: a faster stream only queues up."""


class Progress:
    """Say how far a computation is and how long it will still take.

    In a notebook it shows one bar with a label, in a terminal one line that is rewritten, and elsewhere
    (a log file, a test) nothing. It never writes to stderr. What it shows last, and what a notebook
    stores of it, holds no time, so that two runs of a chapter leave the same output.

    Examples
    --------
    >>> seconds = iter([0.0, 2.0, 4.0])
    >>> with Progress(4, "Encoding", unit="words", where="nowhere", clock=lambda: next(seconds)) as progress:
    ...     progress.advance(1)
    ...     print(progress.text)
    ...     progress.advance(3)
    Encoding: 1 of 4 words, about 6 s left
    >>> progress.text
    'Encoding: 4 of 4 words'
    """

    def __init__(
        self,
        total: int,
        label: str,
        *,
        unit: str = "items",
        where: str = "auto",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if total < 0:
            raise ValueError(f"total is {total}: give the number of items to do, 0 or more.")
        if where not in ("auto", "notebook", "terminal", "nowhere"):
            raise ValueError(f"where is {where!r}: choose auto, notebook, terminal or nowhere.")
        self.total = total
        self.label = label
        self.unit = unit
        self.done = 0
        self._where = surroundings() if where == "auto" else where
        self._clock = clock
        self._started = clock()
        self._worked = 0
        self._stopped = False
        self._last_shown = -float("inf")
        self._widgets: tuple[Any, Any] | None = None

    @property
    def text(self) -> str:
        """The line that is shown now."""
        line = f"{self.label}: {self.done:,} of {self.total:,} {self.unit}"
        if self._stopped:
            return f"{line}, stopped here; what is done is kept"
        if self.done >= self.total or not self._worked:
            return line
        elapsed = self._clock() - self._started
        return f"{line}, about {duration((self.total - self.done) * elapsed / self._worked)} left"

    def skip(self, items: int) -> None:
        """Count items that were done earlier; they say nothing about the speed."""
        self.done += items
        self._show()

    def advance(self, items: int = 1) -> None:
        """Count items that have just been done."""
        self.done += items
        self._worked += items
        self._show()

    def __enter__(self) -> Progress:
        if self._where == "notebook":
            import ipywidgets
            from IPython.display import display

            bar = ipywidgets.IntProgress(value=0, max=max(1, self.total), layout={"width": "14em"})
            note = ipywidgets.Label(value=self.label)
            self._widgets = bar, note
            display(ipywidgets.HBox([bar, note]))
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stopped = kind is not None
        self._show(last=True)

    def _show(self, *, last: bool = False) -> None:
        if self._where == "nowhere":
            return
        now = time.monotonic()
        if not last and now - self._last_shown < _NOTEBOOK_STEP:
            return
        self._last_shown = now
        if self._widgets is not None:
            bar, note = self._widgets
            bar.value = self.done
            note.value = self.text
            if last:
                bar.bar_style = "warning" if self._stopped else "success"
        elif self._where == "terminal":
            # Clear to the end of the line: the line before may have been longer.
            sys.stdout.write(f"\r{self.text}\x1b[K" + ("\n" if last else ""))
            sys.stdout.flush()


def duration(seconds: float) -> str:
    """Write a duration as a reader would say it.

    Examples
    --------
    >>> duration(0.2), duration(75), duration(3 * 3600)
    ('1 s', '1 min 15 s', '3 h 0 min')
    """
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
