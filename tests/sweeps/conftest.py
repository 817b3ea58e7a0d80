"""The sweep that every executor must give again, bit for bit."""

from __future__ import annotations

import pandas as pd
import pytest

import w2s_widgets as w2s
from tests.sweeps.studies import WHOLE, SmallStudy


@pytest.fixture(scope="session")
def whole() -> pd.DataFrame:
    return w2s.sweep(SmallStudy(), WHOLE)
