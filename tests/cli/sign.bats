#!/usr/bin/env bats
# rejoin-collector sign: sign-offs are added to a recording, shown by the reports, and never changed.

setup() {
    here=$BATS_TEST_DIRNAME
    cd "$BATS_TEST_TMPDIR" || exit 1
    "$here/make-drill.py" drill.sqlite --trials 2
}

sql() { sqlite3 drill.sqlite "$1"; }

refused() {
    local before
    before=$(sqlite3 drill.sqlite .dump | sha256sum)
    run rejoin-collector sign "${@:3}"
    echo "$output"
    [ "$status" -eq "$1" ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == "rejoin-collector: error: "*"$2"* ]]
    [ "$(sqlite3 drill.sqlite .dump | sha256sum)" = "$before" ]
}

make_key() {
    openssl genpkey -algorithm ed25519 -out "$1.key"
    openssl pkey -in "$1.key" -pubout -out "$1.pub"
}

# verified STATUS TEXT ARGUMENT...
verified() {
    run rejoin-report verify drill.sqlite "${@:3}"
    echo "$output"
    [ "$status" -eq "$1" ]
    [[ $output == *"$2"* ]]
}

@test "several people sign, one after the other, and every report says so" {
    run rejoin-collector sign drill.sqlite --name 'A. Person' --decision rejected --comment 'trial 2 too slow'
    echo "$output"
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "study three-four-five: rejected by A. Person" ]
    rejoin-collector sign drill.sqlite --name '東京' --comment 'repeated: fine'
    rejoin-collector sign drill.sqlite --name 'B. Person' --decision accepted
    [ "$(sql "SELECT name, decision, comment, account, host FROM v_sign_off")" = \
        "$(printf '%s|%s\n' "A. Person|rejected|trial 2 too slow|$(id -un)" "$(hostname)" \
            "東京||repeated: fine|$(id -un)" "$(hostname)" "B. Person|accepted||$(id -un)" "$(hostname)")" ]
    [ "$(sql "SELECT count(*) FROM sign_off WHERE signed_utc_us BETWEEN (unixepoch() - 60) * 1000000 AND (unixepoch() + 1) * 1000000")" -eq 3 ]
    [ "$(sql "SELECT count(DISTINCT hash), min(length(hash)) FROM sign_off")" = '3|32' ]
    # of the seal as it was: what nobody had sealed is sealed when it is signed
    [ "$(sql "SELECT count(*) FROM sign_off JOIN study_seal USING (study_id) WHERE sign_off.head = study_seal.head")" -eq 3 ]
    run rejoin-report summary drill.sqlite
    [ "$(grep -c '^sign-off ' <<< "$output")" -eq 3 ]
    [[ $output == *"rejected by A. Person on "*" UTC: trial 2 too slow"* ]]
    rejoin-report workbook drill.sqlite -o drill.xlsx
    unzip -p drill.xlsx xl/sharedStrings.xml | grep -q 'repeated: fine'
}

@test "programs are told the study record and the sign-offs" {
    sql "UPDATE study SET hypothesis = 'soon', rto_ns = 2 * 1000000000, scope = 'all of \"it\"', environment = 'lab',
        approver = 'Ä. Person', ticket = 'CHG-17', remarks = 'none'"
    rejoin-collector sign drill.sqlite --name '東京' --decision rejected --comment 'too slow'
    rejoin-collector sign drill.sqlite --name me --comment fine
    rejoin-report summary drill.sqlite --format json > drill.json
    rejoin-report summary drill.sqlite --format csv > drill.csv
    /usr/bin/python3 "$here/summary.py" drill.sqlite drill.json drill.csv
    python3 - << 'END'
import json
study, = json.load(open("drill.json"))["studies"]
assert [study[k] for k in ("hypothesis", "scope", "environment", "operator", "approver", "ticket", "remarks")] == \
    ["soon", 'all of "it"', "lab", "ops", "Ä. Person", "CHG-17", "none"], study
assert [(s["name"], s["decision"], s["comment"]) for s in study["sign_offs"]] == \
    [("東京", "rejected", "too slow"), ("me", None, "fine")], study
assert study["rto"]["limit_s"] == 2 and study["rto"]["n"] > 0, study
END
}

