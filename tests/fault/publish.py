"""publish.py TANJI SOURCE CERT KEY: see publish.sh, which runs it in a scratch folder with the mill
published."""
import glob
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time

TANJI, SOURCE, CERT, KEY = [os.path.abspath(p) for p in sys.argv[1:5]]
USER, SECRET = "300:88.111.1/ADMIN", "correct horse battery"


class Node:
    def __init__(self, *faults):
        self.process = subprocess.Popen(
            [sys.executable, SOURCE + "/tests/interop/writer_node.py", CERT, KEY, USER, SECRET,
             *faults], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def records(self):
        return json.loads(self.say("dump"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)


def check(what, holds, *more):
    if not holds:
        print("publish:", what, *more)
        sys.exit(1)


def configure(port, **more):
    shutil.rmtree("mill/out/queue", ignore_errors=True)
    with open("mill/secret", "w") as file:
        file.write(SECRET + "\n")
    os.chmod("mill/secret", 0o600)
    shutil.copy(SOURCE + "/samples/mill/tanji.conf", "mill/tanji.conf")
    settings = {"node": f"https://127.0.0.1:{port}", "as": USER, "secret": "secret",
                "ca": CERT, "allow": "127.0.0.0/8"}
    settings.update(more)
    with open("mill/tanji.conf", "a") as file:
        file.write("\n[publish]\n" + "".join(f"{k} = {v}\n" for k, v in settings.items() if v))


def publish(want=None, *more):
    """want: its exit status; without one 0, or 75 where something is pending."""
    run = subprocess.run([TANJI, "publish", "mill", "--json", *more], capture_output=True,
                         text=True, timeout=120)
    answer = json.loads(run.stdout or "{}")
    if want is None:
        want = 75 if answer.get("pending") else 0
    check(f"exit status {run.returncode}, not {want}", run.returncode == want, run.stderr,
          run.stdout[-600:])
    return answer


def ours():
    """Handle to JWS, as the registry's files have it."""
    found = {}
    for path in glob.glob("mill/out/declarations/*.jws"):
        with open(path) as file:
            name = os.path.basename(path)[len("hdl="):-len(".jws")]
            found[name.replace("_", "/", 1)] = file.read().strip()
    return found


def is_whole(records, writes=None):
    for handle, jws in ours().items():
        record = records[handle]
        check(handle + " is not what was declared",
              record["values"]["1000"]["data"]["value"] == jws)
        check(handle + f" was written {record['writes']} times",
              writes is None or record["writes"] == writes)
    check("other records", len(records) == len(ours()))


def good():
    with Node() as node:
        configure(node.port)
        answer = publish(0)
        check("not all published", answer["published"] == 118)
        is_whole(node.records(), 1)
        check("no administrator", node.records()["88.999.1001/26K00901-01"]["values"]["100"]
              ["data"]["value"]["handle"] == "88.111.1/ADMIN")
        answer = publish(0)
        check("sent again", answer["unchanged"] == 118 and not answer["declarations"])
        shutil.rmtree("mill/out/queue")
        check("without a queue", publish(0)["published"] == 118)
        is_whole(node.records(), 1)
        with open("mill/out/queue/data.mdb", "r+b") as file:
            file.truncate(5000)
        check("a damaged queue", publish(0)["published"] == 118)
        is_whole(node.records(), 1)


def faults():
    with Node("busy:20", "lost:3", "cut:5", "error:7") as node:
        configure(node.port)
        # One that meets five faults in a row stays pending, and the next call goes on with it.
        calls, done = 1, publish()
        while done["pending"] and calls < 5:
            calls, done = calls + 1, publish()
        check("faults", done["published"] + done["unchanged"] == 118, done)
        is_whole(node.records(), 1)
        print(f"through faults with {calls} calls")


def killed():
    with Node("lost:7", "slow:0.01") as node:
        configure(node.port)
        kills = 0
        for i in range(15):
            run = subprocess.Popen([TANJI, "publish", "mill"], stdout=subprocess.DEVNULL)
            time.sleep(random.Random(i).uniform(0.05, 0.4))
            run.send_signal(signal.SIGKILL)
            kills += run.wait() == -signal.SIGKILL
            if len(node.records()) == 118 and kills > 5:
                break
        check("hardly ever killed", kills > 2, kills)
        publish(0)
        is_whole(node.records(), 1)
        print(f"killed {kills} times")


def conflicts():
    with Node() as node:
        configure(node.port)
        mine = sorted(ours())
        other = {"index": 1000, "type": "TANJI.DECLARATION",
                 "data": {"format": "string", "value": ours()[mine[5]] + "x"}}
        node.say(f"set {mine[0]} " + json.dumps([other]))
        node.say(f"set {mine[1]} " + json.dumps([dict(other, type="URL")]))
        node.say(f"set {mine[2]} " + json.dumps(
            [{"index": 1, "type": "URL", "data": {"format": "string", "value": "https://x"}}]))
        answer = publish(73)
        states = {d["product"]: d for d in answer["declarations"]}
        for i in range(2):
            check("no conflict", states["hdl:" + mine[i]]["state"] == "conflict", states)
        records = node.records()
        check("a conflict was overwritten", records[mine[0]]["values"]["1000"] == other)
        check("a record of others", set(records[mine[2]]["values"]) == {"1", "1000"})
        check("the rest", answer["published"] == 116)


def refused():
    with Node("deny") as node:
        configure(node.port)
        answer = publish(1)
        check("not refused", answer["refused"] == 118)
        check("no reason", "secret" in answer["declarations"][0]["reason"])
    with Node() as node:
        configure(node.port, allow=None)
        answer = publish(1)
        check("loopback", "loopback" in answer["declarations"][0]["reason"])
        check("written all the same", not node.records())
        configure(node.port)
        os.chmod("mill/secret", 0o644)
        run = subprocess.run([TANJI, "publish", "mill"], capture_output=True, text=True)
        check("an open secret", run.returncode == 77 and "chmod 600" in run.stderr, run.stderr)
    dead = socket.socket()
    dead.bind(("127.0.0.1", 0))
    configure(dead.getsockname()[1])
    answer = publish(75)
    check("not pending", answer["pending"] == 118, answer)
    configure(1, node="http://127.0.0.1:1")
    run = subprocess.run([TANJI, "publish", "mill"], capture_output=True, text=True)
    check("over http", run.returncode == 78 and "https" in run.stderr, run.stderr)


for step in [good, faults, killed, conflicts, refused]:
    begin = time.time()
    step()
    print(f"{step.__name__}: {time.time() - begin:.1f} s")
