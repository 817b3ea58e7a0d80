"""What a teacher says that already has labels, and where all predictions are found afterwards."""

from __future__ import annotations

from typing import Any, NamedTuple

from w2s_widgets._validation import FloatArray, as_float_array
from w2s_widgets.studies.split import PARTS, Split


class Predictions(NamedTuple):
    """Truth and all predictions in the truth's own unit, a row for each input in the order of y.

    Parameters
    ----------
    truth, teacher, student, ceiling : numpy.ndarray of shape (n,) or (n, outputs)
        The ceiling is the student's head fitted on true labels of the student's inputs.
    split : Split
        Row numbers of the parts; the outcome is measured on ``split.test``.

    Examples
    --------
    >>> import numpy as np
    >>> import w2s_widgets as w2s
    >>> X = np.random.default_rng(0).standard_normal((200, 4))
    >>> found = w2s.own_pair(X[:, :1], X, X.sum(axis=1)).predictions
    >>> found.student.shape, len(found.split.test), found.part[int(found.split.test[0])]
    ((200,), 40, 'test')
    """

    truth: FloatArray
    teacher: FloatArray
    student: FloatArray
    ceiling: FloatArray
    split: Split

    @property
    def part(self) -> list[str]:
        """The part of each input; empty where it was used by none."""
        names = [""] * len(self.truth)
        for name, rows in zip(PARTS, self.split, strict=True):
            for row in rows:
                names[row] = name
        return names

    def to_frame(self) -> Any:
        """Return all as a pandas data frame; of several outputs each has columns of its own."""
        from w2s_widgets._optional import import_optional

        pandas = import_optional("pandas", "A table of predictions", extra="sweep")
        columns: dict[str, Any] = {"part": self.part}
        for name in ("truth", "teacher", "student", "ceiling"):
            values = getattr(self, name)
            if values.ndim == 1:
                columns[name] = values
            else:
                columns |= {f"{name}_{place}": values[:, place] for place in range(values.shape[1])}
        return pandas.DataFrame(columns)


def read_predictions(given: Any, y: FloatArray) -> FloatArray:
    """Return a teacher's predictions in the shape of y, or say what is wrong.

    Examples
    --------
    >>> import numpy as np
    >>> read_predictions([[1], [2]], np.zeros(2))
    array([1., 2.])
    """
    if hasattr(given, "predict") and not hasattr(given, "shape"):
        raise TypeError(
            f"predictions is a model ({type(given).__name__}): give what its predict returns, a value for "
            "each input."
        )
    values = as_float_array(given, "predictions")
    if len(values) != len(y) or values.size != y.size:
        raise ValueError(
            f"predictions has shape {values.shape} but y has shape {y.shape}: give one value for each input "
            "and output."
        )
    return values.reshape(y.shape)
