#!/usr/bin/env python3
"""writer_node.py CERT KEY USER SECRET [FAULT…]: a node to write to, over TLS on loopback.

It keeps records in memory, with versions (ETag), conditional writes (If-Match, If-None-Match: *,
412), the Handle System's status and responseCode pairs, and Basic authentication.  Standard
output: the port.  Each line of input: "dump" is answered with one line of JSON, {HANDLE: {"writes":
N, "values": {INDEX: VALUE}}}; "set HANDLE JSON" puts a record there by another hand; "faults F…"
changes them.  The end of input ends it.

Faults: lost:K (every K-th write is done and then answered with 504), cut:K (done, and the
connection is closed), busy:N (the first N requests: 503 with Retry-After 1), error:K (every
K-th write: 500 and not done), slow:SECONDS, deny (401 always).
"""
import base64
import hashlib
import http.server
import json
import ssl
import sys
import threading
import time
import urllib.parse


class State:
    def __init__(self, user, secret, faults):
        self.lock = threading.Lock()
        self.records = {}
        self.writes = {}
        self.requests = self.write_requests = 0
        self.user, self.secret = user, secret
        self.set_faults(faults)

    def set_faults(self, faults):
        self.faults = {name: float(value or 1) for name, _, value in
                       (fault.partition(":") for fault in faults)}

    def etag(self, handle):
        text = json.dumps(self.records[handle], sort_keys=True)
        return '"' + hashlib.sha256(text.encode()).hexdigest()[:32] + '"'


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state = None

    def log_message(self, *_):
        pass

    def reply(self, status, body, headers=()):
        text = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def is_admin(self):
        kind, _, text = self.headers.get("Authorization", "").partition(" ")
        if kind != "Basic":
            return False
        user, _, secret = base64.b64decode(text).decode().partition(":")
        return (urllib.parse.unquote(user), secret) == (self.state.user, self.state.secret)

    def is_stopped(self):
        state = self.state
        with state.lock:
            state.requests += 1
            busy = state.requests <= state.faults.get("busy", 0)
        time.sleep(state.faults.get("slow", 0))
        if busy:
            self.reply(503, {"responseCode": 3}, [("Retry-After", "1")])
        elif "deny" in state.faults or not self.is_admin():
            self.reply(401, None, [("WWW-Authenticate", 'Basic realm="handle"')])
        return busy or "deny" in state.faults or not self.is_admin()

    def target(self):
        path, _, query = self.path.partition("?")
        return (urllib.parse.unquote(path[len("/api/handles/"):]),
                urllib.parse.parse_qs(query))

    def do_GET(self):
        if self.is_stopped():
            return
        handle, _ = self.target()
        with self.state.lock:
            record = self.state.records.get(handle.upper())
            if record is None:
                self.reply(404, {"responseCode": 100, "handle": handle})
                return
            self.reply(200, {"responseCode": 1, "handle": handle, "values":
                             [record[i] for i in sorted(record)]},
                       [("ETag", self.state.etag(handle.upper()))])

    def do_PUT(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.is_stopped():
            return
        handle, query = self.target()
        state = self.state
        with state.lock:
            state.write_requests += 1
            number = state.write_requests
            if "error" in state.faults and number % state.faults["error"] == 0:
                self.reply(500, {"responseCode": 2})
                return
            status, answer = self.write(handle, query, body)
        if status < 300 and "cut" in state.faults and number % state.faults["cut"] == 0:
            self.close_connection = True
            return
        if status < 300 and "lost" in state.faults and number % state.faults["lost"] == 0:
            self.reply(504, None)
            return
        self.reply(status, answer, [("ETag", state.etag(handle.upper()))] if status < 300 else [])

    def write(self, handle, query, body):
        state, key = self.state, handle.upper()
        old = state.records.get(key)
        wanted = self.headers.get("If-Match")
        if self.headers.get("If-None-Match") == "*" and old is not None:
            return 412, {"responseCode": 101, "handle": handle}
        if wanted is not None and (old is None or state.etag(key) != wanted):
            return 412, {"responseCode": 2, "handle": handle}
        if "index" not in query and old is not None and query.get("overwrite") == ["false"]:
            return 409, {"responseCode": 101, "handle": handle}
        if "index" in query and old is None:
            return 404, {"responseCode": 100, "handle": handle}
        record = dict(old) if "index" in query else {}
        for value in body["values"]:
            record[value["index"]] = dict(value, ttl=86400, timestamp="2026-10-01T00:00:00Z")
        state.records[key] = record
        state.writes[key] = state.writes.get(key, 0) + 1
        return (200 if old else 201), {"responseCode": 1, "handle": handle}


def main():
    cert, key, user, secret = sys.argv[1:5]
    Handler.state = state = State(user, secret, sys.argv[5:])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None	# who hung up has hung up
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    for line in sys.stdin:
        command, _, rest = line.strip().partition(" ")
        with state.lock:
            if command == "set":
                handle, _, values = rest.partition(" ")
                state.records[handle.upper()] = {v["index"]: v for v in json.loads(values)}
            elif command == "faults":
                state.set_faults(rest.split())
            print(json.dumps({h: {"writes": state.writes.get(h, 0), "values": r}
                              for h, r in state.records.items()})
                  if command == "dump" else "ok", flush=True)


if __name__ == "__main__":
    main()
