#!/usr/bin/env python3
"""A cluster whose nodes a command starts and stops: sim_cluster.py FOLDER N

Nodes n1 to nN, each on a loopback port of its own; a node is up while FOLDER/up-NAME is there (sim_service makes and
removes it). The first node that is up takes over where the master goes, and a majority has a master. It makes
FOLDER/plan.yml, a plan for these nodes, and ends when it is killed or FOLDER is gone. Requests other than GET are noted in
FOLDER/requests. Files in FOLDER steer it, and may come and go:

    silent     no request is answered while it is there; the first makes FOLDER/asked
    cut-put    PUT /_cluster/settings is done, and the connection then closed without an answer
    put-hangs  the next one is done, and not answered
    need-auth  401 to requests without credentials
    version    what every node says is its version, instead of 8.19.0
    tell       the next node that is asked for its state takes it away
    no-index   the body of this file, with 503, is what an index is answered with
"""
import http.server
import json
import os
import socket
import sys
import threading
import time

folder, n = sys.argv[1], int(sys.argv[2])
names = [f"n{i + 1}" for i in range(n)]
lock = threading.Lock()
lives = {name: 1 for name in names}
up = set(names)
settings = {}
views = {}
term, version, master = 1, 1, names[0]


def has(name):
    return os.path.exists(os.path.join(folder, name))


def version_shown():
    try:
        with open(os.path.join(folder, "version")) as file:
            return file.read().strip()
    except FileNotFoundError:
        return "8.19.0"


def show(alive):
    for name in alive:
        views[name] = (master, term, version, [(each, lives[each]) for each in alive])


def follow():
    """What the nodes' files say becomes what the nodes show."""
    global term, version, master
    while os.path.isdir(folder):
        wanted = {name for name in names if has(f"up-{name}")}
        if wanted != up:
            with lock:
                for name in wanted - up:
                    lives[name] += 1
                alive = [name for name in names if name in wanted]
                version += 1
                if len(alive) * 2 <= n:
                    master = None
                elif master not in up & wanted:
                    master, term = alive[0], term + 1
                show(alive)
                up.clear()
                up.update(wanted)
        time.sleep(0.005)


def state(view):
    elected, its_term, its_version, members = view
    nodes = {f"id-{name}": {"name": name, "ephemeral_id": f"{name}-{life}", "roles": ["master", "data"],
                            "version": version_shown()} for name, life in members}
    voters = [f"id-{name}" for name in names]
    return {"cluster_uuid": "sim", "master_node": elected and f"id-{elected}", "version": its_version,
            "state_uuid": f"s-{its_term}-{its_version}", "nodes": nodes,
            "metadata": {"cluster_coordination": {"term": its_term, "last_committed_config": voters,
                                                  "last_accepted_config": voters}}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def hang_up(self):
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def answer(self, body, status=200):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def change_settings(self, body):
        for name, value in json.loads(body)["persistent"].items():
            if value is None:
                settings.pop(name, None)
            else:
                settings[name] = value
        if has("put-hangs"):
            os.remove(os.path.join(folder, "put-hangs"))
            time.sleep(3600)
        return self.hang_up() if has("cut-put") else self.answer({"acknowledged": True})

    def about(self, me):
        return {"nodes": {f"id-{me}": {"name": me, "version": version_shown(), "build_flavor": "default", "build_type": "tar",
                                       "roles": ["master", "data"], "jvm": {"version": "21", "vm_name": "Sim"}}}}

    def index(self, body):
        if has("no-index"):
            with open(os.path.join(folder, "no-index"), "rb") as file:
                return self.answer(file.read(), 503)
        if "/_mget" in self.path:
            return self.answer({"docs": [{"found": True} for _ in json.loads(body)["ids"]]})
        return self.answer({"acknowledged": True})

    def handle_request(self):
        me = self.server.node
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        while has("silent"):
            with open(os.path.join(folder, "asked"), "w", encoding="utf-8"):
                pass
            time.sleep(0.02)
        with lock:
            if me not in up:
                return self.hang_up()
            view = views[me]
        if self.command != "GET":
            with open(os.path.join(folder, "requests"), "a", encoding="utf-8") as out:
                out.write(f"{me} {self.command} {self.path} {body.decode()}\n")
        if has("need-auth") and not self.headers.get("Authorization"):
            return self.answer({"error": {"reason": "missing authentication credentials"}}, 401)
        if self.path.startswith("/_cluster/state"):
            with lock:
                if has("tell"):
                    os.remove(os.path.join(folder, "tell"))
            return self.answer(state(view))
        if self.path.startswith("/_cluster/health"):
            return self.answer({"status": "green", "number_of_nodes": len(view[3]),
                                "discovered_master": view[0] is not None})
        if self.path.startswith("/_nodes/_local"):
            return self.answer(self.about(me))
        if self.path.startswith("/_cluster/settings"):
            if self.command == "PUT":
                return self.change_settings(body)
            return self.answer({"persistent": settings, "transient": {}})
        if self.path.startswith("/_cluster/voting_config_exclusions"):
            return self.answer({})
        if self.path.startswith("/rejoin-drill-"):
            return self.index(body)
        return self.answer({"error": "no handler"}, 400)

    do_GET = do_PUT = do_POST = do_DELETE = handle_request


def make_plan(urls):
    service = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sim_service")
    return json.dumps({
        "schema": 1, "study": {"name": "sim"},
        "cluster": {"driver": "command", "sizes": {n: {"hosts": urls}},
                    "command": {verb: [service, folder, verb, "{node}"] for verb in ("stop", "start", "status")}},
        "factors": {"fault": "stop"}, "trials": 1, "warmup": 0,
        "limits": {"gate": "60s", "reelection": "60s", "rejoin": "60s"},
        "pause": {"between": "0s", "jitter": "10ms"},
        "poll": {"fast": "20ms", "rejoin": "50ms", "idle": "100ms"}}, indent=1)


def main():
    urls = []
    show(names)
    for name in names:
        with open(os.path.join(folder, f"up-{name}"), "w", encoding="utf-8"):
            pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.node, server.daemon_threads = name, True
        urls.append(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(os.path.join(folder, "plan.tmp"), "w", encoding="utf-8") as out:
        out.write(make_plan(urls))
    os.rename(os.path.join(folder, "plan.tmp"), os.path.join(folder, "plan.yml"))
    follow()


main()
