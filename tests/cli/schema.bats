#!/usr/bin/env bats
# schema/README.md explains every table, view and column of the schema, and no other.
# shellcheck disable=SC2016 # backticks are Markdown's

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
}

columns_of_schema() {
    cat schema/migrations/*.sql | python3 -c '
import sqlite3, sys
db = sqlite3.connect(":memory:")
db.executescript(sys.stdin.read())
for table, kind in db.execute("SELECT name, type FROM sqlite_schema").fetchall():
    if kind not in ("table", "view"):
        continue
    for (column,) in db.execute("SELECT name FROM pragma_table_xinfo(?)", (table,)):
        print(table + "." + column)
'
}

columns_of_page() {
    awk '/^### / { table = $2 } /^\| `/ { gsub("`", "", $2); print table "." $2 }' schema/README.md
}

@test "the data dictionary names what the schema has, both ways" {
    diff <(columns_of_schema | sort) <(columns_of_page | sort)
    [ "$(columns_of_page | wc -l)" -gt 150 ]
}

@test "every column has a meaning" {
    run awk -F '|' '/^\| `/ && $4 ~ /^ *\??$/' schema/README.md
    [ -z "$output" ]
}

@test "every kind of incident that the collector records is explained, and no other" {
    diff <(cat collector/*.c schema/*.c | tr '\n' ' ' | grep -oE 'add_incident\([^";{]*"[a-z_]+"' | grep -oE '"[a-z_]+"' |
        tr -d '"' | sort -u) \
        <(sed -n '/^## Incidents/,$p' schema/README.md | grep -oE '^\* `[a-z_]+`' | grep -oE '[a-z_]+' | sort -u)
}

@test "actions and diagnoses are those of the collector" {
    for file in driver:action diagnose:diagnosis; do
        for word in $(sed -n "/${file#*:}_names\\[N_/,/^};/p" "collector/${file%:*}.c" | grep -oE '"[a-z_]+"' | tr -d '"'); do
            grep -E '^\| `(action|diagnosis)`' schema/README.md | grep -qw "$word" || {
                echo "$word"
                return 1
            }
        done
    done
}
