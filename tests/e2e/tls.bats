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
    await cluster_is_green
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
    await listens
    tls_plan noop
    sed -i "s/127.0.0.1:$((FIRST_PORT + 1))/127.0.0.1:$port/" plan.yml
    refused "expired"
    kill "$pid"
    wait "$pid" || true
    tls_plan noop
    sed -i 's/https:/http:/g; /^  auth:/d; /^  tls:/d' plan.yml
    refused "http://127.0.0.1:$((FIRST_PORT + 1)): Empty reply from server: does it want https://?"
}

# reports DB DIR: everything that is made of a recording, unpacked
reports() {
    mkdir "$2"
    rejoin-report workbook "$1" -o "$2/book.xlsx" --raw
    rejoin-report page "$1" -o "$2/page.html"
    rejoin-report export "$1" --to "$2/export"
    rejoin-report archive "$1" -o "$2/archive.tar.gz"
    rejoin-report summary "$1" > "$2/summary.txt"
    rejoin-report summary "$1" --format json > "$2/summary.json"
    rejoin-report verify "$1" > "$2/verify.txt"
    tar -xzf "$2/archive.tar.gz" -C "$2"
    unzip -q -d "$2/book" "$2/book.xlsx"
    unzip -q -d "$2/archived-book" "$2"/rejoin-*/workbook.xlsx
    # long texts lie in pieces in the file, and the nodes' logs are packed
    sql "$1" .dump > "$2/dump.sql"
    python3 - "$1" > "$2/logs.txt" << 'END'
import sqlite3, sys, zlib
for (lines,) in sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).execute("SELECT lines FROM log_chunk"):
    sys.stdout.buffer.write(zlib.decompress(lines))
END
    cat "$2"/rejoin-*/recording.sqlite "$2"/rejoin-*/page.html "$2"/export/v_sample.csv > /dev/null
}

# hex OPTION...: the last 32 bytes of what openssl pkey makes of a key
hex() {
    openssl pkey "$@" -outform der | tail -c 32 | od -An -v -tx1 | tr -d ' \n' && echo
}

# the words of a secret file's content: each line of its PEM, and its bytes in hex, either way
pem_words() {
    grep -v -- ----- "$1"
    hex -in "$1"
    hex -in "$1" | tr a-f A-F
}

# in_none_of SECRETS FILE...: none of the lines of the file SECRETS
in_none_of() {
    [ -s "$1" ] && ! grep -q '^$' "$1"
    run grep -raFl -f "$@"
    echo "$output"
    [ "$status" -eq 1 ]
}

@test "a drill through TLS: the secrets are nowhere, neither while it runs nor afterwards" {
    await cluster_is_green
    tls_plan stop
    openssl genpkey -algorithm ed25519 -out seal.key
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
    rejoin-collector run plan.yml --yes --db drill.sqlite --sign-key seal.key > out 2> err || { cat err; false; }
    [ "$(sql drill.sqlite "SELECT outcome FROM trial")" = recovered ]
    reports drill.sqlite made
    [ -s seen/cmdline ] && [ -s seen/environ ] && [ -s seen/files ] && [ -s made/logs.txt ]
    {
        printf '%s\n' "$SERVICE_PASSWORD"
        printf 'drill:%s' "$SERVICE_PASSWORD" | base64 -w 0 && echo
        pem_words seal.key
        pem_words "$SERVICE_TLS/ca.key"
        pem_words "$SERVICE_TLS/node.key"
    } > ../secrets
    in_none_of ../secrets drill.sqlite seen out err made plan.yml
    # the search finds what is there, in each of them
    local place
    for place in seen/files made/book made/archived-book made/page.html made/export made/rejoin-* made/dump.sql; do
        grep -raqF 127.0.0.1 "$place" || { echo "not searched: $place" && false; }
    done
    grep -aqiF "$(hex -in seal.key -pubout)" made/dump.sql
}

