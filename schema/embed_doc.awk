# embed_doc.awk: turns the tables of schema/README.md into C: what each column means.
#
#   awk -v out=h|c -f schema/embed_doc.awk schema/README.md

function trimmed(text)
{
    sub(/^[ \t]+/, "", text)
    sub(/[ \t]+$/, "", text)
    return text
}

function c_string(text)
{
    gsub(/\\/, "\\\\&", text)
    gsub(/"/, "\\\"", text)
    gsub(/\?\?/, "?\\?", text) # no trigraphs
    return "\"" text "\""
}

/^### / {
    table = $2
    wants_text = 1
    next
}

# The first line of text under a heading; a table of columns ends the wait for it.
table != "" && wants_text && /^[^|]/ {
    rows[n_rows++] = "{" c_string(table) ", NULL, NULL, " c_string($0) "}"
    wants_text = 0
}

/^\| `/ {
    n = split($0, cells, "|")
    if (n < 5) {
        printf "%s:%d: a row of three cells is expected\n", FILENAME, FNR > "/dev/stderr"
        failed = 1
        exit 1
    }
    meaning = cells[4]
    for (i = 5; i < n; i++)
        meaning = meaning "|" cells[i]
    column = cells[2]
    gsub(/[` ]/, "", column)
    rows[n_rows++] = "{" c_string(table) ", " c_string(column) ", " c_string(trimmed(cells[3])) \
        ", " c_string(trimmed(meaning)) "}"
    wants_text = 0
}

END {
    if (failed)
        exit 1
    print "/* Made by schema/embed_doc.awk from schema/README.md: change that. */"
    if (out == "h") {
        print "#ifndef REJOIN_SCHEMA_DOC_H\n#define REJOIN_SCHEMA_DOC_H\n"
        print "#include <stddef.h>\n"
        print "/* A row without a column says what the table or view is. */"
        print "extern const struct doc_row {"
        print "\tconst char *table, *column, *unit, *meaning;"
        print "} doc_rows[];\nextern const size_t doc_n_rows;\n\n#endif"
    } else {
        print "#include \"schema/doc.h\"\n\nconst struct doc_row doc_rows[] = {"
        for (i = 0; i < n_rows; i++)
            printf "\t%s,\n", rows[i]
        printf "};\nconst size_t doc_n_rows = %d;\n", n_rows
    }
}
