"""What a notebook shows for an `OwnPair`: triangle, certificate and scatter, one under the other."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from w2s_widgets.display.certificate_html import certificate_card
from w2s_widgets.display.html import CARD_STYLE, outcome_card

if TYPE_CHECKING:
    from w2s_widgets.own_pair import OwnPair


def own_pair_card(pair: OwnPair) -> str:
    """Return the HTML of a pair: who taught whom, the outcome, the certificate, the scatter.

    Examples
    --------
    >>> import numpy as np
    >>> from w2s_widgets.own_pair import own_pair
    >>> X = np.random.default_rng(0).standard_normal((200, 4))
    >>> card = own_pair_card(own_pair(X[:, :1], X, X.sum(axis=1)))
    >>> card.count("<img"), card.count("w2s-triangle") > 0, "<script" in card
    (1, True, False)
    """
    picture = pair.scatter()
    image = picture._repr_mimebundle_()[0]["text/html"]
    return (
        f'<div class="w2s-card"><style>{CARD_STYLE}</style>'
        f'<p class="w2s-sentence">{escape(pair.summary())}</p></div>'
        f"{outcome_card(pair.outcome)}{certificate_card(pair.certificate)}"
        f'<div class="w2s-card"><p class="w2s-sentence">{escape(pair.cloud_words)}</p>{image}</div>'
    )