# behind_fronts api|bearer COMMAND...: while fronts of the nodes take the key or the token, and fronts.yml names them
behind_fronts() {
    local word="ApiKey $key" front status=0 i
    [ "$1" = api ] || word="Bearer $token"
    python3 "$BATS_TEST_DIRNAME/key_front.py" "$SERVICE_TLS" "$word" "$SERVICE_USER" "$SERVICE_PASSWORD" \
        $((FIRST_PORT + 16)) $((FIRST_PORT + 1)) $((FIRST_PORT + 2)) $((FIRST_PORT + 3)) > "log-$1" 2>&1 3>&- &
    front=$!
    listen() { [ "$(ss -Hltn "sport >= :$((FIRST_PORT + 16)) and sport <= :$((FIRST_PORT + 18))" | wc -l)" -eq 3 ]; }
    await listen
    cp plan.yml fronts.yml
    for i in 1 2 3; do sed -i "s|:$((FIRST_PORT + i))\"|:$((FIRST_PORT + 15 + i))\"|" fronts.yml; done
    "${@:2}" > "out-$1" 2>&1 || status=$?
    kill "$front"
    wait "$front" || true
    [ "$status" -eq 0 ] || { cat "out-$1" "log-$1" && false; }
}

@test "a password in a file, an API key and a bearer token: what they hold is nowhere either" {
    local key=a2V5LW9mLWUyZQ-$RANDOM$RANDOM token=bearer-$RANDOM$RANDOM
    await cluster_is_green
    tls_plan noop
    unset DRILL_PASSWORD
    echo "$SERVICE_PASSWORD" > password && chmod 600 password
    sed -i 's|password_env: DRILL_PASSWORD|password_file: password|' plan.yml
    rejoin-collector run plan.yml --yes --db file.sqlite > out 2> err || { cat err; false; }
    reports file.sqlite made
    printf '%s\n' "$SERVICE_PASSWORD" "$(printf 'drill:%s' "$SERVICE_PASSWORD" | base64 -w 0)" > ../secrets
    in_none_of ../secrets file.sqlite made out err plan.yml
    grep -qF password_file made/dump.sql
    # the nodes themselves know no keys and no tokens: first they refuse them, then a front of each lets them through
    tls_plan noop
    unset DRILL_PASSWORD
    export DRILL_TOKEN=$token
    echo "$key" > key && chmod 600 key
    printf '%s\n' "$key" "$token" >> ../secrets
    for auth in "api_key_file: key" "bearer_env: DRILL_TOKEN"; do
        sed -i "s|auth: {.*}|auth: {$auth}|" plan.yml
        refused "credentials are missing or refused (HTTP 401)"
        echo "$output" > "refused-${auth%%_*}"
        behind_fronts "${auth%%_*}" rejoin-collector run fronts.yml --yes --db "${auth%%_*}.sqlite"
        reports "${auth%%_*}.sqlite" "made-${auth%%_*}"
        grep -qF "${auth%%:*}" "made-${auth%%_*}/dump.sql"
    done
    in_none_of ../secrets api.sqlite bearer.sqlite made-api made-bearer refused-* out-* log-* plan.yml fronts.yml
}

@test "a right pin will do, and unchecked certificates are told of in the report" {
    await cluster_is_green
    tls_plan noop
    run rejoin-collector run plan.yml --yes --db pin.sqlite --set "cluster.tls.pin=sha256//$(pin_of "$SERVICE_TLS/node.pem")"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $(rejoin-report summary pin.sqlite) != *INSECURE* ]]
    sed -i 's|^  tls:.*|  tls: {insecure: true}|' plan.yml
    run rejoin-collector run plan.yml --yes --db insecure.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    run rejoin-report summary insecure.sqlite
    echo "$output"
    # its lines are wrapped
    [[ $(tr -s ' \n' ' ' <<< "$output") == *"INSECURE: certificates were not checked"* ]]
}
