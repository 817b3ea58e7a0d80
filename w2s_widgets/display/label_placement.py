"""Where to write labels beside what they name, so that no two overlap: geometry without a renderer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

Segment = tuple[float, float, float, float]


class Box(NamedTuple):
    """A rectangle given by its edges; ``low`` and ``high`` work with an axis up or down."""

    left: float
    low: float
    right: float
    high: float

    def padded(self, padding: float) -> Box:
        """Return the box grown by ``padding`` on every side."""
        return Box(self.left - padding, self.low - padding, self.right + padding, self.high + padding)

    def overlap(self, other: Box) -> float:
        """Area shared with another box.

        Examples
        --------
        >>> Box(0, 0, 2, 2).overlap(Box(1, 1, 3, 3)), Box(0, 0, 1, 1).overlap(Box(1, 0, 2, 1))
        (1.0, 0.0)
        """
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.high, other.high) - max(self.low, other.low)
        return float(width * height) if width > 0 and height > 0 else 0.0

    def crossed(self, segment: Segment) -> float:
        """Length of a segment inside the box (Liang and Barsky's clipping).

        Examples
        --------
        >>> Box(0, 0, 2, 2).crossed((-1, 1, 5, 1)), Box(0, 0, 2, 2).crossed((-1, 3, 5, 3))
        (2.0, 0.0)
        """
        x1, y1, x2, y2 = segment
        enter, leave = 0.0, 1.0
        for step, start, low, high in (
            (x2 - x1, x1, self.left, self.right),
            (y2 - y1, y1, self.low, self.high),
        ):
            if step == 0:
                if not low < start < high:
                    return 0.0
                continue
            near, far = sorted(((low - start) / step, (high - start) / step))
            enter, leave = max(enter, near), min(leave, far)
        return max(0.0, leave - enter) * math.hypot(x2 - x1, y2 - y1)

    def outside(self, frame: Box) -> float:
        """How far the box sticks out of a frame, all four edges added."""
        edges = (
            frame.left - self.left,
            frame.low - self.low,
            self.right - frame.right,
            self.high - frame.high,
        )
        return sum(max(0.0, edge) for edge in edges)


class Placed(NamedTuple):
    """What was chosen for one label: which of its candidates, the box, and whether it is free of others."""

    choice: int
    box: Box
    clean: bool


def text_box(x: float, y: float, anchor: str, width: float, height: float) -> Box:
    """Box of a text whose start, middle or end is at ``x`` and whose middle height is at ``y``.

    Examples
    --------
    >>> text_box(10, 5, "end", width=4, height=2)
    Box(left=6.0, low=4.0, right=10.0, high=6.0)
    """
    left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width
    return Box(left, y - height / 2, left + width, y + height / 2)


def around(x: float, y: float, width: float, height: float, gap: float) -> list[Box]:
    """Boxes beside a point, nearest first: right, left, over, under, the corners, then farther out.

    Examples
    --------
    >>> around(0, 0, width=4, height=2, gap=1)[0]
    Box(left=1.0, low=-1.0, right=5.0, high=1.0)
    """
    boxes = []
    for far in (1.0, 2.0, 3.0, 4.5, 6.0, 8.0, 10.0, 13.0):
        dx, dy = gap * far, gap * far + height / 2
        sides = [(x + dx, y, "start"), (x - dx, y, "end"), (x, y + dy, "middle"), (x, y - dy, "middle")]
        corners = [
            (x + side * dx, y + way * (dy - height / 4), anchor)
            for side, anchor in ((1, "start"), (-1, "end"))
            for way in (1, -1)
        ]
        boxes += [text_box(cx, cy, anchor, width, height) for cx, cy, anchor in sides + corners]
    return boxes


def place(
    labels: Sequence[Sequence[Box]],
    *,
    frame: Box,
    boxes: Sequence[Box] = (),
    segments: Sequence[Segment] = (),
) -> list[Placed]:
    """Choose for every label, in order, the first box that collides with nothing, or else the least.

    Examples
    --------
    >>> here, there = Box(0, 0, 2, 1), Box(3, 0, 5, 1)
    >>> [placed.choice for placed in place([[here, there], [here, there]], frame=Box(0, 0, 9, 9))]
    [0, 1]
    """
    taken = list(boxes)
    chosen = []
    for candidates in labels:
        costs = []
        for candidate in candidates:
            # Leaving the frame clips the text, which is worse than any crossing.
            cost = 100 * candidate.outside(frame)
            cost += sum(candidate.overlap(box) for box in taken)
            cost += sum(candidate.crossed(segment) for segment in segments)
            costs.append(cost)
            if cost == 0:
                break
        best = min(range(len(costs)), key=costs.__getitem__)
        taken.append(candidates[best])
        chosen.append(Placed(best, candidates[best], costs[best] == 0))
    return chosen
