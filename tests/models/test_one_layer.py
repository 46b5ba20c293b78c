import numpy as np
import pytest
import torch

from headlapse.models.one_layer import last_position_logits
from tests.models.numpy_transformer import SHAPES, Shape, all_inputs, patterns_and_logits, random_weights


def as_tensors(weights: dict[str, np.ndarray], requires_grad: bool = False) -> dict[str, torch.Tensor]:
    return {name: torch.tensor(array, requires_grad=requires_grad) for name, array in weights.items()}


def some_inputs(p: int, count: int = 20) -> torch.Tensor:
    """Some pairs in no particular order, one of them twice."""
    order = np.random.default_rng(1).permutation(p * p)[:count]
    return torch.tensor(all_inputs(p)[[*order, order[0]]])


@pytest.mark.parametrize("act_fn", ["relu", "gelu"])
@pytest.mark.parametrize("shape", SHAPES)
def test_logits_equal_an_independent_float64_computation(shape, act_fn):
    weights = random_weights(shape)
    inputs = some_inputs(shape.p)
    expected = [patterns_and_logits(weights, row, act_fn)[1] for row in inputs.numpy()]
    logits = last_position_logits(as_tensors(weights), inputs, act_fn)
    np.testing.assert_allclose(logits.numpy(), np.stack(expected), atol=1e-12)


def test_float32_agrees_to_rounding():
    shape = Shape(13, 4, 128, 32, 512)
    weights = random_weights(shape, dtype=np.float32)
    inputs = some_inputs(shape.p)
    logits = last_position_logits(as_tensors(weights), inputs)
    expected = np.stack([patterns_and_logits(weights, row)[1] for row in inputs.numpy()])
    assert logits.dtype == torch.float32
    np.testing.assert_allclose(logits.numpy(), expected, atol=3e-6 * np.abs(expected).max())


@pytest.mark.parametrize("act_fn", ["relu", "gelu"])
def test_gradients_of_every_tensor_equal_finite_differences(act_fn):
    weights = as_tensors(random_weights(Shape(3, 2, 4, 3, 5)), requires_grad=True)
    inputs = torch.tensor(all_inputs(3))

    def logits_of(*tensors: torch.Tensor) -> torch.Tensor:
        return last_position_logits(dict(zip(weights, tensors, strict=True)), inputs, act_fn)

    assert torch.autograd.gradcheck(logits_of, tuple(weights.values()))


def test_every_tensor_gets_a_gradient_so_that_weight_decay_reaches_it():
    weights = as_tensors(random_weights(SHAPES[0]), requires_grad=True)
    last_position_logits(weights, some_inputs(5)).sum().backward()
    assert [name for name, tensor in weights.items() if tensor.grad is None] == []


def test_swapping_a_and_b_would_be_seen():
    weights = as_tensors(random_weights(SHAPES[0]))
    inputs = some_inputs(5)
    swapped = last_position_logits(weights, inputs[:, [1, 0, 2]])
    assert not torch.allclose(last_position_logits(weights, inputs), swapped)
