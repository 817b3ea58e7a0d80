"""Figures state what they show, are the same file every time, and leave nothing behind."""

from __future__ import annotations

import base64
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

from tests.plots.examples import ALL, PROPER, with_slack, words_inside
from tests.theory.teacher_rows import rows
from w2s_widgets import plots
from w2s_widgets.display.palette import ROLES
from w2s_widgets.display.text import sentence
from w2s_widgets.theory.outcome import Outcome

DRAW = {"triangle": plots.triangle, "ledger": plots.ledger, "explorer_picture": plots.explorer_picture}


def many_teachers() -> tuple[list[Outcome], list[str]]:
    rng = np.random.default_rng(0)
    outcomes, names = [], []
    for step in range(8):
        for _ in range(5):
            outcomes.append(with_slack(0.1, 0.5 - 0.05 * step + 0.01 * rng.normal(), 0.01 * rng.normal()))
            names.append(f"teacher {step}")
    return outcomes, names


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("kind", DRAW)
@pytest.mark.filterwarnings("error")
def test_every_outcome_is_drawn_with_all_its_words_inside(kind: str, name: str) -> None:
    picture = DRAW[kind](ALL[name])
    words_inside(picture)
    assert picture.alt[-1] == "."


def test_words_of_the_pictures() -> None:
    assert repr(plots.triangle(PROPER["right"])) == sentence(PROPER["right"])
    assert plots.explorer_picture(PROPER["acute"]).alt == sentence(PROPER["acute"])
    assert "slack 0.245: gain > misfit" in plots.ledger(PROPER["obtuse"]).alt


def test_display_bundle_is_a_sharp_png_and_the_sentence() -> None:
    data, metadata = plots.explorer_picture(PROPER["right"])._repr_mimebundle_()
    png = base64.b64decode(data["image/png"])
    width, height = struct.unpack(">II", png[16:24])
    assert png[:4] == b"\x89PNG"
    assert metadata["image/png"]["width"] == 900
    assert (width, height) == (1800, 2 * metadata["image/png"]["height"])
    assert data["text/plain"] == sentence(PROPER["right"])


def test_same_figure_is_the_same_file(tmp_path: Path) -> None:
    for ending in ("svg", "png", "pdf"):
        one, two = (plots.triangle(PROPER["acute"]).save(tmp_path / f"{n}.{ending}") for n in "ab")
        assert one.read_bytes() == two.read_bytes()
    assert sentence(PROPER["acute"]) in (tmp_path / "a.svg").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=r"end it in \.svg"):
        plots.triangle(PROPER["acute"]).save(tmp_path / "a.gif")


def test_users_settings_neither_leak_in_nor_out() -> None:
    draws = (lambda: plots.gain_map([PROPER["right"]]), lambda: plots.teacher_map(rows()))
    before = [draw()._repr_png_() for draw in draws]
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red"}):
        assert [draw()._repr_png_() for draw in draws] == before
        assert mpl.rcParams["font.size"] == 30


def test_no_pyplot_and_no_open_figure() -> None:
    code = (
        "import sys, w2s_widgets as w2s\n"
        "assert 'matplotlib' not in sys.modules\n"
        "outcome = w2s.measure([0, 1], [1, 2], [1, 0])\n"
        "for _ in range(30): w2s.plots.explorer_picture(outcome)\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "import matplotlib.pyplot as plt\n"
        "assert plt.get_fignums() == []\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=120)


def test_map_draws_every_outcome_where_it_is() -> None:
    outcomes, names = many_teachers()
    picture = plots.gain_map(outcomes, names, title="Eight teachers")
    [axes] = picture.figure.axes
    series = [line for line in axes.lines if line.get_label() in set(names)]
    assert [line.get_label() for line in series] == list(dict.fromkeys(names))
    drawn = np.concatenate([line.get_xydata() for line in series])
    assert drawn.tolist() == [[outcome.misfit, outcome.gain] for outcome in outcomes]
    assert len({(line.get_marker(), line.get_color()) for line in series}) == 8
    assert len({line.get_marker() for line in series}) == 8
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    assert ((drawn > [left, low]) & (drawn < [right, high])).all()


def test_map_has_one_unit_on_both_axes() -> None:
    for outcomes in ([PROPER["right"]], [PROPER["worse"], PROPER["obtuse"]], [ALL["copy"]]):
        [axes] = plots.gain_map(outcomes).figure.axes
        (x0, y0), (x1, y1) = axes.transData.transform([(0, 0), (1, 1)])
        assert x1 - x0 == pytest.approx(y1 - y0)


def test_labels_of_teachers_stand_apart_or_go_to_a_legend() -> None:
    outcomes, names = many_teachers()
    [axes] = plots.gain_map(outcomes, names).figure.axes
    labels = [text for text in axes.texts if text.get_text() in set(names)]
    assert sorted(text.get_text() for text in labels) == sorted(set(names))
    extents = [text.get_window_extent() for text in labels]
    assert not any(a.overlaps(b) for i, a in enumerate(extents) for b in extents[:i])
    crowd = [with_slack(0.2, 0.2 + 0.001 * i, -0.001 * i) for i in range(12)]
    [axes] = plots.gain_map(crowd, [f"a teacher with a long name {i}" for i in range(12)]).figure.axes
    assert axes.get_legend() is not None
    assert len(axes.get_legend().get_texts()) == 12


def test_shaded_side_is_the_side_of_the_theorem() -> None:
    [axes] = plots.gain_map([PROPER["worse"], PROPER["obtuse"]]).figure.axes
    region: Any
    [region] = axes.patches
    corners = region.get_xy()
    assert (corners[:, 1] >= corners[:, 0] - 1e-12).all()
    assert corners[:, 1].max() == pytest.approx(axes.get_ylim()[1])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: plots.gain_map([]), "outcomes is empty"),
        (lambda: plots.gain_map([PROPER["right"]], ["a", "b"]), "2 names for 1 outcomes"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_map_words_count_what_is_below_the_diagonal() -> None:
    alt = plots.gain_map([PROPER["right"], PROPER["acute"], PROPER["worse"]]).alt
    assert "3 outcomes" in alt
    assert "2 dots lie below" in alt


def test_ledger_bars_span_what_they_say() -> None:
    for outcome in PROPER.values():
        [axes] = plots.ledger(outcome).figure.axes
        bars: list[Any] = list(axes.patches)
        spans = {round(bar.get_y(), 2): (bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars}
        rows = [spans[key] for key in sorted(spans)]
        assert rows[0] == pytest.approx((0, outcome.err_weak))
        assert rows[1] == pytest.approx((outcome.promise, outcome.err_weak))
        assert rows[2] == pytest.approx((0, outcome.err_student))
        if abs(outcome.slack) > 1e-9 * outcome.err_weak:
            assert rows[3] == pytest.approx(sorted((outcome.promise, outcome.err_student)))
        colours = {mpl.colors.to_hex(bar.get_edgecolor()) for bar in axes.patches}
        assert colours <= {ROLES[role].light for role in ("teacher", "misfit", "student", "slack")}
