"""Activations of the MLP in numpy; they may overwrite their argument."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

Activation = Callable[[np.ndarray], np.ndarray]
_erf = np.frompyfunc(math.erf, 1, 1)


def _relu(read: np.ndarray) -> np.ndarray:
    written: np.ndarray = np.clip(read, 0, np.inf, out=read)  # four times as fast as np.maximum with a number
    return written


def _gelu(read: np.ndarray) -> np.ndarray:
    share = (1 + np.asarray(_erf(read / math.sqrt(2)), read.dtype)) / 2
    written: np.ndarray = read * share
    return written


def _gelu_new(read: np.ndarray) -> np.ndarray:
    written: np.ndarray = read * (1 + np.tanh(math.sqrt(2 / math.pi) * (read + 0.044715 * read**3))) / 2
    return written


def _silu(read: np.ndarray) -> np.ndarray:
    written: np.ndarray = read * (1 + np.tanh(read / 2)) / 2  # the logistic function, without overflow
    return written


def _solu(read: np.ndarray) -> np.ndarray:
    shares = np.exp(read - read.max(axis=-1, keepdims=True))
    written: np.ndarray = read * shares / shares.sum(axis=-1, keepdims=True)
    return written


ACTIVATIONS: dict[str, Activation] = {
    "relu": _relu,
    "gelu": _gelu,
    "gelu_new": _gelu_new,
    "silu": _silu,
    "solu": _solu,
}
