"""Make the carried file of finite samples: ``python -m w2s_widgets.build_data.finite_samples``."""

from __future__ import annotations

import argparse
from pathlib import Path

from w2s_widgets.studies.linear.finite_sample_grid import FILE_NAME, compute_grid


def main() -> None:
    """Run from the command line."""
    default = Path(__file__).parent.parent / "data" / FILE_NAME
    parser = argparse.ArgumentParser(description="Compute the outcomes that SampleExplorer shows.")
    parser.add_argument("--out", type=Path, default=default, help="file to write")
    options = parser.parse_args()
    compute_grid().save(options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
