#!/usr/bin/env bats
# rejoin-report page on synthetic drills (make-drill.py): one file that needs nothing else. Each page
# made here is held against page_check.py.

load report_common.bash

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    drill full.sqlite --faults stop,kill --trials 12 --censored 1 --incidents 1
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    full=$BATS_FILE_TMPDIR/full.sqlite
    tmp=$BATS_TEST_TMPDIR
}

# page NAME [OPTION...]: makes $tmp/NAME.html of the drill NAME, twice the same, and checks it.
page() {
    local db=$BATS_FILE_TMPDIR/$1.sqlite out=$tmp/$1.html
    rejoin-report page "$db" -o "$out" "${@:2}" > "$tmp/stdout" 2> "$tmp/stderr" || { cat "$tmp/stderr"; return 1; }
    [ ! -s "$tmp/stdout" ]
    [ ! -s "$tmp/stderr" ]
    rejoin-report page "$db" -o "$tmp/again.html" "${@:2}"
    cmp "$out" "$tmp/again.html"
    /usr/bin/python3 tests/cli/page_check.py "$out"
}

# has NAME TEXT...: the page holds each.
has() {
    local text
    for text in "${@:2}"; do
        grep -qF -- "$text" "$tmp/$1.html" || { echo "no $text"; return 1; }
    done
}

# lacks NAME TEXT...
lacks() {
    local text
    for text in "${@:2}"; do
        ! grep -F -- "$text" "$tmp/$1.html" || return 1
    done
}

@test "help" {
    rejoin-report page --help > "$tmp/out"
    if [ -n "${UPDATE:-}" ]; then
        cp "$tmp/out" tests/cases/report/help-page.txt
    fi
    diff -u tests/cases/report/help-page.txt "$tmp/out"
    [ "$(wc -l < "$tmp/out")" -le 40 ]
}

@test "a page is whole in itself, and says what was drilled" {
    page full
    has full '<h1>three-four-five</h1>' 'elasticsearch 8.19.0; 5 nodes, 3, 4, 5 of them master-eligible' \
        'skipped_polls 1' 'from fault_issued: just before the call' '6 warm-up trials are left out' \
        'Share of trials within a time (ECDF)' 'The slow tail' 'Where the time goes' 'From the fault until all survivors agree' \
        'against 3' 'Share contested' 'Around the election' 'the median and the worst of each group' '<b>Caution</b>'
}

@test "trials that did not recover: at a glance with their interval, and apart from those not measured" {
    drill none.sqlite --sizes 3 --trials 8 --no-reelection 8 --warmup 0
    page none
    has none '<th scope="col" class="nr">not recovered</th>' '8 of 8<small>100 % (63 – 100)</small>'
    page full
    has full 'trials not recovered' '>not measured<'
}

@test "at a glance: trials, not what the figures rest on" {
    drill failed.sqlite --trials 6 --failed 1 --sizes 3
    page failed
    has failed '<th scope="col" class="nr">trials</th><th scope="col" class="nr">median</th>' \
        '>3</th><th scope="row">stop</th><td class="nr">6</td>' 'on how many a figure rests is the n of the section Figures'
    drill whole.sqlite --trials 6 --sizes 3 && page whole
    lacks whole 'on how many a figure rests'
}

@test "the figures are those of summary" {
    page full
    rejoin-report summary "$full" --format json > "$tmp/json"
    /usr/bin/python3 - "$tmp/full.html" "$tmp/json" << 'END'
import html, json, re, sys
page = open(sys.argv[1], encoding="utf-8").read()
figures = page[page.index('<section id="figures"'):page.index('<section id="trials"')]
tables = {}
for part in figures.split("<h3>")[1:]:
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", r) for r in part.split("<tr>")[2:]]
    tables[part[:part.index("<")].lower().replace("-", "")] = [
        [html.unescape(re.sub(r"<small>.*?</small>|<[^>]*>", "", c)) for c in r] for r in rows]
seen = 0
for row in json.load(open(sys.argv[2]))["rows"]:
    table = tables.get(row["metric"])
    if not table:
        continue
    mine = [r for r in table if r[:2] == [str(row["factors"]["master_eligible"]), row["factors"]["fault"]]]
    assert len(mine) == 1, (row, table)
    cells = mine[0]
    assert [int(c) for c in cells[2:4]] == [row["n"], row["censored"]], (cells, row)
    names = ["min", "p25", "p50", None, "p75", "p90", "p95", "p99", "max", "mean", "sd"]
    for name, cell in zip(names, cells[4:]):
        if name and row[name] is not None:
            assert abs(float(cell) - row[name]) < 0.00051, (name, cell, row)
            seen += 1
        elif name:
            assert not cell or cell.startswith(">"), (name, cell)
assert seen > 100, seen
END
}

@test "what is chosen shows, and nothing else is counted" {
    page full --where size=4,fault=kill --metric detection,rejoin --from fault_done
    has full '<dt>Chosen</dt>' 'counted from fault_done' '>4 masters' '<h3>Detection</h3>'
    lacks full '3 masters' '5 masters' 'id="re-election"'
    page full --by fault --include-warmup
    has full 'fault kill' '6 warm-ups included'
    refuses 2 "unknown factor 'sizes'; did you mean 'size'?" rejoin-report page "$full" -o "$tmp/a.html" --by sizes
    refuses 2 "did you mean 'process_gone'?" rejoin-report page "$full" -o "$tmp/a.html" --from proces_gone
    [ ! -e "$tmp/a.html" ]
}

