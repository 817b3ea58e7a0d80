"""w2s-widgets: see, move and break the theorem that gain equals misfit.

Everything public is here, loaded when first used, so that importing the package costs next to nothing:
no torch, no matplotlib, no widgets until something needs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from w2s_widgets._version import __version__

# Sections and names as in __init__.pyi, which editors and type checkers read: room, then its names.
_SECTIONS = {
    "measure": {
        "theory.outcome": "Outcome measure",
        "theory.outcome_table": "Axis OutcomeTable",
        "theory.intervals": "OutcomeIntervals outcome_intervals",
        "theory.slack": "SlackParts explain_slack",
        "theory.certificate": "Certificate certify",
        "theory.ranking": "compare_rankings gain_misfit_correlation rank_teachers",
    },
    "heads": {
        "heads": (
            "BallHead BoxHead ConeHead FiniteHead HullHead LinearHead MonotoneHead RidgeHead "
            "SparseHead SphereHead"
        ),
    },
    "studies": {
        "studies.study": "Study",
        "studies.weak_to_strong": "WeakToStrong",
        "studies.linear.linear_world": "LinearWorld",
        "studies.linear.linear_study": "LinearStudy",
        "studies.linear.curves": "CurveStudy",
        "studies.linear.sample_study": "SampleStudy",
        "studies.linear.finite_sample": "FiniteSample",
        "studies.linear.perturbed_representations": "PerturbedRepresentations",
        "studies.linear.teacher_selection": "TeacherSelection error_interval",
        "studies.linear.function_plane": "as_function plane_outcome plane_set",
        "studies.networks.study": "NetworkStudy",
        "studies.networks.checkpoints": "pretrain_networks",
        "studies.networks.curved_heads": "curved_heads",
        "datasets.paper_tables": "paper_tables",
        "studies.features.study": "FeatureStudy",
        "studies.text": "TextStudy",
        "studies.molecules": "MoleculeStudy",
        "pairs": "OwnPair own_pair",
        "encoders": "Encoder encoder",
    },
    "sweeps": {
        "sweeps": "sweep",
        "": "build_data cache",
    },
    "show": {
        "widgets": (
            "AxisTrait CurveExplorer Explorer ExplorerSpec GainExplorer OutcomeExplorer Preset "
            "ProjectionExplorer ProofExplorer SampleExplorer StudyExplorer SwapExplorer TeacherChooser"
        ),
        "widgets.pair_form": "PairForm",
        "": "plots",
    },
    "teach": {
        "": "lessons",
    },
}
_ROOM = {
    name: room for rooms in _SECTIONS.values() for room, names in rooms.items() for name in names.split()
}

__all__ = ["__version__", *sorted(_ROOM)]


def __getattr__(name: str) -> Any:
    if name not in _ROOM:
        from w2s_widgets._renamed import CALLS, NAMES, warn_renamed

        if name in NAMES:
            warn_renamed(f"w2s_widgets.{name}", f"w2s_widgets.{NAMES[name]}")
            if name not in CALLS:
                return __getattr__(NAMES[name])
            module, function = CALLS[name]
            return getattr(import_module(f"w2s_widgets.{module}"), function)
        raise AttributeError(f"module 'w2s_widgets' has no attribute {name!r}")
    room = _ROOM[name]
    value = (
        getattr(import_module(f"w2s_widgets.{room}"), name) if room else import_module(f"w2s_widgets.{name}")
    )
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
