#!/usr/bin/env bats
# rejoin-report verify: a recording holds, or the first thing that does not is named.

setup_file() {
    seal=$BATS_TEST_DIRNAME/../seal
    format1=$BATS_TEST_DIRNAME/../upgrade/format1.sqlite
    export seal format1
    cd "$BATS_FILE_TMPDIR" || return 1
    openssl genpkey -algorithm ed25519 -out seal.key
    openssl pkey -in seal.key -pubout -out seal.pub
    python3 "$seal/small.py" "$format1" small.sqlite seal.key
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
    cp small.sqlite "$BATS_TEST_TMPDIR"
    cp seal.* "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR" || return 1
}

# verify STATUS TEXT ARGUMENT...
verify() {
    local wanted=$1 text=$2
    shift 2
    run rejoin-report verify "$@"
    echo "$output"
    [ "$status" -eq "$wanted" ]
    [[ $output == *"$text"* ]]
}

# again: seals anew what was changed, as somebody without the key can
again() {
    sqlite3 small.sqlite 'DELETE FROM seal; DELETE FROM study_seal;'
    rejoin-collector heal small.sqlite
}

@test "what was sealed holds, and anybody can compute it from schema/SEAL.md" {
    verify 0 'small.sqlite: holds' small.sqlite
    [[ $output == *'2 of 2 trials sealed'* ]]
    python3 "$seal/canonical.py" small.sqlite
}

@test "a recording of format 1 is said not to be sealed, holds otherwise, and stays as it is" {
    cp "$format1" old.sqlite
    chmod 444 old.sqlite
    verify 0 'is not sealed: it was recorded in format 1' old.sqlite
    [[ $output == *'old.sqlite: holds, but it is not sealed' ]]
    [[ $output == *'89 changes of master and 261 metrics of 9 trials derived again'* ]]
    cmp "$format1" old.sqlite
    [ "$(ls old*)" = old.sqlite ]
}

# bats test_tags=slow
@test "more than 1,000 tamperings with every table and column are found" {
    local n=1000
    [[ $BIN != *san* ]] || n=200
    run python3 "$seal/tamper.py" small.sqlite -n $n
    echo "$output"
    echo "# $output" >&3
    [ "$status" -eq 0 ]
    [[ $output == *': 0 missed'* ]]
}

@test "a key without its signature, or a signature without its key" {
    for column in public_key signature; do
        cp small.sqlite half.sqlite
        sqlite3 half.sqlite "PRAGMA ignore_check_constraints = ON; UPDATE study_seal SET $column = NULL"
        verify 1 'study_seal has a key without its signature, or a signature without its key' half.sqlite
    done
}

@test "the first trial that differs is named, and how" {
    sqlite3 small.sqlite "UPDATE sample SET took_us = took_us + 1 WHERE sample_key =
        (SELECT sample_key FROM sample WHERE trial_id = 2 AND outcome = 0 ORDER BY 1 LIMIT 1 OFFSET 40)"
    verify 1 'trial 2 (position 2): its rows are not those that were sealed' small.sqlite
}

# loosely TABLE SQL: with STRICT and NOT NULL taken off the table, and put back
loosely() {
    sqlite3 -bail small.sqlite "PRAGMA ignore_check_constraints = ON; PRAGMA writable_schema = ON;
        CREATE TEMP TABLE was AS SELECT sql FROM sqlite_schema WHERE name = '$1';
        UPDATE sqlite_schema SET sql = replace(replace(replace(sql, ') STRICT, ', ') '), ') STRICT', ')'), ' NOT NULL', '') WHERE name = '$1'; PRAGMA writable_schema = RESET; $2;
        PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = (SELECT sql FROM was) WHERE name = '$1'"
}

