#!/usr/bin/env bats
# Signals before and beside a run: at the question, while nodes are asked, and in heal.
load sim_common.bash

setup() {
    sim=$BATS_TEST_TMPDIR/sim
    sim_start "$sim"
}

teardown() {
    rm -f "$sim/silent"
    sim_end
}

# at_question WHAT: the run's exit code and what it says, after ^C, SIGTERM or a line at its question
at_question() {
    NO_COLOR=1 timeout 120 /usr/bin/python3 - "$1" rejoin-collector run "$sim/plan.yml" --db d.sqlite << 'END'
import os, pty, signal, sys
what, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
out = b""
while b"Go on? [yes/no] " not in out:
    out += os.read(terminal, 4096)
if what == "TERM":
    os.kill(pid, signal.SIGTERM)
else:
    os.write(terminal, {"^C": b"\x03", "^D": b"\x04"}.get(what, what.encode() + b"\n"))
out = b""
try:
    while data := os.read(terminal, 4096):
        out += data
except OSError:  # the other end is closed
    pass
print(out.decode().replace("\r\n", "\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
}

@test "at the question, ^C and SIGTERM are an answer" {
    for what in ^C TERM ^D no yess; do
        run at_question "$what"
        echo "$what: $status $output"
        [ "$status" -eq 4 ]
        [[ $output == *"rejoin-collector: error: not confirmed: nothing was done"* ]]
        [ ! -e d.sqlite ]
    done
    run at_question yes
    echo "$status $output"
    [ "$status" -eq 0 ]
}

# in_time READY STATUS COMMAND...: ^C, once READY succeeds, ends it before anything that it waits for has timed out
in_time() {
    local pid got=0 begun
    "${@:3}" > said 2>&1 3>&- &
    pid=$!
    wait_for "$1"
    begun=$SECONDS
    kill -INT "$pid"
    wait "$pid" || got=$?
    cat said
    echo "status $got after $((SECONDS - begun)) s"
    ((got == $2)) && ((SECONDS - begun < 9))
}

was_asked() { [ -e "$sim/asked" ]; }
put_hangs() { [ ! -e "$sim/put-hangs" ]; }

@test "nodes that do not answer when they are asked for their names do not keep ^C waiting" {
    touch "$sim/silent"
    in_time was_asked 4 rejoin-collector run "$sim/plan.yml" --yes --db d.sqlite
    [ "$(cat said)" = "rejoin-collector: error: interrupted" ]
}

@test "^C while the mark is set: exit 4, and it does not stay" {
    touch "$sim/put-hangs"
    in_time put_hangs 4 rejoin-collector run "$sim/plan.yml" --yes --db d.sqlite
    rejoin-collector run "$sim/plan.yml" --yes --db e.sqlite
}

@test "^C ends heal with what it has not brought back" {
    touch "$sim/start-waits"
    rejoin-collector run "$sim/plan.yml" --yes --db d.sqlite --set cluster.command.timeout=2s > /dev/null 2>&1 3>&- &
    pid=$!
    wait_for start_waits
    kill -KILL "$pid" || true # unless it had given up the start
    wait "$pid" 2> /dev/null || true
    wait_for start_ended
    rm "$sim/waits-n1"
    in_time start_waits 5 rejoin-collector heal d.sqlite
    [ "$(cat said)" = "rejoin-collector: error: session 1: node n1 (stop): interrupted: start it by hand" ]
    rm "$sim/start-waits"
    rejoin-collector heal d.sqlite
    all_up
}
