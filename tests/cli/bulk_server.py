#!/usr/bin/env python3
"""A small _bulk endpoint with faults: bulk_server.py MODE PORT_FILE LOG [CERTIFICATE KEY]; with these, behind TLS.

It ends when it is killed; after SIGUSR1 its mode is plain."""
import http.server
import json
import os
import signal
import ssl
import sys

mode, port_file, log, *pair = sys.argv[1:]
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
        if mode == "later" or mode == "full" and n_bulk > 1:
            self.answer(429, {"error": "no room"}, **({"Retry_After": "60"} if mode == "later" else {}))
            return
        if mode == "strange":
            self.answer(200, ["hello"])
            return
        self.answer(200, {"items": [self.take(i, a, d) for i, (a, d) in enumerate(zip(lines[::2], lines[1::2]))]})

    def take(self, i, line, document):
        """As the real ones: create leaves what is there, update changes it where it differs."""
        action, where = next(iter(json.loads(line).items()))
        key, document = (where["_index"], where["_id"]), json.loads(document)
        status, result = 201, "created"
        if action == "update":
            assert document["doc_as_upsert"] is True
            document = document["doc"]
        if mode == "partial" and i % 40 == 0:
            status = 400
        elif mode == "busy" and n_bulk == 2 and i % 3 == 0 or mode in ("full", "no-room") and n_bulk == 1 and i % 3 == 0:
            status = 429
        elif mode == "no-room" and n_bulk > 1:
            status = 429
        elif key not in documents:
            documents[key] = document
        elif action == "create":
            status = 409
        else:
            status, result = 200, "noop" if documents[key] == document else "updated"
            documents[key] = document
        outcome = {"result": result} if status < 300 else {"error": {"type": "some_exception", "reason": f"fault {status}"}}
        with open(log, "a", encoding="utf-8") as out:
            out.write(f"document {key[0]} {status} {key[1]} {outcome.get('result', '-')} {json.dumps(document)}\n")
        return {action: {"_index": key[0], "_id": key[1], "status": status, **outcome}}


def be_plain(*_):
    global mode
    mode = "plain"


signal.signal(signal.SIGUSR1, be_plain)


class Server(http.server.HTTPServer):
    def handle_error(self, *args):
        """A client that turns away, as from a certificate, is none of our business."""


server = Server(("127.0.0.1", 0), Handler)
if pair:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(port_file + ".new", "w", encoding="utf-8") as file:
    file.write(str(server.server_port))

os.rename(port_file + ".new", port_file)
server.serve_forever()
