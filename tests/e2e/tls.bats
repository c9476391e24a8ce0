#!/usr/bin/env bats
# Secured clusters: TLS and credentials on real nodes, each way of getting them wrong, and a search for the secret in
# everything that is left behind.

# shellcheck disable=SC2030,SC2031 # what bats' run sets
load common
load services

setup_file() {
    SERVICE_TLS=$(mktemp -d /tmp/rejoin-tls-XXXXXX)
    SERVICE_USER=drill
    SERVICE_PASSWORD=correct-horse-$RANDOM$RANDOM
    export SERVICE_TLS SERVICE_USER SERVICE_PASSWORD
    chmod 755 "$SERVICE_TLS"
    (cd "$SERVICE_TLS" && certificates) > "$SERVICE_TLS/log" 2>&1
    services_start
}

teardown_file() {
    services_end
    rm -rf "$SERVICE_TLS"
}

# sign NAME START END SAN: by the authority in this folder
sign() {
    openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$1" -out "$1.csr"
    openssl ca -batch -config ca.cnf -startdate "$2" -enddate "$3" -in "$1.csr" -out "$1.pem" -notext \
        -extfile <(echo "subjectAltName=$4")
    chmod 644 "$1.key"
}

certificates() {
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -subj /CN=e2e-authority -days 2 -out ca.pem
    openssl req -x509 -newkey rsa:2048 -nodes -keyout stranger.key -subj /CN=stranger -days 2 -out stranger.pem
    touch index.txt
    cat > ca.cnf << 'END'
[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
rand_serial = yes
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
END
    sign node 20240101000000Z 20440101000000Z IP:127.0.0.1
    sign expired 20240101000000Z 20240201000000Z IP:127.0.0.1
}

# Named in the plan as any shell of an operator would.
pin_of() {
    openssl x509 -in "$1" -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64
}

tls_plan() {
    service_plan "$1"
    sed -i 's/http:/https:/g' plan.yml
    sed -i "s|^  command:|  auth: {user: drill, password_env: DRILL_PASSWORD}\n  tls: {ca: $SERVICE_TLS/ca.pem}\n  command:|" plan.yml
    export DRILL_PASSWORD=$SERVICE_PASSWORD
}

# refused WORDS OPTION...: one line that says it, and nothing was done
refused() {
    rm -f refused.sqlite
    run rejoin-collector run plan.yml --yes --db refused.sqlite "${@:2}"
    echo "$status $output"
    [ "$status" -eq 3 ] || [ "$status" -eq 2 ]
    [[ $output == *"$1"* ]]
    [[ $output != *"$SERVICE_PASSWORD"* ]]
    [ "$(grep -c error: <<< "$output")" -eq 1 ]
    [[ ! -e refused.sqlite || $(sql refused.sqlite "SELECT count(*) FROM step") -eq 0 ]]
}

@test "a wrong password, an unknown authority, a wrong name, a wrong pin: each one clear line" {
    await 90 cluster_is_green
    tls_plan noop
    DRILL_PASSWORD=wrong refused "credentials are missing or refused (HTTP 401)"
    refused "DRILL_PASSWORD" --set cluster.auth.password_env=DRILL_PASSWORD_NOT_SET
    refused "certificate" --set "cluster.tls.ca=$SERVICE_TLS/stranger.pem"
    refused "pin" --set "cluster.tls.pin=sha256//$(pin_of "$SERVICE_TLS/stranger.pem")"
    sed 's/127.0.0.1:/localhost:/g' plan.yml > named.yml && mv named.yml plan.yml
    refused "name"
    # a password in a file that others may read is refused before anything is asked
    tls_plan noop
    echo "$SERVICE_PASSWORD" > password && chmod 644 password
    sed -i 's|password_env: DRILL_PASSWORD|password_file: password|' plan.yml
    refused "password"
}

@test "an expired certificate, and a port that speaks no TLS" {
    local port
    port=$(free_ports)
    openssl s_server -accept "127.0.0.1:$port" -cert "$SERVICE_TLS/expired.pem" -key "$SERVICE_TLS/expired.key" -www \
        > server.log 2>&1 3>&- &
    local pid=$!
    listens() { ss -Hltn "sport = :$port" | grep -q .; }
    await 20 listens
    tls_plan noop
    sed -i "s/127.0.0.1:$((FIRST_PORT + 1))/127.0.0.1:$port/" plan.yml
    refused "expired"
    kill "$pid"
    wait "$pid" || true
    tls_plan noop
    sed -i 's/https:/http:/g; /^  auth:/d; /^  tls:/d' plan.yml
    refused "http://127.0.0.1:$((FIRST_PORT + 1)): Empty reply from server: does it want https://?"
}

@test "a drill through TLS: the secret is nowhere, neither while it runs nor afterwards" {
    await 90 cluster_is_green
    tls_plan stop
    # looks about while a node is down: whose command line, environment or file holds it?
    cat > look << 'END'
#!/bin/sh
cat /proc/[0-9]*/cmdline >> "$SEEN/cmdline" 2> /dev/null
tr '\0' '\n' < /proc/self/environ >> "$SEEN/environ"
cat drill.sqlite* >> "$SEEN/files" 2> /dev/null
exec "$SERVICE" "$@"
END
    chmod 755 look
    mkdir seen && chmod 777 seen
    export SEEN=$PWD/seen
    sed -i "s|start: \[$SERVICE,|start: [$PWD/look,|; s|env: \[|env: [SEEN, SERVICE, |" plan.yml
    rejoin-collector run plan.yml --yes --db drill.sqlite > out 2> err || { cat err; false; }
    [ "$(sql drill.sqlite "SELECT outcome FROM trial")" = recovered ]
    rejoin-report workbook drill.sqlite -o drill.xlsx
    rejoin-report summary drill.sqlite --format json > summary.json
    unzip -q -d book drill.xlsx
    [ -s seen/cmdline ] && [ -s seen/environ ] && [ -s seen/files ]
    local word
    for word in "$SERVICE_PASSWORD" "$(printf 'drill:%s' "$SERVICE_PASSWORD" | base64 -w 0)"; do
        run grep -raFl -- "$word" drill.sqlite seen out err book summary.json plan.yml
        echo "$output"
        [ "$status" -eq 1 ]
    done
    # the search finds what is there
    grep -raqF "127.0.0.1" seen/files
}

@test "a right pin will do, and unchecked certificates are told of in the report" {
    await 90 cluster_is_green
    tls_plan noop
    run rejoin-collector run plan.yml --yes --db pin.sqlite --set "cluster.tls.pin=sha256//$(pin_of "$SERVICE_TLS/node.pem")"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $(rejoin-report summary pin.sqlite) != *INSECURE* ]]
    sed -i 's|^  tls:.*|  tls: {insecure: true}|' plan.yml
    run rejoin-collector run plan.yml --yes --db insecure.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $(rejoin-report summary insecure.sqlite) == *"INSECURE: certificates were not checked"* ]]
}
