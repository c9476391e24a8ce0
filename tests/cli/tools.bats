#!/usr/bin/env bats
# data/README.md: its commands run as they stand there, in other tools, and print what it says.
bats_require_minimum_version 1.5.0

setup() {
    root=$(realpath "$BATS_TEST_DIRNAME/../..")
    cd "$BATS_TEST_TMPDIR" || exit 1
    ln -s "$root/data" data
    ln -s "$BIN" build
    before=$(sha256sum < data/recorded/demo.sqlite)
}

# No tool leaves a file beside the recording, or changes it.
teardown() {
    [ "$(sha256sum < data/recorded/demo.sqlite)" = "$before" ]
    [ -z "$(find data/recorded/ -name 'demo.sqlite?*')" ]
}

# block SECTION LANGUAGE: the fenced block of that language below the heading; there is one.
block() {
    awk -v section="## $1" -v fence="\`\`\`$2" '
        /^##? / { inside = $0 == section }
        /^```$/ { copying = 0 }
        copying
        inside && $0 == fence { copying = 1; n++ }
        END { exit n != 1 }' "$root/data/README.md"
}

# prints SECTION COMMAND...: what the README says that it prints, but for blanks at line ends.
prints() {
    local section=$1
    shift
    block "$section" text > wanted.txt
    [ -s wanted.txt ]
    "$@" > got.txt
    diff -Z -B wanted.txt got.txt
}

@test "sqlite3" {
    block sqlite3 sh > run.sh
    prints sqlite3 bash -e run.sh
}

@test "pandas: the medians of the report" {
    # Debian's Python, which has Debian's pandas
    /usr/bin/python3 -c 'import pandas' || skip "python3-pandas is not installed"
    block pandas python > run.py
    prints pandas /usr/bin/python3 run.py
    rejoin-report summary data/recorded/demo.sqlite --format csv > summary.csv
    /usr/bin/python3 - << 'END'
import csv
report = {(r["metric"], r["master_eligible"]): f'{float(r["p50"]):.3f}' for r in csv.DictReader(open("summary.csv"))}
rows = [line.split() for line in open("got.txt")]
sizes = rows[0][1:]
printed = {(row[0], size): f"{float(v):.3f}" for row in rows[2:] for size, v in zip(sizes, row[1:])}
assert len(printed) > 30 and printed == report, (printed, report)
END
}

# DuckDB is not in Debian: a virtual environment of its own has it, made once.
duckdb_venv() {
    venv=$root/build/tools-venv
    mkdir -p "$root/build"
    exec 8> "$root/build/tools-venv.lock"
    flock 8
    if [ ! -e "$venv/.complete" ]; then
        { /usr/bin/python3 -m venv "$venv" &&
            timeout 120 "$venv/bin/pip" install -q --disable-pip-version-check --retries 1 duckdb==2.0.1 &&
            touch "$venv/.complete"; } > venv.log 2>&1 || skip "duckdb cannot be had from PyPI: $(tail -1 venv.log)"
    fi
    exec 8>&-
}

@test "DuckDB, on what export leaves" {
    duckdb_venv
    block DuckDB sh > run.sh
    block DuckDB sql > run.sql
    bash -e run.sh
    cat > run.py << 'END'
import duckdb
print(duckdb.sql(open("run.sql", encoding="utf-8").read()))
END
    prints DuckDB "$venv/bin/python" run.py
}
