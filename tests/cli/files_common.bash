# What the tests of verbs that write files for keeps share. Each works in a folder of its own.
# shellcheck shell=bash disable=SC2034,SC2154 # for those that load this; run sets stderr

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
