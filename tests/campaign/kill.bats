#!/usr/bin/env bats
# kill -9 of the collector at every step that it records: intent known and nothing done, fault done and nobody told,
# the same of what undoes it. Then heal, a green cluster, and nothing that stays done.

load ../e2e/common
load ../e2e/services

setup_file() { services_start; }

teardown_file() { services_end; }

@test "kill -9 of the collector at every step of a stop, then heal" {
    dies stop stop:before stop:after start:before start:after
}

@test "kill -9 of the collector at every step of a pause, then heal" {
    dies pause pause:before pause:after resume:before resume:after
}

@test "kill -9 of the collector at every step of a partition, then heal" {
    may_cut || skip "no root, or no iptables"
    dies partition cut:before cut:after mend:before mend:after
}

@test "kill -9 of the collector between exclusion and stop of a handover, then heal" {
    dies handover stop:before start:after
}
