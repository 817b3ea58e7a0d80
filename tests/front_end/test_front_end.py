"""The front end is what its sources say: built bundles, types, lint, and the pure modules against Python."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.front_end.build import FRONT_END, GOLDEN, THEME, install, npm
from tests.front_end.golden import golden_text
from w2s_widgets.display.palette import theme_css
from w2s_widgets.widgets.bundles import STATIC

LARGEST = 30_000


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    problem = install()
    if problem and "CI" in os.environ:
        pytest.fail(problem)
    if problem:
        pytest.skip(f"The front end's tools come from the npm registry, which did not answer. {problem}")


def ran(*command: str) -> None:
    done = npm("run", *command)
    assert done.returncode == 0, f"npm run {' '.join(command)}\n{done.stdout}{done.stderr}"


def test_bundles_are_built_from_the_sources(tmp_path: Path) -> None:
    ran("build", "--", f"--outdir={tmp_path}")
    built, kept = (
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in (tmp_path, STATIC)
    )
    assert sorted(built) == sorted(kept)
    stale = [name for name in built if built[name] != kept[name]]
    assert not stale, f"{', '.join(stale)} differ from their sources: run python -m tests.front_end.build."


@pytest.mark.parametrize("check", ["lint", "types", "test"])
def test_nothing_to_complain_about(check: str) -> None:
    ran(check)


def test_python_wrote_theme_and_golden_numbers() -> None:
    for path, text in ((THEME, theme_css()), (GOLDEN, golden_text())):
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run python -m tests.front_end.build."


def test_styles_name_no_colour_that_the_palette_has() -> None:
    defined = set(re.findall(r"(--w2s-[\w-]+):", theme_css()))
    for path in sorted((FRONT_END / "styles").glob("*.css")):
        css = path.read_text(encoding="utf-8")
        assert path == THEME or re.findall(r"#[0-9a-fA-F]{3,8}\b", css) == [], path.name
        assert set(re.findall(r"var\((--w2s-[\w-]+)", css)) <= defined, path.name


def test_a_bundle_is_small() -> None:
    assert (STATIC / "explorer.js").stat().st_size <= LARGEST
