"""What an input says and what a function is, as text for a key: content, code, and all that it holds."""

from __future__ import annotations

import functools
import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np


class UnknownContentError(TypeError):
    """Something whose content cannot be read from outside, so that no key can be made of it."""


def content_of(value: Any) -> Any:
    """Return the content of a value in a form that JSON can write: equal only if the values are."""
    if value is None or type(value) in (str, bool, int, float):
        return value
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": hashlib.sha256(value).hexdigest()}
    if isinstance(value, (list, tuple)):
        return [content_of(part) for part in value]
    if isinstance(value, Mapping):
        return {"map": [[content_of(key), content_of(part)] for key, part in value.items()]}
    if type(value).__module__.split(".")[0] == "torch" and hasattr(value, "detach"):
        digest = hashlib.sha256(_tensor_bytes(value.to_dense() if value.is_sparse else value)).hexdigest()
        return {"tensor": digest, "dtype": str(value.dtype), "shape": list(value.shape)}
    if isinstance(value, (np.ndarray, np.generic)) and not np.asarray(value).dtype.hasobject:
        array = np.ascontiguousarray(value)
        digest = hashlib.sha256(array.tobytes()).hexdigest()
        return {"array": digest, "dtype": array.dtype.str, "shape": list(np.shape(value))}
    raise UnknownContentError(f"The content of a {type(value).__name__} cannot be read from outside.")


def state_digest(model: Any) -> str:
    """Return the sha256 of all parameters and buffers of a torch module, with their names."""
    digest = hashlib.sha256()
    for name, tensor in model.state_dict().items():
        if hasattr(tensor, "detach"):
            digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)} ".encode())
            digest.update(_tensor_bytes(tensor))
        else:
            digest.update(f"{name} {tensor!r} ".encode())
    return digest.hexdigest()


def kinds_of(inputs: Sequence[Any]) -> str:
    """Return what the inputs are, for a sentence."""
    return ", ".join(sorted({type(value).__name__ for value in inputs}))


def _tensor_bytes(tensor: Any) -> bytes:
    import torch

    # A view of bytes: numpy does not know every dtype of torch.
    flat = tensor.detach().cpu().contiguous().flatten()
    return bytes(flat.view(torch.uint8).numpy().tobytes()) if flat.numel() else b""


def code_content(function: Callable[..., Any]) -> Any:
    """Return what tells a function from any other one, in a form that JSON can write.

    It is the code with its defaults, what it encloses, and the names outside that it uses.

    Raises
    ------
    UnknownContentError
        If the function holds something that cannot be read from outside.

    Examples
    --------
    >>> def make(number):
    ...     return lambda texts: [[number] for _ in texts]
    >>> code_content(make(1)) == code_content(make(2)), code_content(make(1)) == code_content(make(1))
    (False, True)
    """
    return _content(function, frozenset())


def key_of(function: Callable[..., Any] | None, name: str | None, what: str) -> Any:
    """Return what a key says of a function: the name that its owner gave, or else its content."""
    if function is None or name is not None:
        return name
    try:
        return code_content(function)
    except UnknownContentError as error:
        raise ValueError(
            f"version needs a name beside it, for {what} is not all that decides the features ({error}): "
            "give a name that no other one with this version has."
        ) from None


def module_content(module: Any) -> Any:
    """Return what tells a torch module from another one with the same weights: classes, plain settings."""
    told = []
    for name, part in module.named_modules():
        kind = type(part)
        forward = getattr(kind, "forward", None)
        settings = {key: value for key, value in vars(part).items() if _plain(value) and key != "training"}
        code = _code(forward.__code__) if isinstance(forward, FunctionType) else None
        told.append([name, _place(kind), code, content_of(settings)])
    return [repr(module), told]


def _content(value: Any, seen: frozenset[int]) -> Any:
    if id(value) in seen:  # a function that calls itself
        return "itself"
    seen = seen | {id(value)}
    if isinstance(value, functools.partial):
        return {
            "partial": [_content(part, seen) for part in (value.func, list(value.args), value.keywords)],
        }
    if isinstance(value, MethodType):
        return {"method": [_content(value.__func__, seen), _content(value.__self__, seen)]}
    if isinstance(value, FunctionType):
        return _of_function(value, seen)
    if isinstance(value, (type, BuiltinFunctionType)):
        return {"name": _place(value)}
    if isinstance(value, ModuleType):
        return {"module": value.__name__, "version": str(getattr(value, "__version__", ""))}
    if isinstance(value, (list, tuple)):
        return [_content(part, seen) for part in value]
    if isinstance(value, Mapping):
        return {"map": [[content_of(key), _content(part, seen)] for key, part in value.items()]}
    if isinstance(value, (set, frozenset)):
        return {"set": sorted(repr(content_of(part)) for part in value)}
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.nn.Module):
        return {"torch": state_digest(value), "is": module_content(value)}
    if type(value).__name__ == "ufunc":
        return {"ufunc": value.__name__}
    try:
        return content_of(value)
    except UnknownContentError:
        raise UnknownContentError(f"it holds a {type(value).__name__}") from None


def _of_function(function: FunctionType, seen: frozenset[int]) -> Any:
    code, around = function.__code__, function.__globals__
    return {
        "function": _place(function),
        "code": _code(code),
        "defaults": _content([*(function.__defaults__ or ()), function.__kwdefaults__ or {}], seen),
        "encloses": [_content(_in_cell(cell), seen) for cell in function.__closure__ or ()],
        # A library's own functions are told by their names; what a notebook calls may be anything.
        "uses": {}
        if _of_library(function)
        else {name: _content(around[name], seen) for name in sorted(_names(code)) if name in around},
    }


def _in_cell(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _code(code: CodeType) -> str:
    digest = hashlib.sha256(code.co_code)
    for constant in code.co_consts:
        told = _code(constant) if isinstance(constant, CodeType) else _constant(constant)
        digest.update(f"\n{told}".encode())
    digest.update(repr((code.co_names, code.co_varnames, code.co_freevars)).encode())
    return digest.hexdigest()


def _constant(constant: Any) -> str:
    # The order of a set of strings differs from session to session.
    return repr(sorted(map(repr, constant))) if isinstance(constant, frozenset) else repr(constant)


def _names(code: CodeType) -> set[str]:
    """Names that a function, and what is defined in it, looks up outside."""
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*(_names(part) for part in inner))


def _of_library(function: FunctionType) -> bool:
    return (
        "site-packages" in function.__code__.co_filename or "dist-packages" in function.__code__.co_filename
    )


def _place(value: Any) -> str:
    return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__qualname__)}"


def _plain(value: Any) -> bool:
    return (
        value is None
        or isinstance(value, (str, bool, int, float))
        or (isinstance(value, (tuple, list)) and all(_plain(part) for part in value))
    )
