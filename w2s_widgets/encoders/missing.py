"""The error that names a package that is not installed and the command that installs it."""

from __future__ import annotations


class MissingPackageError(ImportError):
    """A package that carries a model or data, or the software to run it, is not installed."""
