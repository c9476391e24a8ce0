"""Random cases for the oracles: (kind, arguments, arrays)."""

import numpy as np

SIZES = (1, 9, 61, 1001, 20001)


def ten_digits(v):
    """R's table() takes for one what prints alike with 15 digits: no such pairs."""
    return np.array([float("%.10g" % x) for x in v])


def size(rng, most=3):
    """Tiny as often as large: a class first, then a size within it."""
    i = rng.integers(0, most)
    return int(rng.integers(SIZES[i], SIZES[i + 1]))


def times(rng, n):
    """Durations of very different shapes and scales, with and without ties."""
    shape = rng.integers(0, 6)
    scale = 10.0 ** rng.integers(-6, 6)
    if shape == 0:
        v = rng.lognormal(0, 0.8, n)
    elif shape == 1:
        v = rng.exponential(1, n)
    elif shape == 2:  # modes, as election times have
        v = rng.normal(1, 0.05, n) + 5 * rng.integers(0, 3, n)
    elif shape == 3:  # many ties
        v = 1.0 + rng.integers(0, rng.integers(1, 12) + 1, n)
    elif shape == 4:  # some ties: rounded, as polls do
        v = np.round(rng.lognormal(0, 0.5, n), 2) + 0.01
    else:
        v = rng.uniform(0.5, 1.5, n)
    return ten_digits(np.abs(v) * scale)


def marks(rng, n):
    """Who is censored: nobody, some, most, all."""
    share = rng.choice([0, 0.05, 0.3, 0.8, 1.0], p=[0.25, 0.25, 0.25, 0.15, 0.1])
    return (rng.random(n) < share).astype(float)


def groups(rng, most):
    """Of one shape, some of them shifted."""
    n_groups = int(rng.integers(2, 6))
    ns = [size(rng, most) for _ in range(n_groups)]
    v = times(rng, sum(ns))
    v *= np.repeat(1 + 0.2 * rng.integers(0, 3, n_groups), ns)
    return np.split(ten_digits(v), np.cumsum(ns)[:-1])


def pair_of(rng, most):
    n_x, n_y = size(rng, most), size(rng, most)
    v = times(rng, n_x + n_y)
    if rng.random() < 0.5:
        v[n_x:] = ten_digits(1.3 * v[n_x:])
    return [v[:n_x], v[n_x:]]


def distributions(rng, _):
    a = 10 ** rng.uniform(-1, 4.5)
    return [rng.normal() * 10 ** rng.uniform(-2, 1.3), rng.gamma(a) + 1e-9, a, rng.uniform(1e-4, 1 - 1e-4)], []


def beta(rng, _):
    a, b = 10 ** rng.uniform(-1, 4.5, 2)
    return [np.clip(rng.beta(a, b), 1e-12, 1 - 1e-12), a, b, rng.uniform(1e-3, 1 - 1e-3)], []


def binomial(rng, most):
    n, p = size(rng, most), rng.choice([0.5, 0.95, 0.99, rng.uniform(0.001, 0.999)])
    return [rng.integers(-1, n + 1) if rng.random() < 0.3 else rng.binomial(n, p), n, p], []


def figures(rng, most):
    n = size(rng, most)
    return [rng.choice([0, 0, int(rng.integers(0, n + 2))])], [times(rng, n)]


def interval(rng, most):
    n = size(rng, most)
    p = rng.choice([0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99])
    return [rng.choice([0, 0, int(rng.integers(0, n // 3 + 2))]), p, rng.choice([0.9, 0.95, 0.99])], [times(rng, n)]


def share(rng, most):
    n = size(rng, most)
    return [rng.choice([0, n, int(rng.integers(0, n + 1))]), n, rng.choice([0.9, 0.95, 0.99])], []


QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)


def survival(rng, most):
    n = size(rng, most)
    return QUANTILES, [times(rng, n), marks(rng, n)]


def logrank(rng, most):
    arrays = []
    for v in groups(rng, most):
        arrays += [v, marks(rng, len(v))]
    return [], arrays


def kruskal(rng, most):
    return [], groups(rng, most)


def pair(rng, most):
    return [], pair_of(rng, min(most, 3))


def needed(rng, _):
    return [rng.uniform(0, 1), rng.choice([0.05, 0.01, 0.05 / 3]), rng.choice([0.8, 0.9])], []


def schoenfeld(rng, _):
    return [rng.uniform(-3, 3), rng.uniform(0.01, 1), rng.choice([0.05, 0.01, 0.05 / 3]), rng.choice([0.8, 0.9])], []


def holm(rng, _):
    return [], [rng.uniform(0, 1, int(rng.integers(1, 60))) ** rng.integers(1, 9)]


def trend(rng, most):
    v = times(rng, int(rng.integers(3, 9)) if rng.random() < 0.3 else max(3, size(rng, min(most, 3))))
    return [], [ten_digits(v * (1 + np.arange(len(v)) * rng.choice([0, 0.01])))]


def modes(rng, _):
    return [], [times(rng, int(rng.integers(12, 600)))]


KINDS = (distributions, beta, binomial, figures, interval, share, survival, logrank, kruskal, pair, needed, schoenfeld,
         holm, trend, modes)


def draw(rng, n, quick):
    """n cases of each kind; one in twenty is huge."""
    drawn = []
    for kind in KINDS:
        for _ in range(n):
            most = 4 if not quick and rng.random() < 0.05 else 3
            args, arrays = kind(rng, most)
            drawn.append((kind.__name__, args, arrays))
    return drawn
