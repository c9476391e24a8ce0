-- dual_master once more, by another way: from the answers alone. What differs from the stored figure is a row.
--
-- A node names a master surely from when its first answer that does was there until its last one was sent, and at most
-- from its answer before until its answer after. Two nodes that name different ones at once make a span; spans that
-- overlap count once. The upper end is compared where no process ended: a node that has ended names nobody.
WITH fault AS (
    SELECT t.trial_id, t.fault IN ('partition', 'pause') AS all_live,
           (SELECT s.issued_ns FROM v_step s WHERE s.trial_id = t.trial_id ORDER BY s.step_id LIMIT 1) AS at_ns
    FROM v_trial t
    WHERE t.fault NOT IN ('noop', 'watched') AND t.outcome = 'recovered'
), answer AS (
    SELECT a.trial_id, a.observer, a.sent_ns, a.done_ns, s.master_id,
           row_number() OVER (PARTITION BY a.trial_id, a.observer ORDER BY a.done_ns)
               - row_number() OVER (PARTITION BY a.trial_id, a.observer, s.master_id ORDER BY a.done_ns) AS part
    FROM v_sample a JOIN snapshot s USING (snapshot_id)
), naming AS (
    SELECT trial_id, observer, master_id, min(done_ns) AS sure_from_ns, max(sent_ns) AS sure_to_ns,
           lag(max(sent_ns)) OVER node AS from_ns, lead(min(done_ns)) OVER node AS to_ns
    FROM answer
    GROUP BY trial_id, observer, master_id, part
    WINDOW node AS (PARTITION BY trial_id, observer ORDER BY min(done_ns))
), pair AS (
    SELECT f.trial_id,
           max(f.at_ns, a.sure_from_ns, b.sure_from_ns) AS sure_from_ns, min(a.sure_to_ns, b.sure_to_ns) AS sure_to_ns,
           max(f.at_ns, coalesce(a.from_ns, 0), coalesce(b.from_ns, 0)) AS from_ns,
           coalesce(min(a.to_ns, b.to_ns), a.to_ns, b.to_ns) AS to_ns -- NULL: neither has ceased to
    FROM fault f
    JOIN naming a USING (trial_id)
    JOIN naming b ON b.trial_id = a.trial_id AND b.observer > a.observer AND b.master_id <> a.master_id
), span AS (
    SELECT trial_id, 1 AS sure, sure_from_ns AS from_ns, sure_to_ns AS to_ns FROM pair
    UNION ALL
    SELECT trial_id, 0, from_ns, to_ns FROM pair
), fresh AS (
    SELECT trial_id, sure, to_ns,
           max(from_ns, coalesce(max(to_ns) OVER (PARTITION BY trial_id, sure ORDER BY from_ns, to_ns
                                                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), from_ns)) AS from_ns
    FROM span
    WHERE to_ns > from_ns
), derived AS (
    SELECT f.trial_id, f.all_live,
           coalesce((SELECT sum(max(0, s.to_ns - s.from_ns)) FROM fresh s WHERE s.trial_id = f.trial_id AND s.sure), 0) AS lo_ns,
           iif(EXISTS (SELECT 1 FROM pair p WHERE p.trial_id = f.trial_id AND p.to_ns IS NULL), NULL,
               coalesce((SELECT sum(max(0, s.to_ns - s.from_ns)) FROM fresh s WHERE s.trial_id = f.trial_id AND NOT s.sure), 0))
               AS hi_ns
    FROM fault f
)
SELECT d.trial_id, 'derived', d.lo_ns, d.hi_ns, 'stored', m.lo_ns, m.hi_ns, m.censored
FROM derived d
LEFT JOIN v_metric m ON m.trial_id = d.trial_id AND m.metric = 'dual_master'
WHERE m.lo_ns IS NOT d.lo_ns
   OR d.all_live AND (m.hi_ns IS NOT d.hi_ns
                      OR m.censored IS NOT iif(d.hi_ns IS NULL, 1, iif(d.lo_ns = 0 AND d.hi_ns > 0, -1, 0)));
