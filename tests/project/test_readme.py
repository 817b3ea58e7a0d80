"""What README.md says is so: its commands, its code, its links."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import w2s_widgets as w2s

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def command(number: int) -> str:
    done = subprocess.run(
        ["bash", ROOT / ".ci" / "readme_command", str(number)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are read by a shell script")
def test_both_commands_are_one_line_that_names_what_is_there() -> None:
    start, test = command(1), command(2)
    assert "\n" not in start + test
    for line in (start, test):
        (extra,) = re.findall(r'pip install -e "\.\[(\w+)\]"', line)
        assert extra in PROJECT["optional-dependencies"]
    chapter = re.search(r"jupyter lab (\S+\.ipynb)$", start)
    assert chapter
    assert (ROOT / chapter[1]).is_file()


@pytest.mark.parametrize("name", ["README.md", ".github/CONTRIBUTING.md", "chapters/README.md"])
def test_links_and_paths_lead_somewhere(name: str) -> None:
    page = ROOT / name
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?://)([^)]+)\)", text)
    named = re.findall(
        r"(?<![\w./])((?:\.ci|\.github|binder|chapters|tests|w2s_widgets)/[\w./]*\w/?)(?![\w*])", text
    )
    modules = [module.replace(".", "/") for module in re.findall(r"-m ((?:tests|w2s_widgets)\.[\w.]+)", text)]
    named += [f"{path}/__main__.py" if (ROOT / path).is_dir() else f"{path}.py" for path in modules]
    assert named
    missing = [link for link in links if not (page.parent / link).exists()]
    missing += [path for path in named if "NN_" not in path and not (ROOT / path).exists()]
    assert not missing, f"{name} names what does not exist: {', '.join(missing)}"


def test_contributing_names_every_room() -> None:
    text = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = {path.relative_to(ROOT / "w2s_widgets").parts[0] for path in (ROOT / "w2s_widgets").rglob("*.py")}
    unnamed = [
        room for room in rooms if f"`{room.removesuffix('.py')}`" not in text and room != "__init__.py"
    ]
    assert not unnamed, f"CONTRIBUTING.md names no room {', '.join(sorted(unnamed))}"


def test_named_python_versions_are_those_required() -> None:
    assert "Python 3.10 to 3.13" in README
    assert PROJECT["requires-python"] == ">=3.10"


def test_the_code_for_researchers_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    data = w2s.LinearWorld().sample(400, rng=0)
    names: dict[str, object] = {
        "truth": data.truth,
        "teacher": data.truth + 1,
        "student": np.zeros_like(data.truth),
        "teacher_features": data.teacher_features,
        "student_features": data.student_features,
        "y": data.truth,
    }
    exec(compile(code, "README.md", "exec"), names)
    assert isinstance(names["outcome"], w2s.Outcome)


@pytest.mark.parametrize("extra", ["chapters"])
def test_reading_the_chapters_needs_no_torch(extra: str) -> None:
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"][extra]
    assert not [one for one in wanted if re.match(r"torch|transformers|sentence|gt-all|kumo", one)]
