#!/usr/bin/env bats
# The command driver's plans: the examples, and what is refused before anything is touched.
# shellcheck disable=SC2030,SC2031 # what a test changes is its own

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    # nothing of an example may be run by a check
    stubs=$BATS_TEST_TMPDIR/stubs
    mkdir "$stubs"
    for program in ssh kubectl docker; do
        printf '#!/bin/sh\ntouch %s/called\n' "$BATS_TEST_TMPDIR" > "$stubs/$program"
        chmod +x "$stubs/$program"
    done
    PATH=$stubs:$PATH
}

@test "the examples pass, and a check calls none of their commands" {
    for plan in ssh-systemctl kubectl docker-compose; do
        run rejoin-collector check "data/plans/$plan.yml"
        echo "$output"
        [ "$status" -eq 0 ]
        [[ $output == *"study        $plan"* ]]
        [[ $output == *"driver       command"* ]]
        [[ $output == *"3-masters: 3 nodes"* ]]
    done
    [ ! -e "$BATS_TEST_TMPDIR/called" ]
}

# one LINE ARGUMENT...: the check of kubectl.yml with these is refused with that line
one() {
    local line=$1
    shift
    run rejoin-collector check data/plans/kubectl.yml "$@"
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == *"$line" ]] || { echo "$output" && return 1; }
}

@test "what a fault lacks, and what stands wrong in a template, is one line" {
    one "cluster.command: fault pause needs pause, resume" --set factors.fault=pause
    one "cluster.command: fault partition needs cut, mend" --set factors.fault=partition
    one "cluster.command.stop: {nod}: one of {node}, {host}, {port}, {pid}, {others}, {since} is expected, or {{ for a brace" \
        --set 'cluster.command.stop=[x, "{nod}"]'
    one "cluster.command.kill: {pid} is what status prints: a status is expected" \
        --set 'cluster.command.kill=[kill, "{pid}"]'
    one "cluster.docker.label: driver command does not know it: leave it out" --set cluster.docker.label=x
    one "factors.master_eligible: 3: target majority leaves fewer voters than the 2 of 3 that are needed: allow: [quorum_loss] is expected" \
        --set factors.target=majority
}

# text KEY: the last text of the template, with its words filled in and for this machine
text() {
    /usr/bin/python3 - "$1" << 'END'
import re, sys, yaml
command = yaml.safe_load(open("data/plans/ssh-systemctl.yml"))["cluster"]["command"]
words = {"others": "10.9.0.2 10.9.0.3", "since": "2026-01-01T00:00:01.500Z"}
text = command[sys.argv[1]][-1].replace("{{", "\0").replace("}}", "\1")
text = re.sub(r"\{(\w+)\}", lambda m: words[m[1]], text)
print(text.replace("\0", "{").replace("\1", "}").replace("sudo ", ""))
END
}

@test "ssh-systemctl.yml: logs are the entries from then on" {
    /usr/bin/python3 -c 'import yaml' || skip "no PyYAML"
    cat > "$BATS_TEST_TMPDIR/log" << 'END'
[2026-01-01T00:00:01,499][INFO ] early
	at x
[2026-01-01T00:00:01,500][INFO ] due, at once
	at y
[2026-01-01T00:00:02,000][WARN ] due
END
    run sh -c "$(text logs | sed "s|/var/log[^ ]*|$BATS_TEST_TMPDIR/log|")"
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$output" = "$(tail -n 3 "$BATS_TEST_TMPDIR/log")" ]
}

@test "ssh-systemctl.yml: what is cut is mended, twice harmless" {
    /usr/bin/python3 -c 'import yaml' || skip "no PyYAML"
    unshare -n iptables -w -S > /dev/null || skip "no network namespaces, or no iptables"
    cut=$(text cut) mend=$(text mend)
    # shellcheck disable=SC2016 # for the inner shell
    run unshare -n sh -c '
        sh -c "$1" && iptables -S && iptables -S rejoin | grep -c DROP
        ! sh -c "$1" 2> /dev/null && sh -c "$2" && sh -c "$2" && echo mended && iptables -S' - "$cut" "$mend"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"-A rejoin -s 10.9.0.3/32 -p tcp -m tcp --dport 9300 -j DROP"* ]]
    [[ $output == *$'\n4\nmended\n'* ]]
    [ "$(sed '1,/mended/d' <<< "$output")" = $'-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT' ]
}
