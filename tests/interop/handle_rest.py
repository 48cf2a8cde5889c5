"""handle_rest.py DIR HTTP_PORT HTTPS_PORT: the Handle REST interface, table by table, as
PYHANDLE asks: Basic over HTTPS, indexes as texts, overwrite=true and false, HS_ADMIN data."""
import base64
import hashlib
import hmac
import json
import os
import struct
import subprocess
import sys
from urllib.parse import quote

import requests

scratch, http_port, https_port = sys.argv[1:4]
PLAIN = "http://127.0.0.1:" + http_port
TLS = "https://127.0.0.1:" + https_port
CA = scratch + "/node/ca.pem"
ADMIN = "300:88.111.1/ADMIN"
bad = count = 0

session = requests.Session()
session.verify = CA
session.trust_env = False


def check(what, is_so, seen=""):
    global bad, count
    count += 1
    if not is_so:
        bad += 1
        print("FAILED:", what, seen)


def basic(name, password):
    text = quote(name, safe="/") + ":" + password      # as PYHANDLE escapes it
    return "Basic " + base64.b64encode(text.encode()).decode()


def ask(method, path, body=None, auth=basic(ADMIN, "s3cret"), base=TLS, **more):
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if auth:
        headers["Authorization"] = auth
    headers.update(more.pop("headers", {}))
    data = json.dumps(body) if body is not None and not isinstance(body, str) else body
    return session.request(method, base + path, data=data, headers=headers, timeout=20,
                           allow_redirects=False, **more)


def expect(what, answer, status, code, **members):
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    seen = answer.json() if is_json else {}
    good = answer.status_code == status and seen.get("responseCode") == code
    for name, value in members.items():
        good = good and seen.get(name) == value
    check(what, good, (answer.status_code, answer.text))
    return seen


def admin_value(permissions="011111110011"):
    return {"index": 100, "type": "HS_ADMIN", "data": {"format": "admin", "value": {
        "handle": "0.NA/88.111.1", "index": "200", "permissions": permissions}}}


def record(url):
    return {"values": [admin_value(), {"index": 1, "type": "URL", "data": url},
                       {"index": 2, "type": "CHECKSUM", "data": "abc"}]}


def writes():
    h = "/api/handles/21.T14999/TEST-1"
    expect("create", ask("PUT", h + "?overwrite=false", record("https://a.example/")), 201, 1,
           handle="21.T14999/TEST-1")
    expect("create again", ask("PUT", h + "?overwrite=false", record("x")), 409, 101)
    expect("overwrite", ask("PUT", h + "?overwrite=true", record("https://b.example/")), 200, 1)
    expect("overwrite is the default", ask("PUT", h, record("https://b.example/")), 200, 1)
    seen = expect("read", ask("GET", h, auth=None), 200, 1)
    check("ascending indexes", [v["index"] for v in seen["values"]] == [1, 2, 100], seen)
    check("admin as it was", seen["values"][2]["data"] == {"format": "admin", "value": {
        "handle": "0.NA/88.111.1", "index": 200, "permissions": "011111110011"}}, seen)
    check("ttl and timestamp", seen["values"][0]["ttl"] == 86400 and
          len(seen["values"][0]["timestamp"]) == 20, seen)
    expect("replace a value", ask("PUT", h + "?index=1&overwrite=true", {"values": [
        {"index": "1", "type": "URL", "data": "https://c.example/"}]}), 200, 1)
    expect("add a value", ask("PUT", h + "?index=various", [
        {"index": 5, "type": "NOTE", "data": {"format": "base64", "value": "AAH/"}}]), 201, 1)
    seen = expect("bytes", ask("GET", h + "?index=5", auth=None), 200, 1)
    check("base64", seen["values"][0]["data"] == {"format": "base64", "value": "AAH/"}, seen)
    expect("other indexes", ask("PUT", h + "?index=7", [{"index": 8, "type": "A", "data": ""}]),
           400, 4)
    expect("delete values", ask("DELETE", h + "?index=5&index=2"), 200, 1)
    expect("values gone", ask("GET", h + "?index=5", auth=None), 200, 200, values=[])
    expect("delete what is gone", ask("DELETE", h + "?index=5"), 400, 200)
    expect("foreign prefix", ask("PUT", "/api/handles/10.9999/x", record("x")), 400, 301)
    expect("no JSON", ask("PUT", h, "{"), 400, 4)
    expect("no JSON announced", ask("PUT", h, "{}", headers={"Content-Type": "text/plain"}), 400, 4)
    expect("index 0", ask("PUT", h, [{"index": 0, "type": "A", "data": ""}]), 400, 202)
    expect("index twice", ask("PUT", h, [{"index": 1, "type": "A", "data": ""}] * 2), 409, 201)
    expect("delete", ask("DELETE", h), 200, 1)
    expect("delete again", ask("DELETE", h), 404, 100)
    expect("not there", ask("GET", h, auth=None), 404, 100)
    minted = ask("PUT", "/api/handles/21.T14999/?mintNewSuffix=true", record("x"))
    check("a minted suffix is read back", minted.status_code == 201 and ask(
        "GET", "/api/handles/" + minted.json()["handle"], auth=None).status_code == 200, minted.text)


