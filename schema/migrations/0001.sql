-- rejoin drill file, format 1.
--
-- Clocks: a column named *_ns is an integer of nanoseconds, *_us of microseconds. Where a column is
-- an instant, it is on CLOCK_MONOTONIC of the recording host unless it is named *_utc_us
-- (microseconds since 1970). A session holds the anchors that tie the two clocks together.
--
-- An interval (lo, hi] says: it happened after lo and not after hi. A hi of NULL says: not seen by
-- the time recording it stopped (right-censored).

PRAGMA application_id = 1380600142;  -- "RJIN" = 0x524A494E

-- One plan, run to its end in one or more sessions.
CREATE TABLE study (
    study_id      INTEGER PRIMARY KEY,
    uuid          TEXT NOT NULL UNIQUE,   -- made when the study is created
    name          TEXT NOT NULL,          -- plan: study.name
    objective     TEXT,                   -- plan: study.objective
    operator      TEXT,                   -- plan: study.operator, else the account that ran it
    plan_file     TEXT,                   -- the plan's file name, without folders
    plan_text     TEXT NOT NULL,          -- the plan as it was read
    plan_json     TEXT NOT NULL,          -- canonical: defaults filled in, --set applied, keys sorted, no spaces
    plan_sha256   TEXT NOT NULL,          -- of plan_json
    seed          INTEGER NOT NULL,       -- of the order and of the pauses
    trials_planned INTEGER NOT NULL,      -- trials the schedule holds, warm-up included
    created_utc_us INTEGER NOT NULL,
    finished_utc_us INTEGER               -- NULL: the schedule is not through
) STRICT;

-- One run of the collector on a study; --resume adds another.
CREATE TABLE session (
    session_id    INTEGER PRIMARY KEY,
    study_id      INTEGER NOT NULL REFERENCES study,
    tool_version  TEXT NOT NULL,
    command_line  TEXT NOT NULL,          -- JSON array
    libraries     TEXT NOT NULL,          -- JSON object: name -> version
    host          TEXT NOT NULL,
    kernel        TEXT NOT NULL,          -- uname: system, release, version, machine
    cpu           TEXT NOT NULL,          -- model name
    n_cpu         INTEGER NOT NULL,
    memory_bytes  INTEGER NOT NULL,
    sysctls       TEXT NOT NULL,          -- JSON object: name -> value, those that bear on failover times
    pid           INTEGER NOT NULL,
    work_dir      TEXT,                   -- local driver: the folder that holds its nodes
    start_mono_ns INTEGER NOT NULL,       -- first anchor: the two clocks read together
    start_utc_us  INTEGER NOT NULL,
    start_error_ns INTEGER NOT NULL,      -- the tie is true to within this
    end_mono_ns   INTEGER,                -- last anchor; NULL: the session was cut off (or still runs)
    end_utc_us    INTEGER,
    end_error_ns  INTEGER,
    ended_by      TEXT                    -- finished, interrupted, failed, killed (noted by heal or resume)
        CHECK (ended_by IN ('finished', 'interrupted', 'failed', 'killed'))
) STRICT;

-- One Elasticsearch or OpenSearch cluster that trials were run on. A driver that makes its own nodes makes
-- new clusters when a study is resumed: the same label again, with another uuid.
CREATE TABLE cluster (
    cluster_id    INTEGER PRIMARY KEY,
    study_id      INTEGER NOT NULL REFERENCES study,
    label         TEXT NOT NULL,          -- the driver's name for it, "3-masters"
    driver        TEXT NOT NULL,
    uuid          TEXT,                   -- cluster_uuid as the nodes report it; NULL until it was seen
    product       TEXT,                   -- elasticsearch, opensearch
    version       TEXT,
    master_eligible INTEGER NOT NULL,     -- how many of its nodes may become master
    n_nodes       INTEGER NOT NULL,
    settings      TEXT NOT NULL,          -- JSON object: what the plan sets on it (settings, heap, JVM options)
    n_indices     INTEGER NOT NULL DEFAULT 0,  -- made by the plan (factors.indices): the size of the cluster state
    insecure      INTEGER NOT NULL DEFAULT 0 CHECK (insecure IN (0, 1)),  -- 1: its certificates were not checked (cluster.tls.insecure)
    UNIQUE (study_id, label, uuid)
) STRICT;

