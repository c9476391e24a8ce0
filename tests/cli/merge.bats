#!/usr/bin/env bats
# rejoin-report merge: nothing lost, nothing changed but numbers, duplicates taken once; whole or not there.
# shellcheck disable=SC2154 # run sets stderr
# bats file_tags=slow

load files_common.bash

# figures DB: a line each, in an order that does not depend on that of the studies.
figures() {
    rejoin-report summary "$1" --format csv | sort
}

# pooled DB: every measured value, whatever study it is of, and median and mean of each metric and size.
pooled() {
    sqlite3 "$1" "SELECT master_eligible, fault, metric, origin, observer, lo_ns, hi_ns, value_s, censored
        FROM v_metric ORDER BY 1, 2, 3, 4, 5, 6, 7;"
    rejoin-report export "$1" --to "$1.views" --view v_metric
    python3 -c '
import collections, csv, statistics, sys
values = collections.defaultdict(list)
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
    if row["value_s"] and not row["observer"]:
        values[row["master_eligible"], row["metric"], row["origin"]].append(float(row["value_s"]))
assert len(values) > 50
for key, v in sorted(values.items()):
    print(*key, len(v), statistics.median(v), statistics.fmean(v))' "$1.views/v_metric.csv"
}

@test "one file merged is that file: every column of every table" {
    make_drill full.sqlite --studies 2 --logs --incidents 2 --lost-writes 1 --samples 20 --failed 1 --aborted 1
    rejoin-report merge one.sqlite full.sqlite
    python3 "$cli/merge.py" one.sqlite full.sqlite
    rejoin-report merge demo.sqlite "$recorded"
    python3 "$cli/merge.py" demo.sqlite "$recorded"
}

@test "several files: every row of each, with its references, under new numbers" {
    make_drill a.sqlite --studies 2 --logs --incidents 2 --lost-writes 1 --samples 20
    make_drill b.sqlite --seed 7 --logs --samples 20 --faults stop,kill
    before=$(sha256sum ./?.sqlite "$recorded")
    run --separate-stderr rejoin-report merge out.sqlite a.sqlite "$recorded" b.sqlite
    [ "$output" = "out.sqlite: 4 studies, 165 trials, from 3 files" ]
    [ -z "$stderr" ]
    [ "$(sqlite3 out.sqlite 'PRAGMA integrity_check; PRAGMA foreign_key_check; PRAGMA journal_mode')" = "$(printf 'ok\ndelete')" ]
    python3 "$cli/merge.py" out.sqlite a.sqlite "$recorded" b.sqlite
    [ "$(sha256sum ./?.sqlite "$recorded")" = "$before" ]
    # the other way round there are the same rows
    rejoin-report merge other.sqlite b.sqlite "$recorded" a.sqlite
    python3 "$cli/merge.py" other.sqlite b.sqlite "$recorded" a.sqlite
    [ "$(figures out.sqlite)" = "$(figures other.sqlite)" ]
}

@test "a real recording split in two and merged again has the figures of the one" {
    for half in 0 1; do
        python3 "$cli/split.py" "$recorded" "half$half.sqlite" "$half"
    done
    rejoin-report merge out.sqlite half0.sqlite half1.sqlite
    [ "$(sqlite3 out.sqlite 'SELECT count(*) FROM trial')" -eq 9 ]
    cp "$recorded" one.sqlite
    [ "$(pooled out.sqlite)" = "$(pooled one.sqlite)" ]
    for view in v_metric v_master_change v_sample v_log_event; do
        [ "$(sqlite3 out.sqlite "SELECT count(*) FROM $view")" = "$(sqlite3 "$recorded" "SELECT count(*) FROM $view")" ]
    done
}

@test "the same study twice is taken once, the longer copy is taken, a changed one is refused" {
    make_drill a.sqlite --samples 10
    cp a.sqlite copy.sqlite
    run --separate-stderr rejoin-report merge once.sqlite a.sqlite copy.sqlite a.sqlite
    [ "$output" = "once.sqlite: 1 study, 39 trials, from 3 files" ]
    [[ ${stderr_lines[0]} == "study 'three-four-five' ("*") is the same in a.sqlite and copy.sqlite: taken once" ]]
    [ "${#stderr_lines[@]}" -eq 2 ]
    python3 "$cli/merge.py" once.sqlite a.sqlite

    cp a.sqlite shorter.sqlite
    sqlite3 shorter.sqlite "DELETE FROM sample WHERE trial_id > 20; DELETE FROM step WHERE trial_id > 20;
        DELETE FROM metric WHERE trial_id > 20; DELETE FROM master_change WHERE trial_id > 20;
        DELETE FROM poll_count WHERE trial_id > 20; DELETE FROM trial WHERE trial_id > 20"
    for order in "shorter.sqlite a.sqlite" "a.sqlite shorter.sqlite"; do
        rm -f longer.sqlite
        # shellcheck disable=SC2086
        run --separate-stderr rejoin-report merge longer.sqlite $order
        [[ $stderr == *"goes on in a.sqlite (39 trials) after shorter.sqlite (20): the longer one is taken" ]]
        python3 "$cli/merge.py" longer.sqlite a.sqlite
    done

    sqlite3 copy.sqlite "UPDATE sample SET took_us = took_us + 1 WHERE trial_id = 7 AND due_us = 5000 AND node = 1"
    refused 3 "they differ in its trial 7" rejoin-report merge out.sqlite a.sqlite copy.sqlite
    cp a.sqlite copy2.sqlite
    sqlite3 copy2.sqlite "UPDATE session SET host = 'elsewhere'"
    refused 3 "they differ in what its trials stand on" rejoin-report merge out.sqlite a.sqlite copy2.sqlite
    [ ! -e out.sqlite ]
}

