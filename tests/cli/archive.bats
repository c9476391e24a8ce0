#!/usr/bin/env bats
# rejoin-report archive: complete, checkable without rejoin, the same bytes every time; whole or not there.
# shellcheck disable=SC2154,SC2030,SC2031 # run sets stderr, status, output and lines

load files_common.bash

@test "a recorded drill: plain sha256sum, tar, sqlite3 and python check all of it" {
    before=$(sha256sum < "$recorded")
    rejoin-report archive "$recorded" -o drill.tar.gz
    [ "$(sha256sum < "$recorded")" = "$before" ]
    tar xzf drill.tar.gz
    cd rejoin-* || false
    sha256sum -c --quiet --strict SHA256SUMS
    [ "$(find . -type f | wc -l)" -eq $(($(wc -l < SHA256SUMS) + 1)) ]
    # the copy holds the same rows, and stands alone
    [ "$(sqlite3 recording.sqlite 'PRAGMA journal_mode; PRAGMA integrity_check')" = "$(printf 'delete\nok')" ]
    for table in $(sqlite3 "$recorded" "SELECT name FROM sqlite_schema WHERE type = 'table'"); do
        columns=$(sqlite3 "$recorded" "SELECT group_concat(name) FROM pragma_table_info('$table')")
        diff <(sqlite3 "$recorded" ".mode quote" "SELECT $columns FROM $table ORDER BY $columns") \
            <(sqlite3 recording.sqlite ".mode quote" "SELECT $columns FROM $table ORDER BY $columns")
    done
    python3 "$cli/archive.py"
    rejoin-report export "$recorded" --to ../export
    for csv in views/*.csv; do
        cmp "$csv" "../export/${csv#views/}"
    done
    rejoin-report workbook "$recorded" -o ../drill.xlsx
    cmp workbook.xlsx ../drill.xlsx
    rejoin-report page "$recorded" -o ../drill.html
    cmp page.html ../drill.html
    [ "$(rejoin-report summary recording.sqlite)" = "$(rejoin-report summary "$recorded")" ]
    [ "$(wc -L < README.txt)" -le 110 ]
}

# bats test_tags=slow
@test "the same recording gives the same bytes, whenever, wherever and by whomever" {
    make_drill a.sqlite --studies 2 --logs
    mkdir there
    cp a.sqlite there/b.sqlite
    rejoin-report archive a.sqlite -o one.tar.gz
    sleep 1.1
    (umask 077 && TZ=Asia/Tokyo rejoin-report archive there/b.sqlite -o there/two.tgz)
    cmp one.tar.gz there/two.tgz
    [ "$(tar tzvf one.tar.gz --numeric-owner | awk '{ print $1, $2 }' | sort -u)" = "-rw-r--r-- 0/0" ]
    # neither name nor time in gzip's header
    [ "$(head -c 8 one.tar.gz | od -An -tx1 | tr -d ' \n')" = 1f8b080000000000 ]
    tar tzf one.tar.gz | LC_ALL=C sort -c
    tar tzf one.tar.gz | grep -q -- '-and-1-more/README.txt'
}

@test "odd names lead nowhere; an empty recording has an archive too" {
    make_drill odd.sqlite --odd-names --logs --trials 2
    sqlite3 odd.sqlite "UPDATE node SET name = '../../../' || name;
        UPDATE study SET uuid = '../../etc/passwd';
        INSERT INTO log_chunk SELECT 1, node_id, 0, 0, x'789c030000000001' FROM node WHERE cluster_id = 1;"
    rejoin-report archive odd.sqlite -o odd.tar.gz
    [ "$(tar tzf odd.tar.gz | grep -cE '(^|/)[.][.]?/|^/')" -eq 0 ]
    [ "$(tar tzf odd.tar.gz | grep -c '/logs/trial-00001/')" -eq 5 ]
    make_drill none.sqlite --no-study
    rejoin-report archive none.sqlite -o none.tar.gz
    tar tzf none.tar.gz | grep -qx rejoin-empty/recording.sqlite
}

@test "every bad input is one clear line" {
    make_drill a.sqlite --trials 2
    refused 2 "needs -o FILE.tar.gz" rejoin-report archive a.sqlite
    refused 2 "is the recording itself" rejoin-report archive a.sqlite -o ./a.sqlite
    refused 3 "folder does not exist" rejoin-report archive a.sqlite -o no/a.tar.gz
    refused 3 "no such file" rejoin-report archive none.sqlite -o a.tar.gz
    mkdir folder
    refused 3 "cannot write folder" rejoin-report archive a.sqlite -o folder
    sqlite3 a.sqlite "INSERT INTO log_chunk SELECT 1, node_id, 3, 30, x'0102' FROM node LIMIT 1"
    refused 3 "logs/trial-00001/000-n1.log" rejoin-report archive a.sqlite -o a.tar.gz
    [ "$(ls -d a* folder*)" = "$(printf 'a.sqlite\nfolder')" ]
}

# bats test_tags=slow
@test "killed at any moment: nothing under the final name, or the archive that was there" {
    make_drill big.sqlite --samples 1500 --trials 6
    rejoin-report archive big.sqlite -o whole.tar.gz
    before=$(sha256sum < big.sqlite)
    n_cut=0
    for ms in 5 30 60 120 250 500 900; do
        rejoin-report archive big.sqlite -o big.tar.gz &
        pid=$!
        sleep "$(printf '0.%03d' "$ms")"
        kill -9 "$pid" 2> /dev/null || true
        if wait "$pid"; then
            cmp big.tar.gz whole.tar.gz
            rm big.tar.gz
        else
            [ ! -e big.tar.gz ]
            n_cut=$((n_cut + 1))
        fi
    done
    [ "$n_cut" -ge 3 ]
    [ "$(sha256sum < big.sqlite)" = "$before" ]
    [ "$(find . -name 'big.sqlite*' | wc -l)" -eq 1 ]
    # one that is there stays until the new one is whole
    echo old > big.tar.gz
    rejoin-report archive big.sqlite -o big.tar.gz &
    pid=$!
    sleep 0.1
    kill -9 "$pid"
    wait "$pid" || true
    [ "$(cat big.tar.gz)" = old ]
}

@test "interrupted: exit 4, and nothing is left" {
    make_drill big.sqlite --samples 4000 --trials 6
    for wait_for in 'big.tar.gz.*.parts.*' 'big.tar.gz.*.parts.*/views/v_sample.csv'; do
        rejoin-report archive big.sqlite -o big.tar.gz &
        pid=$!
        for _ in {1..1000}; do
            compgen -G "$wait_for" > /dev/null && break
            sleep 0.005
        done
        kill -INT "$pid" || true
        status=0
        wait "$pid" || status=$?
        echo "$wait_for: $status"
        [ "$status" -eq 4 ]
        [ "$(ls)" = big.sqlite ]
    done
}

