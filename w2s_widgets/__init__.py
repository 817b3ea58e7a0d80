"""w2s-widgets: see, move and break the theorem that gain equals misfit.

Everything public is here, loaded when first used, so that importing the package costs next to nothing:
no torch, no matplotlib, no widgets until something needs them.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from w2s_widgets._version import __version__

if TYPE_CHECKING:
    from w2s_widgets.theory.outcome import Outcome as Outcome
    from w2s_widgets.theory.outcome import measure as measure

_HOME = {
    "Outcome": "w2s_widgets.theory.outcome",
    "measure": "w2s_widgets.theory.outcome",
    "Axis": "w2s_widgets.theory.outcome_table",
    "OutcomeTable": "w2s_widgets.theory.outcome_table",
    "LinearHead": "w2s_widgets.heads",
    "BallHead": "w2s_widgets.heads",
    "ConeHead": "w2s_widgets.heads",
    "BoxHead": "w2s_widgets.heads",
    "HullHead": "w2s_widgets.heads",
    "MonotoneHead": "w2s_widgets.heads",
    "RidgeHead": "w2s_widgets.heads",
    "FiniteHead": "w2s_widgets.heads",
    "SparseHead": "w2s_widgets.heads",
    "SphereHead": "w2s_widgets.heads",
    "SlackParts": "w2s_widgets.theory.slack",
    "explain_slack": "w2s_widgets.theory.slack",
    "Certificate": "w2s_widgets.theory.certificate",
    "certify": "w2s_widgets.theory.certificate",
    "LinearWorld": "w2s_widgets.studies.linear.linear_world",
    "FiniteSample": "w2s_widgets.studies.linear.finite_sample",
    "PerturbedRepresentations": "w2s_widgets.studies.linear.perturbed_representations",
    "NetworkStudy": "w2s_widgets.studies.networks.study",
    "pretrain_networks": "w2s_widgets.studies.networks.checkpoints",
    "TeacherSelection": "w2s_widgets.studies.linear.teacher_selection",
    "WeakToStrong": "w2s_widgets.studies.weak_to_strong",
    "TextStudy": "w2s_widgets.studies.text",
    "MoleculeStudy": "w2s_widgets.studies.molecules",
    "FeatureStudy": "w2s_widgets.studies.features.study",
    "as_function": "w2s_widgets.studies.linear.function_plane",
    "plane_outcome": "w2s_widgets.studies.linear.function_plane",
    "plane_set": "w2s_widgets.studies.linear.function_plane",
    "error_interval": "w2s_widgets.studies.linear.teacher_selection",
    "sweep": "w2s_widgets.sweeps",
    "OwnPair": "w2s_widgets.pairs",
    "own_pair": "w2s_widgets.pairs",
    "OutcomeExplorer": "w2s_widgets.widgets",
    "Preset": "w2s_widgets.widgets",
    "ExplorerSpec": "w2s_widgets.widgets",
    "Explorer": "w2s_widgets.widgets",
    "AxisTrait": "w2s_widgets.widgets",
    "StudyExplorer": "w2s_widgets.widgets",
    "rank_teachers": "w2s_widgets.theory.ranking",
    "gain_misfit_correlation": "w2s_widgets.theory.ranking",
    "GainExplorer": "w2s_widgets.widgets",
    "SampleExplorer": "w2s_widgets.widgets",
    "ProjectionExplorer": "w2s_widgets.widgets",
    "SwapExplorer": "w2s_widgets.widgets",
    "TeacherChooser": "w2s_widgets.widgets",
    "PairForm": "w2s_widgets.widgets.pair_form",
    "Encoder": "w2s_widgets.encoders",
    "encoder": "w2s_widgets.encoders",
    "build_data": "w2s_widgets.build_data",
    "cache": "w2s_widgets.cache",
    "lessons": "w2s_widgets.lessons",
    "plots": "w2s_widgets.plots",
}


__all__ = ["__version__", *sorted(_HOME)]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        from w2s_widgets._renamed import NAMES, warn_renamed

        if name in NAMES:
            warn_renamed(f"w2s_widgets.{name}", f"w2s_widgets.{NAMES[name]}")
            new, *arguments = NAMES[name].rstrip(")").replace('"', "").split("(")
            return partial(__getattr__(new), *arguments) if arguments else __getattr__(new)
        raise AttributeError(f"module 'w2s_widgets' has no attribute {name!r}")
    home = import_module(_HOME[name])
    value = home if _HOME[name] == f"w2s_widgets.{name}" else getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
