"""What the golden values and the oracles share: quantities that no library gives as we define them."""

import math

import numpy as np
from scipy import special

ON_THE_LINE = math.sqrt(np.finfo(float).eps)


def reached(times, heights, level, last):
    """As quantile.survfit of R: the first time at or below, the middle of a stretch on it."""
    below = np.flatnonzero(heights <= level + ON_THE_LINE)
    if not len(below):
        return math.inf
    i = below[0]
    end = i
    while end < len(times) and heights[end] >= level - ON_THE_LINE:
        end += 1
    if end == i:
        return times[i]
    return (times[i] + (times[end] if end < len(times) else last)) / 2


def exact_place(n_x, n_y, tail):
    """Quantile of u, from all sizes of its support by SciPy's exact p-values of each u."""
    counts = np.zeros(n_x * n_y + 1, dtype=object)
    counts[0] = 1
    table = [counts] + [np.zeros_like(counts) for _ in range(n_x)]
    for rank in range(n_x + n_y):  # subsets of the ranks by size and sum
        for size in range(min(n_x, rank + 1), 0, -1):
            move = rank - (size - 1)
            table[size][move:] += table[size - 1][: len(counts) - move] if move else table[size - 1]
    cdf = np.cumsum(table[n_x]) / math.comb(n_x + n_y, n_x)
    c = int(np.flatnonzero(cdf >= tail)[0])
    return c, (1 - 2 * float(cdf[c - 1]) if c else math.nan)


def inverse_beta(p, a, b):
    """Bisected on the cdf: SciPy's own inverse is not always good to 1e-12."""
    lo, hi = 0.0, 1.0
    while True:
        mid = (lo + hi) / 2
        if mid in (lo, hi):
            return hi
        if special.betainc(a, b, mid) < p:
            lo = mid
        else:
            hi = mid
