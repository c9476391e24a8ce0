#!/usr/bin/env bats
# rejoin-report merge, of several copies of one study: the same by uuid, rows and seal, or refused; no signature and no
# sign-off is lost, and no broken copy is taken where a good one is there.
# shellcheck disable=SC2154 # run sets stderr

load files_common.bash

unsign='UPDATE study_seal SET public_key = NULL, signature = NULL'

setup_file() {
    cd "$BATS_FILE_TMPDIR" || exit 1
    for key in a b; do
        openssl genpkey -algorithm ed25519 -out "$key.key"
        openssl pkey -in "$key.key" -pubout -out "$key.pub"
    done
    cp "$BATS_TEST_DIRNAME/../upgrade/format1.sqlite" signed.sqlite
    rejoin-collector sign signed.sqlite --key a.key
    # sealed and closed, nothing else
    cp signed.sqlite plain.sqlite
    sqlite3 plain.sqlite "$unsign"
    cp plain.sqlite other-key.sqlite
    rejoin-collector sign other-key.sqlite --key b.key
    cp plain.sqlite accepted.sqlite
    rejoin-collector sign accepted.sqlite --name 'A. Nyquist' --decision accepted
    cp accepted.sqlite twice.sqlite
    rejoin-collector sign twice.sqlite --name 'B. Bode' --comment 'see CHG-17'
    # the study as it was before its last trial, with the same chain, and closed then
    cp plain.sqlite shorter.sqlite
    sqlite3 shorter.sqlite "DELETE FROM sample WHERE trial_id = 9; DELETE FROM write_probe WHERE write_key >> 42 = 9;
        $(printf 'DELETE FROM %s WHERE trial_id = 9; ' seal step loss poll_count write_count health_change master_change \
        metric log_event log_chunk incident trial) DELETE FROM study_seal;
        DELETE FROM snapshot WHERE snapshot_id NOT IN (SELECT snapshot_id FROM sample WHERE outcome = 0)"
    rejoin-collector sign shorter.sqlite --key a.key
    sqlite3 shorter.sqlite "$unsign"
}

