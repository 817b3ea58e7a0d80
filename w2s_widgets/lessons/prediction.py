"""`predict`: a card that asks for a guess before anything is shown, and then uncovers the answer."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, ClassVar

import ipywidgets
import traitlets

from w2s_widgets._numbers import plain
from w2s_widgets.lessons.log import SESSION_LOG
from w2s_widgets.lessons.question import Guess, Question
from w2s_widgets.widgets.bundles import STATIC, BuiltWidget
from w2s_widgets.widgets.lasting import Lasting

SKIP_VARIABLE = "W2S_SKIP_PREDICTIONS"
"""Set this environment variable to 1 and no card asks for a prediction."""

_COVERED, _SHOWN = "none", "flex"
_skip: bool | None = None


def skip_predictions(skip: bool = True) -> None:
    """Let cards made from now on show their answers at once: for teachers, screenshots and tests.

    The environment variable ``W2S_SKIP_PREDICTIONS`` does the same for a whole session; what was said
    here last counts more.

    Parameters
    ----------
    skip : bool
        ``False`` lets cards ask again.

    Examples
    --------
    >>> skip_predictions()
    >>> predict("Who wins?", options=["teacher", "student"], truth="student").verdict
    'skipped'
    >>> skip_predictions(False)
    """
    global _skip
    _skip = bool(skip)


def predictions_skipped() -> bool:
    """Whether cards made now show their answers at once."""
    if _skip is not None:
        return _skip
    return os.environ.get(SKIP_VARIABLE, "").strip().lower() in {"1", "true", "yes", "on"}


def predict(
    question: str,
    *,
    options: Sequence[str] = (),
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    unit: str = "",
    truth: Guess | Callable[[], Guess] | None = None,
    because: str = "",
    close: float | None = None,
    reveal: object = None,
    name: str = "",
) -> Prediction:
    """Ask for a prediction before anything is shown.

    The reader chooses an option or gives a number; only then the card says the guess beside the truth,
    and what it covered appears. A guess is kept until the kernel stops: running the cell again shows it
    again. It is not written into the notebook file.

    Parameters
    ----------
    question : str
        What to predict.
    options : sequence of str
        Answers to choose from: at least two, all different.
    low, high, step, unit
        For a number instead of options: its range, the distance of possible numbers, its unit.
    truth : str, float or callable, optional
        The answer, or a function of no arguments that computes it, called once, now: the page carries
        the answer with it, and needs no kernel to tell it. Without a truth nothing is right or wrong.
    because : str
        One sentence that follows the answer.
    close : float, optional
        A number this near is called close; a twentieth of the range by default.
    reveal : object, optional
        What stays covered until the guess is made: a widget, or anything that a notebook can display.
    name : str
        What the guess is kept under; the question itself by default.

    Returns
    -------
    Prediction
        The card. ``guess``, ``answered`` and ``verdict`` can be observed, and ``guess`` be set.

    Raises
    ------
    TypeError, ValueError
        If the question cannot be asked; see `w2s_widgets.lessons.question.Question`.

    Examples
    --------
    >>> card = predict("Who makes fewer errors?", options=["teacher", "student"], truth="student")
    >>> card.answered
    False
    >>> card.guess = "teacher"
    >>> print(card)
    You predicted “teacher”; it is “student”.
    >>> card.reset()
    """
    answer = truth() if callable(truth) else truth
    asked = Question(
        question, options, low, high, step=step, unit=unit, truth=answer, because=because, close=close
    )
    return Prediction(asked, reveal=reveal, name=name)


class PredictionCard(BuiltWidget):
    """What the page shows of a `Prediction`: the question, its inputs, and the answer."""

    _esm: ClassVar[Any] = STATIC / "prediction.js"
    _css: ClassVar[Any] = STATIC / "prediction.css"
    _spec = traitlets.Dict().tag(sync=True)
    guess = traitlets.Any(None, allow_none=True).tag(sync=True)
    skipped = traitlets.Bool().tag(sync=True)
    cover = traitlets.Unicode(_COVERED, help="CSS display of what is covered.").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        self._watchers: list[tuple[Callable[[Any], None], str]] = []
        super().__init__(**traits)

    def watch(self, handler: Callable[[Any], None], name: str) -> None:
        """Observe a trait for good, for whoever the card belongs to."""
        if (handler, name) not in self._watchers:
            self._watchers.append((handler, name))
        self.observe(handler, name)

    def unobserve_all(self, name: Any = traitlets.All) -> None:
        """Remove what observes the card, but not what it belongs to."""
        super().unobserve_all(name)
        for handler, trait in self._watchers:
            self.observe(handler, trait)


class Prediction(Lasting, ipywidgets.VBox):  # type: ignore[misc]
    """A question, the reader's guess, and what stays covered until it is made.

    Parameters
    ----------
    question : Question
        What is asked.
    reveal : object, optional
        What is covered.
    name : str
        What the guess is kept under; the question's text by default.

    Examples
    --------
    >>> card = Prediction(Question("How much?", low=0, high=1, truth=0.42))
    >>> card.guess = 0.9
    >>> card.verdict, card.answered
    ('high', True)
    >>> card.guess = 2
    Traceback (most recent call last):
    ...
    traitlets.traitlets.TraitError: guess is 2: give a number from 0.00 to 1.00.
    >>> card.reset(), card.guess is None
    (None, True)
    """

    guess = traitlets.Any(
        None, allow_none=True, help="An option or a number; None until the reader has answered."
    )
    answered = traitlets.Bool(read_only=True, help="Whether a guess was made, or skipped.")
    verdict = traitlets.Unicode(
        read_only=True,
        help="right, wrong, exact, close, low, high, open, skipped, or empty before the answer.",
    )

    def __init__(self, question: Question, *, reveal: object = None, name: str = "") -> None:
        self.question = question
        self.name = name or question.text
        skipped = predictions_skipped()
        cover = _SHOWN if skipped else _COVERED
        self.card = PredictionCard(_spec=question.describe(), skipped=skipped, cover=cover)
        self._made = (self.card,)
        children = [self.card]
        if reveal is not None:
            children.append(self._cover(reveal))
        super().__init__(children)
        self._made = (*self._made, self.layout)
        self._watch()
        self._update()
        remembered = SESSION_LOG.asked(self.name, question)
        if remembered is not None and not skipped:
            self.guess = remembered

    @property
    def sentence(self) -> str:
        """The question while it is open, and then the guess beside the truth."""
        return self.question.sentence(self.guess) if self.answered else self.question.ask()

    def reset(self) -> None:
        """Forget the guess and ask again."""
        SESSION_LOG.guessed(self.name, self.question, None)
        self.card.skipped = False
        self.guess = None
        self._update()

    def __repr__(self) -> str:
        return plain(self.sentence)

    def __str__(self) -> str:
        return plain(self.sentence)

    def _static_content(self) -> dict[str, str]:
        # An answered or skipped card is the same text on every run, so that stored outputs can be compared.
        asked = self.question.ask() if self.guess is None else f"{self.question.ask()} {self.sentence}"
        return {"text/plain": asked, "text/html": self.question.as_html()}

    @traitlets.validate("guess")  # type: ignore[untyped-decorator]
    def _check(self, proposal: Any) -> Guess | None:
        if proposal["value"] is None:
            return None
        try:
            return self.question.nearest_possible(proposal["value"])
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None

    def _watch(self) -> None:
        self.card.watch(self._hear, "guess")
        self.observe(self._update, "guess")

    def _hear(self, change: Any) -> None:
        self.guess = change["new"]

    def _update(self, change: object = None) -> None:
        answered = self.guess is not None or self.card.skipped
        if self.guess is not None:
            SESSION_LOG.guessed(self.name, self.question, self.guess)
        self.card.guess = self.guess
        self.card.cover = _SHOWN if answered else _COVERED
        self.set_trait("verdict", self.question.verdict(self.guess) if answered else "")
        self.set_trait("answered", answered)

    def _cover(self, reveal: object) -> ipywidgets.VBox:
        content = reveal if isinstance(reveal, ipywidgets.Widget) else _as_output(reveal)
        box = ipywidgets.VBox([content], layout=ipywidgets.Layout(display=self.card.cover))
        # Once in the page, so that it uncovers without a kernel, and once here, for when no page is there.
        uncover = ipywidgets.jslink((self.card, "cover"), (box.layout, "display"))
        self.card.watch(lambda change: setattr(box.layout, "display", change["new"]), "cover")
        self._made = (*self._made, uncover, box, *(() if content is reveal else (content,)))
        return box


def _as_output(reveal: object) -> ipywidgets.Output:
    from IPython.core.formatters import DisplayFormatter
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import Markdown

    shown = Markdown(reveal) if isinstance(reveal, str) else reveal
    running = InteractiveShell.initialized()
    formatter = InteractiveShell.instance().display_formatter if running else DisplayFormatter()
    data, metadata = formatter.format(shown)
    if not data:
        raise TypeError(
            f"reveal is a {type(reveal).__name__} that displays itself and cannot be covered: "
            "give a widget, a picture, an outcome or text."
        )
    encoded = {
        kind: base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for kind, value in data.items()
    }
    alt = metadata.get("image/png", {}).get("alt")
    if alt:
        # A notebook shows a bare PNG without its words; as HTML a screen reader finds them.
        width = metadata["image/png"].get("width", "")
        source = f"data:image/png;base64,{encoded.pop('image/png')}"
        encoded["text/html"] = (
            f'<img alt="{escape(alt)}" width="{width}" style="max-width: 100%; height: auto" src="{source}">'
        )
    return ipywidgets.Output(
        outputs=({"output_type": "display_data", "data": encoded, "metadata": metadata},)
    )
