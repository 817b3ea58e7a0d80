"""`PairForm`: paste two feature matrices, or name two models, and see what one learns from the other."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from html import escape
from pathlib import Path

import ipywidgets
import numpy as np
import traitlets

from w2s_widgets._numbers import plain
from w2s_widgets._validation import FloatArray
from w2s_widgets.datasets.feature_tables import ENDINGS, Table, read_csv
from w2s_widgets.display.html import CARD_STYLE
from w2s_widgets.encoders import Encoder, encoder
from w2s_widgets.encoders.factory import CARRIED
from w2s_widgets.pairs import OwnPair, own_pair
from w2s_widgets.widgets.lasting import Lasting

_EMPTY = "Fill in teacher, student and truth, and press Run."
_KEPT = "What is shown below is from before."

# What is written above a field, the name of the trait, and how many lines it has.
_FIELDS = {
    "teacher": ("Teacher: CSV text, the path of a file, or the name of a model", 5),
    "student": ("Student: the same", 5),
    "y": ("Truth: the name of a column, or numbers", 2),
    "inputs": ("Inputs, one on each line, if a model is to encode them", 2),
}


class PairForm(Lasting, ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    r"""A form for `own_pair`: four fields, a button, and below them triangle, certificate and scatter.

    Each field is a trait of the same name, settable from Python and from the page. What cannot be read is
    said in one sentence, and what was there before stays.

    Parameters
    ----------
    teacher, student : str
        Text of a CSV file, the path of a file, or the name of a model.
    y : str
        The name of a column of the CSV, or numbers with commas, spaces or lines between them.
    inputs : str
        What models are to encode, one input on each line.

    Attributes
    ----------
    pair : OwnPair or None
        The latest result.
    message : str
        What is said to the reader.

    Examples
    --------
    >>> form = PairForm(teacher="a,b\n1,2\n3,4", student="a,b\n1,2\n3,4", y="1 2")
    >>> form.run()
    >>> form.message
    'there are 2 inputs, too few to divide among teacher, student and test: give at least 60.'
    """

    teacher = traitlets.Unicode()
    student = traitlets.Unicode()
    y = traitlets.Unicode()
    inputs = traitlets.Unicode()
    message = traitlets.Unicode(_EMPTY)
    pair = traitlets.Instance(OwnPair, allow_none=True)

    def __init__(self, **fields: str) -> None:
        unknown = [name for name in fields if name not in _FIELDS]
        if unknown:
            raise TypeError(f"there is no field {unknown[0]!r}: choose from {', '.join(_FIELDS)}.")
        self._said = ipywidgets.HTML()
        self._shown = ipywidgets.HTML()
        self._button = ipywidgets.Button(description="Run", button_style="primary")
        self._button.on_click(lambda _: self.run())
        boxes = {
            name: ipywidgets.Textarea(
                description=words,
                rows=rows,
                layout={"width": "auto"},
                # Above the box and as long as it is, where a label beside it would be cut.
                style={"description_width": "initial"},
            ).add_class("w2s-pair-field")
            for name, (words, rows) in _FIELDS.items()
        }
        look = ipywidgets.HTML(f"<style>{_STYLE}</style>", layout={"display": "none"})
        children = [look, *boxes.values(), self._button, self._said, self._shown]
        super().__init__(children, **fields)
        self.add_class("w2s-pair-form")
        parts = [part for child in self.children for part in (child, child.layout, child.style)]
        self._made = [*parts, self.layout]
        self._boxes = boxes
        for name, box in boxes.items():
            traitlets.link((self, name), (box, "value"))
        self._say(_EMPTY)

    def _watch(self) -> None:
        for name, box in self._boxes.items():
            traitlets.dlink((self, name), (box, "value"))

    def run(self) -> None:
        """Read the fields, run the experiment, and show it; or say what is wrong."""
        self._button.disabled = True
        self._say("Running.")
        try:
            if not (self.teacher.strip() and self.student.strip() and self.y.strip()):
                raise ValueError(_EMPTY)
            lines = [line.strip("\r") for line in self.inputs.strip("\r\n").split("\n")]
            with warnings.catch_warnings(record=True) as notes:
                warnings.simplefilter("always", UserWarning)
                self.pair = own_pair(
                    _source(self.teacher, "teacher"),
                    _source(self.student, "student"),
                    _truth(self.y),
                    inputs=lines if self.inputs.strip() else None,
                    progress=False,  # a bar has no place of its own while a button is pressed
                )
        except (ImportError, OSError, TypeError, ValueError) as problem:
            self._say(f"{problem} {_KEPT}" if self.pair is not None else str(problem), alert=True)
        except Exception as problem:
            # Nobody sees what is raised while a button is pressed, and "Running." would stay for good.
            told = f"It could not be computed ({type(problem).__name__}: {problem})."
            self._say(f"{told} {_KEPT}" if self.pair is not None else told, alert=True)
        except BaseException:
            self._say("Stopped.", alert=True)
            raise
        else:
            self._shown.value = self.pair._repr_html_()
            # A warning has no other place while a button is pressed, either.
            noted = [str(note.message) for note in notes if issubclass(note.category, UserWarning)]
            self._say(" ".join([*dict.fromkeys(noted), str(self.pair.outcome)]), seen=bool(noted))
        finally:
            self._button.disabled = False

    def _say(self, words: str, *, alert: bool = False, seen: bool = True) -> None:
        self.message = words
        role = "alert" if alert else "status"
        # What the result's own card shows is only read aloud.
        self._said.value = (
            f'<div class="w2s-card{"" if seen else " w2s-pair-heard"}"><style>{CARD_STYLE}</style>'
            f'<p class="w2s-sentence" role="{role}">{escape(words)}</p></div>'
        )

    def __repr__(self) -> str:
        return plain(f"PairForm: {self.message}")

    def _static_content(self) -> Mapping[str, str]:
        # Where there is no kernel, the latest result is still to be seen.
        return {"text/plain": repr(self), "text/html": self._shown.value or self._said.value}


def _source(text: str, role: str) -> Table | Path | Encoder:
    """Return a table if text was pasted, else the path or the model."""
    text = text.strip()
    if "\n" in text:
        return read_csv(text, f"the pasted {role}")
    if text.lower().endswith(ENDINGS):
        return Path(text)
    if text in CARRIED or Path(text).expanduser().is_dir():
        return encoder(text)
    # Nobody can be asked for leave to download while a button is pressed.
    return encoder(text, download=False)


def _truth(text: str) -> str | FloatArray:
    """Return numbers, or the name of a column."""
    words = text.split()
    if len(words) > 1 and all(re.fullmatch(r"[-+]?\d+,\d+", word) for word in words):
        raise ValueError(
            f"the truth may be read in two ways: {words[0]!r} is two numbers, or one with a decimal comma. "
            "Write numbers with a point, and a space behind each comma."
        )
    try:
        return np.array([float(word) for word in text.replace(",", " ").split()])
    except ValueError:
        return text.strip()


_STYLE = (
    ".w2s-pair-field { display: flex; flex-direction: column; align-items: stretch; max-width: 860px; }"
    ".jupyter-widgets.w2s-pair-field > label { width: auto !important; text-align: left !important;"
    " white-space: normal; overflow: visible; }"
    ".w2s-pair-heard { position: absolute; width: 1px; height: 1px; padding: 0 !important; overflow: hidden;"
    " clip-path: inset(50%); }"
    ".w2s-pair-field > textarea { font-family: var(--jp-code-font-family, monospace); }"
    # The frontend's own styles take the outline away.
    ".jupyter-widgets.w2s-pair-field > textarea:focus-visible, .w2s-pair-form > .jupyter-button:focus-visible"
    " { outline: 3px solid var(--jp-brand-color1, #1976d2) !important; outline-offset: 1px; }"
)
