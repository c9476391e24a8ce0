#!/usr/bin/env python3
"""A small _bulk endpoint with faults: bulk_server.py MODE PORT_FILE LOG. It ends when it is killed."""
import http.server
import json
import os
import sys

mode, port_file, log = sys.argv[1:]
documents = {}
n_bulk = 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body, **headers):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def body(self):
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with open(log, "a", encoding="utf-8") as out:
            out.write(f"{self.command} {self.path} {len(data)} {self.headers.get('Authorization', '-')}\n")
        return data

    def do_PUT(self):
        self.body()
        if mode == "redirect":
            self.answer(302, {}, Location="/elsewhere")
        else:
            self.answer(200, {"acknowledged": True})

    def do_POST(self):
        global n_bulk
        lines = self.body().decode().splitlines()
        n_bulk += 1
        if mode == "cut" or mode == "cut-once" and n_bulk == 1:
            self.close_connection = True
            return
        if mode == "busy" and n_bulk == 1:
            self.answer(429, {}, Retry_After="2")
            return
        if mode == "strange":
            self.answer(200, ["hello"])
            return
        self.answer(200, {"items": [self.create(i, a, d) for i, (a, d) in enumerate(zip(lines[::2], lines[1::2]))]})

    def create(self, i, action, document):
        where = json.loads(action)["create"]
        status, key = 201, (where["_index"], where["_id"])
        if mode == "partial" and i % 40 == 0:
            status = 400
        elif mode == "busy" and n_bulk == 2 and i % 3 == 0:
            status = 429
        elif key in documents:
            status = 409
        else:
            documents[key] = json.loads(document)
        error = {} if status == 201 else {"error": {"type": "some_exception", "reason": f"fault {status}"}}
        with open(log, "a", encoding="utf-8") as out:
            out.write(f"document {where['_index']} {status}\n")
        return {"create": {**where, "status": status, **error}}


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
with open(port_file + ".new", "w", encoding="utf-8") as file:
    file.write(str(server.server_port))

os.rename(port_file + ".new", port_file)
server.serve_forever()
