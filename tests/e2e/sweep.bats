#!/usr/bin/env bats
# Factors beside size and fault, on real nodes: a setting, the size of the cluster state, and who is taken.
load common.bash

# two_recover FACTORS: drills them; both trials recover
two_recover() {
    sed -i "s/^factors:.*/factors: {master_eligible: 3, $1}/" plan.yml
    run rejoin-collector run plan.yml --db drill.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    nothing_is_left
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_trial WHERE outcome = 'recovered'")" -eq 2 ]
}

@test "a setting and a number of indices as factors: each arm's nodes show what was swept" {
    plan stop 1 'poll: {fast: 20ms, rejoin: 50ms}'
    two_recover "fault: stop, settings: {cluster.election.duration: [500ms, 1s]}, indices: 20"
    # read back from the nodes, not from the plan
    [ "$(sql drill.sqlite "SELECT group_concat(DISTINCT json_extract(a.factors, '\$.\"cluster.election.duration\"') = e.value)
        FROM arm a JOIN cluster c ON c.study_id = a.study_id AND c.label = a.cluster
        JOIN node n ON n.cluster_id = c.cluster_id
        JOIN effective_setting e ON e.node_id = n.node_id AND e.name = 'cluster.election.duration'")" = 1 ]
    [ "$(sql drill.sqlite "SELECT count(DISTINCT value) FROM effective_setting WHERE name = 'cluster.election.duration'")" -eq 2 ]
    run rejoin-report summary drill.sqlite
    echo "$output"
    [[ $output == *"stop   500ms "* && $output == *"stop   1s "* ]]
}

@test "a node that is not the master, and any node: no election where the master stays" {
    plan kill 1 'poll: {fast: 20ms, rejoin: 50ms}'
    two_recover "fault: kill, target: [non_master, random]"
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_trial WHERE target = 'non_master' AND victim = old_master")" -eq 0 ]
    # a re-election is measured exactly where the master was taken
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_trial t WHERE (victim = old_master) <> EXISTS
        (SELECT 1 FROM v_metric m WHERE m.trial_id = t.trial_id AND m.metric = 'reelection')")" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_metric WHERE metric = 'rejoin' AND origin = 'start_issued' AND censored < 1")" -eq 2 ]
}
