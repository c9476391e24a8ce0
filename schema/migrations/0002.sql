-- rejoin drill file, format 2: the study record, sign-offs and seals.

-- What an auditor asks of a study, as its plan says it. NULL: not said.
ALTER TABLE study ADD COLUMN hypothesis TEXT;     -- plan: study.hypothesis
ALTER TABLE study ADD COLUMN rto_ns INTEGER CHECK (rto_ns > 0);  -- plan: study.rto, the recovery time objective
ALTER TABLE study ADD COLUMN scope TEXT;          -- plan: study.scope
ALTER TABLE study ADD COLUMN environment TEXT;    -- plan: study.environment
ALTER TABLE study ADD COLUMN approver TEXT;       -- plan: study.approver
ALTER TABLE study ADD COLUMN ticket TEXT;         -- plan: study.ticket
ALTER TABLE study ADD COLUMN remarks TEXT;        -- plan: study.remarks
ALTER TABLE study ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0 CHECK (sealed IN (0, 1));  -- 1: its trials are sealed as they end; 0: recorded in format 1

ALTER TABLE session ADD COLUMN account TEXT;      -- that ran the collector
-- The recording host's clocks, as its kernel reports them. NULL: not read.
ALTER TABLE session ADD COLUMN clock_source TEXT;  -- tsc, kvm-clock, hpet, ...
ALTER TABLE session ADD COLUMN start_synchronised INTEGER CHECK (start_synchronised IN (0, 1));  -- 1: the wall clock is disciplined (adjtimex)
ALTER TABLE session ADD COLUMN start_est_error_ns INTEGER;  -- its estimated error
ALTER TABLE session ADD COLUMN start_max_error_ns INTEGER;  -- the most that its error can be
ALTER TABLE session ADD COLUMN end_synchronised INTEGER CHECK (end_synchronised IN (0, 1));
ALTER TABLE session ADD COLUMN end_est_error_ns INTEGER;
ALTER TABLE session ADD COLUMN end_max_error_ns INTEGER;
ALTER TABLE session ADD COLUMN reason TEXT;        -- why it ended, where it did not finish

-- Who stands for a study's result. Rows are added, never changed.
CREATE TABLE sign_off (
    sign_off_id   INTEGER PRIMARY KEY,
    study_id      INTEGER NOT NULL REFERENCES study,
    name          TEXT NOT NULL CHECK (name <> ''),  -- as given
    decision      TEXT CHECK (decision IN ('accepted', 'rejected')),  -- NULL: a comment only
    comment       TEXT,
    signed_utc_us INTEGER NOT NULL,
    account       TEXT NOT NULL,          -- that ran rejoin-collector sign
    host          TEXT NOT NULL,
    tool_version  TEXT NOT NULL,
    head          BLOB,                   -- study_seal.head at that time: what was signed; NULL: not sealed
    hash          BLOB                    -- SHA-256 of the sign-off before and of this row (schema/SEAL.md)
) STRICT;
CREATE INDEX sign_off_by_study ON sign_off (study_id);
CREATE TRIGGER sign_off_stays BEFORE UPDATE ON sign_off
BEGIN
    SELECT raise(ABORT, 'a sign-off is never changed');
END;
CREATE TRIGGER sign_off_is_kept BEFORE DELETE ON sign_off
BEGIN
    SELECT raise(ABORT, 'a sign-off is never removed');
END;

-- A finished trial's rows, hashed (schema/SEAL.md). Trials recorded in format 1 have none, unless sealed later.
CREATE TABLE seal (
    trial_id      INTEGER PRIMARY KEY REFERENCES trial,
    ordinal       INTEGER NOT NULL,       -- 1, 2, ... in the study: the order in which they were sealed
    hash          BLOB NOT NULL,          -- SHA-256 of the trial's rows in canonical form
    chain         BLOB NOT NULL,          -- SHA-256 of the chain before, of hash, and of what else is in this row
    sealed_utc_us INTEGER NOT NULL
) STRICT;

-- A study that was closed: the head of its chain, over which one may sign.
CREATE TABLE study_seal (
    study_id      INTEGER PRIMARY KEY REFERENCES study,
    head          BLOB NOT NULL,          -- SHA-256 of the last chain and of the rows that the trials stand on
    n_trials      INTEGER NOT NULL,       -- sealed: none may be missing
    closed_utc_us INTEGER NOT NULL,
    public_key    BLOB,                   -- Ed25519; NULL: not signed with a key
    signature     BLOB,                   -- of head
    last_sign_off BLOB,                   -- sign_off.hash of the last one: none may be missing; NULL: none
    CHECK ((public_key IS NULL) = (signature IS NULL))
) STRICT;

-- The study record.
CREATE VIEW v_study AS
SELECT s.name AS study,
       s.uuid AS study_uuid,
       s.objective,
       s.hypothesis,
       s.rto_ns / 1e9 AS rto_s,
       s.scope,
       s.environment,
       s.operator,
       s.approver,
       s.ticket,
       s.remarks,
       s.plan_file,
       s.plan_sha256,
       s.seed,
       s.trials_planned,
       (SELECT count(*) FROM trial t WHERE t.study_id = s.study_id) AS trials_recorded,
       strftime('%Y-%m-%dT%H:%M:%fZ', s.created_utc_us / 1000000.0, 'unixepoch') AS created_utc,
       strftime('%Y-%m-%dT%H:%M:%fZ', s.finished_utc_us / 1000000.0, 'unixepoch') AS finished_utc
FROM study s;

-- Every run of the collector, and on what.
CREATE VIEW v_session AS
SELECT e.session_id,
       s.name AS study,
       strftime('%Y-%m-%dT%H:%M:%fZ', e.start_utc_us / 1000000.0, 'unixepoch') AS started_utc,
       (e.end_mono_ns - e.start_mono_ns) / 1e9 AS took_s,
       e.ended_by,
       e.reason,
       e.tool_version,
       e.command_line,
       e.libraries,
       e.account,
       e.host,
       e.kernel,
       e.cpu,
       e.n_cpu,
       e.memory_bytes,
       e.sysctls,
       e.clock_source,
       e.start_synchronised,
       e.start_est_error_ns / 1e9 AS start_est_error_s,
       e.start_max_error_ns / 1e9 AS start_max_error_s,
       e.end_synchronised,
       e.end_est_error_ns / 1e9 AS end_est_error_s,
       e.end_max_error_ns / 1e9 AS end_max_error_s,
       s.uuid AS study_uuid
FROM session e
JOIN study s USING (study_id);

-- What the nodes say is in force.
CREATE VIEW v_setting AS
SELECT s.name AS study,
       c.label AS cluster,
       c.uuid AS cluster_uuid,
       n.name AS node,
       f.name,
       f.value,
       f.source,
       s.uuid AS study_uuid
FROM effective_setting f
JOIN node n USING (node_id)
JOIN cluster c ON c.cluster_id = f.cluster_id
JOIN study s USING (study_id);

-- Who stands for the result.
CREATE VIEW v_sign_off AS
SELECT o.sign_off_id,
       s.name AS study,
       o.name,
       o.decision,
       o.comment,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.signed_utc_us / 1000000.0, 'unixepoch') AS signed_utc,
       o.account,
       o.host,
       nullif(lower(hex(o.head)), '') AS head,
       s.uuid AS study_uuid
FROM sign_off o
JOIN study s USING (study_id);
