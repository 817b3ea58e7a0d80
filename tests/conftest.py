"""For all tests: one BLAS thread, for the kernels and servers that tests start too."""

from __future__ import annotations

import importlib.metadata
import os

import pytest
from hypothesis import settings

# The matrices of the chapters are small. On two busy cores two threads wait for each other: the table of
# chapter 02 then takes three times as long.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# How long an example takes is the machine's affair; what it computes is the test's.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", absent)