CREATE TABLE node (
    node_id       INTEGER PRIMARY KEY,
    cluster_id    INTEGER NOT NULL REFERENCES cluster,
    ordinal       INTEGER NOT NULL CHECK (ordinal BETWEEN 0 AND 127),  -- its number in samples
    name          TEXT NOT NULL,          -- node.name
    http_url      TEXT NOT NULL,          -- where it is polled; never with credentials
    master_eligible INTEGER NOT NULL CHECK (master_eligible IN (0, 1)),
    roles         TEXT,                   -- JSON array as the cluster reports them; NULL until seen
    persistent_id TEXT,                   -- the node id that outlives a restart; NULL until seen
    version       TEXT,
    jvm           TEXT,
    UNIQUE (cluster_id, ordinal),
    UNIQUE (cluster_id, name)
) STRICT;

-- One combination of the plan's factors.
CREATE TABLE arm (
    arm_id        INTEGER PRIMARY KEY,
    study_id      INTEGER NOT NULL REFERENCES study,
    ordinal       INTEGER NOT NULL,
    cluster       TEXT NOT NULL,          -- cluster.label: where its trials are run
    master_eligible INTEGER NOT NULL,
    fault         TEXT NOT NULL,
    target        TEXT NOT NULL,
    factors       TEXT NOT NULL,          -- JSON object of every factor and its level, these three included
    UNIQUE (study_id, ordinal)
) STRICT;

-- One place of the schedule, run once. A trial that was cut off stays, as aborted; its place is run again.
CREATE TABLE trial (
    trial_id      INTEGER PRIMARY KEY CHECK (trial_id BETWEEN 1 AND 2097151),
    study_id      INTEGER NOT NULL REFERENCES study,
    session_id    INTEGER NOT NULL REFERENCES session,
    arm_id        INTEGER NOT NULL REFERENCES arm,
    cluster_id    INTEGER NOT NULL REFERENCES cluster,
    position      INTEGER NOT NULL,       -- 1, 2, ... in the schedule
    block         INTEGER NOT NULL,       -- 1, 2, ... round of the interleaving
    warmup        INTEGER NOT NULL CHECK (warmup IN (0, 1)),  -- kept, left out of the figures
    base_ns       INTEGER NOT NULL,       -- the instant from which sample.due_us counts
    end_ns        INTEGER,                -- NULL: still runs, or was cut off
    start_utc_us  INTEGER,                -- wall clock at base_ns; NULL: not read
    end_utc_us    INTEGER,                -- wall clock at end_ns
    anchor_error_ns INTEGER,              -- both are true to within this
    outcome       TEXT                    -- NULL while it runs
        CHECK (outcome IN ('recovered', 'no_reelection', 'no_rejoin', 'disturbed', 'gate_failed', 'aborted', 'instrument_error')),
    reason        TEXT,                   -- in plain words, where the outcome is not recovered
    diagnosis     TEXT,                   -- why a node did not come back: a word of collector/diagnose.h, reason says it in full
    victim_node_id INTEGER REFERENCES node,     -- the (first) node that the fault was done to; step has all
    old_master_node_id INTEGER REFERENCES node, -- elected before the fault
    new_master_node_id INTEGER REFERENCES node, -- the one the survivors agreed on
    old_ephemeral_id TEXT,                -- the victim's before the fault: only another one is a rejoin
    term_before   INTEGER,
    term_after    INTEGER                 -- when the survivors agreed
) STRICT;
CREATE INDEX trial_by_study ON trial (study_id, position);

-- What the collector did to a node. The row is made durable before the deed; one without undone_ns
-- on a node that should be up is what `rejoin-collector heal` looks for.
CREATE TABLE step (
    step_id       INTEGER PRIMARY KEY,
    session_id    INTEGER NOT NULL REFERENCES session,
    trial_id      INTEGER REFERENCES trial,
    node_id       INTEGER NOT NULL REFERENCES node,
    action        TEXT NOT NULL CHECK (action IN ('start', 'stop', 'kill', 'pause', 'resume', 'cut', 'mend', 'exclude', 'include', 'noop')),
    undoes_step_id INTEGER REFERENCES step,  -- start undoes stop and kill, resume undoes pause, mend undoes cut, include undoes exclude
    intent_ns     INTEGER NOT NULL,
    issued_ns     INTEGER,                -- just before the driver's call
    done_ns       INTEGER,                -- the call had returned
    gone_lo_ns    INTEGER,                -- the node's process ended in (gone_lo_ns, gone_hi_ns]
    gone_hi_ns    INTEGER,
    undone_ns     INTEGER,                -- when what undoes it was seen to have worked
    error         TEXT                    -- what the driver said, if it failed
) STRICT;
CREATE INDEX step_by_trial ON step (trial_id);

