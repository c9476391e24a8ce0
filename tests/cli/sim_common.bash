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

# wait_for COMMAND...: until it succeeds, 10 s at most
wait_for() {
    local until=$((SECONDS + 10))
    until "$@"; do
        ((SECONDS < until)) || {
            echo "waited in vain for: $*"
            return 1
        }
        sleep 0.01
    done
}

is_down() { [ ! -e "$sim/up-$1" ]; }
all_up() { [ "$(cd "$sim" && echo up-*)" = "up-n1 up-n2 up-n3" ]; }
