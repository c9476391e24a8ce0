#!/usr/bin/env python3
"""Makes the golden values that tests/unit/test_stats_*.c hold the statistics to.

    make_golden.py OUT.txt

Needs SciPy, lifelines and statsmodels. A case is a line "case KIND", lines "key numbers...", and
an empty line. Numbers are written with all their digits; "@lcg SEED N M" stands for N numbers of the
generator below, which the tests have too, so that large samples take no room. An array named c...
marks as censored what is above 0.5. The same libraries give the same file.
"""

import itertools
import math
import sys
import warnings

import numpy as np
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from scipy import special, stats
from statsmodels.stats.multitest import multipletests

from parts import exact_place, inverse_beta, reached

warnings.simplefilter("ignore")


class Sample:
    """Numbers, and how the file writes them."""

    def __init__(self, values, text=None):
        self.v = np.asarray(values, dtype=float)
        self.text = text or " ".join(number(x) for x in self.v)


def number(x):
    return str(int(x)) if isinstance(x, (bool, int, np.integer)) else repr(float(x))


def lcg(seed, n, m):
    """n multiples of 1/8 below m/8: the smaller m, the more ties."""
    values, state = [], seed
    for _ in range(n):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        values.append(((state >> 33) % m) / 8)
    return Sample(values, f"@lcg {seed} {n} {m}")


class File:
    def __init__(self, path):
        self.out = open(path, "w", encoding="utf-8")

    def case(self, kind, **fields):
        print("case", kind, file=self.out)
        for key, value in fields.items():
            if isinstance(value, Sample):
                text = value.text
            elif np.ndim(value) == 0:
                text = number(value)
            else:
                text = " ".join(number(x) for x in value)
            print(key, text, file=self.out)
        print(file=self.out)


def distributions(f):
    rng = np.random.default_rng(1)

    def value(kind, function, *args):
        f.case(kind, args=args, value=function(*args))

    for z in (-37, -20, -8.5, -3, -1.96, -1e-9, 0, 0.1, 1, 5, 8, 30):
        value("normal_cdf", special.ndtr, z)
        value("normal_sf", lambda z: special.ndtr(-z), z)
    for p in (1e-300, 1e-20, 1e-5, 0.0249, 0.025, 0.2, 0.4999, 0.500001, 0.8, 0.975, 0.99999):
        value("normal_quantile", special.ndtri, p)
    for _ in range(60):
        a, b = 10 ** rng.uniform(-1, 4.5, 2)
        x = np.clip(rng.beta(a, b), 1e-12, 1 - 1e-12)
        value("beta_cdf", stats.beta.cdf, x, a, b)
        value("beta_quantile", inverse_beta, rng.uniform(0.001, 0.999), a, b)
        x = rng.gamma(a) + 1e-9
        value("gamma_cdf", lambda x, a: special.gammainc(a, x), x, a)
        value("gamma_sf", lambda x, a: special.gammaincc(a, x), x, a)
        value("gamma_quantile", lambda p, a: special.gammaincinv(a, p), rng.uniform(0.001, 0.999), a)
    for x, df in itertools.product((0, 0.1, 1, 3.84, 30, 200), (1, 2, 5, 199)):
        value("chi2_sf", stats.chi2.sf, x, df)
    for t, df in itertools.product((0, 0.01, -2, 5, 60), (1, 2, 28, 10000)):
        value("t_two_sided", lambda t, df: 2 * stats.t.sf(abs(t), df), t, df)
    for n in (1, 6, 59, 1000, 100000):
        for p in (0.01, 0.5, 0.95):
            for k in {-1, 0, int(n * p), int(n * p + math.sqrt(n)), n - 1, n}:
                value("binomial_cdf", stats.binom.cdf, k, n, p)
                value("binomial_sf", stats.binom.sf, k, n, p)


def intervals(f):
    for p, confidence in itertools.product((0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99), (0.9, 0.95, 0.99)):
        needs = next(n for n in range(1, 10000) if 1 - p**n - (1 - p) ** n >= confidence)
        f.case("needs", p=p, confidence=confidence, needs=needs)
        for n in (needs, needs + 1, 2 * needs, 10000, 100000):
            tail = (1 - confidence) / 2
            b = stats.binom(n, p)
            ci = stats.quantile_test(np.arange(1, n + 1), p=p).confidence_interval(confidence)
            lo, hi = ci.low, ci.high
            if math.isnan(lo):
                lo, rest = 1, 2 * tail - b.cdf(0)
                hi = next(u for u in range(1, n + 1) if b.sf(u - 1) <= rest)
            elif math.isnan(hi):
                hi, rest = n, 2 * tail - b.sf(n - 1)
                lo = next(u for u in range(n, 0, -1) if b.cdf(u - 1) <= rest)
            coverage = b.cdf(hi - 1) - b.cdf(lo - 1)
            assert coverage >= confidence
            f.case("interval", n=n, p=p, confidence=confidence, lo=int(lo), hi=int(hi), coverage=coverage)
    for k, n in ((0, 1), (1, 1), (0, 30), (1, 30), (15, 30), (29, 30), (30, 30), (3, 10000), (5000, 10000)):
        for confidence in (0.9, 0.95, 0.99):
            # binomtest().proportion_ci() is the same to an absolute 2e-12 only
            lo = inverse_beta((1 - confidence) / 2, k, n - k + 1) if k else 0
            hi = inverse_beta((1 + confidence) / 2, k + 1, n - k) if k < n else 1
            ci = stats.binomtest(k, n).proportion_ci(confidence, "exact")
            assert abs(ci.low - lo) < 1e-10 and abs(ci.high - hi) < 1e-10
            f.case("share", k=k, n=n, confidence=confidence, lo=lo, hi=hi)



