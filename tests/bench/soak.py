#!/usr/bin/env python3
"""soak.py TANJI DIR SECONDS: `tanji serve DIR` for so long at half of what these clients get out of
it, with faults among the requests: connections broken in the middle, clients that dawdle, wrong
passwords, JSON that is none, names that live elsewhere.  Its memory must not grow, nor its
descriptors, and each answer must be the one that the request deserves.  Prints a table.
"""
import os
import random
import socket
import ssl
import sys
import threading
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../interop"))
from handle_client import LOST, Client, admin_value, text  # noqa: E402
from tanji_server import Server, fail, fsck, secret_of  # noqa: E402

TANJI, DIR, SECONDS = sys.argv[1], sys.argv[2], float(sys.argv[3])
ADMIN = "300:88.111.1/ADMIN"
SECRET = secret_of(DIR)
CLIENTS = 4
HANDLES = 400


def pages(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def tls():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Load(threading.Thread):
    """A client: rate 0 is as fast as it goes."""

    def __init__(self, port, rate, seconds, faults):
        super().__init__()
        self.port, self.rate, self.seconds, self.faults = port, rate, seconds, faults
        self.client = Client(port, ADMIN, SECRET)
        self.random = random.Random(id(self))
        self.done = {}
        self.wrong = []

    def run(self):
        begin = time.monotonic()
        n = 0
        while time.monotonic() - begin < self.seconds:
            self.step()
            n += 1
            ahead = n / self.rate - (time.monotonic() - begin) if self.rate else 0
            if ahead > 0:
                time.sleep(ahead)
        self.client.close()

    def step(self):
        kinds = [self.read] * 12 + [self.write] * 3 + [self.delete]
        if self.faults:
            kinds += [self.broken, self.dawdle, self.password, self.garbage, self.elsewhere]
        kind = self.random.choice(kinds)
        try:
            kind()
            self.done[kind.__name__] = self.done.get(kind.__name__, 0) + 1
        except LOST as why:
            self.wrong.append(f"{kind.__name__}: {why!r}")

    def handle(self):
        return f"88.111.1/soak-{self.random.randrange(HANDLES)}"

    def expect(self, answer, *statuses):
        if answer[0] not in statuses:
            self.wrong.append(f"{answer[0]} {str(answer[1])[:100]}, expected {statuses}")

    def read(self):
        self.expect(self.client.get(self.handle()), 200, 404)

    def write(self):
        self.expect(self.client.put(self.handle(), [
            text(1, "URL", "https://a.example/" + "x" * self.random.randrange(2000)),
            admin_value(ADMIN)]), 200, 201)

    def delete(self):
        self.expect(self.client.delete(self.handle()), 200, 404)

    def broken(self):
        raw = socket.create_connection(("127.0.0.1", self.port), 20)
        with tls().wrap_socket(raw) as end:
            end.sendall(b"PUT /api/handles/88.111.1/x HTTP/1.1\r\nHost: a\r\n"
                        b"Content-Length: 1000\r\n\r\n[{")

    def dawdle(self):
        raw = socket.create_connection(("127.0.0.1", self.port), 20)
        with tls().wrap_socket(raw) as end:
            for part in (b"GET /api/site HT", b"TP/1.1\r\nHost: ", b"a\r\nConnection: close\r\n\r\n"):
                end.sendall(part)
                time.sleep(0.05)
            if not end.recv(100).startswith(b"HTTP/1.1 200"):
                self.wrong.append("a slow client was not answered")

    def password(self):
        # Whom guessing is held up for must not be the administrator that the others are.
        client = Client(self.port, f"300:88.111.1/NOBODY-{self.random.randrange(10**6)}", "no")
        self.expect(client.put(self.handle(), [text(1, "URL", "x")]), 401, 503)
        client.close()

    def garbage(self):
        body = self.random.choice([b"[" * 5000, b"{\"values\":", b"\xff\xfe", b"[{\"index\":-1}]"])
        self.expect(self.client.ask("PUT", "/api/handles/88.111.1/bad", body), 400)

    def elsewhere(self):
        self.expect(self.client.get("10.1000/1"), 400)


def load(server, rate, seconds, faults):
    clients = [Load(server.port, rate, seconds, faults) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    samples = []
    begin = time.monotonic()
    while any(c.is_alive() for c in clients):
        samples.append((time.monotonic() - begin, pages(server.process.pid),
                        descriptors(server.process.pid)))
        time.sleep(max(0.2, seconds / 200))
    for client in clients:
        client.join()
        if client.wrong:
            fail(f"{len(client.wrong)} answers nobody could explain: {client.wrong[:5]}")
    done = {}
    for client in clients:
        for kind, n in client.done.items():
            done[kind] = done.get(kind, 0) + n
    return done, samples


def mean(numbers):
    return sum(numbers) / len(numbers)


def main():
    server = Server(TANJI, DIR)
    warm, _ = load(server, 0, min(60, max(3, SECONDS / 10)), False)
    seconds = min(60, max(3, SECONDS / 10))
    peak = sum(warm.values()) / seconds
    idle = descriptors(server.process.pid)
    done, samples = load(server, peak / 2 / CLIENTS, SECONDS, True)
    time.sleep(1)
    after = descriptors(server.process.pid)
    third = max(1, len(samples) // 3)
    first, last = samples[third:2 * third] or samples, samples[-third:]
    growth = mean([s[1] for s in last]) - mean([s[1] for s in first])
    print(f"peak of {CLIENTS} clients: {peak:.0f} requests a second; then {SECONDS:.0f} s at half "
          f"of it")
    for kind in sorted(done):
        print(f"  {kind:10} {done[kind]:8}")
    print(f"  memory, MB: {samples[0][1]:.1f} at first, {mean([s[1] for s in first]):.1f} in the "
          f"middle, {mean([s[1] for s in last]):.1f} at the end, {max(s[1] for s in samples):.1f} "
          f"at most")
    print(f"  descriptors: {idle} before, {max(s[2] for s in samples)} at most, {after} after")
    if growth > max(4, 0.05 * mean([s[1] for s in first])):
        fail(f"memory grew by {growth:.1f} MB")
    if after > idle + 4:
        fail(f"descriptors leak: {idle} before, {after} after")
    server.stop()
    fsck(TANJI, DIR)


main()
