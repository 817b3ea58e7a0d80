"""The error that names a package that is not installed and the command that installs it."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class MissingPackageError(ImportError):
    """A package that carries a model or data, or the software to run it, is not installed."""


def needed(module: str, use: str = "Encoding") -> Any:
    """Return a module of the extra ``models``.

    Parameters
    ----------
    module : {"torch", "transformers", "huggingface_hub"}
        Which.
    use : str
        What needs it, as the beginning of a sentence.

    Raises
    ------
    MissingPackageError
        If it is not installed.

    Examples
    --------
    >>> needed("numpy").__name__
    'numpy'
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingPackageError(
            f"{use} needs {module}, and {error.name or module} is not installed: "
            'run `pip install -e ".[models]"` in the folder of this project.'
        ) from None
