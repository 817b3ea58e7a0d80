"""The paper's tables: whole, and below the theorem's promise in every row."""

from __future__ import annotations

import numpy as np

from w2s_widgets.datasets.paper_tables import paper_tables


def test_every_row_is_there_and_below_the_promise() -> None:
    tables = paper_tables()
    assert [len(rows) for rows in tables.values()] == [8, 8, 8]
    for rows in tables.values():
        assert [row.hidden for row in rows] == [8, 12, 16, 24, 32, 48, 64, 96]
        assert all(row.slack < 0 and row.promise_sd > 0 and row.err_student_sd > 0 for row in rows)
    means = [np.mean([row.slack for row in rows]) for rows in tables.values()]
    assert np.round(means, 2).tolist() == [-0.09, -2.15, -3.02]
