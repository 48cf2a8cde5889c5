# http.py PORT PID: the client of http.sh.  Python's standard library alone.
import os
import select
import socket
import sys
import threading
import time

PORT, PID = int(sys.argv[1]), int(sys.argv[2])
SLOW = bool(os.environ.get("TANJI_SLOW"))
HOST = b"Host: h\r\n"
count = 0


def connect(patience=15):
    return socket.create_connection(("127.0.0.1", PORT), timeout=patience)


def rest(sock):
    """All until the server closes; a reset is a close."""
    got = b""
    try:
        while len(got) < 1 << 20:
            part = sock.recv(65536)
            if not part:
                break
            got += part
    except (ConnectionError, socket.timeout) as e:
        if isinstance(e, socket.timeout):
            raise AssertionError("the server neither answers nor closes") from e
    return got


def ask(data, close_writing=False):
    with connect() as sock:
        try:
            sock.sendall(data)
            if close_writing:
                sock.shutdown(socket.SHUT_WR)
        except ConnectionError:
            pass
        return rest(sock)


def status(reply):
    return int(reply[9:12]) if reply.startswith(b"HTTP/1.1 ") else 0


def rss_mb():
    with open(f"/proc/{PID}/status") as f:
        for line in f:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    raise AssertionError("the server is gone")


def healthy(what):
    global count
    count += 1
    for _ in range(20):
        try:
            reply = ask(b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
            if status(reply) == 200:
                break
        except OSError:
            pass
        time.sleep(0.1)
    else:
        raise AssertionError(f"{what}: the server does not answer any more")
    grown = rss_mb() - BEFORE
    assert grown < GROWTH, f"{what}: {grown:.0f} MB more than before"


def expect(what, data, wanted, **kw):
    begun = time.monotonic()
    reply = ask(data, **kw)
    if os.environ.get("TANJI_TIMES") and time.monotonic() - begun > 0.5:
        print(f"{time.monotonic() - begun:.1f} s: {what}")
    assert status(reply) in wanted, f"{what}: {reply[:200]!r}, not {wanted}"
    assert b"\r\n\r\nHTTP/1.1 2" not in reply, f"{what}: two answers"
    healthy(what)


def targets():
    for target in [b"/..", b"/a/../b", b"/a/%2e%2e/b", b"/a/%2E./b", b"/./a", b"/a%00b",
                   b"/%", b"/%4", b"/%zz", b"/%ff%fe", b"/%c0%ae%c0%ae", b"/%ed%a0%80",
                   b"/\xff", b"/a\x01b", b"/a#b", b"", b"a", b"*", b"//\x7f",
                   b"/?x=%0d%0aSet-Cookie:a", b"\\..\\..\\etc\\passwd"]:
        expect(f"target {target!r}", b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n",
               (400,))
    expect("NUL in a target", b"GET /a\0b HTTP/1.1\r\n" + HOST + b"\r\n", (400,))
    expect("a long target", b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
           (414, 0))
    # Not refused: nothing of it is a way out of anywhere.
    for target in [b"/etc/passwd", b"/...", b"/a%2F..%2Fb", "/碳迹".encode(), b"/a//b"]:
        expect(f"target {target!r}", b"GET " + target + b" HTTP/1.1\r\n" + HOST +
               b"Connection: close\r\n\r\n", (200, 400, 404))


def headers():
    megabytes = 100
    with connect() as sock:     # 100 MB of headers: refused long before
        try:
            sock.sendall(b"GET / HTTP/1.1\r\n" + HOST)
            for i in range(megabytes):
                sock.sendall(b"X-%d: " % i + b"a" * (1 << 20) + b"\r\n")
        except ConnectionError:
            pass
        assert status(rest(sock)) in (431, 0)
    healthy("100 MB of headers")
    for n in (1000, 100000):
        expect(f"{n} headers", b"GET / HTTP/1.1\r\n" + HOST + b"a:b\r\n" * n + b"\r\n", (431, 0))
    expect("a header without an end", b"GET / HTTP/1.1\r\n" + b"a" * 300000, (431, 0))
    expect("one method without an end", b"A" * 300000, (400, 414, 0))
    expect("many arguments", b"GET /?" + b"&" * 8000 + b" HTTP/1.1\r\n" + HOST +
           b"Connection: close\r\n\r\n", (404,))


def bodies():
    put = b"PUT /api/handles/88.111.1/x HTTP/1.1\r\n" + HOST
    expect("a body too large", put + b"Content-Length: 99999999\r\n\r\n" + b"x" * 4096, (413,))
    expect("a body far too large", put + b"Content-Length: 99999999999999999999999\r\n\r\n",
           (413, 400, 0))
    for kind in (b"text/html", b"application/json", b"multipart/form-data; boundary=x",
                 b"application/x-www-form-urlencoded", b"\xff\xfe"):
        expect(f"content type {kind!r}", put + b"Content-Type: " + kind +
               b"\r\nConnection: close\r\nContent-Length: 4\r\n\r\n{\"a}",
               (400, 401, 403, 404, 405, 415))
    for method in (b"GET", b"DELETE", b"PATCH", b"BREW"):
        expect(f"a body with {method!r}", method + b" /healthz HTTP/1.1\r\n" + HOST +
               b"Connection: close\r\nContent-Length: 5\r\n\r\nhello",
               (200, 400, 404, 405, 501))
    for length in (b"-1", b"+5", b"5,5", b"0x5", b"5 5", b"", b"five"):
        expect(f"length {length!r}", put + b"Content-Length: " + length + b"\r\n\r\nhello",
               (400, 413, 0))


def smuggling():
    chunks = b"5\r\nhello\r\n0\r\n\r\n"
    hidden = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
    te = b"Transfer-Encoding: chunked\r\n"
    post = b"POST /healthz HTTP/1.1\r\n" + HOST
    for what, data in {
            "length and chunks": post + b"Content-Length: 4\r\n" + te + b"\r\n" + chunks,
            "chunks and length": post + te + b"Content-Length: 4\r\n\r\n" + chunks,
            "two lengths": post + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
            "coding in disguise": post + b"Transfer-Encoding : chunked\r\n\r\n" + chunks,
            "coding continued": post + b"Transfer-Encoding:\r\n chunked\r\n\r\n" + chunks,
            "coding twice": post + te + te + b"\r\n" + chunks,
            "another coding": post + b"Transfer-Encoding: cow\r\n\r\n" + chunks,
            "chunk of -1": post + te + b"\r\n-1\r\n\r\n",
            "chunk of 2^64": post + te + b"\r\n10000000000000000\r\n",
            "chunk with LF": post + te + b"\r\n5\nhello\n0\n\n",
            "chunk with extension": post + te + b"\r\n5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
            "CR alone": b"GET /healthz HTTP/1.1\r\n" + HOST + b"A: b\rContent-Length: 44\r\n\r\n",
            "LF alone": b"GET /healthz HTTP/1.1\n" + HOST + b"\n",
            "NUL in a header": b"GET /healthz HTTP/1.1\r\n" + HOST + b"A: b\0c\r\n\r\n",
            "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
            "two hosts": b"GET /healthz HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
            "no version": b"GET /healthz\r\n" + HOST + b"\r\n",
            "another version": b"GET /healthz HTTP/9.9\r\n" + HOST + b"\r\n"}.items():
        expect(what, data + hidden, (400, 411, 501, 505, 0))


def pipelining():
    n = 2000
    with connect() as sock:
        replies = []
        reader = threading.Thread(target=lambda: replies.append(rest(sock)))
        reader.start()
        for i in range(n):
            sock.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST +
                         (b"Connection: close\r\n" if i == n - 1 else b"") + b"\r\n")
        reader.join()
    assert replies[0].count(b"HTTP/1.1 200 ") == n, replies[0].count(b"HTTP/1.1 200 ")
    healthy("2000 in a row")


