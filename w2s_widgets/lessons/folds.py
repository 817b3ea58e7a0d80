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

    def __repr__(self) -> str:
        return plain(f"{self.title}: {self.plain or self.text}")

    def _repr_html_(self) -> str:
        inside = escape(self.text)
        body = f"<pre><code>{inside}</code></pre>" if self.is_code else f"<p>{inside}</p>"
        return f"<details><summary>{escape(self.title)}</summary>{body}</details>"
