#!/usr/bin/env bats
# rejoin-report gate on synthetic drills. "UPDATE=1 bats tests/cli/gate.bats" writes tests/cases/report anew.

load report_common.bash

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    drill full.sqlite --trials 60 --sizes 3,5
    drill bad.sqlite --trials 12 --sizes 3 --censored 1 --failed 1 --incidents 2
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    full=$BATS_FILE_TMPDIR/full.sqlite
    bad=$BATS_FILE_TMPDIR/bad.sqlite
    tmp=$BATS_TEST_TMPDIR
}

# verdicts EXPECTED REQUIREMENT...: of $bad, in their order; the exit code agrees.
verdicts() {
    local expected=$1 status=0 args=()
    shift
    for requirement in "$@"; do
        args+=(--require "$requirement")
    done
    rejoin-report gate "$bad" "${args[@]}" --format json > "$tmp/json" || status=$?
    [ "$(python -c 'import json, sys; print(*[r["verdict"] for r in json.load(sys.stdin)["results"]])' < "$tmp/json")" = "$expected" ]
    case $expected in *fail* | *undecided*) [ "$status" -eq 1 ] ;; *) [ "$status" -eq 0 ] ;; esac
}

@test "gate takes no --metric: the requirements name theirs" {
    refuses 2 "unknown option --metric" rejoin-report gate "$full" --require failed=0 --metric boot
}

@test "a gate that holds: exit code 0" {
    expects gate.txt rejoin-report gate "$full" --by size --require 'reelection.p95<5s' --require 'reelection.max<=3 s' \
        --require failed=0 --require 'n>=60'
    expects gate.json rejoin-report gate "$full" --by size --require 'reelection.median<2000ms' --require 'failed<=7%' --format json
}

@test "fail and undecided: exit code 1" {
    verdicts "pass" 'reelection.p50<60s'
    verdicts "fail" 'failed=0'
    verdicts "undecided" 'reelection.p95<60s'
    verdicts "pass fail undecided" 'n>=12' 'censored=0' 'contested<50%'
    verdicts "fail" 'incidents=0'
    verdicts "pass" 'incidents=3'
    # failed counts every trial that did not recover; censored is some of these
    verdicts "pass pass" 'failed=2' 'censored=1'
    rejoin-report gate "$bad" --require 'failed=0' > "$tmp/out" || status=$?
    [ "$status" -eq 1 ]
    grep -F '1 no_rejoin, 1 gate_failed' "$tmp/out"
    run rejoin-report gate "$bad" --require 'reelection.p95<60s'
    [[ $output == *'an interval of p95 needs 59 trials'* ]]
}

@test "--where and --by choose what must hold" {
    drill two.sqlite --sizes 3,5 --faults stop,kill --trials 8
    two=$BATS_FILE_TMPDIR/two.sqlite
    [ "$(rejoin-report gate "$two" --require 'n>=8' --format json | grep -c '"verdict"')" -eq 4 ]
    [ "$(rejoin-report gate "$two" --by size --require 'n>=16' --format json | grep -c '"verdict": "pass"')" -eq 2 ]
    [ "$(rejoin-report gate "$two" --where size=3,fault=kill --require 'n>=8' --format json | grep -c '"verdict"')" -eq 1 ]
}

@test "a table fits 100 columns: what is wider is folded, and no column is lost" {
    drill wide.sqlite --sizes 3,5 --faults stop,kill --trials 30 --censored 3 --no-reelection 2 --failed 1
    rejoin-report gate "$BATS_FILE_TMPDIR/wide.sqlite" --require 'failed<=1%' --require 'reelection.p50<9s' > "$tmp/out" || status=$?
    [ "$status" -eq 1 ]
    cat "$tmp/out"
    [ "$(wc -L < "$tmp/out")" -le 100 ]
    [ "$(grep -cE '^require +of ' "$tmp/out")" -eq 2 ]
    grep -qE '^failed<=1% +masters 3, fault stop +30 +20\.0 % +7\.7 % +38\.6 % +fail$' "$tmp/out"
    grep -qE '^failed<=1% +masters 3, fault stop +2 no_reelection, 3 no_rejoin, 1 gate_failed$' "$tmp/out"
}

@test "without trials nothing passes" {
    drill empty.sqlite --empty
    drill no-study.sqlite --no-study
    for name in empty no-study; do
        run rejoin-report gate "$BATS_FILE_TMPDIR/$name.sqlite" --require failed=0 --require 'n>=0'
        [ "$status" -eq 1 ]
        [[ $output == *' 0 passed, 0 failed, '* ]]
    done
}

@test "JUnit XML is well-formed, whatever the names" {
    drill odd.sqlite --odd-names --studies 2 --trials 8 --sizes 3
    rejoin-report gate "$BATS_FILE_TMPDIR/odd.sqlite" --require ' reelection.p50 < 0.01s' --require 'n>=8' --require 'reelection.p95<9s' \
        --junit "$tmp/junit.xml" > /dev/null || status=$?
    [ "$status" -eq 1 ]
    python - "$tmp/junit.xml" << 'END'
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
assert root.tag == "testsuites" and root.get("tests") == "6" and root.get("failures") == "4", root.attrib
suite, = root
assert (suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped")) == ("6", "4", "0", "0")
assert "<b>größe</b> & \"x\" | 東京" in suite.get("name"), suite.get("name")
cases = [(c.get("name"), [f.get("type") for f in c]) for c in suite]
assert [c for c in cases if c[0] == "n>=8"] == [("n>=8", [])] * 2, cases
assert [c for c in cases if "p50" in c[0]] == [(" reelection.p50 < 0.01s", ["fail"])] * 2, cases
assert [c for c in cases if "p95" in c[0]] == [("reelection.p95<9s", ["undecided"])] * 2, cases
assert all("59 trials" in f.get("message") for c in suite for f in c if f.get("type") == "undecided")
END
    # the same again, byte by byte
    rejoin-report gate "$full" --require failed=0 --junit "$tmp/a.xml" > /dev/null
    rejoin-report gate "$full" --require failed=0 --junit "$tmp/b.xml" > /dev/null
    cmp "$tmp/a.xml" "$tmp/b.xml"
}

@test "wrong use gets one line" {
    refuses 2 "gate needs --require" rejoin-report gate "$full"
    refuses 2 "--require 'reelecton.p95<5s': character 1: 'reelecton': did you mean 'reelection'?" \
        rejoin-report gate "$full" --require failed=0 --require 'reelecton.p95<5s'
    refuses 2 "character 17: a unit (ms, s, m) is expected" rejoin-report gate "$full" --require 'reelection.p95<5'
    refuses 2 "unknown factor 'sizes'" rejoin-report gate "$full" --require failed=0 --by sizes
    refuses 2 "is the recording itself" rejoin-report gate "$full" --require failed=0 --junit "$full"
    refuses 3 "cannot write $tmp/none/j.xml" rejoin-report gate "$full" --require failed=0 --junit "$tmp/none/j.xml"
    refuses 3 "no such file" rejoin-report gate "$tmp/none.sqlite" --require failed=0
}
