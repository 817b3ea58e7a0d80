"""`own_pair` on 200,000 x 512 numbers in float32: time, peak memory and digits, beside an older checkout.

    git worktree add /tmp/before b0c1190
    python -m tests.benchmarks.own_pair_large --before /tmp/before

Each side runs in a process of its own: pair, certificate and cloud, on the same data. The older side also
writes down its divisions and budgets, and what it found at them in float64; the new side measures these
settings again, outside the clock.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.harness import machine, options, report

ROOT = Path(__file__).parents[2]
NUMBERS = ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling")
BEFORE = {"n_teacher": "teacher_labels", "n_student": "unlabelled"}
TIMES_FASTER, TIMES_THE_INPUT, AGREE = 5, 3, 1e-9


def data(rows: int, width: int) -> tuple[Any, Any, Any]:
    """Return a weak and a strong representation in float32, and a truth that neither holds."""
    rng = np.random.default_rng(0)
    strong = rng.standard_normal((rows, width), dtype=np.float32)
    strong += 3
    strong[:, 1::2] *= 5
    weak = strong[:, ::8] + rng.standard_normal((rows, len(strong[0, ::8])), dtype=np.float32)
    weights = rng.standard_normal(width // 2).astype(np.float32)
    truth = (strong[:, : width // 2] @ weights).astype(np.float64)
    return weak, strong, truth + 5 * np.square(strong[:, 0], dtype=np.float64) + rng.standard_normal(rows)


def peak() -> float:
    """Return the largest memory of this process so far, in bytes."""
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(largest if sys.platform == "darwin" else 1024 * largest)


def one_side(rows: int, width: int, found: Path) -> dict[str, Any]:
    """Measure one side; the first one leaves its settings in a file, the second one measures them again."""
    import w2s_widgets as w2s

    weak, strong, truth = data(rows, width)
    made, start = peak(), time.perf_counter()
    pair = w2s.own_pair(weak, strong, truth, progress=False)
    _ = pair.certificate, pair.cloud
    measured = {
        "seconds": time.perf_counter() - start,
        "peak": peak(),
        "made": made,
        "input": float(weak.nbytes + strong.nbytes),
    }
    if not found.exists():
        study = pair.study
        rows_of = {f"{i}_{part}": getattr(s, part) for i, s in enumerate(study.splits) for part in s._fields}
        outcomes = [[getattr(one, name) for name in NUMBERS] for _, one in pair.cloud]
        # What budgets were called before is another word.
        named = {new: new if hasattr(study, new) else old for new, old in BEFORE.items()}
        budgets = {new: getattr(study, name) for new, name in named.items()}
        settings = json.dumps([_renamed(setting, named) for setting, _ in pair.cloud])
        np.savez(found, settings=settings, outcomes=outcomes, **rows_of, **budgets)
        return measured
    with np.load(found) as known:
        split = w2s.own_pair(weak[:60], strong[:60, :4], truth[:60], progress=False).split
        splits = [type(split)(*(known[f"{i}_{part}"] for part in split._fields)) for i in range(5)]
        budgets = {name: known[name].tolist() for name in ("n_teacher", "n_student")}
        study = w2s.FeatureStudy({"teacher": weak}, {"student": strong}, truth, splits=splits, **budgets)
        again = [
            [getattr(one, name) for name in NUMBERS]
            for one in study.outcomes(json.loads(str(known["settings"])))
        ]
        expected = known["outcomes"]
    measured["apart"] = float(np.max(np.abs(np.array(again) / expected - 1)))
    return measured


def _renamed(setting: dict[str, Any], named: dict[str, str]) -> dict[str, Any]:
    same = {name: setting[name] for name in ("teacher", "student", "split", "head")}
    return same | {new: setting[name] for new, name in named.items()}


def main() -> None:
    """Measure both sides and print."""
    arguments = options(__doc__, before=None, rows=200_000, width=512, side=None)
    if arguments.side is not None:
        print(json.dumps(one_side(arguments.rows, arguments.width, Path(arguments.side))))
        return
    machine(f"{arguments.rows:,} x {arguments.width} in float32")
    sides: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, path in (("before", arguments.before), ("now", ROOT)):
            if path is None:
                continue
            # This script's own harness, and the package of the side.
            package = Path(folder) / name
            package.mkdir()
            (package / "w2s_widgets").symlink_to(Path(path).resolve() / "w2s_widgets")
            (package / "tests").symlink_to(ROOT / "tests")
            command = [sys.executable, "-m", "tests.benchmarks.own_pair_large"]
            sizes = ["--rows", str(arguments.rows), "--width", str(arguments.width)]
            done = subprocess.run(
                [*command, *sizes, "--side", f"{folder}/found.npz"],
                cwd=package,
                env={**os.environ, "PYTHONPATH": str(package)},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                sys.exit(done.stderr)
            sides[name] = json.loads(done.stdout.splitlines()[-1])
            seconds, share = sides[name]["seconds"], sides[name]["peak"] / sides[name]["input"]
            print(
                f"{name}: {seconds:.1f} s, peak {sides[name]['peak'] / 1e9:.2f} GB, {share:.2f} x the input"
            )
    now = sides["now"]
    bars = {f"at most {TIMES_THE_INPUT} x the input": now["peak"] <= TIMES_THE_INPUT * now["input"]}
    if "before" in sides:
        faster = sides["before"]["seconds"] / now["seconds"]
        print(f"{faster:.1f} times faster; the largest relative difference of a number is {now['apart']:.1e}")
        bars |= {
            f"at least {TIMES_FASTER} times faster": faster >= TIMES_FASTER,
            f"numbers agree to {AGREE:g}": now["apart"] <= AGREE,
        }
    report(bars, arguments.check)


if __name__ == "__main__":
    main()
