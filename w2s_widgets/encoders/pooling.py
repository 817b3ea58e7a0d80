"""One forward pass of a frozen network: layers pooled where they pass, stopped after the last wanted."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, ClassVar, NamedTuple
from weakref import WeakKeyDictionary

from numpy.typing import NDArray

from w2s_widgets._optional import import_optional


class StopForward(Exception):  # noqa: N818 - it stops a pass, as StopIteration does a loop; no error
    """Ends a forward pass after the last layer that is wanted."""


def pooled_layers(
    model: Any, tokens: dict[str, Any], layers: Sequence[int], *, whole: bool = False
) -> dict[int, NDArray[Any]]:
    """Return, for each layer, the mean of the hidden states over the tokens; run no block beyond the last.

    Layer 0 is the embedding, layer k what comes out of block k.
    Each layer is pooled where it passes, so that no hidden state is kept. A model whose blocks are not one
    list (such as one that uses the same block again and again) is run whole, as is any if ``whole`` is said.
    """
    torch = import_optional("torch")
    wanted = set(layers)
    mask = tokens["attention_mask"].unsqueeze(-1).float()
    # A text without any token has the mean 0, not a division by 0.
    shares = mask / mask.sum(1, keepdim=True).clamp(min=1)
    pooled: dict[int, Any] = {}

    def keep(layer: int, states: Any) -> None:
        # Some families fill texts up inside, behind what was handed over, and cut only their last layer.
        if states.ndim != 3 or states.shape[0] != mask.shape[0] or states.shape[1] < mask.shape[1]:
            raise ValueError(
                f"Layer {layer} of a {type(model).__name__} has the shape {tuple(states.shape)} for "
                f"{mask.shape[0]} texts of {mask.shape[1]} tokens, so its rows are no tokens: give the "
                "model as a module with a `pool` of its own."
            )
        # What stands where nothing is to be read may be no number at all.
        read = states[:, : mask.shape[1]].float().masked_fill(mask == 0, 0)
        pooled[layer] = (read * shares).sum(1)

    def before(layer: int) -> Any:
        def look(block: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            keep(layer, args[0] if args else kwargs["hidden_states"])
            if layer == max(wanted):
                raise StopForward

        return look

    blocks = None if whole else blocks_of(model)
    with torch.inference_mode():
        if blocks is None:
            states = model(**tokens, output_hidden_states=True, return_dict=True).hidden_states
            if states is None:
                raise ValueError(
                    f"A {type(model).__name__} does not tell its hidden states: give it as a module, with "
                    "layers by the names of its parts and a `collate`."
                )
            for layer in wanted:
                keep(layer, states[layer])
        else:
            hooks = [
                block.register_forward_pre_hook(before(layer), with_kwargs=True)
                for layer, block in enumerate(blocks)
                if layer in wanted
            ]
            try:
                last = model(**tokens).last_hidden_state
                if len(blocks) in wanted:
                    keep(len(blocks), last)
            except StopForward:
                pass
            finally:
                for hook in hooks:
                    hook.remove()
        return {layer: pooled[layer].float().cpu().numpy() for layer in layers}


def whole_layers(model: Any, tokens: dict[str, Any], layers: Sequence[int]) -> dict[int, NDArray[Any]]:
    """Return what `pooled_layers` does, by the hidden states that the model itself tells."""
    return pooled_layers(model, tokens, layers, whole=True)


def blocks_of(model: Any) -> Any:
    """Return the list of blocks of a transformer; ``None`` if there is no one such list."""
    torch = import_optional("torch")
    lists = [
        module
        for module in model.modules()
        if isinstance(module, torch.nn.ModuleList) and len(module) == model.config.num_hidden_layers
    ]
    return lists[0] if len(lists) == 1 else None


@contextmanager
def on_device(module: Any, device: str) -> Iterator[None]:
    """Put a module that belongs to somebody else on a device, in evaluation mode; leave it as it was.

    A module that is spread over several devices stays there. Two threads that use a module, or modules that
    share a part, take turns.
    """
    with Turns.of(*module.modules()):
        yield from _placed_there(module, device)


def _placed_there(module: Any, device: str) -> Iterator[None]:
    homes = {tensor.device for tensor in module.state_dict().values() if hasattr(tensor, "device")}
    modes = {part: part.training for part in module.modules()}
    module.eval()
    moved = len(homes) == 1 and device not in {str(home) for home in homes}
    try:
        if moved:
            module.to(device)
        yield
    finally:
        if moved:
            module.to(next(iter(homes)))
        for part, training in modes.items():
            part.training = training


class _Turn(NamedTuple):
    number: int
    lock: Any


class Turns:
    """One lock for each thing that lives; several are taken in one order, so that nobody waits for good."""

    _guard = threading.Lock()
    _numbers = itertools.count()
    _known: ClassVar[WeakKeyDictionary[Any, _Turn]] = WeakKeyDictionary()

    @classmethod
    @contextmanager
    def of(cls, *things: Any) -> Iterator[None]:
        """Hold the locks of some things; who has them can take them again."""
        with cls._guard:
            turns = {cls._turn(thing) for thing in things}
        with ExitStack() as stack:
            for turn in sorted(turns, key=lambda turn: turn.number):
                stack.enter_context(turn.lock)
            yield

    @classmethod
    def _turn(cls, thing: Any) -> _Turn:
        if thing not in cls._known:
            cls._known[thing] = _Turn(next(cls._numbers), threading.RLock())
        return cls._known[thing]