@test "a sample holds integers only, and snapshots that are there, whoever sealed it" {
    cp small.sqlite whole.sqlite
    local ok='sample_key = (SELECT min(sample_key) FROM sample WHERE outcome = 0)'
    local bad='sample_key = (SELECT min(sample_key) FROM sample WHERE outcome <> 0)'
    local change
    for change in "outcome = '0x' WHERE $ok" "outcome = 0.5 WHERE $ok" "outcome = 1 << 32 WHERE $ok" "late_us = late_us + 0.9 WHERE $ok" \
        "took_us = x'31' WHERE $ok" "snapshot_id = snapshot_id || 'x' WHERE $ok" "snapshot_id = snapshot_id + 0.5 WHERE $ok" \
        "snapshot_id = 0 WHERE $bad" "snapshot_id = -7 WHERE $bad" "snapshot_id = 1 << 29 WHERE $bad" \
        "snapshot_id = 1 << 28 WHERE $ok" "snapshot_id = (SELECT max(snapshot_id) + 1 FROM snapshot) WHERE $bad"; do
        cp whole.sqlite small.sqlite
        loosely sample "UPDATE sample SET $change"
        cmp -s whole.sqlite small.sqlite && false
        # not by a need of memory either: one altered cell is not worth 7 GB
        [[ $BIN == *san* ]] || ulimit -v 1000000
        run rejoin-report verify small.sqlite
        echo "$change: $output"
        [ "$status" -eq 1 ]
        [[ $output == *'trial 1 (position 1): its rows are not those that were sealed'* ]]
        [[ $output == *'derived     DOES NOT HOLD: trial 1 (position 1)'* ]]
        again
        verify 1 'derived     DOES NOT HOLD: trial 1 (position 1)' small.sqlite
    done
    cp whole.sqlite small.sqlite
    loosely sample 'UPDATE sample SET late_us = late_us'
    verify 0 'small.sqlite: holds' small.sqlite
}

@test "where a text must be there may be none" {
    local change
    cp small.sqlite whole.sqlite
    for change in step.action arm.fault study.name study.uuid study.plan_json node.name health_change.status cluster.label; do
        cp whole.sqlite small.sqlite
        loosely "${change%.*}" "UPDATE ${change%.*} SET ${change#*.} = NULL"
        verify 1 'DOES NOT HOLD' small.sqlite
    done
}

@test "sealed anew, figures that do not follow from the samples are still found, and the head is another" {
    head=$(sqlite3 small.sqlite 'SELECT lower(hex(head)) FROM study_seal')
    verify 0 holds small.sqlite --head "$head" --key seal.pub
    sqlite3 small.sqlite "UPDATE metric SET hi_ns = hi_ns - 1 WHERE trial_id = 1 AND metric = 'reelection' AND origin = 'fault_issued'"
    again
    verify 1 'derived     DOES NOT HOLD: trial 1 (position 1): reelection from fault_issued: stored is' small.sqlite
    sqlite3 small.sqlite "UPDATE metric SET hi_ns = hi_ns + 1 WHERE trial_id = 1 AND metric = 'reelection' AND origin = 'fault_issued'"
    # consistent forgeries are found by the head that was noted elsewhere, or by the key
    sqlite3 small.sqlite "UPDATE session SET start_utc_us = start_utc_us + 86400000000;
        DROP TRIGGER sign_off_is_kept; DELETE FROM sign_off"
    sqlite3 :memory: ".read $BATS_TEST_DIRNAME/../../schema/migrations/0001.sql" ".read $BATS_TEST_DIRNAME/../../schema/migrations/0002.sql" \
        "SELECT sql FROM sqlite_schema WHERE name = 'sign_off_is_kept'" > trigger.sql
    sqlite3 small.sqlite < trigger.sql
    again
    verify 0 'small.sqlite: holds' small.sqlite
    verify 1 "no study has the head $head" small.sqlite --head "$head"
    verify 1 'study demo is not signed' small.sqlite --key seal.pub
}

@test "the re-election that each round of losses says is derived too" {
    sqlite3 small.sqlite "UPDATE loss SET reelection_hi_ns = reelection_hi_ns + 1 WHERE trial_id = 2"
    again
    verify 1 'trial 2 (position 2): round 1: the re-election that table loss says is not the one that the samples show' small.sqlite
    cp small.sqlite whole.sqlite
    # taken that is no list of nodes
    sqlite3 small.sqlite "UPDATE loss SET taken = '{x' WHERE trial_id = 2"
    verify 1 'trial 2 (position 2): its rows are not those that were sealed' small.sqlite
    [[ $output == *'derived     DOES NOT HOLD: trial 2 (position 2): it has rows that no trial can have'* ]]
    cp whole.sqlite small.sqlite
    sqlite3 small.sqlite "UPDATE loss SET reelection_lo_ns = NULL, reelection_hi_ns = NULL WHERE trial_id = 2"
    again
    verify 1 'trial 2 (position 2): round 1: the re-election' small.sqlite
    # one whose watch was cut short has none
    sqlite3 small.sqlite "UPDATE trial SET outcome = 'aborted' WHERE trial_id = 2"
    again
    verify 0 'small.sqlite: holds' small.sqlite
}

