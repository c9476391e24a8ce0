#!/usr/bin/env python3
"""Fronts of secured nodes that know API keys and bearer tokens, which the nodes themselves do not.

    key_front.py FOLDER WORD USER PASSWORD FIRST TO...    listens at FIRST, FIRST + 1, ... for the nodes at ports TO

FOLDER holds ca.pem, node.pem and node.key. Who sends "Authorization: WORD" is let through as USER.
"""

import base64
import http.client
import http.server
import ssl
import sys
import threading

folder, word, user, password, first, *nodes = sys.argv[1:]
known = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
trusted = ssl.create_default_context(cafile=folder + "/ca.pem")
own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
own.load_cert_chain(folder + "/node.pem", folder + "/node.key")


class Front(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    node = 0

    def log_message(self, *_):
        pass

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def any_method(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Authorization") != word:
            self.answer(401, "application/json", b"{}")
            return
        try:
            to = http.client.HTTPSConnection("127.0.0.1", self.node, context=trusted, timeout=20)
            to.request(self.command, self.path, body or None,
                       {"Authorization": known, "Content-Type": self.headers.get("Content-Type", "application/json")})
            got = to.getresponse()
            self.answer(got.status, got.headers.get("Content-Type", "text/plain"), got.read())
            to.close()
        except OSError:
            self.close_connection = True  # as the node itself, which is gone

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = any_method


for i, node in enumerate(nodes):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(first) + i), type("F", (Front,), {"node": int(node)}))
    server.socket = own.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=i < len(nodes) - 1).start()
