"""All tests, in stages that fail early: `python -m tests [STAGE ...] [options of pytest]`.

The stages, in this order: lint (lint, types, formats; first), unit (the library and its examples), chapters
(the book, run and compared) and browser (real screens). Each prints its time; a stage that fails is the last.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]

NBVAL = ["-pnbval", "--nbval", "--nbval-current-env"]
NBVAL.append("--nbval-sanitize-with=tests/chapters/nbval_sanitize.cfg")
# A tool that looks at the source goes into a test of the first stage.
STAGES = {
    "lint": ["tests/project", "tests/front_end"],
    "unit": ["w2s_widgets", "tests"],
    "chapters": ["chapters", "tests/chapters", "tests/lessons", *NBVAL],
    "browser": ["tests/browser"],
}
# Two at once: those in a browser wait more than they compute. A file's tests stay with one worker.
TOGETHER = ["--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile", "--no-loadscope-reorder"]


def arguments(stage: str) -> list[str]:
    """Return what pytest is given for a stage; `unit` is all that is in no other."""
    given = [word for word in STAGES[stage] if word.startswith("-") or (ROOT / word).exists()]
    if stage == "unit":
        others = {word for name, words in STAGES.items() if name != "unit" for word in words}
        given += [f"--ignore={word}" for word in sorted(others) if word.startswith("tests/")]
    return TOGETHER + given


def main(words: list[str]) -> int:
    """Run the named stages, or all; the result is that of the first stage that fails."""
    stages = [word for word in words if word in STAGES] or list(STAGES)
    options = [word for word in words if word not in STAGES]
    took: dict[str, float] = {}
    code = 0
    for stage in stages:
        print(f"\n== {stage}", flush=True)
        start = time.perf_counter()
        command = [sys.executable, "-m", "pytest", *arguments(stage), *options]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        took[stage] = time.perf_counter() - start
        if code:
            break
    print()
    for stage, seconds in took.items():
        print(f"== {stage}: {seconds:.0f} s")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