# unseal [SQL]: as if nobody had ever sealed it
unseal() {
    sqlite3 small.sqlite "DROP TRIGGER sign_off_is_kept; DELETE FROM sign_off" "DELETE FROM seal; DELETE FROM study_seal;
        UPDATE study SET sealed = 0; ${1-}"
    sqlite3 :memory: ".read $BATS_TEST_DIRNAME/../../schema/migrations/0001.sql" ".read $BATS_TEST_DIRNAME/../../schema/migrations/0002.sql" \
        "SELECT sql FROM sqlite_schema WHERE name = 'sign_off_is_kept'" | sqlite3 small.sqlite
}

@test "a seal that was removed is missed, though the study says that it never had one" {
    head=$(sqlite3 small.sqlite 'SELECT lower(hex(head)) FROM study_seal')
    cp small.sqlite whole.sqlite
    unseal
    verify 1 'seal        DOES NOT HOLD: study demo is not sealed: its collector seals when it ends, and it has ended: the seal was removed' small.sqlite
    [[ ${lines[-1]} == 'small.sqlite: DOES NOT HOLD' ]]
    # each thing that format 1 had no place for tells
    local told
    for told in "study SET rto_ns = 1" "study SET ticket = 'x'" "session SET account = 'x'" "session SET start_max_error_ns = 1"; do
        cp whole.sqlite small.sqlite
        unseal "UPDATE study SET hypothesis = NULL, rto_ns = NULL, scope = NULL, environment = NULL, approver = NULL,
            ticket = NULL, remarks = NULL; UPDATE session SET account = NULL, clock_source = NULL, start_synchronised = NULL,
            start_est_error_ns = NULL, start_max_error_ns = NULL; UPDATE $told"
        verify 1 'study demo is not sealed' small.sqlite
    done
    # all of it removed, it is like one of format 1: of that nothing is claimed, and who has the head or the key knows
    sqlite3 small.sqlite "UPDATE session SET start_max_error_ns = NULL"
    verify 0 'nothing proves that no row was changed' small.sqlite
    [[ ${lines[-1]} == 'small.sqlite: holds, but it is not sealed' ]]
    verify 1 "no study has the head $head" small.sqlite --head "$head"
    verify 1 'study demo is not signed' small.sqlite --key seal.pub
}

@test "one that is being recorded is said to be so; of several studies one without a seal is told of" {
    sqlite3 small.sqlite "DELETE FROM study_seal; UPDATE session SET end_mono_ns = NULL"
    verify 1 'study demo is not closed: it is being recorded, or its collector was killed' small.sqlite
    cp "$BATS_FILE_TMPDIR/small.sqlite" small.sqlite
    cp "$BATS_TEST_DIRNAME/../upgrade/format1.sqlite" .
    sqlite3 format1.sqlite "UPDATE study SET uuid = 'another'"
    # begun in format 1, gone on with, killed: heal seals the rest of it
    sqlite3 small.sqlite "UPDATE study SET sealed = 0; DELETE FROM study_seal; DELETE FROM seal WHERE trial_id = 2"
    verify 1 'trial 2 (position 2) is not sealed' small.sqlite
    rejoin-collector heal small.sqlite
    verify 0 '2 of 2 trials sealed' small.sqlite
    rejoin-report merge both.sqlite small.sqlite format1.sqlite
    verify 0 'is not sealed: it was recorded in format 1' both.sqlite
    [[ ${lines[-1]} == 'both.sqlite: holds, but not all of it is sealed' ]]
}

