"""`Collapsible`: words or code that a page keeps folded until the reader opens them."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from w2s_widgets._numbers import plain


@dataclass(frozen=True)
class Collapsible:
    """Something folded, with a twin in plain text.

    Parameters
    ----------
    title : str
        What is written on the fold.
    text : str
        What is inside.
    is_code : bool
        Whether the text is code.
    plain : str
        What plain text says instead of the inside; empty to say the inside.
    more : Collapsible, optional
        Another fold at the end of the inside, which plain text leaves out.

    Examples
    --------
    >>> Collapsible("A hint", "Think of 1 < 2.")
    A hint: Think of 1 < 2.
    >>> print(Collapsible("A hint", "Think of 1 < 2.")._repr_html_())
    <details><summary>A hint</summary><p>Think of 1 &lt; 2.</p></details>
    """

    title: str
    text: str
    is_code: bool = False
    plain: str = ""
    more: Collapsible | None = None

    def __repr__(self) -> str:
        return plain(f"{self.title}: {self.plain or self.text}")

    def _repr_html_(self) -> str:
        inside = escape(self.text)
        body = f"<pre><code>{inside}</code></pre>" if self.is_code else f"<p>{inside}</p>"
        more = "" if self.more is None else self.more._repr_html_()
        return f"<details><summary>{escape(self.title)}</summary>{body}{more}</details>"


class Collapsibles(tuple[Collapsible, ...]):
    """Several folds below each other.

    Examples
    --------
    >>> Collapsibles([Collapsible("First", "1 < 2."), Collapsible("Second", "2 < 3.")])
    First: 1 < 2.
    Second: 2 < 3.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "\n".join(map(repr, self))

    def _repr_html_(self) -> str:
        return "".join(fold._repr_html_() for fold in self)
