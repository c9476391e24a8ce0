#!/usr/bin/env bats
# The collector's helps, held against tests/cases/collector. UPDATE=1 writes them anew.

cases=$BATS_TEST_DIRNAME/../cases/collector

golden() {
    local file=$cases/$1
    shift
    run rejoin-collector "$@"
    [ "$status" -eq 0 ]
    if [ -n "${UPDATE:-}" ]; then
        mkdir -p "$cases"
        echo "$output" > "$file"
    fi
    diff "$file" <(echo "$output")
    [ "${#lines[@]}" -le 40 ]
}

@test "help of the program and of each verb fits a screen" {
    golden help.txt --help
    golden help-run.txt run --help
    golden help-check.txt check --help
    golden help-watch.txt watch --help
    golden help-heal.txt heal --help
    golden help-sign.txt sign --help
}

@test "version" {
    run rejoin-collector --version
    [ "$output" = "rejoin-collector $(cat "$BATS_TEST_DIRNAME/../../VERSION")" ]
}