# without_triggers SQL
without_triggers() {
    sqlite3 -bail small.sqlite "CREATE TEMP TABLE was AS SELECT sql FROM sqlite_schema WHERE type = 'trigger'" \
        'SELECT sql || char(59) FROM was' > triggers.sql
    sqlite3 -bail small.sqlite 'DROP TRIGGER sign_off_stays; DROP TRIGGER sign_off_is_kept' "$1"
    sqlite3 -bail small.sqlite < triggers.sql
}

@test "what stands behind a NUL in a text is not overlooked" {
    cp small.sqlite whole.sqlite
    local column
    for column in digest cluster_uuid master_id master_name state_uuid body; do
        cp whole.sqlite small.sqlite
        sqlite3 small.sqlite "UPDATE snapshot SET $column = $column || char(0) || 'x'
            WHERE snapshot_id = (SELECT max(snapshot_id) FROM snapshot WHERE $column IS NOT NULL)"
        verify 1 'its digest or its columns are not those of its body' small.sqlite
    done
    for column in name decision comment account host tool_version; do
        cp whole.sqlite small.sqlite
        without_triggers "PRAGMA ignore_check_constraints = ON;
            UPDATE sign_off SET $column = $column || char(0) || 'hidden' WHERE sign_off_id = 1"
        verify 1 'a sign-off is not as it was given' small.sqlite --key seal.pub
    done
    for column in study.name study.uuid session.host node.name arm.factors trial.old_ephemeral_id log_event.text incident.detail; do
        cp whole.sqlite small.sqlite
        sqlite3 small.sqlite "UPDATE ${column%.*} SET ${column#*.} = ${column#*.} || char(0) || 'x' WHERE rowid = 1" ||
            sqlite3 small.sqlite "UPDATE ${column%.*} SET ${column#*.} = ${column#*.} || char(0) || 'x' WHERE trial_id = 1"
        verify 1 'DOES NOT HOLD' small.sqlite
    done
}

@test "names do not forge verify's own lines, nor reach the terminal" {
    sqlite3 small.sqlite "UPDATE study SET name = 'demo' || char(10) || 'signed by   00112233  demo' || char(27) || '[2J'"
    verify 1 'is not what was sealed' small.sqlite
    again
    run rejoin-report verify small.sqlite
    echo "$output" | cat -v
    [[ $output == *"signed by   00112233  demo"* ]]
    [ "$(grep -c '^signed by' <<< "$output")" -eq 0 ]
    [[ $output != *$'\e'* ]]
    # likewise names that only what does not hold tells: of tables, of metrics
    sqlite3 small.sqlite "CREATE TABLE \"x$(printf '\nhead        12ab  demo\033[2J')\" (x)" \
        "INSERT INTO metric SELECT trial_id, metric || char(10) || 'signed by' || char(27), origin, observer, lo_ns, hi_ns, censored
            FROM metric LIMIT 1"
    run rejoin-report verify small.sqlite
    echo "$output" | cat -v
    [ "$status" -eq 1 ]
    [[ $output == *'the schema has table x head        12ab'* ]]
    [ "$(grep -cE '^signed by|^head        12ab' <<< "$output")" -eq 0 ]
    [[ $output != *$'\e'* ]]
}

# forge_sign_off SET: changes the last sign-off so, and computes all links anew
forge_sign_off() {
    without_triggers "UPDATE sign_off SET $1 WHERE sign_off_id = (SELECT max(sign_off_id) FROM sign_off)"
    without_triggers "$(PYTHONPATH=$seal python3 -c 'import sqlite3
from canonical import Study
link = None
for i, link in enumerate(Study(sqlite3.connect("small.sqlite"), 1).sign_off_links(), 1):
    print(f"UPDATE sign_off SET hash = x\"{link.hex()}\" WHERE sign_off_id = {i};".replace(chr(34), chr(39)))
print("UPDATE study_seal SET last_sign_off = x" + chr(39) + link.hex() + chr(39))')"
}

