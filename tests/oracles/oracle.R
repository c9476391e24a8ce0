# oracle.R: the answers of R and its package survival to the cases of oracle.c: same lines in, same
# numbers out, as far as R has them; an empty line where it has none. See check.py.
suppressPackageStartupMessages(library(survival))

number <- function(x) ifelse(is.na(x), "nan", ifelse(is.infinite(x), ifelse(x > 0, "inf", "-inf"), sprintf("%.17g", x)))
numbers <- function(text) {
    words <- strsplit(trimws(text), " +")[[1]]
    as.numeric(words[words != ""])
}

survival_case <- function(p, times, marks) {
    # timefix would make one time of two that differ by rounding: ours are different
    fit <- survfit(Surv(times, marks < 0.5) ~ 1, conf.type = "log-log", timefix = FALSE)
    q <- quantile(fit, p)
    has <- fit$n.event > 0
    s <- fit$surv[has]
    greenwood <- fit$std.err[has]^2
    greenwood[s <= 0] <- Inf
    steps <- rbind(fit$time[has], fit$n.risk[has], fit$n.event[has], s, greenwood, fit$lower[has], fit$upper[has])
    c(as.vector(rbind(q$quantile, q$lower, q$upper)), as.vector(steps))
}

logrank_case <- function(arrays) {
    n <- length(arrays) / 2
    times <- unlist(arrays[2 * seq_len(n) - 1])
    marks <- unlist(arrays[2 * seq_len(n)])
    group <- rep(seq_len(n), sapply(arrays[2 * seq_len(n) - 1], length))
    if (length(unique(group)) < 2) return(c(NaN, 0, NaN, NaN))
    # survdiff 3.5 does not know timefix = FALSE; only the order of the times counts
    d <- survdiff(Surv(match(times, sort(unique(times))), marks < 0.5) ~ group)
    df <- sum(d$exp > 0) - 1
    if (df < 1) return(c(NaN, 0, NaN, NaN))
    c(d$chisq, df, pchisq(d$chisq, df, lower.tail = FALSE), (d$obs - d$exp)[n])
}

pair_case <- function(x, y) {
    tied <- anyDuplicated(c(x, y)) > 0
    if (tied || max(length(x), length(y)) >= 50) return(NULL)
    # y - x
    w <- suppressWarnings(wilcox.test(y, x, exact = TRUE, conf.int = TRUE))
    enough <- min(length(x), length(y)) >= 1 && qwilcox(0.025, length(x), length(y)) > 0
    u <- length(x) * length(y) - unname(w$statistic)
    c(u, w$p.value, 1 - u / (length(x) * length(y)), 1, unname(w$estimate),
      if (enough) w$conf.int else c(NaN, NaN), if (enough) attr(w$conf.int, "conf.level") else NaN)
}

figures_case <- function(n_censored, x) {
    if (n_censored > 0 || length(x) == 0) return(NULL)
    q <- unname(quantile(x, c(0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1), type = 7))
    c(q, mean(x), sd(x))
}

answer <- function(line) {
    parts <- strsplit(line, "|", fixed = TRUE)[[1]]
    kind <- sub(" .*", "", parts[1])
    args <- numbers(sub("^[a-z]+", "", parts[1]))
    arrays <- lapply(parts[-1], numbers)
    switch(kind,
        survival = survival_case(args, arrays[[1]], arrays[[2]]),
        logrank = logrank_case(arrays),
        pair = pair_case(arrays[[1]], arrays[[2]]),
        figures = figures_case(args[1], arrays[[1]]),
        share = binom.test(args[1], args[2], conf.level = args[3])$conf.int,
        holm = p.adjust(arrays[[1]], "holm"),
        kruskal = {
            k <- suppressWarnings(kruskal.test(arrays))
            c(k$statistic, k$parameter, k$p.value)
        },
        NULL)
}

input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
    cat(number(tryCatch(answer(line), error = function(e) NULL)), "\n")
}