def survival_case(f, x, c):
    censored = c.v > 0.5
    km = KaplanMeierFitter(alpha=0.05).fit(x.v, ~censored)
    table = km.event_table
    events = table[table.observed > 0]
    times = events.index.to_numpy()
    s = km.survival_function_.loc[times, "KM_estimate"].to_numpy()
    d, r = events.observed.to_numpy(), events.at_risk.to_numpy()
    greenwood = np.cumsum(np.where(r > d, d / np.where(r > d, r * (r - d), 1), math.inf))
    bands = km.confidence_interval_.loc[times].to_numpy()
    for i in np.flatnonzero(s <= 0):
        s[i], bands[i] = 0, math.nan
    reference = stats.ecdf(stats.CensoredData(uncensored=x.v[~censored], right=x.v[censored])).sf
    assert np.allclose(reference.evaluate(times), s, rtol=1e-12, atol=1e-14)
    fields = {"x": x, "c": c}
    if len(times) <= 60:
        fields |= {"t": times, "r": r, "s": s, "greenwood": greenwood, "lo": bands[:, 0], "hi": bands[:, 1]}
    last = x.v.max()
    for p in (0.1, 0.25, 0.5, 0.75, 0.9):
        at = reached(times, s, 1 - p, last)
        if not np.any(np.abs(s - (1 - p)) < 1e-7):
            assert at == km.percentile(1 - p), (at, km.percentile(1 - p))
        lo, hi = (reached(times, bands[:, i], 1 - p, last) for i in (0, 1))
        if len(s) and s[-1] == 0 and math.isinf(lo):
            lo = math.nan
        fields[f"q{round(100 * p)}"] = (at, lo, hi)
    f.case("survival", **fields)


def survivals(f):
    # remission of acute myelogenous leukaemia, maintained: the example of R's survival package
    survival_case(f, Sample([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]), Sample([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1]))
    survival_case(f, Sample([5]), Sample([0]))
    survival_case(f, Sample([5]), Sample([1]))
    survival_case(f, Sample([5, 3]), Sample([0, 0]))
    survival_case(f, Sample([5, 3, 3]), Sample([1, 0, 1]))
    survival_case(f, Sample([1, 2, 3, 4]), Sample([0, 0, 1, 1]))
    for seed, n, m in ((1, 10, 1000), (2, 20, 40), (3, 30, 10**6), (4, 30, 8), (5, 100, 10**6), (6, 10000, 4000)):
        survival_case(f, lcg(seed, n, m), lcg(seed + 100, n, 8))
        survival_case(f, lcg(seed, n, m), lcg(seed + 100, n, 1))
        survival_case(f, lcg(seed, n, m), lcg(seed + 100, n, 5))


def groups_of(*samples):
    return {f"x{i}": s for i, s in enumerate(samples)}


def logrank_case(f, samples, marks):
    label = np.repeat(np.arange(len(samples)), [len(s.v) for s in samples])
    x, c = (np.concatenate([s.v for s in part]) for part in (samples, marks))
    result = multivariate_logrank_test(x, label, c <= 0.5)
    f.case("logrank", **groups_of(*samples), **{f"c{i}": s for i, s in enumerate(marks)},
           statistic=result.test_statistic, p=result.p_value, df=len(samples) - 1)