def slow():
    """Slowloris and its kin: ended within their time, while others are answered."""
    socks = [connect() for _ in range(280)]
    begun = time.monotonic()
    for i, sock in enumerate(socks):
        sock.sendall((b"", b"GET /healthz HT", b"GET /healthz HTTP/1.1\r\nX", b"PUT / HTTP/1.1\r\n" +
                      HOST + b"Content-Length: 9\r\n\r\na")[i % 4])
    closed = 0
    while closed < len(socks) and time.monotonic() - begun < 60:
        closed = 0
        for sock in socks:
            try:
                sock.sendall(b"a")
            except OSError:
                closed += 1
        healthy("slowloris")
        time.sleep(0.3)
    assert closed == len(socks), f"{closed} of {len(socks)} were closed"
    for sock in socks:
        sock.close()


def never_reads():
    """Asks for much, and reads none of it."""
    socks = [connect() for _ in range(20)]
    for sock in socks:
        sock.setblocking(False)
        try:
            while True:
                sock.send(b"GET /openapi.json HTTP/1.1\r\n" + HOST + b"\r\n")
        except BlockingIOError:
            pass
        except ConnectionError:
            pass
    healthy("never reads")
    for sock in socks:
        sock.close()


def halves():
    whole = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
    for n in range(0, len(whole), 3):
        ask(whole[:n], close_writing=True)
    healthy("half a request, and no more")
    reply = ask(whole, close_writing=True)
    assert status(reply) in (200, 0)
    for _ in range(200):
        sock = connect()
        sock.sendall(whole)
        sock.close()
    healthy("gone before the answer")
    expect("noise", os.urandom(5000), (400, 414, 431, 0))
    expect("TLS on the plain port", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 600,
           (400, 408, 0))


def crowd():
    """More at once than one address may have: those over it are told, the others served."""
    socks = []
    for _ in range(340):
        sock = connect()
        socks.append(sock)
    begun = time.monotonic()    # until all of them have been taken: those over it are closed
    while len(select.select(socks, [], [], 0)[0]) < 30 and time.monotonic() - begun < 20:
        time.sleep(0.05)
    served = refused = 0
    for sock in socks:
        try:
            sock.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        except ConnectionError:
            pass
        code = status(rest(sock))
        served += code == 200
        refused += code in (503, 0)
        sock.close()
    assert served >= 290 and refused >= 30, (served, refused)
    healthy("340 at once")


BEFORE = rss_mb()
GROWTH = float(os.environ.get("TANJI_GROWTH_MB", "60"))
for _ in range(5 if SLOW else 1):
    for part in (targets, headers, bodies, smuggling, pipelining, halves, never_reads, crowd,
                 slow):
        part()
time.sleep(0.5)
print(f"{count} times healthy; {rss_mb() - BEFORE:.1f} MB more than at the beginning")