@test "a full disk is one clear line, and nothing is left" {
    make_drill big.sqlite --samples 300 --trials 3
    for size in 256k 1m; do
        on_full_disk "no space left on" "$size" rejoin-report archive big.sqlite -o small/out.tar.gz
    done
    # verify unpacks it: into what is left there
    rejoin-report archive big.sqlite -o out.tar.gz
    for size in 64k 300k 1m; do
        on_full_disk "no space left on" "$size" env TMPDIR="$PWD/small" rejoin-report verify out.tar.gz
    done
}

@test "verify of an archive says which folder it lacks" {
    rejoin-report archive "$recorded" -o drill.tar.gz
    run --separate-stderr env TMPDIR="$BATS_TEST_TMPDIR/none" rejoin-report verify drill.tar.gz
    echo "$stderr"
    [ "$status" -eq 3 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"cannot unpack into $BATS_TEST_TMPDIR/none/rejoin-archive"*"(TMPDIR says where)"*"its folder does not exist"* ]]
}

# unpacked COMMAND...: drill.tar.gz after COMMAND in its folder, summed again: forged.tar.gz
unpacked() {
    rm -rf rejoin-*
    tar xzf drill.tar.gz
    (
        cd rejoin-* || exit 1
        "$@"
        rm SHA256SUMS
        find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum > ../sums
        mv ../sums SHA256SUMS
    )
    find rejoin-* -type f -print0 | tar --no-recursion --null -T - -czf forged.tar.gz
}

# The manifest's list of files, as they are now.
list_again() {
    python3 -c '
import hashlib, json
manifest = json.load(open("manifest.json"))
for file in manifest["files"]:
    content = open(file["path"], "rb").read()
    file.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
json.dump(manifest, open("manifest.json", "w"), indent=1)'
}
export -f list_again

