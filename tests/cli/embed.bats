#!/usr/bin/env bats
# schema/embed.awk: what the SQL files become.

setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    embed=$BATS_TEST_DIRNAME/../../schema/embed.awk
    mkdir -p sql migrations
    printf 'CREATE TABLE t ( -- the "back\\slash"\n\tx INTEGER\n);\n' > migrations/0001.sql
}

@test "texts come back from the C as they were" {
    printf -- '-- name: odd\n-- gone\nSELECT "a\\b", '"'??('"', -- stays\n\t?1;\n' > sql/a.sql
    awk -v out=h -f "$embed" migrations/0001.sql sql/a.sql > sql.h
    awk -v out=c -f "$embed" migrations/0001.sql sql/a.sql | sed 's|schema/sql.h|sql.h|' > sql.c
    printf '#include "sql.h"\n#include <stdio.h>\nint main(void)\n{\n
        fputs(sql_migrations[sql_n_migrations - 1].text, stdout);\n
        fputs(sql_texts[SQL_ODD].text, stdout);\n}\n' > main.c
    "${CC:-cc}" -std=gnu11 -Wall -Werror -o main main.c sql.c
    ./main > got
    { cat migrations/0001.sql; grep -v -e '^-- ' sql/a.sql; } | diff - got
}

@test "parameters: distinct ones, outside of quotes and comments" {
    cat > sql/a.sql << 'SQL'
-- name: numbered
SELECT ?1, ?2, ?1, '?3', "?4", [?5], `?6`; -- ?7
-- name: named
SELECT :a, @b, $c, :a /* :d
 :e */, x1;
-- name: bare
SELECT ?, ?, 'it''s ?';
-- name: none
SELECT 1;
SQL
    awk -v out=c -f "$embed" sql/a.sql | awk '/^\t \t*[0-9]+},|^\t [0-9]+},/ { printf "%d ", $1 }' > got
    [ "$(cat got)" = "2 3 2 0 " ]
}

@test "mistakes are named with file and line" {
    printf 'SELECT 1;\n' > sql/a.sql
    run awk -v out=c -f "$embed" sql/a.sql
    [ "$status" -eq 1 ]
    [ "$output" = "sql/a.sql:1: SQL before the first heading" ]

    printf -- '-- name: one\nSELECT 1;\n-- name: one\nSELECT 2;\n' > sql/a.sql
    run awk -v out=c -f "$embed" sql/a.sql
    [ "$output" = "sql/a.sql:3: statement one is there twice" ]

    printf -- '-- name: one\n' > sql/a.sql
    run awk -v out=h -f "$embed" sql/a.sql
    [ "$status" -eq 1 ]
    [[ "$output" == *"statement one is empty"* ]]

    mv migrations/0001.sql migrations/0002.sql
    run awk -v out=h -f "$embed" migrations/0002.sql
    [ "$output" = "migrations/0002.sql:1: migration number 1 is missing" ]
}
