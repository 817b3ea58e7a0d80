"""Which text and which HTML a notebook shows for a value: what `w2s_widgets._rich_display` opens onto."""

from __future__ import annotations

from functools import singledispatch

from w2s_widgets._numbers import plain
from w2s_widgets.display.certificate_html import (
    certificate_card,
    certificate_text,
    parts_card,
    parts_sentence,
)
from w2s_widgets.display.html import outcome_card
from w2s_widgets.display.interval_html import intervals_card, intervals_text
from w2s_widgets.display.ranking_html import ranking_table, ranking_text
from w2s_widgets.display.text import sentence
from w2s_widgets.theory.certificate import Certificate
from w2s_widgets.theory.intervals import OutcomeIntervals
from w2s_widgets.theory.outcome import Outcome
from w2s_widgets.theory.ranking import TeacherRanking
from w2s_widgets.theory.slack import SlackParts


@singledispatch
def text(value: object) -> str:
    """Return the text of a value of the theory."""
    raise TypeError(f"there is no text for a {type(value).__name__}: register one in display/rich.py.")


def printed(value: object) -> str:
    """Return the text of a value with signs that every code page has."""
    return plain(text(value))


@singledispatch
def html(value: object) -> str:
    """Return the HTML of a value of the theory."""
    raise TypeError(f"there is no card for a {type(value).__name__}: register one in display/rich.py.")


text.register(Outcome, sentence)
text.register(SlackParts, parts_sentence)
text.register(Certificate, certificate_text)
text.register(TeacherRanking, ranking_text)
text.register(OutcomeIntervals, intervals_text)
html.register(Outcome, outcome_card)
html.register(SlackParts, parts_card)
html.register(Certificate, certificate_card)
html.register(TeacherRanking, ranking_table)
html.register(OutcomeIntervals, intervals_card)
