"""chain.py FOLDER: a stand-in for a node of BIF-Core (星火·链网) on a free port of loopback that is
printed.  A transaction is taken apart, its sender's address, hash and signature are checked with
openssl, and what it wrote is shown in FOLDER/chain.json.  FOLDER/mode says how to behave."""
import hashlib
import http.server
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse

folder = sys.argv[1]
ALPHABET = "123456789AbCDEFGHJKLMNPQRSTuVWXYZaBcdefghijkmnopqrstUvwxyz"
ED25519 = bytes.fromhex("302a300506032b6570032100")
SM2 = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
nonces, known, looks = {}, {}, {}
submitted = 0


def mode():
    with open(folder + "/mode") as text:
        return text.read().strip()


def openssl(*command, data=None):
    return subprocess.run(["openssl", *command], input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True).stdout


def base58(data):
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def address(kind, raw):
    digest = hashlib.sha256(raw).digest() if kind == "e" else \
        openssl("dgst", "-sm3", "-binary", data=raw)
    return f"did:bid:{kind}f{base58(digest[10:32])}"


def fields(data):
    """Of a message of Protocol Buffers: by number, each once."""
    found, at = {}, 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        tag = varint()
        value = varint()
        if tag & 7 == 2:
            value, at = data[at:at + value], at + value
        assert tag >> 3 not in found
        found[tag >> 3] = value
    return found


def check_signature(blob, signature, public):
    assert public[0] == 0xB0 and public[2:3] == b"f"
    kind, raw = chr(public[1]), public[3:]
    with tempfile.TemporaryDirectory() as work:
        key = (ED25519 if kind == "e" else SM2) + raw
        extra = []
        if kind == "z":     # r || s as DER
            halves = [half.lstrip(b"\0") for half in (signature[:32], signature[32:])]
            halves = [(b"\0" if half[0] >= 0x80 else b"") + half for half in halves]
            body = b"".join(b"\x02" + bytes([len(half)]) + half for half in halves)
            signature = b"\x30" + bytes([len(body)]) + body
            extra = ["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
        for name, data in (("key", key), ("blob", blob), ("sig", signature)):
            with open(os.path.join(work, name), "wb") as out:
                out.write(data)
        openssl("pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", work + "/key",
                "-rawin", *extra, "-in", work + "/blob", "-sigfile", work + "/sig")
    return address(kind, raw)


def take(body):
    """The hash of a transaction that is one."""
    global submitted
    item, = json.loads(body)["items"]
    signature, = item["signatures"]
    blob = bytes.fromhex(item["transaction_blob"])
    message = fields(blob)
    sender = check_signature(blob, bytes.fromhex(signature["sign_data"]),
                             bytes.fromhex(signature["public_key"]))
    assert sender == message[1].decode()
    assert message[2] == nonces.get(sender, 0) + 1
    assert message[6] == 1000000 and message[7] == 100
    operation = fields(message[4])
    assert operation[1] == 4
    entry = fields(operation[7])
    name = hashlib.sha256(blob).hexdigest()
    nonces[sender] = message[2]
    known[name] = {"key": entry[1].decode(), "value": entry[2].decode(), "hash": name}
    submitted += 1
    with open(folder + "/submitted", "w") as out:
        print(submitted, file=out)
    with open(folder + "/chain.json", "w") as out:
        json.dump(known[name], out)
    return name


class Node(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def say(self, value, status=200):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def account(self, who):
        now = mode()
        if now == "noaccount":
            self.say({"error_code": 4, "result": None})
        elif now == "garbage":
            self.say(b"<html>no</html>")
        elif now == "http":
            self.say(b"", 500)
        elif now == "huge":
            self.say(b" " * (9 << 20))
        elif now == "count":
            self.say({"error_code": 0, "result": {"address": who, "nonce": 1.5}})
        elif who in nonces:
            self.say({"error_code": 0, "result": {"address": who, "nonce": nonces[who]}})
        else:
            self.say({"error_code": 0, "result": {"address": who}})

    def history(self, name):
        now = mode()
        looks[name] = looks.get(name, 0) + 1
        if name not in known or now == "never" or (now == "late" and looks[name] < 3):
            self.say({"error_code": 4, "result": {"total_count": 0, "transactions": []}})
            return
        code = 99 if now == "failed" else 0
        self.say({"error_code": 0, "result": {"total_count": 1, "transactions": [
            {"error_code": code, "error_desc": "the nonce is too small" if code else "",
             "ledger_seq": 1000 + submitted, "close_time": 1, "hash": name}]}})

    def do_GET(self):
        at = urllib.parse.urlparse(self.path)
        query = dict(urllib.parse.parse_qsl(at.query))
        if at.path == "/getAccountBase":
            self.account(query["address"])
        elif at.path == "/getTransactionHistory":
            self.history(query["hash"])
        else:
            self.say(b"", 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        now = mode()
        if now == "refuse":
            self.say({"results": [{"error_code": 99, "error_desc": "the nonce is too small",
                                   "hash": "00"}], "success_count": 0})
            return
        name = take(body)
        if now == "lost":
            self.close_connection = True
            return
        self.say({"results": [{"error_code": 0, "error_desc": "",
                               "hash": "00" * 32 if now == "liar" else name}],
                  "success_count": 1})


server = http.server.HTTPServer(("127.0.0.1", 0), Node)
print(server.server_address[1], flush=True)
server.serve_forever()
