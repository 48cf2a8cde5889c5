#!/usr/bin/env python3
"""serve_disk.py TANJI DIR: a disk that is full while clients write to `tanji serve DIR`, whose
registry lies on a small file system.  Clients are told so (5xx with a reason), readers go on, what
was acknowledged is there, and writing goes on when there is room again, without a restart.
Then several writers of one record, who each read it and write it back with If-Match: no work of
one is lost to another's.  Prints a line for each.
"""
import os
import sys
import threading
import time

# Not beside it: http.py here is not the library.
sys.path[0] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../interop")
from handle_client import Client, admin_value, text  # noqa: E402
from tanji_server import Server, fail, fsck, secret_of  # noqa: E402

TANJI, DIR = sys.argv[1:3]
ADMIN = "300:88.111.1/ADMIN"
BALLAST = DIR + "/registry/ballast"
WRITERS, INCREMENTS = 4, 12


def fill():
    """All but a little of the disk."""
    file = os.open(BALLAST, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(file, b"\0" * 4096)
    except OSError:
        os.ftruncate(file, max(0, os.fstat(file).st_size - (64 << 10)))
    os.close(file)


def full_disk(server):
    client = Client(server.port, ADMIN, secret_of(DIR))
    there, refused, long = {}, [], "x" * 6000
    fill()
    for i in range(60):
        handle = f"88.111.1/full-{i}"
        status, body, _ = client.put(handle, [text(1, "NOTE", f"{i} {long}"),
                                              admin_value(ADMIN)])
        if status in (200, 201):
            there[handle] = f"{i} {long}"
        elif status >= 500 and body.get("responseCode"):
            refused.append((status, body))
        else:
            fail(f"full disk: {status} {body}")
    if len(refused) < 5:
        fail(f"the disk was not full: {len(refused)} refused")
    look(client, there, 60)
    os.remove(BALLAST)
    status, body, _ = client.put("88.111.1/after", [text(1, "NOTE", "room again")])
    if status != 201:
        fail(f"not when there is room again: {status} {body}")
    there["88.111.1/after"] = "room again"
    look(client, there, 60)
    print(f"full disk: {len(there) - 1} written and there, {len(refused)} refused with "
          f"{refused[0][0]} {refused[0][1].get('message', '')!r}, then went on")
    return there


def look(client, there, n):
    for handle in [f"88.111.1/full-{i}" for i in range(n)]:
        status, body, _ = client.get(handle)
        if handle not in there:
            if status != 404:
                fail(f"{handle} was refused and is there: {status}")
        elif status != 200 or body["values"][0]["data"]["value"] != there[handle]:
            fail(f"{handle} was acknowledged: {status} {str(body)[:200]}")


class Counter(threading.Thread):
    def __init__(self, port):
        super().__init__()
        self.client = Client(port, ADMIN, secret_of(DIR), timeout=60)
        self.done = self.overtaken = 0
        self.wrong = None

    def run(self):
        while self.done < INCREMENTS and self.wrong is None:
            _, body, headers = self.client.get("88.111.1/counter")
            count = int(body["values"][0]["data"]["value"])
            status, body, _ = self.client.put(
                "88.111.1/counter", [text(1, "COUNT", str(count + 1)), admin_value(ADMIN)],
                If_Match=headers["ETag"])
            if status == 200:
                self.done += 1
            elif status == 412:
                self.overtaken += 1
            else:
                self.wrong = f"{status} {body}"


def race(server):
    client = Client(server.port, ADMIN, secret_of(DIR))
    status, body, _ = client.put("88.111.1/counter", [text(1, "COUNT", "0"),
                                                      admin_value(ADMIN)], If_None_Match="*")
    if status != 201:
        fail(f"counter: {status} {body}")
    begin = time.monotonic()
    counters = [Counter(server.port) for _ in range(WRITERS)]
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
        if counter.wrong is not None:
            fail("race: " + counter.wrong)
    _, body, _ = client.get("88.111.1/counter")
    count = int(body["values"][0]["data"]["value"])
    if count != WRITERS * INCREMENTS:
        fail(f"{WRITERS * INCREMENTS} increments were acknowledged, the counter is at {count}")
    print(f"race: {WRITERS} writers, {count} increments, {sum(c.overtaken for c in counters)} "
          f"times overtaken, none lost, {time.monotonic() - begin:.1f} s")


def main():
    server = Server(TANJI, DIR)
    there = full_disk(server)
    race(server)
    server.stop()
    fsck(TANJI, DIR)
    server = Server(TANJI, DIR)
    look(Client(server.port, ADMIN, secret_of(DIR)), there, 60)
    server.stop()


main()
