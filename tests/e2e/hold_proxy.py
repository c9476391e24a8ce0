#!/usr/bin/env python3
"""Passes requests on to a cluster: hold_proxy.py URL PORT_FILE HELD_FILE.

Of the first _bulk request the cluster gets the first half of the documents, and its answer is kept back: HELD_FILE appears,
and the proxy waits until the client is gone. It ends when it is killed."""
import http.server
import os
import sys
import urllib.error
import urllib.request

url, port_file, held_file = sys.argv[1:]


def write(path, text):
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(path + ".new", path)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        hold = self.path == "/_bulk" and not os.path.exists(held_file)
        if hold:
            lines = body.splitlines(keepends=True)
            body = b"".join(lines[:len(lines) // 4 * 2])
        kind = {"Content-Type": self.headers.get("Content-Type", "application/json")}
        request = urllib.request.Request(url + self.path, body, kind, method=self.command)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, data = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, data = error.code, error.read()
        if hold:
            write(held_file, "")
            self.rfile.read(1)
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_PUT = do_POST = pass_on


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
write(port_file, str(server.server_port))
server.serve_forever()
