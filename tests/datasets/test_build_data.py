"""The one command: what it writes and where, what it checks, and the status that it ends with."""

import zipfile

import numpy as np
import pytest

from w2s_widgets.build_data import __main__ as command
from w2s_widgets.build_data import finite_samples, networks, words
from w2s_widgets.datasets.feature_file import FeatureFile
from w2s_widgets.studies.linear import finite_sample_grid
from w2s_widgets.studies.networks import checkpoints
from w2s_widgets.studies.networks.mlp import Network
from w2s_widgets.studies.text import carried_text


def test_every_carried_file_has_its_command():
    assert {path.name for path in command.DATA.glob("*.npz")} == set(command.FILES.values())


@pytest.mark.parametrize("name", command.FILES.values())
def test_every_carried_file_is_small_and_holds_numbers_only(name):
    path = command.DATA / name
    assert path.stat().st_size <= 9_500_000
    with zipfile.ZipFile(path) as archive:
        assert all(name.endswith(".npy") for name in archive.namelist())
    with np.load(path, allow_pickle=False) as file:
        assert {file[name].dtype.kind for name in file.files} <= set("iuf")


def test_all_carried_data_stays_small():
    assert sum(path.stat().st_size for path in command.DATA.iterdir()) <= 30_000_000


@pytest.mark.parametrize("data", ["finite_samples", "networks"])
def test_what_is_carried_is_computed_again(data, capsys):
    assert command.main([data, "--check", "2"]) == 0
    assert "2" in capsys.readouterr().out


def test_other_numbers_than_the_carried_ones_end_with_1(monkeypatch):
    carried = {
        key: (Network(network.weights, tuple(bias + 0.1 for bias in network.biases)), loss)
        for key, (network, loss) in checkpoints.carried().items()
    }
    monkeypatch.setattr(networks, "carried", lambda: carried)
    assert command.main(["networks", "--check", "1"]) == 1
    (_, first), (another, _), *_ = finite_sample_grid.settings()
    monkeypatch.setattr(finite_samples, "settings", lambda: [(another, first)])
    assert command.main(["finite_samples", "--check", "1"]) == 1


def test_a_file_is_written_where_it_is_wanted(monkeypatch, tmp_path, capsys):
    made = FeatureFile({"words": carried_text("words")})
    monkeypatch.setattr(words, "make_file", lambda device: made)
    assert command.main(["words", "--out", str(tmp_path / "new.npz")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'new.npz'}: 9.11 MB\n"
    with np.load(tmp_path / "new.npz") as new, np.load(command.DATA / "word_features.npz") as old:
        assert new.files == old.files


def test_an_unknown_file_is_said_with_the_known_ones(capsys):
    with pytest.raises(SystemExit):
        command.main(["numbers"])
    assert "choose from" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (["sentences", "--compare-ratings"], "--compare-ratings is of words: leave it out."),
        (["words", "--steps", "5"], "--steps is of networks: leave it out."),
        (["molecules", "--fetch"], "--fetch is of sentences: leave it out."),
        (["networks", "--check", "0"], "--check is 0: give a whole number of at least 1."),
        (["finite_samples", "--check", "-3"], "--check is -3: give a whole number of at least 1."),
    ],
)
def test_an_option_of_another_file_writes_nothing(line, sentence, capsys):
    before = {path: path.stat().st_mtime_ns for path in command.DATA.iterdir()}
    with pytest.raises(SystemExit):
        command.main(line)
    assert sentence in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in command.DATA.iterdir()} == before
