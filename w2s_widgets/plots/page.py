"""What every picture stands on: `Picture`, the house's style, figures in pixels, and words on them."""

from __future__ import annotations

import base64
import functools
import io
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from os import PathLike, fspath
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from w2s_widgets._numbers import plain
from w2s_widgets.cache import write_file
from w2s_widgets.display.palette import INK, PAPER, Role

PIXELS_PER_INCH = 100
"""A figure's size is planned in pixels of this density, so one unit is one pixel of a page."""

POINTS_PER_PIXEL = 72 / PIXELS_PER_INCH
QUIET = "#555555"
ON_PAPER: dict[str, Any] = {"markeredgecolor": PAPER["light"], "markeredgewidth": None}
"""An outline for `mark` in the colour of paper, as wide as matplotlib has it."""

_PAGE = 900
_SHARPNESS = 2
_STYLE = Path(__file__).parent.parent / "w2s.mplstyle"

_P = ParamSpec("_P")
_R = TypeVar("_R")


class Picture:
    """A static figure and its text.

    Displayed in a notebook it is a PNG with twice the pixels of its place on the page; where pictures
    cannot be shown, read aloud or compared, it is its sentence. It is never registered with pyplot, so
    nothing has to be closed.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure; change it as you like, it is drawn anew each time.
    alt : str
        One or two sentences that say what is to be seen.

    Examples
    --------
    >>> Picture(new_figure(100, 100), "An empty figure.")
    An empty figure.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure = figure
        self.alt = alt

    def __repr__(self) -> str:
        return plain(self.alt)

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the figure to a file: ``.svg``, ``.pdf`` or ``.png`` by the name's ending.

        Parameters
        ----------
        path : path-like
            Where to write; the folder must exist. The same figure gives the same bytes.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        ValueError
            If the name ends in something else.
        """
        path = Path(fspath(path))
        kind = path.suffix.lower().lstrip(".")
        if kind not in _METADATA:
            raise ValueError(f"{path.name} ends in {path.suffix!r}: end it in .svg, .pdf or .png.")
        write_file(path, self._render(kind))
        return path

    def _repr_png_(self) -> bytes:
        return self._render("png")

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        width, height = (round(inches * PIXELS_PER_INCH) for inches in self.figure.get_size_inches())
        png = base64.b64encode(self._repr_png_()).decode("ascii")
        # JupyterLab gives a bare PNG no alternative text; as HTML it can have one.
        words = escape(self.alt, quote=True)
        size = f'width="{width}" height="{height}" style="max-width: 100%; height: auto;"'
        tag = f'<img alt="{words}" {size} src="data:image/png;base64,{png}">'
        return (
            {"text/html": tag, "image/png": png, "text/plain": self.alt},
            {"image/png": {"width": width, "height": height, "alt": self.alt}},
        )

    def _render(self, kind: str) -> bytes:
        buffer = io.BytesIO()
        metadata = {key: self.alt if value == "alt" else value for key, value in _METADATA[kind].items()}
        with house_style():
            self.figure.savefig(buffer, format=kind, dpi=PIXELS_PER_INCH * _SHARPNESS, metadata=metadata)
        return buffer.getvalue()


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the book's style whatever the user's own settings are, and leave those as they were."""
    with matplotlib.style.context(["default", _STYLE]):
        yield


def styled(draw: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a drawing function draw in the book's style."""

    @functools.wraps(draw)
    def drawn(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with house_style():
            return draw(*args, **kwargs)

    return drawn


def new_figure(width: int, height: int) -> Figure:
    """Return an empty figure of so many page pixels, with a canvas of its own and no pyplot."""
    figure = Figure(figsize=(width / PIXELS_PER_INCH, height / PIXELS_PER_INCH), dpi=PIXELS_PER_INCH)
    FigureCanvasAgg(figure)
    return figure


def add_panel(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes whose frame is given in page pixels from the figure's lower left corner."""
    across, tall = (inches * PIXELS_PER_INCH for inches in figure.get_size_inches())
    return figure.add_axes((left / across, bottom / tall, width / across, height / tall))


def new_page(
    headings: Mapping[int, str], words: str, *, height: int = 396, foot: int = 28, drop: int = 20, **look: Any
) -> Figure:
    """Return a figure 900 pixels wide: headings by where they begin, and the words in the middle below."""
    figure = new_figure(_PAGE, height)
    for left, heading in headings.items():
        heading_look: dict[str, Any] = {"fontsize": 9, "weight": "bold", "va": "center"} | look
        figure.text(left / _PAGE, (height - drop) / height, heading, **heading_look)
    figure.text(0.5, foot / height, words, fontsize=9.5, ha="center", va="center")
    return figure


def balanced(words: str, width: int) -> str:
    """Break words into lines of about the same length, so that no last word stands alone."""
    lines = -(-len(words) // width)
    return textwrap.fill(words, min(width, len(words) // lines + 12))


def halo(width: float = 3) -> list[withStroke]:
    """Return the effect that keeps words readable over lines."""
    return [withStroke(linewidth=width, foreground=PAPER["light"])]


def note(axes: Axes, words: str, at: tuple[float, float], aside: tuple[float, float], **look: Any) -> Any:
    """Write words so many points aside from a place, over whatever is drawn there."""
    usual: dict[str, Any] = {"color": INK["light"], "fontsize": 8.5, "va": "center", "path_effects": halo()}
    return axes.annotate(words, at, xytext=aside, textcoords="offset points", **(usual | look))


def mark(axes: Axes, x: Any, y: Any, look: Role, size: float, **more: Any) -> None:
    """Draw points with the marker and the colour of a role, outlined in ink."""
    outline: dict[str, Any] = {"markeredgecolor": INK["light"], "markeredgewidth": 0.6, "zorder": 3}
    axes.plot(
        x, y, linestyle="none", marker=look.marker, markersize=size, color=look.light, **(outline | more)
    )


# Neither a date nor a version, so that the same figure is the same file.
_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": None, "Description": "alt"},
    "svg": {"Date": None, "Creator": None, "Title": "alt"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None, "Title": "alt"},
}