@test "sign-offs: neither head nor key covers them, the link of the last does, as the documents say" {
    verify 0 holds small.sqlite
    local head link
    head=$(sed -n 's/^head *\([0-9a-f]*\)  demo$/\1/p' <<< "$output")
    link=$(sed -n 's/^sign-offs *\([0-9a-f]*\)  demo: 2, this is the link of the last$/\1/p' <<< "$output")
    [ "$link" = "$(sqlite3 small.sqlite 'SELECT lower(hex(last_sign_off)) FROM study_seal')" ]
    verify 0 'small.sqlite: holds' small.sqlite --key seal.pub --head "$head" --head "$link"
    cp small.sqlite whole.sqlite
    local last='DELETE FROM sign_off WHERE sign_off_id = 2;
        UPDATE study_seal SET last_sign_off = (SELECT hash FROM sign_off WHERE sign_off_id = 1)'
    local all='DELETE FROM sign_off; UPDATE study_seal SET last_sign_off = NULL'
    for change in "$last" "$all" forged; do
        cp whole.sqlite small.sqlite
        if [ "$change" = forged ]; then
            forge_sign_off "decision = 'rejected', comment = 'too slow'"
        else
            without_triggers "$change"
        fi
        verify 0 'small.sqlite: holds' small.sqlite --key seal.pub --head "$head"
        verify 1 "no study has the head $link, nor sign-offs whose last link it is" small.sqlite --key seal.pub --head "$head" --head "$link"
    done
    # one that was given before there was a head gets none that is not one
    cp whole.sqlite small.sqlite
    forge_sign_off "head = NULL"
    verify 0 'are of an earlier head' small.sqlite
    without_triggers "UPDATE sign_off SET head = x'00' WHERE head IS NULL"
    verify 1 'a sign-off is not as it was given' small.sqlite
    # that link is of the head as it was: a study that was sealed anew has another
    cp whole.sqlite small.sqlite
    again
    verify 1 "no study has the head $link" small.sqlite --head "$link"
}

@test "a file without a study: what holds is nothing; a study that was removed is told by its head" {
    cp "$format1" other.sqlite
    sqlite3 other.sqlite "UPDATE study SET uuid = 'another'"
    rejoin-collector sign other.sqlite --name me --comment x
    rejoin-report merge both.sqlite small.sqlite other.sqlite
    verify 0 'both.sqlite: holds' both.sqlite
    local heads
    mapfile -t heads < <(sed -n 's/^head *\([0-9a-f]*\).*/\1/p' <<< "$output")
    [ "${#heads[@]}" -eq 2 ]
    verify 0 'both.sqlite: holds' both.sqlite --head "${heads[0]}" --head "${heads[1]}"
    verify 1 "no study has the head ${heads[1]}" small.sqlite --head "${heads[0]}" --head "${heads[1]}"
    # all rows of all tables deleted
    without_triggers "PRAGMA foreign_keys = OFF; $(sqlite3 small.sqlite "SELECT 'DELETE FROM ' || name || ';' FROM sqlite_schema WHERE type = 'table'")"
    verify 0 'seal        none: there is no study' small.sqlite
    [[ ${lines[-1]} == 'small.sqlite: holds, but there is no study in it' ]]
    verify 1 'signature   DOES NOT HOLD: there is no study, so none that is signed' small.sqlite --key seal.pub
    verify 1 "no study has the head ${heads[0]}" small.sqlite --head "${heads[0]}"
}

@test "an incident of one study's trial, under another study" {
    cp "$format1" other.sqlite
    sqlite3 other.sqlite "UPDATE study SET uuid = 'another'"
    rejoin-report merge both.sqlite small.sqlite other.sqlite
    verify 0 'both.sqlite: holds' both.sqlite
    local study
    for study in 1 2; do
        cp both.sqlite forged.sqlite
        sqlite3 forged.sqlite "INSERT INTO incident SELECT (SELECT max(incident_id) + 1 FROM incident), $study, max(trial_id),
            'clock_step', 7, 'forged', NULL FROM trial WHERE study_id <> $study"
        verify 1 'structure   DOES NOT HOLD: incident ' forged.sqlite
        [[ $output == *': its trial is of another study'* ]]
    done
}