-- Nodes that a trial took at the same time, and whether the others went on. A cascade has several rounds.
CREATE TABLE loss (
    trial_id      INTEGER NOT NULL REFERENCES trial,
    round         INTEGER NOT NULL,       -- 1, 2, ...
    taken         TEXT NOT NULL,          -- JSON array: names of the nodes taken in this round; of a partition, those on the cut-off side
    n_lost        INTEGER NOT NULL,       -- nodes taken up to and with this round
    voters_before TEXT NOT NULL,          -- JSON array: names in the voting configuration just before
    left_out      TEXT NOT NULL,          -- JSON array: master-eligible nodes that were up and not in it
    predicted     INTEGER NOT NULL CHECK (predicted IN (0, 1)),  -- 1: what is left of voters_before is more than half of it
    worst         INTEGER NOT NULL CHECK (worst IN (0, 1)),      -- the same, had all taken nodes been voters
    survived      INTEGER CHECK (survived IN (0, 1)),  -- 1: the nodes left agreed on a master; 0: they had none; NULL: not known
    voters_after  TEXT,                   -- JSON array: once the nodes left had settled; NULL: they had no master
    reelection_lo_ns INTEGER,             -- from this round's fault_issued to the first node left that shows the new master;
    reelection_hi_ns INTEGER,             -- NULL: no other master was shown
    cut_off_master TEXT,                  -- partition: whom the cut-off side named at the end of the watch; NULL: nobody
    other_master  TEXT,                   -- partition: whom the other side named
    PRIMARY KEY (trial_id, round)
) STRICT, WITHOUT ROWID;

-- What the nodes say is in force of the settings that bear on elections, and of those that the plan sets.
CREATE TABLE effective_setting (
    cluster_id    INTEGER NOT NULL REFERENCES cluster,
    node_id       INTEGER NOT NULL REFERENCES node,
    name          TEXT NOT NULL,          -- cluster.election.initial_timeout, ...
    value         TEXT NOT NULL,
    source        TEXT NOT NULL CHECK (source IN ('node', 'persistent', 'transient', 'default')),
    PRIMARY KEY (cluster_id, node_id, name)
) STRICT, WITHOUT ROWID;

-- A cluster state as one node showed it. The same state seen again, by any node, is the same row.
CREATE TABLE snapshot (
    snapshot_id   INTEGER PRIMARY KEY,
    digest        TEXT NOT NULL UNIQUE,   -- SHA-256 of body
    cluster_uuid  TEXT,
    master_id     TEXT,                   -- persistent id of the master named; NULL: no master
    master_name   TEXT,
    term          INTEGER,                -- of the last applied state
    version       INTEGER,                -- state version
    state_uuid    TEXT,
    n_members     INTEGER NOT NULL,
    body          TEXT NOT NULL           -- JSON, canonical: members with ephemeral ids and roles, voting configurations
) STRICT;

-- One poll: a question put to one node. Packed: 20 to 24 bytes a row on disk.
CREATE TABLE sample (
    sample_key    INTEGER PRIMARY KEY,    -- trial_id << 42 | due_us << 7 | node ordinal
    trial_id      INTEGER GENERATED ALWAYS AS (sample_key >> 42) VIRTUAL REFERENCES trial,
    due_us        INTEGER GENERATED ALWAYS AS ((sample_key >> 7) & 34359738367) VIRTUAL,  -- since trial.base_ns
    node          INTEGER GENERATED ALWAYS AS (sample_key & 127) VIRTUAL,                 -- node.ordinal
    late_us       INTEGER NOT NULL,       -- sent this long after it was due (rounded down)
    took_us       INTEGER NOT NULL,       -- from sent to done (rounded up)
    outcome       INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 3),  -- 0 ok, 1 http_error, 2 net_error, 3 timeout
    snapshot_id   INTEGER REFERENCES snapshot CHECK ((snapshot_id IS NULL) = (outcome <> 0))
) STRICT;

