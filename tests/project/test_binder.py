"""Binder gets exact pins that agree with pyproject.toml, and no torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.optional import optional

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
BINDER = ROOT / "binder"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LINES = [
    line
    for line in (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PINS = {canonicalize_name(Requirement(line).name): Requirement(line) for line in LINES}


def pinned(name: str) -> str:
    (specifier,) = PINS[canonicalize_name(name)].specifier
    return specifier.version


def test_every_line_is_one_exact_pin() -> None:
    assert len(PINS) == len(LINES)
    for pin in PINS.values():
        (specifier,) = pin.specifier
        assert specifier.operator == "=="
        assert "*" not in specifier.version


@pytest.mark.parametrize("line", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["chapters"])
def test_pin_is_in_the_range_of_pyproject(line: str) -> None:
    wanted = Requirement(line)
    assert wanted.specifier.contains(pinned(wanted.name)), f"{line}, but Binder pins {pinned(wanted.name)}"


def test_both_halves_of_the_widgets_are_pinned() -> None:
    assert {"ipywidgets", "jupyterlab-widgets", "widgetsnbextension"} <= set(PINS)


def test_no_torch_and_no_test_tools() -> None:
    heavy = {"torch", "transformers", "sentence-transformers", "playwright", "pytest", "scikit-learn"}
    assert not heavy & set(PINS)
    assert not [name for name in PINS if name.startswith("nvidia")]


def test_python_is_one_that_the_package_runs_on() -> None:
    name, version = (BINDER / "runtime.txt").read_text().strip().split("-")
    assert name == "python"
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(version)


@pytest.mark.skipif(sys.platform == "win32", reason="files have no executable bit there")
@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_scripts_can_run_and_stop_at_errors(name: str) -> None:
    script = BINDER / name
    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in script.read_text()


def test_chapters_can_be_run_without_the_test_tools() -> None:
    """Binder's environment runs them all in CI, and has no pytest."""
    optional("jupytext", "chapters")
    code = "import sys; sys.modules['pytest'] = None; import tests.chapters.refresh"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_what_the_build_tries_is_no_old_name() -> None:
    script = (BINDER / "postBuild").read_text()
    code = script.split("<<'TRY'\n")[1].split("\nTRY\n")[0]
    flags = ["-W", "error::DeprecationWarning:__main__"]
    # Torch is here, and refused by the script's last check but one.
    done = subprocess.run([sys.executable, *flags, "-c", code.replace('find_spec("torch")', "False")],
                          cwd=ROOT, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "DeprecationWarning" not in done.stderr
