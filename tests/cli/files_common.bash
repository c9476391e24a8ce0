# What the tests of verbs that write files for keeps share. Each works in a folder of its own.
# shellcheck shell=bash disable=SC2034,SC2154 # for those that load this; run sets stderr

bats_require_minimum_version 1.5.0 # run --separate-stderr

setup() {
    cli=$BATS_TEST_DIRNAME
    recorded=$(realpath "$BATS_TEST_DIRNAME/../../data/recorded/demo.sqlite")
    cd "$BATS_TEST_TMPDIR" || exit 1
}

make_drill() {
    python3 "$cli/make-drill.py" "$@"
}

# refused STATUS TEXT COMMAND...: one line, nothing on stdout.
refused() {
    local status_wanted=$1 text=$2
    shift 2
    run --separate-stderr "$@"
    echo "$status: $stderr"
    [ "$status" -eq "$status_wanted" ]
    [ -z "$output" ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"$text"* ]]
}

# on_full_disk TEXT SIZE COMMAND...: COMMAND writes into ./small, a file system of that size: one line with TEXT, whatever
# the case of its letters, and nothing is left there.
on_full_disk() {
    local text=$1 size=$2 left
    shift 2
    [ "$EUID" -eq 0 ] || skip "only root can mount a small file system"
    mkdir -p small
    mount -t tmpfs -o "size=$size" tmpfs small || skip "no tmpfs here"
    run --separate-stderr "$@"
    left=$(ls -A small)
    umount small
    echo "$size: $status: $stderr"
    [ "$status" -eq 3 ]
    [[ ${stderr,,} == *"$text"* ]]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [ -z "$left" ]
}

# help_fits VERB: its help is the one in tests/cases/report, and fits a screen.
help_fits() {
    run rejoin-report "$1" --help
    if [ -n "${UPDATE:-}" ]; then
        echo "$output" > "$cli/../cases/report/help-$1.txt"
    fi
    diff "$cli/../cases/report/help-$1.txt" <(echo "$output")
    [ "${#lines[@]}" -le 40 ]
}