setup() {
    cp "$BATS_FILE_TMPDIR"/*.sqlite "$BATS_FILE_TMPDIR"/*.pub "$BATS_FILE_TMPDIR"/*.key "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR" || exit 1
}

# taken TEXT VERIFY-OPTION...: merge of one.sqlite and two.sqlite, in either order, says TEXT, and OUT holds.
taken() {
    local text=$1 order
    shift
    for order in "one.sqlite two.sqlite" "two.sqlite one.sqlite"; do
        rm -f out.sqlite
        # shellcheck disable=SC2086
        run --separate-stderr rejoin-report merge out.sqlite $order
        echo "$status: $stderr"
        [ "$status" -eq 0 ]
        [[ $stderr == *"$text"* ]]
        run rejoin-report verify out.sqlite "$@"
        echo "$output"
        [ "$status" -eq 0 ]
    done
}

# differ TEXT: merge of one.sqlite and two.sqlite is refused, in either order.
differ() {
    rm -f out.sqlite
    refused 3 "$1" rejoin-report merge out.sqlite one.sqlite two.sqlite
    refused 3 "$1" rejoin-report merge out.sqlite two.sqlite one.sqlite
    [ ! -e out.sqlite ]
}

sql() {
    local db=$1
    shift
    sqlite3 "$db" "DROP TRIGGER sign_off_stays; DROP TRIGGER sign_off_is_kept;" "$@"
}

@test "of copies of which one has more, that one is taken: a signature, sign-offs, both" {
    mv plain.sqlite one.sqlite
    cp signed.sqlite two.sqlite
    taken "in two.sqlite has what one.sqlite lacks (a signature): it is taken" --key a.pub
    cp accepted.sqlite two.sqlite
    taken "in two.sqlite has what one.sqlite lacks (sign-offs): it is taken"
    [ "$(sqlite3 out.sqlite 'SELECT name FROM sign_off')" = 'A. Nyquist' ]
    mv accepted.sqlite one.sqlite
    rejoin-collector sign twice.sqlite --key a.key
    mv twice.sqlite two.sqlite
    taken "in two.sqlite has what one.sqlite lacks (sign-offs, a signature): it is taken" --key a.pub
    [ "$(sqlite3 out.sqlite 'SELECT name FROM sign_off')" = $'A. Nyquist\nB. Bode' ]
    cp two.sqlite one.sqlite
    taken "is the same in" --key a.pub
}

@test "each has what the other lacks: refused, nothing is dropped" {
    cp signed.sqlite one.sqlite
    cp accepted.sqlite two.sqlite
    refused 3 "each has what the other lacks: one.sqlite a signature, two.sqlite sign-offs" \
        rejoin-report merge out.sqlite one.sqlite two.sqlite
    differ "each has what the other lacks"
    cp other-key.sqlite two.sqlite
    differ "they differ in its signature"
    # signed off as "rejected", and then one more trial
    rejoin-collector sign shorter.sqlite --name 'A. Nyquist' --decision rejected
    mv shorter.sqlite one.sqlite
    mv plain.sqlite two.sqlite
    refused 3 "each has what the other lacks: one.sqlite sign-offs, two.sqlite trials" \
        rejoin-report merge out.sqlite one.sqlite two.sqlite
    differ "each has what the other lacks"
    # a third copy makes no difference, and nothing is said of what is not merged
    cp two.sqlite three.sqlite
    refused 3 "each has what the other lacks" rejoin-report merge out.sqlite three.sqlite two.sqlite one.sqlite
}

@test "a study that went on: the longer copy, and what is said of a signature that was the shorter one's" {
    cp shorter.sqlite one.sqlite
    cp plain.sqlite two.sqlite
    taken "goes on in two.sqlite (9 trials) after one.sqlite (8): the longer one is taken"
    [[ $stderr != *signature* ]]
    rejoin-collector sign one.sqlite --key a.key
    taken "the longer one is taken, without the signature that is in one.sqlite: it is of the shorter one's head"
    # signed off before it went on, and still so
    rejoin-collector sign shorter.sqlite --name 'A. Nyquist' --decision accepted
    cp shorter.sqlite one.sqlite
    sqlite3 two.sqlite "ATTACH 'one.sqlite' AS one; DELETE FROM study_seal; INSERT INTO sign_off SELECT * FROM one.sign_off"
    rejoin-collector sign two.sqlite --key a.key
    taken "goes on in two.sqlite (9 trials) after one.sqlite (8)"
    [ "$(sqlite3 out.sqlite 'SELECT decision FROM sign_off')" = accepted ]
    # the longer one has another "decision"
    sql two.sqlite "UPDATE sign_off SET decision = 'rejected'"
    differ "they differ in its sign-offs"
}

@test "seals, heads and sign-offs that are not the same are refused" {
    cp signed.sqlite one.sqlite
    change_and_differ() {
        cp "$1" two.sqlite
        sql two.sqlite "$2"
        differ "$3"
    }
    change_and_differ one.sqlite "UPDATE seal SET hash = zeroblob(32) WHERE trial_id = 4" "they differ in the seal of its trial 4"
    change_and_differ one.sqlite "UPDATE seal SET chain = x'00' WHERE trial_id = 9" "they differ in the seal of its trial 9"
    change_and_differ one.sqlite "UPDATE seal SET sealed_utc_us = sealed_utc_us + 1 WHERE trial_id = 1" "they differ in the seal of its trial 1"
    change_and_differ one.sqlite "DELETE FROM seal WHERE trial_id = 3" "they differ in the seal of its trial 3"
    change_and_differ one.sqlite "UPDATE study_seal SET head = zeroblob(32)" "they differ in its head"
    change_and_differ one.sqlite "UPDATE study_seal SET closed_utc_us = closed_utc_us + 1" "they differ in its head"
    change_and_differ one.sqlite "UPDATE study_seal SET last_sign_off = zeroblob(32)" "they differ in its sign-offs"
    change_and_differ one.sqlite "UPDATE study_seal SET signature = zeroblob(64)" "they differ in its signature"
    cp twice.sqlite one.sqlite
    change_and_differ one.sqlite "UPDATE sign_off SET comment = comment || char(0) || 'hidden' WHERE sign_off_id = 2" \
        "they differ in its sign-offs"
    change_and_differ one.sqlite "UPDATE sign_off SET comment = NULL, decision = 'rejected' WHERE sign_off_id = 2" \
        "they differ in its sign-offs"
}

@test "the copy that has more is taken only if its seal holds" {
    cp plain.sqlite one.sqlite
    cp signed.sqlite two.sqlite
    sqlite3 two.sqlite "UPDATE study_seal SET signature = zeroblob(64)"
    differ "two.sqlite has more (a signature), but its seal does not hold"
    cp accepted.sqlite two.sqlite
    sql two.sqlite "UPDATE sign_off SET decision = 'rejected'"
    differ "two.sqlite has more (sign-offs), but its seal does not hold"
    # the whole text is read, not only what stands before a NUL
    for column in name decision account host tool_version; do
        cp accepted.sqlite two.sqlite
        sql two.sqlite "PRAGMA ignore_check_constraints = ON; UPDATE sign_off SET $column = $column || char(0) || 'x'"
        differ "two.sqlite has more (sign-offs), but its seal does not hold"
    done
    cp accepted.sqlite two.sqlite
    sqlite3 two.sqlite "UPDATE study_seal SET last_sign_off = NULL"
    differ "two.sqlite has more (sign-offs), but its seal does not hold"
    # the head that was there was taken away, and nobody may put another one
    sqlite3 one.sqlite "DELETE FROM study_seal"
    cp plain.sqlite two.sqlite
    taken "has what one.sqlite lacks (a head)"
    sqlite3 two.sqlite "UPDATE study_seal SET head = zeroblob(32)"
    differ "two.sqlite has more (a head), but its seal does not hold"
    # no seals at all, and seals of other rows
    cp plain.sqlite two.sqlite
    sqlite3 one.sqlite "DELETE FROM seal"
    taken "has what one.sqlite lacks (seals, a head)"
    sqlite3 two.sqlite "UPDATE seal SET hash = zeroblob(32) WHERE trial_id = 9"
    differ "two.sqlite has more (seals, a head), but its seal does not hold"
    # a longer copy
    cp shorter.sqlite one.sqlite
    cp plain.sqlite two.sqlite
    sqlite3 two.sqlite "UPDATE session SET host = 'elsewhere'"
    differ "two.sqlite has more (trials), but its seal does not hold"
}

@test "of a killed recording, reports change neither file nor log; SQLite's index of the log is all they leave" {
    mkdir killed
    cp "$BATS_TEST_DIRNAME"/../upgrade/format1-interrupted.sqlite* killed
    rm -f killed/*-shm
    before=$(sha256sum killed/*)
    [[ $before == *-wal* ]]
    for verb in verify summary "merge out.sqlite" "archive -o out.tar.gz" "page -o out.html"; do
        # shellcheck disable=SC2086
        run rejoin-report $verb killed/format1-interrupted.sqlite
        echo "$output"
        [ "$status" -le 1 ]
        [ "$(sha256sum killed/*.sqlite killed/*-wal)" = "$before" ]
        [ -z "$(find killed -type f ! -name '*.sqlite' ! -name '*.sqlite-wal' ! -name '*.sqlite-shm')" ]
    done
    rejoin-collector heal killed/format1-interrupted.sqlite
    [ ! -e killed/format1-interrupted.sqlite-shm ]
}