def names():
    for name in ["a+b", "q?#%x", "s/t//u", "碳", "a:b", " ", "a..", "{}", "a&b=c"]:
        path = "/api/handles/88.111.1/" + quote(name, safe="/")
        expect("write " + name, ask("PUT", path, record("x")), 201, 1, handle="88.111.1/" + name)
        expect("read " + name, ask("GET", path, auth=None), 200, 1, handle="88.111.1/" + name)
    expect("any case", ask("GET", "/api/handles/88.111.1/A+B", auth=None), 200, 1,
           handle="88.111.1/A+B")
    expect("2049 bytes", ask("GET", "/api/handles/88.111.1/" + "x" * 2040, auth=None), 400, 102)
    for path in ["a%zz", "%ff", "a%00b", "%2e%2e/x"]:      # the server itself refuses these
        answer = curl("--path-as-is", TLS + "/api/handles/88.111.1/" + path)
        check(path, answer[1] == "400", answer)


def who():
    h = "/api/handles/88.111.1/w"
    answer = ask("PUT", h, record("x"), auth=None)
    expect("nobody", answer, 401, 402)
    both = answer.raw.headers.getlist("WWW-Authenticate")
    check("two challenges", len(both) == 2 and both[0] == 'Basic realm="handle"' and
          both[1].startswith('Handle sessionId="'), both)
    answer = ask("PUT", h, record("x"), auth=basic(ADMIN, "wrong"))
    check("wrong password", answer.status_code == 401 and answer.content == b"", answer.text)
    expect("plain HTTP", ask("PUT", h, record("x"), base=PLAIN), 403, 402)
    expect("reading over plain HTTP", ask("GET", h, base=PLAIN), 404, 100)
    answer = ask("PUT", h, record("x"), auth=None, headers={"X-Requested-With": "XMLHttpRequest"})
    check("a script's challenge", len(answer.raw.headers.getlist("WWW-Authenticate")) == 1)


def curl(*args):
    answer = subprocess.run(["curl", "-s", "--cacert", CA, "-w", "\n%{http_code}", *args],
                            capture_output=True, check=True, timeout=20, text=True)
    return answer.stdout.rsplit("\n", 1)


