#!/usr/bin/env python3
"""serve_kill.py TANJI DIR KILLS: `tanji serve DIR` is killed at any moment while clients register,
change and delete records, and begun again.  What was acknowledged must hold, what was not may hold
in full or not at all; a handle is two values that say the same.  `tanji fsck` at the end and every
hundred kills.  Prints one line of what was seen.
"""
import os
import random
import sys
import threading
import time

# Not beside it: http.py here is not the library.
sys.path[0] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../interop")
from handle_client import LOST, Client, admin_value, text  # noqa: E402
from tanji_server import Server, fail, fsck, secret_of  # noqa: E402

TANJI, DIR, KILLS = sys.argv[1], sys.argv[2], int(sys.argv[3])
ADMIN = "300:88.111.1/ADMIN"
SECRET = secret_of(DIR)
WRITERS = 4
random.seed(7)

ABSENT = None		# what a handle may be, or the token that its values hold


def record(token):
    return [text(1, "URL", "https://a.example/" + token), text(2, "TOKEN", token),
            admin_value(ADMIN)]


class Writer(threading.Thread):
    """Handles of its own, one after the other, until the connection is lost."""

    def __init__(self, number, port, states):
        super().__init__()
        self.number, self.states = number, states
        self.client = Client(port, ADMIN, SECRET)
        self.done = 0
        self.wrong = None

    def run(self):
        try:
            while self.step():
                self.done += 1
        except LOST:
            pass
        finally:
            self.client.close()

    def step(self):
        handle = f"88.111.1/w{self.number}-{random.randrange(40)}"
        before = self.states.get(handle, {ABSENT})
        delete = before != {ABSENT} and random.random() < 0.3
        token = ABSENT if delete else os.urandom(6).hex()
        self.states[handle] = before | {token}		# while nothing is known
        if delete:
            status, body, _ = self.client.delete(handle)
        else:
            status, body, _ = self.client.put(handle, record(token))
        if status not in (200, 201):
            self.wrong = f"{handle}: {status} {body}"
            return False
        self.states[handle] = {token}
        return True


def seen(client, handle):
    status, body, _ = client.get(handle)
    if status == 404:
        return ABSENT
    values = {v["type"]: v["data"]["value"] for v in body.get("values", [])}
    if status != 200 or set(values) != {"URL", "TOKEN", "HS_ADMIN"} or \
            values["URL"] != "https://a.example/" + values["TOKEN"]:
        fail(f"half a record: {handle}: {status} {body}")
    return values["TOKEN"]


def check(port, states):
    """All of them are as they may be, and now known for certain."""
    client = Client(port)
    for handle in list(states):
        token = seen(client, handle)
        if token not in states[handle]:
            fail(f"{handle}: acknowledged {states[handle]}, there is {token}")
        states[handle] = {token}
    client.close()


def main():
    states, acknowledged, open_ends, starts = {}, 0, 0, []
    for kill in range(KILLS):
        server = Server(TANJI, DIR)
        starts.append(server.start_s)
        check(server.port, states)
        writers = [Writer(n, server.port, states) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        wanted, begin = random.randrange(1, 40), time.monotonic()
        while sum(w.done for w in writers) < wanted and time.monotonic() - begin < 60:
            time.sleep(0.002)
        time.sleep(random.uniform(0, 0.02))
        server.kill()
        for writer in writers:
            writer.join()
            acknowledged += writer.done
            if writer.wrong is not None:
                fail("refused: " + writer.wrong)
        open_ends += sum(len(s) > 1 for s in states.values())
        if kill % 100 == 99:
            fsck(TANJI, DIR)
    server = Server(TANJI, DIR)
    check(server.port, states)
    server.stop()
    fsck(TANJI, DIR)
    starts.sort()
    print(f"{KILLS} kills, {acknowledged} writes acknowledged and there, {open_ends} open at a "
          f"kill, none half there; start again after {1000 * starts[len(starts) // 2]:.0f} ms, "
          f"{1000 * starts[-1]:.0f} ms at most")
    if acknowledged < KILLS:
        fail("too few writes to mean anything")


main()
