# shellcheck shell=bash
# A simulated cluster for each test: $sim is its folder, $sim/plan.yml its plan.

# sim_start FOLDER [NODES]
sim_start() {
    sim=$1
    mkdir "$sim"
    python3 "$BATS_TEST_DIRNAME/../fake/sim_cluster.py" "$sim" "${2:-3}" > "$sim/said" 2>&1 3>&- &
    sim_pid=$!
    wait_for test -e "$sim/plan.yml"
    cd "$BATS_TEST_TMPDIR" || return 1
}

sim_end() {
    kill "$sim_pid"
    wait "$sim_pid" 2> /dev/null || true
}

# wait_for COMMAND...: until it succeeds, two minutes at most: what a quiet machine does at once a busy one does not
wait_for() {
    local until=$((SECONDS + 120))
    until "$@"; do
        ((SECONDS < until)) || {
            echo "waited in vain for: $*"
            return 1
        }
        sleep 0.01
    done
}

is_down() { [ ! -e "$sim/up-$1" ]; }
# A start that start-waits holds is under way; and has ended, however it did
start_waits() { [ -s "$sim/waits-n1" ]; }
start_ended() { ! grep -qs '^State:.[^Z]' "/proc/$(cat "$sim/waits-n1")/status"; }
all_up() { [ "$(cd "$sim" && echo up-*)" = "up-n1 up-n2 up-n3" ]; }
