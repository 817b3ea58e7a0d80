"""Importing the package costs next to nothing and loads nothing heavy."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

import w2s_widgets

HEAVY = ("torch", "matplotlib", "scipy", "pandas", "sklearn", "transformers", "ipywidgets", "anywidget")

PROBE = """
import time
start = time.process_time()
import w2s_widgets
w2s_widgets.measure
seconds = time.process_time() - start
import json, sys
from pathlib import Path
status = Path("/proc/self/status")
peak = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")] \\
    if status.exists() else []
print(json.dumps({"seconds": seconds, "kib": [int(k) for k in peak], "modules": sorted(sys.modules)}))
"""

USE = """
import json, sys
import w2s_widgets as w2s
print(w2s.measure([0, 0], [1, 1], [1, 0]))
data = w2s.LinearWorld().sample(50)
ball = w2s.BallHead()
w2s.WeakToStrong(data.teacher_features, data.student_features, data.truth, student_head=ball).outcome()
print(json.dumps(sorted(sys.modules)))
"""


def in_a_fresh_process(code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(Path(w2s_widgets.__file__).parents[1])}
    # Coverage and the like would be loaded into the process that is measured.
    environment.pop("COVERAGE_PROCESS_START", None)
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return finished.stdout


def heavy_ones(modules: list[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules} & set(HEAVY)


def test_import_is_quick_small_and_light():
    runs = [json.loads(in_a_fresh_process(PROBE)) for _ in range(5)]
    assert heavy_ones(runs[0]["modules"]) == set()
    assert "w2s_widgets" in runs[0]["modules"]
    assert statistics.median(run["seconds"] for run in runs) < 0.5
    if sys.platform.startswith("linux"):
        assert max(run["kib"][0] for run in runs) < 80 * 1024


def test_the_core_works_without_anything_heavy():
    sentence, modules = in_a_fresh_process(USE).strip().splitlines()
    assert sentence.startswith("The student beats its teacher")
    assert heavy_ones(json.loads(modules)) == set()


def test_public_names():
    assert "measure" in dir(w2s_widgets)
    with pytest.raises(AttributeError, match=r"^module 'w2s_widgets' has no attribute 'nothing'$"):
        _ = w2s_widgets.nothing  # type: ignore[attr-defined]
