"""The face: all public names, with their types. `__init__.py` loads each when it is first used."""

from w2s_widgets._version import __version__ as __version__

__all__: list[str]

# measure: One triangle of truth, teacher and student: its numbers, and what is promised of them.
from w2s_widgets.theory.outcome import Outcome as Outcome, measure as measure
from w2s_widgets.theory.outcome_table import Axis as Axis, OutcomeTable as OutcomeTable
from w2s_widgets.theory.intervals import (
    OutcomeIntervals as OutcomeIntervals,
    outcome_intervals as outcome_intervals,
)
from w2s_widgets.theory.slack import SlackParts as SlackParts, explain_slack as explain_slack
from w2s_widgets.theory.certificate import Certificate as Certificate, certify as certify
from w2s_widgets.theory.ranking import (
    compare_rankings as compare_rankings,
    gain_misfit_correlation as gain_misfit_correlation,
    rank_teachers as rank_teachers,
)

# heads: Classes of functions on a frozen representation, each fitted exactly.
from w2s_widgets.heads import (
    BallHead as BallHead,
    BoxHead as BoxHead,
    ConeHead as ConeHead,
    FiniteHead as FiniteHead,
    HullHead as HullHead,
    LinearHead as LinearHead,
    MonotoneHead as MonotoneHead,
    RidgeHead as RidgeHead,
    SparseHead as SparseHead,
    SphereHead as SphereHead,
)

# studies: Experiments, and your own pair of models.
from w2s_widgets.studies.study import Study as Study
from w2s_widgets.studies.weak_to_strong import WeakToStrong as WeakToStrong
from w2s_widgets.studies.linear.linear_world import LinearWorld as LinearWorld
from w2s_widgets.studies.linear.linear_study import LinearStudy as LinearStudy
from w2s_widgets.studies.linear.curves import CurveStudy as CurveStudy
from w2s_widgets.studies.linear.sample_study import SampleStudy as SampleStudy
from w2s_widgets.studies.linear.finite_sample import FiniteSample as FiniteSample
from w2s_widgets.studies.linear.perturbed_representations import (
    PerturbedRepresentations as PerturbedRepresentations,
)
from w2s_widgets.studies.linear.teacher_selection import (
    TeacherSelection as TeacherSelection,
    error_interval as error_interval,
)
from w2s_widgets.studies.linear.function_plane import (
    as_function as as_function,
    plane_outcome as plane_outcome,
    plane_set as plane_set,
)
from w2s_widgets.studies.networks.study import NetworkStudy as NetworkStudy
from w2s_widgets.studies.networks.curved_heads import curved_heads as curved_heads
from w2s_widgets.datasets.paper_tables import paper_tables as paper_tables
from w2s_widgets.studies.networks.checkpoints import pretrain_networks as pretrain_networks
from w2s_widgets.studies.features.study import FeatureStudy as FeatureStudy
from w2s_widgets.studies.text import TextStudy as TextStudy
from w2s_widgets.studies.molecules import MoleculeStudy as MoleculeStudy
from w2s_widgets.pairs import OwnPair as OwnPair, own_pair as own_pair
from w2s_widgets.encoders import Encoder as Encoder, encoder as encoder

# sweeps: Every combination of a study's settings, and where computed features are kept.
from w2s_widgets.sweeps import sweep as sweep
from w2s_widgets import build_data as build_data, cache as cache

# show: Live explorers and still drawings.
from w2s_widgets.widgets import (
    AxisTrait as AxisTrait,
    CurveExplorer as CurveExplorer,
    Explorer as Explorer,
    ExplorerSpec as ExplorerSpec,
    GainExplorer as GainExplorer,
    OutcomeExplorer as OutcomeExplorer,
    Preset as Preset,
    ProjectionExplorer as ProjectionExplorer,
    ProofExplorer as ProofExplorer,
    SampleExplorer as SampleExplorer,
    StudyExplorer as StudyExplorer,
    SwapExplorer as SwapExplorer,
    TeacherChooser as TeacherChooser,
)
from w2s_widgets.widgets.pair_form import PairForm as PairForm
from w2s_widgets import plots as plots

# teach: Questions, checks and hints of the chapters.
from w2s_widgets import lessons as lessons
