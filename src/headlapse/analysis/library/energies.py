"""The energy of each frequency in arrays over Z_p.

The basis on Z_p is the constant, cos(2 pi k x / p) and sin(2 pi k x / p) for k = 1 to p // 2 with unit norm
(`families.cyclic`); that of a grid over two numbers is all products of two of these, and an energy is a squared coefficient.
Source: Nanda et al., "Progress measures for grokking via mechanistic interpretability" (2023), section 4.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.lib.stride_tricks import as_strided

from headlapse.families.cyclic import n_frequencies, waves

ROUNDING = 8  # units in the last place: values that differ by less count as equal
NOTHING = 1e-36  # absolute difference below which values count as equal


def line_energies(values: Float[np.ndarray, "*series place"]) -> Float[np.ndarray, "*series frequency"]:
    """The energy of each frequency in lines over Z_p: of its cosine and its sine together."""
    p = values.shape[-1]
    energies = np.square(values.astype(np.float64, copy=False) @ waves(p).T)
    cosines, sines = energies[..., : n_frequencies(p)], energies[..., n_frequencies(p) :]
    total: np.ndarray = cosines + sines
    return total


def line_shares(values: Float[np.ndarray, "*series place"]) -> Float[np.ndarray, "*series frequency"]:
    """The same as shares of the energy without the constant, in [0, 1]; NaN if a line is constant up to rounding."""
    energies = line_energies(values)
    total = energies.sum(axis=-1, keepdims=True)
    rounding = ROUNDING * float(np.finfo(np.float64).eps) * np.abs(values).max(axis=-1, keepdims=True)
    varies = np.ptp(values, axis=-1, keepdims=True) > np.maximum(rounding, NOTHING)
    shares: np.ndarray = np.divide(energies, total, out=np.full_like(energies, np.nan), where=varies)
    return shares


def grid_shares(grids: Float[np.ndarray, "*pair a b"]) -> tuple[np.ndarray, np.ndarray]:
    """Shares of grids over two numbers of Z_p: of each frequency `(*pair, frequency)`, and of the rest `(*pair,)`.

    The share of frequency k is the energy of the nine products of {constant, cos k, sin k} without (constant, constant), over
    the energy of all products except that one. The rest is in products of two different frequencies. Together they sum to 1.
    NaN if a grid is constant up to the rounding of its dtype.
    """
    *pairs, p, _ = grids.shape
    flat = grids.reshape(-1, p, p)
    shares, cross = np.full((len(flat), n_frequencies(p)), np.nan), np.full(len(flat), np.nan)
    least, largest = flat.reshape(len(flat), -1).min(axis=1), flat.reshape(len(flat), -1).max(axis=1)
    rounding = ROUNDING * float(np.finfo(grids.dtype).eps) * np.maximum(abs(least), abs(largest)).astype(np.float64)
    chosen = np.flatnonzero(largest - least > np.maximum(rounding, NOTHING))
    energies, total = _nine_terms(flat, chosen)
    shares[chosen] = energies / total[:, None]
    cross[chosen] = np.maximum(1 - shares[chosen].sum(axis=-1), 0)
    return shares.reshape(*pairs, -1), cross.reshape(pairs)


def _nine_terms(grids: Float[np.ndarray, "grid a b"], chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The energy of each frequency's products `(chosen, frequency)`, and of all products, without (constant, constant).

    The four products of two waves of frequency k span cos and sin of k (a + b) and of k (a - b). Their energies follow from the
    sums of the grid along its two kinds of diagonals, so only lines are transformed.
    """
    p = grids.shape[-1]
    lines, total = np.empty((4, len(chosen), p)), np.empty(len(chosen))
    doubled, ones = np.empty((p, 2 * p)), np.ones(p)  # each row twice, so that diagonals go on where they leave the grid
    centred, again = doubled[:, :p], doubled[:, p:]
    directions = (centred, centred.T, *_diagonals(doubled))
    for place, number in enumerate(chosen.tolist()):
        centred[:] = grids[number]
        centred -= (ones @ centred).mean() / p
        again[:] = centred
        for line, cells in zip(lines[:, place], directions, strict=True):
            np.matmul(ones, cells, out=line)  # a sum over the rows
        total[place] = np.vdot(doubled, doubled) / 2
    energies = line_energies(lines) / p
    if p % 2 == 0:
        energies[3, :, -1] = 0  # at this frequency a + b and a - b are the same wave
    return energies.sum(axis=0), total


def _diagonals(doubled: Float[np.ndarray, "a twice"]) -> tuple[np.ndarray, np.ndarray]:
    """Two views whose columns are the cells with one b - a, and those with one a + b."""
    p = len(doubled)
    row, cell = doubled.strides
    falling = as_strided(doubled, (p, p), (row + cell, cell), writeable=False)
    rising = as_strided(doubled[:, p:], (p, p), (row - cell, cell), writeable=False)
    return falling, rising