# forge TEXT COMMAND...
forge() {
    unpacked "${@:2}"
    run rejoin-report verify forged.tar.gz
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output == "archive     DOES NOT HOLD: $1"* ]]
    [ "${lines[-1]}" = "forged.tar.gz: DOES NOT HOLD" ]
}

# bats test_tags=slow
@test "what another version made: the last line names what was not compared, also where it is not sealed" {
    rejoin-report archive "$recorded" -o drill.tar.gz
    other='s/"made_by": *"[^"]*"/"made_by": "rejoin-report 0.0"/'
    unpacked sed -i "$other" manifest.json
    run rejoin-report verify forged.tar.gz
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"rejoin-report 0.0 made it, and this one makes other files than these: manifest.json"* ]]
    [[ $output == *"to compare these too: verify by rejoin-report 0.0"* ]]
    [ "${lines[-1]}" = "forged.tar.gz: holds, but these files were not compared with the recording: manifest.json" ]
    # its manifest lists the files and studies as they are, whatever its version
    # shellcheck disable=SC2016
    forge "manifest.json: does not list page.html as it is" bash -c 'sed -i "$0" manifest.json; echo "<p>All good</p>" >> page.html' "$other"
    # shellcheck disable=SC2016
    forge "manifest.json: its studies are not those of the recording" bash -c 'sed -i "$0; s/\"trials\": *[0-9]*/\"trials\": 1000/" manifest.json' "$other"
    # shellcheck disable=SC2016 # for bash -c
    unpacked bash -c 'sed -i "$0" manifest.json; echo "<p>All good</p>" >> page.html; sed -i s/recovered/aborted/ views/*.csv; list_again' "$other"
    run rejoin-report verify forged.tar.gz
    echo "$output"
    [ "$status" -eq 0 ]
    [[ ${lines[-1]} == "forged.tar.gz: holds, but these files were not compared with the recording: manifest.json, page.html, views/"* ]]
    [[ ${lines[-1]} != *README.txt* ]]
    # plans and logs do not depend on the version; a version is no text for a terminal
    # shellcheck disable=SC2016
    forge "plans/" bash -c 'sed -i "$0" manifest.json; echo "#" >> plans/*.yml' "$other"
    unpacked sed -i 's/"made_by": *"[^"]*"/"made_by": "rejoin-report \\u001b[2J"/' manifest.json
    run rejoin-report verify forged.tar.gz
    [ "$status" -eq 0 ]
    [[ $output != *$'\e'* ]]
    cp "$cli/../upgrade/format1.sqlite" older.sqlite
    rejoin-report archive older.sqlite -o drill.tar.gz
    unpacked sed -i "$other" manifest.json
    run rejoin-report verify forged.tar.gz
    [ "${lines[-1]}" = "forged.tar.gz: holds, but it is not sealed, and these files were not compared with the recording: manifest.json" ]
}

@test "verify works on an archive directly; a changed one does not hold" {
    mkdir scratch
    export TMPDIR=$PWD/scratch
    rejoin-report archive "$recorded" -o drill.tar.gz
    run rejoin-report verify drill.tar.gz
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"tables, plans and logs are those of the recording"* ]]
    [[ ${lines[-1]} == "drill.tar.gz: holds" ]]
    forge "views/v_trial.csv: is not what the recording says" sed -i '2s/recovered/gate_failed/' views/v_trial.csv
    forge "page.html: is not what the recording says" sed -i 's|</body>|<p>All good</p></body>|' page.html
    forge "workbook.xlsx: is not what the recording says" cp recording.sqlite workbook.xlsx
    forge "manifest.json: is missing" rm manifest.json
    # with folders as entries, which no archive has
    tar czf changed.tar.gz rejoin-*/*
    run rejoin-report verify changed.tar.gz
    [ "$status" -eq 1 ]
    head -c 5000 drill.tar.gz > cut.tar.gz
    refused 3 "damaged or cut short" rejoin-report verify cut.tar.gz
    [ -z "$(ls -A scratch)" ]
}

@test "help of archive and verify fits a screen" {
    for verb in archive verify; do
        run rejoin-report "$verb" --help
        if [ -n "${UPDATE:-}" ]; then
            echo "$output" > "$cli/../cases/report/help-$verb.txt"
        fi
        diff "$cli/../cases/report/help-$verb.txt" <(echo "$output")
        [ "${#lines[@]}" -le 40 ]
    done
}
