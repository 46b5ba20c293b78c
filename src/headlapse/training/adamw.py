"""AdamW, with torch's fused kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.optim.adamw import adamw

MOMENTS = ("exp_avg", "exp_avg_sq")
EPS = 1e-8


class AdamW:
    """`torch.optim.AdamW(..., fused=True)`, with the same bits at every step.

    torch's own class imports its compiler, which takes a second in each process that trains. Source of the rule: Loshchilov
    and Hutter (2019), arXiv:1711.05101.
    """

    def __init__(self, weights: Sequence[Tensor], lr: float, betas: tuple[float, float], weight_decay: float) -> None:
        self._weights, self._lr, self._betas, self._weight_decay = list(weights), lr, betas, weight_decay
        self._steps = {weight: torch.zeros((), device=weight.device) for weight in weights}
        self._moments = {weight: {moment: torch.zeros_like(weight) for moment in MOMENTS} for weight in weights}

    def moments(self, weight: Tensor) -> Mapping[str, Tensor]:
        """The running means of the gradient and of its square."""
        return self._moments[weight]

    def go_on(self, weight: Tensor, step: int, moments: Mapping[str, Tensor]) -> None:
        """Continue after `step` steps, with these running means."""
        self._steps[weight] = torch.tensor(float(step), device=weight.device)
        self._moments[weight] = {moment: moments[moment].to(weight.device) for moment in MOMENTS}

    def zero_grad(self) -> None:
        """Forget all gradients."""
        for weight in self._weights:
            weight.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Change each weight that has a gradient."""
        moved = [weight for weight in self._weights if weight.grad is not None]
        means, squares = ([self._moments[weight][moment] for weight in moved] for moment in MOMENTS)
        adamw(
            moved,
            [weight.grad for weight in moved if weight.grad is not None],
            means,
            squares,
            [],
            [self._steps[weight] for weight in moved],
            fused=True,
            capturable=any(weight.is_cuda for weight in moved),
            amsgrad=False,
            beta1=self._betas[0],
            beta2=self._betas[1],
            lr=self._lr,
            weight_decay=self._weight_decay,
            eps=EPS,
            maximize=False,
        )
