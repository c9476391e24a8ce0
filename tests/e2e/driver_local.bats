#!/usr/bin/env bats
# The local driver alone, on real nodes.

load common

setup_file() {
    export HOME_DIR=$PWD/build/dist/elasticsearch-8.19.0
    export DRIVE=$BATS_FILE_TMPDIR/drive
    # all of the collector but its main, as the Makefile links unit tests
    local objects=("$BIN"/obj/{collector,schema,lib,gen}/*.o) i
    for i in "${!objects[@]}"; do
        [[ ${objects[i]} != */main.o ]] || unset "objects[i]"
    done
    "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -I. -o "$DRIVE" tests/e2e/driver_local.c "${objects[@]}" \
        -lcurl -ljansson -lsqlite3 -lyaml -lcrypto -lz -lm
}

setup() {
    WORK=$(mktemp -du /tmp/rejoin-e2e-XXXXXX)
}

# Nothing of a run may be left, however it ended.
teardown() {
    "$DRIVE" --sweep "$WORK" > /dev/null || true
    rm -rf "$WORK-user"
}

# pids of the run in $WORK
alive() {
    local p
    for p in /proc/[0-9]*; do
        if tr '\0' '\n' 2> /dev/null < "$p/environ" | grep -qxF "REJOIN_RUN=$WORK"; then
            echo "${p#/proc/}"
        fi
    done 2> /dev/null
}

nothing_left() {
    [ -z "$(alive)" ]
    [ ! -e "$WORK" ]
    await has_no_jvm_sockets
}

@test "stop, kill, start, pause; opened again: the same cluster; nothing left" {
    run "$DRIVE" "$HOME_DIR" "$WORK" 3 open up act:1:stop gone:1 act:1:start up \
        act:2:kill gone:2 act:2:start up act:3:pause act:3:resume close open up close
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(grep -c '^up after' <<< "$output")" -eq 4 ]
    [[ $output == *"acted n3 pause in "* ]]
    nothing_left
}

@test "a start that follows a kill at once waits for the end of the old life; of a node that runs it is harmless" {
    run "$DRIVE" "$HOME_DIR" "$WORK" 1 open up act:1:kill act:1:start gone:1 up act:1:start up close
    echo "$output"
    [ "$status" -eq 0 ]
    # nothing is to be done for the second start: the node runs
    [ "$(grep -c '^acted n1 start' <<< "$output")" -eq 2 ]
    nothing_left
}

@test "closed in the middle of the start" {
    run "$DRIVE" "$HOME_DIR" "$WORK" 3 open close
    [ "$status" -eq 0 ]
    nothing_left
}

@test "a node that does not come up is explained" {
    SETTING=no.such=1 run "$DRIVE" "$HOME_DIR" "$WORK" 1 open gone:1 explain:1
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"unknown setting [no.such]"* ]]
    nothing_left
}

@test "kill -9 of the collector ends the nodes" {
    "$DRIVE" "$HOME_DIR" "$WORK" 3 open up hang > "$BATS_TEST_TMPDIR/out" 3>&- &
    local pid=$!
    await grep -q '^up after' "$BATS_TEST_TMPDIR/out"
    [ "$(alive | wc -l)" -eq 6 ]
    kill -9 "$pid"
    none_alive() { [ -z "$(alive)" ]; }
    await none_alive
    run "$DRIVE" --sweep "$WORK"
    [ "$output" = "swept 0" ]
    nothing_left
}

@test "kill -9 of the collector with a paused node: sweep ends it" {
    "$DRIVE" "$HOME_DIR" "$WORK" 1 open up act:1:pause hang > "$BATS_TEST_TMPDIR/out" 3>&- &
    local pid=$!
    await grep -q '^acted n1 pause' "$BATS_TEST_TMPDIR/out"
    kill -9 "$pid"
    one_alive() { [ "$(alive | wc -l)" -eq 1 ]; }
    await one_alive
    run "$DRIVE" --sweep "$WORK"
    [ "$output" = "swept 1" ]
    nothing_left
}

@test "as an ordinary user" {
    [ "$(id -u)" -eq 0 ] || skip "this is the ordinary user already"
    local place=$WORK-user # bats' own folder is closed to others
    mkdir "$place"
    cp -r "$HOME_DIR" "$place/home"
    cp "$DRIVE" "$place/drive"
    chown -R 65534:65534 "$place"
    run setpriv --reuid 65534 --regid 65534 --clear-groups env HOME="$place" \
        "$place/drive" "$place/home" "$WORK" 1 open up act:1:stop gone:1 act:1:start up
    echo "$output"
    [ "$status" -eq 0 ]
    nothing_left
}

@test "a distribution that the nodes' users cannot reach is copied" {
    [ "$(id -u)" -eq 0 ] || skip "only root's nodes run as other users"
    mkdir -m 700 "$BATS_TEST_TMPDIR/closed"
    cp -r "$HOME_DIR" "$BATS_TEST_TMPDIR/closed/home"
    run "$DRIVE" "$BATS_TEST_TMPDIR/closed/home" "$WORK" 1 open up
    echo "$output"
    [ "$status" -eq 0 ]
    nothing_left
}