-- The polls of one trial and node, counted. Nothing may be missing: the identities are checked here.
CREATE TABLE poll_count (
    trial_id      INTEGER NOT NULL REFERENCES trial,
    node_id       INTEGER NOT NULL REFERENCES node,
    due           INTEGER NOT NULL,       -- slots that came
    sent          INTEGER NOT NULL,
    skipped       INTEGER NOT NULL,       -- slots that found the last request still under way
    ok            INTEGER NOT NULL,       -- 200 with a cluster state
    http_error    INTEGER NOT NULL,       -- another status, or a body that is no cluster state
    net_error     INTEGER NOT NULL,       -- refused, reset, cut short
    timeout       INTEGER NOT NULL,
    reconnects    INTEGER NOT NULL,       -- requests that needed a new connection
    PRIMARY KEY (trial_id, node_id),
    CHECK (due = sent + skipped),
    CHECK (sent = ok + http_error + net_error + timeout)
) STRICT, WITHOUT ROWID;

-- One write of the write probe (probe.write): document number, put to one node. Packed like sample.
CREATE TABLE write_probe (
    write_key     INTEGER PRIMARY KEY,    -- trial_id << 42 | due_us << 7 | node ordinal
    trial_id      INTEGER GENERATED ALWAYS AS (write_key >> 42) VIRTUAL REFERENCES trial,
    due_us        INTEGER GENERATED ALWAYS AS ((write_key >> 7) & 34359738367) VIRTUAL,  -- since trial.base_ns
    node          INTEGER GENERATED ALWAYS AS (write_key & 127) VIRTUAL,                 -- node.ordinal
    number        INTEGER NOT NULL,       -- of the document: its id
    late_us       INTEGER NOT NULL,       -- sent this long after it was due (rounded down)
    took_us       INTEGER NOT NULL,       -- from sent to done (rounded up)
    outcome       INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 3),  -- 0 ok, 1 http_error, 2 net_error, 3 timeout
    acked         INTEGER GENERATED ALWAYS AS (outcome = 0) VIRTUAL  -- 1: acknowledged (200 or 201)
) STRICT;

-- The writes of one trial, counted, and what became of those acknowledged. A trial with a write probe has a row.
CREATE TABLE write_count (
    trial_id      INTEGER PRIMARY KEY REFERENCES trial,
    due           INTEGER NOT NULL,       -- slots that came
    sent          INTEGER NOT NULL,
    skipped       INTEGER NOT NULL,       -- slots that found the node's last write still under way
    ok            INTEGER NOT NULL,       -- acknowledged: 200 or 201
    http_error    INTEGER NOT NULL,
    net_error     INTEGER NOT NULL,
    timeout       INTEGER NOT NULL,
    found         INTEGER,                -- of ok: there after the trial; NULL: nobody could tell
    lost          INTEGER,                -- of ok: not there
    CHECK (due = sent + skipped),
    CHECK (sent = ok + http_error + net_error + timeout),
    CHECK ((found IS NULL) = (lost IS NULL) AND ok = coalesce(found + lost, ok))
) STRICT;

-- What a node said of the cluster's health (_cluster/health?local=true), each time it changed.
CREATE TABLE health_change (
    trial_id      INTEGER NOT NULL REFERENCES trial,
    node_id       INTEGER NOT NULL REFERENCES node,
    -- its key first: integrity_check of SQLite 3.40.1 sees NULLs in what stands before a key's column
    hi_ns         INTEGER NOT NULL,
    lo_ns         INTEGER NOT NULL,       -- it changed in (lo_ns, hi_ns]; for the first of a trial both are its first answer
    status        TEXT NOT NULL CHECK (status IN ('green', 'yellow', 'red', 'none')),  -- none: no answer
    PRIMARY KEY (trial_id, node_id, hi_ns)
) STRICT, WITHOUT ROWID;

