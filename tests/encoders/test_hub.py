"""Models by name: found on this machine, asked for before anything is downloaded, one sentence when not."""

import shutil
import sys

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.optional import optional
from w2s_widgets.cache import ArrayCache
from w2s_widgets.encoders import MissingPackageError, hub

NAME = "somebody/tiny-model"


@pytest.fixture
def hub_cache(tmp_path, monkeypatch):
    """An empty folder as the place where models of the hub lie on this machine."""
    huggingface_hub = optional("huggingface_hub")
    from huggingface_hub import _snapshot_download, constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    assert _snapshot_download.constants is constants
    assert huggingface_hub.constants is constants
    return tmp_path / "hub"


@pytest.fixture
def put_on_this_machine(hub_cache, tiny_model):
    def put(name=NAME, leave_out=()):
        root = hub_cache / ("models--" + name.replace("/", "--"))
        (root / "refs").mkdir(parents=True)
        (root / "refs" / "main").write_text("0" * 40)
        shutil.copytree(
            tiny_model, root / "snapshots" / ("0" * 40), ignore=shutil.ignore_patterns(*leave_out)
        )
        return root

    return put


@pytest.fixture
def connection(monkeypatch, hub_cache, put_on_this_machine):
    """The hub, as far away as this machine's disk: what is asked of it and what it sends."""
    import huggingface_hub

    asked = []
    here = huggingface_hub.snapshot_download

    def connect(files=("config.json", "model.safetensors"), error=None):
        def listed(self, name):
            asked.append(("list", name))
            if error is not None:
                raise error
            return list(files)

        def fetched(name, **options):
            if not options.get("local_files_only"):
                asked.append(("fetch", name, tuple(options["allow_patterns"])))
                put_on_this_machine(name)
            return here(name, local_files_only=True)

        monkeypatch.setattr(huggingface_hub.HfApi, "list_repo_files", listed)
        monkeypatch.setattr(huggingface_hub, "snapshot_download", fetched)
        return asked

    return connect


@pytest.fixture
def person(monkeypatch):
    def answers(answer):
        questions = []
        monkeypatch.setattr(hub, "interactive", lambda: answer is not None)
        monkeypatch.setattr("builtins.input", lambda question: questions.append(question) or answer)
        return questions

    return answers


def test_a_model_that_is_here_is_used_without_a_question(put_on_this_machine, connection, person, tmp_path):
    put_on_this_machine()
    asked, questions = connection(), person("y")
    encoder = w2s.encoder(NAME, device="cpu", cache=ArrayCache(tmp_path / "cache"))
    assert encoder.name == "tiny-model"
    assert encoder.encode(["bad cab"], progress=False)[2].shape == (1, 16)
    assert asked == questions == []


@pytest.mark.parametrize(("answer", "download"), [("y", "ask"), (" YES ", "ask"), (None, True)])
def test_after_a_yes_it_is_fetched_and_only_safe_files(
    connection, person, tmp_path, tiny_model, answer, download
):
    asked, questions = connection(), person(answer)
    encoder = w2s.encoder(NAME, device="cpu", download=download, cache=ArrayCache(tmp_path / "cache"))
    rows = encoder.encode(["bad cab"], progress=False)[2]
    local = w2s.encoder(tiny_model, device="cpu", cache=ArrayCache(tmp_path / "other"))
    np.testing.assert_array_equal(rows, local.encode(["bad cab"], progress=False)[2])
    assert [what[0] for what in asked] == ["list", "fetch"]
    assert asked[1][2] == ("*.json", "*.safetensors", "*.txt", "*.model")
    assert questions == (
        ["somebody/tiny-model is not on this machine. Download it from the Hugging Face hub? [y/N] "]
        if download == "ask"
        else []
    )


