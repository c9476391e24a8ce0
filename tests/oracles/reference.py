"""What SciPy, lifelines and R say of a case; None: nothing, or nothing of one number."""

import math
import warnings

import numpy as np
from scipy import special, stats

from parts import exact_place, inverse_beta, reached

warnings.simplefilter("ignore")
NAN, INF = math.nan, math.inf
NEEDS = (1, 4, 1, 4, 10, 20, 100, 1)  # min p25 p50 p75 p90 p95 p99 max
ORDERS = (0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1)


def distributions(args, _):
    z, x, a, p = args
    return [special.ndtr(z), special.ndtr(-z), special.ndtri(p), special.gammainc(a, x), special.gammaincc(a, x),
            special.gammaincinv(a, p), stats.chi2.sf(x, a), 2 * stats.t.sf(abs(z), a)]


def beta(args, _):
    x, a, b, p = args
    return [special.betainc(a, b, x), inverse_beta(p, a, b)]


def binomial(args, _):
    k, n, p = args
    return [stats.binom.cdf(k, n, p), stats.binom.sf(k, n, p)]


def type_7(v, p):
    """v: ascending, inf where censored; NaN: it depends on an unknown one."""
    h = (len(v) - 1) * p
    i = math.floor(h + 1e-9) if abs(h - round(h)) < 1e-9 else math.floor(h)
    if i + 1 >= len(v) or abs(h - i) < 1e-9:
        return v[i] if math.isfinite(v[i]) else NAN
    return np.percentile(v[:i + 2], 100 * h / (i + 1)) if math.isfinite(v[i + 1]) else NAN


def figures(args, arrays):
    observed = np.sort(arrays[0])
    n_censored = int(args[0])
    v = np.concatenate([observed, np.full(n_censored, INF)])
    out = [type_7(v, p) if len(v) >= need else NAN for p, need in zip(ORDERS, NEEDS)]
    mean = np.mean(observed) if not n_censored else NAN
    sd = np.std(observed, ddof=1) if not n_censored and len(v) >= 2 else NAN
    iqr = out[3] - out[1]
    return out + [mean, sd] + [out[1] - 1.5 * iqr, out[3] + 1.5 * iqr, out[1] - 3 * iqr, out[3] + 3 * iqr]


def equal_tails(n, p, confidence, b, tail):
    if hasattr(stats, "quantile_test"):  # SciPy 1.11; Debian 12 has 1.10
        ci = stats.quantile_test(np.arange(1, n + 1), p=p).confidence_interval(confidence)
        return ci.low, ci.high
    lo, hi = b.ppf(tail), b.isf(tail) + 1
    return lo if lo >= 1 else NAN, hi if hi <= n else NAN


def interval(args, arrays):
    n_censored, p, confidence = int(args[0]), args[1], args[2]
    observed = np.sort(arrays[0])
    n = len(observed) + n_censored
    needs = next(k for k in range(1, 10**5) if 1 - p**k - (1 - p) ** k >= confidence)
    if n < needs:
        return [0, 0, None, needs, NAN, NAN]
    tail, b = (1 - confidence) / 2, stats.binom(n, p)
    lo, hi = equal_tails(n, p, confidence, b, tail)
    if math.isnan(lo):
        lo, rest = 1, 2 * tail - b.cdf(0)
        hi = next(u for u in range(1, n + 1) if b.sf(u - 1) <= rest)
    elif math.isnan(hi):
        hi, rest = n, 2 * tail - b.sf(n - 1)
        lo = next(u for u in range(n, 0, -1) if b.cdf(u - 1) <= rest)
    lo, hi = int(lo), int(hi)
    value = [observed[i - 1] if i <= len(observed) else INF for i in (lo, hi)]
    return [lo, hi, b.cdf(hi - 1) - b.cdf(lo - 1), needs] + value


def share(args, _):
    k, n, confidence = int(args[0]), int(args[1]), args[2]
    return [inverse_beta((1 - confidence) / 2, k, n - k + 1) if k else 0,
            inverse_beta((1 + confidence) / 2, k + 1, n - k) if k < n else 1]


def kruskal(_, arrays):
    if len(np.unique(np.concatenate(arrays))) == 1:
        return [NAN, None, NAN]
    h = stats.kruskal(*arrays)
    return [h.statistic, len(arrays) - 1, h.pvalue]


def pair(_, arrays):
    x, y = arrays
    n_x, n_y = len(x), len(y)
    n = n_x + n_y
    values, counts = np.unique(np.concatenate(arrays), return_counts=True)
    exact = len(values) == n and max(n_x, n_y) <= 50
    r = stats.mannwhitneyu(x, y, method="exact" if exact else "asymptotic")
    p = r.pvalue if len(values) > 1 else NAN
    d = np.sort(np.subtract.outer(y, x).ravel())
    coverage = NAN
    if exact:
        c, coverage = exact_place(n_x, n_y, 0.025)
    else:
        t = counts.astype(float)
        sd = math.sqrt(max(0, n_x * n_y / 12 * (n + 1 - (t**3 - t).sum() / (n * (n - 1)))))
        c = max(0, math.floor(n_x * n_y / 2 + special.ndtri(0.025) * sd + 0.5))
    return [r.statistic, p, 1 - r.statistic / (n_x * n_y), exact, np.median(d), d[c - 1] if c else NAN,
            d[-c] if c else NAN, coverage]


def needed(args, _):
    superiority, alpha, power = args
    z = stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power)
    n = math.ceil(z**2 / (6 * (superiority - 0.5) ** 2))
    return [n if n <= 1e9 else 0]


