#!/usr/bin/env bats
# Losses at once and one after another, on every size from 2 to 5: about ten minutes.
load ../e2e/common.bash

@test "2, 3, 4 and 5 masters: 0, 1, 1 and 2 lost at once, 0, 1, 2 and 3 one after another, as predicted" {
    local folder=$PWD
    (cd "$BATS_TEST_DIRNAME/../.." && rejoin-collector run data/plans/tolerance.yml --db "$folder/drill.sqlite")
    nothing_is_left
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_trial WHERE outcome <> 'recovered'")" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM loss WHERE predicted IS NOT survived")" -eq 0 ]
    rejoin-report summary drill.sqlite | tee summary
    grep -E '^2 masters +0 +0 +0 +0$' summary
    grep -E '^3 masters +1 +1 +1 +1$' summary
    grep -E '^4 masters +1 +1 +2 +2$' summary
    grep -E '^5 masters +2 +2 +3 +3$' summary
    # every lost quorum was recovered from, in a time that is known
    [ "$(sql drill.sqlite "SELECT count(*) FROM loss LEFT JOIN metric m ON m.trial_id = loss.trial_id
        AND m.metric = 'recovery' AND m.observer = '' AND m.censored = 0
        WHERE NOT survived AND m.metric IS NULL")" -eq 0 ]
}
