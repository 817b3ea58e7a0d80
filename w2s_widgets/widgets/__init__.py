"""Live explorers of outcomes, for notebooks and for pages without a kernel."""

from w2s_widgets.widgets.curve_explorer import CurveExplorer
from w2s_widgets.widgets.explorer import AxisTrait, Explorer
from w2s_widgets.widgets.gain_explorer import GainExplorer
from w2s_widgets.widgets.outcome_explorer import OutcomeExplorer
from w2s_widgets.widgets.projection_explorer import ProjectionExplorer
from w2s_widgets.widgets.proof_explorer import ProofExplorer
from w2s_widgets.widgets.sample_explorer import SampleExplorer
from w2s_widgets.widgets.spec import ExplorerSpec, Preset
from w2s_widgets.widgets.study_explorer import StudyExplorer
from w2s_widgets.widgets.swap_explorer import SwapExplorer
from w2s_widgets.widgets.teacher_chooser import TeacherChooser

__all__ = [
    "AxisTrait",
    "CurveExplorer",
    "Explorer",
    "ExplorerSpec",
    "GainExplorer",
    "OutcomeExplorer",
    "Preset",
    "ProjectionExplorer",
    "ProofExplorer",
    "SampleExplorer",
    "StudyExplorer",
    "SwapExplorer",
    "TeacherChooser",
]
