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

serve() {
    python3 "$cli/bulk_server.py" "$1" port log 3>&- &
    server=$!
    for _ in {1..100}; do [ ! -e port ] || break; sleep 0.1; done
    url=http://127.0.0.1:$(cat port)
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
    [[ $stderr == *"$(rows) documents created, 0 were there already, 0 failed"* ]]
    [ "$(grep -c '^document .* 201$' log)" -eq "$(rows)" ]
    [ "$(grep -c '^document rejoin-metric ' log)" -eq "$(sqlite3 "$recorded" "SELECT count(*) FROM v_metric")" ]
    export_it --to "$url"
    [ "$status" -eq 0 ]
    [[ $stderr == "0 documents created, $(rows) were there already, 0 failed"* ]]
}

@test "a merged copy, with other local ids, is the same documents" {
    python3 "$cli/make-drill.py" other.sqlite --sizes 3 --trials 2
    rejoin-report merge all.sqlite other.sqlite "$recorded"
    serve plain
    export_it --to "$url" --view v_trial --view v_metric --view v_log_event
    [ "$status" -eq 0 ]
    there=$(rows trial metric log_event)
    recorded=all.sqlite
    export_it --to "$url" --view v_trial --view v_metric --view v_log_event
    [ "$status" -eq 0 ]
    [[ $stderr == *", $there were there already, 0 failed"* ]]
}

@test "bodies are of bounded size" {
    serve plain
    cp "$recorded" long.sqlite
    sqlite3 long.sqlite "UPDATE study SET name = printf('%.20000c', 'x')"
    recorded=long.sqlite
    export_it --to "$url" --view v_metric --view v_log_event
    [ "$status" -eq 0 ]
    awk '/^POST/ { if ($3 > 5 * 1024 * 1024) exit 1; n++ } END { if (n < 2) exit 1 }' log
}

@test "429: of the whole request and of single documents: tried again, after Retry-After" {
    serve busy
    begun=$SECONDS
    export_it --to "$url"
    [ "$status" -eq 0 ]
    [[ $stderr == *"$(rows) documents created, 0 were there already, 0 failed"* ]]
    [ $((SECONDS - begun)) -ge 2 ]
    grep -q '^document .* 429$' log
}

@test "single documents refused: counted, the first few said, exit 1" {
    serve partial
    export_it --to "$url"
    [ "$status" -eq 1 ]
    failed=$(grep -c '^document .* 400$' log)
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
