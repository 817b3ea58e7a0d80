"""The paper's random networks: the three pairs, both variants, and the study that a sweep asks."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import w2s_widgets as w2s
from tests.optional import optional
from w2s_widgets.encoders import MissingPackageError
from w2s_widgets.heads import BallHead, LinearHead, RidgeHead
from w2s_widgets.heads.batched import best_penalty
from w2s_widgets.studies.features.preprocessing import prepare
from w2s_widgets.studies.networks.mlp import Network, random_inputs, random_network, random_tasks
from w2s_widgets.studies.networks.representations import named
from w2s_widgets.studies.networks.study import NetworkStudy
from w2s_widgets.studies.networks.tasks import RADIUS
from w2s_widgets.theory.slack import explain_slack

SMALL = {"tasks": 12, "labels": 300, "tests": 300}


def slope(world: NetworkStudy) -> tuple[float, float]:
    sides = world.sides()
    return float(np.corrcoef(sides.misfit, sides.gain)[0, 1]), float(sides.gain.mean() / sides.misfit.mean())


def test_weights_are_drawn_as_torch_draws_them() -> None:
    torch = optional("torch")
    torch.manual_seed(0)
    drawn = [random_network(2, rng=seed) for seed in range(200)]
    for layer, inputs in enumerate((8, 16)):
        theirs = [torch.nn.Linear(inputs, 16) for _ in range(200)]
        for ours, name in (("weights", "weight"), ("biases", "bias")):
            mine = np.concatenate([getattr(network, ours)[layer].ravel() for network in drawn])
            other = np.concatenate([getattr(part, name).detach().numpy().ravel() for part in theirs])
            quantiles = np.linspace(0, 1, 21)
            np.testing.assert_allclose(
                np.quantile(mine, quantiles), np.quantile(other, quantiles), atol=0.04 / np.sqrt(inputs)
            )
    heads = random_tasks(2000, rng=1)
    assert np.abs(heads.weights).max() <= 0.25
    assert np.abs(heads.biases).max() <= 0.25
    assert heads.weights.std() == pytest.approx(0.25 / np.sqrt(3), rel=0.02)


def test_features_are_those_of_the_same_torch_modules() -> None:
    torch = optional("torch")
    network, inputs = random_network(5, rng=2), random_inputs(50, rng=3)
    parts = []
    for weight, bias in zip(network.weights, network.biases, strict=True):
        layer = torch.nn.Linear(*weight.shape, dtype=torch.float64)
        layer.weight.data, layer.bias.data = torch.as_tensor(weight.T.copy()), torch.as_tensor(bias)
        parts += [layer, torch.nn.ReLU()]
    with torch.no_grad():
        theirs = torch.nn.Sequential(*parts)(torch.as_tensor(inputs)).numpy()
    np.testing.assert_allclose(network.features(inputs), theirs, rtol=1e-12)
    assert inputs.std() == pytest.approx(500, rel=0.1)


@pytest.mark.parametrize("few", [False, True])
def test_realizable_in_sample_gain_is_misfit(few: bool) -> None:
    for seed in (0, 3):
        sides = NetworkStudy("realizable", seed=seed, few=few, in_sample=True).sides()
        np.testing.assert_allclose(sides.gain, sides.misfit, rtol=1e-8)
        assert sides.gain.min() > 0


@pytest.mark.parametrize("seed", range(5))
def test_bars_of_figure_b_with_the_carried_networks(seed: int) -> None:
    world = NetworkStudy("pretrained", seed=seed)
    correlation, ratio = slope(world)
    assert correlation >= 0.95
    assert abs(ratio - 1) <= 0.15
    parts = world.parts()
    assert parts.total == pytest.approx(parts.slack, abs=1e-12)


@pytest.mark.parametrize("pair", ["realizable", "pretrained", "perturbed"])
def test_swapped_roles_fall_on_the_mirror_line_and_the_certificate_says_why(pair: str) -> None:
    world = NetworkStudy(pair, swapped=True, in_sample=True)
    correlation, ratio = slope(world)
    assert correlation < -0.95
    assert ratio == pytest.approx(-1, abs=0.1)
    assert (world.sides().gain < 0).all()
    # In-sample all of the slack is the blind spot's, about twice the misfit, and it has the minus sign.
    parts = world.parts()
    assert parts.alignment == pytest.approx(parts.slack, rel=1e-9)
    assert parts.slack == pytest.approx(-2 * world.outcome().misfit, rel=0.1)
    certificate = world.certificate(0)
    assert certificate.promise == "bound"
    assert certificate.agrees
    assert certificate.realizable.holds is False
    assert certificate.terms["alignment"] < 0


def test_perturbed_pair_lies_near_the_diagonal_and_all_is_exact_without_noise() -> None:
    correlation, ratio = slope(NetworkStudy("perturbed"))
    assert correlation > 0.95
    assert 0.75 < ratio < 1.05
    none = NetworkStudy("perturbed", **SMALL, teacher_noise=0.0, student_noise=0.0)
    assert none.outcome().misfit == none.outcome().err_weak == 0


def test_few_examples_make_no_strong_student() -> None:
    world = NetworkStudy("pretrained", few=True)
    outcome = world.outcome()
    assert outcome.err_ceiling > outcome.err_weak
    assert outcome.gain < 0.1 * outcome.misfit


def test_parts_are_those_of_explain_slack() -> None:
    world = NetworkStudy("pretrained", tasks=2, labels=300, tests=300)
    triangles = world.triangles()
    fits, student = world.fits(), world.network("student")
    lessons, _ = fits.teacher(world.network("teacher"))
    for task in range(2):
        rows = fits.features(student)[0][task]
        alone = explain_slack(
            LinearHead().fit(rows, lessons[task]),
            triangles.features[task],
            triangles.truth[task],
            triangles.teacher[0, task],
            fitted_on=(rows, lessons[task]),
        )
        parts = triangles.parts()
        assert parts["alignment"][0, task] == pytest.approx(alone.alignment, rel=1e-6)
        assert parts["finite_sample"][0, task] == pytest.approx(alone.finite_sample, rel=1e-6)


@pytest.mark.parametrize("shared", [False, True])
def test_grids_of_noise_are_the_states_one_by_one(shared: bool) -> None:
    world = NetworkStudy("perturbed", **SMALL, shared_inputs=shared)
    grid = world.sides(np.array([0.0, 0.05])[:, None], np.array([0.01, 0.1]))
    assert grid.gain.shape == (2, 2, 12)
    for i, teacher in enumerate((0.0, 0.05)):
        for j, student in enumerate((0.01, 0.1)):
            alone = NetworkStudy(
                "perturbed", **SMALL, shared_inputs=shared, teacher_noise=teacher, student_noise=student
            )
            np.testing.assert_allclose(grid.gain[i, j], alone.sides().gain, rtol=1e-6, atol=1e-9)
            assert world.eps(student).mean() == pytest.approx(alone.parts().eps, rel=1e-6)


def test_it_is_a_study() -> None:
    world = NetworkStudy("pretrained", **SMALL)
    settings = [
        {"teacher": teacher, "student": student, "seed": seed, "labels": 100}
        for teacher in ("2 layers", "noise 0.05")
        for student in ("8 layers", "exact")
        for seed in (0, 1)
    ]
    outcomes = world.outcomes([*settings, {"teacher": "3 layers"}, {"labels": 301}])
    assert outcomes[:-2] == [world.outcome(**setting) for setting in settings]
    assert "there is no representation '3 layers'" in outcomes[-2]
    assert outcomes[-1] == "labels is 301: give a whole number from 2 to 300."
    assert {name: world.defaults[name] in values for name, values in world.axes.items()} == dict.fromkeys(
        ("teacher", "student", "seed", "labels", "head"), True
    )
    assert len({world.batch_of(setting) for setting in settings}) == 4
    copy = pickle.loads(pickle.dumps(world))
    assert copy.fingerprint == world.fingerprint
    assert copy.outcome() == world.outcome()
    assert NetworkStudy("pretrained", tasks=12, labels=300).fingerprint != world.fingerprint


def test_table_has_the_outcomes_of_the_study() -> None:
    world = NetworkStudy("pretrained", **SMALL)
    table = world.table()
    for teacher, student, labels, head in (
        ("2 layers", "8 layers", 300, "linear"),
        ("noise 0.1", "exact", 100, "linear"),
        ("2 layers", "8 layers", 100, "ball"),
        ("2 layers", "noise 0.05", 300, "ridge"),
    ):
        state = {"teacher": teacher, "student": student, "labels": labels, "head": head}
        found, wanted = table.outcome(**state), world.outcome(**state)
        assert found.gain == pytest.approx(wanted.gain, rel=1e-9)
        assert found.err_ceiling == pytest.approx(wanted.err_ceiling, rel=1e-9, abs=1e-12)
    linear = world.parts(teacher="2 layers", student="8 layers", labels=300)
    where = table.index(teacher="2 layers", student="8 layers", labels=300, head="linear")
    assert table.extra["sample_and_penalty"][where] == pytest.approx(linear.finite_sample, rel=1e-6)
    total = table.extra["alignment"] + table.extra["sample_and_penalty"]
    np.testing.assert_allclose(total, table.sides.slack, atol=1e-8)


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("head", ["ball", "ridge"])
def test_restrained_heads_are_those_of_the_library(head: str, shared: bool) -> None:
    world = NetworkStudy("pretrained", **SMALL, shared_inputs=shared)
    fits, student = world.fits(), world.network("student")
    learnt, measured = fits.features(student)
    found = fits.triangles([world.network("teacher")], student, head=head)
    for task in (0, 7):
        place = 0 if shared else task
        rows = prepare(np.concatenate([learnt[place], measured[place]]))
        truth, said = fits.answers[0][task], fits.teacher(world.network("teacher"))[0][task]
        for labels, values in ((said, found.student[0, task]), (truth, found.ceiling[task])):
            lesson = labels / truth.std()
            own = BallHead(RADIUS) if head == "ball" else RidgeHead(best_penalty(rows[:300], lesson))
            wanted = own.fit(rows[:300], lesson).predict(rows[300:]) * truth.std()
            np.testing.assert_allclose(values, wanted, atol=1e-8 * truth.std())


def test_a_budget_costs_a_student_that_has_the_truth() -> None:
    world = NetworkStudy("realizable", **SMALL, in_sample=True)
    free, held, pulled = (world.outcome(head=head) for head in ("linear", "ball", "ridge"))
    assert abs(free.slack) < 1e-9 * free.misfit
    assert free.err_ceiling == 0 < held.err_ceiling
    assert held.misfit > free.misfit
    assert abs(pulled.slack) > 1e-6 * pulled.misfit
    with pytest.raises(ValueError, match="for linear heads only, so leave head out"):
        world.parts(head="ball")
    with pytest.raises(ValueError, match="head is 'cone': choose one of linear; ball; ridge"):
        world.outcome(head="cone")


def test_explorer_shows_the_network_exactly() -> None:
    explorer = w2s.SwapExplorer(NetworkStudy("perturbed", tasks=30, labels=400))
    assert len(explorer.gains) == 30
    explorer.set(teacher_noise=0.05, student_noise=0.0)
    np.testing.assert_allclose(explorer.gains, explorer.misfits, rtol=1e-8)
    explorer.set(teacher_noise=0.0, student_noise=0.05)
    np.testing.assert_allclose(explorer.gains, -explorer.misfits, rtol=1e-8)
    assert explorer.as_code() == (
        "w2s.SwapExplorer(w2s.NetworkStudy('perturbed', tasks=30, labels=400), "
        "teacher_noise=0, student_noise=0.05)"
    )
    assert eval(explorer.as_code(), {"w2s": w2s}).state == explorer.state
    bound = explorer.table.extra["bound"]
    assert (np.abs(explorer.table.sides.slack) <= bound * (1 + 1e-9) + 1e-12).all()
    with pytest.raises(TypeError, match="give a world with sides"):
        w2s.SwapExplorer(42)
    with pytest.raises(ValueError, match="ascend from 0"):
        w2s.SwapExplorer(noise=[0.1, 0.2])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"pair": "other"}, "pair is 'other': choose one of realizable; pretrained; perturbed."),
        ({"pair": "pretrained", "teacher_noise": 0.1}, "noise is given, but the pretrained pair has none"),
        ({"pair": "perturbed", "few": True}, "the perturbed pair is not pretrained"),
        ({"pair": "perturbed", "student_noise": -1.0}, "noise is -1: give a number of at least 0."),
        ({"pair": "pretrained", "tasks": 0}, "tasks is 0: give a whole number of at least 1."),
    ],
)
def test_wrong_arguments_are_told(arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        NetworkStudy(**arguments)  # type: ignore[arg-type]


def test_a_seed_without_networks_asks_for_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(
        MissingPackageError, match=r"networks are carried \(0, 1, 2, 3, 4\) needs torch, .*run `pip"
    ):
        NetworkStudy(seed=77, tasks=2, labels=20, tests=20).sides()


def test_names_and_layers_that_do_not_fit_are_told() -> None:
    with pytest.raises(ValueError, match="there is no representation 'noise x'"):
        named("noise x")
    with pytest.raises(ValueError, match="layer 1 has weights of shape"):
        Network((np.zeros((8, 16)), np.zeros((8, 16))), (np.zeros(16), np.zeros(16)))
