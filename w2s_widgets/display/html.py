"""The card that a notebook shows for an `Outcome`: sentence, table, and the triangle drawn to scale."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from w2s_widgets._numbers import format_fixed, format_number
from w2s_widgets.display.label_placement import Segment
from w2s_widgets.display.palette import INK, PAPER, ROLES, css_variables
from w2s_widgets.display.text import sentence, slack_verdict
from w2s_widgets.display.triangle import CAPTION, FONT_SIZE, Corner, Point, Sketch, Stroke, Text, sketch
from w2s_widgets.theory.intervals import Interval, OutcomeIntervals
from w2s_widgets.theory.outcome import Outcome

_QUIET = {"light": "#555555", "dark": "#bdbdbd"}
_RULE = {"light": "#d0d0d0", "dark": "#4a4a4a"}

DARK_HOSTS = (
    '[data-jp-theme-light="false"]',  # JupyterLab and Notebook 7
    ".vscode-dark",
    '[data-theme="dark"]',  # Sphinx themes
    ".theme-dark",
)
"""What an ancestor of the output looks like in a host's dark theme."""


class Row(NamedTuple):
    """One line of a card's table: a name in the colour of a role, a value as HTML, and its meaning."""

    name: str
    role: str
    value: str
    meaning: str


def card(*parts: str) -> str:
    """Return a card of parts that are HTML, with the style sheet that it brings along."""
    return f'<div class="w2s-card"><style>{CARD_STYLE}</style>{"".join(parts)}</div>'


def paragraph(words: str) -> str:
    """Return a card's sentence as HTML."""
    return f'<p class="w2s-sentence">{escape(words)}</p>'


def columns(caption: str, rows: Iterable[Row], beside: str = "") -> str:
    """Return a card's table, and what stands beside it."""
    body = ""
    for row in rows:
        ink = f' class="w2s-ink-{row.role}"' if row.role else ""
        body += (
            f'<tr><th scope="row"{ink}>{escape(row.name)}</th><td class="w2s-value">{row.value}</td>'
            f'<td class="w2s-quiet">{escape(row.meaning)}</td></tr>'
        )
    table = f"<table><caption>{escape(caption)}</caption><tbody>{body}</tbody></table>"
    return f'<div class="w2s-columns">{table}{beside}</div>'


def rows(outcome: Outcome, intervals: OutcomeIntervals | None = None) -> list[Row]:
    """Return the table of an outcome's card: every number it has, what is undefined said in words.

    A number that has an interval is followed by it.

    Examples
    --------
    >>> from w2s_widgets.theory.outcome import measure
    >>> for row in rows(measure(truth=[1, 1], teacher=[3, 1], student=[3, 1]))[-2:]:
    ...     print(row.name, "|", row.value, "|", row.meaning)
    angle | none | the student sits on its teacher
    quality | undefined | the truth is constant, so there is no variance to explain
    """
    scale = outcome.scale

    def number(value: float) -> str:
        return format_number(value, scale=scale)

    verdict = slack_verdict(outcome)
    bound = "Theorem 1’s bound on err_student, where it applies"
    if verdict == "gain < misfit":
        bound = "no bound here: something that Theorem 1 assumes does not hold"
    table = [
        Row("err_weak", "teacher", number(outcome.err_weak), "the teacher’s error"),
        Row("misfit", "misfit", number(outcome.misfit), "between teacher and student"),
        Row("promise", "ink", number(outcome.promise), f"err_weak − misfit: {bound}"),
        Row("err_student", "student", number(outcome.err_student), "the student’s error"),
        Row("gain", "gain", number(outcome.gain), "err_weak − err_student"),
        Row("slack", "slack", number(outcome.slack), f"gain − misfit: {verdict}"),
        _angle_row(outcome),
    ]
    known = outcome.as_dict()

    def share(name: str, defined: str, undefined: str) -> Row:
        value = known[name.lower()]
        if value is None:
            return Row(name, "ink", "undefined", undefined)
        return Row(name, "ink", format_number(float(value)), defined)

    if outcome.err_ceiling is not None:
        ceiling = number(outcome.err_ceiling)
        table.append(Row("err_ceiling", "ceiling", ceiling, "the strong model trained on the truth"))
        no_gap = "the teacher is better than the ceiling: no gap to recover"
        if outcome.err_ceiling == outcome.err_weak:
            no_gap = "teacher and ceiling make the same error: no gap"
        table.append(share("PGR", "gain ÷ (err_weak − err_ceiling)", no_gap))
    if outcome.truth_variance is not None:
        constant = "the truth is constant, so there is no variance to explain"
        table.append(share("quality", "1 − err_weak ÷ variance of the truth", constant))
    if intervals is None:
        return table
    bounds = {"PGR" if name == "pgr" else name: found for name, found in intervals}
    return [_with_interval(row, bounds.get(row.name), scale) for row in table]


