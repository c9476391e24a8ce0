#!/usr/bin/env bats
# Where results may not go: whatever is no file stays what it is, and a link is followed, not replaced.
load files_common.bash

setup_file() {
    # quick to report on
    python3 "$BATS_TEST_DIRNAME/make-drill.py" "$BATS_FILE_TMPDIR/a.sqlite" --trials 2 --sizes 3
}

# Each way of making one file, as the words before the name of it.
each_way() {
    cp "$BATS_FILE_TMPDIR/a.sqlite" a.sqlite
    local way
    for way in "workbook a.sqlite -o" "page a.sqlite -o" "archive a.sqlite -o" \
        "gate a.sqlite --require n>0 --junit"; do
        read -ra words <<< "$way"
        "$@" rejoin-report "${words[@]}"
    done
}

no_file() {
    refused 3 "pipe: is not a file" "$@" pipe
    refused 3 "to-pipe: is not a file" "$@" to-pipe
    refused 3 "folder: is a folder, a file is expected" "$@" folder
    refused 3 "folder/: is a folder, a file is expected" "$@" folder/
    refused 3 "to-folder: is a folder, a file is expected" "$@" to-folder
    refused 3 "to-nothing: a link to a file that does not exist" "$@" to-nothing
    refused 2 "-: the name of a file is expected" "$@" -
    refused 2 "a.sqlite-wal belongs to the recording" "$@" a.sqlite-wal
    refused 2 "a.sqlite-journal belongs to the recording" "$@" ./a.sqlite-journal
}

@test "a pipe, a folder, a link to either or to nothing, - and what is the recording's own" {
    mkdir work && cd work
    mkfifo pipe
    mkdir folder
    ln -s pipe to-pipe
    ln -s folder to-folder
    ln -s nothing to-nothing
    cp "$BATS_FILE_TMPDIR/a.sqlite" a.sqlite
    each_way no_file
    cmp a.sqlite "$BATS_FILE_TMPDIR/a.sqlite"
    [ -p pipe ] && [ -h to-pipe ] && [ -h to-nothing ] && [ ! -e nothing ]
    [ "$(LC_ALL=C ls -A)" = "$(printf '%s\n' a.sqlite folder pipe to-folder to-nothing to-pipe)" ]
    [ -z "$(ls -A folder)" ]
}

device() {
    refused 3 "null: is not a file" "$@" null
    [ -c null ]
}

@test "a device is not replaced by a file, even where whoever asks may do that" {
    mknod null c 1 3 2> /dev/null || skip "needs root"
    each_way device
}

through_link() {
    "$@" link > /dev/null
    [ -h link ] && [ -s elsewhere/target ] && [ ! -h elsewhere/target ]
    [ "$(ls -A elsewhere)" = target ]
    printf old > elsewhere/target
}

@test "a link to a file: the file it leads to is written, and the link stays" {
    mkdir elsewhere
    printf old > elsewhere/target
    ln -s elsewhere/target link
    each_way through_link
    # as /dev/stdout is one
    ln -s /proc/self/fd/1 stdout
    rejoin-report page a.sqlite -o stdout > page.html
    [ -h stdout ]
    grep -q '</html>' page.html
}
