"""Small models that compute attention in every way PyTorch code does, and what each says of its own attention."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LAYERS, HEADS, WIDTH, TOKENS, POSITIONS, ROWS = 2, 3, 12, 11, 5, 7


class Kind(NamedTuple):
    """A model, inputs for it, and the weights `(input, head, to, from)` of each layer as the model itself states them."""

    model: nn.Module
    probe: Any
    own: Callable[[nn.Module, Any], list[Tensor]]
    how: str


class Attention(nn.Module):
    """Self attention, or cross attention where there is a `context`; `how` is one of WAYS."""

    def __init__(self, how: str, dropout: float = 0.1) -> None:
        super().__init__()
        self.how, self.dropout = how, nn.Dropout(dropout)
        self.q, self.k, self.v, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.pattern = nn.Identity()

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        source = x if context is None else context
        q, k, v = (self._split(layer(each)) for layer, each in ((self.q, x), (self.k, source), (self.v, source)))
        mixed = WAYS[self.how](self, q, k, v)
        return self.out(mixed.transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(2, (HEADS, -1)).transpose(1, 2)

    def weights(self, scores: Tensor) -> Tensor:
        return self.pattern(torch.softmax(scores, dim=-1))


def causal(scores: Tensor) -> Tensor:
    mask = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return scores.masked_fill(~mask, -math.inf)


def by_hand(self: Attention, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return self.dropout(self.weights(causal(q @ k.mT / math.sqrt(q.shape[-1])))) @ v


def by_einsum(self: Attention, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = torch.einsum("bhqd,bhkd->bhqk", q, k) / 2
    return torch.einsum("bhqk,bhkd->bhqd", self.dropout(self.weights(scores)), v)


def by_bmm(self: Attention, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """As in older code: the heads of each input one after the other, in half precision after the softmax."""
    rows = len(q)
    q, k, v = (each.flatten(0, 1) for each in (q, k, v))
    weights = self.weights(torch.bmm(q, k.mT))
    self.pattern(weights.unflatten(0, (rows, -1)))
    return torch.bmm(self.dropout(weights).to(v.dtype), v).unflatten(0, (rows, -1))


def by_function(self: Attention, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    self.weights(causal(q @ k.mT / math.sqrt(q.shape[-1])))
    return F.scaled_dot_product_attention(q, k, v, dropout_p=0.1 if self.training else 0.0, is_causal=True)


def by_function_with_mask(self: Attention, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    bias = torch.arange(k.shape[-2]) / 3
    self.weights(q @ k.mT * 0.7 + bias)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=bias.expand(q.shape[-2], -1), scale=0.7)


def by_grouped_queries(self: Attention, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    k, v = k[:, :1], v[:, :1]
    self.weights(q @ k.mT / math.sqrt(q.shape[-1]))
    return F.scaled_dot_product_attention(q, k, v, enable_gqa=True)


def with_dropout_at_evaluation(self: Attention, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """A common fault: the probability is given in evaluation mode, too."""
    self.weights(causal(q @ k.mT / math.sqrt(q.shape[-1])))
    return F.scaled_dot_product_attention(q, k, v, dropout_p=0.3, is_causal=True)


WAYS = {
    "by hand": by_hand,
    "einsum": by_einsum,
    "bmm": by_bmm,
    "function": by_function,
    "mask": by_function_with_mask,
    "grouped": by_grouped_queries,
    "dropout at evaluation": with_dropout_at_evaluation,
}
SOFTMAXES = ("by hand", "einsum", "bmm")


class Transformer(nn.Module):
    """Embedding, attention, and a router whose softmax is no attention."""

    def __init__(self, how: str, layers: int = LAYERS) -> None:
        super().__init__()
        self.embed, self.place = nn.Embedding(TOKENS, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.layers = nn.ModuleList(Attention(how) for _ in range(layers))
        self.router, self.unembed = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, TOKENS)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.embed(tokens) + self.place(torch.arange(tokens.shape[1]))
        for layer in self.layers:
            x = x + layer(x)
            x = x + x * F.softmax(self.router(x), dim=-1)
        return self.unembed(x)


class TorchEncoder(nn.Module):
    """`nn.TransformerEncoder`, which takes a fast path in evaluation mode."""

    def __init__(self) -> None:
        super().__init__()
        self.embed, self.unembed = nn.Embedding(TOKENS, WIDTH), nn.Linear(WIDTH, TOKENS)
        layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 16, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)

    def forward(self, tokens: Tensor, padding: Tensor | None = None) -> Tensor:
        return self.unembed(self.encoder(self.embed(tokens), src_key_padding_mask=padding))


def tokens(seed: int = 0, rows: int = ROWS, positions: int = POSITIONS) -> Tensor:
    return torch.randint(TOKENS, (rows, positions), generator=torch.Generator().manual_seed(seed))


def transformer(how: str) -> Kind:
    torch.manual_seed(1)
    model = Transformer(how)
    return Kind(model, tokens(), own_patterns, "softmax" if how in SOFTMAXES else "scaled_dot_product_attention")


def own_patterns(model: nn.Module, probe: Any) -> list[Tensor]:
    """What the module `pattern` of each layer states, in a forward pass of its own without any dropout."""
    found: list[Tensor] = []
    attention = [layer for layer in model.modules() if isinstance(layer, Attention)]
    state = torch.get_rng_state()
    hooks = [layer.pattern.register_forward_hook(lambda *call: found.append(call[-1])) for layer in attention]
    model.eval()
    with torch.no_grad():
        model(probe)
    for hook in hooks:
        hook.remove()
    torch.set_rng_state(state)
    return [weights for weights in found if weights.ndim == 4]


def torch_encoder() -> Kind:
    torch.manual_seed(2)
    return Kind(TorchEncoder(), tokens(), own_weights_of_encoder, "multi_head_attention")


def own_weights_of_encoder(model: Any, probe: Any) -> list[Tensor]:
    """What `nn.MultiheadAttention` gives for `need_weights`."""
    model.eval()
    with torch.no_grad():
        x, found = model.embed(probe), []
        for layer in model.encoder.layers:
            found.append(layer.self_attn(x, x, x, need_weights=True, average_attn_weights=False)[1])
            x = layer(x)
    return found
