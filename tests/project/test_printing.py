"""What is printed goes through any code page of Windows: into a file or a pipe it has 256 signs."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import numpy as np
import pytest

import w2s_widgets as w2s
from w2s_widgets._numbers import _TYPED, format_number, plain
from w2s_widgets.heads import BallHead, LinearHead
from w2s_widgets.lessons import predict
from w2s_widgets.theory.slack import SlackParts, explain_slack

# Western, Central European, Cyrillic, Greek, Turkish, Baltic; Japanese and Chinese.
PAGES = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp932", "cp936")
RNG = np.random.default_rng(0)
X = RNG.standard_normal((200, 4))
Y = X.sum(axis=1)
TEACHER = Y + RNG.standard_normal(200)
ROWS = [
    {"teacher": name, "split": split, "err_weak": 1.0, "err_student": 1 + m, "misfit": m, "gain": -m}
    for split in range(2)
    for name, m in zip("abcd", (0.1, 0.2 + split / 9, 0.3, 0.4), strict=True)
]


def guessed() -> Any:
    card = predict("How much is lost?", low=-1, high=1, truth=-0.42)
    card.guess = -0.5
    return card


PRINTED = {
    "outcome": lambda: w2s.measure(truth=[1, 1], teacher=[2, 1], student=[5, 1]),
    "pair": lambda: w2s.own_pair(X[:, :2], X[:, 1:], Y + RNG.standard_normal(200), progress=False),
    "inequality": lambda: w2s.certify(BallHead(radius=0.5).fit(X, TEACHER), X, Y, TEACHER),
    "bound": lambda: w2s.certify(LinearHead().fit(X[:, :2], TEACHER), X[:, :2], Y, TEACHER),
    "parts": lambda: explain_slack(LinearHead().fit(X[:, :2], TEACHER), X[:, :2], Y, TEACHER),
    "negative parts": lambda: SlackParts(-0.2, 0.0, 0.05, -0.01, -0.16, 0.5, 0.01, 0.001),
    "gain explorer": lambda: w2s.GainExplorer(strong_capacity=6),
    "plane": lambda: w2s.ProjectionExplorer(shape="cone"),
    "samples": lambda: w2s.SampleExplorer(n=12),
    "picture": lambda: w2s.plots.gain_map([w2s.measure([2, 0], [0, 2], [3, 0])]),
    "correlation": lambda: w2s.gain_misfit_correlation(ROWS),
    "ranking": lambda: w2s.rank_teachers(ROWS),
    "prediction": guessed,
    "question": lambda: predict("Is gain ≥ misfit − 1?", options=["yes", "no"], truth="yes"),
    "form": lambda: w2s.PairForm(),
}


@pytest.mark.parametrize("what", PRINTED)
def test_what_is_printed_can_be_written_in_every_page(what: str) -> None:
    value = PRINTED[what]()
    for text in (str(value), repr(value), f"{value}"):
        for page in PAGES:
            with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding=page)) as out:
                print(text)
                out.flush()
    assert any(sign in str(value) for sign in "0123456789?,"), "it says something"


def test_signs_are_typed_and_words_stay() -> None:
    assert plain(format_number(-0.5)) == "-0.500"
    assert plain("gain ≥ misfit − 2 ⟨r, r⟩") == "gain >= misfit - 2 <r, r>"
    assert plain("Größe 東京 “so”") == "Größe 東京 “so”", "a name of one's own is not touched"
    for sign in map(chr, _TYPED):
        assert plain(sign).isascii()