@pytest.mark.parametrize(("answer", "download"), [("n", "ask"), ("", "ask"), (None, "ask"), ("y", False)])
def test_without_a_yes_nothing_is_asked_of_the_hub(connection, person, answer, download):
    asked, _ = connection(), person(answer)
    with pytest.raises(
        FileNotFoundError,
        match=r"^The model somebody/tiny-model is not on this machine, and nothing is downloaded unasked: ",
    ):
        w2s.encoder(NAME, download=download)
    assert asked == []


def test_a_notebook_that_runs_by_itself_means_no(connection, monkeypatch):
    asked = connection()
    monkeypatch.setattr(hub, "interactive", lambda: True)

    def nobody(question):
        raise NotImplementedError("raw_input was called, but this frontend does not support input requests")

    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(FileNotFoundError, match="nothing is downloaded unasked"):
        w2s.encoder(NAME)
    assert asked == []


def test_a_wrong_name_is_told_in_one_sentence(connection):
    import huggingface_hub
    import requests

    response = requests.Response()
    response.status_code = 404
    try:
        missing = huggingface_hub.errors.RepositoryNotFoundError("404", response=response)
    except Exception:  # the newer client wants a response of its own library
        httpx = optional("httpx")
        request = httpx.Request("GET", "https://huggingface.co")
        missing = huggingface_hub.errors.RepositoryNotFoundError(
            "404", response=httpx.Response(404, request=request)
        )
    connection(error=missing)
    with pytest.raises(ValueError, match=r"^The Hugging Face hub has no model 'somebody/tiny-modle' that is"):
        w2s.encoder("somebody/tiny-modle", download=True)


def test_without_a_connection_one_sentence(connection):
    connection(error=ConnectionError("no route"))
    with pytest.raises(
        FileNotFoundError, match=r"could not be downloaded \(ConnectionError\): check the conn"
    ):
        w2s.encoder(NAME, download=True)


def test_weights_that_only_a_pickle_holds_are_refused(connection):
    asked = connection(files=("config.json", "pytorch_model.bin", "onnx/model.safetensors"))
    with pytest.raises(ValueError, match="has no weights as safetensors, the only kind that is read"):
        w2s.encoder(NAME, download=True)
    assert [what[0] for what in asked] == ["list"]


def test_a_download_that_was_cut_off_is_not_taken_for_the_model(put_on_this_machine, connection, person):
    put_on_this_machine(leave_out=["model.safetensors"])
    connection()
    person(None)
    with pytest.raises(FileNotFoundError, match="is not on this machine"):
        w2s.encoder(NAME)


@pytest.mark.parametrize("name", ["a/b/c", "no such folder/here", "", "../up", "some body/model"])
def test_what_is_neither_a_folder_nor_a_name(hub_cache, name):
    with pytest.raises(ValueError, match=r"neither a folder nor the name of a model|is no name of a model"):
        hub.hub_folder(name)


def test_bad_permission_and_missing_package(monkeypatch):
    with pytest.raises(ValueError, match="download is 'yes': choose True, False or 'ask'"):
        hub.hub_folder(NAME, "yes")
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(MissingPackageError, match=r"A model by name needs huggingface_hub.*run `pip install"):
        hub.hub_folder(NAME)


def test_a_folder_whose_model_cannot_be_loaded(tiny_model, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(tiny_model, broken)
    (broken / "config.json").write_text('{"model_type": "no-such-kind", "num_hidden_layers": 2}')
    encoder = w2s.encoder(broken, device="cpu", cache=ArrayCache(tmp_path / "cache"))
    with pytest.raises(ValueError, match=r"The model in .* cannot be loaded \(.*\): give the folder of a"):
        encoder.encode(["a"], progress=False)
    (broken / "config.json").write_text("{")
    with pytest.raises(ValueError, match=r"has no config\.json that can be read"):
        w2s.encoder(broken, device="cpu", cache=ArrayCache(tmp_path / "cache")).encode(["a"], progress=False)
    with pytest.raises(FileNotFoundError, match=r"has no model\.safetensors"):
        w2s.encoder(tmp_path / "nowhere")
