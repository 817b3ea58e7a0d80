"""How a `Certificate` and `SlackParts` are shown: as text, and as a card in a notebook."""

from __future__ import annotations

from html import escape

from w2s_widgets._numbers import MINUS, NOISE, add_up, format_number
from w2s_widgets.display.html import Row, card, columns, paragraph
from w2s_widgets.display.interval_html import interval_words
from w2s_widgets.theory.assumptions import Assumption
from w2s_widgets.theory.certificate import Certificate
from w2s_widgets.theory.slack import SlackParts

_MARKS = {True: ("yes", "✓"), False: ("no", "✗"), None: ("unknown", "?")}
_PROMISES = {
    "equality": "gain = misfit",
    "inequality": "gain ≥ misfit",
    "nothing": "nothing",
    "unknown": "unknown",
}
_CAUSES = {
    "alignment": "because the class does not hold the truth",
    "shape": "from the shape of the class",
    "finite_sample": "from the finite sample",
    "unfinished_fit": "because the student is not the exact fit on its sample",
}


def certificate_text(certificate: Certificate) -> str:
    """Write a certificate as lines of plain text."""
    width = max(len(assumption.name) for assumption in certificate.assumptions)
    lines = [
        f"  {_MARKS[assumption.holds][0]:<7}  {assumption.name:<{width}}  {assumption.words}"
        for assumption in certificate.assumptions
    ]
    promise = f"Promise: {promise_words(certificate)}. {certificate.reason}"
    return "\n".join([_title(certificate), *lines, promise, f"Measured: {_measured(certificate)}"])


def promise_words(certificate: Certificate) -> str:
    """Write what is promised as a formula with its numbers.

    Examples
    --------
    >>> from w2s_widgets.theory.certificate import certify
    >>> from w2s_widgets.heads import LinearHead
    >>> X, teacher = [[0.0], [1.0], [2.0]], [0.0, 2.0, 1.0]
    >>> promise_words(certify(LinearHead().fit(X, teacher), X, [1.0, 0.0, 1.0], teacher))
    'gain = misfit + 0.667, where 0.667 = −2 <g − s, f − proj f>, at most 0.667 in size'
    """
    if certificate.promise != "bound":
        return _PROMISES[certificate.promise]
    scale = certificate.outcome.scale
    term = certificate.terms["alignment"]
    sign, size = (MINUS, -term) if term < 0 else ("+", term)
    relation = "=" if certificate.affine.holds is True else "≥"
    eps = certificate.realizable.value or 0.0
    largest = format_number(2 * (eps * certificate.outcome.misfit) ** 0.5, scale=scale)
    return (
        f"gain {relation} misfit {sign} {format_number(size, scale=scale)}, where "
        f"{format_number(term, scale=scale)} = {MINUS}2 <g {MINUS} s, f {MINUS} proj f>, "
        f"at most {largest} in size"
    )


def certificate_card(certificate: Certificate) -> str:
    """Return the HTML that a notebook shows for a certificate, in the manner of an outcome's card."""
    table = columns(_title(certificate), map(_assumption_row, certificate.assumptions))
    parts = (
        ""
        if certificate.parts is None
        else paragraph(parts_sentence(certificate.parts, certificate.outcome.scale))
    )
    return card(
        f'<p class="w2s-sentence">Promise: <strong>{escape(promise_words(certificate))}</strong>. '
        f"{escape(certificate.reason)}</p>",
        table,
        paragraph(f"Measured: {_measured(certificate)}"),
        parts,
    )


def parts_sentence(parts: SlackParts, beside: float = 0.0) -> str:
    """Say in one sentence where the slack comes from; parts that are 0, beside an error, are left out.

    Examples
    --------
    >>> print(parts_sentence(SlackParts(-0.2, 0.0, 0.05, 0.0, -0.15, 0.5, 0.01, 0.0)))
    Slack −0.150 = −0.200 because the class does not hold the truth + 0.050 from the finite sample.
    >>> print(parts_sentence(SlackParts(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)))
    Slack 0.000: each of its parts is 0.000.
    """
    values = _above_rounding(parts, beside)
    scale = _scale_of(values)
    values = _adding_up(values, scale)
    pieces: list[str] = []
    for name, cause in _CAUSES.items():
        shown = format_number(values[name], scale=scale)
        if not any(digit in shown for digit in "123456789"):
            continue
        joined = shown if not pieces else f"{MINUS} {shown[1:]}" if shown.startswith(MINUS) else f"+ {shown}"
        pieces.append(f"{joined} {cause}")
    slack = format_number(values["slack"], scale=scale)
    if not pieces:
        return f"Slack {slack}: each of its parts is 0.000."
    return f"Slack {slack} = {' '.join(pieces)}."


def parts_card(parts: SlackParts) -> str:
    """Return the HTML that a notebook shows for the parts of a slack."""
    values = _above_rounding(parts)
    scale = _scale_of(values)
    values = _adding_up(values, scale)
    causes = {**_CAUSES, "slack": "the sum: gain − misfit"}
    rows = (
        Row(
            name.replace("_", " "),
            "slack" if name == "slack" else "",
            format_number(values[name], scale=scale),
            cause,
        )
        for name, cause in causes.items()
    )
    return card(paragraph(parts_sentence(parts)), columns("Where the slack comes from", rows))


def _assumption_row(assumption: Assumption) -> Row:
    word, mark = _MARKS[assumption.holds]
    value = f'<span aria-hidden="true">{mark} </span>{word}'
    return Row(assumption.name, "", value, assumption.words)


def _title(certificate: Certificate) -> str:
    n = certificate.outcome.n
    inputs = "" if n is None else ", 1 input" if n == 1 else f", {n:,} inputs"
    return f"Certificate for {certificate.student_class}{inputs}"


def _measured(certificate: Certificate) -> str:
    scale = certificate.outcome.scale
    numbers = ", ".join(
        f"{name} {format_number(getattr(certificate.outcome, name), scale=scale)}"
        if certificate.intervals is None
        else f"{name} {interval_words(getattr(certificate.intervals, name), scale)}"
        for name in ("gain", "misfit", "slack")
    )
    verdict = {
        True: "This agrees.",
        False: "This does not agree: the class, the outcome or the promise is not what it was said to be.",
        None: "There is no promise to agree with.",
    }[certificate.agrees]
    return f"{numbers}. {verdict}"


def _above_rounding(parts: SlackParts, beside: float = 0.0) -> dict[str, float]:
    """Return the parts and their sum; what is rounding beside the errors that they are made of is 0."""
    values = {name: float(getattr(parts, name)) for name in (*_CAUSES, "slack")}
    errors = (parts.eps, parts.sample_distance, parts.fit_distance, beside)
    largest = max(map(abs, (*values.values(), *errors)))
    return {name: 0.0 if abs(value) <= NOISE * largest else value for name, value in values.items()}


def _adding_up(values: dict[str, float], scale: float) -> dict[str, float]:
    """Round the parts so that what is written adds up to the slack that is written."""
    written = add_up([values[name] for name in _CAUSES], values["slack"], scale)
    return values | dict(zip(_CAUSES, written, strict=True))


def _scale_of(values: dict[str, float]) -> float:
    return max(map(abs, values.values())) or 1.0
