"""Packages that not everybody has: import one, or say which is missing and how to get it."""

from __future__ import annotations

import importlib.metadata
from importlib import import_module
from pathlib import Path
from typing import Any


class MissingPackageError(ImportError):
    """A package that carries a model or data, or the software to run it, is not installed."""


def import_optional(module: str, use: str = "Encoding", *, extra: str = "models", command: str = "") -> Any:
    """Return a module that the library can do without.

    Parameters
    ----------
    module : str
        Its dotted name.
    use : str
        What needs it, as the beginning of a sentence.
    extra : str
        The extra of this project that installs it.
    command : str
        The command that installs it, where that is not an extra.

    Raises
    ------
    MissingPackageError
        If it, or a package that it needs, is not installed.

    Examples
    --------
    >>> import_optional("numpy").__name__
    'numpy'
    >>> import_optional("no_such_package", "A dream")
    Traceback (most recent call last):
    ...
    w2s_widgets._optional.MissingPackageError: A dream needs no_such_package, which is not installed: \
run `pip install -e ".[models]"` in the folder of this project.
    """
    try:
        return import_module(module)
    except ImportError as error:
        how = f"`{command}`" if command else f'`pip install -e ".[{extra}]"` in the folder of this project'
        missing = (error.name or module).partition(".")[0]
        raise MissingPackageError(f"{use} needs {missing}, which is not installed: run {how}.") from None


def installed_version(package: str) -> str:
    """Return the version of an installed distribution, empty if it is not there; nothing is imported.

    Examples
    --------
    >>> installed_version("no-such-package")
    ''
    """
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def package_folder(package: str, command: str) -> Path:
    """Return the folder that an installed distribution's files are in.

    Raises
    ------
    MissingPackageError
        If it is not installed; the sentence gives ``command``, which installs it.
    """
    try:
        distribution = importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        raise MissingPackageError(f"The package {package} is not installed: run `{command}`.") from None
    return Path(str(distribution.locate_file("")))
