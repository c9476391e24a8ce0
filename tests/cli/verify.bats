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

@test "the first trial that differs is named, and how" {
    sqlite3 small.sqlite "UPDATE sample SET took_us = took_us + 1 WHERE sample_key =
        (SELECT sample_key FROM sample WHERE trial_id = 2 AND outcome = 0 ORDER BY 1 LIMIT 1 OFFSET 40)"
    verify 1 'trial 2 (position 2): its rows are not those that were sealed' small.sqlite
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
            [[ $output == *'DOES NOT HOLD: trial 1 (position 1) is not sealed'* ]]
        fi
        rejoin-collector heal cut.sqlite
        run rejoin-report verify cut.sqlite
        [[ $output == *'seal        holds: 27 of 27 trials sealed'* ]]
    done
    [ "$n_cut" -gt 0 ]
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
    rejoin-collector watch --hosts "$hosts" --db watch.sqlite --for 12s --settle 1s --every 50ms > watch.log 2>&1 &
    watch=$!
    sleep 4
    printf 'now n1 refuse\nnow n2 master none\nnow n3 master none\n' >&7
    sleep 1
    printf 'now %s master n2 term 2 version 6 members n2,n3 voters n2,n3\n' n2 n3 >&7
    sleep 2.5
    printf 'now * ok master n2 term 2 version 7 members n1,n2,n3 voters n1,n2,n3\n' >&7
    wait "$watch"
    exec 7>&-
    verify 0 'watch.sqlite: holds' watch.sqlite
    [[ $output == *'5 changes of master and 12 metrics of 2 trials derived again'* ]]
    [ "$(sqlite3 watch.sqlite "SELECT count(*) FROM metric WHERE metric = 'reelection' AND censored = 0")" -gt 0 ]
    sqlite3 watch.sqlite "UPDATE metric SET lo_ns = lo_ns + 1 WHERE metric = 'reelection' AND origin = 'fault_issued'"
    verify 1 'derived     DOES NOT HOLD: trial 1 (position 1): reelection from fault_issued' watch.sqlite
}
