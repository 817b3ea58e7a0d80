"""Packages that not every environment has: a test that needs one skips, and says what to install."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from w2s_widgets._optional import MissingPackageError, import_optional


def optional(module: str, extra: str = "models") -> Any:
    """Return a module, or skip the test."""
    try:
        return import_optional(module, "This test", extra=extra)
    except MissingPackageError as error:
        pytest.skip(str(error), allow_module_level=True)


def needs(*packages: str) -> None:
    """Skip the test where a distribution is not installed, and say which."""
    installed = {distribution.name for distribution in importlib.metadata.distributions()}
    for package in packages:
        if package not in installed:
            pytest.skip(f"needs {package} (w2s_widgets/data/README.md says how to install it)")


def array_kind(name: str) -> Callable[[Any], Any]:
    """Return what turns an array into another kind of it."""
    if name == "tensor":
        return optional("torch").tensor  # type: ignore[no-any-return]
    return {"array": np.asarray, "frame": pd.DataFrame, "lists": np.ndarray.tolist}[name]