-- Derived from samples: one node's view of who is master changed.
CREATE TABLE master_change (
    trial_id      INTEGER NOT NULL REFERENCES trial,
    node_id       INTEGER NOT NULL REFERENCES node,  -- the observer
    lo_ns         INTEGER NOT NULL,       -- sent of its last answer with the old view
    hi_ns         INTEGER NOT NULL,       -- done of its first answer with the new one
    old_master    TEXT,                   -- node name; NULL: none
    new_master    TEXT,
    term          INTEGER,                -- of the new view
    PRIMARY KEY (trial_id, node_id, hi_ns)
) STRICT, WITHOUT ROWID;

-- Derived from samples, steps and health: the durations of schema/metric.h.
CREATE TABLE metric (
    trial_id      INTEGER NOT NULL REFERENCES trial,
    metric        TEXT NOT NULL,
    origin        TEXT NOT NULL,          -- the instant it counts from: fault_issued, fault_done, http_refused, process_gone, start_issued; '' where the metric has its own
    observer      TEXT NOT NULL,          -- node name, '' where it is the whole cluster's
    lo_ns         INTEGER NOT NULL,       -- the duration lies in [lo_ns, hi_ns]
    hi_ns         INTEGER,                -- NULL: right-censored, longer than lo_ns
    censored      INTEGER NOT NULL CHECK (censored IN (-1, 0, 1)),  -- 1 right (limit reached); -1 left (shorter than the poll period); 0 no
    PRIMARY KEY (trial_id, metric, origin, observer),
    CHECK ((hi_ns IS NULL) = (censored = 1))
) STRICT, WITHOUT ROWID;

