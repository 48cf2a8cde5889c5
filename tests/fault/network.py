"""network.py TANJI SOURCE: see network.sh, which runs it in a scratch folder with two companies."""
import json
import os
import shutil
import subprocess
import sys
import time

TANJI, SOURCE = [os.path.abspath(p) for p in sys.argv[1:3]]
sys.path.insert(0, SOURCE + "/tests/interop")
from network import Network, check, declarations, declared, resolve, site  # noqa: E402

ENTERPRISES = int(os.environ.get("TANJI_ENTERPRISES", 10))
IDENTIFIERS = int(os.environ.get("TANJI_IDENTIFIERS", 200))
EACH = IDENTIFIERS // ENTERPRISES
DEADLINE_S = 60


def prefix(i):
    return f"88.{100 + i % 3}.{i:04}"


def tanji(*arguments):
    run = subprocess.run([TANJI, *arguments, "--quiet"], capture_output=True, text=True)
    check(arguments, run.returncode == 0, run.stderr[-2000:])
    return run


def enterprise(i, folder):
    """The mill, under another name, with declarations of its own; answers handle to JWS."""
    shutil.copytree("mill", folder)
    with open(folder + "/tanji.conf", encoding="utf-8") as file:
        conf = file.read().replace("88.999.1001", prefix(i))
    with open(folder + "/tanji.conf", "w", encoding="utf-8") as file:
        file.write(conf.replace("did:web:mill.example", f"did:web:e{i}.example"))
    tanji("keys", "new", folder)
    tanji("run", folder, "--at", "2026-10-15")
    found = declarations(folder + "/out/declarations")
    return {handle: found[handle] for handle in sorted(found)[:EACH]}


def kind(i):
    """What is wrong with enterprise i: a tenth is dead, a tenth slow, a twentieth lies."""
    if i % 10 == 1:
        return "dead" if i % 20 == 1 else "hang"
    if i % 10 == 4:
        return "slow:2"
    return ["other", "key", "altered"][i // 20 % 3] if i % 20 == 7 else "good"


def records_of(i, real):
    if kind(i) == "key":		# the same issuer's name, another key
        real = enterprise(i, f"false{i}")
    elif kind(i) == "altered":		# a byte of what was signed
        real = {h: jws[:200] + ("A" if jws[200] != "A" else "B") + jws[201:]
                for h, jws in real.items()}
    return {handle: [declared(jws)] for handle, jws in real.items()}


def buy(ids):
    """A gram of each is bought and used."""
    lines = []
    for i, handle in enumerate(ids):
        head = f"{60000 + i:010};000%s;000000000000010110;Wire rod;2000;0001;N{i:05};0,001%s;KG;"
        lines.append(head % ("1;101", "") + f";07.09.2026;4500077120;{handle};X\r\n")
        lines.append(head % ("2;261", "-") + "000002000503;08.09.2026;;;X\r\n")
    with open("cord/in/MB51.csv", "rb") as file:
        ending = b"\r\n" if file.read().count(b"\r\n") else b"\n"
    with open("cord/in/MB51.csv", "ab") as file:
        for line in lines:
            file.write(line.encode().replace(b"\r\n", ending))


def configure(root):
    with open(SOURCE + "/samples/cord/tanji.conf", encoding="utf-8") as file:
        head = file.read().split("[upstream]")[0]
    with open("cord/tanji.conf", "w", encoding="utf-8") as file:
        file.write(head + "[trust]\n")
        for i in range(ENTERPRISES):
            file.write(f"did:web:e{i}.example = ../e{i}/out/keys/did.json {prefix(i)}\n")
        file.write(f"[resolve]\nroot = {root}\nallow = 127.0.0.0/8\ndeadline = {DEADLINE_S}\n")


def plan(real):
    nodes = {"root": ("good", {f"0.NA/88.{100 + k}": [site(f"industry{k}")] for k in range(3)})}
    for k in range(3):
        nodes[f"industry{k}"] = ("good", {
            f"0.NA/{prefix(i)}": [site(f"e{i}")] for i in range(ENTERPRISES) if i % 3 == k})
    for i in range(ENTERPRISES):
        behaviour = kind(i) if kind(i) not in ("key", "altered") else "good"
        nodes[f"e{i}"] = (behaviour, records_of(i, real[i]))
    return nodes


def see(real, answers):
    """Nothing is missing without a reason, and no lie is accepted."""
    counts = {"resolved": 0, "no answer": 0, "not accepted": 0, "unknown": 0}
    for i in range(ENTERPRISES):
        wanted = {"dead": "no answer", "hang": "no answer", "other": "not accepted",
                  "key": "not accepted", "altered": "not accepted"}.get(kind(i), "resolved")
        for handle in real[i]:
            answer = answers[handle]
            counts[answer["state"]] += 1
            check(kind(i), answer["state"] == wanted, handle, answer)
            check("no reason", answer["reason"] or wanted == "resolved", answer)
    return counts


def main():
    begin = time.time()
    real = [enterprise(i, f"e{i}") for i in range(ENTERPRISES)]
    ids = [handle for records in real for handle in records]
    print(f"{ENTERPRISES} enterprises, {len(ids)} identifiers, made in {time.time() - begin:.1f} s")
    with Network(plan(real)) as net:
        configure(net.root())
        for state in ["cold", "warm"]:
            begin = time.time()
            answers = resolve(TANJI, "cord", ids)
            took = time.time() - begin
            print(f"resolve, {state}: {took:.2f} s,", see(real, answers))
            check("late", took < DEADLINE_S)
        shutil.rmtree("cord/out/cache")
        buy(ids)
        tanji("keys", "new", "cord")
        begin = time.time()
        run = subprocess.run([TANJI, "run", "cord", "--at", "2026-10-15", "--json"],
                             capture_output=True, text=True)
        took = time.time() - begin
        check("run", run.returncode == 0 and took < DEADLINE_S + 5, run.stderr[-2000:])
        gaps = [f for f in json.loads(run.stdout)["findings"]
                if f["rule"] in ("NO_ANSWER", "UNUSED_DECLARATION", "UNDECLARED")]
        missing = [h for i in range(ENTERPRISES) for h in real[i] if kind(i) not in
                   ("good", "slow:2")]
        told = {f["subject"] for f in gaps}
        check("a gap without a reason", all(any(h in s for s in told) for h in missing),
              len(gaps), sorted(told)[:5], missing[:5])
        print(f"run: {took:.2f} s, {len(gaps)} gaps, each with its reason")
        print("requests:", sum(net.counts().values()))


main()
