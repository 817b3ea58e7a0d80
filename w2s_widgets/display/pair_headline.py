"""The one headline of an own pair: what is promised where the student learned, and what is seen elsewhere."""

from __future__ import annotations

from w2s_widgets._numbers import MINUS, format_number
from w2s_widgets.display.interval_html import interval_words
from w2s_widgets.theory.certificate import Certificate
from w2s_widgets.theory.intervals import OutcomeIntervals


def pair_headline(inside: Certificate, outside: Certificate, intervals: OutcomeIntervals) -> str:
    """Say what holds in sample, what was measured out of sample, and what a promise there lacks.

    Parameters
    ----------
    inside, outside : Certificate
        On the inputs that the student learned from, and on the test inputs.
    intervals : OutcomeIntervals
        Of the numbers on the test inputs.
    """
    scale = outside.outcome.scale
    gain, misfit = (interval_words(getattr(intervals, name), scale) for name in ("gain", "misfit"))
    measured = f"On {outside.outcome.n:,} test inputs the gain is {gain}, the misfit {misfit}."
    missing = _missing(inside, outside)
    lacking = f" For a promise on test inputs there is missing: {'; '.join(missing)}." if missing else ""
    return f"{measured} On the {inside.outcome.n:,} inputs that it learned from {_inside(inside)}{lacking}"


def _inside(certificate: Certificate) -> str:
    scale = certificate.outcome.scale
    gain = format_number(certificate.outcome.gain, scale=scale)
    if certificate.promise == "equality":
        return f"Theorem 1 promises gain = misfit, and the gain is {gain}."
    if certificate.promise == "inequality":
        return f"Theorem 1 promises gain at least misfit, and the gain is {gain}."
    if certificate.promise == "bound":
        term = certificate.terms["alignment"]
        sign, size = (MINUS, -term) if term < 0 else ("+", term)
        relation = "=" if certificate.affine.holds is True else "is at least"
        return (
            f"gain {relation} misfit {sign} {format_number(size, scale=scale)} (from what teacher and truth "
            f"share that the class cannot express), and it is {gain}."
        )
    if certificate.promise == "unknown":
        return f"it gains {gain}; what is promised is not known."
    return f"nothing is promised, and it gains {gain}."


def _missing(inside: Certificate, outside: Certificate) -> list[str]:
    """Return what would have to hold for Theorem 1 to speak of the test inputs."""
    missing = []
    if outside.convex.holds is None:
        missing.append("a class that is known")
    elif outside.convex.holds is False:
        missing.append("a convex class")
    if outside.realizable.holds is False:
        eps = format_number(outside.realizable.value or 0.0, scale=outside.outcome.scale)
        missing.append(f"a truth in the student’s class (eps is {eps})")
    if inside.projection.holds is False:
        missing.append("a fit without a penalty, to the end")
    if inside.projection.holds is True and outside.projection.holds is False:
        missing.append(f"a student that has seen all inputs (it has seen {inside.outcome.n:,})")
    if outside.same_distribution.holds is not True:
        missing.append("test inputs that are known to be drawn as those of the fit were")
    return missing