def _with_interval(row: Row, interval: Interval | None, scale: float) -> Row:
    if interval is None:
        return row
    unit = 1.0 if row.name == "PGR" else scale
    low, high = (format_number(value, scale=unit) for value in interval[1:])
    return row._replace(value=f'{row.value} <span class="w2s-quiet">[{low}, {high}]</span>')


def outcome_card(outcome: Outcome, intervals: OutcomeIntervals | None = None) -> str:
    """Return the HTML that a notebook shows for an outcome, each number with its interval if there are some.

    The card needs no script and no network. It follows the light and dark themes of JupyterLab, VS Code
    and Sphinx pages by CSS variables, brings its own background elsewhere, and is still a sentence, a table
    and a picture where a site strips styles and drawings, as JupyterLab does with a notebook that is not
    trusted.
    """
    figure = f"<figure>{_picture(outcome)}<figcaption>{escape(CAPTION)}</figcaption></figure>"
    return card(
        paragraph(sentence(outcome)),
        columns(_caption(outcome, intervals), rows(outcome, intervals), figure),
    )


def _picture(outcome: Outcome) -> str:
    """Return the triangle as an image, with a rule that takes its dark twin in a dark theme."""
    light, dark = (
        f"data:image/svg+xml;base64,{b64encode(triangle_svg(outcome, theme).encode()).decode()}"
        for theme in ("light", "dark")
    )
    name = f"w2s-triangle-{hashlib.sha256(light.encode()).hexdigest()[:12]}"
    hosts = ", ".join(f"{host} .{name}" for host in DARK_HOSTS)
    words = escape(f"Triangle of truth, teacher and student. {sentence(outcome)}")
    drawing = sketch(outcome)
    size = f'width="{drawing.width:g}" height="{drawing.height:g}"'
    return (
        f'<style>{hosts} {{ content: url("{dark}"); }}</style>'
        f'<img class="{name}" alt="{words}" {size} src="{light}"/>'
    )


def triangle_svg(outcome: Outcome, theme: str = "light") -> str:
    """Return the triangle of an outcome, drawn to scale, as an SVG picture in the colours of a theme."""
    drawing = sketch(outcome)
    dots = 'stroke-dasharray="1.5 4" stroke-linecap="round"'
    halo = (
        f"text {{ paint-order: stroke; stroke: {PAPER[theme]}; stroke-width: 3px; stroke-linejoin: round; "
        "font-family: system-ui, sans-serif; }"
    )
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width:g} {drawing.height:g}" '
            f'width="{drawing.width:g}" height="{drawing.height:g}" font-size="{FONT_SIZE:g}">',
            f"<style>{halo}</style>",
            _area(drawing, theme),
            _line(drawing.class_line, f'stroke="{_QUIET[theme]}" stroke-width="1.2" {dots}'),
            *(_side(stroke, theme) for stroke in drawing.sides),
            _angle(drawing, theme),
            *(_corner(corner, theme) for corner in drawing.corners),
            *(_text(text, theme) for text in drawing.texts),
            "</svg>",
        ]
    )


def _angle_row(outcome: Outcome) -> Row:
    meaning = "at the student; 90° means gain = misfit"
    drawn = sketch(outcome).triangle
    if drawn.angle is not None:
        return Row("angle", "ink", f"{format_fixed(drawn.angle, 1)}°", meaning)
    place = {
        "copy": "the student sits on its teacher",
        "perfect_student": "the student sits on the truth",
    }.get(drawn.case, "truth, teacher and student are one point")
    return Row("angle", "ink", "none", place)


def _caption(outcome: Outcome, intervals: OutcomeIntervals | None = None) -> str:
    about = "" if intervals is None else "; in brackets 95 % intervals, by resampling them"
    return f"{_averaged(outcome)}{about}"


def _averaged(outcome: Outcome) -> str:
    loss = f"Mean {outcome.loss} errors"
    if outcome.n is None:
        return f"{loss}, exact for the whole population"
    return f"{loss} over {outcome.n:,} {'input' if outcome.n == 1 else 'inputs'}"


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _area(drawing: Sketch, theme: str) -> str:
    if len(drawing.sides) < 3:
        return ""
    points = _points((drawing.sides[0].start, drawing.sides[0].end, drawing.sides[1].end))
    return f'<polygon points="{points}" fill="{INK[theme]}" fill-opacity="0.05"/>'