def certificates():
    pem = subprocess.run(["openssl", "x509", "-in", scratch + "/user.pem", "-noout", "-modulus"],
                         capture_output=True, check=True, text=True).stdout
    modulus = bytes.fromhex(pem.split("=")[1].strip())
    jwk = {"kty": "RSA", "e": "AQAB",
           "n": base64.urlsafe_b64encode(modulus).decode().rstrip("=")}
    expect("a user with a key", ask("PUT", "/api/handles/88.111.1/USER", [
        {"index": 301, "type": "HS_PUBKEY", "data": {"format": "key", "value": jwk}}]), 201, 1)
    seen = expect("a key is a key", ask("GET", "/api/handles/88.111.1/USER", auth=None), 200, 1)
    check("JWK", seen["values"][0]["data"] == {"format": "key", "value": jwk}, seen)
    expect("a record of his", ask("PUT", "/api/handles/88.111.1/his", [
        {"index": 100, "type": "HS_ADMIN", "data": {"format": "admin", "value": {
            "handle": "88.111.1/USER", "index": 301, "permissions": "011111110011"}}},
        {"index": 1, "type": "URL", "data": "x"}]), 201, 1)
    url = TLS + "/api/handles/88.111.1/his?index=1"
    put = ["-X", "PUT", "-H", "Content-Type: application/json",
           "-d", '{"index":1,"type":"URL","data":"y"}', url]
    handle = ["-H", 'Authorization: Handle clientCert="true"']
    key = ["--cert", scratch + "/user.pem", "--key", scratch + "/user.key"]
    other = ["--cert", scratch + "/other.pem", "--key", scratch + "/other.key"]
    check("his certificate", curl(*key, *handle, *put)[1] == "200")
    check("his certificate without a word", curl(*key, *put)[1] == "200")
    check("another key under his name", curl(*other, *handle, *put)[1] == "401")
    check("no certificate", curl(*handle, *put)[1] == "401")


def sessions():
    answer = ask("POST", "/api/sessions", auth=None)
    check("session", answer.status_code == 201 and
          answer.headers["Location"] == "/api/sessions/this", answer.text)
    nonce, cnonce = base64.b64decode(answer.json()["nonce"]), os.urandom(16)
    proof = {"version": "0", "sessionId": answer.json()["sessionId"], "id": ADMIN,
             "type": "HS_SECKEY", "alg": "HMAC-SHA256", "cnonce": base64.b64encode(cnonce).decode(),
             "signature": base64.b64encode(hmac.digest(b"s3cret", nonce + cnonce, "sha256")).decode()}
    wrong = dict(proof, signature=base64.b64encode(b"x" * 32).decode())
    check("a wrong answer", ask("PUT", "/api/sessions/this", wrong, auth=None).status_code == 401)
    expect("an answer", ask("PUT", "/api/sessions/this", proof, auth=None), 200, 1,
           authenticated=True, id=ADMIN)
    header = 'Handle sessionId="%s"' % proof["sessionId"]
    expect("writing in it", ask("PUT", "/api/handles/88.111.1/s", record("x"), auth=header), 201, 1)
    check("ending it", ask("DELETE", "/api/sessions/this", auth=header).status_code == 204)
    check("ended", ask("GET", "/api/sessions/this", auth=header).status_code == 403)
    check("not over HTTP", ask("POST", "/api/sessions", auth=None, base=PLAIN).status_code == 403)
    signature = hashlib.sha256(b"s3cret" + nonce + cnonce + b"s3cret").digest()
    expect("verification", ask("GET", "/api/verifications/" + ADMIN, auth=None, params={
        "nonce": base64.b64encode(nonce), "cnonce": base64.b64encode(cnonce), "alg": "SHA256",
        "signature": base64.b64encode(signature)}), 200, 1, isValid=True)
    signature = hashlib.pbkdf2_hmac("sha1", b"s3cret", b"salt", 1000, 20)
    signature = hmac.digest(signature, nonce + cnonce, "sha1")
    expect("verification by PBKDF2", ask("GET", "/api/verifications/" + ADMIN, auth=None, params={
        "nonce": base64.b64encode(nonce), "cnonce": base64.b64encode(cnonce),
        "alg": "PBKDF2WithHmacSHA1", "salt": base64.b64encode(b"salt"), "iterations": 1000,
        "length": 160, "signature": base64.b64encode(signature)}), 200, 1, isValid=True)


