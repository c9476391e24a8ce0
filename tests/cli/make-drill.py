#!/usr/bin/env python3
"""Makes a synthetic drill file that obeys the schema: for tests that need known numbers.

    make-drill.py OUT.sqlite [--sizes 3,4,5] [--faults stop] [--trials 12] [--warmup 1]
                  [--censored 0] [--failed 0] [--aborted 0] [--studies 1] [--empty] [--odd-names]
                  [--incidents 0] [--samples 0] [--format N]

The same arguments give the same rows. --samples N adds N polls to every node and trial.
"""

import argparse
import hashlib
import json
import os
import random
import sqlite3
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
MIGRATIONS = os.path.join(HERE, "..", "..", "schema", "migrations")
S = 1_000_000_000
MS = 1_000_000
CREATED_US = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z
PLAN = """schema: 1
study: {name: %s, objective: "Does a fourth master-eligible node help?"}
factors:
  master_eligible: %s
  fault: %s
trials: %d
"""


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("out")
    p.add_argument("--sizes", default="3,4,5")
    p.add_argument("--faults", default="stop")
    p.add_argument("--trials", type=int, default=12, help="of each arm")
    p.add_argument("--warmup", type=int, default=1)
    p.add_argument("--nodes", type=int, default=5)
    p.add_argument("--censored", type=int, default=0, help="trials of each arm without rejoin")
    p.add_argument("--no-reelection", type=int, default=0, help="trials of each arm without master")
    p.add_argument("--failed", type=int, default=0, help="trials of each arm that fail the gate")
    p.add_argument("--aborted", type=int, default=0, help="additional, aborted trials of each arm")
    p.add_argument("--studies", type=int, default=1)
    p.add_argument("--incidents", type=int, default=0)
    p.add_argument("--samples", type=int, default=0)
    p.add_argument("--logs", action="store_true", help="what the nodes' own logs said")
    p.add_argument("--lost-writes", type=int, help="a write probe; writes lost in the last trial")
    p.add_argument("--heap", default="", help="levels of one more factor")
    p.add_argument("--empty", action="store_true", help="no trial at all")
    p.add_argument("--no-study", action="store_true")
    p.add_argument("--odd-names", action="store_true")
    p.add_argument("--long-names", action="store_true", help="of nodes: more than 100 characters")
    p.add_argument("--seed", type=int, default=42)
    p.add_argument("--format", type=int, help="of the file; else the present one")
    return p.parse_args()


