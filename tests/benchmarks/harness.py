"""What all benchmarks share: options, clocks, the machine in one line, and bars that are held or missed."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


def options(doc: str | None, **defaults: Any) -> argparse.Namespace:
    """Read the command line: `--check`, and an option for each default; of a tuple one can be chosen."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    for name, default in defaults.items():
        settings: dict[str, Any] = {"default": default, "type": str if default is None else type(default)}
        if default is False:
            settings = {"action": "store_true"}
        elif isinstance(default, tuple):
            settings = {"default": default[0], "choices": default}
        elif isinstance(default, list):
            settings |= {"nargs": "+", "type": type(default[0])}
        parser.add_argument(f"--{name.replace('_', '-')}", **settings)
    return parser.parse_args()


def machine(*more: str) -> None:
    """Print what the times depend on; other work plays a part where the load is above the cores."""
    load = [f"load {os.getloadavg()[0]:.1f}"] if hasattr(os, "getloadavg") else []
    parts = [platform.system(), f"Python {platform.python_version()}", f"numpy {np.__version__}", *more]
    print(", ".join([*parts, f"{os.cpu_count()} cores", *load]))


def timed(work: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> tuple[float, Any]:
    """Return the seconds that some work took, and what it returned."""
    start = clock()
    result = work()
    return clock() - start, result


def best(work: Callable[[], Any], times: int) -> float:
    """Return the seconds of the fastest of several runs: what the machine can do when it is left alone."""
    return min(timed(work)[0] for _ in range(times))


@dataclass(frozen=True)
class Times:
    """Milliseconds of many moves, those of the warm-up left out."""

    name: str
    moves: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.moves)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.moves, n=20, method="inclusive")[-1]

    def __str__(self) -> str:
        return f"{self.name}: {len(self.moves)} moves: median {self.median:.1f} ms, p95 {self.p95:.1f} ms"


def report(bars: dict[str, bool], check: bool) -> None:
    """Print which bars are held; with ``check``, exit with 1 when one is missed."""
    for bar, held in bars.items():
        print(f"{'held  ' if held else 'MISSED'} {bar}")
    if check and not all(bars.values()):
        sys.exit(1)