def lists():
    seen = expect("list", ask("GET", "/api/handles?prefix=88.111.1&page=0&pageSize=2"), 200, 1)
    check("a page", isinstance(seen["totalCount"], str) and len(seen["handles"]) == 2 and
          seen["page"] == 0 and seen["pageSize"] == 2, seen)
    seen = expect("count", ask("GET", "/api/handles?prefix=88.111.1&page=0&pageSize=0"), 200, 1)
    check("no handles", seen["handles"] == [] and int(seen["totalCount"]) > 5, seen)
    expect("list by nobody", ask("GET", "/api/handles?prefix=88.111.1", auth=None), 401, 402)
    seen = expect("prefixes", ask("GET", "/api/prefixes"), 200, 1, totalCount="2")
    check("both", sorted(seen["prefixes"]) == ["0.NA/21.T14999", "0.NA/88.111.1"], seen)
    expect("a new one", ask("POST", "/api/prefixes/0.NA/88.222"), 200, 1)
    expect("lives here", ask("GET", "/api/handles/88.222/x", auth=None), 404, 100)
    expect("no more", ask("DELETE", "/api/prefixes/0.NA/88.222"), 200, 1)
    expect("lived here", ask("GET", "/api/handles/88.222/x", auth=None), 400, 301)
    seen = expect("site", ask("GET", "/api/site", auth=None), 200, 1)
    check("a server", seen["site"]["servers"][0]["address"] == "127.0.0.1", seen)
    expect("patch", ask("PATCH", "/api/handles/88.111.1/s"), 501, 4)
    expect("no such part", ask("GET", "/api/nothing", auth=None), 404, 4)


def readers():
    h = "/api/handles/88.111.1/r"
    expect("write", ask("PUT", h, [
        {"index": 1, "type": "URL", "data": "https://a.example/"},
        {"index": 2, "type": "URL.ALT", "data": "https://b.example/"},
        {"index": 3, "type": "KEY", "data": "hidden", "permissions": "1100"}]), 201, 1)
    seen = expect("subtypes", ask("GET", h + "?type=url.", auth=None), 200, 1)
    check("both", len(seen["values"]) == 2, seen)
    expect("hidden", ask("GET", h + "?index=3", auth=None), 200, 200, values=[])
    seen = expect("granted", ask("GET", h + "?index=3"), 200, 1)
    check("permissions", seen["values"][0]["permissions"] == "1100", seen)
    expect("asked for", ask("GET", h + "?publicOnly=false", auth=None), 401, 402)
    expect("by POST", ask("POST", h, {"index": [1]}, auth=None), 200, 1)
    answer = ask("GET", h + "?index=9&callback=my.cb", auth=None)
    check("JSONP", answer.text.startswith("my_cb({") and answer.text.endswith("});") and
          answer.headers["Content-Type"].startswith("application/javascript"), answer.text)
    answer = ask("GET", h, auth=None)
    tag = answer.headers["ETag"]
    check("304", ask("GET", h, auth=None, headers={"If-None-Match": tag}).status_code == 304)
    check("HEAD", ask("HEAD", h, auth=None).headers["ETag"] == tag)
    value = [{"index": 1, "type": "URL", "data": "https://c.example/"}]
    expect("If-Match", ask("PUT", h + "?index=1", value, headers={"If-Match": tag}), 200, 1)
    expect("lost", ask("PUT", h + "?index=1", value, headers={"If-Match": tag}), 412, 201)
    expect("If-None-Match", ask("PUT", h, value, headers={"If-None-Match": "*"}), 412, 101)
    answer = ask("OPTIONS", h, auth=None, headers={"Origin": "https://p.example"})
    check("preflight", answer.status_code == 200 and
          answer.headers["Access-Control-Allow-Methods"] == "GET,POST,HEAD,PUT,DELETE", answer.headers)
    answer = ask("GET", "/88.111.1/r", auth=None)
    check("redirect", answer.status_code == 302 and "Expires" in answer.headers and
          answer.headers["Location"] == "https://c.example/", answer.headers)
    answer = ask("GET", "/88.111.1/r?noredirect", auth=None)
    check("page", answer.status_code == 200 and "hidden" not in answer.text, answer.text)
    check("no page", ask("GET", "/88.111.1/none", auth=None).status_code == 404)


def b64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def digest(value):
    """SHA-256 of the value's binary form without index and timestamp, base64."""
    counted = [text.encode() for text in (value["type"], value["data"]["value"])]
    bits = int(value.get("permissions", "1110"), 2)
    data = struct.pack(">BIB", 0, value["ttl"], bits)
    data += b"".join(struct.pack(">I", len(text)) + text for text in counted)
    data += struct.pack(">I", 0)
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def openssl(*args, data):
    return subprocess.run(["openssl", "dgst", "-sha256", *args], input=data, check=True,
                          capture_output=True).stdout


