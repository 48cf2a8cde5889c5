"""tsa.py CA: openssl's time-stamping authority (authority.sh) over HTTP, on a free port of loopback
that is printed.  POST /good answers as it should, the others as they are called."""
import http.server
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

ca = sys.argv[1]
turn = threading.Lock()     # the serial number is a file


def run(*command):
    return subprocess.run(["openssl", "ts", *command], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def other_query(folder, query, digest):
    """Of a digest, without the nonce that was asked with."""
    path = os.path.join(folder, "other")
    run("-query", "-digest", digest, "-sha256", "-cert", "-out", path)
    return path


def stamp(query, kind):
    signer = kind if kind in ("late", "stranger") else "tsa"
    with tempfile.TemporaryDirectory() as folder, turn:
        path = os.path.join(folder, "query")
        with open(path, "wb") as out:
            out.write(query)
        if kind == "nonce":
            text = run("-query", "-in", path, "-text").decode()
            octets = re.findall(r"^ +[0-9a-f]{4} - ([0-9a-f -]{47})", text, re.M)
            path = other_query(folder, query, re.sub("[ -]", "", "".join(octets)))
        elif kind == "imprint":
            path = other_query(folder, query, "11" * 32)
        elif kind == "refuse":
            run("-query", "-digest", "11" * 20, "-sha1", "-out", path)
        reply = os.path.join(folder, "reply")
        run("-reply", "-config", ca + "/conf", "-section", "stamp", "-queryfile", path,
            "-signer", f"{ca}/{signer}.pem", "-inkey", f"{ca}/{signer}.key", "-out", reply)
        with open(reply, "rb") as made:
            return made.read()


class Authority(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        kind = self.path.strip("/")
        query = self.rfile.read(int(self.headers["Content-Length"]))
        status, body = 200, b"no timestamp"
        if self.headers["Content-Type"] != "application/timestamp-query":
            status = 415
        elif kind == "huge":
            body = b"\x30" * 1000000
        elif kind == "fault":
            status = 500
        elif kind == "moved":
            status = 302
        elif kind == "slow":
            time.sleep(3)
        elif kind == "cut":
            body = stamp(query, "good")[:-7]
        elif kind != "garbage":
            body = stamp(query, kind)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/good")
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass    # who asked has seen enough


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Authority)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