-- What a node's own log said of masters, line by line (collector/logs.h). No reader of samples: a
-- witness of its own, whose clock is the wall clock.
CREATE TABLE log_event (
    trial_id      INTEGER NOT NULL REFERENCES trial,
    node_id       INTEGER NOT NULL REFERENCES node,  -- whose log it is
    line          INTEGER NOT NULL,       -- 1, 2, ... of log_chunk.lines
    kind          TEXT NOT NULL CHECK (kind IN ('elected', 'applied', 'master_lost', 'checks_failed', 'node_join', 'node_left')),
    utc_us        INTEGER NOT NULL,       -- as logged, cut to whole milliseconds
    lo_ns         INTEGER,                -- it was written in (lo_ns, hi_ns]: that millisecond, by the trial's anchors
    hi_ns         INTEGER,                -- NULL both: it cannot be placed (see the incidents)
    term          INTEGER,
    state_version INTEGER,                -- of the cluster state
    master        TEXT,                   -- elected, applied: node name of the new master; NULL: none
    about         TEXT,                   -- elected, applied: the master before; else the node lost, joined or left
    n_checks      INTEGER,                -- checks_failed: how many
    ago_ms        INTEGER,                -- node_join: removed so long ago
    text          TEXT NOT NULL,          -- the message; a long one is cut, log_chunk has it whole
    PRIMARY KEY (trial_id, node_id, line),
    CHECK ((lo_ns IS NULL) = (hi_ns IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX log_event_applied ON log_event (trial_id, node_id, master, term, line, lo_ns, hi_ns) WHERE kind = 'applied';

-- What a node's log got during a trial, as it stands there.
CREATE TABLE log_chunk (
    trial_id      INTEGER NOT NULL REFERENCES trial,
    node_id       INTEGER NOT NULL REFERENCES node,
    n_lines       INTEGER NOT NULL,
    n_bytes       INTEGER NOT NULL,
    lines         BLOB NOT NULL,          -- zlib (RFC 1950)
    PRIMARY KEY (trial_id, node_id)
) STRICT;

-- What went wrong with the instrument itself, or must be known to read the figures.
CREATE TABLE incident (
    incident_id   INTEGER PRIMARY KEY,
    study_id      INTEGER NOT NULL REFERENCES study,
    trial_id      INTEGER REFERENCES trial,
    kind          TEXT NOT NULL,          -- skipped_polls, late_polls, bad_answer, cut_off, ...
    n             INTEGER NOT NULL,       -- how often
    detail        TEXT NOT NULL,
    at_ns         INTEGER                 -- NULL: not one moment
) STRICT;

-- Views: the stable interface for other tools.

-- One row a trial.
CREATE VIEW v_trial AS
SELECT t.trial_id,
       s.name AS study,
       a.master_eligible,
       a.fault,
       a.target,
       t.block,
       t.position,
       t.warmup,
       strftime('%Y-%m-%dT%H:%M:%fZ', (e.start_utc_us + (t.base_ns - e.start_mono_ns) / 1000) / 1000000.0, 'unixepoch') AS started_utc,
       t.outcome,
       t.reason,
       om.name AS old_master,
       nm.name AS new_master,
       t.term_after - t.term_before AS terms,
       v.name AS victim,
       a.factors,
       c.label AS cluster,
       c.uuid AS cluster_uuid,
       c.product,
       c.version,
       c.n_nodes,
       (t.end_ns - t.base_ns) / 1e9 AS took_s,
       s.uuid AS study_uuid,
       t.base_ns,
       t.end_ns,
       w.ok AS acknowledged_writes,
       w.lost AS lost_writes,
       CASE a.fault WHEN 'noop' THEN
           (SELECT count(*)
            FROM master_change m
            WHERE m.trial_id = t.trial_id
              AND m.hi_ns > (SELECT min(p.issued_ns) FROM step p WHERE p.trial_id = t.trial_id AND p.action = 'noop'))
       END AS false_changes
FROM trial t
JOIN study s USING (study_id)
JOIN session e USING (session_id)
JOIN arm a USING (arm_id)
JOIN cluster c ON c.cluster_id = t.cluster_id
LEFT JOIN node v ON v.node_id = t.victim_node_id
LEFT JOIN node om ON om.node_id = t.old_master_node_id
LEFT JOIN node nm ON nm.node_id = t.new_master_node_id
LEFT JOIN write_count w ON w.trial_id = t.trial_id;

-- Tidy: one row per trial, metric, origin and, where it applies, observer. value_s is the middle of the interval.
CREATE VIEW v_metric AS
SELECT m.trial_id,
       s.name AS study,
       a.master_eligible,
       a.fault,
       a.target,
       t.warmup,
       t.outcome,
       m.metric,
       nullif(m.origin, '') AS origin,
       nullif(m.observer, '') AS observer,
       m.lo_ns,
       m.hi_ns,
       (m.lo_ns + m.hi_ns) / 2e9 AS value_s,
       m.censored,
       s.uuid AS study_uuid
FROM metric m
JOIN trial t USING (trial_id)
JOIN study s USING (study_id)
JOIN arm a USING (arm_id);

-- Who was master, as each node saw it change.
CREATE VIEW v_master_change AS
SELECT m.trial_id,
       s.name AS study,
       n.name AS observer,
       m.old_master,
       m.new_master,
       m.term,
       m.lo_ns,
       m.hi_ns,
       (m.lo_ns - t.base_ns) / 1e9 AS lo_s,
       (m.hi_ns - t.base_ns) / 1e9 AS hi_s,
       s.uuid AS study_uuid
FROM master_change m
JOIN trial t USING (trial_id)
JOIN study s USING (study_id)
JOIN node n USING (node_id);

-- What the nodes' own logs said of masters.
CREATE VIEW v_log_event AS
SELECT l.trial_id,
       s.name AS study,
       n.name AS node,
       l.line,
       l.kind,
       strftime('%Y-%m-%dT%H:%M:%fZ', l.utc_us / 1000000.0, 'unixepoch') AS logged_utc,
       l.lo_ns,
       l.hi_ns,
       (l.lo_ns - t.base_ns) / 1e9 AS lo_s,
       (l.hi_ns - t.base_ns) / 1e9 AS hi_s,
       l.term,
       l.state_version,
       l.master,
       l.about,
       l.n_checks,
       l.ago_ms,
       l.text,
       s.uuid AS study_uuid
FROM log_event l
JOIN trial t USING (trial_id)
JOIN study s USING (study_id)
JOIN node n USING (node_id);

-- A survivor's polled change to a master beside its own log's line of applying that master's state. The first
-- of the one goes with the first of the other, and so on, where there are as many of both.
CREATE VIEW v_witness AS
SELECT p.trial_id,
       s.name AS study,
       n.name AS observer,
       p.new_master AS master,
       p.term,
       l.line,
       l.lo_ns AS log_lo_ns,
       l.hi_ns AS log_hi_ns,
       p.lo_ns AS poll_lo_ns,
       p.hi_ns AS poll_hi_ns,
       ((p.lo_ns + p.hi_ns) - (l.lo_ns + l.hi_ns)) / 2e9 AS diff_s,
       ((p.hi_ns - p.lo_ns) + (l.hi_ns - l.lo_ns)) / 2e9 AS diff_error_s,
       p.hi_ns < l.lo_ns AS is_early,
       s.uuid AS study_uuid
FROM master_change p
JOIN log_event l ON l.kind = 'applied' AND l.trial_id = p.trial_id AND l.node_id = p.node_id
                    AND l.master = p.new_master AND l.term = p.term
JOIN trial t ON t.trial_id = p.trial_id
JOIN study s USING (study_id)
JOIN node n ON n.node_id = p.node_id
WHERE l.lo_ns IS NOT NULL
  AND p.node_id IS NOT t.victim_node_id
  AND (SELECT count(*) FROM master_change o
       WHERE o.trial_id = p.trial_id AND o.node_id = p.node_id AND o.new_master = p.new_master AND o.term = p.term
         AND o.hi_ns < p.hi_ns)
    = (SELECT count(*) FROM log_event o
       WHERE o.kind = 'applied' AND o.trial_id = l.trial_id AND o.node_id = l.node_id AND o.master = l.master
         AND o.term = l.term AND o.line < l.line)
  AND (SELECT count(*) FROM master_change o
       WHERE o.trial_id = p.trial_id AND o.node_id = p.node_id AND o.new_master = p.new_master AND o.term = p.term
         AND o.hi_ns > p.hi_ns)
    = (SELECT count(*) FROM log_event o
       WHERE o.kind = 'applied' AND o.trial_id = l.trial_id AND o.node_id = l.node_id AND o.master = l.master
         AND o.term = l.term AND o.line > l.line);

-- Every poll, unpacked; instants on CLOCK_MONOTONIC.
CREATE VIEW v_sample AS
SELECT p.trial_id,
       n.name AS observer,
       t.base_ns + p.due_us * 1000 AS due_ns,
       t.base_ns + (p.due_us + p.late_us) * 1000 AS sent_ns,
       t.base_ns + (p.due_us + p.late_us + p.took_us) * 1000 AS done_ns,
       CASE p.outcome WHEN 0 THEN 'ok' WHEN 1 THEN 'http_error' WHEN 2 THEN 'net_error' ELSE 'timeout' END AS outcome,
       p.snapshot_id
FROM sample p
JOIN trial t ON t.trial_id = p.trial_id
JOIN node n ON n.cluster_id = t.cluster_id AND n.ordinal = p.node;

-- Every write of the write probe, unpacked; instants on CLOCK_MONOTONIC.
CREATE VIEW v_write AS
SELECT p.trial_id,
       n.name AS node,
       p.number,
       t.base_ns + p.due_us * 1000 AS due_ns,
       t.base_ns + (p.due_us + p.late_us) * 1000 AS sent_ns,
       t.base_ns + (p.due_us + p.late_us + p.took_us) * 1000 AS done_ns,
       CASE p.outcome WHEN 0 THEN 'ok' WHEN 1 THEN 'http_error' WHEN 2 THEN 'net_error' ELSE 'timeout' END AS outcome,
       p.acked
FROM write_probe p
JOIN trial t ON t.trial_id = p.trial_id
JOIN node n ON n.cluster_id = t.cluster_id AND n.ordinal = p.node;

-- What was done to which node.
CREATE VIEW v_step AS
SELECT p.step_id,
       p.trial_id,
       n.name AS node,
       p.action,
       p.intent_ns,
       p.issued_ns,
       p.done_ns,
       p.gone_lo_ns,
       p.gone_hi_ns,
       p.undone_ns,
       p.error
FROM step p
JOIN node n USING (node_id);

-- Nodes of every cluster.
CREATE VIEW v_node AS
SELECT s.name AS study,
       c.label AS cluster,
       c.uuid AS cluster_uuid,
       c.product,
       n.ordinal,
       n.name AS node,
       n.master_eligible,
       n.roles,
       n.http_url,
       n.persistent_id,
       n.version,
       n.jvm
FROM node n
JOIN cluster c USING (cluster_id)
JOIN study s USING (study_id);

-- What must be known to read the figures.
CREATE VIEW v_incident AS
SELECT i.incident_id,
       s.name AS study,
       i.trial_id,
       i.kind,
       i.n,
       i.detail,
       i.at_ns
FROM incident i
JOIN study s USING (study_id);
