"""`Log`: the predictions and exercises of this kernel's reader, in memory only."""

from __future__ import annotations

from dataclasses import dataclass, field

from w2s_widgets.lessons.question import Guess, Question

Card = tuple[str, str]
"""A prediction card's name and question: another question under the same name is another card."""


@dataclass
class Asked:
    """A question that was asked, and the reader's guess: ``None`` while there is none."""

    question: Question
    guess: Guess | None = None


@dataclass
class Tried:
    """How often an exercise was tried up to the first right answer, and whether there was one."""

    tries: int = 0
    passed: bool = False


@dataclass
class Log:
    """Predictions and exercises in the order in which they were first met.

    Times are not recorded.

    Examples
    --------
    >>> log = Log()
    >>> log.tried("misfit", written=False, passed=False)  # the stub, as the chapter has it
    >>> log.tried("misfit", written=True, passed=False)
    >>> log.tried("misfit", written=True, passed=True)
    >>> log.exercises
    {'misfit': Tried(tries=2, passed=True)}
    """

    predictions: dict[Card, Asked] = field(default_factory=dict)
    exercises: dict[str, Tried] = field(default_factory=dict)

    def asked(self, name: str, question: Question) -> Guess | None:
        """Record that a card was shown, and return the guess that was made on it before."""
        entry = self.predictions.setdefault((name, question.text), Asked(question))
        # The cell may have been run again with another truth.
        entry.question = question
        return entry.guess

    def guessed(self, name: str, question: Question, guess: Guess | None) -> None:
        """Record a guess, or with ``None`` that it was taken back."""
        self.predictions[name, question.text] = Asked(question, guess)

    def tried(self, exercise: str, *, written: bool, passed: bool) -> None:
        """Record that an answer was checked; a stub that nobody wrote yet is no try."""
        entry = self.exercises.setdefault(exercise, Tried())
        if written and not entry.passed:
            entry.tries += 1
            entry.passed = passed

    def forget(self) -> None:
        """Forget everything."""
        self.predictions.clear()
        self.exercises.clear()


SESSION_LOG = Log()
"""The log of this kernel."""