def _line(ends: Segment, look: str) -> str:
    x1, y1, x2, y2 = ends
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" {look}/>'


def _side(stroke: Stroke, theme: str) -> str:
    role = ROLES[stroke.role]
    dash = f' stroke-dasharray="{" ".join(f"{length:g}" for length in role.dash)}"' if role.dash else ""
    return _line(stroke.segment, f'stroke="{getattr(role, theme)}" stroke-width="2.5"{dash}')


def _angle(drawing: Sketch, theme: str) -> str:
    if not drawing.angle_mark:
        return ""
    return (
        f'<polyline points="{_points(drawing.angle_mark)}" fill="none" '
        f'stroke="{INK[theme]}" stroke-width="1.6"/>'
    )


def _corner(corner: Corner, theme: str) -> str:
    (x, y), size = corner.centre, corner.radius
    shared = f'fill="{getattr(ROLES[corner.role], theme)}" stroke="{PAPER[theme]}"'
    marker = ROLES[corner.role].marker
    if marker == "o":
        return f'<circle cx="{x:g}" cy="{y:g}" r="{0.9 * size:g}" {shared}/>'
    if marker == "s":
        half = 0.85 * size
        return (
            f'<rect x="{x - half:g}" y="{y - half:g}" width="{2 * half:g}" height="{2 * half:g}" {shared}/>'
        )
    points = _points(((x, y - size), (x + size, y), (x, y + size), (x - size, y)))
    return f'<polygon points="{points}" {shared}/>'


def _text(text: Text, theme: str) -> str:
    colour = INK[theme] if text.role == "ink" else getattr(ROLES[text.role], theme)
    weight = ' font-weight="600"' if text.bold else ""
    # Browsers place text by its baseline, a good third of the font size under the middle.
    return (
        f'<text x="{text.x:g}" y="{text.y + 0.34 * FONT_SIZE:.1f}" '
        f'text-anchor="{text.anchor}" fill="{colour}"{weight}>{escape(text.words)}</text>'
    )


def _theme(name: str) -> str:
    extra = {"ink": INK[name], "paper": PAPER[name], "quiet": _QUIET[name], "rule": _RULE[name]}
    return css_variables(name) + "".join(f" --w2s-{key}: {colour};" for key, colour in extra.items())


def _style() -> str:
    dark = ", ".join(f"{host} .w2s-card" for host in DARK_HOSTS)
    by_role = "".join(
        f".w2s-card .w2s-ink-{role} {{ color: var(--w2s-{role}); }}" for role in (*ROLES, "ink")
    )
    # Repeated, the class outweighs what notebooks say of every table.
    table = ".w2s-card.w2s-card.w2s-card.w2s-card table"
    return (
        f".w2s-card {{ {_theme('light')} }}{dark} {{ {_theme('dark')} }}"
        ".w2s-card { color: var(--w2s-ink); background: var(--w2s-paper); padding: 8px 12px;"
        " max-width: 860px; box-sizing: border-box; font-size: 14px; line-height: 1.4;"
        " font-family: var(--jp-ui-font-family, system-ui, sans-serif); }"
        ".w2s-card .w2s-sentence { margin: 0 0 8px; font-size: 15px; }"
        ".w2s-card .w2s-columns { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: flex-start; }"
        f"{table} {{ flex: 1 1 300px; margin: 0; border-collapse: collapse; table-layout: auto;"
        " font-size: 13px; color: inherit; border: none; }"
        f"{table} caption {{ text-align: left; caption-side: bottom; padding: 4px 0;"
        " color: var(--w2s-quiet); }"
        f"{table} tbody tr {{ background: transparent; border-bottom: 1px solid var(--w2s-rule); }}"
        f"{table} th, {table} td {{ text-align: left; vertical-align: baseline; padding: 3px 10px 3px 0;"
        " font-weight: 400; white-space: normal; max-width: none; border: none; }"
        f"{table} th {{ font-weight: 600; }}"
        f"{table} .w2s-value {{ text-align: right; font-variant-numeric: tabular-nums;"
        " white-space: nowrap; }"
        ".w2s-card .w2s-quiet, .w2s-card figcaption { color: var(--w2s-quiet); }"
        ".w2s-card figure { flex: 0 1 360px; margin: 0; }"
        ".w2s-card figcaption { font-size: 12px; }"
        ".w2s-card img { display: block; max-width: 100%; height: auto; }" + by_role
    )


CARD_STYLE = _style()
"""The style sheet that every card brings along."""