def schoenfeld(args, _):
    """Of N trials, half in each group, N p / 4 is the variance of O - E, and log_hazard_ratio times that its mean."""
    log_hazard_ratio, p, alpha, power = args
    z = stats.norm.isf(alpha / 2) + stats.norm.isf(1 - power)
    n = math.ceil((z / log_hazard_ratio) ** 2 * 4 / p / 2)
    return [n if n <= 1e9 else 0]


def holm(_, arrays):
    p = np.asarray(arrays[0])
    order = np.argsort(p, kind="stable")
    out = np.empty(len(p))
    out[order] = np.minimum(1, np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p)))))
    return list(out)


def trend(_, arrays):
    v = np.asarray(arrays[0])
    n = len(v)
    if len(np.unique(v)) == 1:
        return [NAN] * 5
    order = np.arange(n)
    s = sum(float(np.sign(v[i + 1:] - v[i]).sum()) for i in range(n))
    t = np.unique(v, return_counts=True)[1].astype(float)
    variance = (n * (n - 1) * (2 * n + 5) - (t * (t - 1) * (2 * t + 5)).sum()) / 18
    rho = stats.spearmanr(order, v)
    return [s, stats.kendalltau(order, v).statistic, min(1, 2 * stats.norm.sf((abs(s) - 1) / math.sqrt(variance))),
            rho.statistic, None if abs(rho.statistic) > 1 - 1e-12 else rho.pvalue]


def modes(_, arrays, ours):
    """The bandwidth; and each peak, if SciPy's density has its maximum within h/16 or is as flat there."""
    v = np.sort(arrays[0])
    q1, q3 = np.percentile(v, (25, 75))
    sd = v.std(ddof=1)
    if sd == 0:
        return [0, v[0]]
    h = 0.9 * (min(sd, (q3 - q1) / 1.34) if q3 > q1 else sd) * len(v) ** -0.2
    if not np.isclose(ours[0], h, rtol=1e-9):
        return [h] + ours[1:]
    density = stats.gaussian_kde(v, h / sd)
    out = [h]
    for at in ours[1:]:
        near = np.linspace(at - h / 4, at + h / 4, 401)
        d = density(near)
        top = near[np.argmax(d)]
        flat = density(at)[0] >= d.max() * (1 - 2e-3)
        out.append(at if abs(top - at) <= h / 16 or flat else top)
    return out


SCIPY = {f.__name__: f for f in (distributions, beta, binomial, figures, interval, share, kruskal, pair, needed,
                                 schoenfeld, holm, trend)}


def scipy_says(case, ours):
    kind, args, arrays = case
    if kind == "modes":
        return modes(args, arrays, ours)
    return [None if x is None else float(x) for x in SCIPY[kind](args, arrays)] if kind in SCIPY else None


def has_lifelines():
    try:
        import lifelines  # noqa: F401
    except ImportError:
        return False
    return True


def survival_by_lifelines(args, arrays):
    from lifelines import KaplanMeierFitter

    times, marks = np.asarray(arrays[0]), np.asarray(arrays[1]) > 0.5
    km = KaplanMeierFitter(alpha=0.05).fit(times, ~marks)
    table = km.event_table
    events = table[table.observed > 0]
    at = events.index.to_numpy()
    s = km.survival_function_.loc[at, "KM_estimate"].to_numpy().copy()
    d, r = events.observed.to_numpy(), events.at_risk.to_numpy()
    greenwood = np.cumsum(np.where(r > d, d / np.where(r > d, r * (r - d), 1), INF))
    bands = km.confidence_interval_.loc[at].to_numpy().copy()
    gone = s <= 1e-14
    s[gone], bands[gone] = 0, NAN
    out = []
    for p in args:
        lo, hi = (reached(at, bands[:, i], 1 - p, times.max()) for i in (0, 1))
        if len(s) and s[-1] == 0 and math.isinf(lo):
            lo = NAN
        out += [reached(at, s, 1 - p, times.max()), lo, hi]
    for i in range(len(at)):
        out += [at[i], r[i], d[i], s[i], greenwood[i], bands[i, 0], bands[i, 1]]
    return out


def logrank_by_lifelines(arrays):
    from lifelines.statistics import multivariate_logrank_test

    times, marks = (np.concatenate(arrays[i::2]) for i in (0, 1))
    label = np.repeat(np.arange(len(arrays) // 2), [len(v) for v in arrays[::2]])
    # lifelines leaves groups in in which no event can be expected, and has no answer then
    first = times[marks < 0.5].min() if (marks < 0.5).any() else INF
    if any(v.max() < first for v in arrays[::2]):
        return None
    try:
        r = multivariate_logrank_test(times, label, marks < 0.5)
    except np.linalg.LinAlgError:
        return None
    return [r.test_statistic, len(arrays) // 2 - 1, r.p_value, None]  # it keeps O - E to itself


def lifelines_says(case):
    kind, args, arrays = case
    if kind == "survival":
        return survival_by_lifelines(args, arrays)
    return logrank_by_lifelines(arrays) if kind == "logrank" else None


def from_r(case, answer):
    """R's numbers in our order. NA of a quantile: not reached, or no limits; ours tells them apart."""
    kind, args, _ = case
    if kind == "survival":
        n = 3 * len(args)
        return [None if math.isnan(x) else x for x in answer[:n]] + answer[n:]
    if kind == "pair":
        return answer[:7] + [None]
    if kind == "figures":
        return [x if len(case[2][0]) >= need else NAN for x, need in zip(answer, NEEDS + (1, 2))] + [None] * 4
    return answer