def group_tests(f):
    for seed, sizes, m in ((10, (5, 6), 100), (20, (1, 2, 3), 1000), (30, (20, 30, 40), 24), (40, (8, 30, 9, 12, 50), 400),
                           (50, (10000, 9000), 4000), (60, (3000, 4000, 2000, 1000), 10**6)):
        samples = [lcg(seed + i, n, m + m // 10 * i) for i, n in enumerate(sizes)]
        h = stats.kruskal(*[s.v for s in samples])
        f.case("kruskal", **groups_of(*samples), statistic=h.statistic, p=h.pvalue, df=len(sizes) - 1)
        logrank_case(f, samples, [lcg(seed + 1000 + i, n, 8) for i, n in enumerate(sizes)])
        logrank_case(f, samples, [lcg(seed + 1000 + i, n, 1) for i, n in enumerate(sizes)])



def shift_case(f, x, y, tied):
    n_x, n_y, n = len(x.v), len(y.v), len(x.v) + len(y.v)
    exact = not tied and max(n_x, n_y) <= 50
    d = np.sort(np.subtract.outer(y.v, x.v).ravel())
    coverage = math.nan
    if exact:
        c, coverage = exact_place(n_x, n_y, 0.025)
    else:
        t = np.unique(np.concatenate([x.v, y.v]), return_counts=True)[1].astype(float)
        sd = math.sqrt(n_x * n_y / 12 * (n + 1 - (t**3 - t).sum() / (n * (n - 1))))
        c = max(0, math.floor(n_x * n_y / 2 + special.ndtri(0.025) * sd + 0.5))
    f.case("shift", x=x, y=y, shift=np.median(d), lo=d[c - 1] if c else math.nan, hi=d[-c] if c else math.nan,
           coverage=coverage)


def pair_tests(f):
    pairs = [(Sample([1]), Sample([2])), (Sample([1, 2]), Sample([3])), (Sample([1, 2, 3]), Sample([4, 5, 6])),
             (Sample([1, 2, 3, 4]), Sample([5, 6, 7, 8])), (Sample([2, 2]), Sample([2, 3])),
             (Sample([1, 1, 1]), Sample([1, 1, 2, 5])), (Sample([3, 9]), Sample([1, 2, 4, 5, 6, 7, 8, 10, 11]))]
    for seed, n_x, n_y, m in ((70, 8, 9, 10**6), (71, 30, 30, 10**6), (72, 50, 50, 10**7), (73, 50, 17, 10**7),
                              (74, 51, 50, 10**7), (75, 30, 30, 80), (76, 40, 25, 10), (77, 2000, 1500, 3000)):
        pairs.append((lcg(seed, n_x, m), lcg(seed + 100, n_y, m + m // 5)))
    large = (lcg(78, 10000, 5000), lcg(178, 9000, 5100))
    for x, y in pairs + [large]:
        both = np.concatenate([x.v, y.v])
        tied = len(np.unique(both)) < len(both)
        exact = not tied and max(len(x.v), len(y.v)) <= 50
        r = stats.mannwhitneyu(x.v, y.v, method="exact" if exact else "asymptotic")
        f.case("mann_whitney", x=x, y=y, u=r.statistic, p=r.pvalue, exact=exact,
               superiority=1 - r.statistic / (len(x.v) * len(y.v)))
        if x is not large[0]:
            shift_case(f, x, y, tied)
    for superiority in (0, 0.2, 0.49, 0.55, 0.7, 1):
        for alpha, power in ((0.05, 0.8), (0.01, 0.9)):
            z = stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power)
            f.case("trials_needed", args=(superiority, alpha, power), value=math.ceil(z**2 / (6 * (superiority - 0.5) ** 2)))
    for p in ([0.01], [0.04, 0.01, 0.03, 0.005], [0.5, 0.5, 0.9], lcg(5, 40, 8).v / 8, [0.001] * 5):
        f.case("holm", p=p, adjusted=multipletests(p, method="holm")[1])


def trends(f):
    for values in (Sample([3, 1, 2]), Sample([1, 2, 3, 4, 5]), Sample([2, 2, 2, 3]), lcg(80, 30, 10**6), lcg(81, 30, 8),
                   lcg(82, 500, 100), lcg(83, 10000, 3000)):
        n, order = len(values.v), np.arange(len(values.v))
        s = sum(float(np.sign(values.v[i + 1:] - values.v[i]).sum()) for i in range(n))
        t = np.unique(values.v, return_counts=True)[1].astype(float)
        variance = (n * (n - 1) * (2 * n + 5) - (t * (t - 1) * (2 * t + 5)).sum()) / 18
        rho = stats.spearmanr(order, values.v)
        f.case("trend", x=values, s=s, tau=stats.kendalltau(order, values.v).statistic,
               kendall_p=min(1, 2 * stats.norm.sf((abs(s) - 1) / math.sqrt(variance))),
               rho=rho.statistic, spearman_p=rho.pvalue)


def modes(f):
    rng = np.random.default_rng(2)
    for parts in (((40, 1, 0.1),), ((30, 1, 0.1), (30, 3, 0.3)), ((500, 1, 0.2), (200, 4, 0.2), (300, 9, 0.5)), ((20, 1, 0.05), (1, 500, 0))):
        v = np.sort(np.concatenate([np.round(rng.normal(at, sd, n), 4) for n, at, sd in parts]))
        q1, q3 = np.percentile(v, (25, 75))
        h = 0.9 * min(v.std(ddof=1), (q3 - q1) / 1.34) * len(v) ** -0.2
        density = stats.gaussian_kde(v, h / v.std(ddof=1))
        peaks = []
        for n, at, sd in parts:
            if n > 5:
                near = np.arange(at - 2 * sd, at + 2 * sd, h / 100)
                peaks.append(near[np.argmax(density(near))])
        f.case("modes", x=v, bandwidth=h, peaks=peaks)




if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    golden = File(sys.argv[1])
    for part in (distributions, intervals, survivals, group_tests, pair_tests, trends, modes):
        part(golden)
    golden.out.close()
