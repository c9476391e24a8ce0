#!/usr/bin/env bats
# rejoin-report export --to DIR: every value of every view, all of it or nothing.
# shellcheck disable=SC2154 # run sets stderr

load files_common.bash

@test "a recorded drill: every value is the one in the view" {
    before=$(sha256sum < "$recorded")
    rejoin-report export "$recorded" --to out
    python3 "$cli/export.py" "$recorded" out
    [ "$(sha256sum < "$recorded")" = "$before" ]
}

@test "odd names, censored trials, failures, several studies" {
    make_drill odd.sqlite --odd-names --studies 2 --censored 2 --no-reelection 1 --failed 1 --aborted 1 \
        --logs --incidents 3 --lost-writes 2 --faults stop,noop
    rejoin-report export odd.sqlite --to out
    python3 "$cli/export.py" odd.sqlite out
}

@test "what is not UTF-8 becomes U+FFFD, an empty text is told from NULL" {
    make_drill bad.sqlite --sizes 3 --trials 1
    sqlite3 bad.sqlite "UPDATE study SET name = CAST(x'61ff62' AS TEXT);
        UPDATE trial SET reason = '' WHERE trial_id = 1; UPDATE trial SET reason = NULL WHERE trial_id = 2;"
    rejoin-report export bad.sqlite --to out --view v_trial
    [ "$(ls out)" = "$(printf 'datapackage.json\nv_trial.csv\nv_trial.ndjson')" ]
    python3 -c '
import json
rows = [json.loads(line) for line in open("out/v_trial.ndjson", encoding="utf-8")]
assert [r["study"] for r in rows] == ["a\ufffdb"] * 2, rows
assert [r["reason"] for r in rows] == ["", None], rows
lines = open("out/v_trial.csv", encoding="utf-8", newline="").read().split("\r\n")
assert ",recovered,\"\",n" in lines[1] and ",recovered,,n" in lines[2], lines
'
}

@test "the same recording gives the same bytes; an empty folder may be there" {
    mkdir two
    rejoin-report export "$recorded" --to one
    rejoin-report export "$recorded" --to two/
    diff -r one two
}

@test "every bad input is one clear line" {
    mkdir full && touch full/x file
    refused 2 "needs --to" rejoin-report export "$recorded"
    refused 2 "exists already and is not empty" rejoin-report export "$recorded" --to full
    refused 2 "a folder is expected" rejoin-report export "$recorded" --to file
    refused 2 "did you mean v_trial?" rejoin-report export "$recorded" --to out --view v_trail
    refused 3 "folder does not exist" rejoin-report export "$recorded" --to no/where
    refused 3 "no such file" rejoin-report export nothing.sqlite --to out
    # however a URL is written it is taken for one, and what may be a password is not shown
    for to in https://u:geheim@host HTTPS://u:geheim@host HttP://u:geheim@host:9200/; do
        refused 2 "a URL without user, query and fragment is expected" rejoin-report export "$recorded" --to "$to"
        [[ $stderr != *geheim* ]]
    done
    for to in ftp://u:geheim@host https:/u:geheim@host HTTPS:u:geheim@host file:///geheim; do
        refused 2 "--to: a folder, or a URL that begins with http:// or https://, is expected" \
            rejoin-report export "$recorded" --to "$to"
        [[ $stderr != *geheim* ]]
    done
    [ ! -e out ]
    [ "$(ls full)" = x ]
}

# bats test_tags=slow
@test "killed at any moment: nothing under the final name, the recording untouched" {
    make_drill big.sqlite --samples 2000 --trials 6
    before=$(sha256sum < big.sqlite)
    n_cut=0
    for ms in 5 20 50 100 200 400; do
        rejoin-report export big.sqlite --to out &
        pid=$!
        sleep "$(printf '0.%03d' "$ms")"
        kill -9 "$pid" 2> /dev/null || true
        if wait "$pid"; then
            python3 "$cli/export.py" big.sqlite out
            rm -r out
        else
            [ ! -e out ]
            n_cut=$((n_cut + 1))
        fi
    done
    [ "$n_cut" -ge 3 ]
    [ "$(sha256sum < big.sqlite)" = "$before" ]
    [ "$(find . -name 'big.sqlite*' | wc -l)" -eq 1 ]
}

@test "interrupted: exit 4, and nothing is left" {
    make_drill big.sqlite --samples 4000 --trials 6
    rejoin-report export big.sqlite --to out &
    pid=$!
    for _ in {1..500}; do
        compgen -G 'out.*/v_sample.csv' > /dev/null && break
        sleep 0.005
    done
    kill -TERM "$pid"
    status=0
    wait "$pid" || status=$?
    [ "$status" -eq 4 ]
    [ "$(ls)" = big.sqlite ]
}

@test "a full disk is one clear line, and nothing is left" {
    make_drill big.sqlite --samples 500 --trials 3
    on_full_disk "no space left on device" 256k rejoin-report export big.sqlite --to small/out
}

@test "export fits a screen of help" {
    help_fits export
}
