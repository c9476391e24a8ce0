# What the tests of rejoin-report share. Sourced with tmp set to a folder of the test's own.

# jsonschema, openpyxl and SciPy are Debian's: another python3 earlier in PATH does not have them.
python() {
    /usr/bin/python3 "$@"
}

# drill NAME OPTION...: a synthetic drill, for all tests of the file.
drill() {
    python tests/cli/make-drill.py "$BATS_FILE_TMPDIR/$1" "${@:2}"
}

# expects NAME COMMAND...: stdout is tests/cases/report/NAME, exit code 0, stderr empty.
expects() {
    local file=tests/cases/report/$1
    shift
    "$@" > "$tmp/out" 2> "$tmp/err" || { cat "$tmp/err"; return 1; }
    [ ! -s "$tmp/err" ]
    if [ -n "${UPDATE:-}" ]; then
        mkdir -p tests/cases/report && cp "$tmp/out" "$file"
    fi
    diff -u "$file" "$tmp/out"
}

# refuses CODE WORDS COMMAND...: that exit code, nothing on stdout, one line on stderr with WORDS.
refuses() {
    local code=$1 words=$2 status=0
    shift 2
    "$@" > "$tmp/out" 2> "$tmp/err" || status=$?
    cat "$tmp/err"
    [ "$status" -eq "$code" ]
    [ ! -s "$tmp/out" ]
    [ "$(wc -l < "$tmp/err")" -eq 1 ]
    grep -qF -- "$words" "$tmp/err"
}
