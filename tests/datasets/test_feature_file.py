"""Carried feature files: the same bytes each time, what goes in comes out, and damage is said."""

import zipfile

import numpy as np
import pytest

from w2s_widgets.build_data.slices import compare_slice
from w2s_widgets.datasets.feature_file import (
    FeatureFile,
    carried_file,
    feature_set,
    inputs_checksum,
    read_feature_file,
)
from w2s_widgets.datasets.quantised_features import (
    STEPS_PER_DEVIATION,
    common_projections,
    principal_projection,
)

COMMAND = "python -m make_it"
WIDTHS = {"big": 4, "small-0": 2}


def raw_features(count, seed):
    rng = np.random.default_rng(seed)
    return {
        "big": rng.normal(size=(count, 6)) * np.arange(1, 7) + 3,
        "small-0": rng.normal(size=(count, 3)).astype(np.float32),
    }


def made(count=40, seed=0, projections=None):
    rng = np.random.default_rng(seed + 100)
    return feature_set(
        raw_features(count, seed),
        WIDTHS,
        rows=np.arange(count) * 2,
        groups=np.arange(count) // 2,
        inputs=[f"{seed} {i}" for i in range(count)],
        truths={"height": rng.normal(size=count), "weight_2": rng.normal(size=count)},
        numbers={"noise_share": 0.125},
        projections=projections,
    )


@pytest.fixture
def path(tmp_path):
    FeatureFile({"first": made(), "second": made(30, 1)}).save(tmp_path / "features.npz")
    return tmp_path / "features.npz"


def test_what_is_saved_is_read_again(path):
    read = read_feature_file(path, COMMAND)
    for name, expected in (("first", made()), ("second", made(30, 1))):
        found = read.data_set(name)
        np.testing.assert_array_equal(found.rows, expected.rows)
        np.testing.assert_array_equal(found.groups, expected.groups)
        assert found.inputs_sha256 == expected.inputs_sha256
        assert found.numbers == {"noise_share": 0.125}
        assert set(found.truths) == {"height", "weight_2"}
        assert set(found.steps) == set(WIDTHS)
        for truth in found.truths:
            np.testing.assert_array_equal(found.truth(truth), expected.truth(truth))
        for representation in WIDTHS:
            np.testing.assert_array_equal(found.steps[representation], expected.steps[representation])
            projection = found.projections[representation]
            np.testing.assert_array_equal(
                projection.directions, expected.projections[representation].directions
            )


def test_the_same_content_gives_the_same_bytes(path, tmp_path):
    read_feature_file(path, COMMAND).save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == path.read_bytes()


def test_the_file_holds_numbers_only(path):
    with np.load(path, allow_pickle=False) as file:
        assert {file[name].dtype.kind for name in file.files} <= set("iuf")
    assert b"0 1" not in b"".join(zipfile.ZipFile(path).read(n) for n in zipfile.ZipFile(path).namelist())


def test_what_was_read_cannot_be_changed(path):
    with pytest.raises(ValueError, match="read-only"):
        read_feature_file(path, COMMAND).data_set("first").steps["big"][0, 0] = 1


def test_directions_of_all_sets_together_are_kept_once(tmp_path):
    common = common_projections([raw_features(40, 0), raw_features(30, 1)], WIDTHS)
    FeatureFile({"first": made(projections=common), "second": made(30, 1, common)}).save(tmp_path / "one.npz")
    with np.load(tmp_path / "one.npz") as file:
        assert [name for name in file.files if name.endswith("big.directions")] == [
            "every_set.big.directions"
        ]
    read = read_feature_file(tmp_path / "one.npz", COMMAND)
    for content in read.sets.values():
        np.testing.assert_array_equal(content.projections["big"].mean, common["big"].mean)


def test_features_are_in_standard_deviations_of_the_rows_they_were_fitted_on():
    features = made(5000).representation("big")
    assert features.shape == (5000, 4)
    np.testing.assert_allclose(np.cov(features.T), np.eye(4), atol=0.01)
    np.testing.assert_array_equal(made(5000).representation("big", 2), features[:, :2])


def test_rounding_adds_no_more_than_a_12th_of_a_squared_step():
    raw = raw_features(5000, 0)["big"]
    projection = principal_projection(raw, 4)
    exact = (raw - projection.mean) @ projection.directions.astype(float) / STEPS_PER_DEVIATION
    error = np.mean((projection.steps(raw) / STEPS_PER_DEVIATION - exact) ** 2, axis=0)
    np.testing.assert_allclose(error, 1 / (12 * STEPS_PER_DEVIATION**2), rtol=0.1)


@pytest.mark.parametrize("width", [0, 3])
def test_no_direction_is_made_of_rounding_errors(width):
    flat = np.random.default_rng(0).normal(size=(50, 2)) @ np.ones((2, 5))
    flat = flat + np.random.default_rng(1).normal(size=(50, 1)) * np.arange(5)
    with pytest.raises(ValueError, match="vary in 2 directions"):
        principal_projection(flat, width)


def test_another_model_is_told_from_the_carried_one():
    def checked(raw):
        def compute(rows):
            return {name: values[rows] for name, values in raw.items()}, "a model", "cpu"

        return compare_slice(made(), 30, 0, compute, "rows")

    assert checked(raw_features(40, 0)).agrees
    check = checked(raw_features(40, 7))
    assert not check.agrees
    assert str(check).startswith("a model on cpu gives not the same features for 30 rows")


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"is missing: .* make the file with `python -m make_it`"):
        read_feature_file(tmp_path / "none.npz", COMMAND)
    with pytest.raises(FileNotFoundError, match="install the package again"):
        carried_file("no_such_features.npz", COMMAND)


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
def test_a_cut_file_is_said(path, keep):
    content = path.read_bytes()
    path.write_bytes(content[: keep if isinstance(keep, int) else int(len(content) * keep)])
    with pytest.raises(ValueError, match="is damaged or no file of features"):
        read_feature_file(path, COMMAND)


def test_a_changed_byte_is_noticed(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(ValueError, match="is damaged or no file of features"):
        read_feature_file(path, COMMAND)


def test_another_kind_of_file_is_said(tmp_path):
    np.savez(tmp_path / "other.npz", numbers=np.arange(3))
    with pytest.raises(ValueError, match="no file of features"):
        read_feature_file(tmp_path / "other.npz", COMMAND)


def test_wrong_names_are_said_with_the_right_ones(path):
    content = read_feature_file(path, COMMAND)
    with pytest.raises(ValueError, match="choose one of first, second"):
        content.data_set("third")
    with pytest.raises(ValueError, match="choose one of height, weight_2"):
        content.data_set("first").truth("age")
    with pytest.raises(ValueError, match="choose one of big, small-0"):
        content.data_set("first").representation("huge")
    with pytest.raises(ValueError, match="has 1 to 4 directions"):
        content.data_set("first").representation("big", 5)


def test_a_name_that_the_file_cannot_hold_is_said(tmp_path):
    with pytest.raises(ValueError, match="use letters, digits, hyphens and underscores"):
        FeatureFile({"a.b": made()}).save(tmp_path / "no.npz")
    assert not list(tmp_path.iterdir())


def test_rows_of_another_number_are_said():
    with pytest.raises(ValueError, match="height has 3 rows for 40 inputs"):
        feature_set(
            raw_features(40, 0),
            WIDTHS,
            rows=np.arange(40),
            groups=np.arange(40),
            inputs=["x"] * 40,
            truths={"height": np.zeros(3)},
        )


def test_the_checksum_tells_the_order_of_inputs():
    assert inputs_checksum(["a", "b"]) != inputs_checksum(["b", "a"])
