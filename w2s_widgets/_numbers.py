"""How a number is written: the front end's `numbers.js` writes the same, digit by digit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

MINUS = "\N{MINUS SIGN}"
NOISE = 1e-12
"""Below this share of the largest number beside it, a number is rounding and written as 0."""
DECIMALS = 3
"""Of an error of the usual size."""
SHOWN_AS_ZERO = 0.5 * 10**-DECIMALS
"""Below this an error is written as zero."""


def format_number(value: float, *, scale: float = 1.0) -> str:
    """Write an error with `DECIMALS`, or with three digits and an exponent at unusual scales.

    Parameters
    ----------
    value : float
        The number to write.
    scale : float
        The largest error beside it: below ``1e-12 * scale`` a value is rounding noise and shown as 0.

    Examples
    --------
    >>> format_number(0.42), format_number(-1.5), format_number(-1e-17), format_number(4.2e-9, scale=1e-8)
    ('0.420', '−1.500', '0.000', '4.20e−09')
    """
    if abs(value) <= NOISE * scale:
        value = 0.0
    if value == 0 or 0.01 <= scale < 1e5 or not math.isfinite(value):
        return format_fixed(value, DECIMALS)
    exact = Decimal(value)
    # As a browser's toExponential rounds: ties away from zero.
    digits = exact.quantize(Decimal(1).scaleb(exact.adjusted() - 2), rounding=ROUND_HALF_UP)
    return f"{float(digits):.2e}".replace("-", MINUS)


def as_written(value: float, scale: float = 1.0) -> float:
    """Return a number with the decimals that `format_number` writes; at unusual scales as it is.

    Examples
    --------
    >>> as_written(0.0625), as_written(4.2e-9, scale=1e-8)
    (0.063, 4.2e-09)
    """
    if not 0.01 <= scale < 1e5 or not math.isfinite(value):
        return value
    return float(format_fixed(value, DECIMALS).replace(MINUS, "-"))


def add_up(parts: Sequence[float], total: float, scale: float = 1.0) -> list[float]:
    """Round parts of a total so that what is written adds up; numbers that are no parts stay as they are.

    Examples
    --------
    >>> [format_number(part) for part in add_up([-0.0076, -0.0368], -0.0444)]
    ['−0.007', '−0.037']
    """
    if not 0.01 <= scale < 1e5 or not abs(sum(parts) - total) <= 1e-9 * scale:
        return list(parts)
    shown = [as_written(part, scale) for part in parts]
    left = round((as_written(total, scale) - sum(shown)) * 10**DECIMALS)
    sign = 1 if left > 0 else -1
    # The last digit moves where rounding took most from a part.
    order = sorted(range(len(parts)), key=lambda place: sign * (shown[place] - parts[place]))
    for place in order[: abs(left)]:
        shown[place] += sign * 10**-DECIMALS
    return shown


def is_shown_as_zero(value: float, scale: float = 1.0) -> bool:
    """Whether `format_number` writes a number as 0.

    Examples
    --------
    >>> is_shown_as_zero(-0.0004), is_shown_as_zero(0.0005), is_shown_as_zero(4e-9, scale=1e-8)
    (True, False, False)
    """
    usual = 0.01 <= scale < 1e5 and abs(value) < SHOWN_AS_ZERO
    return usual or abs(value) <= NOISE * scale


_TYPED = str.maketrans(
    {
        MINUS: "-",
        "\N{GREATER-THAN OR EQUAL TO}": ">=",
        "\N{LESS-THAN OR EQUAL TO}": "<=",
        "\N{SQUARE ROOT}": "sqrt ",
        "\N{SUPERSCRIPT TWO}": "^2",
        "\N{MIDDLE DOT}": "*",
        "\N{DIVISION SIGN}": "/",
        "\N{GREEK SMALL LETTER EPSILON}": "eps",
        "\N{MATHEMATICAL LEFT ANGLE BRACKET}": "<",
        "\N{MATHEMATICAL RIGHT ANGLE BRACKET}": ">",
        "\N{CHECK MARK}": "+",
        "\N{BALLOT X}": "x",
        "\N{CLOCKWISE OPEN CIRCLE ARROW}": "(again)",
    }
)
"""Signs that a Windows code page has not, and what is typed for them."""


def plain(text: str) -> str:
    """Return text that can be printed everywhere: into a file or a pipe, Windows has 256 signs.

    Examples
    --------
    >>> plain(f"gain {format_number(-0.5)}")
    'gain -0.500'
    """
    return text.translate(_TYPED)


def format_fixed(value: float, decimals: int) -> str:
    """Write with a fixed number of decimals, ties away from zero, no minus zero.

    Examples
    --------
    >>> format_fixed(0.0625, 3), format_fixed(-0.0001, 3), format_fixed(-2, 1)
    ('0.063', '0.000', '−2.0')
    """
    if not math.isfinite(value):
        return "unknown"
    # The exact decimal expansion, as a browser's toFixed uses, so that page and Python never differ.
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = str(abs(rounded))
    return f"{MINUS}{text}" if rounded < 0 else text