@test "names that are markup, turn the line round or hold control characters stay text" {
    drill odd.sqlite --odd-names --studies 2 --trials 4 --sizes 3,5 --heap '<i>1g</i>,"2g"&amp;'
    sqlite3 "$BATS_FILE_TMPDIR/odd.sqlite" "
        UPDATE node SET name = '</script><script>alert(1)</script>' || node_id WHERE ordinal = 0;
        UPDATE trial SET reason = '\"><img src=x onerror=alert(1)>' || char(8238) || char(7) || 'x' WHERE trial_id = 3;
        UPDATE study SET objective = '</title></style>&lt;' || char(8238), operator = ''' onload=''x';
        UPDATE study SET plan_text = '</pre><b>' || char(10) || plan_text"
    page odd
    has odd '&lt;/script&gt;&lt;script&gt;alert(1)' '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;x' \
        '=1+1 &lt;b&gt;größe&lt;/b&gt; &amp; &quot;x&quot; | 東京' '&lt;/pre&gt;&lt;b&gt;' '&lt;i&gt;1g&lt;/i&gt;'
    [ "$(grep -c '<script>' "$tmp/odd.html")" -eq 1 ]
    lacks odd '<b>größe' '</pre><b>' '<i>1g' '<img'
}

@test "nothing recorded, one trial, one size, all censored, 200 arms: a sensible page" {
    drill empty.sqlite --empty && page empty
    has empty 'No trial has been recorded yet' 'UTC; the schedule is not through'
    drill no-study.sqlite --no-study && page no-study
    has no-study 'The recording holds no study' '<h1>Failover drill</h1>'
    drill one.sqlite --trials 1 --warmup 0 --sizes 3 && page one
    has one '<small>n ≥ 4<' '3 masters' 'Trials per class of 0.005 s' 'The trials and their median; too few for quartiles'
    has one 'rejoin-collector run three-four-five.yml<' \
        'sqlite 3.40.1, curl 7.88.1<' 'net.ipv4.tcp_retries2 15<' 'read together to within 300 ns'
    lacks one 'The slow tail' # of one time
    drill three.sqlite --trials 3 --warmup 0 && page three
    has three 'Shift between groups; too few trials for intervals'
    # no half elections
    sed -n '/How many new terms an election took/,/<\/svg>/p' "$tmp/three.html" > "$tmp/terms"
    grep -qF '>2</text>' "$tmp/terms"
    ! grep -F '.5</text>' "$tmp/terms" || false
    drill limits.sqlite --trials 3 --no-reelection 3 && page limits
    has limits 'Not one trial reached it within its limit' '&gt; 119.99' '</b>, first: trial' 'Where none reached it: the first'
    lacks limits '</b>, best: trial'
    drill arms.sqlite --sizes 3 --trials 1 --warmup 0 --heap "$(seq -s, 200)" && page arms
    has arms 'Charts are drawn for the first 12 of 25 combinations'
    [ "$(stat -c %s "$tmp/arms.html")" -lt 3000000 ]
}

@test "losses survived, and a recorded drill with its polls" {
    drill losses.sqlite --sizes 3,4 --faults kill --trials 3 --warmup 0
    sqlite3 -bail "$BATS_FILE_TMPDIR/losses.sqlite" "
        INSERT INTO loss (trial_id, round, taken, n_lost, voters_before, left_out, predicted, worst, survived)
        SELECT trial_id, 1, '[]', master_eligible - 2, '[]', '[]', 1, master_eligible = 3, 1 FROM v_trial"
    page losses
    has losses '<h2 id="tolerance-h">Losses survived</h2>' '<td class="nr">0 (2 with luck)</td>'
    cp data/recorded/demo.sqlite "$BATS_FILE_TMPDIR/demo.sqlite"
    page demo
    has demo 'How long two nodes named different masters at once.' '<td>data, master</td>'
    has demo 'elasticsearch 8.19.0' 'n1: no answer, from' ': health red, from' 'stop n1, asked at 0.000 s'
    lacks demo 'holds no polls of this trial'
    # a value may be broken anywhere, so that the columns after it stay in view; once for all clusters
    has demo '>discovery.seed_hosts</th><td class="code">[' '<td>node</td><td>all 3</td><td class="names">n1, n2, n3, n4, n5</td>' \
        '<dt>took [s]</dt><dd>291</dd>' '<dt>clock source</dt><dd>tsc</dd>' '<dt>wall clock, end</dt><dd>NOT synchronised</dd>' \
        '<dt>anchors</dt><dd>the clocks were read together'
    [ "$(grep -c 'discovery.seed_hosts</th>' "$tmp/demo.html")" -eq 1 ]
    has demo '<td>3-masters</td><th scope="row">n4</th><td>no</td><td>8.19.0</td><td>OpenJDK 64-Bit Server VM 17.0.15</td>'
}

@test "a page that cannot be written leaves nothing" {
    refuses 2 "page needs -o FILE.html" rejoin-report page "$full"
    refuses 2 "is the recording itself" rejoin-report page "$full" -o "$full"
    refuses 3 "cannot write $tmp/none/a.html" rejoin-report page "$full" -o "$tmp/none/a.html"
    refuses 3 "no such file" rejoin-report page "$tmp/none.sqlite" -o "$tmp/a.html"
    [ "$(cd "$tmp" && ls)" = "$(printf 'err\nout')" ]
}

# bats test_tags=slow
@test "in Chromium: values at the pointer and by keyboard, phone, dark, paper, contrast, no network" {
    [ -x /usr/bin/chromium ] || skip "chromium is missing"
    /usr/bin/python3 -c 'import selenium' || skip "python3-selenium is missing"
    page full
    /usr/bin/python3 tests/cli/page_browser.py "$tmp/full.html"
}
