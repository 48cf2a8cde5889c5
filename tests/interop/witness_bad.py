"""Witnesses that are none, on a free port of loopback that is printed: POST /KIND/add-checkpoint."""
import http.server
import sys
import time

asked = 0


class Bad(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def say(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        global asked
        self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.path.split("/")[1]
        if kind == "slow":
            time.sleep(6)
        if kind == "slow" or kind == "garbage":
            self.say(200, b"\xe2\x80\x94 b.example !!!!\n\x00")
        elif kind == "huge":
            self.say(200, b"\xe2\x80\x94 b.example AAAA\n" * 100000)
        elif kind == "zeros":
            self.say(409, b"0803\n")
        elif kind == "ahead":
            self.say(409, b"999999\n")
        elif kind == "round":
            asked += 1
            self.say(409, b"%d\n" % (1 + asked % 5))
        elif kind == "busy":
            self.say(503, b"", [("Retry-After", "1")])
        elif kind == "moved":
            self.say(307, b"", [("Location", "/garbage/add-checkpoint")])
        else:
            self.say(404, b"")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bad)
server.daemon_threads = True
print(server.server_address[1], flush=True)
try:
    server.serve_forever()
except KeyboardInterrupt:
    sys.exit(0)