# open_gap STATUS LO WORDS: what verify says where write_gap of trial 1 is stored as longer than LO, an SQL expression
open_gap() {
    sqlite3 small.sqlite "INSERT OR REPLACE INTO metric (trial_id, metric, origin, observer, lo_ns, hi_ns, censored)
        SELECT 1, 'write_gap', '', '', $2, NULL, 1 FROM trial t,
            (SELECT max(done_ns) AS last FROM v_write WHERE trial_id = 1),
            (SELECT max(done_ns) AS ok FROM v_write WHERE trial_id = 1 AND outcome = 'ok')
        WHERE t.trial_id = 1"
    again
    verify "$1" "$3" small.sqlite
}

@test "a write gap that was open to the end lies between the last write and the trial's end" {
    # acknowledged up to 0.2 s after the fault, refused from then on: writing ended some time after the last of them
    sqlite3 -bail small.sqlite "DELETE FROM write_probe; DELETE FROM write_count WHERE trial_id = 2;
        UPDATE study SET plan_json = json_set(plan_json, '\$.probe', json('{\"write\":\"50ms\"}'));
        CREATE TEMP TABLE w AS WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < 40)
            SELECT i, (f.issued_ns - t.base_ns) / 1000 - 300000 + i * 50000 AS due_us FROM i,
            (SELECT * FROM step WHERE trial_id = 1 AND undoes_step_id IS NULL LIMIT 1) f JOIN trial t ON t.trial_id = 1;
        INSERT INTO write_probe (write_key, number, late_us, took_us, outcome)
            SELECT (1 << 42) | (due_us << 7), i, 5, 900, CASE WHEN i <= 10 THEN 0 ELSE 2 END FROM w;
        UPDATE write_count SET due = 40, sent = 40, skipped = 0, ok = 10, http_error = 0, net_error = 30, timeout = 0,
            found = 10, lost = 0 WHERE trial_id = 1"
    open_gap 0 'last - ok' holds
    open_gap 0 't.end_ns - ok' holds
    open_gap 1 'last - ok - 1001' 'trial 1 (position 1): write_gap'
    open_gap 1 't.end_ns - ok + 1' 'trial 1 (position 1): write_gap'
    sqlite3 small.sqlite "DELETE FROM metric WHERE trial_id = 1 AND metric = 'write_gap'"
    again
    verify 1 'write_gap is not stored, though the samples give it' small.sqlite
}

@test "another key, a key file that is none, a head that is none" {
    openssl genpkey -algorithm ed25519 -out other.key
    openssl pkey -in other.key -pubout -out other.pub
    verify 1 'is signed with another key' small.sqlite --key other.pub
    verify 3 'other.key: not an Ed25519 public key in PEM form' small.sqlite --key other.key
    verify 3 'none.pub: No such file' small.sqlite --key none.pub
    verify 2 '64 hexadecimal digits' small.sqlite --head 12ab
    verify 3 'no such file' none.sqlite
    head -c 60000 small.sqlite > cut.sqlite
    verify 3 'truncated' cut.sqlite
    chmod 644 seal.key
    run rejoin-collector run plan.yml --sign-key seal.key --db x.sqlite
    [ "$status" -ne 0 ]
}

# archive_of RECORDING ARCHIVE: small.sqlite's archive with that one instead, summed again
archive_of() {
    rm -rf rejoin-*
    rejoin-report archive small.sqlite -o whole.tar.gz
    tar xzf whole.tar.gz
    cp "$1" rejoin-*/recording.sqlite
    (cd rejoin-* && rm SHA256SUMS && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum > ../sums && mv ../sums SHA256SUMS)
    find rejoin-* -type f -print0 | tar --no-recursion --null -T - -czf "$2"
}

@test "a size of packed logs that cannot be: of a recording, and of an archive, nothing is unpacked for it" {
    sqlite3 small.sqlite "UPDATE log_chunk SET n_bytes = 0, lines = x'789c030000000001'"
    again
    cp small.sqlite hostile.sqlite
    mkdir scratch
    export TMPDIR=$PWD/scratch
    local n
    for n in -1 '1 << 50'; do
        sqlite3 hostile.sqlite "UPDATE log_chunk SET n_bytes = $n"
        run rejoin-report archive hostile.sqlite -o hostile.tar.gz
        echo "$output"
        [ "$status" -eq 3 ]
        [[ $output == *'packed data is damaged'* ]]
        [ -z "$(compgen -G 'hostile.tar.gz*')" ]
        archive_of hostile.sqlite forged.tar.gz
        verify 1 'its rows are not those that were sealed' forged.tar.gz
        [[ $output == *'were not made again: the recording does not hold'* ]]
    done
    # sealed anew by whoever can write it
    sqlite3 hostile.sqlite 'DELETE FROM seal; DELETE FROM study_seal'
    rejoin-collector heal hostile.sqlite
    archive_of hostile.sqlite forged.tar.gz
    verify 3 'packed data is damaged' forged.tar.gz
    [ -z "$(ls scratch)" ]
}

