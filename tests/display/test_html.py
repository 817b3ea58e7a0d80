"""The card says the outcome's numbers, whole and well-formed, and nothing that it does not know."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from tests.plots.examples import ALL, PROPER
from w2s_widgets._numbers import format_number
from w2s_widgets.display.html import outcome_card, rows, triangle_svg
from w2s_widgets.display.palette import ROLES
from w2s_widgets.display.text import sentence, slack_verdict
from w2s_widgets.theory.outcome import measure

VOID = {"line", "circle", "rect", "polygon", "polyline"}


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.append((tag, dict(attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parse(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    return tags


@pytest.mark.parametrize("name", ALL)
def test_card_is_well_formed_quiet_and_says_the_sentence(name: str) -> None:
    card = outcome_card(ALL[name])
    tags = parse(card)
    assert {tag for tag, _ in tags.seen}.isdisjoint({"script", "svg", "link", "iframe"})
    assert not any(key == "id" or key.startswith("on") for _, attributes in tags.seen for key in attributes)
    assert "http" not in card
    assert f'<p class="w2s-sentence">{sentence(ALL[name])}</p>' in unescape(card)
    [picture] = [attributes for tag, attributes in tags.seen if tag == "img"]
    assert (picture["src"] or "").startswith("data:image/svg+xml;base64,")
    assert sentence(ALL[name]) in (picture["alt"] or "")
    assert not re.search(r"\b(nan|inf)\b", card)
    assert outcome_card(ALL[name]) == card


@pytest.mark.parametrize("name", ALL)
def test_table_holds_the_outcomes_own_numbers(name: str) -> None:
    outcome = ALL[name]
    scale = max(outcome.err_weak, outcome.err_student, outcome.misfit)
    shown = {row.name: row.value for row in rows(outcome)}
    for field in ("err_weak", "misfit", "promise", "err_student", "gain", "slack"):
        assert shown[field] == format_number(getattr(outcome, field), scale=scale)
    assert "err_ceiling" not in shown
    assert "PGR" not in shown


def test_what_is_undefined_is_said_in_words() -> None:
    outcome = replace(PROPER["right"], err_ceiling=0.05, truth_variance=1.0)
    shown = {row.name: row for row in rows(outcome)}
    assert float(shown["PGR"].value) == pytest.approx(outcome.pgr, abs=5e-4)
    assert float(shown["quality"].value) == pytest.approx(outcome.quality, abs=5e-4)
    no_gap = {
        row.name: row for row in rows(replace(outcome, err_ceiling=outcome.err_weak, truth_variance=0.0))
    }
    assert (no_gap["PGR"].value, no_gap["quality"].value) == ("undefined", "undefined")
    assert "same error" in no_gap["PGR"].meaning
    assert "constant" in no_gap["quality"].meaning
    worse = {row.name: row for row in rows(replace(outcome, err_ceiling=2.0))}
    assert worse["PGR"].value == "undefined"


def test_caption_counts_inputs() -> None:
    assert "over 1 input<" in outcome_card(measure([0], [1], [2]))
    assert "over 100 inputs<" in outcome_card(PROPER["right"])
    assert "exact for the whole population<" in outcome_card(replace(PROPER["right"], n=None))


def test_slack_verdict_agrees_with_the_number_beside_it() -> None:
    verdicts = {name: slack_verdict(outcome) for name, outcome in PROPER.items()}
    assert verdicts["right"] == "gain = misfit"
    assert verdicts["obtuse"] == verdicts["nearly straight"] == "gain > misfit"
    assert verdicts["worse"] == verdicts["tiny"] == "gain < misfit"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_picture_has_the_palettes_colours_and_stands_alone(theme: str) -> None:
    svg = triangle_svg(PROPER["acute"], theme)
    parse(svg)
    assert 'xmlns="http://www.w3.org/2000/svg"' in svg
    assert "var(" not in svg
    for role in ("truth", "teacher", "student", "misfit"):
        assert getattr(ROLES[role], theme) in svg
    assert f'stroke-dasharray="{" ".join(f"{d:g}" for d in ROLES["teacher"].dash)}"' in svg
