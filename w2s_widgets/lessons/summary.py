"""`summary`: what the reader predicted and tried, as an output that stays in a saved notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from w2s_widgets._numbers import plain
from w2s_widgets.lessons.log import SESSION_LOG, Asked, Tried

_AGAIN = "Run this cell again to bring it up to date."
_NO_GUESS, _NO_TRY = "not made", "not tried"


def summary() -> Summary:
    """Sum up what the reader did since the kernel started: guesses beside truths, and exercises.

    It is text and a table, and no widget: saving the notebook saves it. Times are not recorded, and no
    truth is told before the guess.

    Returns
    -------
    Summary
        Predictions and exercises as they are now; run the cell again to bring it up to date.

    Examples
    --------
    >>> from w2s_widgets import lessons
    >>> lessons.start_over()
    >>> card = lessons.predict("How much?", low=0, high=1, truth=0.42, name="how much")
    >>> result = lessons.check("misfit", lambda teacher, student: ((teacher - student) ** 2).sum())
    >>> summary()
    What you did in this chapter: 0 of 1 predictions made, 0 of 1 exercises passed.
      prediction “how much”: not made
      exercise misfit: not yet right, 1 try
    Run this cell again to bring it up to date.
    >>> card.guess = 0.9
    >>> result = lessons.check("misfit", lambda teacher, student: ((teacher - student) ** 2).mean())
    >>> summary()
    What you did in this chapter: 1 of 1 predictions made, 1 of 1 exercises passed.
      prediction “how much”: You predicted 0.90; it is 0.42: your prediction was 0.48 too high.
      exercise misfit: right, 2 tries
    >>> lessons.start_over()
    """
    return Summary(
        tuple((name, Asked(one.question, one.guess)) for (name, _), one in SESSION_LOG.predictions.items()),
        tuple((name, Tried(one.tries, one.passed)) for name, one in SESSION_LOG.exercises.items()),
    )


def start_over() -> None:
    """Forget every guess and every try, as if the kernel had just started.

    Examples
    --------
    >>> start_over()
    >>> summary()
    What you did in this chapter: nothing yet.
    Run this cell again to bring it up to date.
    """
    SESSION_LOG.forget()


@dataclass(frozen=True)
class Summary:
    """What a reader did, at one moment.

    Parameters
    ----------
    predictions : sequence of (str, Asked)
        Name of each card that was shown, with its question and the guess.
    exercises : sequence of (str, Tried)
        Name of each exercise that was checked, with the number of tries.

    Examples
    --------
    >>> Summary((), (("gain", Tried(tries=1, passed=True)),))
    What you did in this chapter: 1 of 1 exercises passed.
      exercise gain: right, 1 try
    """

    predictions: tuple[tuple[str, Asked], ...]
    exercises: tuple[tuple[str, Tried], ...]

    @property
    def complete(self) -> bool:
        """Whether there was something to do, and all of it is done."""
        everything = [one.guess is not None for _, one in self.predictions]
        everything += [one.passed for _, one in self.exercises]
        return bool(everything) and all(everything)

    def __repr__(self) -> str:
        lines = [f"What you did in this chapter: {self._in_short()}."]
        lines += [f"  prediction “{name}”: {_said(one)}" for name, one in self.predictions]
        lines += [f"  exercise {name}: {_done(one)}" for name, one in self.exercises]
        return plain("\n".join(lines if self.complete else [*lines, _AGAIN]))

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>What you did in this chapter:</strong> {self._in_short()}.</p>"]
        if self.predictions:
            rows = [_row(one) for _, one in self.predictions]
            parts.append(_table(("Question", "You predicted", "It is"), rows))
        if self.exercises:
            parts.append(
                _table(("Exercise", "How it went"), [(name, _done(t)) for name, t in self.exercises])
            )
        if not self.complete:
            parts.append(f"<p>{_AGAIN}</p>")
        return f'<div style="max-width: 760px;">{"".join(parts)}</div>'

    def _in_short(self) -> str:
        made = sum(one.guess is not None for _, one in self.predictions)
        passed = sum(one.passed for _, one in self.exercises)
        counts = []
        if self.predictions:
            counts.append(f"{made} of {len(self.predictions)} predictions made")
        if self.exercises:
            counts.append(f"{passed} of {len(self.exercises)} exercises passed")
        return ", ".join(counts) or "nothing yet"


def _said(one: Asked) -> str:
    if one.guess is None or one.question.truth is None:
        return _NO_GUESS if one.guess is None else f"You predicted {one.question.write(one.guess)}."
    return one.question.sentence(one.guess, because=False)


def _row(one: Asked) -> tuple[str, str, str]:
    if one.guess is None:  # no truth before the guess
        return one.question.text, _NO_GUESS, ""
    truth = "" if one.question.truth is None else one.question.write(one.question.truth)
    return one.question.text, one.question.write(one.guess), truth


def _done(one: Tried) -> str:
    if not one.tries:
        return _NO_TRY
    tries = f"{one.tries} {'try' if one.tries == 1 else 'tries'}"
    return f"right, {tries}" if one.passed else f"not yet right, {tries}"


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    left = 'style="text-align: left;"'
    head = "".join(f'<th scope="col" {left}>{escape(one)}</th>' for one in heads)
    body = "".join(
        "<tr>" + "".join(f"<td {left}>{escape(one)}</td>" for one in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
