"""Pretraining in one batch: it converges, resumes to the last bit, stops when asked, and right gradients."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.optional import optional
from w2s_widgets.progress.training_monitor import TrainingMonitor, curves
from w2s_widgets.studies.networks.checkpoints import (
    AMOUNTS,
    DEPTHS,
    carried,
    carried_seeds,
    jobs_of,
    packed,
    pretraining_examples,
)
from w2s_widgets.studies.networks.mlp import Examples, draw_examples, loss_of, random_network
from w2s_widgets.studies.networks.study import NetworkStudy

torch = optional("torch")

from w2s_widgets.studies.networks.batched_mlp import BatchedMLP  # noqa: E402
from w2s_widgets.studies.networks.pretraining import Job, Pretrained, _one_thread, pretrain  # noqa: E402


@pytest.fixture(scope="module")
def examples() -> Examples:
    return draw_examples(random_network(5, rng=0), tasks=3, count=100, rng=1)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("W2S_CACHE", str(tmp_path))


class StopAfter(TrainingMonitor):
    """Stops after some looks, as a click would."""

    def __init__(self, looks: int) -> None:
        super().__init__("test", ["a"], where="nowhere")
        self.looks = looks

    def show(self, done: int, losses: np.ndarray) -> None:
        super().show(done, losses)
        self.looks -= 1
        if self.looks == 0:
            self.stop()


def train(examples: Examples, **options: object) -> Pretrained:
    jobs = [Job("teacher", 2, examples, 1), Job("student", 4, examples, 2), Job("other", 4, examples, 3)]
    return pretrain(jobs, steps=400, batch=50, device="cpu", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("leak", [0.0, 0.3])
def test_gradients_are_those_of_torch(examples: Examples, leak: float) -> None:
    stack = BatchedMLP(2, 3, "cpu")
    stack.draw([1, 2])
    rng = np.random.default_rng(0)
    inputs, heads, targets = (
        torch.as_tensor(rng.standard_normal(shape), dtype=torch.float32)
        for shape in ((2, 40, 8), (2, 40, 16), (2, 40))
    )
    stack.loss(inputs, heads, targets, leak)
    numbers = stack.numbers.clone().requires_grad_(True)
    values, start = inputs, 0
    for layer in range(3):
        size = 8 if layer == 0 else 16
        weights = numbers[:, start : start + size * 16].view(2, size, 16)
        biases = numbers[:, start + size * 16 : start + size * 16 + 16].view(2, 1, 16)
        values = torch.nn.functional.leaky_relu(values @ weights + biases, leak)
        start += size * 16 + 16
    (((values * heads).sum(-1) - targets) ** 2).mean(1).sum().backward()
    torch.testing.assert_close(stack._gradient, numbers.grad, rtol=1e-4, atol=1e-5)


def test_it_learns_and_the_folded_networks_have_the_loss_that_was_trained(examples: Examples) -> None:
    done = train(examples, keep=False)
    assert done.finished
    assert done.history.shape == (10, 3)
    assert (done.losses < 0.2 * examples.labels.var()).all()
    for network, loss in zip(done.networks, done.losses, strict=True):
        assert loss_of(network, examples) == loss
    # The last batches were drawn with almost these weights: scales are folded back rightly.
    np.testing.assert_allclose(done.losses, done.history[-1], rtol=0.2)


@pytest.mark.parametrize(
    ("depth", "batch", "neighbours", "place"),
    [(4, 50, 1, 1), (4, 50, 2, 0), (4, 5, 5, 4), (1, 50, 2, 1), (8, 20, 1, 0), (8, 3, 2, 2)],
)
def test_a_network_does_not_depend_on_its_neighbours(
    examples: Examples, depth: int, batch: int, neighbours: int, place: int
) -> None:
    job = Job("it", depth, examples, 3)
    alone = pretrain([job], steps=40, batch=batch, device="cpu", keep=False)
    jobs = [Job("beside", 2 if i == 1 else depth, examples, 10 + i) for i in range(neighbours)]
    jobs.insert(place, job)
    beside = pretrain(jobs, steps=40, batch=batch, device="cpu", keep=False)
    np.testing.assert_allclose(
        packed(beside.networks[place]), packed(alone.networks[0]), rtol=1e-3, atol=1e-4
    )


SINGULAR = {
    "one example again and again": {"batch": 1, "again": True},
    "three examples again and again": {"batch": 3, "again": True},
    "three examples, no leak": {"batch": 3, "again": True, "leak": 0.0},
    "fewer examples than units": {"batch": 5, "leak": 0.0},
    "inputs that are 0": {"inputs": 3},
    "units that no head reads": {"batch": 6, "read": 8},
    "units dead from the start": {"dies": 0, "leak": 0.0},
    "units that die, a leak that goes": {"dies": 50},
    "layers dead from the start": {"dies": 0, "leak": 0.0, "dead": 16},
    "examples enough": {},
}


@pytest.mark.parametrize("case", SINGULAR.values(), ids=SINGULAR.keys())
@_one_thread()
def test_a_step_is_that_of_float64_however_singular_the_gradients(case: dict[str, Any]) -> None:
    """One step of each precision from one state and gradient, again and again: rounding must stay small."""
    network, rate, rng = random_network(5, rng=0), 0.03, np.random.default_rng(1)
    narrow = BatchedMLP(1, 4, "cpu")
    torch.set_default_dtype(torch.float64)
    try:
        wide = BatchedMLP(1, 4, "cpu")
    finally:
        torch.set_default_dtype(torch.float32)
    wide.draw([2])
    for number in range(100):
        if not number or not case.get("again"):
            inputs = rng.standard_normal((case.get("batch", 50), 8))
            inputs[:, case.get("inputs", 8) :] = 0
            heads = rng.standard_normal((len(inputs), 16)) / 4
            heads[:, case.get("read", 16) :] = 0
            targets = (network.features(inputs) * heads).sum(1)
        if number == case.get("dies"):
            for bias in wide._biases[1:3]:
                bias[..., : case.get("dead", 5)] = -50
        leak = case.get("leak", max(0.0, 0.3 * (1 - number / 50)))
        wide.loss(*(torch.as_tensor(array)[None] for array in (inputs, heads, targets)), leak)
        for name, tensor in wide.state.items():
            narrow.state[name].copy_(tensor)
        narrow.numbers.copy_(wide.numbers)
        narrow._gradient.copy_(wide._gradient)
        before = wide.numbers.clone()
        for stack in (narrow, wide):
            stack.step(number, rate, 0.15)
        assert abs(wide.numbers - before).max() > 0
        torch.testing.assert_close(narrow.numbers.double(), wide.numbers, rtol=1e-6, atol=1e-3 * rate)


def test_stopped_and_gone_on_with_is_bit_equal(examples: Examples) -> None:
    whole = train(examples, keep=False)
    part = train(examples, monitor=StopAfter(4))
    assert (part.finished, part.steps) == (False, 160)
    assert len(part.networks) == 3
    rest = train(examples)
    assert rest.finished
    for one, other in zip(whole.networks, rest.networks, strict=True):
        np.testing.assert_array_equal(packed(one), packed(other))
    np.testing.assert_array_equal(whole.history, rest.history)
    # Finished networks are read again, not trained again.
    again = train(examples, monitor=StopAfter(1))
    assert again.finished
    np.testing.assert_array_equal(again.losses, whole.losses)


def test_an_interrupt_waits_for_the_step_keeps_it_and_is_raised(examples: Examples) -> None:
    class Interrupt(StopAfter):
        def show(self, done: int, losses: np.ndarray) -> None:
            super().show(done, losses)
            if done == 120:
                signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        train(examples, monitor=Interrupt(99))
    assert signal.getsignal(signal.SIGINT) is before
    seen = StopAfter(1)
    assert train(examples, monitor=seen).steps == 160  # it went on at 120
    whole = train(examples, keep=False)
    np.testing.assert_array_equal(packed(train(examples).networks[1]), packed(whole.networks[1]))


def test_nothing_to_train_is_told() -> None:
    with pytest.raises(ValueError, match="there are 0 jobs"):
        pretrain([])


def test_curves_say_what_they_show() -> None:
    picture = curves([f"network {i}" for i in range(8)], np.geomspace(9, 0.1, 40)[:, None] * np.ones(8))
    assert picture.count("<polyline") == 8
    assert "from 9 down to 0.1" in picture
    assert "and 2 more" in picture


def test_carried_networks_have_the_carried_losses() -> None:
    assert carried_seeds() == (0, 1, 2, 3, 4)
    for seed in carried_seeds():
        for amount in AMOUNTS:
            examples = pretraining_examples(seed, amount)
            losses = []
            for depth in DEPTHS:
                network, loss = carried()[seed, depth, amount]
                assert loss_of(network, examples) == pytest.approx(loss, rel=1e-6)
                losses.append(loss)
            # Both fit most of the labels' variance, and the deeper far more of it.
            assert losses[1] < 0.2 * losses[0] < 0.1 * examples.labels.var()


@pytest.mark.slow
def test_figure_b_from_nothing_with_a_sixth_of_the_steps() -> None:
    """The bars hold from 12,000 steps on (a benchmark); with 2,000 the cloud has its shape already."""
    wanted = [(0, depth, "many") for depth in DEPTHS]
    done = pretrain(jobs_of(wanted), steps=2000, keep=False, device="cpu")
    networks = dict(zip(wanted, done.networks, strict=True))
    sides = NetworkStudy("pretrained", networks=networks).sides()
    assert np.corrcoef(sides.misfit, sides.gain)[0, 1] > 0.8
    assert 0.5 < sides.gain.mean() / sides.misfit.mean() < 1.05
    assert (sides.gain > 0).mean() > 0.9
