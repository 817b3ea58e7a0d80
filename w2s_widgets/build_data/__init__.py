"""Make the data that the package carries: one module a file in `w2s_widgets/data`.

Here are the calls that a chapter offers: models run again on some carried inputs, and what that needs.
"""

from w2s_widgets.build_data.molecules import recompute_slice as recompute_molecules
from w2s_widgets.build_data.sentences import recompute_slice as recompute_texts
from w2s_widgets.build_data.words import make_file as make_words
from w2s_widgets.datasets.sentences import fetch_archive

__all__ = ["fetch_archive", "make_words", "recompute_molecules", "recompute_texts"]
