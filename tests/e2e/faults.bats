#!/usr/bin/env bats
# Every fault of the local driver, and losses that teach quorum, on real nodes.
load common.bash

# faults LINE...: a plan of four nodes that notice a silent one soon. A master that is cut off notices later than the
# others elect, most often, and neither it nor the new one waits long for the other side to take a state (30 s by default).
faults() {
    cat << END > plan.yml
schema: 1
study: {name: faults}
cluster:
  home: "$HOME_8"
  nodes: 4
  settings:
    cluster.fault_detection:
      leader_check: {interval: 500ms, timeout: 2s, retry_count: 2}
      follower_check: {interval: 500ms, timeout: 4s, retry_count: 2}
    cluster.publish.timeout: 10s
trials: 1
warmup: 0
poll: {fast: 20ms, rejoin: 50ms}
pause: {between: 0s, jitter: 100ms}
limits: {start: 600s, gate: 300s, reelection: 300s, rejoin: 600s, quorum_loss: 1s}
END
    printf '%s\n' "$@" >> plan.yml
    run rejoin-collector run plan.yml --db drill.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    nothing_is_left
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_trial WHERE outcome <> 'recovered'")" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM step WHERE undoes_step_id IS NULL AND undone_ns IS NULL")" -eq 0 ]
}

cutting_is_possible() {
    ((EUID == 0)) && iptables -S OUTPUT > /dev/null 2>&1
}

@test "pause and handover of the master: another is elected, and the old one is back" {
    faults 'factors: {master_eligible: 4, fault: [pause, handover]}'
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_trial WHERE old_master <> new_master")" -eq 2 ]
    # a paused process comes back as it was, a stopped one anew
    [ "$(sql drill.sqlite "SELECT group_concat(action) FROM (SELECT action FROM step s JOIN v_trial USING (trial_id)
        WHERE fault = 'handover' ORDER BY step_id)")" = exclude,stop,include,start ]
    [ "$(sql drill.sqlite "SELECT group_concat(action) FROM (SELECT action FROM step s JOIN v_trial USING (trial_id)
        WHERE fault = 'pause' ORDER BY step_id)")" = pause,resume ]
}

@test "partition of the master, and four cut into two and two: one side goes on, all agree after mending" {
    cutting_is_possible || skip "no root, or no iptables"
    faults 'factors: {master_eligible: 4, fault: partition, target: [master, half]}'
    [ "$(iptables -S | grep -c rejoin-)" -eq 0 ]
    # the master that is cut off goes on naming itself until it notices: that may be before the new one is there
    dual_master_holds drill.sqlite
    [ "$(sql drill.sqlite "SELECT old_master <> new_master FROM v_trial WHERE target = 'master'")" = 1 ]
    [ "$(sql drill.sqlite "SELECT cut_off_master IS NULL AND other_master IS NOT NULL
        FROM loss JOIN v_trial USING (trial_id) WHERE target = 'master'")" = 1 ]
    # two and two: the side of the two voters, one of them the master, goes on, with one of its own as master
    [ "$(sql drill.sqlite "SELECT cut_off_master IN (SELECT value FROM json_each(taken)) AND other_master IS NULL AND survived
            AND EXISTS (SELECT 1 FROM json_each(taken) WHERE value = old_master)
        FROM loss JOIN v_trial USING (trial_id) WHERE target = 'half'")" = 1 ]
}

@test "losses one after another: 4 masters stand two, at once they stand one" {
    faults 'allow: [quorum_loss]' 'factors: {master_eligible: 4, fault: kill, target: [cascade, 2]}'
    [ "$(sql drill.sqlite "SELECT group_concat(survived) FROM loss JOIN v_trial USING (trial_id)
        WHERE target = 'cascade'")" = 1,1,0 ]
    [ "$(sql drill.sqlite "SELECT group_concat(survived) FROM loss JOIN v_trial USING (trial_id)
        WHERE target = '2'")" = 0 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM loss WHERE predicted IS NOT survived")" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT json_array_length(left_out) FROM loss WHERE round = 1 AND n_lost = 1")" -eq 1 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_metric WHERE metric = 'recovery' AND value_s > 0")" -eq 2 ]
}
