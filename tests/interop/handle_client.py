"""handle_client.py: a client of the Handle REST interface for tests: one connection kept, Basic
authentication, answers as (status, body, headers).  A connection that ends in the middle is an
OSError or an HTTPException: the request may have been done or not."""
import base64
import http.client
import json
import ssl
import urllib.parse

LOST = (OSError, http.client.HTTPException)


class Client:
    def __init__(self, port, admin=None, secret=None, timeout=20, secure=True):
        self.port, self.timeout, self.secure = port, timeout, secure
        self.headers = {}
        if admin is not None:
            name = urllib.parse.quote(admin, safe="")
            self.headers["Authorization"] = "Basic " + base64.b64encode(
                f"{name}:{secret}".encode()).decode()
        self.tls = ssl.create_default_context()
        self.tls.check_hostname = False
        self.tls.verify_mode = ssl.CERT_NONE
        self.connection = None

    def connect(self):
        if self.secure:
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=self.timeout,
                                               context=self.tls)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def ask(self, method, path, body=None, **headers):
        """headers: If_Match="…" for If-Match."""
        if self.connection is None:
            self.connection = self.connect()
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers.update(self.headers)
        if body is not None:
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except BaseException:
            self.close()
            raise
        try:
            parsed = json.loads(text) if text else {}
        except ValueError:
            parsed = {"text": text.decode(errors="replace")}
        return answer.status, parsed, answer.headers

    def put(self, handle, values, query="", **headers):
        return self.ask("PUT", self.path(handle) + query, values, **headers)

    def get(self, handle, query=""):
        return self.ask("GET", self.path(handle) + query)

    def delete(self, handle, **headers):
        return self.ask("DELETE", self.path(handle), **headers)

    @staticmethod
    def path(handle):
        return "/api/handles/" + urllib.parse.quote(handle)


def text(index, kind, value):
    return {"index": index, "type": kind, "data": {"format": "string", "value": value}}


def admin_value(admin):
    index, handle = admin.split(":", 1)
    return {"index": 100, "type": "HS_ADMIN", "data": {"format": "admin", "value": {
        "handle": handle, "index": int(index), "permissions": "011111110011"}}}