@test "a sign-off is neither changed nor removed" {
    rejoin-collector sign drill.sqlite --name me --decision accepted
    run sqlite3 drill.sqlite "UPDATE sign_off SET decision = 'rejected'"
    [[ $output == *"a sign-off is never changed"* ]]
    run sqlite3 drill.sqlite "DELETE FROM sign_off"
    [[ $output == *"a sign-off is never removed"* ]]
    [ "$(sql "SELECT group_concat(decision) FROM sign_off")" = accepted ]
}

@test "what it does not say is refused in one line" {
    refused 2 "--name is expected: who signs; or --key" drill.sqlite --comment x
    refused 2 "--name is expected" drill.sqlite
    refused 2 "--name is expected with --decision and --comment" drill.sqlite --comment x --key seal.key
    refused 2 "--decision, --comment or both are expected" drill.sqlite --name me
    refused 2 "--name: empty" drill.sqlite --name '' --comment x
    refused 2 "--comment: a control character" drill.sqlite --name me --comment $'a\nb'
    refused 2 "--name: text of at most 100 bytes" drill.sqlite --name "$(printf 'x%.0s' {1..101})" --comment x
    refused 2 "perhaps" drill.sqlite --name me --decision perhaps
    refused 2 "--study other: drill.sqlite has no study of that name or uuid" drill.sqlite --name me --comment x --study other
    refused 3 "no such file" none.sqlite --name me --comment x
    "$here/make-drill.py" drill.sqlite --no-study
    run rejoin-collector sign drill.sqlite --name me --comment x
    [ "$status" -eq 3 ]
    [[ $output == *"drill.sqlite holds no study" ]]
}

@test "of several studies one is named; a schedule that is not through is told of" {
    "$here/make-drill.py" drill.sqlite --trials 2 --studies 2
    run rejoin-collector sign drill.sqlite --name me --decision accepted
    [ "$status" -eq 2 ]
    [[ $output == *"holds several studies: --study, with a name or uuid, is expected" ]]
    uuid=$(sql "SELECT uuid FROM study WHERE study_id = 2")
    sql "UPDATE study SET finished_utc_us = NULL, trials_planned = 99"
    run rejoin-collector sign drill.sqlite --name me --decision accepted --study "$uuid"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ ${lines[1]} == "note: its schedule is not through: "*" of 99 trials" ]]
    [ "$(sql "SELECT study_id FROM sign_off")" = 2 ]
}

@test "a key signs the head, and verify knows it; with a name there is a sign-off too" {
    make_key seal
    make_key other
    rm drill.sqlite
    python3 "$here/../seal/small.py" "$here/../upgrade/format1.sqlite" drill.sqlite seal.key
    sql "UPDATE study_seal SET public_key = NULL, signature = NULL"
    verified 1 "is not signed" --key seal.pub
    head=$(sql "SELECT lower(hex(head)) FROM study_seal")
    run rejoin-collector sign drill.sqlite --key seal.key
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$output" = "study demo: its head is signed with seal.key" ]
    [ "$(sql "SELECT count(*) FROM sign_off")" -eq 2 ]
    verified 0 "signed by " --key seal.pub --head "$head"
    verified 1 "is signed with another key" --key other.pub

    # once more changes nothing, another key nothing either, and leaves no sign-off
    before=$(sql .dump)
    rejoin-collector sign drill.sqlite --key seal.key
    [ "$(sql .dump)" = "$before" ]
    refused 3 "the study is signed with another key already" drill.sqlite --key other.key --name me --comment x

    rejoin-collector sign drill.sqlite --key seal.key --name 'C. Person' --decision accepted
    [ "$(sql "SELECT group_concat(name, ', ') FROM v_sign_off")" = "A. Nyquist, B. Bode, C. Person" ]
    verified 0 "signed by " --key seal.pub --head "$head"
}

@test "a key that others can read, or that is none, is refused before anything is done" {
    make_key seal
    chmod 644 seal.key
    refused 3 "--key: seal.key" drill.sqlite --key seal.key --name me --comment x
    chmod 600 seal.key
    refused 3 "--key: none.key" drill.sqlite --key none.key
    refused 3 "--key: seal.pub" drill.sqlite --key seal.pub
}
