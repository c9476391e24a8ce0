#!/usr/bin/env python3
"""poller.py DB PERIOD_US SECONDS PORT...: a plain Python poller, for comparison.

What one writes without rejoin: a thread a host with a kept-alive http.client connection, a grid of
time.monotonic_ns, samples in memory, written to SQLite at the end. Answers that repeat the last one
are not parsed again. Prints one JSON object as tests/bench/poller.c does.
"""

import http.client
import json
import resource
import socket
import sqlite3
import sys
import threading
import time

PATH = (
    "/_cluster/state/master_node,version,nodes,metadata/rejoin-no-such-index?local=true"
    "&ignore_unavailable=true&allow_no_indices=true&filter_path=cluster_uuid,master_node,"
    "cluster_manager_node,version,state_uuid,nodes.*.name,nodes.*.ephemeral_id,nodes.*.roles,"
    "nodes.*.version,metadata.cluster_coordination"
)


class Host(threading.Thread):
    def __init__(self, port, first_ns, period_ns, end_ns):
        super().__init__()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        self.due_ns, self.period_ns, self.end_ns = first_ns, period_ns, end_ns
        self.samples, self.skipped, self.views = [], 0, []

    def run(self):
        clock, sleep, last = time.monotonic_ns, time.sleep, None
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        due, period = self.due_ns, self.period_ns
        while due < self.end_ns:
            wait = due - clock()
            if wait > 0:
                sleep(wait / 1e9)
            sent = clock()
            self.connection.request("GET", PATH, headers={"Accept": "application/json"})
            answer = self.connection.getresponse()
            body = answer.read()
            done = clock()
            if body != last:
                self.views.append(json.loads(body))
                last = body
            self.samples.append((due, sent - due, done - sent, answer.status))
            due += period
            while due + period <= clock():
                due += period
                self.skipped += 1


def cpu_s():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    db, period_ns, seconds = sys.argv[1], int(sys.argv[2]) * 1000, float(sys.argv[3])
    ports = [int(port) for port in sys.argv[4:]]
    cpu = cpu_s()
    start = time.monotonic_ns() + 50_000_000
    end = start + int(seconds * 1e9)
    hosts = [
        Host(port, start + i * period_ns // len(ports), period_ns, end)
        for i, port in enumerate(ports)
    ]
    for host in hosts:
        host.start()
    for host in hosts:
        host.join()
    polling_cpu_s = cpu_s() - cpu
    connection = sqlite3.connect(db)
    connection.execute("CREATE TABLE sample (host INT, due INT, late INT, took INT, status INT)")
    for i, host in enumerate(hosts):
        connection.executemany(
            "INSERT INTO sample VALUES (%d, ?, ?, ?, ?)" % i, host.samples
        )
    connection.commit()
    connection.close()
    sent = sum(len(host.samples) for host in hosts)
    skipped = sum(host.skipped for host in hosts)
    late = [sample[1] // 1000 for host in hosts for sample in host.samples]
    json.dump(
        {
            "due": sent + skipped,
            "sent": sent,
            "skipped": skipped,
            "polling_cpu_s": polling_cpu_s,
            "recording_cpu_s": cpu_s() - cpu - polling_cpu_s,
            "late_us": late,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
