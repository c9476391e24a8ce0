# embed.awk: turns the SQL files into C.
#
#   awk -v out=h|c -f schema/embed.awk schema/migrations/0001.sql ... schema/sql/*.sql
#
# A file under migrations/ is one text, kept as it is: its comments explain the columns to whoever
# opens a database. Any other file holds statements under headings "-- name: insert_sample"; lines
# that are nothing but a comment are left out of those.

function fail(text)
{
    printf "%s:%d: %s\n", FILENAME, FNR, text > "/dev/stderr"
    failed = 1
    exit 1
}

function c_string(text)
{
    gsub(/\\/, "\\\\&", text)
    gsub(/"/, "\\\"", text)
    gsub(/\?\?/, "?\\?", text) # no trigraphs
    gsub(/\t/, "\\t", text)
    return "\"" text "\\n\""
}

# Counts the distinct parameters of a statement: ?, ?N, :name, @name, $name.
function count_params(sql,    i, c, skipped, found, seen, n)
{
    while (sql != "") {
        if (match(sql, /^('[^']*'|"[^"]*"|`[^`]*`|\[[^]]*\]|--[^\n]*)/)) {
            sql = substr(sql, RLENGTH + 1)
        } else if (substr(sql, 1, 2) == "/*") {
            i = index(substr(sql, 3), "*/")
            sql = i ? substr(sql, i + 4) : ""
        } else if (match(sql, /^(\?[0-9]*|[:@$][A-Za-z_][A-Za-z0-9_]*)/)) {
            found = substr(sql, 1, RLENGTH)
            n += found == "?" || !(found in seen)
            seen[found] = 1
            sql = substr(sql, RLENGTH + 1)
        } else {
            match(sql, /^[A-Za-z0-9_]+/)
            sql = substr(sql, RLENGTH > 0 ? RLENGTH + 1 : 2)
        }
    }
    return n + 0
}

function end_statement()
{
    if (name != "" && plain[name] == "")
        fail("statement " name " is empty")
}

FNR == 1 {
    end_statement()
    name = ""
    in_migration = FILENAME ~ /migrations\//
    if (in_migration) {
        version = FILENAME
        sub(/.*\//, "", version)
        if (version + 0 != ++n_migrations)
            fail("migration number " n_migrations " is missing")
    }
}

in_migration {
    migration[n_migrations] = migration[n_migrations] "\n\t " c_string($0)
    next
}

/^-- name:/ {
    end_statement()
    name = $3
    if (name !~ /^[a-z][a-z0-9_]*$/ || NF != 3)
        fail("a heading is: -- name: lower_case_words")
    if (name in plain)
        fail("statement " name " is there twice")
    names[n_names++] = name
    plain[name] = ""
    next
}

/^[ \t]*(--.*)?$/ { next }

name == "" { fail("SQL before the first heading") }

{
    plain[name] = plain[name] $0 "\n"
    quoted[name] = quoted[name] "\n\t " c_string($0)
}

function print_header(    i)
{
    print "/* Made by schema/embed.awk from the SQL files: change those. */"
    print "#ifndef REJOIN_SCHEMA_SQL_H\n#define REJOIN_SCHEMA_SQL_H\n"
    print "enum sql_id {"
    for (i = 0; i < n_names; i++)
        print "\tSQL_" toupper(names[i]) ","
    print "\tSQL_N\n};\n"
    print "extern const struct sql_text {"
    print "\tconst char *name;\n\tconst char *text;\n\tint n_params;"
    print "} sql_texts[SQL_N];\n"
    print "/* In order, from version 1 on. */"
    print "extern const struct sql_migration {"
    print "\tint version;\n\tconst char *text;"
    print "} sql_migrations[];\nextern const int sql_n_migrations;\n"
    print "#endif"
}

function print_source(    i)
{
    print "/* Made by schema/embed.awk from the SQL files: change those. */"
    print "#include \"schema/sql.h\"\n#include <stddef.h>\n"
    print "const struct sql_text sql_texts[SQL_N] = {"
    for (i = 0; i < n_names; i++)
        printf "\t{\"%s\",%s,\n\t %d},\n", names[i], quoted[names[i]], count_params(plain[names[i]])
    print "};\n\nconst struct sql_migration sql_migrations[] = {"
    for (i = 1; i <= n_migrations; i++)
        printf "\t{%d,%s},\n", i, migration[i]
    printf "\t{0, NULL},\n};\n\nconst int sql_n_migrations = %d;\n", n_migrations
}

END {
    if (failed)
        exit 1
    end_statement()
    if (out == "h")
        print_header()
    else
        print_source()
}
