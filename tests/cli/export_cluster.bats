#!/usr/bin/env bats
# rejoin-report export --to http://...: against a small server that is busy, refuses, cuts, redirects.
# shellcheck disable=SC2154,SC2030,SC2031 # run sets stderr; each test has its own recorded
bats_require_minimum_version 1.5.0

setup() {
    cli=$BATS_TEST_DIRNAME
    recorded=$BATS_TEST_DIRNAME/../../data/recorded/demo.sqlite
    cd "$BATS_TEST_TMPDIR" || exit 1
    server=
}

teardown() {
    [ -z "$server" ] || kill "$server"
}

# serve MODE [CERTIFICATE KEY]
serve() {
    python3 "$cli/bulk_server.py" "$1" port log "${@:2}" 3>&- &
    server=$!
    for _ in {1..1200}; do [ ! -e port ] || break; sleep 0.1; done
    url=http$([ $# -eq 1 ] || echo s)://127.0.0.1:$(cat port)
}

export_it() {
    run --separate-stderr rejoin-report export "$recorded" "$@"
    echo "$status: $stderr"
}

# rows [VIEW...]: rows of these views; of those that are exported when none is named.
rows() {
    local view n=0
    (($#)) || set -- trial metric master_change log_event witness step node incident
    for view; do
        n=$((n + $(sqlite3 "$recorded" "SELECT count(*) FROM v_$view")))
    done
    echo "$n"
}

@test "every row is a document; a repeat creates none" {
    serve plain
    export_it --to "$url/"
    [ "$status" -eq 0 ]
    [[ $stderr == *"$(rows) documents created, 0 updated, 0 were there already, 0 failed"* ]]
    [ "$(grep -c '^document .* 201 ' log)" -eq "$(rows)" ]
    [ "$(grep -c '^document rejoin-metric ' log)" -eq "$(sqlite3 "$recorded" "SELECT count(*) FROM v_metric")" ]
    export_it --to "$url"
    [ "$status" -eq 0 ]
    [[ $stderr == "0 documents created, 0 updated, $(rows) were there already, 0 failed"* ]]
    # in capitals it is the same URL, and credentials are kept off the network then too
    export_it --to "HTTP${url#http}"
    [ "$status" -eq 0 ]
    [[ $stderr == "0 documents created, 0 updated, $(rows) were there already, 0 failed"* ]]
    export KEY=geheim
    export_it --to HTTP://192.0.2.1:9200 --api-key-env KEY
    [ "$status" -eq 3 ]
    [[ $stderr == *"credentials would go over the network in the clear"* ]]
}

@test "a merged copy, with other local ids, is the same documents" {
    python3 "$cli/make-drill.py" other.sqlite --sizes 3 --trials 2
    rejoin-report merge all.sqlite other.sqlite "$recorded"
    serve plain
    export_it --to "$url" --view v_sample
    export_it --to "$url"
    [ "$status" -eq 0 ]
    there=$(rows)
    recorded=all.sqlite
    export_it --to "$url"
    [ "$status" -eq 0 ]
    [[ $stderr == *"$(($(rows) - there)) documents created, 0 updated, $there were there already, 0 failed"* ]]
    export_it --to "$url" --view v_sample
    [ "$status" -eq 0 ]
    [[ $stderr == *" documents created, 0 updated, $(sqlite3 "$BATS_TEST_DIRNAME/../../data/recorded/demo.sqlite" "SELECT count(*) FROM v_sample") were there"* ]]
}

# documents VIEW: the last of each id, as the server has them, in order
documents() {
    python3 -c '
import json, sys
found = {}
for line in open("log", encoding="utf-8"):
    if line.startswith("document rejoin-" + sys.argv[1] + " "):
        _, _, _, key, _, text = line.split(" ", 5)
        found[key] = json.loads(text)
names = [n for n in next(iter(found.values())) if n not in ("@timestamp", "trial", "study_uuid")]
for text in sorted(json.dumps({n: d[n] for n in names}) for d in found.values()):
    print(text)' "$1"
}

@test "a document says what its view says, those of the views that are read otherwise too" {
    python3 "$cli/make-drill.py" odd.sqlite --odd-names --studies 2 --aborted 1 --logs --incidents 3
    recorded=odd.sqlite
    serve plain
    export_it --to "$url"
    [ "$status" -eq 0 ]
    rejoin-report export odd.sqlite --to views
    for view in node step incident metric; do
        python3 -c '
import json, sys
for text in sorted(json.dumps({n: v for n, v in json.loads(line).items() if n not in ("trial_id", "step_id", "incident_id", "study_uuid")})
                   for line in open(sys.argv[1], encoding="utf-8")):
    print(text)' "views/v_$view.ndjson" > expected
        [ -s expected ]
        documents "$view" > found
        cmp expected found
    done
}

@test "a row that changes later changes its document; others stay" {
    cp "$recorded" later.sqlite
    recorded=later.sqlite
    # as while it was recorded: a trial still runs, a step is not undone, a node's version not seen, a study not finished
    sqlite3 later.sqlite "CREATE TABLE kept AS SELECT max(trial_id) AS id, end_ns, outcome FROM trial;
        UPDATE trial SET end_ns = NULL, outcome = NULL WHERE trial_id = (SELECT id FROM kept);
        CREATE TABLE kept_step AS SELECT step_id AS id, undone_ns FROM step WHERE undone_ns IS NOT NULL AND trial_id = 1;
        UPDATE step SET undone_ns = NULL WHERE step_id IN (SELECT id FROM kept_step);
        UPDATE node SET version = NULL WHERE node_id = 1"
    serve plain
    export_it --to "$url"
    [ "$status" -eq 0 ]
    first=$(grep -c '^document .* 201 ' log)
    [ "$first" -lt "$(rows)" ]
    changed=$(sqlite3 later.sqlite "SELECT count(*) + 1 FROM kept_step")
    [ "$changed" -gt 1 ]
    sqlite3 later.sqlite "UPDATE trial SET end_ns = k.end_ns, outcome = k.outcome FROM kept k WHERE trial_id = k.id;
        UPDATE step SET undone_ns = k.undone_ns FROM kept_step k WHERE step_id = k.id;
        UPDATE node SET version = 'seen' WHERE node_id = 1"
    export_it --to "$url"
    [ "$status" -eq 0 ]
    [[ $stderr == *"$(($(rows) - first)) documents created, $changed updated, $((first - changed)) were there already, 0 failed"* ]]
    export_it --to "$url"
    [[ $stderr == *"0 documents created, 0 updated, $(rows) were there already, 0 failed"* ]]
    # also of a trial: what it says, not which it is
    sqlite3 later.sqlite "UPDATE trial SET reason = 'found out later' WHERE trial_id = 1; UPDATE study SET finished_utc_us = 1"
    export_it --to "$url" --view v_trial --view v_study
    [ "$(grep -c '^document rejoin-trial 200 .* updated ' log)" -eq 1 ]
    [[ $stderr == "1 documents created, 1 updated, "* ]]
}

@test "every view can be exported; a row of each is a document, a repeat creates none" {
    serve plain
    views=()
    for view in $(sqlite3 "$recorded" "SELECT substr(name, 3) FROM sqlite_schema WHERE name GLOB 'v_*'"); do
        views+=(--view "v_$view")
        names+=("$view")
    done
    export_it --to "$url" "${views[@]}"
    [ "$status" -eq 0 ]
    [[ $stderr == *"$(rows "${names[@]}") documents created, 0 updated, 0 were"* ]]
    export_it --to "$url" "${views[@]}"
    [[ $stderr == *"0 documents created, 0 updated, $(rows "${names[@]}") were there already, 0 failed"* ]]
}

@test "bodies are of bounded size" {
    serve plain
    cp "$recorded" long.sqlite
    sqlite3 long.sqlite "UPDATE study SET name = printf('%.20000c', 'x')"
    recorded=long.sqlite
    export_it --to "$url" --view v_metric --view v_log_event
    [ "$status" -eq 0 ]
    awk '/^POST/ { if ($3 > 2 * 1024 * 1024) exit 1; n++ } END { if (n < 2) exit 1 }' log
}

@test "429: of the whole request and of single documents: tried again, after Retry-After" {
    serve busy
    begun=$SECONDS
    export_it --to "$url"
    [ "$status" -eq 0 ]
    [[ $stderr == *"$(rows) documents created, 0 updated, 0 were there already, 0 failed"* ]]
    [ $((SECONDS - begun)) -ge 2 ]
    grep -q '^document .* 429 ' log
}

@test "single documents refused: counted, the first few said, exit 1" {
    serve partial
    export_it --to "$url"
    [ "$status" -eq 1 ]
    failed=$(grep -c '^document .* 400 ' log)
    [[ $stderr == *" $failed failed"* ]]
    [ "$(grep -c 'some_exception: fault 400' <<< "$stderr")" -eq 5 ]
    [[ $stderr == *"$failed documents were not taken"* ]]
}

@test "a connection cut once is no matter; cut for good: one line, exit 3" {
    serve cut-once
    export_it --to "$url"
    [ "$status" -eq 0 ]
    [[ $stderr == *"$(rows) documents created"* ]]
    kill "$server"
    rm port
    serve cut
    export_it --to "$url"
    [ "$status" -eq 3 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"cannot export: $url: "*"(tried 3 times)" ]]
}

@test "nobody there, a redirect, a server of another kind: one line, exit 3" {
    serve redirect
    export_it --to "$url"
    [ "$status" -eq 3 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"status 302"* ]]
    run ! grep -q elsewhere log
    kill "$server"
    server=
    export_it --to "$url"
    [ "$status" -eq 3 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    rm port
    serve strange
    export_it --to "$url"
    [ "$status" -eq 3 ]
    [[ $stderr == *"is not Elasticsearch's or OpenSearch's"* ]]
}

@test "credentials: sent, never said; not in the clear; one place of them" {
    serve plain
    SECRET=correct-horse export_it --to "$url" --user me --password-env SECRET
    [ "$status" -eq 0 ]
    grep -q "^PUT .* Basic $(printf me:correct-horse | base64)$" log
    [[ $stderr != *correct-horse* ]]
    SECRET=correct-horse export_it --to http://192.0.2.1:9200 --api-key-env SECRET
    [ "$status" -eq 3 ]
    [[ $stderr == *"in the clear"* && $stderr != *correct-horse* ]]
    echo correct-horse > key
    chmod 644 key
    export_it --to "$url" --api-key-file key
    [ "$status" -eq 3 ]
    [[ $stderr == *"key: readable by others"* && $stderr != *correct-horse* ]]
    chmod 600 key
    export_it --to "$url" --api-key-file key
    [ "$status" -eq 0 ]
    grep -q 'ApiKey correct-horse$' log
    export_it --to "$url" --api-key-file key --bearer-file key
    [ "$status" -eq 2 ]
    export_it --to "$url" --password-env SECRET
    [ "$status" -eq 2 ]
    export_it --to folder --api-key-file key
    [ "$status" -eq 2 ]
    export_it --to "$url" --ca nowhere.pem
    [ "$status" -eq 3 ]
}

@test "a signal ends the wait for a busy cluster: exit 4" {
    serve later
    rejoin-report export "$recorded" --to "$url" 2> err 3>&- &
    exporter=$!
    for _ in {1..1200}; do ! grep -q '^POST' log 2> /dev/null || break; sleep 0.1; done
    begun=$SECONDS
    kill -INT "$exporter"
    code=0
    wait "$exporter" || code=$?
    cat err
    [ "$code" -eq 4 ]
    [ $((SECONDS - begun)) -lt 20 ]
    [ "$(wc -l < err)" -eq 1 ]
    grep -q 'interrupted' err
    [ "$(grep -c '^POST' log)" -eq 1 ]
}

# gives_up MODE WORDS: one line with these, what is there, exit 3; the same command goes on
gives_up() {
    mkdir "$1" && cd "$1" || exit 1
    serve "$1"
    export_it --to "$url"
    [ "$status" -eq 3 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    there=$(grep -c '^document .* 201 ' log)
    [ "$there" -gt 0 ] && [ "$there" -lt "$(rows)" ]
    [[ $stderr == *"cannot export all ($there documents are there; the same command goes on from here): "*$2* ]]
    kill -USR1 "$server"
    export_it --to "$url"
    [ "$status" -eq 0 ]
    [[ $stderr == *"$(($(rows) - there)) documents created, 0 updated, $there were there already, 0 failed"* ]]
    cd ..
    kill "$server"
    server=
}

# bats test_tags=slow
@test "429 until the tries run out, of the whole request and of single documents" {
    gives_up full "/_bulk: status 429 (tried 6 times): *no room"
    gives_up no-room "the cluster has no room for *documents (status 429, tried 6 times)"
}

# certificate NAME SAN: an authority and what it signs are one
certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" -subj "/CN=$1" -days 2 \
        -addext "subjectAltName=$2" 2> /dev/null
}

# unsafe WORD OPTION...: one line that says it, exit 3, and nothing was asked, least of all with the secret
unsafe() {
    SECRET=correct-horse export_it --to "$url" --api-key-env SECRET "${@:2}"
    [ "$status" -eq 3 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"cannot export: $url: "*"$1"* ]]
    [ ! -e log ]
}

@test "TLS: whom --ca names is trusted, --insecure trusts anybody, nothing else is; credentials" {
    certificate here IP:127.0.0.1
    certificate stranger IP:127.0.0.1
    certificate elsewhere DNS:es.example.com
    serve plain here.pem here.key
    unsafe certificate
    unsafe certificate --ca stranger.pem
    SECRET=correct-horse export_it --to "$url" --ca here.pem --api-key-env SECRET
    [ "$status" -eq 0 ]
    [[ $stderr == *"$(rows) documents created"* && $stderr != *correct-horse* ]]
    [ "$(grep -cE '^(PUT|POST) .* ApiKey correct-horse$' log)" -eq "$(grep -cE '^(PUT|POST) ' log)" ]
    SECRET=battery-staple export_it --to "$url" --insecure --bearer-env SECRET
    [ "$status" -eq 0 ]
    [[ $stderr == *", $(rows) were there already"* ]]
    grep -q '^POST .* Bearer battery-staple$' log
    export_it --to "http${url#https}" # no TLS to who wants it
    [ "$status" -eq 3 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    kill "$server"
    rm port log
    # the right authority, but somebody else's name
    serve plain elsewhere.pem elsewhere.key
    unsafe "" --ca elsewhere.pem
    export_it --to "$url" --insecure
    [ "$status" -eq 0 ]
}
