"""What users hand over becomes a float64 copy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.optional import optional
from w2s_widgets._validation import as_float_array, same_shape


def test_the_result_is_a_float64_copy():
    values = np.arange(4.0)
    array = as_float_array(values, "y")
    array[0] = 9
    assert values[0] == 0
    assert array.dtype == np.float64


def test_a_tensor_shares_no_memory():
    torch = optional("torch")
    tensor = torch.zeros(3, dtype=torch.float64)
    as_float_array(tensor, "y")[0] = 9
    assert tensor[0] == 0


def test_nullable_pandas_columns():
    assert as_float_array(pd.Series([1, 2], dtype="Int64"), "y").tolist() == [1, 2]
    with pytest.raises((TypeError, ValueError), match=r"^y "):
        as_float_array(pd.Series([1, None], dtype="Int64"), "y")


def test_booleans_are_numbers():
    assert as_float_array([True, False], "y").tolist() == [1, 0]


def test_columns_are_named_in_the_sentence():
    with pytest.raises(ValueError, match=r"^X has shape \(3,\): give an array of shape \(n, features\)\.$"):
        as_float_array([1, 2, 3], "X", ndims=(2,), columns="features")


def test_same_shape_accepts_equal_shapes():
    same_shape(truth=np.zeros((2, 3)), teacher=np.ones((2, 3)))
