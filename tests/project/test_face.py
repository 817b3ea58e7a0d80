"""The face: what `w2s_widgets` offers is typed, in sections, and one list in both of its files."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import pytest

import w2s_widgets as w2s

if TYPE_CHECKING:
    from typing_extensions import assert_type

    from w2s_widgets.theory.outcome import Outcome
    from w2s_widgets.widgets.gain_explorer import GainExplorer

ROOT = Path(__file__).parents[2]
FACE = (ROOT / "w2s_widgets" / "__init__.pyi").read_text(encoding="utf-8")


def typed_sections() -> dict[str, dict[str, str]]:
    """Read the sections of __init__.pyi as __init__.py writes them: each room, then its names."""
    sections: dict[str, dict[str, str]] = {}
    for name, body in re.findall(
        r"^# (\w+): [^\n]*\n(.*?)(?=^# \w+: |\Z)", FACE, flags=re.DOTALL | re.MULTILINE
    ):
        rooms = sections.setdefault(name, {})
        for statement in ast.parse(body).body:
            assert isinstance(statement, ast.ImportFrom)
            assert all(alias.name == alias.asname for alias in statement.names), "only `x as x` is exported"
            room = str(statement.module).removeprefix("w2s_widgets").lstrip(".")
            rooms[room] = " ".join(alias.name for alias in statement.names)
    return sections


def test_both_files_of_the_face_have_the_same_sections_and_names() -> None:
    assert vars(w2s)["_SECTIONS"] == typed_sections()


@pytest.mark.parametrize("name", w2s.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(w2s, name) is not None
    assert name in dir(w2s)


# What has no example, and why: it would need torch and train for seconds.
NO_EXAMPLE = {"pretrain_networks"}
CLASSES = [name for name in w2s.__all__ if inspect.isclass(getattr(w2s, name))]
FUNCTIONS = [name for name in w2s.__all__ if inspect.isfunction(getattr(w2s, name))]


def can_raise(function: Callable[..., Any], seen: set[Any]) -> bool:
    """Whether a `raise` stands in a function, or in a function of the package that it calls."""
    function = inspect.unwrap(function)
    seen.add(function)
    source = ast.parse(textwrap.dedent(inspect.getsource(function)))
    if any(isinstance(node, ast.Raise) for node in ast.walk(source)):
        return True
    return any(
        can_raise(called, seen)
        for called in inspect.getclosurevars(function).globals.values()
        if isinstance(called, FunctionType)
        and called.__module__.startswith("w2s_widgets")
        and called not in seen
    )


@pytest.mark.parametrize("name", [*CLASSES, *FUNCTIONS])
def test_every_class_and_function_has_an_example(name: str) -> None:
    assert (">>> " in (getattr(w2s, name).__doc__ or "")) != (name in NO_EXAMPLE)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_what_it_takes_returns_and_raises(name: str) -> None:
    function = getattr(w2s, name)
    headings = re.findall(r"^(\w+)\n-+$", inspect.getdoc(function) or "", flags=re.MULTILINE)
    needed = ["Parameters", "Returns", *(["Raises"] if can_raise(function, set()) else [])]
    assert [heading for heading in headings if heading in needed] == needed


def types_of_the_face() -> None:
    """Never called: mypy reads it with all tests, and complains where a type is lost or a slip not found."""
    assert_type(w2s.measure([0], [1], [0]), Outcome)
    assert_type(w2s.GainExplorer(), GainExplorer)
    assert_type(w2s.LinearWorld().outcome(), Outcome)
    assert_type(w2s.__version__, str)
    w2s.GainExplorr()  # type: ignore[attr-defined]
    w2s.measure(truth=[0], teacher=[1], studnt=[0])  # type: ignore[call-arg]