# bats test_tags=slow
@test "sealing killed at any moment leaves a whole file, and heal seals it" {
    local i pid n_cut=0
    python3 "$BATS_TEST_DIRNAME/make-drill.py" big.sqlite --trials 8 --samples 1000
    sqlite3 big.sqlite 'UPDATE study SET sealed = 1'
    for i in $(seq 1 12); do
        rm -f cut.sqlite*
        cp big.sqlite cut.sqlite
        rejoin-collector heal cut.sqlite > heal.log 2>&1 &
        pid=$!
        read -rt "0.0$((i * 7 + 10))" <> <(:) || true
        kill -KILL "$pid" 2> /dev/null || true
        wait "$pid" 2> /dev/null || true
        [ "$(sqlite3 cut.sqlite 'PRAGMA integrity_check')" = ok ]
        # all of it or nothing
        [[ $(sqlite3 cut.sqlite 'SELECT count(*) FROM seal') =~ ^(0|27)$ ]]
        if [ "$(sqlite3 cut.sqlite 'SELECT count(*) FROM study_seal')" -eq 0 ]; then
            n_cut=$((n_cut + 1))
            run rejoin-report verify cut.sqlite
            [ "$status" -eq 1 ]
            [[ $output == *'DOES NOT HOLD: study three-four-five is not sealed'* ]]
        fi
        rejoin-collector heal cut.sqlite
        run rejoin-report verify cut.sqlite
        [[ $output == *'seal        holds: 27 of 27 trials sealed'* ]]
    done
    [ "$n_cut" -gt 0 ]
}

# said PATTERN: waits until the watch has
said() {
    for _ in {1..1200}; do ! grep -q "$1" watch.log || return 0; sleep 0.1; done
    cat watch.log && return 1
}

# bats test_tags=slow
@test "what a watch recorded holds too: quiet windows, and one in which a master was lost" {
    mkfifo in
    printf 'nodes n1 n2 n3\nnow * master n1 term 1 version 5\n' > script
    fake-node script < in > out &
    exec 7> in
    until [ -s out ]; do :; done
    hosts=$(python3 -c 'import json
print(",".join(f"http://127.0.0.1:{p}" for p in json.loads(open("out").readline())["ports"].values()))')
    rejoin-collector watch --hosts "$hosts" --db watch.sqlite --settle 1s --every 50ms > watch.log 2>&1 &
    watch=$!
    said '^watching'
    sleep 1
    printf 'now n1 refuse\nnow n2 master none\nnow n3 master none\n' >&7
    said '^something happens'
    sleep 2 # all have been asked
    printf 'now %s master n2 term 2 version 6 members n2,n3 voters n2,n3\n' n2 n3 >&7
    sleep 2.5
    printf 'now * ok master n2 term 2 version 7 members n1,n2,n3 voters n1,n2,n3\n' >&7
    said '^watching on'
    kill -INT "$watch"
    wait "$watch"
    exec 7>&-
    verify 0 'watch.sqlite: holds' watch.sqlite
    [[ $output == *'5 changes of master and 12 metrics of 2 trials derived again'* ]]
    [ "$(sqlite3 watch.sqlite "SELECT count(*) FROM metric WHERE metric = 'reelection' AND censored = 0")" -gt 0 ]
    sqlite3 watch.sqlite "UPDATE metric SET lo_ns = lo_ns + 1 WHERE metric = 'reelection' AND origin = 'fault_issued'"
    verify 1 'derived     DOES NOT HOLD: trial 1 (position 1): reelection from fault_issued' watch.sqlite
}
