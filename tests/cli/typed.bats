#!/usr/bin/env bats
# What hands type in haste: one line says what is expected, and nothing was begun.
# shellcheck disable=SC2154 # cli is set by files_common
load files_common.bash

latin1=$'caf\xe9'

@test "what is no UTF-8 text neither ends the program nor leaves a host out" {
    refused 2 "--name: UTF-8 text is expected" rejoin-collector watch --hosts http://127.0.0.1:1 --name "$latin1"
    refused 2 "--hosts: UTF-8 text is expected" rejoin-collector run --driver docker \
        --hosts "http://127.0.0.1:1,http://$latin1:1,http://127.0.0.1:2,http://127.0.0.1:3"
    refused 2 "--fault: UTF-8 text is expected" rejoin-collector run --driver docker --hosts http://127.0.0.1:1 \
        --fault "stop,$latin1"
    refused 2 "--target: UTF-8 text is expected" rejoin-collector run --driver docker --hosts http://127.0.0.1:1 \
        --target "$latin1"
    make_drill a.sqlite --trials 2
    cp a.sqlite b.sqlite
    refused 2 "--comment: UTF-8 text is expected" rejoin-collector sign a.sqlite --name me --comment "$latin1"
    refused 2 "--name: UTF-8 text is expected" rejoin-collector sign a.sqlite --name "$latin1" --comment x
    cmp a.sqlite b.sqlite
}

@test "a variable that is not set gives an empty word" {
    refused 2 "--db: empty: FILE is expected" rejoin-collector run plan.yml --db ""
    refused 2 "an argument is empty; usage: rejoin-collector heal DB" rejoin-collector heal ""
    refused 2 "--output: empty: FILE.html is expected" rejoin-report page a.sqlite -o ""
    refused 2 "an argument is empty; usage: rejoin-report merge OUT DB..." rejoin-report merge "" a.sqlite
}

@test "a pipe that nobody writes to is not waited for; one that a shell fills is read" {
    mkfifo pipe
    refused 2 "pipe:1:1: empty: a plan is expected" timeout 10 rejoin-collector check pipe
    refused 3 "cluster.tls.ca: pipe: a file is expected" timeout 10 rejoin-collector watch \
        --hosts https://127.0.0.1:1 --set cluster.tls.ca=pipe
    make_drill a.sqlite --trials 2
    refused 3 "--ca: pipe: a file is expected" timeout 10 rejoin-report export a.sqlite --to https://127.0.0.1:1 --ca pipe
    rejoin-collector check <(sleep 0.2; cat "$cli/../../data/plans/demo.yml") > said
    grep -q '^study  *demo' said
}

@test "a file called :memory: is a file" {
    make_drill a.sqlite --trials 2
    mv a.sqlite :memory:
    rejoin-report summary :memory: > said
    grep -q '^study ' said
    rejoin-report merge ./all.sqlite :memory:
}

@test "a secret where only the way to it belongs is not shown, and a forgotten scheme makes no folder" {
    make_drill a.sqlite --trials 2
    export PW=x
    refused 3 "the name of a variable is expected" rejoin-report export a.sqlite --to http://127.0.0.1:1 --api-key-env 'hunter2!'
    [[ $stderr != *hunter2* ]]
    refused 3 "a user's name without a colon is expected" rejoin-report export a.sqlite --to http://127.0.0.1:1 \
        --user me:hunter2 --password-env PW
    [[ $stderr != *hunter2* ]]
    for to in 127.0.0.1:9200 me:hunter2@es1 me:hunter2@es1:9200; do
        refused 2 "--to: a folder, or a URL that begins with http:// or https://, is expected" \
            rejoin-report export a.sqlite --to "$to"
        [[ $stderr != *hunter2* ]]
        [ ! -e "$to" ]
    done
    rejoin-report export a.sqlite --to ./127.0.0.1:9200
    [ -s 127.0.0.1:9200/v_trial.csv ]
}