def signing(action, *args, want=0):
    run = subprocess.run([os.environ["TANJI"], "node", action, "88.111.1/signed", *args, "--node",
                          TLS, "--as", ADMIN, "--secret-file", scratch + "/secret", "--ca", CA,
                          "--allow", "127.0.0.0/8"], capture_output=True, text=True, timeout=60)
    check(f"node {action}", run.returncode == want, (run.returncode, run.stdout, run.stderr))
    return run.stdout


def signatures():
    h = "/api/handles/88.111.1/signed"
    with open(os.open(scratch + "/secret", os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
        file.write("s3cret\n")
    expect("a record to sign", ask("PUT", h, [
        {"index": 1, "type": "URL", "data": "https://a.example/碳"},
        {"index": 2, "type": "NOTE", "data": "x", "ttl": 60},
        {"index": 3, "type": "KEY", "data": "hidden", "permissions": "1100"}]), 201, 1)
    signing("verify", want=1)
    signing("sign", "--signer", "301:88.111.1/USER", "--key", scratch + "/user.key")
    seen = expect("signed", ask("GET", h, auth=None), 200, 1)["values"]
    check("one more value", [v["index"] for v in seen] == [1, 2, 400] and
          seen[2]["type"] == "HS_SIGNATURE" and seen[2]["data"]["format"] == "string", seen)
    alone = expect("by its type", ask("GET", h + "?type=hs_signature", auth=None), 200, 1)
    check("alone", alone["values"] == [seen[2]], alone)
    # What others make of it.
    head, payload, signature = seen[2]["data"]["value"].split(".")
    pad = "=" * 3
    claims = json.loads(base64.urlsafe_b64decode(payload + pad))
    check("claims", claims["iss"] == "301:88.111.1/USER" and claims["sub"] == "88.111.1/signed" and
          claims["nbf"] <= claims["iat"] < claims["exp"], claims)
    check("digests", claims["digests"] == {"alg": "SHA-256", "digests": [
        {"index": v["index"], "digest": digest(v)} for v in seen[:2]]}, claims)
    with open(scratch + "/signature", "wb") as file:
        file.write(base64.urlsafe_b64decode(signature + pad))
    subprocess.run(["openssl", "rsa", "-in", scratch + "/user.key", "-pubout", "-out",
                    scratch + "/user.pub"], check=True, capture_output=True)
    check("openssl", b"Verified OK" in openssl("-verify", scratch + "/user.pub", "-signature",
                                               scratch + "/signature",
                                               data=(head + "." + payload).encode()))
    check("who", "signed by 301:88.111.1/USER" in signing("verify"))
    # What others have made; then a value changes without a new signature.
    expect("a change", ask("PUT", h + "?index=2", [
        {"index": 2, "type": "NOTE", "data": "y", "ttl": 61}]), 200, 1)
    check("named", "value 2 is not the one that was signed" in signing("verify", want=1))
    seen = ask("GET", h, auth=None).json()["values"]
    claims["digests"]["digests"] = [{"digest": digest(v), "index": v["index"]} for v in seen[:2]]
    text = b64url(b'{"alg":"RS256","typ":"JWT"}') + "." + b64url(json.dumps(claims).encode())
    text += "." + b64url(openssl("-sign", scratch + "/user.key", data=text.encode()))
    expect("signed by another program", ask("PUT", h + "?index=400", [
        {"index": 400, "type": "HS_SIGNATURE", "data": text}]), 200, 1)
    check("believed", "signed by 301:88.111.1/USER" in signing("verify"))
    signing("sign", "--signer", "301:88.111.1/USER", "--key", scratch + "/other.key", want=1)


for part in (writes, names, who, certificates, signatures, sessions, lists, readers):
    part()
print("%d checks, %d failed" % (count, bad))
sys.exit(1 if bad else 0)
