"""What to say to mistakes that readers make in many exercises; `Mistake` takes these as its hint."""

from __future__ import annotations

CANCEL = (
    "Differences of opposite sign cancel here: a student above its teacher on one input and below it on "
    "another would seem to agree with it."
)
SUM = "This grows with the number of inputs: an error is the same for one sample and for two copies of it."
ROOT = (
    "This is the length of a side of the triangle, in the unit of the truth; the errors of this book are "
    "measured in the squared unit."
)
ABSOLUTE = (
    "Large differences should weigh more than in proportion; here a difference twice as large weighs twice."
)
VARIANCE = (
    "A student that is wrong by the same amount everywhere would be free of blame here: is a mean subtracted?"
)
HALF = (
    "This is off by a constant factor on every example: is there a one half, or a difference counted twice?"
)