class Drill:
    def __init__(self, db, args):
        self.db, self.args, self.random = db, args, random.Random(args.seed)
        self.now = 1000 * S

    def add(self, table, **columns):
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        return self.db.execute(sql, list(columns.values())).lastrowid

    def study(self, number):
        a = self.args
        self.sizes = [int(s) for s in a.sizes.split(",")]
        self.faults = a.faults.split(",")
        self.heaps = a.heap.split(",") if a.heap else [None]
        name = "three-four-five" if number < 2 else "again"
        if a.odd_names:
            name = "=1+1 <b>größe</b> & \"x\" | 東京"
        arms = len(self.sizes) * len(self.faults) * len(self.heaps)
        text = PLAN % (name, self.sizes, self.faults, a.trials)
        plan = json.dumps({"trials": a.trials}, separators=(",", ":"))
        study = self.add(
            "study",
            uuid=str(uuid.UUID(int=self.random.getrandbits(128), version=4)),
            name=name,
            objective="Does a fourth master-eligible node help?",
            operator="ops",
            plan_file="three-four-five.yml",
            plan_text=text,
            plan_json=plan,
            plan_sha256=hashlib.sha256(plan.encode()).hexdigest(),
            seed=42,
            trials_planned=arms * (a.trials + a.warmup),
            created_utc_us=CREATED_US + number * 86_400_000_000,
            finished_utc_us=None if a.empty else CREATED_US + number * 86_400_000_000 + 3_600_000_000,
        )
        self.session = self.add(
            "session",
            study_id=study,
            tool_version="0.1.0",
            command_line='["rejoin-collector","run","three-four-five.yml"]',
            libraries='{"sqlite":"3.40.1","curl":"7.88.1"}',
            host="bench-1",
            kernel="Linux 6.1.0-18-amd64 #1 SMP x86_64",
            cpu="Example CPU @ 2.50GHz",
            n_cpu=2,
            memory_bytes=8 << 30,
            sysctls='{"net.ipv4.tcp_retries2":"15"}',
            pid=4242,
            start_mono_ns=999 * S,
            start_utc_us=CREATED_US,
            start_error_ns=300,
            end_mono_ns=4599 * S,
            end_utc_us=CREATED_US + 3_600_000_000,
            end_error_ns=250,
            ended_by="finished",
        )
        return study

    def cluster(self, study, size):
        cluster = self.add(
            "cluster",
            study_id=study,
            label=f"{size}-masters",
            driver="local",
            uuid=f"uuid-of-{size}",
            product="elasticsearch",
            version="8.19.0",
            master_eligible=size,
            n_nodes=self.args.nodes,
            settings='{"cluster.election.initial_timeout":"100ms","heap":"256m"}',
        )
        nodes = []
        for i in range(self.args.nodes):
            name = f"n{i + 1}"
            if self.args.long_names:
                name = f"es-master-{i + 1}." + "availability-zone-1a.prod." * 4 + "example.com"
            if self.args.odd_names and i < 3:
                name = ["=cmd|'/c calc'!A1", "<b>&\"nœud\"</b>", "節点\x07-\u202e3"][i]
            nodes.append(
                (
                    self.add(
                        "node",
                        cluster_id=cluster,
                        ordinal=i,
                        name=name,
                        http_url=f"http://127.0.0.1:{9200 + i}",
                        master_eligible=int(i < size),
                        roles='["data","master"]' if i < size else '["data"]',
                        persistent_id=f"id{size}{i}",
                        version="8.19.0",
                        jvm="17.0.9",
                    ),
                    name,
                )
            )
        return cluster, nodes

    def metric(self, trial, name, origin, value, width, observer="", censored=0):
        lo = max(0, value - width // 2)
        self.add(
            "metric",
            trial_id=trial,
            metric=name,
            origin=origin,
            observer=observer,
            lo_ns=lo,
            hi_ns=None if censored == 1 else lo + width,
            censored=censored,
        )

    def times(self, size, fault):
        r = self.random
        clashes = sum(r.random() < 0.12 * size for _ in range(3))
        detection = r.randrange(5, 60) * MS if fault == "stop" else r.randrange(1, 8) * MS
        reelection = detection + r.randrange(20, 200) * MS + clashes * r.randrange(450, 600) * MS
        return {
            "detection": detection,
            "reelection": reelection + r.randrange(MS),
            "agreement": reelection + r.randrange(5, 60) * MS,
            "shutdown": r.randrange(300, 900) * MS,
            "boot": r.randrange(7000, 9500) * MS,
            "rejoin": r.randrange(8000, 11000) * MS + r.randrange(MS),
        }, clashes

    def measure(self, trial, t, outcome, nodes):
        """The metrics of a trial; t: their durations."""
        no_master, no_node = outcome == "no_reelection", outcome != "recovered"
        width = 5 * MS
        for origin, off in (("fault_issued", 0), ("fault_done", 2 * MS)):
            self.metric(trial, "detection", origin, t["detection"] - off, width)
            for name in ("reelection", "agreement"):
                value = 120 * S if no_master else t[name] - off
                self.metric(trial, name, origin, value, width, censored=int(no_master))
        self.metric(trial, "shutdown", "fault_issued", t["shutdown"], MS)
        if not no_master:
            self.metric(trial, "spread", "", t["agreement"] - t["reelection"] + width, 2 * width)
            for _, name in nodes[1:]:
                self.metric(trial, "masterless", "", t["reelection"] - t["detection"], width, name)
        self.metric(trial, "boot", "start_issued", t["boot"], 20 * MS)
        limit = 180 * S
        for name, extra in (("rejoin", 0), ("rejoin_all", 40 * MS), ("redundancy", 90 * MS)):
            value = limit if no_node else t["rejoin"] + extra
            self.metric(trial, name, "start_issued", value, 20 * MS, censored=int(no_node))
        value = limit if no_node else t["rejoin"] + 2 * S
        self.metric(trial, "downtime", "fault_issued", value, 20 * MS, censored=int(no_node))

    def watch(self, trial, base, t, nodes, victim, winner):
        for node, _ in nodes:
            if node == nodes[victim][0]:
                continue
            for at, old, new, term in (
                (t["detection"], nodes[victim][1], None, 5),
                (t["reelection"], None, nodes[winner][1], 6),
            ):
                at += self.random.randrange(5 * MS)
                self.add(
                    "master_change",
                    trial_id=trial,
                    node_id=node,
                    lo_ns=base + S + at,
                    hi_ns=base + S + at + 5 * MS,
                    old_master=old,
                    new_master=new,
                    term=term,
                )
                if self.args.logs:
                    self.log(trial, base, node, nodes, base + S + at, old, new, term)

    def log(self, trial, base, node, nodes, at, old, new, term):
        """The lines of one change, the last one in the millisecond that begins 2 ms before its poll."""
        text = "master node changed {previous [], current [{%s}{id}{ephemeral id}{127.0.0.1:9300}]} " % new * 4
        kinds = ("master_lost", "applied") if new is None else ("elected", "node_left", "node_join", "applied")
        lo = (at - 2 * MS) // MS * MS
        for i, kind in enumerate(kinds):
            self.add(
                "log_event",
                trial_id=trial,
                node_id=node,
                line=(2 if new is None else 10) + i,
                kind=kind,
                utc_us=CREATED_US + (lo - 999 * S) // 1000,
                lo_ns=lo - 1300,
                hi_ns=lo + MS + 1300,
                term=None if kind == "master_lost" else term,
                master=new if kind == "applied" else None,
                about=old,
                text=text,
            )

    def polls(self, trial, nodes):
        n = self.args.samples
        counts = dict(due=n, sent=n, skipped=0, ok=n, http_error=0, net_error=0, timeout=0, reconnects=0)
        if not n:
            counts = dict(
                due=410, sent=400, skipped=10, ok=380, http_error=5, net_error=14, timeout=1, reconnects=2
            )
        for i, (node, _) in enumerate(nodes):
            self.add("poll_count", trial_id=trial, node_id=node, **counts)
            rows = ((trial << 42 | k * 5000 << 7 | i, 40, 450) for k in range(n))
            self.db.executemany("INSERT INTO sample VALUES (?, ?, ?, 0, 1)", rows)

    def trial(self, study, arm, size, fault, nodes, cluster, position, block, warmup, outcome):
        base, victim = self.now, self.random.randrange(size)
        winner = (victim + 1) % size
        t, clashes = self.times(size, fault)
        measured = outcome in ("recovered", "no_rejoin", "no_reelection")
        self.now += 25 * S
        trial = self.add(
            "trial",
            study_id=study,
            session_id=self.session,
            arm_id=arm,
            cluster_id=cluster,
            position=position,
            block=block,
            warmup=warmup,
            base_ns=base,
            end_ns=base + 20 * S,
            outcome=outcome,
            reason={
                "recovered": None,
                "no_rejoin": "the node was not back within 180 s",
                "no_reelection": "no master within 120 s",
                "gate_failed": "health is red",
                "aborted": "the collector was killed",
            }[outcome],
            victim_node_id=nodes[victim][0] if measured else None,
            old_master_node_id=nodes[victim][0],
            new_master_node_id=nodes[winner][0] if outcome in ("recovered", "no_rejoin") else None,
            term_before=5,
            term_after=6 + clashes if outcome in ("recovered", "no_rejoin") else None,
        )
        if not measured:
            return
        self.add(
            "step",
            session_id=self.session,
            trial_id=trial,
            node_id=nodes[victim][0],
            action=fault,
            intent_ns=base + S - MS,
            issued_ns=base + S,
            done_ns=base + S + 2 * MS,
            undone_ns=base + 15 * S,
        )
        self.measure(trial, t, outcome, nodes)
        if fault != "noop":
            self.watch(trial, base, t, nodes, victim, winner)
        self.polls(trial, nodes)
        if self.args.lost_writes is not None:
            lost = self.args.lost_writes if block == self.args.trials + self.args.warmup and fault != "noop" else 0
            self.writes(trial, lost)

    def writes(self, trial, lost):
        counts = dict(due=500, sent=480, skipped=20, ok=450, http_error=10, net_error=15, timeout=5)
        self.add("write_count", trial_id=trial, found=450 - lost, lost=lost, **counts)

    def outcomes(self):
        a = self.args
        special = ["no_rejoin"] * a.censored + ["no_reelection"] * a.no_reelection + ["gate_failed"] * a.failed
        return special + ["recovered"] * (a.trials - len(special)) + ["aborted"] * a.aborted

    def run(self, number):
        study = self.study(number)
        arms = []
        for size in self.sizes:
            cluster, nodes = self.cluster(study, size)
            for fault in self.faults:
                for heap in self.heaps:
                    factors = {"fault": fault, "master_eligible": size, "target": "master"}
                    if heap:
                        factors["heap"] = heap
                    arm = self.add(
                        "arm",
                        study_id=study,
                        ordinal=len(arms) + 1,
                        cluster=f"{size}-masters",
                        master_eligible=size,
                        fault=fault,
                        target="master",
                        factors=json.dumps(factors, sort_keys=True, separators=(",", ":")),
                    )
                    arms.append((arm, size, fault, nodes, cluster))
        for i in range(self.args.incidents):
            self.add("incident", study_id=study, kind="skipped_polls", n=i + 1, detail="busy")
        if self.args.empty:
            return
        position = 0
        rows = [("recovered", 1)] * self.args.warmup + [(o, 0) for o in self.outcomes()]
        for block, (outcome, warmup) in enumerate(rows, 1):
            for arm, size, fault, nodes, cluster in arms:
                position += 1
                self.trial(study, arm, size, fault, nodes, cluster, position, block, warmup, outcome)


def main():
    args = arguments()
    if os.path.exists(args.out):
        os.remove(args.out)
    db = sqlite3.connect(args.out)
    steps = sorted(os.listdir(MIGRATIONS))
    wanted = args.format or len(steps)
    for step in steps[:wanted]:
        with open(os.path.join(MIGRATIONS, step), encoding="utf-8") as f:
            db.executescript(f.read())
    db.execute(f"PRAGMA user_version = {wanted}")
    db.execute("PRAGMA foreign_keys = ON")
    drill = Drill(db, args)
    if args.samples:
        drill.add("snapshot", digest="0", n_members=5, body="{}")
    for number in range(0 if args.no_study else args.studies):
        drill.run(number)
    db.commit()
    db.close()


main()