@test "seals, sign-offs and a signature hold in OUT, and a change in it is found" {
    openssl genpkey -algorithm ed25519 -out seal.key
    openssl pkey -in seal.key -pubout -out seal.pub
    # a recorded drill, and another study of the same trials: sealed both, one of them signed
    for name in signed sealed; do
        python3 "$cli/../seal/small.py" "$cli/../upgrade/format1.sqlite" "$name.sqlite" seal.key
        rejoin-report verify "$name.sqlite" --key seal.pub
    done
    # the seal is tied to the uuid: it is another study when it is sealed anew, by whoever has no key
    sqlite3 sealed.sqlite "UPDATE study SET uuid = 'another', name = 'another'; DELETE FROM seal; DELETE FROM study_seal;
        DROP TRIGGER sign_off_is_kept; DELETE FROM sign_off"
    sqlite3 signed.sqlite "SELECT sql FROM sqlite_schema WHERE name = 'sign_off_is_kept'" | sqlite3 sealed.sqlite
    rejoin-collector heal sealed.sqlite
    rejoin-report verify sealed.sqlite

    for order in "sealed.sqlite signed.sqlite" "signed.sqlite sealed.sqlite"; do
        rm -f out.sqlite
        # shellcheck disable=SC2086
        rejoin-report merge out.sqlite $order
        run rejoin-report verify out.sqlite
        echo "$output"
        [ "$status" -eq 0 ]
        [[ $output == *'seal        holds: 4 of 4 trials sealed'* ]]
        for db in sealed signed; do
            head=$(sqlite3 "$db.sqlite" 'SELECT lower(hex(head)) FROM study_seal')
            rejoin-report verify out.sqlite --head "$head"
        done
        # of two studies one is signed, and so verify says
        run rejoin-report verify out.sqlite --key seal.pub
        echo "$output"
        [ "$status" -eq 1 ]
        [[ $output == *"study another is not signed"* ]]
        # that line, and the last one
        [ "$(grep -c 'DOES NOT HOLD' <<< "$output")" -eq 2 ]
    done
    # what the key did sign is the head in OUT
    [ "$(sqlite3 out.sqlite 'SELECT hex(signature) FROM study_seal WHERE signature IS NOT NULL')" = \
        "$(sqlite3 signed.sqlite 'SELECT hex(signature) FROM study_seal')" ]
    sqlite3 out.sqlite "UPDATE sample SET took_us = took_us + 1 WHERE sample_key =
        (SELECT max(sample_key) FROM sample WHERE outcome = 0)"
    run rejoin-report verify out.sqlite
    [ "$status" -eq 1 ]
    [[ $output == *"seal        DOES NOT HOLD: trial 4 (position 2)"* ]]
}

@test "every bad input is one clear line" {
    make_drill a.sqlite --trials 2 --samples 5
    cp a.sqlite b.sqlite
    refused 2 "exists already" rejoin-report merge a.sqlite b.sqlite
    refused 3 "no such file" rejoin-report merge out.sqlite a.sqlite none.sqlite
    refused 3 "folder does not exist" rejoin-report merge no/out.sqlite a.sqlite
    echo text > text.sqlite
    refused 3 "not a rejoin drill file" rejoin-report merge out.sqlite text.sqlite
    sqlite3 b.sqlite "UPDATE study SET uuid = 'other'; UPDATE sample SET snapshot_id = 99 WHERE trial_id = 1"
    refused 3 "b.sqlite: is damaged: a row of sample refers to one of snapshot" rejoin-report merge out.sqlite a.sqlite b.sqlite
    cp a.sqlite c.sqlite
    sqlite3 c.sqlite "UPDATE study SET uuid = 'other'; UPDATE snapshot SET body = '{\"x\":1}'"
    refused 3 "has the digest of another one" rejoin-report merge out.sqlite a.sqlite c.sqlite
    [ "$(ls -d ./*.sqlite*)" = "$(printf './%s\n' a.sqlite b.sqlite c.sqlite text.sqlite)" ]
}

@test "killed at any moment: no OUT, the recordings untouched" {
    make_drill a.sqlite --samples 2000 --trials 8
    make_drill b.sqlite --seed 7 --samples 2000 --trials 8
    before=$(sha256sum a.sqlite b.sqlite)
    n_cut=0
    for ms in 3 10 25 50 100 200 400; do
        rejoin-report merge out.sqlite a.sqlite b.sqlite &
        pid=$!
        sleep "$(printf '0.%03d' "$ms")"
        kill -9 "$pid" 2> /dev/null || true
        if wait "$pid"; then
            [ "$(sqlite3 out.sqlite 'SELECT count(*) FROM trial')" -eq 54 ]
            rm out.sqlite
        else
            [ ! -e out.sqlite ]
            n_cut=$((n_cut + 1))
        fi
    done
    [ "$n_cut" -ge 3 ]
    [ "$(sha256sum a.sqlite b.sqlite)" = "$before" ]
    [ "$(find . -name '[ab].sqlite*' | wc -l)" -eq 2 ]
}

@test "interrupted, or the disk is full: one line, nothing is left" {
    make_drill a.sqlite --samples 4000 --trials 8
    rejoin-report merge out.sqlite a.sqlite &
    pid=$!
    for _ in {1..1000}; do
        compgen -G 'out.sqlite.*' > /dev/null && break
        sleep 0.005
    done
    kill -INT "$pid"
    status=0
    wait "$pid" || status=$?
    [ "$status" -eq 4 ]
    [ "$(ls)" = a.sqlite ]
    on_full_disk "no space left" 1m rejoin-report merge small/out.sqlite a.sqlite
}

@test "merge's help fits a screen" {
    help_fits merge
}
